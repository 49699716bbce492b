#!/usr/bin/env python3
"""Cases made from public bug reports, scored by the tool that came with them."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
SKIPPED = 77


CHECKS = [
    ("reports", "arm-policy"),  # expressions, policies and expansion
    ("preflight", "preflight"),  # what people's deployments met in a landing zone
]


def main():
    score = SHARED / "tools/score.py"
    codes = []
    for check, folder in CHECKS:
        truth = SHARED / "reports" / folder
        if not score.exists() or not truth.exists():
            print(f"skipped: no {score} or no {truth}")
            return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
        command = [sys.executable, score, check, "--bin", os.environ["REDOUBT_BINARY"], "--truth", truth, "--bar", "1"]
        codes.append(subprocess.run(command, cwd=ROOT, timeout=250).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
