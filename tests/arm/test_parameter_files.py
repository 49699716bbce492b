#!/usr/bin/env python3
"""Which parameter file belongs to a template: `arm expand` and `posture scan` see the same one."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deployment"
ACCOUNT = {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "[parameters('name')]", "location": "westeurope",
           "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
TEMPLATE = {"$schema": f"{SCHEMA}Template.json#", "contentVersion": "1.0.0.0", "parameters": {"name": {"type": "string"}}, "resources": [ACCOUNT]}


def values(**parameters):
    return {"$schema": f"{SCHEMA}Parameters.json#", "contentVersion": "1.0.0.0", "parameters": {name: {"value": value} for name, value in parameters.items()}}


def run(folder, *arguments):
    return subprocess.run([os.environ["REDOUBT_BINARY"], *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


class ParameterFiles(unittest.TestCase):
    # What stands beside the template NAME, and the name of the account by it.
    CASES = {
        "none": ("main", {}, "{parameters.name}"),
        "own": ("site", {"site.parameters.json": values(name="own"), "azuredeploy.parameters.json": values(name="shared")}, "own"),
        "of the folder": ("site", {"azuredeploy.parameters.json": values(name="shared")}, "shared"),
        "of the main template": ("site", {"main.parameters.json": values(name="mainly")}, "mainly"),
        "of another template": ("site", {"azuredeploy.parameters.json": values(name="a", size=2), "main.parameters.json": values(name="b")}, "b"),
        "own, with one more": ("site", {"site.parameters.json": values(name="own", size=2)}, "own"),
        "of that name, but none": ("site", {"site.parameters.json": {"name": "x"}, "main.parameters.json": values(name="b")}, "b"),
    }

    def test_both_see_the_same(self):
        for case, (name, files, account) in self.CASES.items():
            with self.subTest(case), tempfile.TemporaryDirectory() as folder:
                for file, content in {f"{name}.json": TEMPLATE, **files}.items():
                    (pathlib.Path(folder) / file).write_text(json.dumps(content))
                expanded = run(folder, "arm", "expand", f"{name}.json")
                self.assertEqual([one["name"] for one in json.loads(expanded.stdout)["resources"]], [account])
                used = [file for file in files if f"parameters from {file}" in expanded.stderr]
                self.assertEqual(len(used), 0 if case == "none" else 1, expanded.stderr)
                scanned = run(folder, "posture", "scan", f"{name}.json", "--all", "-f", "json")
                self.assertEqual({one["resource"]["name"] for one in json.loads(scanned.stdout)["findings"]}, {account})

    def test_one_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "site.json").write_text(json.dumps(TEMPLATE))
            (pathlib.Path(folder) / "site.parameters.json").write_text('{"parameters": ')
            for command in (("arm", "expand"), ("posture", "scan")):
                done = run(folder, *command, "site.json")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("site.parameters.json", done.stderr)


if __name__ == "__main__":
    unittest.main()
