#!/usr/bin/env python3
"""content/frameworks: the lists are what generate.py makes of the corpora, and mappings keep their rules."""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/docs"))
import plain_yaml  # noqa: E402

CONTENT = ROOT / "content/frameworks"
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
LISTS = sorted(file for file in CONTENT.glob("*.json") if file.name != "azure-built-ins.json")
# What two of the 121 assertions ask needs effective routes: they are no checks yet.
NO_CHECKS = {"net.udr", "net.reach"}
# A relation check beside the assertions and the topics: the whole of what a private endpoint needs, in one.
BESIDE = {"ailz-private-endpoint"}


def framework(name):
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


def mapping(name):
    return plain_yaml.read((CONTENT / f"mappings/{name}.yaml").read_text(encoding="utf-8"))


class Frameworks(unittest.TestCase):
    def corpus(self):
        if (SHARED / "frameworks").exists():
            return
        if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1":
            self.fail(f"no {SHARED / 'frameworks'}")
        self.skipTest(f"no {SHARED / 'frameworks'}")

    def test_lists_are_generated(self):
        self.corpus()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, CONTENT / "generate.py", SHARED, "--out", folder], check=True)
            made = {file.name: file.read_bytes() for file in pathlib.Path(folder).iterdir()}
        self.assertEqual(made, {file.name: file.read_bytes() for file in CONTENT.glob("*.json")})

    def test_lists_have_one_form(self):
        self.assertEqual(len(LISTS), 12)
        for file in LISTS:
            document = framework(file.stem)
            self.assertEqual((document["schema"], document["id"]), ("redoubt.framework/1", file.stem))
            for key in ("title", "version", "source", "licence"):
                self.assertTrue(document[key])
            ids = {one["id"]: one for one in document["controls"]}
            self.assertEqual(len(ids), len(document["controls"]))
            for one in document["controls"]:
                self.assertLessEqual(set(one), {"id", "label", "title", "parent", "group", "members", "withdrawn", "manual"})
                self.assertTrue(one["title"])
                self.assertIn(one.get("parent", one["id"]), ids)
                self.assertLessEqual(sum(one.get(key, False) for key in ("group", "withdrawn", "manual")), 1)
                self.assertLessEqual(set(one.get("members", [])), set(ids))

    def test_no_text_of_those_who_keep_theirs(self):
        """Ids and short titles only: a longer text would be copied from somewhere."""
        for name in ("iso-27001", "iso-42001", "soc-2", "owasp-llm"):
            for one in framework(name)["controls"]:
                self.assertLess(len(one["title"]), 90, one)

    def test_mappings_keep_their_rules(self):
        self.assertEqual([file.stem for file in sorted((CONTENT / "mappings").glob("*.yaml"))],
                         [file.stem for file in LISTS])
        for file in LISTS:
            document = mapping(file.stem)
            self.assertEqual((document["schema"], document["framework"]), ("redoubt.mapping/1", file.stem))
            controls = {one["id"]: one for one in framework(file.stem)["controls"]}
            of_check = collections.defaultdict(list)
            for entry in document["controls"]:
                control = controls[str(entry["control"])]
                self.assertFalse({"manual", "withdrawn", "group"} & set(control), control)
                self.assertRegex(entry["why"], r"^[^\n]{15,160}[.)]$")
                for check in entry["checks"]:
                    self.assertRegex(check, r"^ailz-[a-z0-9-]+$")
                    of_check[check].append(control["id"])
            for check, of in of_check.items():
                self.assertEqual(len(of), len(set(of)), (file.stem, check))
                self.assertLessEqual(len(of), 3, (file.stem, check))

    def test_mappings_name_checks_that_are_specified(self):
        self.corpus()
        baseline = json.loads((SHARED / "frameworks/ai-landing-zone-baseline.json").read_text(encoding="utf-8"))
        names = {"ailz-" + one["id"].replace(".", "-") for one in baseline["assertions"] if one["id"] not in NO_CHECKS}
        topics = (SHARED / "reports/baseline/README.md").read_text(encoding="utf-8").split("## Topics")[1]
        names |= BESIDE | set(re.findall(r"^\| `[a-z-]+` \| `(ailz-[a-z-]+)` \|", topics, re.M))
        mapped = {check for file in LISTS for entry in mapping(file.stem)["controls"] for check in entry["checks"]}
        self.assertEqual(mapped, names)


if __name__ == "__main__":
    unittest.main()
