#!/usr/bin/env python3
"""Relation checks over the shared templates: the findings are those of cases/relations/corpus.json.

`lookedAt` of a row is true when somebody held the finding against the template. With RD_UPDATE_CASES=1 the file is
written anew: rows that were there keep their mark, new ones begin with false."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATES = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared")) / "templates/arm"
EXPECTED = ROOT / "tests/posture/cases/relations/corpus.json"
SKIPPED = 77
LOOKED_AT = 10  # sets of which every finding was held against the template


def key(row):
    return json.dumps(row, sort_keys=True)


def findings(folder):
    done = subprocess.run(
        [os.environ["REDOUBT_BINARY"], "posture", "scan", folder, "--policy", ROOT / "content/policies/ai-landing-zone/relations",
         "--initiative", ROOT / "tests/posture/cases/relations/initiative.json", "-q", "-f", "json"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    for one in json.loads(done.stdout)["findings"]:
        place = os.path.relpath(os.path.realpath(ROOT / one["location"]["file"]), os.path.realpath(folder))
        yield {"policy": one["policy"]["name"], "state": one["state"], "type": one["resource"]["type"],
               "name": one["resource"]["name"], "at": f"{place}:{one['location']['line']}"}


def main():
    if not TEMPLATES.exists():
        print(f"skipped: no {TEMPLATES}")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else SKIPPED
    found = {}
    for folder in sorted(path for path in TEMPLATES.iterdir() if path.is_dir()):
        if rows := list(findings(folder)):
            found[folder.name] = rows
    expected = json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.exists() else {}
    looked_at = {(name, key(row)) for name, rows in expected.items() for row in rows if row.pop("lookedAt")}
    if os.environ.get("RD_UPDATE_CASES") == "1":
        expected = found
        marked = {name: [{**row, "lookedAt": (name, key(row)) in looked_at} for row in rows] for name, rows in found.items()}
        text = ",\n".join(f"  {json.dumps(name)}: [\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "\n  ]" for name, rows in marked.items())
        EXPECTED.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
    wrong = 0
    for name in sorted(found.keys() | expected.keys()):
        for mark, rows, others in (("-", expected.get(name, []), found.get(name, [])), ("+", found.get(name, []), expected.get(name, []))):
            for row in rows:
                if row not in others:
                    wrong += 1
                    print(f"{mark} {name}: {row}")
    sets = {name for name, _ in looked_at} - {name for name, rows in expected.items() if any((name, key(row)) not in looked_at for row in rows)}
    print(f"{sum(map(len, found.values()))} findings in {len(found)} sets of templates, {wrong} differ; "
          f"{len(looked_at)} were looked at by hand, {len(sets)} sets wholly")
    return 1 if wrong or len(sets) < LOOKED_AT else 0


if __name__ == "__main__":
    sys.exit(main())
