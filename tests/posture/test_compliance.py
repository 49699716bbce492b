#!/usr/bin/env python3
"""posture compliance: from controls to checks to what they found, and what people attest."""
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
sys.path.insert(0, str(ROOT / "tests/report"))
sys.path.insert(0, str(ROOT / "tests/docs"))
import oscal_shape  # noqa: E402
import plain_yaml  # noqa: E402
from harbor_zone import Folder, account, definition  # noqa: E402

try:
    import validate_json
except ImportError:
    validate_json = None

STATES = {"failed", "unknown", "notCovered", "manual", "attested", "passed", "notApplicable", "withdrawn"}
# A built-in that Azure's initiatives name for IM-1, here with a rule of our own: storage accounts have no shared key.
AZURE_SHARED_KEY = "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54"
ATTESTED = """\
schema: redoubt.attestations/1
attestations:
- framework: iso-27001
  control: A.5.1
  statement: The policy was approved by the board.
  author: ciso@harbor.example
  expires: 2027-01-31
  evidence: https://harbor.example/policies/security
"""
MAPPING = """\
schema: redoubt.mapping/1
framework: iso-27001
controls:
- control: a.8.13
  why: Storage that is open has no backup either.
  checks:
  - house-rule
"""


class Compliance(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.zone = Folder(folder.name)
        self.zone.write("pack/tls.json", definition("ailz-st-tls", "minimumTlsVersion", "TLS1_2"))
        self.zone.write("pack/public.json", definition("ailz-st-public", "publicNetworkAccess", "Disabled"))

    def compliance(self, *words, pack="pack", code=0):
        return self.zone.json("posture", "compliance", "export.json", "--policy", pack, *words, code=code)

    def told(self, *words, code=0):
        return self.zone.run("posture", "compliance", "export.json", "--policy", "pack", *words, code=code).stderr

    def control(self, report, framework, name):
        controls = next(one for one in report["frameworks"] if one["id"] == framework)["controls"]
        return next(one for one in controls if name in (one["id"], one.get("label")))

    def state(self, report, framework, name):
        return self.control(report, framework, name)["state"]

    def test_every_control_of_every_framework_has_a_state(self):
        report = self.compliance()
        self.assertEqual(len(report["frameworks"]), 12)
        for framework in report["frameworks"]:
            states = [one["state"] for one in framework["controls"] if not one.get("group")]
            self.assertLessEqual(set(states), STATES)
            self.assertEqual({state: states.count(state) for state in STATES},
                             {state: framework["summary"][state] for state in STATES}, framework["id"])
        self.assertEqual(self.state(report, "nist-800-53", "ac-2.10"), "withdrawn")
        self.assertEqual(self.state(report, "nist-800-53", "AC-2(10)"), "withdrawn")
        self.assertEqual(self.state(report, "iso-27001", "A.5.1"), "manual")
        self.assertEqual(self.state(report, "iso-27001", "A.8.28"), "notCovered")

    def test_findings_fail_a_control_and_stand_behind_it(self):
        report = self.compliance("--framework", "ISO 27001")
        self.assertEqual([one["id"] for one in report["frameworks"]], ["iso-27001"])
        control = self.control(report, "iso-27001", "A.5.14")
        self.assertEqual((control["state"], control["evidence"]["noncompliant"], control["evidence"]["compliant"]),
                         ("failed", 1, 2))
        judged = [check for check in control["checks"] if check["judged"]]
        self.assertEqual([(check["name"], check["source"]) for check in judged], [("ailz-st-tls", "redoubt")])
        self.assertTrue(judged[0]["why"])
        check = next(one for one in report["checks"] if one["name"] == "ailz-st-tls")
        self.assertEqual([(one["state"], one["resource"]["name"], one["location"]["file"]) for one in check["findings"]],
                         [("noncompliant", "old", "export.json")])

    def test_checks_that_were_left_out_leave_a_control_open(self):
        self.zone.write("export.json", [account("good")])
        report = self.compliance()
        control = self.control(report, "iso-27001", "A.5.14")
        self.assertEqual((control["state"], control["reason"]), ("unknown", "not part of this scan: 6 checks of it"))
        # None of its checks was judged.
        control = self.control(report, "iso-27001", "A.8.15")
        self.assertEqual((control["state"], control["reason"]), ("notCovered", "not part of this scan: 7 checks of it"))
        # Nobody asked for the pack.
        self.zone.write("other/mine.json", definition("house-rule", "minimumTlsVersion", "TLS1_2"))
        self.assertEqual(self.state(self.compliance(pack="other"), "iso-27001", "A.5.14"), "notCovered")

    def test_mapping_of_the_users_own(self):
        self.zone.write("export.json", [account("good")])
        self.zone.write("other/mine.json", definition("house-rule", "publicNetworkAccess", "Disabled"))
        self.zone.write("mapping.yaml", MAPPING)
        report = self.compliance("--mapping", "mapping.yaml", pack="other")
        control = self.control(report, "iso-27001", "A.8.13")
        self.assertEqual((control["state"], [one["source"] for one in control["checks"] if one["judged"]]),
                         ("passed", ["mapping.yaml"]))
        self.zone.write("export.json", [account("open", access="Enabled")])
        report = self.compliance("--mapping", "mapping.yaml", "--fail-on", "medium", pack="other", code=1)
        self.assertEqual(self.state(report, "iso-27001", "A.8.13"), "failed")
        self.zone.write("export.json", [])
        self.zone.write("main.json", {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                                      "contentVersion": "1.0.0.0", "resources": []})
        report = self.zone.json("posture", "compliance", "main.json", "--policy", "other", "--mapping", "mapping.yaml")
        control = self.control(report, "iso-27001", "A.8.13")
        self.assertEqual((control["state"], control["reason"]),
                         ("notApplicable", "no resource that its checks are about"))

    def test_open_values_leave_a_control_unknown(self):
        self.zone.write("other/mine.json", definition("house-rule", "publicNetworkAccess", "Disabled"))
        self.zone.write("mapping.yaml", MAPPING)
        self.zone.write("main.json", {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "parameters": {"access": {"type": "string"}},
            "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "berths",
                           "location": "swedencentral", "kind": "StorageV2", "sku": {"name": "Standard_LRS"},
                           "properties": {"publicNetworkAccess": "[parameters('access')]"}}]})
        words = ("posture", "compliance", "main.json", "--policy", "other", "--mapping", "mapping.yaml")
        control = self.control(self.zone.json(*words), "iso-27001", "A.8.13")
        self.assertEqual((control["state"], control["reason"]), ("unknown", "1 verdict can't be decided"))

    def test_built_ins_count_for_the_controls_that_azure_names(self):
        rule = definition(AZURE_SHARED_KEY, "allowSharedKeyAccess", "false")
        self.zone.write("azure/keys.json", rule)
        report = self.compliance("--framework", "mcsb-v2", pack="azure")
        control = self.control(report, "mcsb-v2", "IM-1")
        self.assertEqual(control["state"], "failed")
        self.assertEqual([(one["name"], one["source"]) for one in control["checks"] if one["judged"]],
                         [(AZURE_SHARED_KEY, "azure")])

    def test_a_group_is_its_weakest_member(self):
        self.zone.write("export.json", [account("old", tls="TLS1_0")])
        report = self.compliance("--framework", "nist-csf")
        for group, member in (("PR", "PR.DS"), ("PR.DS", "PR.DS-02")):
            control = self.control(report, "nist-csf", group)
            self.assertEqual((control["state"], control["reason"]), ("failed", f"{member} is failed"))
        self.assertEqual(self.state(report, "nist-csf", "RC"), "manual")
        report = self.compliance("--framework", "atlas")
        self.assertEqual(self.state(report, "atlas", "AML.M0012"), "failed")
        control = self.control(report, "atlas", "AML.T0007")  # M0005 and M0012 stand against it
        self.assertEqual((control["state"], control["group"]), ("failed", True))

    def test_accepted_findings_neither_fail_nor_pass(self):
        self.zone.write("other/mine.json", definition("house-rule", "publicNetworkAccess", "Disabled"))
        self.zone.write("mapping.yaml", MAPPING)
        self.zone.write("export.json", [account("open", access="Enabled")])
        self.zone.write("baseline.yaml", "accepted:\n- policy: house-rule\n  resource: open\n  reason: r\n  owner: o\n")
        words = ("--mapping", "mapping.yaml", "--baseline", "baseline.yaml", "--fail-on", "low")
        control = self.control(self.compliance(*words, pack="other"), "iso-27001", "A.8.13")
        self.assertEqual((control["state"], control["reason"], control["evidence"]["accepted"]),
                         ("unknown", "all that its checks found is accepted or exempt", 1))
        self.zone.write("export.json", [account("open", access="Enabled"), account("good")])
        control = self.control(self.compliance(*words, pack="other"), "iso-27001", "A.8.13")
        self.assertEqual((control["state"], control["reason"]), ("passed", "1 finding accepted or exempt"))

    def test_attestations(self):
        self.zone.write("attest.yaml", ATTESTED)
        report = self.compliance("--attest", "attest.yaml")
        control = self.control(report, "iso-27001", "A.5.1")
        self.assertEqual((control["state"], control["reason"]), ("attested", "by ciso@harbor.example until 2027-01-31"))
        self.assertEqual(control["attestations"], [{
            "statement": "The policy was approved by the board.", "author": "ciso@harbor.example",
            "expires": "2027-01-31", "evidence": "https://harbor.example/policies/security"}])
        as_json = {"schema": "redoubt.attestations/1", "attestations": [
            {"framework": "EU AI Act", "control": 4, "statement": "s", "author": "a", "expires": "2026-03-02"}]}
        self.zone.write("attest.json", as_json)
        report = self.compliance("--attest", "attest.json", "--attest", "attest.yaml")
        self.assertEqual(self.state(report, "eu-ai-act", "4"), "attested")  # the day itself still counts
        self.assertEqual(self.state(report, "iso-27001", "A.5.1"), "attested")

    def test_an_attestation_gives_way_to_time_and_to_findings(self):
        self.zone.write("attest.yaml", ATTESTED.replace("2027-01-31", "2026-01-31"))
        self.assertIn("attest.yaml:7:12: warning POS0065: an attestation has expired, it attests nothing: iso-27001 A.5.1, "
                      "ciso@harbor.example, 2026-01-31", self.told("--attest", "attest.yaml"))
        report = self.compliance("--attest", "attest.yaml")
        self.assertEqual(self.state(report, "iso-27001", "A.5.1"), "manual")
        self.zone.write("attest.yaml", ATTESTED.replace("A.5.1", "A.5.14"))
        self.assertIn("attest.yaml:3:3: warning POS0066: ciso@harbor.example attests iso-27001 A.5.14, but a check of it "
                      "fails: it stays failed", self.told("--attest", "attest.yaml"))
        self.assertEqual(self.state(self.compliance("--attest", "attest.yaml"), "iso-27001", "A.5.14"), "failed")

    def test_mistakes_in_files_have_their_place_and_a_suggestion(self):
        for old, new, expected in (
            ("iso-27001", "iso-2701", "3:14: error POS0060: no framework is called so: iso-2701 (did you mean iso-27001?)"),
            ("A.5.1", "A.5.1x", "4:12: error POS0062: iso-27001 has no such control: A.5.1x (did you mean A.5.1?)"),
            ("author", "auther", "6:11: error POS0061: an attestation has no member auther (did you mean author?)"),
            ("  author: ciso@harbor.example\n", "", "3:3: error POS0064: an entry has no author"),
            ("2027-01-31", "soon", "7:12: error POS0042: expires is no date: soon"),
            ("attestations/1", "attestation/1", "1:9: error POS0061: the schema is not redoubt.attestations/1"),
            ("attestations:\n", "attestations: x\nmore:\n", "2:15: error POS0061: there is no list `attestations`"),
            ("A.5.1", "5.1", "4:12: error POS0061: control must be text, not real (put it in quotes)"),
            ("- framework", "- - framework", "error"),
        ):
            with self.subTest(new=new):
                self.zone.write("attest.yaml", ATTESTED.replace(old, new, 1))
                self.assertIn(expected, self.told("--attest", "attest.yaml", code=2))
        for old, new, expected in (
            ("a.8.13", "a.8.99", "mapping.yaml:4:12: error POS0062: iso-27001 has no such control: a.8.99"),
            ("framework: iso-27001\n", "", "error POS0064: an entry has no framework"),
            ("  - house-rule\n", "", "error POS0064: an entry has no checks"),
            ("why", "because", "error POS0061: an entry has no member because"),
            (MAPPING[MAPPING.index("controls:") + 9:], "", "error POS0061: there is no list `controls` (where there are no entries"),
        ):
            with self.subTest(new=new):
                self.zone.write("mapping.yaml", MAPPING.replace(old, new, 1))
                self.assertIn(expected, self.told("--mapping", "mapping.yaml", code=2))
        withdrawn = "warning POS0067: the control is withdrawn, nothing is said about it: nist-800-53 AC-13"
        for option, text in (("--attest", ATTESTED), ("--mapping", MAPPING)):
            text = text.replace("iso-27001", "nist-800-53").replace("A.5.1", "AC-13").replace("a.8.13", "AC-13")
            self.zone.write("withdrawn.yaml", text)
            self.assertIn(withdrawn, self.told(option, "withdrawn.yaml"))
        two = ATTESTED.replace("  statement", "  statemant").replace("2027-01-31", "soon")
        self.zone.write("attest.yaml", two)
        told = self.told("--attest", "attest.yaml", code=2)
        self.assertLess(told.index("statemant"), told.index("POS0064"))
        self.assertLess(told.index("POS0064"), told.index("POS0042"), "in the order of the file")
        self.zone.write("mapping.yaml", MAPPING.replace("house-rule", "ailz-st-tlz"))
        self.assertIn("mapping.yaml:7:5: warning POS0063: no policy of this scan is called ailz-st-tlz "
                      "(did you mean ailz-st-tls?)", self.told("--mapping", "mapping.yaml"))
        self.assertIn("error POS0060: no framework is called so: iso (there are atlas, ",
                      self.told("--framework", "iso", code=2))
        self.assertIn("DOC0001", self.told("--attest", "nothing.yaml", code=2))
        ids = re.search(r"there are (.*)\)", self.told("--framework", "x", code=2)).group(1)
        usage = " ".join(self.zone.run("posture", "compliance", "--help").stdout.split())
        self.assertIn(f"control by control: {ids}, or its title", usage)
        for name in ("ISO/IEC 27001 Annex A", "ISO/IEC 27001 Annex A 2022", "iso-27001"):
            self.zone.run("posture", "compliance", "--coverage", "--framework", name)

    @unittest.skipIf(validate_json is None, "no jsonschema")
    def test_files_are_what_their_schemas_say(self):
        for name, text in (("attestations", ATTESTED), ("mapping", MAPPING)):
            schema = json.loads((ROOT / f"docs/reference/schemas/{name}.json").read_text(encoding="utf-8"))
            self.assertEqual(list(validate_json.mistakes(schema, plain_yaml.read(text))), [])
            self.assertTrue(list(validate_json.mistakes(schema, {"schema": "redoubt.other/1"})))

    def test_oscal(self):
        self.zone.write("attest.yaml", ATTESTED)
        words = ("posture", "compliance", "export.json", "--policy", "pack", "--attest", "attest.yaml", "-f", "oscal")
        text = self.zone.run(*words).stdout
        self.assertEqual(text, self.zone.run(*words).stdout)
        document = json.loads(text)
        self.assertEqual(list(oscal_shape.mistakes(document)), [])
        results = {one["title"]: one for one in document["assessment-results"]["results"]}
        iso = results["ISO/IEC 27001 Annex A 2022"]
        findings = {one["target"]["target-id"]: one["target"]["status"] for one in iso["findings"]}
        self.assertEqual(findings["A.5.14"], {"state": "not-satisfied", "reason": "fail"})
        self.assertEqual(findings["A.5.1"]["state"], "satisfied")
        self.assertNotIn("A.5.2", findings)  # neither satisfied nor not: nobody knows
        selected = {one["control-id"] for selection in iso["reviewed-controls"]["control-selections"]
                    for one in selection["include-controls"]}
        self.assertEqual(len(selected), 93)
        broken = json.loads(text)
        broken["assessment-results"]["results"][0]["uuid"] = "x"
        self.assertTrue(list(oscal_shape.mistakes(broken)))

    def test_hostile_names_are_shown_as_text(self):
        self.zone.write("export.json", [account("old\x1b[31m|<img src=x>`@a", tls="TLS1_0")])
        table = self.zone.run("posture", "compliance", "export.json", "--policy", "pack", "--framework", "iso-27001").stdout
        self.assertNotIn("\x1b", table)
        page = self.zone.run("posture", "compliance", "export.json", "--policy", "pack", "--framework", "iso-27001",
                             "-f", "markdown").stdout
        self.assertNotIn("\x1b", page)
        self.assertIn("\\<img", page)
        rows = [line for line in page.splitlines() if line.startswith("| failed | A")]
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual(len(re.findall(r"(?<!\\)\|", row)), 5, row)

    def test_table(self):
        table = self.zone.run("posture", "compliance", "export.json", "--policy", "pack", "--framework", "iso-27001").stdout
        self.assertRegex(table, r"  failed +A\.5\.14 +Information transfer\n +ailz-st-tls: 1 noncompliant\. .*\n +old at export\.json:")
        self.assertNotIn("A.5.1 ", table)
        every = self.zone.run("posture", "compliance", "export.json", "--policy", "pack", "--framework", "iso-27001", "--all").stdout
        self.assertRegex(every, r"  manual +A\.5\.1 ")
        counts = self.zone.run("posture", "compliance", "export.json", "--policy", "pack").stdout
        self.assertIn("its controls one by one: --framework ", counts)

    def test_coverage_scans_nothing(self):
        told = self.zone.run("posture", "compliance", "export.json", "--coverage", code=2).stderr
        self.assertIn("error CLI0060: --coverage does not go with PATH", told)
        told = self.zone.run("posture", "compliance", "--coverage", "-f", "oscal", code=2).stderr
        self.assertIn("error CLI0060", told)


if __name__ == "__main__":
    unittest.main()
