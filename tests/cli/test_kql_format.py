#!/usr/bin/env python3
"""`kql format` with real files: several, wrong ones, links, permissions, stdin."""

import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
UGLY = b"T|take 1"
GOOD = b"T\n| take 1\n"


def run(*words, text=b""):
    return subprocess.run(
        [BINARY, "kql", "format", *map(str, words)], input=text, capture_output=True, timeout=60, check=False
    )


class KqlFormat(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        self.ugly = self.file("ugly.kql", UGLY)
        self.good = self.file("good.kql", GOOD)
        self.wrong = self.file("wrong.kql", b"T\n| where")

    def file(self, name, text):
        path = self.folder / name
        path.write_bytes(text)
        return path

    def test_prints_in_order(self):
        done = run(self.ugly, self.good)
        heads = [f"// {path}\n".encode() for path in (self.ugly, self.good)]
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, heads[0] + GOOD + heads[1] + GOOD, b""))
        self.assertEqual(self.ugly.read_bytes(), UGLY)

    def test_stdin(self):
        for words in (["-"], ["-", "--check"]):
            self.assertEqual(run(*words, text=GOOD).returncode, 0)
        done = run("-", "--check", text=UGLY)
        self.assertEqual((done.returncode, done.stdout), (1, b"-\n"))
        self.assertEqual(run("-", text=b"").stdout, b"")

    def test_check_names_what_is_not_formatted(self):
        done = run("--check", self.ugly, self.good)
        self.assertEqual((done.returncode, done.stdout), (1, f"{self.ugly}\n".encode()))
        self.assertEqual(run("--check", self.good).returncode, 0)
        self.assertEqual(self.ugly.read_bytes(), UGLY)

    def test_write_replaces_only_what_changes(self):
        os.chmod(self.ugly, 0o640)
        link = self.folder / "link.kql"
        link.symlink_to(self.ugly)
        before = self.good.stat()
        done = run("--write", link, self.good)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertEqual(self.ugly.read_bytes(), GOOD)
        self.assertEqual(self.ugly.stat().st_mode & 0o777, 0o640)
        self.assertTrue(link.is_symlink())
        after = self.good.stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))
        self.assertEqual(len(os.listdir(self.folder)), 4)

    def test_errors_do_not_stop_the_others(self):
        done = run("--write", self.wrong, self.ugly)
        self.assertEqual(done.returncode, 3)
        self.assertIn(f"{self.wrong}:2:8: error KQL0301".encode(), done.stderr)
        self.assertEqual(self.ugly.read_bytes(), GOOD)
        self.assertEqual(self.wrong.read_bytes(), b"T\n| where")

    def test_what_can_not_be_read_is_exit_2(self):
        (self.folder / "empty").mkdir()
        for path in (self.folder / "nothing.kql", self.folder / "empty"):
            done = run(path)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"KQL0303", done.stderr)
        self.assertIn(b"no such file", run(self.folder / "nothing.kql").stderr)

    def test_a_folder_is_the_queries_below_it(self):
        commands = self.file("function.csl", b".create-or-alter function F(x:string) {T|take 1}\n")
        (self.folder / "below").mkdir()
        below = self.file("below/more.kusto", UGLY)
        self.file("rule.yaml", b"query: T|take 1")
        self.wrong.unlink()
        done = run("--check", self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, f"{below}\n{self.ugly}\n".encode())
        self.assertIn(b"warning KQL0305", done.stderr)
        done = run("--write", self.folder)
        self.assertEqual((done.returncode, below.read_bytes(), self.ugly.read_bytes()), (0, GOOD, GOOD))
        self.assertIn(b"4 files, 2 formatted, 1 with commands", done.stderr)
        self.assertIn(b"create-or-alter", commands.read_bytes())

    def test_commands_are_left(self):
        for text in (b".create-or-alter function F(x:string) {T|take 1}\n", b".show tables"):
            file = self.file("command.kql", text)
            done = run("--write", file)
            self.assertEqual((done.returncode, file.read_bytes()), (3, text))
            self.assertIn(b"KQL0305", done.stderr)

    def test_files_that_hold_queries_and_more(self):
        for name in ("rule.yaml", "template.json", "page.md"):
            done = run(self.file(name, b"query: T|take 1"))
            self.assertEqual((done.returncode, done.stdout), (3, b""))
            self.assertIn(b"KQL0306", done.stderr)

    def test_other_encodings(self):
        done = run(self.file("wide.kql", "T | take 1".encode("utf-16")))
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertIn(b"KQL0020: the file is no text in UTF-8 but UTF-16", done.stderr)
        file = self.file("latin.kql", b"T\n| where a == 'caf\xe9'")
        done = run("--write", file)
        self.assertEqual((done.returncode, file.read_bytes()), (3, b"T\n| where a == 'caf\xe9'"))
        self.assertIn(b"latin.kql:2:18: error KQL0020", done.stderr)

    def test_what_would_change(self):
        done = run("--diff", self.ugly, self.good)
        self.assertEqual(done.returncode, 0)
        name = str(self.ugly).encode()
        self.assertEqual(done.stdout, b"--- " + name + b"\n+++ " + name +
                         b"\n@@ -1 +1,2 @@\n-T|take 1\n\\ No newline at end of file\n+T\n+| take 1\n")
        self.assertEqual(self.ugly.read_bytes(), UGLY)
        self.assertEqual(run("--diff", "--check", self.ugly).returncode, 1)

    def test_write_wants_files_and_no_check(self):
        for words in (["--write", "-"], ["--write", "--check", self.ugly]):
            done = run(*words, text=UGLY)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"KQL0304", done.stderr)
        self.assertEqual(self.ugly.read_bytes(), UGLY)

    def test_sizes_at_the_limit(self):
        limit = 16 << 20
        at = self.file("at.kql", b"T" + b" " * (limit - 1))
        self.assertEqual(run(at).stdout, b"T\n")
        past = self.file("past.kql", b"T" + b" " * limit)
        done = run(past)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"KQL0001", done.stderr)

    def test_any_bytes(self):
        done = run("-", text=bytes(range(256)) * 50)
        self.assertEqual((done.returncode, done.stdout), (3, b""))


if __name__ == "__main__":
    unittest.main()
