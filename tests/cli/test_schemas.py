#!/usr/bin/env python3
"""The JSON that commands print is valid under the schemas of docs/reference/schemas."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "report"))
try:
    import validate_json
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
BINARY = os.environ["REDOUBT_BINARY"]

# Schema -> runs whose output it describes, all from the repository's folder.
ZONES = ["examples/harbor-ai/hardened", "examples/harbor-ai/fasttrack"]
TEMPLATES = [
    str(file.relative_to(ROOT))
    for folder, name in (("examples", "main.json"), ("examples", "azuredeploy.json"), ("tests/arm/cases", "template.json"))
    for file in sorted((ROOT / folder).rglob(name))
]
FIXTURES = [str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests/policies/starter").rglob("*.json"))]
HARBOR_ZONE = [
    "--alz", "examples/harbor-zone/tree", "--assign", "examples/harbor-zone/assignments", "--assign", "examples/harbor-zone/exemptions",
    "--policy", "examples/harbor-zone/policies", "--at", "corp", "--now", "2026-12-01T00:00:00Z", "-f", "json",
]
IN_GROUP = ["--scope", "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-quay", "--location", "swedencentral"]
COMPLIANCE = [
    "--policy", "tests/posture/compliance/policy.json", "--mapping", "tests/posture/compliance/mapping.yaml",
    "--attest", "tests/posture/compliance/attestations.yaml", "--now", "2026-12-01T00:00:00Z",
]
DATA = tempfile.TemporaryDirectory()
BROKEN_POLICY = '{"name":"broken","properties":{"policyRule":{"if":{"field":"type","is":"x"},"then":{"effect":"deny"}}}}'
RUNS = {
    "resources.json": [["arm", "expand", template] for template in TEMPLATES],
    "findings.json": [
        ["posture", "scan", *ZONES, "-f", "json"],
        ["posture", "scan", *ZONES, "--all", "-f", "json"],
        ["posture", "scan", *FIXTURES, "--all", "-f", "json"],
        ["posture", "scan", ZONES[1], "--policy", "/dev/stdin", "-f", "json"],
        # Recorded for trend.json.
        ["posture", "scan", ZONES[1], "--record-as", "teams", "--data", f"{DATA.name}/runs", "-f", "json"],
        *(["posture", "scan", "--zone", "examples/harbor-ai/zone.yaml", "--record", "--data", f"{DATA.name}/runs",
           "--now", f"2026-12-0{day}T00:00:00Z", "-f", "json"] for day in (1, 5)),
        ["posture", "scan", ZONES[0], "--record-as", "harbor", "--data", f"{DATA.name}/runs", "--now", "2026-12-09T00:00:00Z",
         "-f", "json"],
    ],
    "preflight.json": [
        ["posture", "preflight", "examples/harbor-zone/deployment", *HARBOR_ZONE, *IN_GROUP],
        ["posture", "preflight", "examples/harbor-zone/deployment", *HARBOR_ZONE],
        ["posture", "preflight", *ZONES, *HARBOR_ZONE],
    ],
    "compliance.json": [
        ["posture", "compliance", *ZONES, "-f", "json"],
        ["posture", "compliance", "tests/posture/compliance/main.json", *COMPLIANCE, "--framework", "iso-27001", "-f", "json"],
    ],
    "compliance-coverage.json": [["posture", "compliance", "--coverage", "-f", "json"]],
    "score.json": [
        ["posture", "score", *ZONES, "-f", "json"],
        ["posture", "score", *ZONES, "--initiative", "ailz", "-f", "json"],
        ["posture", "score", "--zone", "examples/harbor-ai/zone.yaml", "--now", "2026-12-01T00:00:00Z", "-f", "json"],
        ["posture", "score", ZONES[1], "--policy", "/dev/stdin", "-f", "json"],
    ],
    "trend.json": [
        ["posture", "trend", "-f", "json", *words, "--data", f"{DATA.name}/runs"]
        for words in ([], ["--last", "1", "--now", "2028-01-01T00:00:00Z"], ["--series", "harbor"])
    ],
    # In this order: the first one makes what the others show.
    "content.json": [["content", "add", "content/policies/starter", "-f", "json", "--data", DATA.name]],
    "content-list.json": [["content", "list", "-f", "json", "--data", DATA.name]],
    "content-verify.json": [
        ["content", "verify", "-f", "json", "--data", DATA.name],
        ["content", "verify", "-f", "json", "--data", f"{DATA.name}/none"],
    ],
    "kql-check.json": [
        ["kql", "check", "examples/harbor-kql", "--tables", "examples/harbor-kql/tables.json", "-f", "json"],
        ["kql", "check", "tests/cli/kql", "--functions", "tests/cli/kql", "-f", "json"],
        ["kql", "check", "/dev/null", "-f", "json"],
    ],
    "kql-answer.json": [
        ["kql", "run", "HarborChat_CL | fork (take 2) (summarize count() by Team_s, Blocked_b)", "--load",
         "HarborChat_CL=examples/harbor-kql/logs/chat.jsonl", "-f", "json"],
        ["kql", "run", "T | render timechart with (title='x')", "--load", "T=examples/harbor-kql/logs/signins.csv", "--limit", "1", "-f",
         "json"],
        ["kql", "run", "print real(nan), dynamic([1]), 1h", "-f", "json"],
    ],
    "kql-completion.json": [["kql", "complete", "examples/harbor-kql/hunting/tokens.kql", "--at", "3:9", "-f", "json"]],
    "kql-hover.json": [["kql", "hover", "examples/harbor-kql/hunting/tokens.kql", "--at", "3:9", "-f", "json"]],
    "kql-functions.json": [
        ["kql", "functions", "-f", "json"],
        ["kql", "functions", "--missing", "-f", "json"],
    ],
    "policy-check.json": [
        ["policy", "check", "content/policies/starter", "-f", "json"],
        ["policy", "check", "/dev/stdin", "-f", "json"],
    ],
}


def check(schema, words):
    """Mistakes of one run, one a line."""
    done = subprocess.run(
        [BINARY, *words], cwd=ROOT, input=BROKEN_POLICY, capture_output=True, text=True, timeout=120, check=False
    )
    if not done.stdout:
        # A template that can't be expanded at all prints an error and nothing else.
        return [] if done.returncode == 3 else [f"no output, exit {done.returncode}: {done.stderr}"]
    return list(validate_json.mistakes(schema, json.loads(done.stdout)))


def main():
    failed = False
    checked = 0
    for name, runs in RUNS.items():
        schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
        for words in runs:
            checked += 1
            for mistake in check(schema, words):
                print(f"{name}: redoubt {' '.join(words[:6])}: {mistake}")
                failed = True
        if not list(validate_json.mistakes(schema, {"schema": "redoubt.other/1"})):
            print(f"{name} accepts anything: it checks nothing")
            failed = True
    print(f"{checked} outputs checked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
