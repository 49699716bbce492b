#!/usr/bin/env python3
"""`kql` in a folder with events: which commands ask them, and what is said of them."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]


class KqlStore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.folder = pathlib.Path(place.name)
        rows = "".join(json.dumps({"n": n, "word": f"w{n % 3}"}) + "\n" for n in range(40))
        (cls.folder / "big.jsonl").write_text(rows)
        done = cls.run_in_folder("logs", "load", "big.jsonl", "--table", "Big")
        if "STO0001" in done.stderr or "STO0002" in done.stderr:
            raise unittest.SkipTest(done.stderr)
        assert done.returncode == 0, done.stderr

    @classmethod
    def run_in_folder(cls, *words, text="", folder=None):
        return subprocess.run([BINARY, *map(str, words)], input=text, capture_output=True, text=True, timeout=120, check=False,
                              cwd=folder or cls.folder)

    # ---- who asks the events here

    def test_cases_ask_the_events_here(self):
        cases = '{"id":1,"query":"Big | count"}\n{"id":2,"query":"Big","tables":{"Big":{"columns":[["a","long"]],"rows":[[1]]}}}\n'
        done = self.run_in_folder("kql", "run", "--cases", "-", text=cases)
        first, second = map(json.loads, done.stdout.splitlines())
        self.assertEqual(first, {"id": 1, "columns": [["Count", "long"]], "rows": [[40]]}, done.stderr)
        self.assertEqual(second["rows"], [[1]])

    def test_cases_with_files_ask_those(self):
        (self.folder / "small.csv").write_text("a\n1\n")
        done = self.run_in_folder("kql", "run", "--cases", "-", "--load", "Big=small.csv", text='{"id":1,"query":"Big | count"}\n')
        self.assertEqual(json.loads(done.stdout)["rows"], [[1]], done.stderr)

    def test_the_sql_is_that_of_the_events_here(self):
        query = "Big | where n > 3 | project word"
        here = self.run_in_folder("kql", "explain", "--sql", "-", text=query)
        named = self.run_in_folder("kql", "explain", "--sql", "-", "--db", ".redoubt", text=query)
        self.assertEqual((here.returncode, here.stderr), (0, ""))
        self.assertIn("SELECT", here.stdout)
        self.assertEqual(here.stdout, named.stdout)
        wrong = self.run_in_folder("kql", "explain", "--sql", "-", text="Bog | count")
        self.assertIn("KQL0202", wrong.stderr)

    def test_a_plan_and_given_tables_leave_the_events_alone(self):
        (self.folder / "tables.json").write_text(json.dumps({"LogAnalytics": {"Other": {"a": "long"}}}))
        done = self.run_in_folder("kql", "explain", "--sql", "-", "--tables", "tables.json", text="Other | where a > 1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        plan = self.run_in_folder("kql", "explain", "-", text="Nowhere | count")
        self.assertEqual((plan.returncode, plan.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
