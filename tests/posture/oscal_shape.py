"""OSCAL assessment results, as far as Redoubt writes them, held against the model of OSCAL 1.1.3.

The published schema is not in the repository. Where the package compliance-trestle (3.9.2 has OSCAL 1.1.3) is installed
its models, which are generated from that schema, judge the document too; else the shape below does alone, written by
hand from the reference of the model (NIST, OSCAL assessment results, JSON format). References must point at something.
"""

import re

try:
    from trestle.oscal.assessment_results import AssessmentResults
except ImportError:
    AssessmentResults = None

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TOKEN = r"[A-Za-z_][A-Za-z0-9.\-_]*"
STRING = r"\S(.*\S)?"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
TEXT = r"(?s).+"

PROPS = [{"name": TOKEN, "ns": r"[a-z]+:\S+", "value": STRING}]
# A dict is an object: `name?` may be missing, no other names are allowed. A list is an array with at least one item.
EVIDENCE = [{"description": TEXT, "props?": PROPS}]
OBSERVATION = {
    "uuid": UUID, "title": TEXT, "description": TEXT, "props?": PROPS, "methods": ["EXAMINE|TEST"],
    "origins?": [{"actors": [{"type": "party", "actor-uuid": UUID}]}],
    "subjects?": [{"subject-uuid": UUID, "type": "inventory-item"}],
    "relevant-evidence?": EVIDENCE, "collected": TIME, "expires?": TIME,
}
FINDING = {
    "uuid": UUID, "title": TEXT, "description": TEXT,
    "target": {"type": "objective-id", "target-id": TOKEN,
               "status": {"state": "satisfied|not-satisfied", "reason": "pass|fail|other", "remarks?": TEXT}},
    "related-observations": [{"observation-uuid": UUID}],
}
RESULT = {
    "uuid": UUID, "title": TEXT, "description": TEXT, "start": TIME, "end": TIME,
    "local-definitions?": {"inventory-items": [{"uuid": UUID, "description": TEXT, "props": PROPS}]},
    "reviewed-controls": {"control-selections": [{"props": PROPS, "include-controls": [{"control-id": TOKEN}]}]},
    "observations?": [OBSERVATION], "findings?": [FINDING],
}
SHAPE = {"assessment-results": {
    "uuid": UUID,
    "metadata": {"title": TEXT, "last-modified": TIME, "version": STRING, "oscal-version": r"1\.1\.3",
                 "parties?": [{"uuid": UUID, "type": "person|organization", "name": STRING}]},
    "import-ap": {"href": "#" + UUID},
    "results": [RESULT],
    "back-matter": {"resources": [{"uuid": UUID, "title": TEXT, "description": TEXT}]},
}}


def of_shape(value, shape, path):
    if isinstance(shape, str):
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            yield f"{path}: {value!r} is not {shape}"
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            yield f"{path}: no list, or empty"
            return
        for index, item in enumerate(value):
            yield from of_shape(item, shape[0], f"{path}[{index}]")
    else:
        names = {name.rstrip("?"): (name.endswith("?"), inner) for name, inner in shape.items()}
        for name in value:
            if name not in names:
                yield f"{path}: no member {name}"
        for name, (optional, inner) in names.items():
            if name in value:
                yield from of_shape(value[name], inner, f"{path}.{name}")
            elif not optional:
                yield f"{path}: {name} is missing"


def uuids(node):
    if isinstance(node, dict):
        yield from ([node["uuid"]] if "uuid" in node else [])
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from uuids(one)


def references(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name.endswith("-uuid"):
                yield value
            elif name == "href":
                yield value.removeprefix("#")
            else:
                yield from references(value)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def mistakes(document):
    """One line a mistake."""
    yield from of_shape(document, SHAPE, "")
    known = list(uuids(document))
    if len(known) != len(set(known)):
        yield "a UUID stands twice"
    for one in set(references(document)) - set(known):
        yield f"nothing has the UUID {one}"
    if AssessmentResults is not None:
        try:
            AssessmentResults.parse_obj(document["assessment-results"])
        except ValueError as error:
            yield str(error)
