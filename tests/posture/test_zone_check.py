#!/usr/bin/env python3
"""zone check and zone show: what Azure would not take, each with its place; names and forms of the commands."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harbor_zone import ZONE, Folder, assignment, definition  # noqa: E402


class ZoneCheck(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Folder(scratch.name)

    def check(self, *wanted, code=1):
        """Each of `wanted` stands in a line of its own."""
        out = self.folder.run("zone", "check", "zone.yaml", code=code).stdout
        for one in wanted:
            self.assertTrue(any(one in line for line in out.splitlines()), (one, out))
        return out

    def test_parameters_of_relation_checks(self):
        self.folder.write("assignments/more.json", assignment("more", "ailz", {"centralWorkspace": "x", "centralWorkspase": "x"}))
        done = self.folder.run("zone", "check", "zone.yaml", "-v", code=1)
        self.assertIn("hint POS0016: more sets the parameter centralWorkspace, which only relation checks read", done.stderr + done.stdout)
        self.assertIn("hint POS0016", self.folder.run("zone", "check", "zone.yaml", "--fail-on", "low", code=1).stdout, "what decides is shown")
        self.assertIn("centralWorkspase, which ailz does not have (did you mean centralWorkspace?)", done.stderr + done.stdout)

    def test_counts(self):
        self.assertEqual(self.check(code=0), "2 scopes, 1 assignment, 0 exemptions, 2 policies\n")

    def test_a_value_that_azure_would_not_take(self):
        rule = definition("storage-tls", "minimumTlsVersion", "TLS1_2", effect="[parameters('effect')]")
        rule["properties"]["parameters"]["effect"] = {"type": "String", "allowedValues": ["Audit", "Deny"], "defaultValue": "Audit"}
        self.folder.write("policies/tls.json", rule)
        self.folder.write("assignments/baseline.json", assignment("baseline", "storage-tls", {"effect": "Denyy"}, kind="policyDefinitions"))
        line = json.dumps(assignment("baseline", "storage-tls", {"effect": "Denyy"}, kind="policyDefinitions"), indent=1).splitlines()
        at = next(i for i, text in enumerate(line, 1) if "Denyy" in text)
        self.check(f"assignments/baseline.json:{at}:14: error POS0005: the assignment baseline: the definition storage-tls can't be used: "
                   "the value of the parameter effect is not one of its allowedValues (did you mean Deny?)")
        del rule["properties"]["parameters"]["effect"]["allowedValues"]
        self.folder.write("policies/tls.json", rule)
        self.check(f"assignments/baseline.json:{at}:14: error POS0005", "unknown effect: Denyy (did you mean deny?)")

    def test_a_rule_that_azure_would_not_take(self):
        rule = definition("storage-tls", "minimumTlsVersion", "TLS1_2")
        rule["properties"]["policyRule"]["if"]["allOf"][1]["notEqual"] = "x"
        self.folder.write("policies/tls.json", rule)
        self.check("policies/tls.json:", "error POS0005")

    def test_subscriptions_scopes_and_identities(self):
        rule = definition("tag", "minimumTlsVersion", "TLS1_2")
        rule["properties"]["policyRule"]["then"] = {"effect": "modify", "details": {"roleDefinitionIds": ["/x"], "operations": [
            {"operation": "addOrReplace", "field": "tags['a']", "value": "b"}]}}
        self.folder.write("policies/tag.json", rule)
        self.folder.write("assignments/tag.json", assignment("tag", "tag", kind="policyDefinitions"))
        (self.folder.path / "infra").mkdir()
        self.folder.write("zone.yaml", ZONE.replace("  - id: 00000000-0000-0000-0000-000000000001", "  - id: ai-prod") +
                          "templates:\n  - {path: infra, scope: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups}\n")
        out = self.check("zone.yaml:4:5: error POS0026: the id of a subscription is no GUID: ai-prod",
                         "error POS0019: templates lie at what is no scope", "warning POS0027: tag has no identity")
        self.assertNotIn("baseline has no identity", out)
        row = assignment("tag", "tag", kind="policyDefinitions")
        row.update(identity={"type": "SystemAssigned"}, location="swedencentral")
        self.folder.write("assignments/tag.json", row)
        self.assertNotIn("POS0027", self.check())

    def test_paths_that_are_not_there(self):
        self.folder.write("zone.yaml", ZONE.replace("assignments: [assignments]", "assignments: [asignments]") +
                          "templates:\n  - {path: infra, scope: 00000000-0000-0000-0000-000000000001}\n")
        self.check("zone.yaml:7:15: error POS0018: the assignments are not there: asignments (did you mean assignments?)",
                   "zone.yaml:11:5: error POS0018: the templates are not there: infra (paths are meant from the zone file's folder)")
        done = self.folder.run("posture", "scan", "--zone", "zone.yaml", code=2)
        self.assertIn("zone.yaml:7:15: error POS0018", done.stderr)

    def test_both_forms(self):
        for verb in ("check", "show"):
            one = self.folder.run("zone", verb, "zone.yaml").stdout
            self.assertEqual(self.folder.run("zone", verb, "--zone", "zone.yaml").stdout, one)
            self.assertIn("CLI0051", self.folder.run("zone", verb, "zone.yaml", "--zone", "zone.yaml", code=2).stderr)
        self.assertIn("CLI0005", self.folder.run("zone", "check", code=2).stderr)

    def test_why(self):
        done = self.folder.run("zone", "show", "zone.yaml", "--at", "harbor", "--why", "storage-tsl", code=2)
        self.assertIn("did you mean storage-tls?", done.stderr)
        self.assertIn("CLI0052", self.folder.run("zone", "show", "zone.yaml", "--at", "harbor", "--why", "nothing", code=2).stderr)
        self.folder.write("assignments/low.json", {**assignment("low", "storage-access", kind="policyDefinitions")})
        self.assertIn("audit", self.folder.run("zone", "show", "zone.yaml", "--at", "harbor", "--why", "Storage: storage-tls").stdout)

    def test_names_and_owners_in_the_tree(self):
        self.folder.write("zone.yaml", ZONE.replace("    managementGroup: harbor", "    managementGroup: harbor\n    displayName: AI Prod\n    owner: ann@harbor.example"))
        out = self.folder.run("zone", "show", "zone.yaml").stdout
        self.assertRegex(out, r"scope +here +in force +pairs +deny +name +owner\n")
        self.assertRegex(out, r"000000000001 .* AI Prod +ann@harbor.example\n")


if __name__ == "__main__":
    unittest.main()
