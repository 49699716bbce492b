#!/usr/bin/env python3
"""Writing 10,000 findings in each format of `posture scan`: the step alone, the whole run with findings a second and
its ratio to that of JSON, and how large it gets.

2,500 generated storage accounts fail four policies of the starter pack each; no corpora are needed.
"""

import json
import pathlib
import statistics
import subprocess
import tempfile

import measure_scan

FORMATS = ("json", "html", "junit", "csv", "markdown", "sarif", "table")  # the first is what the others are compared with
ACCOUNTS = 2_500


def account(number):
    group = f"/subscriptions/00000000-0000-0000-0000-{number % 40:012}/resourceGroups/rg-{number % 900}"
    return {"id": f"{group}/providers/Microsoft.Storage/storageAccounts/st{number:06}", "name": f"st{number:06}",
            "type": "microsoft.storage/storageaccounts", "location": "westeurope",
            "properties": {"publicNetworkAccess": "Enabled"}}


def findings(export):
    out = subprocess.run([measure_scan.BINARY, "posture", "scan", export, "-f", "json"], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    return len(json.loads(out.stdout)["findings"])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        export = folder / "export.jsonl"
        export.write_text("".join(json.dumps(account(i)) + "\n" for i in range(ACCOUNTS)), encoding="utf-8")
        count = findings(export)
        first = None
        for form in FORMATS:
            title = f"{count:,} findings as {form}"
            runs = [measure_scan.run(["posture", "scan", export, "-f", form], "0,1") for _ in range(measure_scan.RUNS)]
            measure_scan.tell(f"{title}: written", statistics.median(int(steps["findings written"]) for _, _, steps in runs), "ms")
            seconds = statistics.median(seconds for seconds, _, _ in runs)
            first = first or seconds
            measure_scan.tell(f"{title}: whole scan", seconds, "s")
            measure_scan.tell(f"{title}: rate", count / seconds, "findings/s")
            measure_scan.tell(f"{title}: time of {FORMATS[0]}", seconds / first, "ratio")
            report = folder / form
            subprocess.run([measure_scan.BINARY, "posture", "scan", export, "-f", form, "-o", report], check=True,
                           stderr=subprocess.DEVNULL)
            measure_scan.tell(f"{title}: size", report.stat().st_size / 1e6, "MB")


if __name__ == "__main__":
    main()
