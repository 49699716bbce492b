#!/usr/bin/env python3
"""Microsoft's parser of KQL on the queries of BM_KqlParse, for comparison; nothing where it isn't installed.

It is installed by `make fuzz` (fuzz/kql_oracle).
"""

import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORACLE = ROOT / "fuzz/kql_oracle"


def main():
    corpora = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT.parent / "shared"))
    queries = corpora / "kql/real-queries.jsonl"
    if not (ORACLE / "node_modules").exists() or not shutil.which("node") or not queries.exists():
        return
    out = subprocess.run(["node", "--expose-gc", ORACLE / "rate.js", queries], check=True, stdout=subprocess.PIPE)
    row = json.loads(out.stdout)
    name = "Kusto.Language in node: parse"
    for part, value, unit in (("", row["seconds"] * 1e3, "ms"),
                              (" bytes_per_second", row["bytes"] / row["seconds"] / 1e6, "MB/s"),
                              (" items_per_second", row["queries"] / row["seconds"] / 1e6, "M/s"),
                              (" bytes_per_query", row["bytes_per_query"], "B")):
        print(json.dumps({"name": name + part, "value": value, "unit": unit}))


if __name__ == "__main__":
    main()
