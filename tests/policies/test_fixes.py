#!/usr/bin/env python3
"""The fixes of the AI landing-zone pack: each says what to write or to add, and what it says turns the verdict.

Every fixture that must be noncompliant is mended as its findings say, one after the other, and judged again."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACK = ROOT / "content/policies/ai-landing-zone"
FIXTURES = ROOT / "tests/policies/ai-landing-zone"
ROUNDS = 12  # a fixture may break a rule in several elements
# Nothing but the initiative's lists of what is approved, or taking something away, mends these.
IN_WORDS = {"ailz-amlr-model", "ailz-deploy-model", "ailz-door-application-gateway", "ailz-net-deadrule", "ailz-net-pip",
            "ailz-net-mgmt", "ailz-nsg-shadowed", "ailz-rbac-fic"}
# The resource to add comes in the place of the judged one.
IN_PLACE = {"ailz-rbac-owner"}
# What a fix leaves to its reader: names of things that only they know.
GIVEN = {"parameters": {"centralWorkspace": {"type": "string", "defaultValue": "/subscriptions/s/resourceGroups/r/providers/Microsoft.OperationalInsights/workspaces/w"}},
         "variables": {"releasePolicy": {"version": "1.0.0"}}}
SEGMENT = re.compile(r"\['([^']+)'\]|\[([^\]]+)\]|([^.\[\]]+)")
# A check may find what to write in a resource beside the judged one.
BESIDE = {"properties.logs": "Microsoft.Insights/diagnosticSettings", "properties.workspaceId": "Microsoft.Insights/diagnosticSettings",
          "properties.privateDnsZoneConfigs": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
          "properties.privateLinkServiceConnections": "Microsoft.Network/privateEndpoints",
          "properties.azureADOnlyAuthentication": "Microsoft.Sql/servers/azureADOnlyAuthentications"}


def scan(path, arguments):
    done = subprocess.run([os.environ["REDOUBT_BINARY"], "posture", "scan", path, "--initiative", "ailz", "-q", "-f", "json", *arguments],
                          cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)["findings"]


def resources(node, above=""):
    """Every resource of a template with its full type, nested ones too."""
    listed = node.get("resources", [])
    for one in listed.values() if isinstance(listed, dict) else listed:
        kind = one["type"] if not above or "/" in one["type"].split(".", 1)[-1] and "." in one["type"] else f"{above}/{one['type']}"
        yield kind, one
        yield from resources(one, kind)
        yield from resources(one.get("properties", {}).get("template", {}) if isinstance(one.get("properties"), dict) else {})


def member(node, name):
    return next((key for key in node if key.lower() == name.lower()), name)


def write(node, path, value):
    steps = [quoted or index or name for quoted, index, name in SEGMENT.findall(path)]
    for at, step in enumerate(steps):
        last = at + 1 == len(steps)
        if isinstance(node, list):
            place = int(step) if step.isdigit() else next(n for n, one in enumerate(node) if one.get("id") == step)
            while len(node) <= place:
                node.append({})
        else:
            place = member(node, step)
            fresh = [] if not last and steps[at + 1].isdigit() else {}
            if not last and not isinstance(node.get(place), (dict, list)):
                node[place] = fresh
        if last:
            node[place] = value
            return
        node = node[place]


def mend(template, finding):
    """False where the resource is not written out in the template."""
    fix = finding["fix"]
    for part, given in GIVEN.items():
        for name, value in given.items():
            template.setdefault(part, {}).setdefault(name, value)
    kind = BESIDE.get(fix["path"], finding["resource"]["type"])
    # A setting may also stand below what it is made on, `TYPE/providers/diagnosticSettings`.
    found = [one for other, one in resources(template) if other.lower() == kind.lower() or other.endswith(f"/providers/{kind.split('/')[-1]}")]
    if "resource" in fix:
        if finding["policy"]["name"] in IN_PLACE:
            template["resources"].remove(found[0])
        template["resources"].append(fix["resource"])
        return True
    words = {*finding["resource"]["name"].split("/")[-1:], *finding["reason"].split()}
    named = [one for one in found if words & set(one.get("name", "").split("/"))]
    if len(named or found) != 1:
        return False
    write((named or found)[0], fix["path"], fix.get("value", fix.get("proposed")))
    return True


def mended(path, policy, arguments):
    """What is left to say about the policy, and whether anything was mended."""
    template = json.loads(path.read_text())
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "main.json"
        for _ in range(ROUNDS):
            file.write_text(json.dumps(template))
            found = [one for one in scan(file, arguments) if one["policy"]["name"] == policy and one["state"] == "noncompliant"]
            if not found:
                return "", bool(seen)
            one = found[0]
            if one["id"] in seen:
                return f"the fix changes nothing: {one['fix']}", True
            seen.add(one["id"])
            fix = one.get("fix", {})
            if not fix.get("text"):
                return f"no fix: {one}", False
            if "resource" not in fix and not (fix["path"] and ({"value", "proposed"} & set(fix))):
                return ("" if policy in IN_WORDS else f"a fix in words alone: {fix}"), False
            if not mend(template, one):
                return "", False
    return "it goes on and on", True


def cases():
    for path in sorted(FIXTURES.glob("ailz-*/noncompliant*.json")):
        values = path.parent / "parameters.json"
        yield path, path.parent.name, ["--policy-parameters", str(values)] if values.exists() else []
    for path in sorted((FIXTURES / "relations").glob("*.json")):
        metadata = json.loads(path.read_text())["metadata"]
        values = metadata.get("policyParameters")
        for policy in sorted({one["policy"] for one in metadata["expect"] if one["state"] == "noncompliant"}):
            yield path, policy, ["--policy-parameters", json.dumps(values)] if values else []


class Fixes(unittest.TestCase):
    def test_what_they_say_turns_the_verdict(self):
        work = list(cases())
        turned = set()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for (path, policy, _), (wrong, done) in zip(work, pool.map(lambda one: mended(*one), work)):
                with self.subTest(fixture=str(path.relative_to(FIXTURES)), policy=policy):
                    self.assertEqual(wrong, "")
                if done:
                    turned.add(policy)
        every = {path.stem for path in PACK.glob("*/ailz-*.json")}
        self.assertEqual(sorted(every - turned - IN_WORDS), [])


if __name__ == "__main__":
    unittest.main()
