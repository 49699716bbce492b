#!/usr/bin/env python3
"""Checks what a compiler does not: the direction of includes, heavy headers, and where RD_TRY stands.

src/layers.txt lists the modules lowest first. A file includes its own module and lower ones; the modules of
one line are neighbours and do not include each other; detail/ belongs to its module alone.
"""

import argparse
import fnmatch
import pathlib
import re
import sys

# Headers that cost compile time or hide a library behind one adapter, and the only files that may include them.
ADAPTERS = [
    (r"boost/(beast|asio)", ["src/net/*.cpp"]),
    (r"archive(_entry)?\.h$", ["src/files/archive.cpp"]),
    (r"CLI/", ["src/cli/parse.cpp"]),
    (r"rapidjson/", ["src/doc/*.cpp"]),
    (r"yaml\.h", ["src/doc/*.cpp"]),
    (r"spdlog/", ["src/core/log.cpp"]),
    (r"unicode/", ["src/core/text_case.cpp"]),
    (r"openssl/", ["src/core/hash.cpp", "src/net/*.cpp"]),
    (r"sqlite3\.h", ["src/state/*.cpp"]),
    (r"re2/", ["src/kql/pattern.cpp"]),
    (r"regex$", []),
    (r"(iostream|ranges)$", ["*.cpp"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\s\\]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL
)
# What may stand between the start of a statement and RD_TRY: nothing, `name =`, `type name =`, and before
# them a label or the head of if, for, while, else.
BEFORE_TRY = re.compile(r"^(?:[^=]*[\w\])]\s*[+\-|&]?=)?\s*$")
HEAD = re.compile(r"^\s*(?:(?:else|default\s*:|case\b[^:]*:(?!:))\s*|(?:if|for|while)\s*(?:constexpr\s*)?(?=\())")


def read_layers(root):
    """Module -> rank; neighbours share a rank."""
    ranks = {}
    lines = (root / "src/layers.txt").read_text().splitlines()
    for rank, line in enumerate(line for line in lines if line.strip() and not line.startswith("#")):
        for module in line.split():
            ranks[module] = rank
    return ranks


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blank(match):
    """Comments and literals as spaces, so that offsets and lines stay."""
    return re.sub(r"[^\n]", " ", match.group(0))


def check_include(name, module, ranks):
    """What is wrong with including `name` from `module`, or None."""
    target = name.split("/")[0]
    if target not in ranks:
        return f'"{name}" is not rooted at src/'
    if target == module:
        return None
    if ranks[target] >= ranks[module]:
        return f"{module} may not include {target}: src/layers.txt has it lower or beside"
    if "/detail/" in name:
        return f'"{name}" belongs to {target} alone'
    return None


def check_adapter(name, path):
    for pattern, allowed in ADAPTERS:
        if re.match(pattern, name) and not any(fnmatch.fnmatch(path, one) for one in allowed):
            return f"<{name}> may be included by {' and '.join(allowed) or 'no file'} only"
    return None


def after_closing(text, start):
    """The position behind the parenthesis that closes the one at `start`, or None."""
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return None


def strip_head(before):
    """The statement without labels and heads: nothing is left of `if (x) `, and `y = ` of `if (y = `."""
    while match := HEAD.match(before):
        before = before[match.end():]
        if before.startswith("("):
            before = before[after_closing(before, 0) or 1:]
    return before


def check_tries(code):
    """Offsets of RD_TRY used other than as a whole initialiser, right side or statement."""
    for match in re.finditer(r"\bRD_(?:CO_)?TRY\s*\(", code):
        line_start = code.rfind("\n", 0, match.start()) + 1
        if code[line_start:].lstrip().startswith("#"):
            continue
        start = max(code.rfind(mark, 0, match.start()) for mark in ";{}") + 1
        end = after_closing(code, match.end() - 1) or len(code)
        after = code[end:].lstrip()[:1]
        if after != ";" or not BEFORE_TRY.match(strip_head(code[start:match.start()])):
            yield match.start()


def check_file(path, relative, ranks):
    text = path.read_text(encoding="utf-8")
    parts = relative.split("/")
    module = parts[1] if parts[0] == "src" else None
    for match in INCLUDE.finditer(text):
        quoted, angled = match.groups()
        problem = check_adapter(quoted or angled, relative) if module else None
        if quoted and module and not problem:
            problem = check_include(quoted, module, ranks)
        if problem:
            yield line_of(text, match.start()), problem
    for offset in check_tries(COMMENT_OR_TEXT.sub(blank, text)):
        yield line_of(text, offset), "RD_TRY must be a whole initialiser, right side or statement"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    ranks = read_layers(root)
    problems = files = 0
    for folder in ("src", "tests", "bench", "fuzz"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            files += 1
            relative = path.relative_to(root).as_posix()
            for line, problem in check_file(path, relative, ranks):
                problems += 1
                print(f"{relative}:{line}: {problem}")
    for path in (root / "src").iterdir():
        if path.is_dir() and path.name not in ranks:
            problems += 1
            print(f"src/{path.name}: not in src/layers.txt")
    print(f"layers: {files} files, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
