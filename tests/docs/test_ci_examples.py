#!/usr/bin/env python3
"""The shell steps of examples/ci do what docs/pull-requests.md says, in a folder like a clone.

Every `run:` or `script:` is run in order by the shell its service takes, with the program on PATH; `make`, `gh` and
`curl` are stand-ins that keep what they were called with. After a failure only the steps go on that ask for it.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import plain_yaml  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["REDOUBT_BINARY"]).resolve()
HARDENED = {
    "TEMPLATES": "infra/hardened",
    "AT": "hardened",
    "SCOPE": "/subscriptions/00000000-0000-0000-0000-0000000000e1/resourceGroups/rg-berth-prd",
}
# What stands in an expression of the service, and what it would fill in.
FILLED_IN = {"${{ github.token }}": "token", "${{ github.event.pull_request.number }}": "17", "$(System.AccessToken)": "token"}


class Clone:
    """A repository with templates and zone file under infra/, and the stand-ins."""

    def __init__(self, folder):
        self.calls = folder / "calls"
        self.calls.touch()
        self.work = folder / "s"
        shutil.copytree(ROOT / "examples/harbor-ai", self.work / "infra")
        shutil.copytree(ROOT / "content/policies", folder / "content/policies")
        tools = folder / "tools"
        tools.mkdir()
        (tools / "redoubt").symlink_to(BINARY)
        for name in ("make", "gh", "curl"):
            stand_in = tools / name
            # There is no comment yet that could be edited.
            stand_in.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.calls}"\ncase "$*" in *--edit-last*) exit 1 ;; esac\n')
            stand_in.chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "GITHUB_PATH": str(folder / "path"), "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "AGENT_BUILDDIRECTORY": str(folder), "SYSTEM_COLLECTIONURI": "https://devops.example/harbor/",
            "SYSTEM_TEAMPROJECTID": "port", "BUILD_REPOSITORY_ID": "infra", "SYSTEM_PULLREQUEST_PULLREQUESTID": "17",
        }

    def run(self, shell, steps, environment):
        """Exit code of each shell step by its name; None of those that a failure kept from running."""
        codes = {}
        for step in steps:
            name, script, goes_on = step
            if any(codes.values()) and not goes_on:
                codes[name] = None
                continue
            filled = {key: FILLED_IN.get(value, str(value)) for key, value in environment[name].items()}
            done = subprocess.run([*shell, script], cwd=self.work, env={**self.environment, **filled}, capture_output=True,
                                  text=True, timeout=60, check=False)
            codes[name] = done.returncode
            if "error" in done.stderr:
                raise AssertionError(f"{name}: {done.stderr}")
        return codes

    def called(self):
        return self.calls.read_text()


def github():
    flow = plain_yaml.read((ROOT / "examples/ci/github-actions.yml").read_text())
    (job,) = flow["jobs"].values()
    shell = [step for step in job["steps"] if "run" in step]
    steps = [(step["name"], step["run"], "failure()" in step.get("if", "")) for step in shell]
    return ["bash", "-e", "-c"], steps, {step["name"]: {**flow["env"], **(step.get("env") or {})} for step in shell}


def azure():
    flow = plain_yaml.read((ROOT / "examples/ci/azure-pipelines.yml").read_text())
    shell = [step for step in flow["steps"] if "script" in step]
    steps = [(step["displayName"], step["script"], "succeededOrFailed()" in step.get("condition", "")) for step in shell]
    # Variables of a pipeline reach scripts in upper case.
    return ["bash", "-c"], steps, {step["displayName"]: {**flow["variables"], **(step.get("env") or {})} for step in shell}


class CiExamples(unittest.TestCase):
    maxDiff = None

    def play(self, service, changed=None):
        shell, steps, environment = service()
        for values in environment.values():
            values.update(changed or {})
        folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        clone = Clone(folder)
        return clone, clone.run(shell, steps, environment)

    def test_a_pull_request_that_would_be_refused(self):
        for service in (github, azure):
            with self.subTest(service.__name__):
                clone, codes = self.play(service)
                self.assertEqual(codes, {"Build": 0, "Zone file": 0, "Preflight": 1, "Scan": 1, "Comment": 0})
                comment = (clone.work / "comment.md").read_text()
                self.assertIn("5 denied", comment.split("\n")[0])
                results = json.loads((clone.work / "findings.sarif").read_text())["runs"][0]["results"]
                places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
                self.assertIn("infra/fasttrack/ai/main.json", places)

    def test_a_pull_request_that_is_clean(self):
        for service in (github, azure):
            with self.subTest(service.__name__):
                clone, codes = self.play(service, HARDENED)
                self.assertEqual(set(codes.values()), {0}, codes)
                self.assertNotIn("denied (", (clone.work / "comment.md").read_text())

    def test_a_zone_file_with_a_mistake_fails_and_the_rest_is_said_all_the_same(self):
        for service in (github, azure):
            with self.subTest(service.__name__):
                shell, steps, environment = service()
                folder = pathlib.Path(tempfile.mkdtemp())
                self.addCleanup(shutil.rmtree, folder)
                clone = Clone(folder)
                zone = clone.work / "infra/zone.yaml"
                zone.write_text(zone.read_text() + "subscription: []\n")
                try:
                    codes = clone.run(shell, steps, environment)
                except AssertionError as said:
                    self.assertIn("ZON0002", str(said))
                else:
                    self.fail(codes)

    def test_the_program_is_built_and_put_on_the_path(self):
        clone, _ = self.play(github, HARDENED)
        self.assertIn("make -C .redoubt-source setup build", clone.called())
        self.assertEqual((clone.work.parent / "path").read_text(), f"{clone.work}/.redoubt-source/build/release\n")
        clone, _ = self.play(azure, HARDENED)
        self.assertIn(f"make -C {clone.work.parent}/redoubt setup build", clone.called())

    def test_comments(self):
        clone, _ = self.play(github)
        self.assertEqual(clone.called().split("\n")[1:3],
                         ["gh pr comment 17 --edit-last --body-file comment.md", "gh pr comment 17 --body-file comment.md"])
        self.assertEqual((clone.work.parent / "summary").read_text(), (clone.work / "comment.md").read_text())
        clone, _ = self.play(azure)
        self.assertIn("https://devops.example/harbor/port/_apis/git/repositories/infra/pullRequests/17/threads?api-version=7.1",
                      clone.called())
        thread = json.loads((clone.work / "thread.json").read_text())
        self.assertEqual(thread["comments"][0]["content"], (clone.work / "comment.md").read_text())

    def test_no_expression_of_the_service_stands_in_a_script(self):
        # What a pull request may choose, such as the name of its branch, must not become part of a script.
        for service in (github, azure):
            for name, script, _ in service()[1]:
                self.assertNotIn("${{", script, name)
                self.assertNotIn("$(", script, name)

    def test_the_folder_of_the_program_is_no_part_of_a_scan(self):
        clone, _ = self.play(github, HARDENED)
        (clone.work / ".redoubt-source").mkdir()
        shutil.copy(clone.work / "infra/portal/main.json", clone.work / ".redoubt-source/main.json")
        done = subprocess.run([BINARY, "posture", "scan", ".", "-f", "json"], cwd=clone.work, capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertNotIn(".redoubt-source", done.stdout)


if __name__ == "__main__":
    unittest.main()
