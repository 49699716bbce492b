#!/usr/bin/env python3
"""Writes the pages of this folder: each check of the AI landing-zone pack, out of its definition and its guide.

python3 docs/baseline/generate.py
"""

import json
import pathlib
import re

import rule_words

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACK = ROOT / "content/policies/ai-landing-zone"
FRAMEWORKS = ROOT / "content/frameworks"
MADE = "<!-- Made by docs/baseline/generate.py out of content/policies/ai-landing-zone and content/frameworks. -->"
# Folder of the pack and the title of its page.
SERVICES = {
    "foundry": "AI services and Foundry", "machine-learning": "Machine Learning", "search": "AI Search",
    "storage": "Storage", "key-vault": "Key Vault", "cosmos": "Cosmos DB", "sql": "SQL",
    "registry": "Container Registry", "kubernetes": "Kubernetes Service", "container-apps": "Container Apps",
    "web": "Web apps", "api-management": "API Management", "databricks": "Databricks", "compute": "Virtual machines and disks",
    "network": "Network", "logging": "Logs", "defender": "Defender for Cloud", "access": "Access",
    "relations": "Relations between resources",
}
REMEDIES = (("arm", "ARM template", "json"), ("azapi", "Terraform, azapi", "hcl"), ("azurerm", "Terraform, azurerm", "hcl"))
INTRO_OF_RELATIONS = """These checks judge how a resource stands to those around it, which Azure Policy can't say: they are Redoubt's own, and nothing \
of them is deployed. How such a definition is written: [relation checks](../policy-authoring.md#relation-checks).

A related resource that a template does not hold is absent. One that is only referred to, or whose deployment or target is \
open, makes the verdict [unknown](../unknown-verdicts.md), and so does a type that an export lacks."""
INDEX = """# The baseline, check by check

The initiative `ailz` has {count} checks of AI landing zones on Azure. Each page has those of one service: what is judged, why, \
what a missing property means, and what to write instead as ARM template, azapi and azurerm.

```sh
redoubt posture scan infra/ --initiative ailz
```

How to use and deploy the pack, and its parameters: [AI landing-zone pack](../../content/policies/ai-landing-zone/README.md). \
Checks of your own: [write your own check](../write-your-own-check.md).

## How to read a check

- **Judged**: the rule of the definition in words. Properties are named by their policy alias without the type; mostly that is their path below `properties`.
- **Missing**: what the rule says of a resource that does not write the property, where all else in the rule speaks for a finding. Null is missing too. Where the answer hangs on something else, such as the api version, the text says so.
- **Control**: of the Microsoft cloud security benchmark v2, as the initiative groups its members; of relation checks as the mapping has it.
- **Built-in twin**: the built-in definition of Azure that judges the same, and where the two differ.
- **Frameworks**: the controls that a finding says something about. Their titles are in [content/frameworks](../../content/frameworks); what is made of them, in [compliance](../compliance.md).
- Remedies are parts of a resource, to be put into yours."""


def read_guide(folder):
    """Entries of a guide by the name of their definition. Texts are plain, folded (>-) or literal (|)."""
    entries = {}
    key = style = None
    for line in (folder / "guide.yaml").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"(?:- |  )(\w+): (.*)", line):
            key, style = found[1], found[2]
            if line.startswith("- "):
                entry = entries[style] = {}
            entry[key] = "" if style in (">-", "|") else style
        elif style == ">-":
            entry[key] = f"{entry[key]} {line.strip()}".strip()
        elif style == "|":
            entry[key] += line[4:] + "\n"
    return entries


