#!/usr/bin/env python3
"""Which resources of a template posture preflight warns of: that Azure creates others with them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONE = ROOT / "examples/harbor-zone"
SCRIPTS = "Microsoft.Resources/deploymentScripts"
CLUSTERS = "Microsoft.ContainerService/managedClusters"
LEARNING = "Microsoft.MachineLearningServices/workspaces"
ENVIRONMENTS = "Microsoft.App/managedEnvironments"

# Type and properties of a resource -> last segments of the types that Azure creates, and the group they are in.
CASES = {
    "script": (SCRIPTS, {}, {"storageAccounts", "containerGroups"}, None),
    "script-with-an-account": (SCRIPTS, {"storageAccountSettings": {"storageAccountName": "stown"}}, {"containerGroups"}, None),
    "script-with-an-open-account": (
        SCRIPTS, {"storageAccountSettings": {"storageAccountName": "[parameters('open')]"}}, {"storageAccounts", "containerGroups"}, None),
    "cluster": (CLUSTERS, {}, {"virtualMachineScaleSets", "loadBalancers", "publicIPAddresses"}, "MC_*"),
    "cluster-with-a-group": (CLUSTERS, {"nodeResourceGroup": "rg-nodes"}, {"virtualMachineScaleSets"}, "rg-nodes"),
    "closed-learning": (
        LEARNING, {"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}, "containerRegistry": "/x"},
        {"privateEndpointConnections"}, None),
    "open-learning": (LEARNING, {"managedNetwork": {"isolationMode": "Disabled"}}, {"registries"}, None),
    "project-of-a-hub": (LEARNING, {"hubResourceId": "/hub"}, set(), None),
    "internal-apps": (ENVIRONMENTS, {"vnetConfiguration": {"infrastructureSubnetId": "/s", "internal": True}}, {"loadBalancers"}, "ME_*"),
    "public-apps": (
        ENVIRONMENTS, {"vnetConfiguration": {"infrastructureSubnetId": "/s", "internal": False}},
        {"loadBalancers", "publicIPAddresses"}, "ME_*"),
    "apps-without-network": (ENVIRONMENTS, {}, set(), None),
}
EXACT = {"script", "script-with-an-account", "closed-learning", "open-learning", "project-of-a-hub", "apps-without-network"}


def warnings_of(folder):
    resources = [{"type": one[0], "apiVersion": "2024-01-01", "name": name, "location": "swedencentral", "properties": one[1]}
                 for name, one in CASES.items()]
    resources.append({"condition": False, "type": CLUSTERS, "apiVersion": "2024-01-01", "name": "not-deployed"})
    template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                "parameters": {"open": {"type": "string"}}, "resources": resources}
    (folder / "main.json").write_text(json.dumps(template), encoding="utf-8")
    done = subprocess.run(
        [os.environ["REDOUBT_BINARY"], "posture", "preflight", folder / "main.json", "--alz", ZONE / "tree", "--assign",
         ZONE / "assignments", "--policy", ZONE / "policies", "--at", "corp", "-f", "json"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)["warnings"]


def main():
    with tempfile.TemporaryDirectory() as name:
        warnings = warnings_of(pathlib.Path(name))
    mistakes = [f"{one['resource']['name']}: not expected" for one in warnings if one["resource"]["name"] not in CASES]
    for name, (_, _, expected, group) in CASES.items():
        of = [one for one in warnings if one["resource"]["name"] == name]
        made = {kind.rsplit("/", 1)[1] for one in of for kind in one["creates"]}
        if not expected <= made or (name in EXACT and made != expected):
            mistakes.append(f"{name}: {sorted(made)}, expected {sorted(expected)}")
        if group is not None and {one.get("resourceGroup") for one in of} != {group}:
            mistakes.append(f"{name}: in {[one.get('resourceGroup') for one in of]}, expected {group}")
    denied = {one["type"] for warning in warnings for one in warning["mayBeDeniedBy"]}
    if denied != {"Microsoft.Storage/storageAccounts"}:
        mistakes.append(f"may be denied: {denied}")
    print("\n".join(mistakes) or "ok")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
