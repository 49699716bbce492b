#!/usr/bin/env python3
"""Landing zones, whole runs: medians of five, with the policies and the library as kept, indexed content.

1. Preflight of the largest shared template under everything that the Azure Landing Zones library assigns at corp.
2. An inventory of 100,000 resources judged with that library's assignments, on two cores.
3. The same inventory by `posture rescan`: the first time, and when every hundredth row changed. The share of the
   full scan in the same run is printed with it; reading the last pass and keeping the new one are in it.
Needs the shared corpora (REDOUBT_CORPORA, default ../shared).
"""

import pathlib
import re
import shutil
import subprocess
import tempfile

from measure_scan import BINARY, SHARED, measure_command, tell

SUBSCRIPTIONS = [f"{number:08x}-0000-4000-8000-000000000001" for number in range(1, 13)]
CORES = "0,1"
CHANGED_EVERY = 100  # rows
SWITCH = re.compile('"(En|Dis)abled"')


def keep_content(folder, policies):
    """A data directory with what a zone assigns, as `content add` leaves it."""
    data = folder / "data"
    for path, name in ((policies[0], "definitions"), (policies[1], "initiatives"), (SHARED / "alz/alz", "alz")):
        subprocess.run([BINARY, "content", "add", path, "--name", name, "--data", data], check=True, stdout=subprocess.DEVNULL)
    return data


def zone_file(folder, export):
    """Every second subscription of the generated export lies at corp, the others at online; policies are kept content."""
    lines = ["location: swedencentral", f"alz: {{folders: [{SHARED / 'alz/alz'}], values: {{default_location: swedencentral}}}}",
             "subscriptions:"]
    for number, subscription in enumerate(SUBSCRIPTIONS):
        lines.append(f"  - {{id: {subscription}, managementGroup: {'online' if number % 2 else 'corp'}}}")
    path = folder / "zone.yaml"
    path.write_text("\n".join([*lines, f"exports: [{export}]", ""]), encoding="utf-8")
    return path


def changed(row):
    """Its first switch turned; a row without one gets a column of its own."""
    word = SWITCH.search(row)
    if not word:
        return '{"changed":true,' + row[1:]
    return row[: word.start()] + ('"Disabled"' if word[0] == '"Enabled"' else '"Enabled"') + row[word.end():]


def change_rows(export):
    """Rows stand in a line each, between the first and the last two."""
    lines = export.read_text(encoding="utf-8").split("\n")
    for number in range(1, len(lines) - 2, CHANGED_EVERY):
        lines[number] = changed(lines[number])
    export.write_text("\n".join(lines), encoding="utf-8")


def measure_rescans(folder, words, full, export):
    """`words`: zone and data directory. `full`: seconds of the scan."""
    command = ["posture", "rescan", *words, "-f", "json"]
    passes, kept = folder / "data/passes", folder / "kept"
    measure_command("the first rescan of 100000 resources", command, CORES,
                    lambda: shutil.rmtree(passes, ignore_errors=True))
    passes.rename(kept)
    change_rows(export)

    def restore():
        shutil.rmtree(passes, ignore_errors=True)
        shutil.copytree(kept, passes)

    seconds = measure_command("a rescan when 1 % of 100000 rows changed", command, CORES, restore)
    tell("a rescan when 1 % changed, share of the full scan", seconds / full, "ratio")


def main():
    policies = [SHARED / "azure-policy" / name for name in ("definitions.jsonl", "initiatives.jsonl")]
    if not all(path.exists() for path in policies):
        return
    template = SHARED / "templates/arm/avm-ptn-ai-platform-baseline/main.json"
    build = pathlib.Path(BINARY).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = keep_content(folder, policies)
        measure_command("preflight of a 1.7 MB template at corp",
                        ["posture", "preflight", template, "--at", "corp", "--data", data, "-f", "json"], CORES)
        export = folder / "export.json"
        subprocess.run([build / "bench/redoubt_generate_export", "100000", export], check=True)
        words = ["--zone", zone_file(folder, export), "--data", data]
        full = measure_command("a zone of 100000 resources", ["posture", "scan", *words, "-f", "json"], CORES)
        measure_rescans(folder, words, full, export)


if __name__ == "__main__":
    main()
