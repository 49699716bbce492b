#!/usr/bin/env python3
"""Zones that are wrong or out of bounds: one clear line each, and nothing looks green that was not judged."""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harbor_zone import ZONE, Folder  # noqa: E402

TEMPLATE = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": []}


class HostileZone(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.zone = Folder(self.folder.name)

    def write_zone(self, text):
        (self.zone.path / "zone.yaml").write_text(text, encoding="utf-8")

    def test_a_misspelt_key_leaves_the_run_unfinished(self):
        self.write_zone(ZONE.replace("assignments:", "asignments:"))
        self.zone.write("main.json", TEMPLATE)
        for words in (("scan", "--zone", "zone.yaml"), ("preflight", "main.json", "--zone", "zone.yaml", "--at", "harbor")):
            self.assertIn("did you mean assignments?", self.zone.run("posture", *words, code=3).stderr)

    def test_wrong_types_are_told_where_nothing_is_left_to_scan(self):
        self.write_zone("exports: {a: 1}\n")
        done = self.zone.run("posture", "scan", "--zone", "zone.yaml", code=2)
        self.assertIn("zone.yaml:1:10: error ZON0003", done.stderr)
        self.assertIn("CLI0044", done.stderr)

    def test_an_enforcement_mode_that_is_no_text(self):
        path = next((self.zone.path / "assignments").iterdir())
        assignments = json.loads(path.read_text(encoding="utf-8"))
        one = assignments[0] if isinstance(assignments, list) else assignments
        one["properties"]["enforcementMode"] = 5
        path.write_text(json.dumps(assignments), encoding="utf-8")
        self.assertIn("no enforcementMode is called 5", self.zone.run("zone", "check", "zone.yaml", code=1).stdout)

    def test_a_very_deep_tree(self):
        groups = "".join(f"  - {{id: g{i}, parent: {f'g{i - 1}' if i else 'harbor'}}}\n" for i in range(100_000))
        self.write_zone(ZONE.replace("  - id: harbor\n", "  - id: harbor\n" + groups).replace("managementGroup: harbor", "managementGroup: g99999"))
        for words in (("zone", "check", "zone.yaml"), ("posture", "scan", "--zone", "zone.yaml")):
            done = self.zone.run(*words)
            self.assertIn("100001 levels deep, Azure allows 6", done.stdout + done.stderr)
        self.assertIn("CLI0056", self.zone.run("zone", "show", "--zone", "zone.yaml", code=3).stderr)
        self.zone.run("zone", "show", "--zone", "zone.yaml", "--at", "harbor")

    def test_a_very_wide_tree(self):
        groups = "".join(f"  - {{id: g{i}, parent: harbor}}\n" for i in range(10_000))
        self.write_zone(ZONE.replace("  - id: harbor\n", "  - id: harbor\n" + groups))
        self.assertIn("g9999", self.zone.run("zone", "show", "--zone", "zone.yaml").stdout)


if __name__ == "__main__":
    unittest.main()
