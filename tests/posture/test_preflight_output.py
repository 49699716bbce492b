#!/usr/bin/env python3
"""What posture preflight prints of hostile input: no control characters, no markup, command lines that quote, no secrets."""

import copy
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZONE = ROOT / "examples/harbor-zone"
SCOPE = "/subscriptions/it's/resourceGroups/rg quay"
SECRET = "Tr4verse-Munz-secret"
HOSTILE = "x\u001b[31m|`<b>&'\"; $(touch owned) @everyone\u202e\n## head"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def hostile_zone(folder):
    """The example, with hostile names in everything that comes from files."""
    for name in ("assignments", "policies", "exemptions"):
        (folder / name).mkdir()
        for file in (ZONE / name).glob("*.json"):
            one = read(file)
            one["properties"]["displayName"] = HOSTILE
            if name == "exemptions":
                one["id"] = SCOPE + one["id"][one["id"].index("/providers/"):]
            if name == "assignments":
                one["properties"]["nonComplianceMessages"] = [{"message": HOSTILE}]
                one["name"] = one["name"] + HOSTILE
            (folder / name / file.name).write_text(json.dumps(one), encoding="utf-8")
    template = read(ZONE / "deployment/main.json")
    account = copy.deepcopy(template["resources"][0])
    account["name"] = HOSTILE
    account["properties"]["allowBlobPublicAccess"] = "[parameters('secret')]"
    template["resources"].append(account)
    template["parameters"]["secret"] = {"type": "securestring"}
    (folder / "main.json").write_text(json.dumps(template), encoding="utf-8")
    parameters = {"aiAccess": {"value": "Enabled"}, "secret": {"value": SECRET}}
    (folder / "main.parameters.json").write_text(json.dumps({"parameters": parameters}), encoding="utf-8")


def preflight(folder, form, *more):
    words = ["posture", "preflight", "main.json", "--alz", ZONE / "tree", "--assign", "assignments", "--assign", "exemptions",
             "--policy", "policies", "--at", "corp", "--scope", SCOPE,
             "--now", "2026-12-01T00:00:00Z", "-f", form, *more]
    done = subprocess.run([os.environ["REDOUBT_BINARY"], *words], cwd=folder, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode("utf-8")


def check_text(form, text):
    if re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text):
        yield f"{form}: a control character"
    if SECRET in text:
        yield f"{form}: shows a secure value"
    commands = [line.strip() for line in text.splitlines() if line.strip().startswith("az policy exemption create")]
    if not commands:
        yield f"{form}: no command line"
    for command in commands:
        words = shlex.split(command)
        options = dict(zip(words[4::2], words[5::2]))
        names = set(options) - {"--policy-definition-reference-ids"}
        if len(words) % 2 or names != {"--name", "--policy-assignment", "--exemption-category", "--scope"}:
            yield f"{form}: not quoted: {command}"
        elif options["--scope"] != SCOPE:
            yield f"{form}: another scope: {options['--scope']}"
        elif not re.fullmatch("[A-Za-z0-9_-]{1,64}", options["--name"]):
            yield f"{form}: no name for Azure: {options['--name']}"


def check_markdown(text):
    outside = re.sub(r"^(```+)sh\n.*?^\1$", "", text, flags=re.M | re.S)
    for line in outside.splitlines():
        if line.startswith("|") and len(re.findall(r"(?<!\\)\|", line)) != 5:
            yield f"markdown: a row with other columns: {line}"
        if re.match(r"\s*#+ ", line) and not re.match("####? (Azure Policy preflight|denied|modified|What to do)", line):
            yield f"markdown: a heading of someone else: {line}"
        prose = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
        for tag in re.findall(r"(?<!\\)<(\w*)", prose):
            if tag not in ("br", "details", "summary", ""):
                yield f"markdown: markup: {line}"
        if "@everyone" in prose:
            yield f"markdown: a mention: {line}"


def check_order(form, text):
    titles = ["denied: Azure", "modified: Azure", "remediated: Azure", "reported only", "exempted", "created by Azure", "[Ww]hat to do"]
    found = [re.search(rf"^(#### |<details><summary>)?{title}", text, re.M) for title in titles]
    places = [one.start() if one else -1 for one in found]
    if -1 in places or places != sorted(places):
        yield f"{form}: sections are missing or in another order: {dict(zip(titles, places))}"


def main():
    mistakes = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hostile_zone(folder)
        for form in ("table", "markdown"):
            code, text = preflight(folder, form)
            if code != 1:
                mistakes.append(f"{form}: exit {code}")
            mistakes += [*check_text(form, text), *check_order(form, text)]
            if form == "markdown":
                mistakes += check_markdown(text)
        _, text = preflight(folder, "json")
        if SECRET in text:
            mistakes.append("json: shows a secure value")
        if not any(one["resource"]["name"] == HOSTILE for one in json.loads(text)["denied"]):
            mistakes.append("json: a name is not as it was")
    print("\n".join(mistakes) or "ok")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
