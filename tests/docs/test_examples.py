#!/usr/bin/env python3
"""What the pages show is what the program prints.

A fenced block whose first line is ```<language> <file> is written to that file; in a ```console block every line
that begins with `$ ` is run by one shell a page, and what stands below it must be its output. Commands run in a
fresh folder that holds the page's files, `examples` and `content`. What ```console engine shows needs the event engine, and is passed over where that is not here.
RD_UPDATE_CASES=1 writes the outputs anew.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["REDOUBT_BINARY"]).resolve()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
MARK = "----- end of output -----"


def has_engine():
    probe = subprocess.run([BINARY, "kql", "run", "print 1", "--engine", "embedded"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        print(f"passed over, what needs the event engine: {probe.stderr.strip()}")
    return probe.returncode == 0


def is_run(block, engine):
    return block[1] == "console" and (block[2] is None or engine)


def commands_of(block):
    """Pairs of a command and the output below it."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command += "\n" + more
        yield command, output


def run(commands, folder):
    """Outputs of the commands, run one after the other by one shell."""
    for name in ("examples", "content"):
        (folder / name).symlink_to(ROOT / name)
    script = "".join(f"{command}\necho '{MARK}'\n" for command in commands)
    bin_folder = folder / ".bin"
    bin_folder.mkdir()
    (bin_folder / "redoubt").symlink_to(BINARY)
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )
    return done.stdout.split(MARK + "\n")[: len(commands)]


def with_outputs(text, engine):
    """The page with the outputs that its commands really give."""
    blocks = list(BLOCK.finditer(text))
    commands = [one for b in blocks if is_run(b, engine) for one, _ in commands_of(b[3])]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for block in blocks:
            if block[2] and block[1] != "console":
                (folder / block[2]).parent.mkdir(parents=True, exist_ok=True)
                (folder / block[2]).write_text(block[3], encoding="utf-8")
        outputs = iter(run(commands, folder)) if commands else iter([])

    def renewed(block):
        if not is_run(block, engine):
            return block[0]
        body = "".join(f"$ {command}\n{next(outputs)}" for command, _ in commands_of(block[3]))
        return f"```console{' ' + block[2] if block[2] else ''}\n{body}```"

    return BLOCK.sub(renewed, text)


def main():
    failed = False
    engine = has_engine()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        real = with_outputs(text, engine)
        if real == text:
            continue
        if os.environ.get("RD_UPDATE_CASES") == "1":
            page.write_text(real, encoding="utf-8")
            continue
        failed = True
        print(f"{page.relative_to(ROOT)} shows what the program does not print:")
        subprocess.run(["diff", "-u", str(page), "-"], input=real, text=True, check=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
