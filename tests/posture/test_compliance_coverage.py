#!/usr/bin/env python3
"""posture compliance --coverage: the shares, counted a second time out of the corpora, and the page that shows them.

RD_UPDATE_CASES=1 writes the table of docs/compliance.md anew.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/docs"))
import plain_yaml  # noqa: E402

SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
PAGE = ROOT / "docs/compliance.md"
TABLE = re.compile(r"(?<=<!-- shares -->\n).*?(?=<!-- end -->)", re.S)
# Framework -> initiatives of Azure's, by display name.
INITIATIVES = {
    "mcsb-v1": ["Microsoft cloud security benchmark"],
    "mcsb-v2": ["[Preview]: Microsoft cloud security benchmark v2"],
    "iso-27001": ["ISO/IEC 27002 2022"],
    "soc-2": ["SOC 2 Type 2", "SOC 2023"],
    "nist-800-53": ["NIST SP 800-53 Rev. 5", "NIST SP 800-53 R5.1.1"],
    "nist-csf": ["NIST CSF v2.0"],
    "nist-ai-rmf": ["NIST AI RMF v1.0"],
    "eu-ai-act": ["EU AI Act 2024 1689"],
}


def shares(*words):
    run = subprocess.run([os.environ["REDOUBT_BINARY"], "posture", "compliance", "--coverage", *words],
                         cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout


def ours_of(framework):
    document = plain_yaml.read((ROOT / f"content/frameworks/mappings/{framework}.yaml").read_text(encoding="utf-8"))
    return {str(entry["control"]) for entry in document["controls"] if entry["checks"]}


def cut(framework, theirs):
    """An id of Azure's as the framework has it: written apart from the generator's own."""
    if framework == "iso-27001":
        return "A." + theirs
    if framework == "eu-ai-act":
        return theirs.partition(".")[0]
    if framework == "nist-csf":
        return theirs.replace("_", "-")
    if framework == "nist-ai-rmf":
        function, _, rest = theirs.partition(".")
        return f"{dict(zip('1234', ('GOVERN', 'MAP', 'MEASURE', 'MANAGE')))[function]} {rest}"
    if framework == "nist-800-53":
        family, number, *more = re.split(r"[-.()]+", theirs.rstrip(")").lower())
        return f"{family}-{number}" + "".join(f".{one}" for one in more)
    return theirs


class Decidable:
    """Which built-ins decide without another system's result."""

    def __init__(self):
        self.answers = {}
        for line in (SHARED / "azure-policy/definitions.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            then = row["definition"].get("properties", row["definition"])["policyRule"]["then"]
            details = then.get("details")
            related = (details.get("type") or "").lower() if isinstance(details, dict) else ""
            manual = (row["effectDefault"] or then["effect"]).lower() == "manual"
            others = related.startswith("microsoft.security/assessments") or related.startswith("microsoft.guestconfiguration/")
            self.answers[row["name"]] = not manual and not others


class Coverage(unittest.TestCase):
    def test_shares_counted_again(self):
        if not (SHARED / "frameworks").exists():
            if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1":
                self.fail(f"no {SHARED / 'frameworks'}")
            self.skipTest(f"no {SHARED / 'frameworks'}")
        azure = json.loads((SHARED / "frameworks/azure-initiatives.json").read_text(encoding="utf-8"))
        decidable = Decidable().answers
        for one in json.loads(shares("-f", "json"))["frameworks"]:
            with self.subTest(framework=one["id"]):
                controls = json.loads((ROOT / f"content/frameworks/{one['id']}.json").read_text(encoding="utf-8"))["controls"]
                counted = {c["id"] for c in controls if not c.get("withdrawn") and not c.get("group")}
                theirs = {
                    cut(one["id"], id)
                    for initiative in azure["initiatives"] if initiative["name"] in INITIATIVES.get(one["id"], ())
                    for id, numbers in initiative["map"].items()
                    if any(decidable[azure["policies"][number]["id"]] for number in numbers)
                } & counted
                ours = ours_of(one["id"])
                expected = {"controls": len(counted), "ours": len(ours & counted)}
                expected |= {"azure": len(theirs), "both": len(theirs | ours)} if one["id"] in INITIATIVES else {"azure": None, "both": None}
                self.assertEqual({key: one[key] for key in expected}, expected)
                self.assertEqual(one["initiatives"], INITIATIVES.get(one["id"], []))
                for part in one["parts"]:
                    ai = {id for id in counted if id.startswith("AI-")}
                    self.assertEqual([part[key] for key in ("title", "controls", "ours", "azure", "both")],
                                     ["AI domain", 7, len(ours & ai), len(theirs & ai), len((ours | theirs) & ai)])

    def test_more_than_azure_where_it_is_promised(self):
        by_id = {one["id"]: one for one in json.loads(shares("-f", "json"))["frameworks"]}
        ai = by_id["mcsb-v2"]["parts"][0]
        for one in (by_id["iso-27001"], by_id["eu-ai-act"], ai):
            self.assertGreater(one["ours"], one["azure"])
        self.assertEqual((ai["azure"], ai["controls"]), (1, 7))
        self.assertGreaterEqual(by_id["iso-42001"]["ours"], 12)

    def test_one_framework_alone(self):
        self.assertEqual([one["id"] for one in json.loads(shares("-f", "json", "--framework", "SOC 2"))["frameworks"]], ["soc-2"])
        self.assertIn("of it: AI domain", shares("--framework", "mcsb-v2"))

    def test_the_page_shows_them(self):
        text = PAGE.read_text(encoding="utf-8")
        table = shares("-f", "markdown")
        if os.environ.get("RD_UPDATE_CASES") == "1":
            PAGE.write_text(TABLE.sub(lambda _: table, text), encoding="utf-8")
            return
        self.assertEqual(TABLE.search(text)[0], table)


if __name__ == "__main__":
    unittest.main()
