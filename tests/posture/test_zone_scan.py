#!/usr/bin/env python3
"""posture scan and zone show of a landing zone: exemptions beside selectors, and content that is kept."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harbor_zone import BINARY, SUBSCRIPTION, ZONE, Folder, account, assignment, definition, exemption  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"where": {"type": "string"}},
    "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "stone",
                   "location": "[parameters('where')]", "properties": {"minimumTlsVersion": "TLS1_0", "publicNetworkAccess": "Disabled"}}],
}


class ZoneScan(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Folder(scratch.name)

    def states(self, *words):
        found = self.folder.json("posture", "scan", "--zone", "zone.yaml", *words)
        return sorted((one["policy"]["name"], one["resource"]["name"], one["state"]) for one in found["findings"])

    def test_an_exempted_assignment_does_not_make_an_open_one_sure(self):
        self.folder.write("zone.yaml", ZONE.replace("exports: [export.json]", f"templates: [{{path: main.json, scope: {SUBSCRIPTION}/resourceGroups/rg-data}}]"))
        self.folder.write("main.json", TEMPLATE)
        self.folder.write("exemptions/tls.json", exemption("tls", "baseline", ["tls"]))
        self.assertEqual(self.states(), [("storage-tls", "stone", "exempt")])
        pilot = assignment("pilot", "storage-tls", kind="policyDefinitions")
        pilot["properties"]["resourceSelectors"] = [{"name": "here", "selectors": [{"kind": "resourceLocation", "in": ["swedencentral"]}]}]
        self.folder.write("assignments/pilot.json", pilot)
        self.assertEqual(self.states(), [("storage-tls", "stone", "unknown")])
        del pilot["properties"]["resourceSelectors"]
        self.folder.write("assignments/pilot.json", pilot)
        self.assertEqual(self.states(), [("storage-tls", "stone", "noncompliant")])

    def test_an_exemption_that_names_no_reference_is_told(self):
        self.folder.write("exemptions/tls.json", exemption("tls", "baseline", ["tsl"]))
        done = self.folder.run("posture", "scan", "--zone", "zone.yaml")
        self.assertIn("warning POS0017: the exemption tls names a reference that the initiative storage does not have: tsl",
                      done.stderr)
        self.folder.write("exemptions/tls.json", exemption("tls", "baseline", ["tls"]))
        self.folder.write("exemptions/none.json", [])  # what `az policy exemption list` prints
        self.assertEqual(self.folder.run("posture", "scan", "--zone", "zone.yaml").stderr, "")

    def test_policies_beside_an_initiative_and_wrong_severities_are_told(self):
        for name in ("extra", "more"):
            rule = definition(name, "x", "y")
            rule["properties"]["metadata"]["severity"] = "hgh" if name == "more" else "high"
            self.folder.write(f"others/{name}.json", rule)
        done = self.folder.run("posture", "scan", "export.json", "--policy", "policies", "--policy", "others", "--initiative", "storage")
        self.assertIn("others: warning CLI0074: --policy is not judged with: no initiative of --initiative has one of its policies", done.stderr)
        self.assertEqual(done.stderr.count("CLI0074"), 1)
        self.assertIn("warning POL0209: metadata.severity is no severity, it is passed over: hgh", done.stderr)
        self.assertNotIn("CLI0074", self.folder.run("posture", "scan", "export.json", "--policy", "others").stderr)

    def test_objects_of_a_data_plane_are_unknown_where_something_holds_them(self):
        rule = definition("keys", "minimumTlsVersion", "TLS1_2")
        rule["properties"].update(mode="Microsoft.KeyVault.Data", policyRule={
            "if": {"field": "type", "equals": "Microsoft.KeyVault.Data/vaults/keys"}, "then": {"effect": "audit"}})
        self.folder.write("policies/keys.json", rule)
        self.folder.write("assignments/baseline.json", assignment("baseline", "keys", kind="policyDefinitions"))
        vault = account("safe", type="microsoft.keyvault/vaults")
        vault["id"] = vault["id"].replace("Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults")
        self.folder.write("export.json", [account("good"), vault])
        self.assertEqual(self.states("--all"), [("keys", "safe", "unknown")])
        found = self.folder.json("posture", "scan", "export.json", "--policy", "policies/keys.json")
        self.assertEqual([one["reason"] for one in found["findings"]], ["mode Microsoft.KeyVault.Data needs the result of another system"])
        self.folder.write("exemptions/all.json", exemption("all", "baseline"))
        self.assertEqual(self.states(), [("keys", "safe", "exempt")])

    def test_what_is_assigned_is_found_in_kept_content(self):
        wanted = self.states("--all")
        self.folder.run("content", "add", "policies", "--data", "kept")
        self.folder.write("zone.yaml", ZONE.replace("policies: [policies]\n", ""))
        self.folder.run("posture", "scan", "--zone", "zone.yaml", code=3)
        self.assertEqual(self.states("--all", "--data", "kept"), wanted)

    def test_a_kept_library_gives_the_tree(self):
        subprocess.run([BINARY, "content", "add", ROOT / "examples/harbor-zone/tree", "--data", "kept"], cwd=self.folder.path,
                       check=True, capture_output=True)
        found = self.folder.json("zone", "show", "--data", "kept")
        self.assertIn("corp", [one["scope"] for one in found["scopes"]])
        # A zone file that describes a tree stands by itself.
        found = self.folder.json("zone", "show", "--data", "kept", "--zone", "zone.yaml")
        self.assertEqual([one["scope"] for one in found["scopes"]], ["harbor", "00000000-0000-0000-0000-000000000001"])

    def test_subscriptions_fill_the_tree_of_a_kept_library(self):
        subprocess.run([BINARY, "content", "add", ROOT / "examples/harbor-zone/tree", "--data", "kept"], cwd=self.folder.path,
                       check=True, capture_output=True)
        one = "00000000-0000-0000-0000-000000000001"
        self.folder.write("zone.yaml", f"subscriptions:\n- {{id: {one}, managementGroup: corp}}\n")
        found = {scope["scope"]: scope for scope in self.folder.json("zone", "show", "--data", "kept", "--zone", "zone.yaml")["scopes"]}
        self.assertIn("corp", found)
        self.assertIn(one, found)
        shown = self.folder.json("zone", "show", "--data", "kept", "--zone", "zone.yaml", "--at", one)
        self.assertEqual(shown["parents"][0], "corp")
        # Those that lie in no group need no tree.
        self.folder.write("zone.yaml", f"subscriptions:\n- {{id: {one}}}\n")
        found = self.folder.json("zone", "show", "--data", "kept", "--zone", "zone.yaml")
        self.assertEqual([scope["scope"] for scope in found["scopes"]], [one])


if __name__ == "__main__":
    unittest.main()
