#!/usr/bin/env python3
"""What the SARIF cases expect is valid under the schema of SARIF 2.1.0."""

import json
import os
import pathlib
import re
import sys

import validate_json

CASES = pathlib.Path(__file__).parent / "cases" / "sarif"
SKIPPED = 77


def main():
    corpora = pathlib.Path(os.environ.get("REDOUBT_CORPORA", "../shared"))
    schema_file = corpora / "schemas" / "sarif-2.1.0.json"
    if not schema_file.exists():
        print(f"skipped: no {schema_file}")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    cases = sorted(CASES.glob("*.case"))
    failed = not cases
    for case in cases:
        expected = re.split(r"^-{4,}\n", case.read_text(encoding="utf-8"), maxsplit=1, flags=re.M)[1]
        for mistake in validate_json.mistakes(schema, json.loads(expected)):
            print(f"{case.name}{mistake}")
            failed = True
    broken = json.loads(expected) | {"version": "2.0.0"}
    if not list(validate_json.mistakes(schema, broken)):
        print("the schema accepts a wrong version: it checks nothing")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
