#!/usr/bin/env python3
"""Whole runs of `posture scan`: medians of five, with the steps the program tells with --verbose.

1. The Microsoft cloud security benchmark on a pattern module of 1.7 MB, on one core.
2. 1,000 built-in definitions on generated inventories of 1k, 10k and 100k resources, on two cores.
Needs the shared corpora (REDOUBT_CORPORA, default ../shared).
"""

import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
BINARY = os.environ["REDOUBT_BINARY"]
RUNS = int(os.environ.get("REDOUBT_BENCH_RUNS", "5"))
STEP = re.compile(r"^(.*): (\d+) ms$", re.M)


def run(arguments, cores):
    """Seconds, peak MB and the steps of one run."""
    before = time.monotonic()
    process = subprocess.Popen(["taskset", "-c", cores, BINARY, *arguments, "-v", "-o", "/dev/null"],
                               stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{arguments[:2]} failed: {errors[-400:]}")
    return time.monotonic() - before, usage.ru_maxrss / 1024, dict(STEP.findall(errors))


def tell(name, value, unit):
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit}), flush=True)


def measure(name, arguments, cores):
    return measure_command(name, ["posture", "scan", *arguments], cores)


def measure_command(name, arguments, cores, before=lambda: None):
    """The median of the seconds. `before` is called before each run, and not measured."""
    results = []
    for _ in range(RUNS):
        before()
        results.append(run(arguments, cores))
    seconds = statistics.median(r[0] for r in results)
    tell(name, seconds, "s")
    tell(f"{name} peak memory", max(r[1] for r in results), "MB")
    for step in results[0][2]:
        tell(f"{name} {step}", statistics.median(int(r[2][step]) for r in results), "ms")
    return seconds


def live_definitions(count):
    """The first built-ins that look at resources: not static, manual, deprecated, or of a data plane."""
    for line in open(SHARED / "azure-policy/definitions.jsonl", encoding="utf-8"):
        row = json.loads(line)
        live = row["policyType"] != "Static" and row["mode"] in ("All", "Indexed") and not row["deprecated"]
        if live and row["effectDefault"] != "Manual" and count > 0:
            count -= 1
            yield line


def main():
    policies = [SHARED / "azure-policy" / name for name in ("definitions.jsonl", "initiatives.jsonl")]
    if not all(path.exists() for path in policies):
        print("skipped: no shared corpora", file=sys.stderr)
        return
    template = SHARED / "templates/arm/avm-ptn-ai-platform-baseline/main.json"
    measure("MCSB on a 1.7 MB template", [template, "--policy", policies[0], "--policy", policies[1],
                                           "--initiative", "Microsoft cloud security benchmark"], "0")
    build = pathlib.Path(BINARY).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        definitions = pathlib.Path(folder) / "definitions.jsonl"
        definitions.write_text("".join(live_definitions(1000)), encoding="utf-8")
        for count in (1_000, 10_000, 100_000):
            export = pathlib.Path(folder) / f"export{count}.json"
            subprocess.run([build / "bench/redoubt_generate_export", str(count), export], check=True)
            measure(f"1,000 definitions on {count} resources", [export, "--policy", definitions, "-f", "json"], "0,1")


if __name__ == "__main__":
    main()
