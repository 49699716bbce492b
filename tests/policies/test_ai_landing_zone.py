#!/usr/bin/env python3
"""The AI landing-zone pack: every definition gives each fixture of its folder the verdict that the file's name says."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
PACK = ROOT / "content/policies/ai-landing-zone"
FIXTURES = ROOT / "tests/policies/ai-landing-zone"
DEFINITIONS = {path.stem: path for path in sorted(PACK.glob("*/ailz-*.json")) if path.parent.name != "relations"}
RELATIONS = {path.stem: path for path in sorted((PACK / "relations").glob("ailz-*.json"))}
INITIATIVE = json.loads((PACK / "initiative.json").read_text())

# A rule may see in one place only that a resource is in order, and in another that it does not apply.
ALLOWED = {"compliant": {"compliant", "notApplicable"}, "noncompliant": {"noncompliant", "compliant", "notApplicable", "unknown"},
           "unknown": {"unknown", "compliant", "notApplicable"}}


def run(*arguments):
    return subprocess.run([BINARY, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=60)


def states(fixture):
    name = fixture.parent.name
    chosen = ["--policy", DEFINITIONS[name]] if name in DEFINITIONS else ["--initiative", "ailz"]
    arguments = ["posture", "scan", fixture, *chosen, "--all", "-f", "json"]
    parameters = fixture.parent / "parameters.json"
    if parameters.exists():
        arguments += ["--policy-parameters", parameters]
    done = run(*arguments)
    if done.returncode != 0:
        return {f"exit {done.returncode}: {done.stderr}"}
    return {finding["state"] for finding in json.loads(done.stdout)["findings"] if finding["policy"]["name"] == name}


def fixtures():
    return [path for path in sorted(FIXTURES.glob("ailz-*/*.json")) if path.name != "parameters.json" and path.parent.name in {**DEFINITIONS, **RELATIONS}]


class Fixtures(unittest.TestCase):
    def test_each_gives_its_verdict(self):
        files = fixtures()
        self.assertGreater(len(files), 500)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for path, got in zip(files, pool.map(states, files)):
                wanted = path.stem.split("-")[0]
                with self.subTest(fixture=str(path.relative_to(FIXTURES))):
                    self.assertIn(wanted, ALLOWED)
                    self.assertTrue(got <= ALLOWED[wanted], got)
                    self.assertTrue(wanted == "compliant" or wanted in got, got)

    def test_each_definition_has_both(self):
        for name in DEFINITIONS:
            with self.subTest(definition=name):
                self.assertTrue((FIXTURES / name / "compliant.json").exists())
                self.assertTrue((FIXTURES / name / "noncompliant.json").exists())


VM = "Microsoft.Compute/virtualMachines"
COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
STORAGE = "Microsoft.Storage/storageAccounts"
SIZE = {"hardwareProfile": {"vmSize": "Standard_D4s_v5"}}
GPU = {"hardwareProfile": {"vmSize": "Standard_NC40ads_H100_v5"}}
CMK = {"profileCmk": {"value": True}}
# A resource to which the rule does not apply, and one to which it does and which meets it.
WHEN = {
    "ailz-vm-hostenc": ((VM, {"properties": SIZE}, {}), (VM, {"properties": {**GPU, "securityProfile": {"encryptionAtHost": True}}}, {})),
    "ailz-vm-trusted": ((VM, {"properties": SIZE}, {}), (VM, {"properties": {**GPU, "securityProfile": {"securityType": "TrustedLaunch"}}}, {})),
    "ailz-vm-cvm": ((VM, {"properties": SIZE}, {}),
                    (VM, {"properties": {**SIZE, "securityProfile": {"securityType": "ConfidentialVM"}}}, {"profileConfidential": {"value": True}})),
    "ailz-vm-des": (("Microsoft.Compute/disks", {"properties": {}}, {}),
                    ("Microsoft.Compute/disks", {"properties": {"encryption": {"type": "EncryptionAtRestWithCustomerKey"}}}, CMK)),
    "ailz-foundry-cmk": (("Microsoft.CognitiveServices/accounts", {"kind": "OpenAI", "properties": {}}, {}),
                         ("Microsoft.CognitiveServices/accounts", {"kind": "OpenAI", "properties": {"encryption": {"keySource": "Microsoft.KeyVault"}}}, CMK)),
    "ailz-search-cmk": (("Microsoft.Search/searchServices", {"properties": {}}, {}),
                        ("Microsoft.Search/searchServices", {"properties": {"encryptionWithCmk": {"enforcement": "Enabled"}}}, CMK)),
    "ailz-aml-cmk": (("Microsoft.MachineLearningServices/workspaces", {"kind": "Project", "properties": {}}, CMK),
                     ("Microsoft.MachineLearningServices/workspaces", {"properties": {"encryption": {"status": "Enabled"}}}, CMK)),
    "ailz-aml-hbi": (("Microsoft.MachineLearningServices/workspaces", {"tags": {"data": "Internal"}, "properties": {}}, {}),
                     ("Microsoft.MachineLearningServices/workspaces", {"tags": {"data": "Confidential"}, "properties": {"hbiWorkspace": True}}, {})),
    "ailz-st-infra": ((STORAGE, {"properties": {}}, {}),
                      (STORAGE, {"tags": {"data": "HighlyConfidential"}, "properties": {"encryption": {"requireInfrastructureEncryption": True}}}, {})),
    "ailz-kv-hsm": (("Microsoft.KeyVault/vaults/keys", {"properties": {"kty": "RSA"}}, {}),
                    ("Microsoft.KeyVault/vaults/keys", {"tags": {"purpose": "model-weights"}, "properties": {"kty": "RSA-HSM"}}, {})),
    "ailz-apim-nv": (("Microsoft.ApiManagement/service/namedValues", {"properties": {"secret": False}}, {}),
                     ("Microsoft.ApiManagement/service/namedValues", {"properties": {"secret": True, "keyVault": {"secretIdentifier": "x"}}}, {})),
    "ailz-rbac-spowner": (("Microsoft.Authorization/roleAssignments", {"properties": {"principalType": "User", "roleDefinitionId": "x"}}, {}),
                          ("Microsoft.Authorization/roleAssignments", {"properties": {"principalType": "ServicePrincipal", "roleDefinitionId": "x"}}, {})),
    "ailz-rbac-custom": (("Microsoft.Authorization/roleDefinitions", {"properties": {"type": "BuiltInRole", "permissions": [{"actions": ["*"]}]}}, {}),
                         ("Microsoft.Authorization/roleDefinitions", {"properties": {"type": "CustomRole", "permissions": [{"actions": ["a/read"]}]}}, {})),
    **{f"ailz-amlc-{one}": ((COMPUTE, {"properties": {"computeType": "Kubernetes"}}, {}),
                            (COMPUTE, {"properties": {"computeType": "ComputeInstance", **written}}, {}))
       for one, written in (("nopip", {"properties": {"enableNodePublicIp": False}}), ("localauth", {"disableLocalAuth": True}),
                            ("ssh", {"properties": {"sshSettings": {"sshPublicAccess": "Disabled"}}}),
                            ("idle", {"properties": {"idleTimeBeforeShutdown": "PT30M"}}), ("sso", {"properties": {"enableSSO": False}}))},
}


class Applicability(unittest.TestCase):
    """What a rule is not about is no evidence that it is met: metadata.when says which conditions decide that."""

    def scan(self, folder, kind, body, parameters, *command):
        path = pathlib.Path(folder) / "t.json"
        name = "/".join(["aaaa"] * kind.count("/"))
        path.write_text(json.dumps({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                                    "contentVersion": "1.0.0.0",
                                    "resources": [{"type": kind, "apiVersion": "2024-07-01", "name": name, **body}]}))
        done = run("posture", *command, path, "--all", "--policy-parameters", json.dumps(parameters))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_each_rule_that_says_when(self):
        says = {name for name, path in DEFINITIONS.items() if "when" in json.loads(path.read_text())["properties"]["metadata"]}
        self.assertEqual(says, set(WHEN))
        for name, cases in WHEN.items():
            for (kind, body, parameters), state in zip(cases, ("notApplicable", "compliant")):
                with self.subTest(name, state=state), tempfile.TemporaryDirectory() as folder:
                    out = self.scan(folder, kind, body, parameters, "scan", "--policy", DEFINITIONS[name], "-f", "json")
                    self.assertEqual([one["state"] for one in json.loads(out)["findings"]], [state])

    def test_when_names_conditions_of_the_rule(self):
        for name in WHEN:
            properties = json.loads(DEFINITIONS[name].read_text())["properties"]
            for one in properties["metadata"]["when"]:
                self.assertIn(json.dumps(one), json.dumps(properties["policyRule"]["if"]), name)

    def test_it_is_no_evidence(self):
        with tempfile.TemporaryDirectory() as folder:
            out = self.scan(folder, VM, {"properties": SIZE}, {}, "compliance", "--framework", "mcsb-v2")
            self.assertNotRegex(out, r"(?m)^ +passed ")
            out = self.scan(folder, VM, {"properties": SIZE}, {}, "compliance", "--framework", "mcsb-v2", "-f", "oscal")
            findings = json.loads(out)["assessment-results"]["results"][0].get("findings", [])
            self.assertNotIn("satisfied", [one["target"]["status"]["state"] for one in findings])


class Pack(unittest.TestCase):
    def test_the_check_finds_nothing(self):
        done = run("policy", "check", PACK, "--fail-on", "low", "--verbose")
        self.assertEqual((done.returncode, done.stdout.count("POL")), (0, 0), done.stdout + done.stderr)

    def test_each_definition_is_a_member_once(self):
        members = [reference["policyDefinitionId"].rpartition("/")[2] for reference in INITIATIVE["properties"]["policyDefinitions"]]
        self.assertEqual(sorted(members), sorted(DEFINITIONS))
        references = [reference["policyDefinitionReferenceId"] for reference in INITIATIVE["properties"]["policyDefinitions"]]
        self.assertEqual(sorted(references), sorted(members))

    def test_each_relation_check_is_named(self):
        self.assertEqual(sorted(INITIATIVE["properties"]["metadata"]["relations"]), sorted(RELATIONS))

    def test_shape_is_what_azure_takes(self):
        """az policy definition create: REST API reference, Policy Definitions - Create Or Update."""
        for name, path in DEFINITIONS.items():
            with self.subTest(definition=name):
                definition = json.loads(path.read_text())
                self.assertEqual(definition["name"], name)
                self.assertEqual(definition["type"], "Microsoft.Authorization/policyDefinitions")
                properties = definition["properties"]
                self.assertEqual(properties["policyType"], "Custom")
                self.assertIn(properties["mode"], ("All", "Indexed"))
                self.assertLessEqual(len(name), 64)
                self.assertLessEqual(len(properties["displayName"]), 128)
                self.assertLessEqual(len(properties["description"]), 512)
                self.assertIn(properties["metadata"]["severity"], ("low", "medium", "high"))
                self.assertIn("effect", properties["parameters"])
                self.assertEqual(set(properties["policyRule"]), {"if", "then"})

    def test_each_definition_has_a_guide(self):
        for folder in sorted({path.parent for path in {**DEFINITIONS, **RELATIONS}.values()}):
            text = (folder / "guide.yaml").read_text()
            entries = re.split(r"(?m)^- definition: ", text)[1:]
            guided = {entry.split("\n", 1)[0].strip(): entry for entry in entries}
            self.assertEqual(sorted(guided), sorted(path.stem for path in folder.glob("ailz-*.json")))
            for name, entry in guided.items():
                with self.subTest(definition=name):
                    for key in ("assertion", "why", "arm", "azapi", "azurerm"):
                        self.assertRegex(entry, rf"(?m)^  {key}:")
                    arm = re.search(r"(?m)^  arm: \|\n((?:    .*\n|\n)+)", entry)
                    json.loads(arm.group(1))


if __name__ == "__main__":
    unittest.main()
