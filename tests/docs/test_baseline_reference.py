#!/usr/bin/env python3
"""The pages of docs/baseline are what docs/baseline/generate.py writes, and leave out no definition of the pack."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/baseline"
sys.path.insert(0, str(FOLDER))
import generate  # noqa: E402
import rule_words  # noqa: E402

DEFINITIONS = {path.stem: path for path in sorted(generate.PACK.glob("*/ailz-*.json"))}


def headings(text):
    return re.findall(r"(?m)^## (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text))


class Pages(unittest.TestCase):
    maxDiff = None
    pages = generate.pages()

    def test_each_is_what_the_script_writes(self):
        self.assertEqual(sorted(path.name for path in FOLDER.glob("*.md")), sorted(self.pages))
        for name, text in self.pages.items():
            with self.subTest(page=name):
                self.assertEqual((FOLDER / name).read_text(encoding="utf-8"), text, "run python3 docs/baseline/generate.py")

    def test_each_definition_is_on_the_page_of_its_folder(self):
        for name, path in DEFINITIONS.items():
            with self.subTest(definition=name):
                text = self.pages[f"{path.parent.name}.md"]
                self.assertEqual(text.count(f"- **Name**: `{name}`\n"), 1)
                self.assertIn(json.loads(path.read_text())["properties"]["displayName"], headings(text))
                self.assertEqual(self.pages["README.md"].count(f"| [`{name}`]"), 1)

    def test_links_lead_to_headings(self):
        for name, text in self.pages.items():
            for page, anchor in re.findall(r"\]\(([\w-]+\.md)?#([^)]+)\)", text):
                with self.subTest(page=name, anchor=anchor):
                    slugs = [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings(self.pages[page or name])]
                    self.assertEqual(slugs.count(anchor), 1)
            for target in re.findall(r"\]\((\.\./[^)#]+)", text):
                self.assertTrue((FOLDER / target).exists(), target)

    def test_every_mapped_control_is_shown(self):
        for path in sorted((generate.FRAMEWORKS / "mappings").glob("*.yaml")):
            whys = set(re.findall(r"(?m)^  why: (?:\"(.*)\"|(.*))$", path.read_text(encoding="utf-8")))
            for quoted, plain in whys:
                self.assertTrue(any(f"| {quoted or plain} |" in text for text in self.pages.values()), quoted or plain)


class Rules(unittest.TestCase):
    def test_a_missing_property_is_what_the_engine_makes_of_it(self):
        """Of definitions with one condition, beside the type, that looks at one property."""
        cases, wanted = [], {}
        for name, path in DEFINITIONS.items():
            properties = json.loads(path.read_text())["properties"]
            if "policyRule" not in properties or "details" in properties["policyRule"]["then"]:
                continue
            for rule in rule_words.rules_of(properties["policyRule"]):
                if len(rule.conditions) == 1 and len(rule.fields()) == 1:
                    case = f"{name} {rule.type}"
                    answer = rule.reports_missing(rule.fields()[0])
                    wanted[case] = {True: "noncompliant", False: "compliant", None: None}[answer]
                    resource = {"type": rule.type, "name": "/".join("a" * rule.type.count("/")), "properties": {}}
                    cases.append({"id": case, "definition": {"properties": properties}, "resource": resource})
        self.assertGreater(len(cases), 60)
        done = subprocess.run([os.environ["REDOUBT_BINARY"], "policy", "eval", "--cases", "-"], timeout=60, check=True,
                              input="".join(json.dumps(one) + "\n" for one in cases), capture_output=True, text=True)
        got = {one["id"]: one["state"] for one in map(json.loads, done.stdout.splitlines())}
        decided = {case: state for case, state in wanted.items() if state}
        self.assertEqual({case: got[case] for case in decided}, decided)

    def test_an_operator_without_words_is_an_error(self):
        with self.assertRaises(KeyError):
            rule_words.judged({"if": {"allOf": [{"field": "type", "equals": "A.B/c"}, {"field": "A.B/c/d", "match": "#"}]}, "then": {}})


if __name__ == "__main__":
    unittest.main()
