"""Reads the YAML that the project's own examples are written in.

Block mappings and lists, flow lists of scalars on one line, literal blocks (`|`), quoted and plain scalars, comments.
Anything else is an error: an example that needs more is too clever for its readers.
"""

import re

KEY = re.compile(r"""("[^"]*"|'[^']*'|[^\s'"#\[{&*!|>%@`-][^#]*?|-[^\s#][^#]*?):(?=\s|$)""")


class NotPlain(ValueError):
    """The text is no YAML, or more than these examples may use."""


def scalar(text):
    text = text.strip()
    if text[:1] in "\"'" and text:
        if len(text) < 2 or text[-1] != text[0] or "\\" in text:
            raise NotPlain(f"this quoted text is not plain: {text}")
        return text[1:-1]
    if text.startswith("["):
        if not text.endswith("]"):
            raise NotPlain(f"a list in brackets must end on its line: {text}")
        return [scalar(one) for one in text[1:-1].split(",")] if text[1:-1].strip() else []
    if text[:1] in ("{", "&", "*", "!", ">", "|", "%", "@", "`"):
        raise NotPlain(f"this form is not read: {text}")
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text


def without_comment(line):
    """A `#` begins a comment at the start or after a space, outside of quotes."""
    quote = ""
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and line[:at].rstrip()[-1:] in ("", ":", "-", "[", ","):
            quote = char
        elif char == "#" and line[:at][-1:] in ("", " "):
            return line[:at].rstrip()
    return line.rstrip()


class Reader:
    def __init__(self, text):
        if "\t" in text:
            raise NotPlain("tabs do not indent")
        self.lines = text.split("\n")
        self.at = 0

    def peek(self):
        """Indent and text of the next line that says something; nothing at the end."""
        while self.at < len(self.lines):
            text = without_comment(self.lines[self.at])
            if text.strip() not in ("", "---"):
                return len(text) - len(text.lstrip()), text.strip()
            self.at += 1
        return -1, ""

    def node(self, indent):
        found, text = self.peek()
        if found < indent:
            return None
        return self.sequence(found) if text == "-" or text.startswith("- ") else self.mapping(found)

    def sequence(self, indent):
        out = []
        while True:
            found, text = self.peek()
            if found != indent or not (text == "-" or text.startswith("- ")):
                if found > indent:
                    raise NotPlain(f"line {self.at + 1} is indented too far: {text}")
                return out
            rest = text[1:].lstrip()
            if KEY.match(rest):
                # The item is a mapping whose first key stands behind the dash.
                line = self.lines[self.at]
                self.lines[self.at] = line.replace("-", " ", 1)
                out.append(self.mapping(len(text) - len(rest) + indent))
            else:
                self.at += 1
                out.append(self.value(rest, indent))

    def mapping(self, indent):
        out = {}
        while True:
            found, text = self.peek()
            key = KEY.match(text)
            if found != indent or key is None or text.startswith("- "):
                if found > indent or (found == indent and not text.startswith("- ")):
                    raise NotPlain(f"line {self.at + 1} is no key and value: {text}")
                return out
            name = key[1].strip("\"'")
            if name in out:
                raise NotPlain(f"line {self.at + 1}: the key {name} stands twice")
            self.at += 1
            out[name] = self.value(text[key.end():].strip(), indent)

    def value(self, text, indent):
        if text in ("|", "|-"):
            return self.literal(indent, text)
        if text:
            return scalar(text)
        found, below = self.peek()
        # A list may stand at the indent of its key.
        return self.node(found) if found > indent or (found == indent and below.startswith("- ")) else None

    def literal(self, indent, style):
        kept = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip()) <= indent:
                break
            kept.append(line)
            self.at += 1
        while kept and not kept[-1].strip():
            kept.pop()
        margin = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
        text = "\n".join(line[margin:] for line in kept)
        return text if style == "|-" else text + "\n"


def read(text):
    reader = Reader(text)
    value = reader.node(0)
    if reader.peek()[0] != -1:
        raise NotPlain(f"line {reader.at + 1} belongs to nothing")
    return value
