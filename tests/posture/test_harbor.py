#!/usr/bin/env python3
"""The example zone from outside: the hardened half is clean, the other half has its planted mistakes and no more."""
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
EXAMPLE = "examples/harbor-ai"


def scan(*arguments):
    run = subprocess.run([BINARY, "posture", "scan", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout, run.stderr


def findings(*arguments):
    code, out, err = scan(*arguments, "-f", "json")
    assert code == 0, err
    return json.loads(out)


class Harbor(unittest.TestCase):
    def test_hardened_half_is_clean_and_fully_known(self):
        report = findings(f"{EXAMPLE}/hardened")
        self.assertEqual(report["findings"], [])
        self.assertEqual(report["summary"]["unknown"], 0)
        self.assertGreater(report["summary"]["compliant"], 40)

    def test_fasttrack_half_has_exactly_its_mistakes(self):
        want = json.loads((ROOT / EXAMPLE / "expected-findings.json").read_text())
        got = []
        for one in findings(f"{EXAMPLE}/fasttrack")["findings"]:
            place = one.get("valueLocation", one["location"])
            got.append((one["policy"]["name"], one["resource"]["type"], one["resource"]["name"], place["file"], place["line"]))
            self.assertTrue(one["fix"]["text"])
            self.assertEqual(one["state"], "noncompliant")
        expected = [(e["policy"], e["resource"]["type"], e["resource"]["name"], f"{EXAMPLE}/{e['file']}", e["line"]) for e in want]
        self.assertEqual(sorted(got), sorted(expected))

    def test_a_mistake_in_a_parameter_file_is_reported_there(self):
        places = [one.get("valueLocation", {}).get("file", "") for one in findings(f"{EXAMPLE}/fasttrack")["findings"]]
        self.assertEqual(sum(place.endswith(".parameters.json") for place in places), 2)

    def test_two_runs_are_equal(self):
        self.assertEqual(scan(EXAMPLE, "-f", "json"), scan(EXAMPLE, "-f", "json"))

    def test_fail_on(self):
        for level, code in (("none", 0), ("low", 1), ("medium", 1), ("high", 1), ("critical", 1)):
            self.assertEqual(scan(f"{EXAMPLE}/fasttrack", "--fail-on", level)[0], code, level)
        self.assertEqual(scan(f"{EXAMPLE}/hardened", "--fail-on", "low", "--fail-on-unknown")[0], 0)

    def test_ids_are_stable_when_lines_move(self):
        source = ROOT / EXAMPLE / "fasttrack/platform/azuredeploy.json"
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "azuredeploy.json"
            copy.write_text(source.read_text())
            before = findings(str(copy))
            copy.write_text("\n\n\n" + source.read_text())
            after = findings(str(copy))
        self.assertEqual([f["id"] for f in before["findings"]], [f["id"] for f in after["findings"]])
        self.assertNotEqual(before["findings"][0]["location"], after["findings"][0]["location"])


class StarterPack(unittest.TestCase):
    """tests/policies/starter: every definition finds what it is for, and nothing in the clean twin."""

    def verdicts(self, definition, template):
        pack = f"content/policies/starter/{definition}.json"
        report = findings(f"tests/policies/starter/{definition}/{template}.json", "--policy", pack, "--all")
        return [one["state"] for one in report["findings"]]

    def test_every_definition_has_its_fixtures(self):
        pack = {path.stem for path in (ROOT / "content/policies/starter").glob("redoubt-*.json")}
        fixtures = {path.name for path in (ROOT / "tests/policies/starter").iterdir() if path.is_dir()}
        self.assertEqual(pack, fixtures)
        self.assertGreaterEqual(len(pack), 20)

    def test_compliant_fixtures(self):
        for folder in sorted((ROOT / "tests/policies/starter").iterdir()):
            if folder.is_dir():
                with self.subTest(folder.name):
                    states = self.verdicts(folder.name, "compliant")
                    self.assertIn("compliant", states)
                    self.assertFalse({"noncompliant", "unknown", "error"} & set(states))

    def test_noncompliant_fixtures(self):
        for folder in sorted((ROOT / "tests/policies/starter").iterdir()):
            if folder.is_dir():
                with self.subTest(folder.name):
                    states = self.verdicts(folder.name, "noncompliant")
                    self.assertIn("noncompliant", states)
                    self.assertFalse({"compliant", "unknown", "error"} & set(states))


if __name__ == "__main__":
    unittest.main()
