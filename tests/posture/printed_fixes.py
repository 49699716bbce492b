"""Writes the fix that a finding prints into the template, as a person would: at the place that the finding names.

A value that a parameter or a variable gives is changed where it stands; what is missing is added to the object that
lacks it. Text is edited, so comments and the order of members stay.
"""
import json
import pathlib
import re

SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|true|false|null|-?\d+(?:\.\d+)?', re.DOTALL)
KEY_BEFORE = re.compile(r'"([^"]+)"\s*:\s*$')
SEGMENT = re.compile(r"\[\d+\]|[^.\[\]]+")


def has_value(finding):
    fix = finding.get("fix", {})
    return bool(fix.get("path")) and "value" in fix


def place_of(finding):
    return finding.get("valueLocation", finding["location"])


def offset_of(text, place):
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[:place["line"] - 1])) + place["column"] - 1


def missing_part(before, path):
    """What of the path is not there, seen from the object that starts after `before`."""
    segments = SEGMENT.findall(path)
    key = KEY_BEFORE.search(before)
    last = [at for at, one in enumerate(segments) if (one == key.group(1) if key else one.startswith("["))]
    return segments[last[-1] + 1:] if last else segments


def member(segments, value):
    for name in reversed(segments[1:]):
        value = {name: value}
    return f"{json.dumps(segments[0])}: {json.dumps(value)}"


def with_fix(text, place, path, value):
    at = offset_of(text, place)
    if text[at] != "{":
        return text[:at] + json.dumps(value) + text[SCALAR.match(text, at).end():]
    comma = "" if text[at + 1:].lstrip().startswith("}") else ", "
    return text[:at + 1] + member(missing_part(text[:at], path), value) + comma + text[at + 1:]


def write_fix(finding, root):
    """Edits the file that the finding names; its name is taken from `root`."""
    place = place_of(finding)
    file = pathlib.Path(root) / place["file"]
    file.write_text(with_fix(file.read_text(), place, finding["fix"]["path"], finding["fix"]["value"]))
