#!/usr/bin/env python3
"""Every built-in policy against every shared template, in one run: no evaluation error; says what stays unknown."""

import collections
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
SKIPPED = 77


def main():
    definitions = SHARED / "azure-policy/definitions.jsonl"
    if not definitions.exists():
        print(f"skipped: no {definitions}")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    run = subprocess.run([os.environ["REDOUBT_BINARY"], "posture", "scan", SHARED / "templates/arm", "--policy", definitions,
                          "-f", "json", "-q"], cwd=ROOT, capture_output=True, text=True, timeout=250)
    report = json.loads(run.stdout)
    summary = report["summary"]
    judged = sum(summary[state] for state in ("compliant", "noncompliant", "unknown", "error"))
    print(f"exit {run.returncode}; {summary}; unknown {summary['unknown'] / judged:.1%} of {judged} applicable verdicts")
    reasons = collections.Counter(use["origin"] for one in report["findings"] for use in one.get("unknown", []))
    for reason, times in reasons.most_common(10):
        print(f"  {times:6} {reason[:110]}")
    return 0 if run.returncode == 0 and summary["error"] == 0 and judged > 30000 else 1


if __name__ == "__main__":
    sys.exit(main())
