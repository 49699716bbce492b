#!/usr/bin/env python3
"""Relation checks from outside: templates of ours with the verdicts they must get, and the commands that carry them."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
FOLDER = ROOT / "tests/policies/ai-landing-zone/relations"
DEFINITIONS = "content/policies/ai-landing-zone/relations"
INITIATIVE = "tests/posture/cases/relations/initiative.json"
GROUP = "/providers/Microsoft.Management/managementGroups/corp"
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"


def run(*arguments, cwd=ROOT):
    done = subprocess.run([BINARY, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def scan(template, *more):
    return run("posture", "scan", template, "--policy", DEFINITIONS, "--initiative", INITIATIVE, *more)


def states(findings, expected):
    kind, _, name = expected["resource"].rpartition("/")
    return {one["state"] for one in findings
            if one["policy"]["name"] == expected["policy"] and one["resource"]["type"].lower() == kind.lower()
            and name in ("*", one["resource"]["name"].split("/")[-1])}


class Templates(unittest.TestCase):
    def check(self, path, template):
        metadata = template["metadata"]
        parameters = ["--policy-parameters", json.dumps(metadata["policyParameters"])] if "policyParameters" in metadata else []
        code, out, err = scan(path, "--all", "-f", "json", *parameters)
        self.assertEqual((code, err), (0, ""))
        findings = json.loads(out)["findings"]
        for expected in metadata["expect"]:
            self.assertEqual(states(findings, expected), {expected["state"]}, f"{path}: {expected}")
            if "reason" in expected:
                self.assertIn(expected["reason"], {one["reason"] for one in findings if one["policy"]["name"] == expected["policy"]})
        for one in findings:
            if one["state"] == "noncompliant":
                self.assertTrue(one["fix"]["text"] and one["location"]["line"], one)
            if one["state"] == "unknown":
                self.assertTrue(one["unknown"] and one["unknown"][0]["origin"], one)
        return findings

    def test_templates(self):
        paths = sorted(FOLDER.glob("*.json"))
        self.assertGreaterEqual(len(paths), 24)
        seen = set()
        for path in paths:
            with self.subTest(path.stem):
                template = json.loads(path.read_text())
                self.check(path, template)
                seen |= {(one["policy"], one["state"]) for one in template["metadata"]["expect"]}
        for name in json.loads((ROOT / INITIATIVE).read_text())["properties"]["metadata"]["relations"]:
            self.assertTrue({(name, "compliant"), (name, "noncompliant")} <= seen, f"{name}: not shown both ways")

    def test_variants(self):
        with tempfile.TemporaryDirectory() as folder:
            for line in (ROOT / "tests/posture/cases/relations/variants.jsonl").read_text().splitlines():
                case = json.loads(line)
                path = pathlib.Path(folder) / f"{case['name']}.json"
                path.write_text(json.dumps(case["template"]))
                with self.subTest(case["name"]):
                    self.check(path, case["template"])


class Roles(unittest.TestCase):
    """Every privileged role is known by the id that Azure gives it: "Azure built-in roles", Privileged."""

    ROLES = {"Owner": ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", True, True),
             "Owner, miswritten": ("8e3af657-a8ff-443c-a75c-2fe8c4727635", True, True),
             "User Access Administrator": ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", True, True),
             "Role Based Access Control Administrator": ("f58310d9-a9f6-439a-9e8d-f62e7b41a168", True, True),
             "Contributor": ("b24988ac-6180-42a0-ab88-20f7382dd24c", False, True),
             "Reader": ("acdd72a7-3385-48ef-bd42-f606fba81ae7", False, False),
             "Cognitive Services OpenAI User": ("5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", False, False)}

    @staticmethod
    def template(role):
        definition = f"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')]"
        authorization = "Microsoft.Authorization/"
        policy = "[subscriptionResourceId('Microsoft.Authorization/roleManagementPolicies', 'p')]"
        return {"$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
                "contentVersion": "1.0.0.0",
                "resources": [{"type": authorization + "roleAssignments", "apiVersion": "2022-04-01", "name": f"{n}0000000-0000-4000-8000-000000000001",
                               "properties": {"roleDefinitionId": definition, "principalId": f"{n}0000000-1111-2222-3333-444444444444",
                                              "principalType": "ServicePrincipal"}} for n in range(1, 5)]
                + [{"type": authorization + "roleManagementPolicies", "apiVersion": "2020-10-01", "name": "p", "properties": {"rules": []}},
                   {"type": authorization + "roleManagementPolicyAssignments", "apiVersion": "2020-10-01", "name": "t",
                    "properties": {"policyId": policy, "roleDefinitionId": definition}}]}

    def test_each_role(self):
        for name, (role, gives_rights, privileged) in self.ROLES.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "t.json"
                path.write_text(json.dumps(self.template(role)))
                code, out, err = run("posture", "scan", path, "--initiative", "ailz", "-f", "json")
                self.assertEqual((code, err), (0, ""))
                found = {one["policy"]["name"] for one in json.loads(out)["findings"] if one["state"] == "noncompliant"}
                wanted = {"ailz-rbac-owner": gives_rights, "ailz-rbac-spowner": privileged, "ailz-rbac-pim": privileged}
                self.assertEqual({check: check in found for check in wanted}, wanted)


class Mistakes(unittest.TestCase):
    """What a template says twice or in a circle is told, and does not look judged."""

    STORAGE = {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2024-01-01", "name": "s"}

    def scan(self, properties, **more):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "t.json"
            path.write_text(json.dumps({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                                        "contentVersion": "1.0.0.0", **more, "resources": [{**self.STORAGE, "properties": properties}]}))
            return run("posture", "scan", path, "--initiative", "ailz")

    def test_a_circle_ends_with_3(self):
        circle = {"variables": {"a": "[variables('b')]", "b": "[variables('a')]"}}
        of_parameters = {"parameters": {"a": {"type": "string", "defaultValue": "[parameters('b')]"},
                                        "b": {"type": "string", "defaultValue": "[parameters('a')]"}}}
        for value, more in (("[variables('a')]", circle), ("[parameters('a')]", of_parameters)):
            with self.subTest(value):
                code, _, err = self.scan({"publicNetworkAccess": value}, **more)
                self.assertEqual(code, 3)
                self.assertIn("ARM0208", err)

    def test_two_spellings_are_told(self):
        code, _, err = self.scan({"publicNetworkAccess": "Disabled", "PublicNetworkAccess": "Enabled"})
        self.assertEqual((code, err.count("DOC0104")), (0, 1))
        self.assertIn("publicNetworkAccess and PublicNetworkAccess", err)


class Commands(unittest.TestCase):
    PUBLIC = "tests/policies/ai-landing-zone/relations/balancer-public.json"

    def test_policy_check_finds_nothing(self):
        code, out, err = run("policy", "check", DEFINITIONS, INITIATIVE, "--fail-on", "low")
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn("relation check", out)

    def test_unknown_names_are_told(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = pathlib.Path(folder) / "wrong.json"
            wrong.write_text(json.dumps({"name": "w", "properties": {"mode": "Redoubt.Relations", "relation": {"check": "nonesuch", "effect": "Audit"}}}))
            self.assertIn("POL0009", run("policy", "check", wrong)[1])
            initiative = pathlib.Path(folder) / "set.json"
            initiative.write_text(json.dumps({"name": "s", "properties": {"metadata": {"relations": ["ailz-nonesuch", "ailz-door-load-balancer"]}, "policyDefinitions": []}}))
            code, out, err = run("posture", "scan", self.PUBLIC, "--policy", DEFINITIONS, "--initiative", initiative, "-f", "json")
            self.assertEqual(code, 0)
            self.assertIn("POS0001", err)
            self.assertIn("ailz-nonesuch", err)
            self.assertEqual([one["policy"]["name"] for one in json.loads(out)["findings"]], ["ailz-door-load-balancer"])

    def test_effects(self):
        with tempfile.TemporaryDirectory() as folder:
            definition = pathlib.Path(folder) / "one.json"
            for effect, code, findings in (("Audit", 0, 1), ("Disabled", 0, 0), ("Deny", 0, 1)):
                definition.write_text(json.dumps({"name": "one", "properties": {"mode": "Redoubt.Relations", "relation": {"check": "load-balancer-door", "effect": effect}}}))
                got, out, err = run("posture", "scan", self.PUBLIC, "--policy", definition, "-f", "json")
                self.assertEqual((got, len(json.loads(out)["findings"])), (code, findings), effect + err)
            self.assertEqual(json.loads(out)["findings"][0]["state"], "error")  # nothing denies by a relation check

    def test_outputs(self):
        code, out, _ = scan(self.PUBLIC)
        self.assertEqual(code, 0)
        self.assertIn("No public load balancer leads to a model server", out)
        self.assertIn("balancer-public.json:", out)
        sarif = json.loads(scan(self.PUBLIC, "-f", "sarif")[1])
        rules = {one["ruleId"]: one for one in sarif["runs"][0]["results"]}
        self.assertGreater(rules["ailz-door-load-balancer"]["locations"][0]["physicalLocation"]["region"]["startLine"], 1)
        self.assertEqual(scan(self.PUBLIC, "--fail-on", "high")[0], 1)

    def test_a_baseline_accepts_one(self):
        with tempfile.TemporaryDirectory() as folder:
            findings = json.loads(scan(self.PUBLIC, "-f", "json")[1])["findings"]
            baseline = pathlib.Path(folder) / "baseline.json"
            baseline.write_text(json.dumps({"schema": "redoubt.baseline/1", "accepted": [{"finding": one["id"], "reason": "known", "owner": "edge"} for one in findings]}))
            code, out, err = scan(self.PUBLIC, "-f", "json", "--baseline", baseline, "--fail-on", "low")
            self.assertEqual(code, 0, err)
            self.assertTrue(all("accepted" in one for one in json.loads(out)["findings"]))

    def test_a_diff_tells_what_got_worse(self):
        code, out, err = run("posture", "diff", "tests/policies/ai-landing-zone/relations/balancer-internal.json", self.PUBLIC,
                             "--policy", DEFINITIONS, "--initiative", INITIATIVE, "-f", "json")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("ailz-door-load-balancer", out)

    def test_zones_and_preflights(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            assign = f"{GROUP}/providers/Microsoft.Authorization/policyAssignments/ailz"
            (folder / "assignment.json").write_text(json.dumps({"name": "ailz", "id": assign, "properties": {
                "scope": GROUP, "policyDefinitionId": "/providers/Microsoft.Authorization/policySetDefinitions/ailz-relations",
                "parameters": {"centralWorkspace": {"value": "x"}}}}))
            (folder / "exemption.json").write_text(json.dumps({"name": "edge", "id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/policyExemptions/edge", "properties": {
                "policyAssignmentId": assign, "exemptionCategory": "Waiver", "policyDefinitionReferenceIds": ["ailz-door-load-balancer"]}}))
            zone = folder / "zone.yaml"
            tree = (f"managementGroups:\n  - id: corp\nsubscriptions:\n  - id: {SUBSCRIPTION}\n    managementGroup: corp\n"
                    f"policies: [{ROOT / DEFINITIONS}, {ROOT / INITIATIVE}]\nassignments: [assignment.json]\n")
            place = ("--scope", f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg")
            zone.write_text(tree)
            code, out, err = run("posture", "scan", self.PUBLIC, "--zone", zone, *place, "-f", "json")
            found = {one["policy"]["name"]: one for one in json.loads(out)["findings"]}
            self.assertEqual(found["ailz-door-load-balancer"]["policy"]["assignments"][0]["referenceId"], "ailz-door-load-balancer", err)
            code, out, err = run("posture", "preflight", self.PUBLIC, "--zone", zone, "--at", SUBSCRIPTION, *place, "-f", "json")
            self.assertEqual(code, 0, err)
            self.assertIn("ailz-door-load-balancer", [one["definition"] for one in json.loads(out)["reported"]])
            zone.write_text(tree + "exemptions: [exemption.json]\n")
            code, out, err = run("posture", "scan", self.PUBLIC, "--zone", zone, *place, "--all", "-f", "json")
            found = {one["policy"]["name"]: one["state"] for one in json.loads(out)["findings"] if "loadBalancers" in one["resource"]["type"]}
            self.assertEqual(found["ailz-door-load-balancer"], "exempt", err)
            code, out, err = run("zone", "show", "--zone", zone, "--at", "corp")
            self.assertEqual(code, 0, err)

    def test_an_export_without_the_related_types_is_unknown(self):
        with tempfile.TemporaryDirectory() as folder:
            account = json.loads((FOLDER / "endpoint-hardened.json").read_text())["resources"][0]
            account["id"] = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/{account['name']}"
            export = pathlib.Path(folder) / "export.json"
            export.write_text(json.dumps({"count": 1, "total_records": 1, "data": [account]}))
            findings = json.loads(scan(export, "--all", "-f", "json")[1])["findings"]
            self.assertEqual({one["state"] for one in findings if one["policy"]["name"] == "ailz-private-endpoint"}, {"unknown"})


if __name__ == "__main__":
    unittest.main()
