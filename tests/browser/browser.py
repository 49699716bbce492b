"""Opens pages in headless Chromium for tests: see README.md."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing():
    """What keeps a page from being opened here; empty: nothing."""
    if not find():
        return "no Chromium"
    if not shutil.which("node"):
        return "no Node.js"
    if not (HERE / "node_modules/playwright-core").exists():
        return "tests/browser/node_modules is not installed (make setup-browser)"
    return ""


def find():
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def required():
    return os.environ.get("REDOUBT_REQUIRE_BROWSER") == "1"


def exit_code_without(reason):
    """What a test returns that can't open pages."""
    print(f"{'failed' if required() else 'skipped'}: {reason}")
    return 1 if required() else SKIPPED


def problems(page, *checks, screenshots=None):
    """Lines about what is wrong with a page: in both themes, wide and on a phone."""
    command = ["node", HERE / "open_page.mjs", find(), page, *checks]
    environment = {**os.environ, **({"REDOUBT_SCREENSHOTS": str(screenshots)} if screenshots else {})}
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, env=environment)
    lines = done.stdout.splitlines()
    if done.returncode not in (0, 1):
        lines.append(done.stderr[-2000:])
    return lines
