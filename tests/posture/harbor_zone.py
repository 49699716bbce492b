"""A small landing zone with an export and what Azure says of it, for the tests beside this file."""
import json
import os
import pathlib
import subprocess

BINARY = pathlib.Path(os.environ["REDOUBT_BINARY"]).resolve()
GROUP = "/providers/Microsoft.Management/managementGroups/harbor"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
STORAGE = f"{SUBSCRIPTION}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts"
ASSIGNMENTS = f"{GROUP}/providers/Microsoft.Authorization/policyAssignments"
DEFINITIONS = f"{GROUP}/providers/Microsoft.Authorization/policyDefinitions"
ZONE = """\
managementGroups:
  - id: harbor
subscriptions:
  - id: 00000000-0000-0000-0000-000000000001
    managementGroup: harbor
policies: [policies]
assignments: [assignments]
exemptions: [exemptions]
exports: [export.json]
"""


def definition(name, field, value, version="1.0.0", effect="audit"):
    """Storage accounts whose `field` is not `value`."""
    return {
        "name": name,
        "id": f"{DEFINITIONS}/{name}",
        "type": "Microsoft.Authorization/policyDefinitions",
        "properties": {
            "displayName": f"Storage: {name}",
            "mode": "All",
            "version": version,
            "metadata": {"version": version},
            "parameters": {"wanted": {"type": "String", "defaultValue": value}},
            "policyRule": {
                "if": {"allOf": [
                    {"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
                    {"field": f"Microsoft.Storage/storageAccounts/{field}", "notEquals": "[parameters('wanted')]"},
                ]},
                "then": {"effect": effect},
            },
        },
    }


def initiative(name, members):
    return {
        "name": name,
        "id": f"{GROUP}/providers/Microsoft.Authorization/policySetDefinitions/{name}",
        "type": "Microsoft.Authorization/policySetDefinitions",
        "properties": {"displayName": name, "policyDefinitions": [
            {"policyDefinitionReferenceId": reference, "policyDefinitionId": f"{DEFINITIONS}/{one}"}
            for reference, one in members
        ]},
    }


def assignment(name, target, parameters=None, kind="policySetDefinitions"):
    return {
        "name": name,
        "id": f"{ASSIGNMENTS}/{name}",
        "type": "Microsoft.Authorization/policyAssignments",
        "properties": {
            "scope": GROUP,
            "policyDefinitionId": f"{GROUP}/providers/Microsoft.Authorization/{kind}/{target}",
            "parameters": {key: {"value": value} for key, value in (parameters or {}).items()},
        },
    }


def exemption(name, assigned, references=(), resource=None, expires=None):
    properties = {
        "policyAssignmentId": f"{ASSIGNMENTS}/{assigned}",
        "exemptionCategory": "Waiver",
        "policyDefinitionReferenceIds": list(references),
    }
    if expires:
        properties["expiresOn"] = expires
    return {
        "name": name,
        "id": f"{resource or SUBSCRIPTION}/providers/Microsoft.Authorization/policyExemptions/{name}",
        "type": "Microsoft.Authorization/policyExemptions",
        "properties": properties,
    }


def account(name, tls="TLS1_2", access="Disabled", **more):
    return {
        "id": f"{STORAGE}/{name}",
        "type": "microsoft.storage/storageaccounts",
        "name": name,
        "location": "swedencentral",
        "properties": {"minimumTlsVersion": tls, "publicNetworkAccess": access},
        **more,
    }


def state(name, compliance, reference="tls", assigned="baseline", at="2026-03-01T10:00:00Z", **more):
    target = {"tls": "storage-tls", "access": "storage-access"}.get(reference, reference)
    return {
        "resourceId": f"{STORAGE}/{name}".lower(),
        "resourceType": "Microsoft.Storage/storageAccounts",
        "policyAssignmentId": f"{ASSIGNMENTS}/{assigned}".lower(),
        "policyAssignmentName": assigned,
        "policyDefinitionId": f"{DEFINITIONS}/{target}".lower(),
        "policyDefinitionName": target,
        "policyDefinitionReferenceId": reference,
        "complianceState": compliance,
        "isCompliant": compliance == "Compliant",
        "timestamp": at,
        **more,
    }


class Folder:
    """A landing zone in a folder: one set of two definitions, assigned at the top."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.write("zone.yaml", ZONE)
        self.write("policies/tls.json", definition("storage-tls", "minimumTlsVersion", "TLS1_2"))
        self.write("policies/access.json", definition("storage-access", "publicNetworkAccess", "Disabled"))
        self.write("policies/set.json", initiative("storage", [("tls", "storage-tls"), ("access", "storage-access")]))
        self.write("assignments/baseline.json", assignment("baseline", "storage"))
        (self.path / "exemptions").mkdir()
        self.write("export.json", [account("good"), account("old", tls="TLS1_0"), account("open", access="Enabled")])

    def write(self, name, content):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
        return str(file)

    def run(self, *words, code=0):
        done = subprocess.run(
            [BINARY, *words, "--now", "2026-03-02T12:00:00Z"] if words[0] == "posture" else [BINARY, *words],
            cwd=self.path, capture_output=True, text=True, timeout=300, check=False,
        )
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *words, code=0):
        return json.loads(self.run(*words, "-f", "json", code=code).stdout)
