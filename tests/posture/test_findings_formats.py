#!/usr/bin/env python3
"""The formats of `posture scan` hold the same findings, are valid, and no name in them is a command."""

import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import hostile_names

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/report"))
import junit_schema  # noqa: E402

NOW = ["--now", "2026-12-01T00:00:00Z"]
ZONE = ["--zone", "examples/harbor-ai/zone.yaml"]
COLUMNS = ("id,state,severity,policy,policyDisplayName,effect,resourceId,resourceType,resourceName,subscription,resourceGroup,"
           "owner,environment,reason,path,value,file,line,usedFile,usedLine,fix,fixPath,fixValue,unknown,initiatives,assignments,"
           "exemption,accepted").split(",")
# Controls, marks of direction, line separators: what a terminal or a page obeys.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
COMMENT_LIMIT = 65_536
JUNIT_STATES = {"failure": {"noncompliant"}, "error": {"error"}, "skipped": {"unknown", "exempt", "notApplicable"}, None: {"compliant"}}


def scan(form, *arguments):
    command = [os.environ["REDOUBT_BINARY"], "posture", "scan", *map(str, arguments), *NOW, "-f", form]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
    if done.returncode != 0:
        sys.exit(f"{form}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8")


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def page_parts(text):
    found = re.findall(r'<script type="application/json" data-part="(\w+)">(.*?)</script>', text, re.S)
    return [(name, json.loads(data)) for name, data in found]


def outcome(case):
    return next((child.tag for child in case), None)


def same_findings(arguments):
    """Every format tells of every finding that the JSON has."""
    findings = json.loads(scan("json", *arguments))["findings"]
    ids = [one["id"] for one in findings]
    rows = read_csv(scan("csv", *arguments))
    if list(rows[0]) != COLUMNS:
        yield f"csv: columns {list(rows[0])}"
    if [row["id"] for row in rows] != ids:
        yield "csv: other findings than the JSON"
    for row, one in zip(rows, findings):
        place = one.get("valueLocation", one["location"])
        if (row["state"], row["resourceId"], row["file"], row["line"], row["fix"]) != (
                one["state"], one["resource"]["id"], place["file"], str(place["line"]), one.get("fix", {}).get("text", "")):
            yield f"csv: {row} is not {one}"
    cases = list(ElementTree.fromstring(scan("junit", *arguments)).iter("testcase"))
    if len(cases) != len(findings):
        yield f"junit: {len(cases)} cases of {len(findings)} findings"
    for case, one in zip(cases, findings):
        if one["state"] not in JUNIT_STATES[outcome(case)]:
            yield f"junit: {one['state']} is {outcome(case)}"
        if outcome(case) == "failure" and (one["id"] not in case[0].text or one.get("fix", {}).get("text", "") not in case[0].text):
            yield f"junit: {one['id']} lacks its id or fix"
    parts = page_parts(scan("html", *arguments))
    if sorted(row[4] for name, part in parts if name == "rows" for row in part["rows"]) != sorted(ids):
        yield "html: other findings than the JSON"


def valid(arguments):
    for mistake in junit_schema.mistakes(scan("junit", *arguments)):
        yield f"junit: {mistake}"
    markdown = scan("markdown", *arguments)
    if len(markdown) > COMMENT_LIMIT:
        yield f"markdown: {len(markdown)} characters"
    if markdown.count("<details>") != markdown.count("</details>"):
        yield "markdown: a fold without end"


def harmless(arguments):
    for form in ("table", "markdown", "junit", "csv", "html"):
        text = scan(form, *arguments)
        if form == "csv":
            text = text.replace("\r\n", "\n")
        if found := STEERING.search(text):
            yield f"{form}: {found.group()!r} at {text[max(0, found.start() - 40):found.end() + 40]!r}"
    markdown = scan("markdown", *arguments)
    outside = re.sub(r"(`+).*?\1", "", markdown)  # in code nothing is markup
    if found := re.search(r"(?<!\\)<(?!br>|/?details>|/?summary>)|^# |@everyone|(?<!\\)\]\(http", outside, re.M):
        yield f"markdown: {outside[max(0, found.start() - 40):found.end() + 40]!r}"
    for row in read_csv(scan("csv", *arguments)):
        for cell in row.values():
            if re.match("[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]", cell):
                yield f"csv: a formula {cell[:40]!r}"
    page = scan("html", *arguments)
    if page.count("<script") != page.count("</script>") or page.count("<script") != len(page_parts(page)) + 1:
        yield "html: a script that is not the page's"
    if "<!--" in page or "http://evil" in re.sub(r"<script type=.*?</script>", "", page, flags=re.S):
        yield "html: a name outside of the data"
    for form in ("table", "junit"):
        if re.search(r"^# Head", scan(form, *arguments), re.M):
            yield f"{form}: a name has a line of its own"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hostile_names.write(folder)
        hostile = [folder / "export.jsonl", folder / "policies", "--policy", folder / "policies"]
        mistakes = [*same_findings(ZONE), *same_findings(["examples/harbor-ai/fasttrack", "--all"])]
        for arguments in (ZONE, ["examples/harbor-ai/hardened"], hostile):
            mistakes += valid(arguments)
        mistakes += harmless(hostile)
    print("\n".join(mistakes))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
