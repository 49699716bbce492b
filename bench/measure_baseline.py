#!/usr/bin/env python3
"""Whole runs of `posture scan` with the AI landing-zone pack on the example and on 100,000 generated resources:
resources a second, and the time as a ratio to that of the starter pack in the same run. No corpora are needed."""

import os
import pathlib
import subprocess
import tempfile

import measure_scan

EXAMPLE = measure_scan.ROOT / "examples/harbor-ai"
PACKS = ("redoubt-starter", "ailz")
RESOURCES = 100_000


def resources(paths):
    """How many resources the templates deploy."""
    table = subprocess.run([measure_scan.BINARY, "posture", "scan", *paths, "--initiative", "ailz", "-q"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    return next(int(line.split()[0]) for line in table.splitlines() if " policies of ailz: " in line)


def compare(what, paths, count):
    seconds = {}
    for pack in PACKS:
        name = f"{pack} on {what}"
        seconds[pack] = measure_scan.measure(name, [*paths, "--initiative", pack, "-f", "json"], "0,1")
        measure_scan.tell(f"{name} rate", count / seconds[pack], "resources/s")
    measure_scan.tell(f"ailz on {what}, time of {PACKS[0]}", seconds["ailz"] / seconds[PACKS[0]], "ratio")


def main():
    halves = [EXAMPLE / "fasttrack", EXAMPLE / "hardened"]
    compare("harbor-ai", halves, resources(halves))
    build = pathlib.Path(os.environ["REDOUBT_BINARY"]).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        export = pathlib.Path(folder) / "export.json"
        subprocess.run([build / "bench/redoubt_generate_export", str(RESOURCES), export], check=True)
        compare(f"{RESOURCES:,} resources", [export], RESOURCES)


if __name__ == "__main__":
    main()
