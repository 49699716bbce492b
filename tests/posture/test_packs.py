#!/usr/bin/env python3
"""Which initiative judges where the command line names none, and that the output says which one did."""
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = "examples/harbor-ai/hardened"


def run(*arguments):
    done = subprocess.run([os.environ["REDOUBT_BINARY"], "posture", *map(str, arguments)], cwd=ROOT, capture_output=True,
                          text=True, timeout=60, check=True)
    assert done.stderr == "", done.stderr
    return done.stdout


class Packs(unittest.TestCase):
    def test_the_initiative_is_told(self):
        for command, said in (("scan", "25 policies of redoubt-starter"), ("score", "judged with 25 policies of redoubt-starter\n"),
                              ("compliance", "judged with 130 policies of ailz\n")):
            with self.subTest(command):
                self.assertIn(said, run(command, TEMPLATE))
                self.assertIn(said, run(command, TEMPLATE, "-f", "markdown"))
        self.assertIn("155 policies of ailz, redoubt-starter:", run("scan", TEMPLATE, "--initiative", "ailz", "--initiative", "redoubt-starter"))
        self.assertIn("resources, 25 policies: ", run("scan", TEMPLATE, "--policy", "content/policies/starter"))

    def test_help_says_which_it_is(self):
        for command, said in (("scan", "the starter pack judges (redoubt-starter)"), ("score", "the starter pack judges (redoubt-starter)"),
                              ("compliance", "the AI landing-zone pack judges (ailz)")):
            self.assertIn(said, " ".join(run(command, "--help").split()))

    def test_it_is_that_pack(self):
        for command, pack in (("scan", "redoubt-starter"), ("score", "redoubt-starter"), ("compliance", "ailz")):
            with self.subTest(command):
                self.assertEqual(run(command, TEMPLATE), run(command, TEMPLATE, "--initiative", pack))


if __name__ == "__main__":
    unittest.main()
