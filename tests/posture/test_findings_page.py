#!/usr/bin/env python3
"""The HTML page of `posture scan`, opened in headless Chromium: no console error, no request, no accessibility violation."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/browser"))
import browser  # noqa: E402

import hostile_names  # noqa: E402

NOW = ["--now", "2026-12-01T00:00:00Z"]
HARBOR = "examples/harbor-ai"
MOST_BYTES = 20_000_000


def scan(page, *arguments):
    command = [os.environ["REDOUBT_BINARY"], "posture", "scan", *arguments, *NOW, "-f", "html", "-o", page]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)


def accounts(path, count):
    """An export of storage accounts that fail five policies of the starter pack each."""
    with open(path, "w", encoding="utf-8") as file:
        for i in range(count):
            group = f"/subscriptions/00000000-0000-0000-0000-{i % 40:012}/resourceGroups/rg-{i % 900}"
            json.dump({"id": f"{group}/providers/Microsoft.Storage/storageAccounts/st{i:06}", "name": f"st{i:06}",
                       "type": "microsoft.storage/storageaccounts", "location": "westeurope",
                       "properties": {"publicNetworkAccess": "Enabled"}}, file)
            file.write("\n")


def pages(folder):
    """Name, arguments, what is looked at. Opening takes its time: where no browser is required a few are enough."""
    accounts(folder / "many.jsonl", 6000)
    hostile_names.write(folder / "hostile")
    all_pages = [
        ("zone", ["--zone", f"{HARBOR}/zone.yaml"], ["findings"]),
        ("templates", [f"{HARBOR}/fasttrack", "--all"], ["findings"]),
        ("clean", [f"{HARBOR}/hardened"], ["clean"]),
        ("hostile", [folder / "hostile/export.jsonl", "--policy", folder / "hostile/policies"], ["findings", "hostile"]),
        ("many", [folder / "many.jsonl"], ["findings", "cut"]),
    ]
    return all_pages if browser.required() else [page for page in all_pages if page[0] in ("clean", "hostile")]


def main():
    if reason := browser.missing():
        return browser.exit_code_without(reason)
    mistakes = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for page, arguments, checks in pages(folder):
            file = folder / f"{page}.html"
            scan(file, *arguments)
            if file.stat().st_size > MOST_BYTES:
                mistakes.append(f"{page}: {file.stat().st_size} bytes")
            try:
                found = browser.problems(file, *checks, screenshots=os.environ.get("REDOUBT_SCREENSHOTS"))
            except subprocess.TimeoutExpired:
                return browser.exit_code_without("the browser takes too long here")
            mistakes += [f"{page}: {line}" for line in found]
    print("\n".join(mistakes))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
