#!/usr/bin/env python3
"""The example zone from outside: the hardened half is clean, the other half has its planted mistakes and no more."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from printed_fixes import has_value, place_of, write_fix

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
EXAMPLE = "examples/harbor-ai"
BASELINE = ("--initiative", "ailz", "--policy-parameters", f"{EXAMPLE}/ailz-parameters.json")
# A rule that counts in a list of its parameters can't say what to write instead.
WITHOUT_FIX = {"ailz-deploy-model"}


def scan(*arguments):
    run = subprocess.run([BINARY, "posture", "scan", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout, run.stderr


def findings(*arguments):
    code, out, err = scan(*arguments, "-f", "json")
    assert code == 0, err
    return json.loads(out)


def listed(found):
    places = ((one, place_of(one)) for one in found)
    return sorted((one["policy"]["name"], one["resource"]["type"], one["resource"]["name"], place["file"], place["line"])
                  for one, place in places)


def expected(name):
    return sorted((one["policy"], one["resource"]["type"], one["resource"]["name"], f"{EXAMPLE}/{one['file']}", one["line"])
                  for one in json.loads((ROOT / EXAMPLE / name).read_text()))


class Harbor(unittest.TestCase):
    def test_hardened_half_is_clean_and_fully_known(self):
        report = findings(f"{EXAMPLE}/hardened")
        self.assertEqual(report["findings"], [])
        self.assertEqual(report["summary"]["unknown"], 0)
        self.assertGreater(report["summary"]["compliant"], 40)

    def test_fasttrack_half_has_exactly_its_mistakes(self):
        found = findings(f"{EXAMPLE}/fasttrack")["findings"]
        self.assertEqual(listed(found), expected("expected-findings.json"))
        self.assertTrue(all(one["fix"]["text"] and one["state"] == "noncompliant" for one in found))

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
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "azuredeploy.json"
            copy.write_text(source.read_text())
            before = findings(str(copy))
            copy.write_text("\n\n\n" + source.read_text())
            after = findings(str(copy))
        self.assertEqual([f["id"] for f in before["findings"]], [f["id"] for f in after["findings"]])
        self.assertNotEqual(before["findings"][0]["location"], after["findings"][0]["location"])


class Baseline(unittest.TestCase):
    """The same under the AI landing-zone pack, with the values that Harbor gives its parameters."""

    def test_hardened_half_is_clean_and_fully_known(self):
        summary = findings(f"{EXAMPLE}/hardened", *BASELINE)["summary"]
        self.assertEqual((summary["noncompliant"], summary["unknown"], summary["error"]), (0, 0, 0))
        self.assertGreater(summary["compliant"], 100)

    def test_fasttrack_half_has_exactly_its_mistakes(self):
        found = findings(f"{EXAMPLE}/fasttrack", *BASELINE)["findings"]
        self.assertEqual(listed(found), expected("expected-ailz-findings.json"))
        self.assertEqual({one["state"] for one in found}, {"noncompliant"})
        self.assertTrue(all(one["location"]["line"] for one in found))
        self.assertLessEqual({one["policy"]["name"] for one in found if not one.get("fix", {}).get("text")}, WITHOUT_FIX)

    def test_the_mistakes_cover_all_relation_checks(self):
        initiative = json.loads((ROOT / "content/policies/ai-landing-zone/initiative.json").read_text())
        found = {one["policy"] for one in json.loads((ROOT / EXAMPLE / "expected-ailz-findings.json").read_text())}
        self.assertEqual(set(initiative["properties"]["metadata"]["relations"]) - found, set())


class PrintedFixes(unittest.TestCase):
    """Written into the templates, what the findings of the fasttrack half print makes them go away."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def copy(self, name):
        return pathlib.Path(shutil.copytree(ROOT / EXAMPLE / "fasttrack", pathlib.Path(self.folder.name) / name))

    @staticmethod
    def of(found, one):
        return [other for other in found if other["policy"]["name"] == one["policy"]["name"]
                and other["resource"]["name"] == one["resource"]["name"] and other["resource"]["type"] == one["resource"]["type"]]

    def mend(self, copy, chosen):
        """Writes the fixes of the chosen findings until there are none; a list may need one for each element."""
        for _ in range(4):
            found = findings(copy, *BASELINE)["findings"]
            left = chosen(found)
            if not left:
                return found
            write_fix(left[0], ROOT)
        return self.fail(f"still there: {left[0]['policy']['name']} {left[0]['resource']['name']}")

    def test_each_fix_alone(self):
        with_value = [one for one in findings(f"{EXAMPLE}/fasttrack", *BASELINE)["findings"] if has_value(one)]
        self.assertGreater(len(with_value), 30)
        for number, one in enumerate(with_value):
            with self.subTest(policy=one["policy"]["name"], resource=one["resource"]["name"]):
                self.mend(self.copy(str(number)), lambda found, one=one: self.of(found, one))

    def test_all_fixes_together(self):
        before = findings(f"{EXAMPLE}/fasttrack", *BASELINE)["findings"]
        copy = self.copy("all")
        for one in before:
            if has_value(one):
                found = self.mend(copy, lambda found, one=one: self.of(found, one))
        self.assertEqual([one for one in found if has_value(one)], [])
        self.assertEqual([one for one in found if not self.of(before, one)], [])
        # The others say in words what to do.
        repairs = json.loads((ROOT / "tests/posture/cases/harbor_repairs.json").read_text())
        self.assertLessEqual({one["policy"]["name"] for one in found}, {name for one in repairs for name in one["mends"]})
        for one in repairs:
            file = copy / one["file"]
            text = file.read_text()
            self.assertIn(one["find"], text)
            file.write_text(text.replace(one["find"], one["replace"]))
        summary = findings(copy, *BASELINE)["summary"]
        self.assertEqual((summary["noncompliant"], summary["unknown"], summary["error"]), (0, 0, 0))


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
