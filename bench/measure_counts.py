#!/usr/bin/env python3
"""What 1,000 built-in definitions have to do with 10,000 generated resources: verdicts by state, and how many of
the definitions a resource is evaluated with (applicable to it, so neither passed over by type nor notApplicable).

Counts hang on the content alone and are the same at every run. Needs the shared corpora.
"""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import measure_scan

RESOURCES = 10_000


def main():
    if not (measure_scan.SHARED / "azure-policy/definitions.jsonl").exists():
        print("skipped: no shared corpora", file=sys.stderr)
        return
    build = pathlib.Path(os.environ["REDOUBT_BINARY"]).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        definitions, export = pathlib.Path(folder) / "definitions.jsonl", pathlib.Path(folder) / "export.json"
        definitions.write_text("".join(measure_scan.live_definitions(1000)), encoding="utf-8")
        subprocess.run([build / "bench/redoubt_generate_export", str(RESOURCES), export], check=True)
        types = {row["type"].lower() for row in json.loads(export.read_text())["data"]}
        out = subprocess.run([measure_scan.BINARY, "posture", "scan", export, "--policy", definitions, "--all", "-f", "json"],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    report = json.loads(out)
    evaluated = collections.Counter(one["resource"]["id"] for one in report["findings"] if one["state"] != "notApplicable")
    evaluated.pop("", None)  # definitions that can't be compiled
    per_resource = [*evaluated.values(), *[0] * (RESOURCES - len(evaluated))]
    name = f"1,000 definitions on {RESOURCES} resources:"
    for state, number in report["summary"].items():
        measure_scan.tell(f"{name} {state}", number, "verdicts")
    measure_scan.tell(f"{name} evaluated, median of a resource", statistics.median(per_resource), "policies")
    measure_scan.tell(f"{name} types", len(types), "types")


if __name__ == "__main__":
    main()
