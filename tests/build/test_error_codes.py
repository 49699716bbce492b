#!/usr/bin/env python3
"""docs/reference/errors.md explains every code in src, and no other."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"


def codes_in_source():
    """Code -> the first file that gives it; a comparison gives none."""
    codes = {}
    for file in sorted([*(ROOT / "src").rglob("*.cpp"), *(ROOT / "src").rglob("*.h")]):
        for code in re.findall(r'(?<!== )"([A-Z]{3,4}[0-9]{4})"', file.read_text(encoding="utf-8")):
            codes.setdefault(code, file.relative_to(ROOT))
    return codes


def main():
    used = codes_in_source()
    rows = [line.split("|")[1:-1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    explained = [row[0].strip().strip("`") for row in rows]
    mistakes = [f"{code}: given by {used[code]}, not explained" for code in sorted(set(used) - set(explained))]
    mistakes += [f"{code}: explained, but nothing in src gives it" for code in sorted(set(explained) - set(used))]
    mistakes += [f"{code}: explained twice" for code in sorted(set(explained)) if explained.count(code) > 1]
    incomplete = [row[0].strip() for row in rows if len(row) != 3 or not all(map(str.strip, row))]
    mistakes += [f"{code}: needs a cause and a remedy" for code in incomplete]
    if not used:
        mistakes.append("no code found in src: the test looks at nothing")
    print("\n".join(f"{PAGE.relative_to(ROOT)}: {mistake}" for mistake in mistakes))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
