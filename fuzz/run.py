#!/usr/bin/env python3
"""Runs every fuzz target for some seconds, each on seeds made of the test cases that seeds.json names.

seeds.json: {"fuzz_<name>": ["tests/doc/cases/json/*.case", "examples/**/*.json", ...]}. Of a .case file the
input is one seed; of a .jsonl file every line is one, or with `#member` behind the path that member's text.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys

FUZZ = pathlib.Path(__file__).resolve().parent
ROOT = FUZZ.parent


def case_input(text):
    """What stands before the line of dashes."""
    lines = text.split(b"\n")
    for number, line in enumerate(lines):
        if len(line) >= 4 and not line.strip(b"-"):
            return b"\n".join(lines[:number])
    return text


def line_seeds(text, member):
    for line in text.splitlines():
        if not member:
            yield line
            continue
        try:
            value = json.loads(line).get(member)
        except (ValueError, AttributeError):
            continue
        if value is not None:
            yield value.encode() if isinstance(value, str) else json.dumps(value).encode()


def seeds_of(pattern):
    pattern, _, member = pattern.partition("#")
    for path in sorted(ROOT.glob(pattern)):
        text = path.read_bytes()
        if path.suffix == ".jsonl":
            yield from line_seeds(text, member)
        else:
            yield case_input(text) if path.suffix == ".case" else text


def write_seeds(folder, patterns):
    """Fills `folder` and returns how many seeds there are."""
    folder.mkdir(parents=True, exist_ok=True)
    names = set()
    for pattern in patterns:
        for seed in seeds_of(pattern):
            name = hashlib.sha1(seed).hexdigest()
            (folder / name).write_bytes(seed)
            names.add(name)
    return len(names)


def run(program, seconds, build):
    name = program.name
    patterns = json.loads((FUZZ / "seeds.json").read_text()).get(name, [])
    found, seeds = build / "corpus" / name, build / "seeds" / name
    found.mkdir(parents=True, exist_ok=True)
    count = write_seeds(seeds, patterns)
    print(f"{name}: {seconds} s on {count} seeds", flush=True)
    command = [program, found, seeds, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
               "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={build}/{name}-"]
    return subprocess.run(command, cwd=ROOT).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build folder")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("targets", nargs="*", help="names of targets; all without")
    options = parser.parse_args()
    build = options.build.resolve()
    names = options.targets or [path.stem for path in sorted(FUZZ.glob("fuzz_*.cpp"))]
    failed = [name for name in names if run(build / "fuzz" / name, options.seconds, build) != 0]
    print(f"fuzz: {len(names)} targets, failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
