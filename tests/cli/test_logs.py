#!/usr/bin/env python3
"""Loads of events that are killed, run out of disk, or find their folder damaged or in use."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from log_events import write_events

BINARY = os.environ["REDOUBT_BINARY"]
SOAK = os.environ.get("REDOUBT_SOAK") == "1"
KILLS = 100 if SOAK else 10
FILES, ROWS = 8, 30_000


def run(*words, **options):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=300, check=False, **options)


class Logs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"
        self.input = self.folder / "input"
        self.input.mkdir()
        probe = run("logs", "tables", "--data", str(self.folder / "probe"))
        if "STO0001" in probe.stderr or "STO0002" in probe.stderr:
            self.skipTest(probe.stderr)

    def load(self, *words, **options):
        return run("logs", "load", str(self.input), "--table", "Events", "--data", str(self.data), *words, **options)

    def rows(self, query):
        cases = self.folder / "query.jsonl"
        cases.write_text(json.dumps({"id": "q", "query": query}) + "\n", encoding="utf-8")
        done = run("kql", "run", "--cases", str(cases), "--db", str(self.data / "events"))
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)
        self.assertIn("rows", answer, answer)
        return answer["rows"]

    def check_rows(self, files):
        """Each of these files is there, each of its rows once; none of any other twice."""
        twice = self.rows("Events | summarize c = count() by n | where c > 1 | count")
        self.assertEqual(twice, [[0]])
        counts = dict(self.rows("Events | summarize count() by file"))
        self.assertEqual({file: counts.get(file) for file in files}, {file: ROWS for file in files})

    def test_a_place_of_events_is_their_folder_or_the_one_it_is_in(self):
        write_events(self.input, 1, ROWS)
        self.assertEqual(self.load().returncode, 0)
        for place in (self.data, self.data / "events"):
            done = run("kql", "run", "Events | count", "--db", str(place), "-f", "json")
            self.assertEqual(done.returncode, 0, done.stderr)
        empty = self.folder / "empty"
        empty.mkdir()
        done = run("kql", "run", "Events | count", "--db", str(empty))
        self.assertEqual(done.returncode, 2)
        self.assertIn("STO0024", done.stderr)
        self.assertEqual(list(empty.iterdir()), [])

    def test_parquet_is_loaded_once_beside_other_files(self):
        parquet = pathlib.Path(__file__).parents[1] / "query" / "files" / "every_type.parquet"
        shutil.copy(parquet, self.input)
        (self.input / "more.json").write_text('{"int64": 5, "string": "more"}\n', encoding="utf-8")
        done = self.load()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("every_type.parquet: 3 rows into Events, which is new", done.stdout)
        self.assertIn("3 rows were loaded before", self.load().stdout)
        rows = self.rows("Events | project text = ['string'], number = ['int64'], structure.b, time_of_day "
                         "| sort by text asc, number asc")
        self.assertEqual(rows, [["", None, None, "23:59:59"], ["", -(2**63), None, None],
                                ["123", 1, "x", "01:02:03.4567890"], ["more", 5, None, None]])

    def test_files_of_other_kinds_are_told(self):
        (self.input / "a.json").write_text('{"n": 1}\n', encoding="utf-8")
        (self.input / ".hidden").write_text("", encoding="utf-8")
        for name in ("x.zip", "README.md"):
            (self.input / name).write_text("", encoding="utf-8")
        self.assertIn("hint QRY0028: 2 files of other kinds were not read: README.md, x.zip\n", self.load().stderr)
        (self.input / "b.pdf").write_text("", encoding="utf-8")
        (self.input / "c.pdf").write_text("", encoding="utf-8")
        done = self.load()
        self.assertIn("4 files of other kinds were not read: README.md, b.pdf, c.pdf ...\n", done.stderr)
        self.assertIn("1 row was loaded before, nothing to do", done.stdout)
        said = [line for line in self.load("-v").stderr.splitlines() if "QRY0028" in line]
        self.assertEqual(len(said), 4, said)
        self.assertNotIn("QRY0028", self.load("-q").stderr)
        done = run("kql", "run", "T | count", "--load", f"T={self.input}", "-f", "json")
        self.assertIn("4 files of other kinds were not read", done.stderr)
        done = run("kql", "run", "T | count", "--load", f"T={self.input}/*.json", "-f", "json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_column_of_the_time_can_be_named(self):
        (self.input / "a.csv").write_text("n,at\n1,1704067200000\n2,\n", encoding="utf-8")
        done = self.load("--time-column", "att")
        self.assertEqual(done.returncode, 3)
        self.assertIn("QRY0025", done.stderr)
        done = self.load("--time-column", "at", "--now", "2026-12-01T00:00:00Z")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("rows without a time between 1900 and 2299 have that of the load: 1", done.stderr)
        self.assertEqual(self.rows("Events | project n, at, TimeGenerated | sort by n asc"),
                         [[1, 1704067200000, "2024-01-01T00:00:00Z"], [2, None, "2026-12-01T00:00:00Z"]])

    def test_a_table_has_a_name(self):
        for name in ("", " ", "a\nb", "x" * 1025):
            done = run("logs", "load", str(self.input), "--table", name, "--data", str(self.data))
            self.assertEqual((done.returncode, done.stderr[:14]), (2, "error CLI0092:"), name)

    def test_the_ledger_is_beside_the_events_however_they_are_named(self):
        write_events(self.input, 1, 10)
        (self.folder / "inside").mkdir()
        for folder, name in ((self.folder, "one"), (self.folder, "two/"), (self.folder, "./three"),
                             (self.folder / "inside", ".")):
            for said in (", which is new", "loaded before"):
                done = run("logs", "load", str(self.input), "--table", "Events", "--db", name, cwd=folder)
                self.assertIn(said, done.stdout, done.stderr)
        self.assertTrue((self.folder / "state.db").exists())
        self.assertFalse((self.folder / "two" / "state.db").exists())

    def test_rows_of_files_that_nobody_knows_are_told(self):
        write_events(self.input, 1, ROWS)
        self.assertEqual(self.load().stderr.count("STO0037"), 0)
        self.assertEqual(self.load().stderr.count("STO0037"), 0)
        for file in self.data.glob("state.db*"):
            file.unlink()
        done = self.load()
        self.assertIn(f"warning STO0037: the table Events has {ROWS} rows", done.stderr)

    def test_killed_loads_bring_each_row_once(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        write_events(self.input, FILES, ROWS)
        begun = time.monotonic()
        self.assertEqual(self.load().returncode, 0)
        whole = time.monotonic() - begun
        acknowledged = set()
        for turn in range(KILLS):
            if turn % 10 == 0:
                shutil.rmtree(self.data, ignore_errors=True)
                acknowledged = set()
            with subprocess.Popen([BINARY, "logs", "load", str(self.input), "--table", "Events", "--data", str(self.data),
                                   *(["--durable"] if turn % 3 == 0 else [])],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
                time.sleep(chance.uniform(0, whole * 0.7))
                process.send_signal(signal.SIGKILL)
                said = process.stdout.read()
            acknowledged |= {int(line.split("events")[-1][0]) for line in said.splitlines()}
            if acknowledged:
                with self.subTest(seed=seed, turn=turn, acknowledged=len(acknowledged)):
                    self.check_rows(acknowledged)
        done = self.load()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_rows(range(FILES))
        self.assertNotIn("STO00", done.stderr)
        again = self.load()
        self.assertEqual(again.stdout.count("nothing to do"), FILES)
        self.check_rows(range(FILES))

    def test_a_folder_in_use_is_one_line_with_the_process(self):
        with subprocess.Popen([BINARY, "logs", "load", "-", "--table", "Events", "--data", str(self.data)],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            for _ in range(600):
                if (self.data / "state.db").exists():
                    break
                time.sleep(0.1)
            for words in (["logs", "tables"], ["logs", "load", "-", "--table", "T"], ["logs", "drop", "Events"]):
                done = run(*words, "--data", str(self.data), stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 3, done.stdout)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(f"STO0003: the events in this folder are in use: process {process.pid}", done.stderr)
            process.stdin.write('{"a":1}\n')
            process.stdin.close()
            self.assertEqual(process.wait(), 0)

    def test_damaged_files_are_told(self):
        write_events(self.input, 1, ROWS)
        self.assertEqual(self.load().returncode, 0)
        whole = self.rows("Events | count")
        kept = self.folder / "kept"
        shutil.copytree(self.data, kept, symlinks=True)
        files = sorted(path for path in (self.data / "events").rglob("*") if path.is_file() and path.name != "redoubt.lock" and path.stat().st_size > 0)
        chance = random.Random(7)
        for path in files if SOAK else chance.sample(files, 12):
            with self.subTest(file=path.name):
                os.truncate(path, path.stat().st_size // 2)
                done = run("logs", "tables", "--data", str(self.data), "-f", "json")
                self.assertGreaterEqual(done.returncode, 0, "it crashed")
                tables = json.loads(done.stdout)["tables"] if done.returncode == 0 else []
                if [[sum(table["rows"] for table in tables)]] != whole:
                    self.assertRegex(done.stderr, "error|STO0026|STO0027", path)
                shutil.rmtree(self.data)
                shutil.copytree(kept, self.data, symlinks=True)
        self.assertEqual(self.rows("Events | count"), whole)

    def give(self, text, *words, table="N"):
        """A file with this content, into a table."""
        path = self.folder / "given.json"
        path.write_text(text, encoding="utf-8")
        done = run("logs", "load", str(path), "--table", table, "--data", str(self.data), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def ask(self, *words):
        place = ("--db", str(self.data / "events")) if words[0] == "kql" else ("--data", str(self.data))
        done = run(*words, *place)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_rows_that_went_by_age_are_told_and_not_lost(self):
        old = '{"TimeGenerated":"2021-04-01T00:00:00Z","n":1}\n{"TimeGenerated":"2021-04-02T00:00:00Z","n":2}\n'
        done = self.give(old, "--retention", "30")
        self.assertIn("QRY0022: 2 rows are older than the 30 days that N keeps, and go at once", done.stderr)
        done = self.give(old, "--retention", "3")
        self.assertNotIn("STO0026", done.stderr)
        for words in (("--retention", "0"), ("--again",), ("--again", "--retention", "0")):
            self.assertEqual(self.give(old, *words).stderr, "", words)
        self.assertEqual(self.ask("kql", "run", "N | count").stderr, "")
        self.assertEqual(self.ask("logs", "tables").stderr, "")
        # They would have gone, had the table kept none until they were there.
        self.give(old, "--retention", "3")
        self.assertEqual(self.give(old, "--retention", "0", "--again").stderr, "")
        self.assertGreaterEqual(json.loads(self.ask("kql", "run", "N | count", "-f", "json").stdout)["tables"][0]["rows"][0][0], 2)

    def test_tables_are_dropped_together_or_not_at_all(self):
        for table in ("A", "B", "C"):
            self.give('{"n":1}\n', table=table)
        done = run("logs", "drop", "A", "D", "--data", str(self.data))
        self.assertEqual(done.returncode, 2)
        self.assertIn("STO0021", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.ask("logs", "drop", "B", "A", "B").stdout, "A: dropped, with 1 row\nB: dropped, with 1 row\n")
        tables = json.loads(self.ask("logs", "tables", "-f", "json").stdout)["tables"]
        self.assertEqual([table["table"] for table in tables], ["C"])

    def lose_rows(self, table):
        """Takes the parts of a table away, as no command does."""
        path = (self.data / "events" / "data" / "events" / table).resolve()
        parts = [part for part in path.iterdir() if part.is_dir() and part.name[0].isdigit()]
        self.assertTrue(parts)
        for part in parts:
            shutil.rmtree(part)

    def test_lost_rows_are_told_where_they_would_be_read(self):
        self.give('{"TimeGenerated":"2026-11-01T00:00:00Z","n":1}\n', table="Whole")
        self.give('{"TimeGenerated":"2026-11-01T00:00:00Z","n":2}\n', table="Lacking")
        self.lose_rows("Lacking")
        told = "STO0026: the table Lacking has lost rows: 1 were loaded, 0 are there"
        for words in (("kql", "run", "Lacking | count"), ("kql", "run", "union * | count"), ("kql", "run", "search '2'"),
                      ("kql", "run", "let t = Lacking; t | count"), ("kql", "run", "table('Lacking') | count"),
                      ("logs", "tables"), ("logs", "schema"), ("logs", "schema", "Lacking")):
            self.assertEqual(self.ask(*words).stderr.count(told), 1, words)
        self.assertIn(told, self.give('{"TimeGenerated":"2026-11-01T00:00:00Z","n":2}\n', table="Lacking").stderr)
        for words in (("kql", "run", "Whole | count"), ("kql", "run", "print 1"), ("logs", "schema", "Whole")):
            self.assertEqual(self.ask(*words).stderr, "", words)
        self.assertEqual(self.give('{"TimeGenerated":"2026-11-02T00:00:00Z","n":1}\n', table="Whole").stderr, "")

    def test_a_full_disk_loses_nothing(self):
        write_events(self.input, FILES, ROWS)
        script = 'mount -t tmpfs -o size=6m none "$0" && exec "$@"'
        inside = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(self.folder / "disk")]
        (self.folder / "disk").mkdir()
        if not shutil.which("unshare") or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no disk of its own can be had here")
        (self.folder / "out").mkdir()
        script = ('mount -t tmpfs -o size=6m none "$3"; '
                  '"$0" logs load "$1" --table Events --data "$3/data" >"$2/said" 2>"$2/error"; echo $? >"$2/exit"; cp -r "$3/data" "$2/data"')
        subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", script, BINARY, str(self.input), str(self.folder / "out"),
                        str(self.folder / "disk")], check=True)
        said, error = (self.folder / "out" / name for name in ("said", "error"))
        self.assertEqual((self.folder / "out" / "exit").read_text(encoding="utf-8").strip(), "3", error.read_text(encoding="utf-8"))
        self.assertRegex(error.read_text(encoding="utf-8"), "STO0014|STA0006|STO0004")
        self.data = self.folder / "out" / "data"
        acknowledged = {int(line.split("events")[-1][0]) for line in said.read_text(encoding="utf-8").splitlines()}
        if acknowledged:
            self.check_rows(acknowledged)
        self.assertEqual(self.load().returncode, 0)
        self.check_rows(range(FILES))


if __name__ == "__main__":
    unittest.main()