def read_mappings():
    """By check: for each framework and reason the ids of its controls, in the order of the files."""
    out = {}
    for path in sorted((FRAMEWORKS / "mappings").glob("*.yaml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"- control: (.+?)(?:\s+#.*)?$", line):
                control = found[1].strip("'\"")
            elif found := re.match(r"  why: (.*)", line):
                why = found[1].strip("'\"")
            elif found := re.match(r"  - (\S+)", line):
                out.setdefault(found[1], {}).setdefault((path.stem, why), []).append(control)
    return out


def read_relations():
    """By relation check: what it looks at and when it holds, out of the table in docs/policy-authoring.md."""
    text = (ROOT / "docs/policy-authoring.md").read_text(encoding="utf-8").partition("| check | looks at |")[2]
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \|", text.partition("\n\n")[0], re.M)
    return {name: (looks_at, holds_when) for name, looks_at, holds_when in rows}


def read_controls():
    """By definition: its control of the benchmark, as the initiative groups it."""
    initiative = json.loads((PACK / "initiative.json").read_text(encoding="utf-8"))["properties"]
    titles = {group["name"]: group["displayName"] for group in initiative["policyDefinitionGroups"]}
    return {one["policyDefinitionReferenceId"]: ", ".join(titles[name] for name in one["groupNames"])
            for one in initiative["policyDefinitions"]}


def read_benchmark():
    """By id: a control of the benchmark with its title."""
    controls = json.loads((FRAMEWORKS / "mcsb-v2.json").read_text(encoding="utf-8"))["controls"]
    return {one["id"]: f"{one['id']}: {one['title']}" for one in controls}


class Check:
    """A definition, and what the other files of content say of it."""

    mappings = read_mappings()
    relations = read_relations()
    controls = read_controls()
    benchmark = read_benchmark()
    frameworks = {path.stem: json.loads((FRAMEWORKS / f"{path.stem}.json").read_text(encoding="utf-8"))
                  for path in sorted((FRAMEWORKS / "mappings").glob("*.yaml"))}

    def __init__(self, path, guide):
        document = json.loads(path.read_text(encoding="utf-8"))
        self.name = document["name"]
        self.properties = document["properties"]
        self.guide = guide[self.name]
        self.title = self.properties["displayName"]
        self.metadata = self.properties["metadata"]
        mapped = self.mappings.get(self.name, {})
        own = [one for (framework, _), ids in mapped.items() if framework == "mcsb-v2" for one in ids]
        self.control = self.controls.get(self.name) or ", ".join(self.benchmark[one] for one in own) or "none"
        self.mapped = mapped

    def anchor(self):
        """The fragment that GitHub gives the heading."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")

    def facts(self):
        parameters = [f"`{one}`" for one in self.properties["parameters"] if one != "effect"]
        yield f"- **Name**: `{self.name}`"
        yield f"- **Severity**: {self.metadata['severity']}"
        yield f"- **Control**: {self.control}"
        if parameters:
            yield f"- **Parameters**: {', '.join(parameters)}"
        if "twin" in self.metadata:
            note = self.guide.get("twinNote", "the guide names no difference")
            yield f"- **Built-in twin**: `{self.metadata['twin']}`; {note[0].lower()}{note[1:].rstrip('.')}"
        else:
            yield "- **Built-in twin**: none"

    def judged(self):
        if "relation" not in self.properties:
            lines = ["**Judged.**", "", *rule_words.judged(self.properties["policyRule"])]
            absent = rule_words.missing(self.properties["policyRule"])
            return lines + (["**Missing.** " + " ".join(absent), ""] if absent else [])
        check = self.properties["relation"]["check"]
        looks_at, holds_when = self.relations[check]
        return [f"**Judged.** The relation check `{check}` looks at {looks_at}. It holds when: {holds_when}.", ""]

    def remedies(self):
        for key, label, language in REMEDIES:
            yield from (f"{label}:", "", f"```{language}", self.guide[key].rstrip("\n"), "```", "")

    def framework_table(self):
        if not self.mapped:
            return ["**Frameworks.** None.", ""]
        rows = ["**Frameworks.**", "", "| framework | controls | what a finding says |", "| --- | --- | --- |"]
        for (framework, why), ids in sorted(self.mapped.items(), key=lambda one: one[0][0]):
            about = self.frameworks[framework]
            labels = {one["id"]: one.get("label", one["id"]) for one in about["controls"]}
            rows.append(f"| {about['title']} {about['version']} | {', '.join(labels[one] for one in ids)} | {why} |")
        return rows + [""]

    def lines(self):
        return [f"## {self.title}", "", *self.facts(), "", self.properties["description"], "", *self.judged(),
                f"**What to do.** {self.guide['why']}", "", *self.remedies(), *self.framework_table()]


def checks_of(folder):
    """The checks of a folder in the order of its guide."""
    guide = read_guide(folder)
    found = {path.stem: Check(path, guide) for path in folder.glob("ailz-*.json")}
    return [found[name] for name in guide]


def index(services):
    every = [check for checks in services.values() for check in checks]
    lines = [MADE, *INDEX.format(count=len(every)).split("\n"), "", "## Pages", "",
             "| page | checks | high | medium | low |", "| --- | ---: | ---: | ---: | ---: |"]
    for folder, checks in services.items():
        levels = [sum(check.metadata["severity"] == level for check in checks) for level in ("high", "medium", "low")]
        lines.append(f"| [{SERVICES[folder]}]({folder}.md) | {len(checks)} | {' | '.join(map(str, levels))} |")
    lines += ["", "## Checks", "", "| check | severity | control | states |", "| --- | --- | --- | --- |"]
    for folder, checks in services.items():
        for check in checks:
            ids = ", ".join(re.findall(r"\b[A-Z]{2}-\d+(?=:)", check.control)) or "none"
            lines.append(f"| [`{check.name}`]({folder}.md#{check.anchor()}) | {check.metadata['severity']} | {ids} | {check.title} |")
    return "\n".join(lines) + "\n"


def page(folder, checks):
    lines = [MADE, f"# {SERVICES[folder]}", ""]
    if folder == "relations":
        lines += [INTRO_OF_RELATIONS, ""]
    lines += [f"- [{check.title}](#{check.anchor()})" for check in checks] + [""]
    return "\n".join(lines + [line for check in checks for line in check.lines()]).rstrip("\n") + "\n"


def pages():
    """Name and text of every page."""
    folders = {path.parent.name for path in PACK.glob("*/guide.yaml")}
    if folders != set(SERVICES):
        raise ValueError(f"SERVICES and the folders of the pack differ: {', '.join(sorted(folders ^ set(SERVICES)))}")
    services = {folder: checks_of(PACK / folder) for folder in SERVICES}
    return {"README.md": index(services), **{f"{folder}.md": page(folder, checks) for folder, checks in services.items()}}


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
