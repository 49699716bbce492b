"""A small landing zone in files, and what `posture preflight` says of a template in it."""
import json
import os
import pathlib
import subprocess
import tempfile

BINARY = os.environ["REDOUBT_BINARY"]
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"
SUB = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{SUB}/resourceGroups/rg-ai"
SECTIONS = ("denied", "modified", "remediated", "reported", "unknown", "exempted")
TREE = {
    "name": "small",
    "management_groups": [
        {"id": "root", "parent_id": None, "display_name": "Root", "archetypes": [], "exists": False},
        {"id": "landingzones", "parent_id": "root", "display_name": "Landing zones", "archetypes": [], "exists": False},
        {"id": "corp", "parent_id": "landingzones", "display_name": "Corp", "archetypes": [], "exists": False},
        {"id": "online", "parent_id": "landingzones", "display_name": "Online", "archetypes": [], "exists": False},
    ],
}


def mg(name):
    return f"/providers/Microsoft.Management/managementGroups/{name}"


def definition(name, condition, effect, details=None, parameters=None, mode="All"):
    then = {"effect": effect}
    if details is not None:
        then["details"] = details
    return {
        "type": "Microsoft.Authorization/policyDefinitions",
        "name": name,
        "id": f"{mg('root')}/providers/Microsoft.Authorization/policyDefinitions/{name}",
        "properties": {"displayName": name, "mode": mode, "policyType": "Custom", "parameters": parameters or {},
                       "policyRule": {"if": condition, "then": then}},
    }


def initiative(name, references, parameters=None):
    """references: name of a definition, or (reference id, definition, parameters)."""
    rows = []
    for one in references:
        reference, member, values = (one, one, {}) if isinstance(one, str) else one
        rows.append({"policyDefinitionReferenceId": reference, "parameters": {k: {"value": v} for k, v in values.items()},
                     "policyDefinitionId": f"{mg('root')}/providers/Microsoft.Authorization/policyDefinitions/{member}"})
    return {"type": "Microsoft.Authorization/policySetDefinitions", "name": name,
            "id": f"{mg('root')}/providers/Microsoft.Authorization/policySetDefinitions/{name}",
            "properties": {"displayName": name, "parameters": parameters or {}, "policyDefinitions": rows}}


def assignment_id(name, scope):
    return f"{scope}/providers/Microsoft.Authorization/policyAssignments/{name}"


def assignment(name, of, scope=None, initiative=False, parameters=None, **properties):
    scope = scope or mg("landingzones")
    kind = "policySetDefinitions" if initiative else "policyDefinitions"
    return {"type": "Microsoft.Authorization/policyAssignments", "name": name, "id": assignment_id(name, scope),
            "properties": {"scope": scope, "policyDefinitionId": f"{mg('root')}/providers/Microsoft.Authorization/{kind}/{of}",
                           "parameters": {k: {"value": v} for k, v in (parameters or {}).items()}, **properties}}


def exemption(name, of, scope=GROUP, at=None, **properties):
    """of: the assignment's name; at: its scope."""
    return {"type": "Microsoft.Authorization/policyExemptions", "name": name,
            "id": f"{scope}/providers/Microsoft.Authorization/policyExemptions/{name}",
            "properties": {"policyAssignmentId": assignment_id(of, at or mg("landingzones")), "exemptionCategory": "Waiver", **properties}}


def template(*resources, subscription=False, **parts):
    kind = "subscriptionDeploymentTemplate" if subscription else "deploymentTemplate"
    year = "2018-05-01" if subscription else "2019-04-01"
    return {"$schema": f"https://schema.management.azure.com/schemas/{year}/{kind}.json#", "contentVersion": "1.0.0.0",
            "resources": list(resources), **parts}


def storage(name="st1", properties=None, **parts):
    return {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": name, "location": "swedencentral",
            "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": properties or {}, **parts}


def nested(name, resources, scope=None, **parts):
    inner = template(*resources)
    out = {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name,
           "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"}, "template": inner}, **parts}
    if scope:
        out["resourceGroup"] = scope
    return out


def is_type(name, *more):
    return {"allOf": [{"field": "type", "equals": name}, *more]}


def entry(section, one):
    text = f"{one['definition']}@{one['assignment']}"
    if "resource" in one:
        text += f" {one['resource']['name']}"
    if section == "modified":
        text += f" {one['path']}={json.dumps(one['value'])}"
    if section == "reported":
        text += f" {one['effect']}/{one['why']}"
    return text


class Outcome:
    def __init__(self, run):
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr
        self.report = json.loads(run.stdout) if run.stdout else {}
        for section in SECTIONS:
            setattr(self, section, sorted(entry(section, one) for one in self.report.get(section, [])))


def preflight(deployed, rows, *options, at="corp", scope=None, tree=TREE, parameters=None):
    """rows: definitions, initiatives, assignments and exemptions. Files are made of all, the program is run."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "alz").mkdir()
        (folder / "alz" / "small.alz_architecture_definition.json").write_text(json.dumps(tree))
        (folder / "rows.json").write_text(json.dumps(rows))
        (folder / "main.json").write_text(json.dumps(deployed))
        arguments = ["main.json", "--alz", "alz", "--assign", "rows.json", "--at", at, "--location", "swedencentral", "-f", "json"]
        if parameters is not None:
            values = {key: {"value": value} for key, value in parameters.items()}
            (folder / "values.json").write_text(json.dumps({"parameters": values}))
            arguments += ["--parameters", "values.json"]
        subscription = "subscriptionDeployment" in deployed.get("$schema", "")
        arguments += ["--scope", scope or (SUB if subscription else GROUP), *options]
        run = subprocess.run([BINARY, "posture", "preflight", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
        return Outcome(run)
