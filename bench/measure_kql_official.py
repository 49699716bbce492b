#!/usr/bin/env python3
"""Microsoft's parser of KQL on the queries of BM_KqlParse, and its binder on a part of those of BM_KqlBind, for
comparison; nothing where it isn't installed.

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
    files = [corpora / "kql/real-queries.jsonl", corpora / "kql/table-schemas.json"]
    if not (ORACLE / "node_modules").exists() or not shutil.which("node") or not all(f.exists() for f in files):
        return
    command = ["node", "--expose-gc", ORACLE / "rate.js", *files]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    for step, row in json.loads(out.stdout).items():
        figures = [("", row["seconds"] * 1e3, "ms"),
                   (" bytes_per_second", row["bytes"] / row["seconds"] / 1e6, "MB/s"),
                   (" items_per_second", row["queries"] / row["seconds"] / 1e6, "M/s")]
        if "bytes_per_query" in row:
            figures.append((" bytes_per_query", row["bytes_per_query"], "B"))
        for part, value, unit in figures:
            print(json.dumps({"name": f"Kusto.Language in node: {step}{part}", "value": value, "unit": unit}))


if __name__ == "__main__":
    main()
