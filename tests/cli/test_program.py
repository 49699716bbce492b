#!/usr/bin/env python3
"""The program from outside: what needs real streams, a real shell or a real disk."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]


def run(*words, **options):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=60, check=False, **options)


class Program(unittest.TestCase):
    def test_version_is_that_of_the_project(self):
        project = pathlib.Path("CMakeLists.txt").read_text(encoding="utf-8")
        version = project.split("VERSION ", 2)[2].split()[0]
        self.assertEqual(run("--version").stdout, f"redoubt {version}\n")
        self.assertEqual(json.loads(run("version", "-f", "json").stdout)["version"], version)

    def test_no_colours_without_a_terminal(self):
        for words in (["--help"], ["version"], ["nonsense"]):
            done = run(*words)
            self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_full_disk_is_exit_3(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("CLI0008", done.stderr)

    def test_output_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "version.json"
            done = run("version", "-f", "json", "-o", str(file))
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            self.assertEqual(json.loads(file.read_text(encoding="utf-8"))["schema"], "redoubt.version/1")
            self.assertEqual(os.listdir(folder), ["version.json"])

    def test_settings(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "redoubt.yaml"
            scan = ["posture", "scan", "examples/harbor-ai/fasttrack", "--config", str(file)]
            file.write_text("format: json\nfail-on: high\nall: true\nlast: 3\npolicy: [content/policies/starter]\n", encoding="utf-8")
            done = run(*scan)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("compliant", {one["state"] for one in json.loads(done.stdout)["findings"]})
            done = run(*scan, "-f", "csv", "--fail-on", "none")
            self.assertEqual((done.returncode, done.stdout.split(",")[0]), (0, "id"), "the command line beats the file")
            for text, said in (("fail_on: high", "redoubt.yaml:1:10: error CLI0012: no command has an option fail_on (did you mean fail-on?)"),
                               ("all: 5", "CLI0012: all is true or false"), ("fail-on: [high]", "CLI0012: fail-on has one value"),
                               ("data: {}", "CLI0012: data is text or a number"), ("fail-on: hgh", "CLI0004"), ("- a", "CLI0012"),
                               ("output: a", "CLI0012"), ("[", "CLI0011")):
                file.write_text(text, encoding="utf-8")
                done = run(*scan)
                self.assertEqual(done.returncode, 2, text)
                self.assertIn(said, done.stderr)
            file.write_text("", encoding="utf-8")
            self.assertEqual(run(*scan).returncode, 0)

    def completions(self, *words):
        script = (
            'source <("$0" completions bash); COMP_WORDS=(redoubt "$@"); '
            'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _redoubt; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "-c", script, BINARY, *words], capture_output=True, text=True, timeout=60, check=False
        )
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_stdin_where_a_file_is_wanted(self):
        for words in (["posture", "scan", "-"], ["posture", "score", "-"], ["posture", "diff", "-", "examples"], ["arm", "expand", "-"],
                      ["policy", "check", "-"], ["zone", "check", "-"], ["posture", "scan", "examples", "--policy", "-"],
                      ["posture", "scan", "examples", "--baseline", "-"]):
            done = run(*words, stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("stdin is not read here; save the input to a file", done.stderr, words)

    def test_completions(self):
        self.assertIn("version", self.completions(""))
        self.assertEqual(self.completions("docs", ""),
                         ["cli", "coverage", "kql-differences", "kql-functions"])
        self.assertEqual(self.completions("version", "--fo"), ["--format"])
        self.assertEqual(self.completions("version", "--format", "j"), ["json"])
        self.assertIn("src", self.completions("version", "-o", "sr"))


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
