#!/usr/bin/env python3
"""What was not judged must not look green: policies that can't be used, places that nobody named, halves of comparisons."""

import csv
import io
import json
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harbor_zone import GROUP, SUBSCRIPTION, Folder, account, assignment, definition, state  # noqa: E402

OTHER = "/subscriptions/00000000-0000-0000-0000-000000000002"
ZONE = """\
name: harbor zone
location: swedencentral
managementGroups:
  - id: harbor
    displayName: Harbor
    owner: platform@harbor.example
  - id: quay
    parent: harbor
subscriptions:
  - id: 00000000-0000-0000-0000-000000000001
    displayName: AI Prod
    managementGroup: quay
policies: [policies]
assignments: [assignments]
templates:
  - path: infra
    scope: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-ai
"""


def template(**properties):
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "stquay",
                       "location": "[resourceGroup().location]", "properties": properties}],
    }


def tag_policy():
    rule = definition("tag-env", "x", "y")
    rule["properties"].update(parameters={}, mode="Indexed", policyRule={
        "if": {"field": "tags['env']", "exists": "false"},
        "then": {"effect": "modify", "details": {"roleDefinitionIds": ["/providers/x"], "operations": [
            {"operation": "addOrReplace", "field": "tags['env']", "value": "[resourceGroup().tags['env']]"}]}}})
    return rule


