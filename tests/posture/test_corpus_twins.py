#!/usr/bin/env python3
"""The pack against built-in policies that say the same: every shared template gets the same verdict from both.

Which built-in is whose twin is said by `policy` of the baseline's assertions. Where verdicts differ, the difference
is a row of cases/twins.json, and its `why` names a reason that stands in the guide's `twinNote` too. With
RD_UPDATE_CASES=1 the rows are written anew: `why` is kept, a new row gets that of its definition's other rows, if they
have one only, else it is empty and fails."""
import collections
import concurrent.futures
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs/baseline"))
import generate  # noqa: E402

SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
TEMPLATES = SHARED / "templates/arm"
PACK = ROOT / "content/policies/ai-landing-zone"
EXPECTED = ROOT / "tests/posture/cases/twins.json"
SKIPPED = 77
AT_LEAST = 1081  # verdicts that are compared
BUILT_IN = "/providers/Microsoft.Authorization/policyDefinitions/"
# Values with which both ask the same; all other parameters have their defaults.
OUR_VALUES = {"profileCmk": {"value": True}}
TWIN_VALUES = {
    "foundry.cmk": {"excludedKinds": []},
    "aml.managednet": {"isolationMode": "AllowOnlyApprovedOutbound"},
    "waf.mode": {"modeRequirement": "Prevention"},
}


def write(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def twins():
    """The built-in's name by assertion."""
    baseline = json.loads((SHARED / "frameworks/ai-landing-zone-baseline.json").read_text(encoding="utf-8"))
    return {one["id"]: one["policy"] for one in baseline["assertions"] if one.get("policy")}


def definition_of(assertion):
    return "ailz-" + assertion.replace(".", "-")


def metadata_of_pack():
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in PACK.glob("*/ailz-*.json")]
    return {one["name"]: one["properties"]["metadata"] for one in contents}


def twin_notes():
    guides = [generate.read_guide(path.parent) for path in PACK.glob("*/guide.yaml")]
    return {name: entry.get("twinNote", "") for guide in guides for name, entry in guide.items()}


def arguments_of_ours(folder):
    return ["--policy", PACK, "--initiative", "ailz", "--policy-parameters", write(folder / "ours.json", OUR_VALUES)]


def arguments_of_twins(folder, twin_of):
    """An initiative of the twins alone, so that each can have values of its own."""
    wanted = set(twin_of.values())
    lines = (SHARED / "azure-policy/definitions.jsonl").read_text(encoding="utf-8").splitlines()
    definitions = folder / "twins.jsonl"
    definitions.write_text("".join(line + "\n" for line in lines if json.loads(line)["name"] in wanted), encoding="utf-8")
    values = {name: TWIN_VALUES[assertion] for assertion, name in twin_of.items() if assertion in TWIN_VALUES}
    members = [{"policyDefinitionId": BUILT_IN + name, "policyDefinitionReferenceId": name,
                "parameters": {key: {"value": value} for key, value in values.get(name, {}).items()}} for name in sorted(wanted)]
    initiative = {"name": "twins", "type": "Microsoft.Authorization/policySetDefinitions",
                  "properties": {"displayName": "Twins", "policyType": "Custom", "policyDefinitions": members}}
    return ["--policy", definitions, "--initiative", write(folder / "initiative.json", initiative)]


