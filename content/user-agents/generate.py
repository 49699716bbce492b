#!/usr/bin/env python3
"""Writes patterns.json from regexes.yaml of uap-core: generate.py REGEXES.YAML

A row is a pattern and what it gives; null where it is the group at that place. Patterns that do not tell case
begin with (?i).
"""

import json
import pathlib
import sys

import yaml

COLUMNS = {
    "browser": ("user_agent_parsers", ("family_replacement", "v1_replacement", "v2_replacement", "v3_replacement")),
    "os": (
        "os_parsers",
        ("os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement", "os_v4_replacement"),
    ),
    "device": ("device_parsers", ("device_replacement", "brand_replacement", "model_replacement")),
}


def rows(parsers, replacements):
    for parser in parsers:
        flag = "(?i)" if parser.get("regex_flag") == "i" else ""
        values = [parser.get(name) for name in replacements]
        yield [flag + parser["regex"]] + [None if value is None else str(value) for value in values]


def main():
    source = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    parts = []
    for name, (key, replacements) in COLUMNS.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in rows(source[key], replacements)]
        parts.append(f'"{name}": [\n' + ",\n".join(lines) + "\n]")
    target = pathlib.Path(__file__).with_name("patterns.json")
    target.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


main()
