#!/usr/bin/env python3
"""Holds Redoubt's parser of KQL against Microsoft's: both judge mutants of real queries.

Exits with 1 when they disagree on a query that tests/kql/cases/oracle/differences.jsonl does not
explain. What differs is cut down to what still differs before it is shown.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KNOWN = ROOT / "tests/kql/cases/oracle/differences.jsonl"
BATCH = 500

from mutate import Mutator, split  # noqa: E402  (beside this file)


def install():
    """Installs Microsoft's library where the lock file has changed; false where it can't be."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    lock, installed = HERE / "package-lock.json", HERE / "node_modules/installed-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)
        shutil.copyfile(lock, installed)
    return True


class Judge:
    """A program that answers each line by a line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, queries):
        lines = "".join(json.dumps({"query": query}) + "\n" for query in queries).encode()
        pipe = self.process.stdin
        writer = threading.Thread(target=lambda: (pipe.write(lines), pipe.flush()))
        writer.start()
        return writer

    def receive(self, count):
        for _ in range(count):
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"kql_oracle: {self.process.args[0]} ended early")
            yield json.loads(line)


def first_error(answer):
    errors = [one for one in answer["diagnostics"] if one["severity"] == "error"]
    return min(errors, key=lambda one: one["start"]) if errors else None


class Both:
    def __init__(self, redoubt):
        self.ours = Judge([redoubt, "kql", "check", "--syntax-only", "--cases", "-"])
        self.theirs = Judge(["node", HERE / "oracle.js"])

    def judge(self, queries):
        """Pairs of answers, Redoubt's first."""
        writers = [self.ours.send(queries), self.theirs.send(queries)]
        theirs = list(self.theirs.receive(len(queries)))
        ours = list(self.ours.receive(len(queries)))
        for writer in writers:
            writer.join()
        return list(zip(ours, theirs))


def verdict(pair):
    """`same`, `crash`, `command`, which Redoubt does not check, `accepted` (by Redoubt alone) or `refused`."""
    ours, theirs = pair
    if "crash" in theirs:
        return "crash"
    if "command" in theirs:
        return "command"
    if ours["ok"] == theirs["ok"]:
        return "same"
    return "accepted" if ours["ok"] else "refused"


def place(query, pair):
    """How far the first problems of two are from each other."""
    error = first_error(pair[0])
    ours, theirs = error["start"], pair[1]["start"]
    if ours == theirs:
        return "same"
    between = query.encode()[min(ours, theirs):max(ours, theirs)]
    if not re.sub(rb"//[^\n]*", b"", between).strip():
        return "blanks"
    if len(split(between.decode(errors="replace").strip())) == 1:
        return "token"
    return "after" if ours > theirs else "before"


def smaller(tokens):
    size = max(1, len(tokens) // 2)
    while size:
        for at in range(0, len(tokens), size):
            yield tokens[:at] + tokens[at + size:]
        size //= 2


def cut_down(both, query, wanted, holds=verdict):
    """The smallest query found that is judged in the same way."""
    tokens = split(query)
    while True:
        candidates = list(smaller(tokens))
        found = None
        for at in range(0, len(candidates), 40):
            part = candidates[at:at + 40]
            texts = ["".join(candidate) for candidate in part]
            judged = both.judge(texts)
            found = next((c for c, t, pair in zip(part, texts, judged) if holds_as(holds, t, pair) == wanted), None)
            if found is not None:
                break
        if found is None:
            return "".join(tokens)
        tokens = found


def holds_as(holds, text, pair):
    if holds is verdict:
        return verdict(pair)
    return place(text, pair) if verdict(pair) == "same" and not pair[1]["ok"] else "none"


def real_queries(corpora, limit):
    for name in ("real-queries.jsonl", "docs-examples.jsonl"):
        path = corpora / "kql" / name
        if not path.exists():
            print(f"kql_oracle: no {path}: set REDOUBT_CORPORA", file=sys.stderr)
            continue
        rows = [json.loads(line)["query"] for line in path.read_text().splitlines()]
        rows = [row for row in rows if len(row) <= limit]
        yield from rows * (1 if name.startswith("real") else 5)
    for path in sorted((ROOT / "tests/kql/cases/parser").rglob("*.case")):
        text = re.split(r"\n-{4,}\n", path.read_text(errors="replace"))[0]
        yield from [text] * 10


def keywords():
    text = (ROOT / "src/kql/detail/keywords.inc").read_text()
    return re.findall(r'RD_KQL_KEYWORD\(\w+, "([^"]+)"', text)


def known_differences():
    return {json.loads(line)["query"] for line in KNOWN.read_text().splitlines()} if KNOWN.exists() else set()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redoubt", default=os.environ.get("REDOUBT_BINARY", ROOT / "build/release/redoubt"))
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then, whatever is left")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-bytes", type=int, default=1_500, help="of a query that is changed")
    parser.add_argument("--show", type=int, default=40, help="differences to cut down and show, of each kind")
    parser.add_argument("--places", action="store_true", help="show where first problems are apart, too")
    options = parser.parse_args()
    if not install():
        print("kql_oracle: skipped, node and npm are needed")
        return 0
    corpora = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT.parent / "shared"))
    mutator = Mutator(random.Random(options.seed), list(real_queries(corpora, options.max_bytes)), keywords())
    both = Both(options.redoubt)
    known = known_differences()
    counts, places = collections.Counter(), collections.Counter()
    shown, shown_places = [], []
    done, end = 0, time.monotonic() + options.seconds
    while done < options.mutants and time.monotonic() < end:
        queries = [mutator.mutant() for _ in range(min(BATCH, options.mutants - done))]
        done += len(queries)
        for query, pair in zip(queries, both.judge(queries)):
            kind = verdict(pair)
            counts[kind, pair[0]["ok"]] += 1
            if kind in ("accepted", "refused"):
                shown.append((kind, query))
            if kind == "same" and not pair[0]["ok"]:
                apart = place(query, pair)
                places[apart] += 1
                if apart in ("after", "before"):
                    shown_places.append((apart, query))
    unknown = show(both, shown, options.show, known)
    if options.places:
        show_places(both, shown_places, options.show)
    print(f"kql_oracle: {done} mutants: " +
          ", ".join(f"{kind}{'' if kind != 'same' else ' ok' if ok else ' refused'} {count}"
                    for (kind, ok), count in sorted(counts.items())))
    print("kql_oracle: first problems: " + ", ".join(f"{kind} {count}" for kind, count in places.most_common()))
    return 1 if unknown else 0


def show(both, differences, limit, known):
    """How many of the differences no known one explains."""
    seen, unknown = set(), 0
    for kind, query in differences[:limit]:
        small = cut_down(both, query, kind).strip()
        if small in known:
            continue
        unknown += 1
        if small in seen:
            continue
        seen.add(small)
        ours, theirs = both.judge([small])[0]
        error = first_error(ours) or theirs
        print(json.dumps({"kind": kind, "query": small, "code": error.get("code"), "start": error.get("start"),
                          "message": error.get("message")}, ensure_ascii=False), flush=True)
    return unknown + max(0, len(differences) - limit)


def show_places(both, differences, limit):
    for kind, query in differences[:limit]:
        small = cut_down(both, query, kind, place).strip()
        ours, theirs = both.judge([small])[0]
        if ours["ok"] or theirs.get("ok", True):
            continue
        error = first_error(ours)
        print(json.dumps({"place": kind, "query": small, "ours": [error["start"], error["message"]],
                          "theirs": [theirs["start"], theirs["message"]]}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
