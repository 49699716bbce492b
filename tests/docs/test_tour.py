#!/usr/bin/env python3
"""`./up` ends with scripts/tour.sh: every stop has a heading, its command and an answer, and none fails."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]


def tour(program):
    return subprocess.run(["sh", "scripts/tour.sh", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


class Tour(unittest.TestCase):
    def test_every_stop(self):
        done = tour(BINARY)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        stops = re.split(r"^== .+\n   redoubt (.+)\n\n", done.stdout, flags=re.M)[1:]
        commands = [" ".join(command.split()[:2]) for command in stops[::2]]
        self.assertEqual(commands[:3], ["posture scan", "zone show", "posture preflight"])
        for command, answer in zip(stops[::2], stops[1::2]):
            self.assertTrue(answer.strip(), command)
        self.assertIn("14 noncompliant, 0 unknown", stops[1])

    def test_a_stop_that_fails_ends_it(self):
        self.assertNotEqual(tour("/no/such/program").returncode, 0)


if __name__ == "__main__":
    unittest.main()