def verdicts(templates, arguments):
    """Verdicts in the order of the lines, by policy, file and id of the resource."""
    done = subprocess.run([os.environ["REDOUBT_BINARY"], "posture", "scan", templates, *arguments, "--all", "-q", "-f", "json"],
                          cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(f"{templates.name}: exit {done.returncode}: {done.stderr}")
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for one in sorted(json.loads(done.stdout)["findings"], key=lambda one: one["location"]["line"]):
        file = os.path.relpath(os.path.realpath(ROOT / one["location"]["file"]), os.path.realpath(templates))
        identity = one["resource"]["id"].partition("/providers/")[2] or one["resource"]["id"]
        state = "not noncompliant" if one["state"] in ("compliant", "notApplicable") else one["state"]
        found[one["policy"]["name"]][file, identity].append(state)
    return found


def pairs(name, assertion, ours, twin):
    """One row for each resource that one of the two speaks of; who says nothing doesn't find it noncompliant."""
    for file, resource in sorted(ours.keys() | twin.keys()):
        both = itertools.zip_longest(ours.get((file, resource), []), twin.get((file, resource), []), fillvalue="not noncompliant")
        for our_state, twin_state in both:
            yield {"set": name, "definition": definition_of(assertion), "file": file, "resource": resource,
                   "ours": our_state, "twin": twin_state}


def compared(twin_of, not_comparable):
    """All pairs of verdicts, and the twins that decide although they are said to be not comparable."""
    rows, decided = [], set()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        sides = arguments_of_ours(pathlib.Path(folder)), arguments_of_twins(pathlib.Path(folder), twin_of)
        sets = sorted(path for path in TEMPLATES.iterdir() if path.is_dir())
        scans = [[pool.submit(verdicts, templates, side) for side in sides] for templates in sets]
        for templates, scan in zip(sets, scans):
            ours, built_in = (one.result() for one in scan)
            for assertion, name in twin_of.items():
                if assertion not in not_comparable:
                    rows += pairs(templates.name, assertion, ours[definition_of(assertion)], built_in[name])
                elif any(state != "unknown" for states in built_in[name].values() for state in states):
                    decided.add(assertion)
    return rows, decided


def key(row):
    return json.dumps({name: value for name, value in row.items() if name != "why"}, sort_keys=True)


def update(expected, differing):
    known = {key(row): row["why"] for row in expected["differences"]}
    usual = collections.defaultdict(set)
    for row in expected["differences"]:
        usual[row["definition"]].add(row["why"])
    for row in differing:
        reasons = usual[row["definition"]]
        row["why"] = known.get(key(row), next(iter(reasons)) if len(reasons) == 1 else "")
    expected["differences"] = differing
    tables = [f'  "{table}": {{\n' + ",\n".join(f"    {json.dumps(name)}: {json.dumps(text)}" for name, text in expected[table].items()) + "\n  }"
              for table in ("notComparable", "reasons")]
    rows = '  "differences": [\n' + ",\n".join(f"    {json.dumps(row)}" for row in differing) + "\n  ]"
    EXPECTED.write_text("{\n" + ",\n".join([*tables, rows]) + "\n}\n", encoding="utf-8")


def wrong_names(twin_of, not_comparable, metadata):
    """Twins without a definition that names them, and reasons for what is no twin."""
    for assertion, name in twin_of.items():
        definition = metadata.get(definition_of(assertion))
        if definition is None and assertion not in not_comparable:
            yield f"{assertion}: no definition {definition_of(assertion)}"
        if definition is not None and definition.get("twin") != name:
            yield f"{definition_of(assertion)}: metadata.twin is {definition.get('twin')}, expected {name}"
    yield from (f"notComparable: {one} has no twin" for one in not_comparable if one not in twin_of)


def explained(row, reasons, notes):
    text = reasons.get(row["why"])
    return text is not None and text in notes.get(row["definition"], "")


def wrong_reasons(expected, notes):
    for row in expected["differences"]:
        if not explained(row, expected["reasons"], notes):
            yield f"the twinNote of {row['definition']} has no such reason: {row}"
    used = {row["why"] for row in expected["differences"]}
    yield from (f"no difference has the reason {name}" for name in expected["reasons"] if name not in used)


def changed(expected, differing):
    before, now = (collections.Counter(map(key, rows)) for rows in (expected["differences"], differing))
    yield from (f"- {row}" for row in (before - now).elements())
    yield from (f"+ {row}" for row in (now - before).elements())


def main():
    if not TEMPLATES.exists():
        print(f"skipped: no {TEMPLATES}")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    twin_of, not_comparable = twins(), expected["notComparable"]
    rows, decided = compared(twin_of, not_comparable)
    differing = [row for row in rows if row["ours"] != row["twin"]]
    if os.environ.get("RD_UPDATE_CASES") == "1":
        update(expected, [dict(row) for row in differing])
    notes = twin_notes()
    wrong = [*wrong_names(twin_of, not_comparable, metadata_of_pack()), *changed(expected, differing), *wrong_reasons(expected, notes),
             *(f"{one}: is listed as not comparable, and its twin decides" for one in sorted(decided))]
    print("\n".join(wrong), end="\n" if wrong else "")
    with_reason = sum(explained(row, expected["reasons"], notes) for row in expected["differences"])
    spoken_of = len({row["definition"] for row in rows})
    print(f"{len(twin_of)} twins, {len(twin_of) - len(not_comparable)} comparable, {spoken_of} of them on some shared template; "
          f"{len(rows)} verdicts compared, {len(rows) - len(differing)} agree, {len(differing)} differ, {with_reason} explained")
    return 1 if wrong or len(rows) < AT_LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
