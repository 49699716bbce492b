#!/usr/bin/env python3
"""validate_json.py SCHEMA FILE: exit 0 when the JSON file is valid under the JSON Schema, 1 with every mistake."""

import json
import sys

import jsonschema


def mistakes(schema, document):
    """One line a mistake, with its path in the document; the schema names its own draft."""
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    for error in validator(schema).iter_errors(document):
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as schema, open(sys.argv[2], encoding="utf-8") as document:
        found = list(mistakes(json.load(schema), json.load(document)))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
