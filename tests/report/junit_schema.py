"""Whether a text is JUnit XML as the strictest reader in wide use takes it: Jenkins' xUnit plugin, junit-10.xsd."""

import re
import xml.etree.ElementTree as ElementTree

# Element -> what may stand in it, attributes it must have, attributes it may have.
ELEMENTS = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": ({"testsuite", "properties", "testcase", "system-out", "system-err"}, {"name", "tests", "failures", "errors"},
                  {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"}),
    "testcase": ({"skipped", "error", "failure", "system-out", "system-err"}, {"name"}, {"time", "classname", "group"}),
    "failure": (set(), set(), {"type", "message"}),
    "error": (set(), set(), {"type", "message"}),
    "skipped": (set(), set(), {"type", "message"}),
}
COUNTS = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error", "skipped": "testcase/skipped"}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def check(element):
    children, required, optional = ELEMENTS[element.tag]
    for name in required - set(element.attrib):
        yield f"{element.tag} without {name}"
    for name in set(element.attrib) - required - optional:
        yield f"{element.tag} with {name}"
    for child in element:
        if child.tag not in children:
            yield f"{child.tag} in {element.tag}"
        else:
            yield from check(child)
    if children and (element.text or "").strip():
        yield f"text in {element.tag}"
    if element.tag == "testsuite":
        for name, path in COUNTS.items():
            if int(element.get(name)) != len(element.findall(path)):
                yield f"{name} of {element.get('name')!r} is {element.get(name)}"


def mistakes(text):
    """Lines about what is wrong with the text."""
    if FORBIDDEN.search(text):
        yield "a character that XML forbids"
    try:
        root = ElementTree.fromstring(text.encode("utf-8"))
    except ElementTree.ParseError as error:
        yield str(error)
        return
    if root.tag != "testsuites":
        yield f"the root is {root.tag}"
        return
    yield from check(root)
