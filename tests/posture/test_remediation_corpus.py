#!/usr/bin/env python3
"""Every built-in that deploys something, assigned over every shared template: what it would create is worked out."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
GROUP = "/providers/Microsoft.Management/managementGroups/corp"
SKIPPED = 77
# Definitions that remediate something, and those of them of which something is not known: one has policy functions in its template.
MET, NOT_KNOWN = 150, 1


def assignment(row):
    parameters = row["definition"]["properties"].get("parameters", {})
    effect = {"effect": {"value": "DeployIfNotExists"}} if "effect" in parameters else {}
    return {"name": row["name"], "id": f"{GROUP}/providers/Microsoft.Authorization/policyAssignments/{row['name']}",
            "type": "Microsoft.Authorization/policyAssignments",
            "properties": {"scope": GROUP, "parameters": effect,
                           "policyDefinitionId": f"/providers/Microsoft.Authorization/policyDefinitions/{row['name']}"}}


def deploys(row):
    details = row["definition"]["properties"]["policyRule"]["then"].get("details")
    return isinstance(details, dict) and "deployment" in details


def remediated(folder, assignments, definitions):
    done = subprocess.run(
        [os.environ["REDOUBT_BINARY"], "posture", "preflight", folder, "--alz", SHARED / "alz/alz", "--assign", assignments,
         "--policy", definitions, "--at", "corp", "--scope", "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-ai",
         "--location", "swedencentral", "-q", "-f", "json"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)["remediated"]


def main():
    definitions = SHARED / "azure-policy/definitions.jsonl"
    if not definitions.exists() or not (SHARED / "alz/alz").exists():
        print(f"skipped: no {definitions}, or no library beside it")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    rows = [json.loads(line) for line in definitions.read_text(encoding="utf-8").splitlines()]
    found = []
    with tempfile.TemporaryDirectory() as name:
        assignments = pathlib.Path(name) / "assignments.json"
        assignments.write_text(json.dumps([assignment(row) for row in rows if deploys(row)]), encoding="utf-8")
        for folder in sorted((SHARED / "templates/arm").iterdir()):
            if folder.is_dir():
                found += remediated(folder, assignments, definitions)
    met = {one["definition"] for one in found}
    not_known = {one["definition"] for one in found if "creates" not in one}
    print(f"{len(found)} remediations of {len(met)} definitions; of {len(not_known)} definitions what they create is not known")
    for one in sorted(not_known):
        print(f"  {one}")
    return 0 if len(met) >= MET and len(not_known) <= NOT_KNOWN else 1


if __name__ == "__main__":
    sys.exit(main())
