#!/usr/bin/env python3
"""posture scan of templates that leave a part open: what is known of ids, texts and arrays decides."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
ACCOUNTS = "Microsoft.CognitiveServices/accounts"
NETWORKS = "Microsoft.Network/virtualNetworks"
VAULTS = "Microsoft.KeyVault/vaults"
SETTINGS = "Microsoft.Insights/diagnosticSettings"
ENDPOINTS = "Microsoft.Network/privateEndpoints"
ROLES = "Microsoft.Authorization/roleAssignments"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def resource(kind, name, properties=None, **more):
    return {"type": kind, "apiVersion": "2023-01-01", "name": name, "location": "westeurope",
            "properties": properties or {}, **more}


def audit(condition, details=None):
    then = {"effect": "auditIfNotExists", "details": details} if details else {"effect": "audit"}
    return {"name": "p", "properties": {"displayName": "p", "mode": "All", "policyRule": {"if": condition, "then": then}}}


class PartlyKnown(unittest.TestCase):
    def scan(self, policy, *resources, variables=None, **parameters):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "policy.json").write_text(json.dumps(policy))
            (path / "t.json").write_text(json.dumps({
                "$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": list(resources), "variables": variables or {},
                "parameters": {name: {"type": kind} for name, kind in parameters.items()}}))
            ran = subprocess.run([BINARY, "posture", "scan", "t.json", "--policy", "policy.json", "--all", "-f", "json"],
                                 cwd=path, capture_output=True, text=True, check=True)
            return {one["resource"]["name"]: one for one in json.loads(ran.stdout)["findings"]}

    def states(self, *words, **more):
        return {name: one["state"] for name, one in self.scan(*words, **more).items() if one["state"] != "notApplicable"}

    def test_role_ids(self):
        policy = audit({"allOf": [{"field": "type", "equals": ROLES},
                                  {"field": f"{ROLES}/roleDefinitionId", "like": f"*{OWNER}"}]})
        path = "/providers/Microsoft.Authorization/roleDefinitions/"
        for guid, state in (OWNER, "noncompliant"), (READER, "compliant"):
            ways = [f"[concat(subscription().id, '{path}{guid}')]",
                    f"[format('/subscriptions/{{0}}{path}{guid}', subscription().subscriptionId)]",
                    f"[extensionResourceId(subscription().id, 'Microsoft.Authorization/roleDefinitions', '{guid}')]",
                    f"[subscriptionResourceId(parameters('s'), 'Microsoft.Authorization/roleDefinitions', '{guid}')]"]
            found = self.states(policy, *(resource(ROLES, f"r{i}", {"roleDefinitionId": way}) for i, way in enumerate(ways)),
                                s="string")
            self.assertEqual(found, {f"r{i}": state for i in range(len(ways))})

    def test_lock_on_an_open_name(self):
        locks = "Microsoft.Authorization/locks"
        policy = audit({"allOf": [{"field": "type", "equals": locks},
                                  {"field": "id", "contains": "/providers/Microsoft.Storage/storageAccounts/"}]})
        lock = resource(locks, "l", {"level": "NotSpecified"},
                        scope="[resourceId('Microsoft.Storage/storageAccounts', parameters('n'))]")
        self.assertEqual(self.states(policy, lock, n="string"), {"l": "noncompliant"})

    def test_one_id_however_it_is_written(self):
        policy = audit({"field": "type", "equals": ACCOUNTS},
                       {"type": ENDPOINTS, "existenceCondition": {"count": {
                           "field": f"{ENDPOINTS}/privateLinkServiceConnections[*]",
                           "where": {"field": f"{ENDPOINTS}/privateLinkServiceConnections[*].privateLinkServiceId",
                                     "equals": "[field('id')]"}}, "greater": 0}})
        name = f"/providers/{ACCOUNTS}/x1"
        for target, state in (
                (f"[resourceId('{ACCOUNTS}', 'x1')]", "compliant"),
                (f"[concat(resourceGroup().id, '{name}')]", "compliant"),
                (f"[format('{{0}}{name}', resourceGroup().id)]", "compliant"),
                (f"[resourceId(resourceGroup().name, '{ACCOUNTS}', 'x1')]", "compliant"),
                (f"[resourceId(subscription().subscriptionId, resourceGroup().name, '{ACCOUNTS}', 'x1')]", "compliant"),
                (f"[toLower(concat(resourceGroup().id, '{name}'))]", "compliant"),
                (f"[concat(resourceGroup().id, '{name}2')]", "noncompliant"),
                (f"[resourceId(parameters('g'), '{ACCOUNTS}', 'x1')]", "unknown")):
            endpoint = resource(ENDPOINTS, "pe", {"privateLinkServiceConnections": [
                {"name": "c", "properties": {"privateLinkServiceId": target}}]})
            self.assertEqual(self.states(policy, resource(ACCOUNTS, "x1"), endpoint, g="string"), {"x1": state}, target)

    def test_known_members_of_an_open_array(self):
        policy = audit({"allOf": [{"field": "type", "equals": NETWORKS}, {"count": {
            "field": f"{NETWORKS}/subnets[*]",
            "where": {"field": f"{NETWORKS}/subnets[*].networkSecurityGroup.id", "exists": False}}, "greater": 0}]})
        every = audit({"allOf": [{"field": "type", "equals": NETWORKS},
                                 {"field": f"{NETWORKS}/subnets[*].networkSecurityGroup.id", "exists": True}]})
        known = {"bare": [{"name": "a", "properties": {}}],
                 "guarded": [{"name": "a", "properties": {"networkSecurityGroup": {"id": "g"}}}]}
        for call in ("concat(parameters('open'), variables('{}'))", "concat(variables('{}'), parameters('open'))",
                     "union(parameters('open'), variables('{}'))",
                     "flatten(createArray(parameters('open'), variables('{}')))"):
            for which, state, all_have in ("bare", "noncompliant", "compliant"), ("guarded", "unknown", "unknown"):
                network = resource(NETWORKS, "v", {"subnets": "[" + call.format(which) + "]"})
                self.assertEqual(self.states(policy, network, variables=known, open="array"), {"v": state}, call)
                self.assertEqual(self.states(every, network, variables=known, open="array"), {"v": all_have}, call)
        finding = self.scan(policy, resource(NETWORKS, "v", {"subnets": "[concat(parameters('open'), variables('bare'))]"}),
                            variables=known, open="array")["v"]
        self.assertEqual(finding["path"], "properties.subnets[*].properties.networkSecurityGroup.id")

    def test_setting_on_an_open_target(self):
        policy = audit({"field": "type", "equals": VAULTS}, {"type": SETTINGS})
        def setting(scope):
            return resource(SETTINGS, "s", scope=scope)
        def of(kind, name):
            return f"[resourceId('{kind}', parameters('{name}'))]"
        vault, other = resource(VAULTS, "kv"), resource(VAULTS, "[parameters('v')]")
        words = {"v": "string", "w": "string"}
        self.assertEqual(self.states(policy, vault, setting("[parameters('w')]"), **words), {"kv": "unknown"})
        self.assertEqual(self.states(policy, vault, setting(of(VAULTS, "w")), **words), {"kv": "unknown"})
        self.assertEqual(self.states(policy, vault, setting(of("Microsoft.Storage/storageAccounts", "w")), **words),
                         {"kv": "noncompliant"})
        old = resource(f"{VAULTS}/providers/diagnosticSettings", "[concat(parameters('w'), '/Microsoft.Insights/s')]")
        self.assertEqual(self.states(policy, vault, old, **words), {"kv": "unknown"})
        # What stands on another resource of the template does not stand on this one.
        self.assertEqual(self.states(policy, vault, other, setting(of(VAULTS, "v")), **words),
                         {"kv": "noncompliant", "{parameters.v}": "compliant"})
        self.assertEqual(self.states(policy, other, setting(of(VAULTS, "w")), **words), {"{parameters.v}": "unknown"})

    def test_functions_that_are_never_null(self):
        keys = f"{VAULTS}/keys"
        policy = audit({"allOf": [{"field": "type", "equals": keys}, {"field": f"{keys}/attributes.exp", "exists": False}]})
        for value, state in (("[dateTimeToEpoch(dateTimeAdd(parameters('now'), 'P1Y'))]", "compliant"),
                             ("[if(parameters('yes'), parameters('i'), null())]", "unknown"),
                             ("[if(parameters('yes'), 1, parameters('i'))]", "compliant")):
            key = resource(keys, "kv/k", {"attributes": {"exp": value}})
            self.assertEqual(self.states(policy, key, now="string", yes="bool", i="int"), {"kv/k": state}, value)

    def test_count_of_values_says_which(self):
        policy = audit({"allOf": [{"field": "type", "equals": VAULTS}, {"count": {
            "value": ["10.0.0.1", "10.0.0.2"], "name": "ip",
            "where": {"field": f"{VAULTS}/networkAcls.ipRules[*].value", "notEquals": "[current('ip')]"}}, "greater": 0}]})
        vault = resource(VAULTS, "kv", {"networkAcls": {"ipRules": [{"value": "10.0.0.1"}]}})
        finding = self.scan(policy, vault)["kv"]
        self.assertEqual(finding["state"], "noncompliant")
        self.assertEqual(finding["path"], "properties.networkAcls.ipRules[0].value")
        self.assertIn('1 of the values ["10.0.0.1","10.0.0.2"] meets the condition', finding["reason"])
        self.assertIn("for 10.0.0.2: properties.networkAcls.ipRules[0].value is 10.0.0.1", finding["reason"])


if __name__ == "__main__":
    unittest.main()
