#!/usr/bin/env python3
"""Runs the benchmarks and prints medians; with --base FILE also the ratio to an earlier run.

The program redoubt_bench holds what is measured inside the process. bench/measure_*.py measure whole commands,
process start to exit: each gets the program's path in REDOUBT_BINARY and prints JSON lines
{"name": ..., "value": ..., "unit": ...}, a median each.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parent


def run_library(program, repetitions):
    """Medians of the Google Benchmark program; rates where a benchmark counts bytes or items."""
    options = [f"--benchmark_repetitions={repetitions}", "--benchmark_report_aggregates_only=true"]
    out = subprocess.run([program, "--benchmark_format=json", *options], check=True, stdout=subprocess.PIPE)
    for row in json.loads(out.stdout)["benchmarks"]:
        if row.get("aggregate_name") != "median":
            continue
        yield {"name": row["run_name"], "value": row["real_time"], "unit": row["time_unit"]}
        for counter, unit, of in (("bytes_per_second", "MB/s", 1e6), ("items_per_second", "M/s", 1e6),
                                  ("bytes_per_query", "B", 1)):
            if counter in row:
                yield {"name": f"{row['run_name']} {counter}", "value": row[counter] / of, "unit": unit}


def run_command(script, binary):
    environment = {**os.environ, "REDOUBT_BINARY": str(binary)}
    # Each line as it comes: whole scripts run for minutes.
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        sys.exit(f"{script.name} failed: exit {process.returncode}")


def print_row(row, base):
    ratio = f"{row['value'] / base[row['name']]:8.2f}x" if base.get(row["name"]) else ""
    print(f"{row['name']:60} {row['value']:14.3f} {row['unit']:8} {ratio}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build folder")
    parser.add_argument("--base", type=pathlib.Path, help="bench.json of an earlier run")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    base = {row["name"]: row["value"] for row in json.loads(options.base.read_text())} if options.base else {}
    rows = []
    sources = [run_command(script, options.build / "redoubt") for script in sorted(BENCH.glob("measure_*.py"))]
    if (options.build / "redoubt_bench").exists():
        sources.insert(0, run_library(options.build / "redoubt_bench", options.repetitions))
    for source in sources:
        for row in source:
            rows.append(row)
            print_row(row, base)
    written = options.build / "bench.json"
    written.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"written to {written}; compare a later run with BASE={written}")


if __name__ == "__main__":
    main()
