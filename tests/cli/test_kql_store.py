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

    def test_an_answer_is_the_same_however_often_it_is_asked(self):
        """The engine has other ways to work out what it has worked out a few times."""
        folder = self.folder / "often"
        folder.mkdir()
        times = {"x1": "1969-12-31T16:00:00Z", "x2": "2025-01-05T10:00:00Z", "x3": "1970-01-01T00:00:00Z"}
        rows = [{"TimeGenerated": time, "Name": name, "User": user} for name, time in times.items() for user in "ab"]
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        loaded = self.run_in_folder("logs", "load", "rows.jsonl", "--table", "Times", folder=folder)
        self.assertEqual(loaded.returncode, 0, loaded.stderr)
        queries = ["Times | summarize arg_max(TimeGenerated, Name), min(TimeGenerated), max(TimeGenerated) by User | sort by User asc",
                   "Times | summarize max(TimeGenerated) by User | sort by User asc",
                   "Times | sort by TimeGenerated asc, User asc | project Name",
                   "Times | where TimeGenerated > datetime(1969-12-31) | summarize count() by bin(TimeGenerated, 1d) | sort by TimeGenerated asc"]
        cases = "".join(json.dumps({"id": number, "query": query}) + "\n" for number, query in enumerate(queries)) * 6
        done = self.run_in_folder("kql", "run", "--cases", "-", text=cases, folder=folder)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        first = answers[:len(queries)]
        self.assertEqual(answers, first * 6)
        self.assertEqual(first[1]["rows"], [["a", "2025-01-05T10:00:00Z"], ["b", "2025-01-05T10:00:00Z"]])

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

    def test_xml_is_not_loaded(self):
        (self.folder / "events.xml").write_text("<Events>\n<Event/>\n</Events>\n")
        done = self.run_in_folder("logs", "load", "events.xml", "--table", "Xml")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("events.xml: error QRY0011: the file is XML or HTML, which is not read", done.stderr)
        self.assertNotIn("Xml", self.run_in_folder("logs", "tables").stdout)

    # ---- what was looked at

    def test_rows_that_are_left_are_not_those_of_the_table(self):
        (self.folder / "other.jsonl").write_text('{"n": 1}\n')
        self.assertEqual(self.run_in_folder("logs", "load", "other.jsonl", "--table", "Other").returncode, 0)
        for query, said in (("Big | where n > 99", "0 rows; looked at Big\n"),
                            ("Big | where n > 99 | join kind=inner Other on n | where n == 4", "0 rows; looked at Big, Other\n"),
                            ("Big | where n in ((Other | where n > 7 | project n))", "0 rows; looked at Other, Big\n")):
            done = self.run_in_folder("kql", "run", query)
            self.assertEqual((done.returncode, done.stdout), (0, said), done.stderr)
        both = self.run_in_folder("kql", "run", "union Big, Other | count", "-v")
        self.assertRegex(both.stderr, r"(?m)^scan   Big, Other gave 1 row, 1 column, [0-9.]+ ms$")
        done = self.run_in_folder("kql", "run", "Big | count", "-v")
        self.assertRegex(done.stderr, r"(?m)^scan   Big gave 1 row, 1 column, [0-9.]+ ms$")
        done = self.run_in_folder("kql", "run", "Big", "-v", "--limit", "50")
        self.assertRegex(done.stderr, r"(?m)^scan   Big: 40 rows, \d columns, [0-9.]+ ms$")


if __name__ == "__main__":
    unittest.main()
