#!/usr/bin/env python3
"""What the JUnit cases expect is what readers of JUnit XML take."""

import pathlib
import re
import sys

import junit_schema

CASES = pathlib.Path(__file__).parent / "cases" / "junit"


def main():
    cases = sorted(CASES.glob("*.case"))
    failed = not cases
    for case in cases:
        expected = re.split(r"^-{4,}\n", case.read_text(encoding="utf-8"), maxsplit=1, flags=re.M)[1]
        for mistake in junit_schema.mistakes(expected):
            print(f"{case.name}: {mistake}")
            failed = True
    for broken in ("<testsuites/>x", "<testsuites><testcase/></testsuites>", "<testsuites a='b'/>",
                   "<testsuites><testsuite name='a' tests='1' failures='0' errors='0' skipped='0'/></testsuites>"):
        if not list(junit_schema.mistakes(broken)):
            print(f"the check lets this pass: {broken}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
