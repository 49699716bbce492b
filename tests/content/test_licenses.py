#!/usr/bin/env python3
"""content/LICENSES.md has a row with origin and licence for every file under content/, and no row for nothing."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
ROW = re.compile(r"^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)


def patterns():
    """Pattern -> what, from, licence."""
    for row in ROW.finditer((CONTENT / "LICENSES.md").read_text(encoding="utf-8")):
        for pattern in re.findall(r"`([^`]+)`", row[1]):
            yield pattern, [cell.strip() for cell in row.groups()[1:]]


def as_expression(pattern):
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts))


def files():
    """Those that the repository has, or would take."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "content"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return {line.removeprefix("content/") for line in listed.stdout.splitlines() if (ROOT / line).exists()}
    return {str(file.relative_to(CONTENT)) for file in CONTENT.rglob("*") if file.is_file()}


class Licenses(unittest.TestCase):
    def test_every_file_has_one_row(self):
        rows = [(pattern, as_expression(pattern)) for pattern, _ in patterns()]
        for file in sorted(files()):
            fitting = [pattern for pattern, expression in rows if expression.fullmatch(file)]
            self.assertEqual(len(fitting), 1, f"content/{file}: {fitting or 'no row in content/LICENSES.md'}")

    def test_every_row_has_a_file_and_says_all(self):
        for pattern, cells in patterns():
            self.assertTrue(any(as_expression(pattern).fullmatch(file) for file in files()), pattern)
            self.assertTrue(all(cells), pattern)

    def test_a_file_without_row_is_found(self):
        rows = [as_expression(pattern) for pattern, _ in patterns()]
        self.assertFalse(any(row.fullmatch("frameworks/cis.json") for row in rows))
        self.assertFalse(any(row.fullmatch("azure/more/aliases.bin") for row in rows))


if __name__ == "__main__":
    sys.exit(unittest.main())
