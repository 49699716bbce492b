#!/usr/bin/env python3
"""The tables under content/azure are what generate.py makes of the corpora, byte for byte."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LARGEST = 1_500_000  # bytes in all; they are in every binary


def main():
    corpora = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT.parent / "shared")) / "azure-policy"
    if not corpora.is_dir():
        print(f"no corpora at {corpora}; set REDOUBT_CORPORA (see docs/corpora.md)")
        return 1 if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1" else 77
    content = ROOT / "content" / "azure"
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, content / "generate.py", corpora, "--out", folder], check=True)
        for name in ("aliases.bin", "types.bin"):
            if (pathlib.Path(folder) / name).read_bytes() != (content / name).read_bytes():
                failures.append(f"{name} is not what generate.py makes: run it again")
    size = sum((content / name).stat().st_size for name in ("aliases.bin", "types.bin"))
    if size > LARGEST:
        failures.append(f"the tables have {size} bytes, more than {LARGEST}")
    print("\n".join(failures) or f"both tables are as generated, {size} bytes")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
