#!/usr/bin/env python3
"""Whole runs of `posture score` and of `posture scan --record`, with the starter pack on generated inventories:
medians of five on two cores, with the steps the program tells with --verbose."""

import os
import pathlib
import subprocess
import tempfile

import measure_scan


def main():
    build = pathlib.Path(os.environ["REDOUBT_BINARY"]).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        for count in (10_000, 100_000):
            export = pathlib.Path(folder) / f"export{count}.json"
            subprocess.run([build / "bench/redoubt_generate_export", str(count), export], check=True)
            for pack in ("redoubt-starter", "ailz"):
                words = ["posture", "score", export, "--initiative", pack]
                measure_scan.measure_command(f"score with {pack} of {count} resources", words, "0,1")
            words = ["posture", "scan", export, "--initiative", "ailz", "--record", "--data", f"{folder}/data{count}"]
            measure_scan.measure_command(f"recorded scan with ailz of {count} resources", words, "0,1")


if __name__ == "__main__":
    main()
