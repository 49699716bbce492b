#!/usr/bin/env python3
"""Landing zones, whole runs: medians of five.

1. Preflight of the largest shared template under everything that the Azure Landing Zones library assigns at corp.
2. An inventory of 100,000 resources judged with that library's assignments, on two cores.
Needs the shared corpora (REDOUBT_CORPORA, default ../shared).
"""

import pathlib
import subprocess
import tempfile

from measure_scan import BINARY, SHARED, measure_command

SUBSCRIPTIONS = [f"{number:08x}-0000-4000-8000-000000000001" for number in range(1, 13)]


def zone_file(folder, export, policies):
    """Every second subscription of the generated export lies at corp, the others at online."""
    lines = ["location: swedencentral", f"alz: {{folders: [{SHARED / 'alz/alz'}], values: {{default_location: swedencentral}}}}",
             f"policies: [{policies[0]}, {policies[1]}]", "subscriptions:"]
    for number, subscription in enumerate(SUBSCRIPTIONS):
        lines.append(f"  - {{id: {subscription}, managementGroup: {'online' if number % 2 else 'corp'}}}")
    path = folder / "zone.yaml"
    path.write_text("\n".join([*lines, f"exports: [{export}]", ""]), encoding="utf-8")
    return path


def main():
    policies = [SHARED / "azure-policy" / name for name in ("definitions.jsonl", "initiatives.jsonl")]
    if not all(path.exists() for path in policies):
        return
    template = SHARED / "templates/arm/avm-ptn-ai-platform-baseline/main.json"
    options = [option for path in policies for option in ("--policy", path)]
    measure_command("preflight of a 1.7 MB template at corp",
                    ["posture", "preflight", template, "--alz", SHARED / "alz/alz", "--at", "corp", "-f", "json", *options], "0,1")
    build = pathlib.Path(BINARY).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_generate_export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        export = folder / "export.json"
        subprocess.run([build / "bench/redoubt_generate_export", "100000", export], check=True)
        measure_command("a zone of 100000 resources",
                        ["posture", "scan", "--zone", zone_file(folder, export, policies), "-f", "json"], "0,1")


if __name__ == "__main__":
    main()
