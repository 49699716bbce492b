#!/usr/bin/env python3
"""The JSON of posture preflight is valid under its schema in every shared case, and no format shows a secure value."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-0000000000aa"
SKIPPED = 77

sys.path.insert(0, str(ROOT / "tests/report"))


def preflight(folder, case, form):
    template = (folder / "template.json").read_text(encoding="utf-8")
    scope = SUBSCRIPTION + ("" if "subscriptionDeploymentTemplate" in template else "/resourceGroups/rg-ai")
    words = ["posture", "preflight", folder / "template.json", "--alz", SHARED / "alz/alz", "--at", case["scope"], "--scope", scope,
             "--location", "swedencentral", "--policy", SHARED / "azure-policy/definitions.jsonl",
             "--policy", SHARED / "azure-policy/initiatives.jsonl", "-q", "-f", form]
    if isinstance(case["assignments"], list):
        for name in case["assignments"]:
            words += ["--assign", folder / name]
    done = subprocess.run([os.environ["REDOUBT_BINARY"], *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def secure_values(folder):
    """What the parameter file gives for parameters that the template calls secure."""
    values = folder / "parameters.json"
    if not values.exists():
        return []
    declared = json.loads((folder / "template.json").read_text(encoding="utf-8")).get("parameters", {})
    given = json.loads(values.read_text(encoding="utf-8")).get("parameters", {})
    return [one["value"] for name, one in given.items()
            if declared.get(name, {}).get("type", "").lower() == "securestring" and isinstance(one.get("value"), str)]


def mistakes_of(folder, schema, validate):
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    secrets = secure_values(folder)
    for form in ("json", "table", "markdown") if secrets else ("json",):
        code, text = preflight(folder, case, form)
        if code not in (0, 1):
            yield f"{form}: exit {code}"
            continue
        yield from (f"{form}: shows a secure value" for value in secrets if value in text)
        if form == "json":
            yield from validate(schema, json.loads(text))
        elif " policies in force at " not in text:
            yield f"{form}: no summary"


def main():
    folders = sorted(file.parent for file in (SHARED / "reports/preflight").glob("*/case.json"))
    if not folders:
        print(f"skipped: no cases in {SHARED}/reports/preflight")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    try:
        from validate_json import mistakes
    except ImportError as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    schema = json.loads((ROOT / "docs/reference/schemas/preflight.json").read_text(encoding="utf-8"))
    failed = 0
    for folder in folders:
        for mistake in mistakes_of(folder, schema, mistakes):
            print(f"{folder.name}: {mistake}")
            failed += 1
    print(f"{len(folders)} cases, {failed} mistakes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
