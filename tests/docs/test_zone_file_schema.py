#!/usr/bin/env python3
"""The schema of zone files and the program say the same: of the example, and of files with a mistake."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import plain_yaml  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
EXAMPLE = ROOT / "examples/harbor-ai/zone.yaml"
SCHEMA = json.loads((ROOT / "docs/reference/schemas/zone-file.json").read_text())
SMALL = {
    "name": "small",
    "tenant": "00000000-0000-0000-0000-000000000001",
    "location": "swedencentral",
    "managementGroups": [{"id": "top", "displayName": "Top", "owner": "a@harbor.example", "environment": None},
                         {"id": "below", "parent": "top"}],
    "subscriptions": [{"id": "00000000-0000-0000-0000-0000000000aa", "managementGroup": "below", "environment": "test"}],
    "owners": [{"scope": "below", "owner": "b@harbor.example", "environment": "test"}],
    "policies": [], "assignments": None, "exemptions": [], "exports": [], "completeTypes": ["Microsoft.Network/privateEndpoints"],
    "templates": [],
}
# What is changed in SMALL, and the code that zone check gives.
MISTAKES = [
    ("unknown key", lambda zone: zone.update(assignment=[]), "ZON0002"),
    ("unknown key of a group", lambda zone: zone["managementGroups"][1].update(managementGroup="top"), "ZON0002"),
    ("unknown key of a subscription", lambda zone: zone["subscriptions"][0].update(parent="below"), "ZON0002"),
    ("a list that is text", lambda zone: zone.update(policies="policies/"), "ZON0003"),
    ("a list that is a mapping", lambda zone: zone.update(subscriptions={"a": "b"}), "ZON0003"),
    ("text that is a list", lambda zone: zone.update(name=["small"]), "ZON0003"),
    ("a number with a fraction", lambda zone: zone.update(location=1.5), "ZON0003"),
    ("a group that is text", lambda zone: zone["managementGroups"].append("third"), "ZON0003"),
    ("a group without id", lambda zone: zone["managementGroups"].append({"displayName": "Third"}), "ZON0004"),
    ("a subscription whose id is null", lambda zone: zone["subscriptions"][0].update(id=None), "ZON0004"),
    ("an owner without owner", lambda zone: zone["owners"][0].pop("owner"), "ZON0004"),
    ("templates without scope", lambda zone: zone["templates"].append({"path": "infra"}), "ZON0004"),
    ("templates without path", lambda zone: zone["templates"].append({"scope": "below"}), "ZON0004"),
    ("a library without folders", lambda zone: zone.update(alz={"architecture": "alz"}), "ZON0004"),
    ("values that are a list", lambda zone: zone.update(alz={"folders": [], "values": ["a"]}), "ZON0003"),
]


def check(zone):
    """Exit code of zone check, and the codes of what it says."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "zone.json"
        file.write_text(json.dumps(zone))
        done = subprocess.run([BINARY, "zone", "check", str(file), "-f", "json"], capture_output=True, text=True,
                              timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


class PlainYaml(unittest.TestCase):
    def test_forms(self):
        text = "a: 1\nb:\n- x\n-  y: 'p # q'\n   z: [1, two]\nc: |\n  one\n\n    two # kept\nd: # nothing\n\"e\": true\n"
        self.assertEqual(plain_yaml.read(text), {"a": 1, "b": ["x", {"y": "p # q", "z": [1, "two"]}],
                                                 "c": "one\n\n  two # kept\n", "d": None, "e": True})

    def test_what_is_not_plain(self):
        for text in ("a: {b: c}", "a: &x 1", "a: [1,\n 2]", "a:\n  b: 1\n c: 2", "a: 1\na: 2", "a: >\n  x", "\ta: 1", "- a\nb: 1"):
            with self.assertRaises(plain_yaml.NotPlain, msg=text):
                plain_yaml.read(text)

    def test_it_agrees_with_a_yaml_library(self):
        try:
            import yaml
        except ImportError:
            self.skipTest("there is no YAML library")
        for path in (EXAMPLE, *sorted((ROOT / "examples/ci").rglob("*.yml"))):
            ours, theirs = plain_yaml.read(path.read_text()), yaml.safe_load(path.read_text())
            if True in theirs:  # `on` of YAML 1.1
                theirs["on"] = theirs.pop(True)
            self.assertEqual(ours, theirs, path)


class ZoneFileSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            import jsonschema
        except ImportError:
            raise unittest.SkipTest("python3-jsonschema is not installed")
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        cls.validator = jsonschema.Draft202012Validator(SCHEMA)

    def test_the_example(self):
        self.assertEqual([error.message for error in self.validator.iter_errors(plain_yaml.read(EXAMPLE.read_text()))], [])

    def test_the_example_uses_every_key(self):
        used = plain_yaml.read(EXAMPLE.read_text()).keys()
        self.assertEqual(set(SCHEMA["properties"]) - set(used), {"alz"})

    def test_every_key_is_explained(self):
        page = (ROOT / "docs/zone-files.md").read_text()
        lists = [SCHEMA["properties"][name]["items"] for name in ("managementGroups", "subscriptions", "owners")]
        keys = {*SCHEMA["properties"], *SCHEMA["properties"]["alz"]["properties"],
                *(key for one in lists for key in one["properties"]),
                *SCHEMA["properties"]["templates"]["items"]["anyOf"][1]["properties"]}
        self.assertEqual({key for key in keys if f"`{key}`" not in page}, set())

    def test_a_correct_file(self):
        self.assertTrue(self.validator.is_valid(SMALL))
        self.assertEqual(check(SMALL)[0], 0, check(SMALL)[1])

    def test_mistakes(self):
        for what, change, code in MISTAKES:
            with self.subTest(what):
                zone = copy.deepcopy(SMALL)
                change(zone)
                self.assertFalse(self.validator.is_valid(zone))
                exit_code, said = check(zone)
                self.assertEqual(exit_code, 1, said)
                self.assertIn(code, said)

    def test_no_mapping(self):
        self.assertFalse(self.validator.is_valid([]))
        exit_code, said = check([])
        self.assertEqual(exit_code, 2)
        self.assertIn("ZON0001", said)


if __name__ == "__main__":
    unittest.main()