class NotJudged(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Folder(scratch.name)
        for old in ("policies/access.json", "policies/set.json"):
            (self.folder.path / old).unlink()
        self.folder.write("zone.yaml", ZONE)
        self.folder.write("infra/main.json", template(minimumTlsVersion="TLS1_2"))
        self.tls("deny")
        self.assign("tls", "storage-tls")

    def tls(self, effect, operator="notEquals", more=None):
        rule = definition("storage-tls", "minimumTlsVersion", "TLS1_2", effect=effect)
        condition = rule["properties"]["policyRule"]["if"]["allOf"][1]
        condition[operator] = condition.pop("notEquals")
        rule["properties"]["parameters"].update(more or {})
        self.folder.write("policies/tls.json", rule)

    def assign(self, name, of, **values):
        self.folder.write(f"assignments/{name}.json", assignment(name, of, values, kind="policyDefinitions"))
        baseline = self.folder.path / "assignments/baseline.json"
        baseline.unlink(missing_ok=True)

    def preflight(self, *words, code=0, path="infra"):
        return self.folder.run("posture", "preflight", path, "--zone", "zone.yaml", *words, code=code)

    def test_green_needs_no_more(self):
        done = self.preflight()
        self.assertIn(f"1 resource, 1 policy in force at {SUBSCRIPTION}/resourceGroups/rg-ai: 0 denied", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_definitions_and_values_that_azure_would_not_take(self):
        def wrong(name):
            for form in ("table", "markdown", "json"):
                done = self.preflight("-f", form, code=3)
                self.assertIn("error POS0023: not judged: 1 policy in force", done.stderr)
                self.assertIn("wherever it is assigned" if form != "json" else name, done.stdout)
            found = json.loads(done.stdout)
            self.assertEqual((found["denied"], [one["definition"] for one in found["unknown"]]), ([], ["storage-tls"]))
            self.folder.run("posture", "scan", "--zone", "zone.yaml", code=3)
        self.tls("deny", operator="notEqual")
        wrong("unknown operator: notEqual")
        effect = {"effect": {"type": "String", "allowedValues": ["Audit", "Deny"], "defaultValue": "Audit"}}
        self.tls("[parameters('effect')]", more=effect)
        self.assign("tls", "storage-tls", effect="Denyy")
        wrong("not one of its allowedValues")
        del effect["effect"]["allowedValues"]
        self.tls("[parameters('effect')]", more=effect)
        wrong("unknown effect: Denyy")
        (self.folder.path / "policies/tls.json").unlink()
        self.assertIn("POS0023", self.preflight(code=3).stderr)

    def test_every_format_has_what_was_not_judged(self):
        row = account("old")
        for content, code, tag, exit_code in (("[{", "DOC0101", "error", 3), ({"data": [row], "total_records": 2}, "EST0106", "skipped", 0),
                                              ([row, "row"], "EST0107", "skipped", 0)):
            with self.subTest(code=code):
                self.folder.write("inputs/export.json", content)
                self.folder.write("inputs/main.bicep", "param a string")

                def scan(form, exit_code=exit_code):
                    return self.folder.run("posture", "scan", "inputs", "--policy", "policies", "-f", form, code=exit_code).stdout

                cases = [case for case in ElementTree.fromstring(scan("junit")).iter("testcase") if case.get("classname") == "not judged"]
                self.assertEqual({case.get("name"): case[0].tag for case in cases if case.get("name").startswith("inputs")},
                                 {"inputs/export.json": tag, "inputs/main.bicep": "skipped"})
                self.assertIn(code, "".join(case[0].text for case in cases))
                rows = [row for row in csv.DictReader(io.StringIO(scan("csv"))) if row["state"] == "notJudged"]
                self.assertIn((code, "inputs/export.json", ""), [(row["reason"].split(":")[0], row["file"], row["id"]) for row in rows])
                self.assertIn("inputs/main.bicep", [row["file"] for row in rows])
                markdown = scan("markdown").split("Not looked at", 1)[1]
                self.assertIn("inputs/export.json", markdown)
                self.assertIn("inputs/main.bicep", markdown)

    def test_what_is_denied_is_denied_all_the_same(self):
        self.folder.write("infra/main.json", template(minimumTlsVersion="TLS1_0"))
        self.assign("gone", "not-at-hand")
        self.assertIn("POS0023", self.preflight(code=1).stderr)

    def test_an_evaluation_that_fails_denies(self):
        rule = definition("storage-tls", "minimumTlsVersion", "TLS1_2", effect="deny")
        rule["properties"]["policyRule"]["if"] = {"value": "[int(field('name'))]", "equals": 1}
        self.folder.write("policies/tls.json", rule)
        self.assertIn("can't be evaluated", self.preflight(code=1).stdout)

    def test_a_template_that_nobody_placed(self):
        self.folder.write("more/main.json", template(minimumTlsVersion="TLS1_0"))
        done = self.preflight(path="more", code=3)
        self.assertIn("POS0013: nothing says where", done.stderr)
        self.assertIn("error POS0024: outside of the landing zone's tree: 1 of 1 resource", done.stderr)
        self.preflight("--at", "quay", path="more", code=1)
        done = self.folder.run("posture", "scan", "more", "--zone", "zone.yaml", code=3)
        self.assertIn("error POS0024", done.stderr)

    def test_an_export_may_hold_more_than_the_zone(self):
        here, there = account("good"), account("far")
        there["id"] = there["id"].replace(SUBSCRIPTION, OTHER)
        self.folder.write("export.json", [here, there])
        self.folder.run("posture", "scan", "export.json", "--zone", "zone.yaml")
        self.folder.write("export.json", [there])
        self.folder.run("posture", "scan", "export.json", "--zone", "zone.yaml", code=3)

    def test_scope_and_at_must_agree(self):
        for at, scope in (("AI Prod", f"{OTHER}/resourceGroups/x"), ("AI Prod", GROUP), ("quay", GROUP)):
            self.assertIn("CLI0048", self.preflight("--at", at, "--scope", scope, code=2).stderr)
        self.preflight("--at", "AI Prod", "--scope", f"{SUBSCRIPTION}/resourceGroups/x")
        self.preflight("--at", "quay", "--scope", f"{OTHER}/resourceGroups/x")

    def test_at_keeps_what_the_zone_file_says(self):
        def where(*words):
            self.folder.write("infra/main.json", template(minimumTlsVersion="TLS1_0"))
            return json.loads(self.preflight(*words, "-f", "json", code=1).stdout)["denied"][0]["resource"]["id"]
        for at in ("harbor", "quay", "AI Prod"):
            self.assertIn(f"{SUBSCRIPTION}/resourceGroups/rg-ai/", where("--at", at))
        self.assertIn(f"{SUBSCRIPTION}/resourceGroups/other/", where("--at", "AI Prod", "--scope", f"{SUBSCRIPTION}/resourceGroups/other"))

    def test_the_owner_is_asked(self):
        self.folder.write("infra/main.json", template(minimumTlsVersion="TLS1_0"))
        for form in ("table", "markdown"):
            self.assertIn("ask platform@harbor.example, who owns", self.preflight("-f", form, code=1).stdout.replace("\\", ""))
        self.folder.write("zone.yaml", ZONE.replace("    owner: platform@harbor.example\n", ""))
        self.assertIn("ask who owns", self.preflight(code=1).stdout)

    def test_unknown_values_in_words(self):
        self.folder.write("policies/tag.json", tag_policy())
        self.assign("env", "tag-env")
        words = "(tags.env of resource group rg-ai, not known here)"
        self.assertIn(f"tags.env: (not set) -> {words}", self.preflight().stdout)
        self.assertIn("$unknown", json.loads(self.preflight("-f", "json").stdout)["modified"][0]["value"])
        self.assertIn(f"fix: set tags.env to {words}", self.folder.run("posture", "scan", "--zone", "zone.yaml").stdout)

    def test_a_misspelt_alias(self):
        rule = definition("storage-tls", "minimumTlsVersoin", "TLS1_2", effect="deny")
        self.folder.write("policies/tls.json", rule)
        for words in (("posture", "preflight", "infra", "--zone", "zone.yaml"), ("zone", "check", "zone.yaml"),
                      ("posture", "scan", "--zone", "zone.yaml")):
            done = self.folder.run(*words, code=1 if words[1] == "preflight" else 0)
            self.assertIn("did you mean Microsoft.Storage/storageAccounts/minimumTlsVersion?", done.stdout + done.stderr)

    def test_a_side_that_could_not_be_read_is_not_compared(self):
        self.folder.write("broken.json", '{"data": [')
        for old, new in (("export.json", "nofile.json"), ("nofile.json", "export.json")):
            done = self.folder.run("posture", "diff", old, new, "--policy", "policies", "-f", "markdown", code=2)
            self.assertEqual(done.stdout, "")
            self.assertIn("EST0101", done.stderr)
        done = self.folder.run("posture", "diff", "export.json", "broken.json", "--policy", "policies", code=3)
        self.assertEqual(done.stdout, "")
        self.assertIn("nothing is compared", done.stderr)

    def test_states_of_resource_graph(self):
        rows = [state("good", "Compliant", assigned="tls"), state("old", "NonCompliant", assigned="tls")]
        for row in rows:
            row["policyDefinitionReferenceId"] = ""
        self.tls("audit")
        graph = [{"id": f"{row['resourceId']}/providers/microsoft.policyinsights/policystates/x", "name": "x",
                  "type": "microsoft.policyinsights/policystates", "properties": row} for row in rows]
        page = {"count": 2, "data": graph, "skip_token": None, "total_records": 2}
        self.folder.write("rest.json", {"value": rows})
        self.folder.write("graph.json", page)
        self.folder.write("lines.jsonl", "\n".join(json.dumps(row) for row in graph))
        for name in ("rest.json", "graph.json", "lines.jsonl"):
            found = self.folder.json("posture", "compare", "export.json", "--zone", "zone.yaml", "--states", name)
            self.assertEqual((found["summary"]["decided"], found["summary"]["agreed"]), (2, 2), name)
        self.folder.write("other.json", [state("elsewhere", "Compliant", assigned="tls")])
        done = self.folder.run("posture", "compare", "export.json", "--zone", "zone.yaml", "--states", "other.json", code=3)
        self.assertIn("error POS0025", done.stderr)
        done = self.folder.run("posture", "compare", "export.json", "--zone", "zone.yaml", "--states", "nofile.json", code=2)
        self.assertIn("check the path", done.stderr)


if __name__ == "__main__":
    unittest.main()
