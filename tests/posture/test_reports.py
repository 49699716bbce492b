#!/usr/bin/env python3
"""Preflight cases made after public reports, scored by the tool that came with them."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
SKIPPED = 77


def main():
    score, truth = SHARED / "tools/score.py", SHARED / "reports/preflight"
    if not score.exists() or not truth.exists():
        print(f"skipped: no {score} or no {truth}")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    command = [sys.executable, score, "preflight", "--bin", os.environ["REDOUBT_BINARY"], "--truth", truth, "--bar", "1"]
    return subprocess.run(command, cwd=ROOT, timeout=250).returncode


if __name__ == "__main__":
    sys.exit(main())
