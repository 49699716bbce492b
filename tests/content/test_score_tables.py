#!/usr/bin/env python3
"""content/score: every check of our packs has one control, a built-in twin that of its definition, and every name
is the name of something."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
PACKS = ROOT / "content/policies"
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def controls():
    """Control -> (max, checks), as the file lists them."""
    out, name = {}, None
    for line in (ROOT / "content/score/controls.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("- name: "):
            name = line.removeprefix("- name: ")
            out[name] = [None, []]
        elif line.startswith("  max: "):
            out[name][0] = int(line.removeprefix("  max: "))
        elif line.startswith("  - "):
            out[name][1].append(line.removeprefix("  - ").split("  #")[0])
    return out


def exposure_checks():
    text = (ROOT / "content/score/risk.yaml").read_text(encoding="utf-8")
    return re.findall(r"^  - (\S+)", text.split("sensitivity:")[0], re.M)


def pack_definitions():
    for file in PACKS.rglob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        properties = content.get("properties", {})
        if "policyRule" in properties or "relation" in properties:
            yield content["name"], properties.get("metadata", {})


def relations():
    for file in PACKS.glob("*/initiative.json"):
        yield from json.loads(file.read_text(encoding="utf-8"))["properties"]["metadata"].get("relations", [])


class ScoreTables(unittest.TestCase):
    def setUp(self):
        self.control_of = {check: name for name, (_, checks) in controls().items() for check in checks}
        self.ours = {name for name, _ in pack_definitions()} | set(relations())

    def test_every_check_has_one_control(self):
        counted = collections.Counter(check for _, checks in controls().values() for check in checks)
        self.assertEqual([name for name, times in counted.items() if times > 1], [])
        self.assertEqual(sorted(self.ours - set(counted)), [])

    def test_every_name_is_one_of_a_check(self):
        for name in [*self.control_of, *exposure_checks()]:
            if not GUID.fullmatch(name):
                self.assertIn(name, self.ours)
        self.assertEqual(len(exposure_checks()), len(set(exposure_checks())))

    def test_twins_stand_where_their_definitions_do(self):
        for name, metadata in pack_definitions():
            if "twin" in metadata:
                self.assertEqual(self.control_of.get(metadata["twin"].lower()), self.control_of[name], name)

    def test_controls_are_those_of_the_secure_score(self):
        file = SHARED / "frameworks/secure-score.json"
        if not file.exists():
            self.assertNotIn("REDOUBT_REQUIRE_CORPORA", os.environ)
            self.skipTest("no corpora")
        expected = [(one["name"], one["max"]) for one in json.loads(file.read_text())["controls"]]
        self.assertEqual([(name, most) for name, (most, _) in controls().items()], expected)

    def test_built_in_policies_and_recommendations(self):
        file = SHARED / "azure-policy/definitions.jsonl"
        if not file.exists():
            self.assertNotIn("REDOUBT_REQUIRE_CORPORA", os.environ)
            self.skipTest("no corpora")
        known = {json.loads(line)["name"].lower() for line in file.read_text(encoding="utf-8").splitlines()}
        recommendations = json.loads((SHARED / "frameworks/mdc-recommendations.json").read_text())["recommendations"]
        related = {one.lower() for row in recommendations if row["cloud"] == "Azure" for one in row.get("policies", [])}
        for name in [*self.control_of, *exposure_checks()]:
            if GUID.fullmatch(name):
                self.assertIn(name, known | related)
        self.assertEqual(sorted(related - set(self.control_of)), [])

    def test_the_program_agrees(self):
        for pack in ("ailz", "redoubt-starter"):
            done = subprocess.run([BINARY, "posture", "score", "examples/harbor-ai/hardened", "--initiative", pack, "-f", "json"],
                                  cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
            report = json.loads(done.stdout)
            self.assertEqual(report["uncounted"], [])
            self.assertEqual([one["displayName"] for one in report["controls"]], list(controls()))


if __name__ == "__main__":
    sys.exit(unittest.main())
