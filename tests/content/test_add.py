#!/usr/bin/env python3
"""`redoubt content add`, `list`, `verify`: what is taken, how it is found again, and that a kill leaves the old."""

import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from content_files import (
    BINARY, NOW, definition, guid, initiative, repository, run, tar_gz, tree, write_folder, zip_bytes,
)

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "stone",
                   "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}],
}


class Content(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        self.content = self.folder / ".redoubt" / "content"

    def run_it(self, *words):
        return run(*words, cwd=self.folder)

    def add(self, path, *words, code=0):
        done = self.run_it("content", "add", str(path), "--now", NOW, *words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def manifest(self, name):
        return json.loads((self.content / name / "manifest.json").read_text(encoding="utf-8"))

    def verify(self, *words):
        done = self.run_it("content", "verify", "-f", "json", *words)
        return done.returncode, json.loads(done.stdout)

    def codes(self, *words):
        code, found = self.verify(*words)
        return code, sorted({one["code"] for one in found["diagnostics"]})

    def scan(self, *words):
        (self.folder / "main.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
        done = self.run_it("posture", "scan", "main.json", "-f", "json", *words)
        names = [one["policy"]["name"] for one in json.loads(done.stdout)["findings"]] if done.stdout else []
        return done, sorted(names)


class Taken(Content):
    def check_repository(self, name):
        manifest = self.manifest(name)
        self.assertEqual(manifest["schema"], "redoubt.content/1")
        self.assertEqual(manifest["added"], NOW)
        self.assertEqual((manifest["counts"]["definitions"], manifest["counts"]["initiatives"]), (20, 1))
        for file in manifest["files"]:
            data = (self.content / name / file["path"]).read_bytes()
            self.assertEqual((len(data), hashlib.sha256(data).hexdigest()), (file["bytes"], file["sha256"]))
        rows = [json.loads(line) for line in (self.content / name / "definitions.jsonl").read_text().splitlines()]
        self.assertEqual([row["name"] for row in rows], [guid(n) for n in range(20)])
        self.assertEqual(rows[0]["properties"], definition(0)["properties"])
        self.assertEqual(self.codes(name), (0, []))

    def test_a_folder_and_archives_of_it_give_one_pack(self):
        files = repository()
        write_folder(self.folder / "azure-policy", files)
        (self.folder / "a.zip").write_bytes(zip_bytes(files, "azure-policy-main"))
        (self.folder / "b.tar.gz").write_bytes(tar_gz(files))
        (self.folder / "c.tgz").write_bytes(tar_gz(files, ""))
        for path, name in (("azure-policy", "azure-policy"), ("a.zip", "a"), ("b.tar.gz", "b"), ("c.tgz", "c")):
            self.add(path)
            self.check_repository(name)
        packs = [tree(self.content / name) for name in ("azure-policy", "a", "b", "c")]
        for pack in packs:
            del pack["manifest.json"]
            self.assertEqual(pack, packs[0])
        self.assertEqual(self.manifest("b")["source"]["sha256"],
                         hashlib.sha256((self.folder / "b.tar.gz").read_bytes()).hexdigest())

    def test_files_in_the_forms_of_the_library(self):
        (self.folder / "rows.jsonl").write_text(
            "\n".join(json.dumps({"definition": definition(n)}) for n in range(3)), encoding="utf-8")
        self.add("rows.jsonl")
        self.assertEqual(self.manifest("rows")["counts"]["definitions"], 3)
        (self.folder / "deny-all.json").write_text(
            json.dumps({"properties": {"policyRule": {"if": {"field": "name", "like": "\t"},
                                                      "then": {"effect": "deny"}}}}), encoding="utf-8")
        self.add("deny-all.json", "--name", "mine")
        row = json.loads((self.content / "mine" / "definitions.jsonl").read_text())
        self.assertEqual(row["name"], "deny-all")
        self.assertEqual(self.codes(), (0, []))

    def test_an_alz_library_is_kept_as_its_files(self):
        library = self.folder / "lib"
        files = {
            "architecture_definitions/a.alz_architecture_definition.json": json.dumps(
                {"name": "a", "management_groups": [
                    {"id": "top", "display_name": "Top", "archetypes": ["base"], "parent_id": None}]}),
            "archetype_definitions/base.alz_archetype_definition.json": json.dumps(
                {"name": "base", "policy_assignments": ["One"]}),
            "policy_assignments/One.alz_policy_assignment.json": json.dumps({"name": "One", "properties": {}}),
            "policy_definitions/d.alz_policy_definition.json": json.dumps(definition(1)),
            "notes.json": "{}",
        }
        write_folder(library, files)
        self.add("lib")
        kept = tree(self.content / "lib" / "alz")
        del files["notes.json"]
        self.assertEqual({name: text.decode() for name, text in kept.items()}, files)
        manifest = self.manifest("lib")
        self.assertEqual(manifest["alzLibraries"], ["."])
        self.assertEqual(manifest["counts"], {"definitions": 1, "initiatives": 0, "passedOver": 1, "unread": 0})
        self.assertEqual(self.codes(), (0, []))
        (self.folder / "many.zip").write_bytes(zip_bytes(
            {f"platform/{one}/{path}": text for one in ("alz", "slz")
             for path, text in {**files, "alz_library_metadata.json": "{}"}.items()}))
        self.add("many.zip")
        self.assertEqual(self.manifest("many")["alzLibraries"], ["platform/alz", "platform/slz"])

    def test_what_is_no_content(self):
        (self.folder / "x.json").write_text("{}", encoding="utf-8")
        (self.folder / "x.txt").write_text("{}", encoding="utf-8")
        for path, code, exit_code in (("x.json", "CON0003", 3), ("x.txt", "CON0002", 2), ("none", "CON0002", 2)):
            done = self.add(path, code=exit_code)
            self.assertIn(code, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)
        for name in ("../x", "A", ".x", "a/b", "x" * 65):
            self.assertIn("CON0001", self.add("x.json", "--name", name, code=2).stderr)
        self.assertFalse((self.content / "x").exists())

    def test_what_is_kept_already_is_not_content(self):
        (self.folder / "mine.json").write_text(json.dumps(definition(1)), encoding="utf-8")
        self.content = self.folder / "kept/content"
        for _ in range(2):
            done = self.add(".", "--name", "mine", "--data", "kept")
            self.assertEqual((done.stdout.splitlines()[0], done.stderr), ("mine: 1 definition, 0 initiatives", ""))

    def test_files_that_cannot_be_read_are_said_and_counted(self):
        folder = write_folder(self.folder / "mixed", {"good.json": json.dumps(definition(1)), "bad.json": "{"})
        os.symlink("/etc/passwd", folder / "link.json")
        done = self.add("mixed", code=3)
        self.assertIn("DOC0101", done.stderr)
        self.assertIn("CON0009", done.stderr)
        self.assertEqual(self.manifest("mixed")["counts"]["unread"], 1)
        self.assertEqual(self.codes(), (0, ["CON0206"]))
        self.assertEqual(self.codes("--fail-on", "medium"), (1, ["CON0206"]))

    def test_a_data_directory_that_cannot_be_written(self):
        (self.folder / "file").write_text("", encoding="utf-8")
        write_folder(self.folder / "p", repository(2))
        done = self.add("p", "--data", "file", code=2)
        self.assertIn("CON0004", done.stderr)


class Found(Content):
    def setUp(self):
        super().setUp()
        write_folder(self.folder / "p", repository(6))
        self.add("p", "--name", "built-in")

    def test_scan_finds_initiatives_by_every_name(self):
        for name in ("all", "ALL", "all rules", "/providers/Microsoft.Authorization/policySetDefinitions/all"):
            done, names = self.scan("--initiative", name)
            self.assertEqual(names, [guid(n) for n in range(6)], done.stderr)
        done, _ = self.scan("--initiative", "none")
        self.assertEqual(done.returncode, 2)
        self.assertIn("POL0205", done.stderr)
        done, _ = self.scan("--initiative", "redoubt-starter")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_policy_paths_come_first_and_the_store_fills_up(self):
        (self.folder / "own.json").write_text(json.dumps(initiative("all", [1, 2])), encoding="utf-8")
        done, names = self.scan("--policy", "own.json", "--initiative", "all")
        self.assertEqual((names, done.stderr), ([guid(1), guid(2)], ""))

    def test_places_are_lines_of_the_pack(self):
        (self.folder / "bad.jsonl").write_text(
            "\n".join(map(json.dumps, [definition(7), {**definition(8), "properties": {
                **definition(8)["properties"], "policyRule": {"if": {"field": "type", "is": "x"},
                                                              "then": {"effect": "deny"}}}}, initiative("two", [8])])),
            encoding="utf-8")
        self.add("bad.jsonl")
        done, _ = self.scan("--initiative", "two", "--all")
        place = json.loads(done.stdout)["findings"][0]["location"]
        self.assertEqual((place["file"], place["line"]), (".redoubt/content/bad/definitions.jsonl", 2))

    def test_two_packs_that_differ_are_ambiguous(self):
        write_folder(self.folder / "q", repository(6, "2.0.0"))
        self.add("q", "--name", "same")
        done, names = self.scan("--initiative", "all")
        self.assertEqual(len(names), 6)
        write_folder(self.folder / "q", {"built-in-policies/policySetDefinitions/Storage/all.json":
                                         json.dumps(initiative("all", [1]))})
        self.add("q", "--name", "same")
        done, _ = self.scan("--initiative", "all")
        self.assertEqual(done.returncode, 2)
        self.assertIn("CON0105", done.stderr)

    def test_a_damaged_row_is_not_judged_and_not_green(self):
        path = self.content / "built-in" / "definitions.jsonl"
        path.write_text(path.read_text().replace("x3", "x4"), encoding="utf-8")
        done, names = self.scan("--initiative", "all")
        self.assertEqual(done.returncode, 3)
        self.assertIn("CON0104", done.stderr)
        self.assertNotIn(guid(3), names)

    def test_list(self):
        done = self.run_it("content", "list", "-f", "json")
        packs = json.loads(done.stdout)
        self.assertEqual(packs["schema"], "redoubt.content-list/1")
        self.assertEqual(packs["packs"], [self.manifest("built-in")])
        self.assertIn("built-in", self.run_it("content", "list").stdout)
        (self.content / "built-in" / "manifest.json").write_text("{", encoding="utf-8")
        done = self.run_it("content", "list")
        self.assertEqual(done.returncode, 3)
        self.assertIn("CON0102", done.stderr)
        empty = self.run_it("content", "list", "--data", "none")
        self.assertEqual((empty.returncode, empty.stderr), (0, ""))


class Verified(Content):
    def setUp(self):
        super().setUp()
        write_folder(self.folder / "p", repository(6))
        self.add("p")
        self.pack = self.content / "p"

    def damage(self, file, change, expected):
        """Verifies with `file` changed, and sound again afterwards."""
        path = self.pack / file
        before = path.read_bytes()
        path.write_bytes(change(before))
        code, codes = self.codes("p")
        self.assertEqual((code, codes), (1, expected), file)
        path.write_bytes(before)
        self.assertEqual(self.codes("p"), (0, []))

    def test_every_kind_of_damage_is_found(self):
        self.damage("definitions.jsonl", lambda text: text.replace(b"x3", b"x4"), ["CON0202", "CON0204"])
        self.damage("definitions.jsonl", lambda text: text[:-10], ["CON0202", "CON0204", "CON0205"])
        self.damage("initiatives.jsonl", lambda text: text + b"\n", ["CON0202", "CON0205"])
        self.damage("index", lambda text: text.replace(b"Rule 3", b"Rule 4"), ["CON0202"])
        self.damage("index", lambda text: text[:-5], ["CON0103"])
        self.damage("manifest.json", lambda text: text[:-5], ["CON0102"])
        self.damage("manifest.json", lambda text: text.replace(b'"index"', b'"../x"'), ["CON0102"])

    def test_every_byte_of_the_index_counts(self):
        path = self.pack / "index"
        before = path.read_bytes()
        for at in random.Random(7).sample(range(len(before)), 60):
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1:])
            self.assertEqual(self.verify("p")[0], 1, at)

    def test_files_that_come_and_go(self):
        (self.pack / "more.json").write_text("{}", encoding="utf-8")
        self.assertEqual(self.codes(), (0, ["CON0203"]))
        self.assertEqual(self.codes("--fail-on", "medium")[0], 1)
        (self.pack / "more.json").unlink()
        (self.pack / "definitions.jsonl").unlink()
        self.assertEqual(self.codes(), (1, ["CON0103"]))

    def test_no_such_pack(self):
        done = self.run_it("content", "verify", "q")
        self.assertEqual(done.returncode, 2)
        self.assertIn("CON0101", done.stderr)


class Replaced(Content):
    """A pack is the old one or the new one, whatever happens in between."""

    def sources(self, count=400):
        for name, version in (("old", "1.0.0"), ("new", "2.0.0")):
            (self.folder / f"{name}.tar.gz").write_bytes(tar_gz(repository(count, version)))

    def versions(self):
        lines = (self.content / "p" / "definitions.jsonl").read_text().splitlines()
        return {json.loads(line)["properties"]["version"] for line in lines}

    def test_a_killed_add_leaves_a_whole_pack(self):
        self.sources()
        self.add("old.tar.gz", "--name", "p")
        started = time.monotonic()
        self.add("new.tar.gz", "--name", "p")
        whole = time.monotonic() - started
        randomness = random.Random(11)
        seen = set()
        for number in range(40):
            source = "old" if number % 2 == 0 else "new"
            child = subprocess.Popen([BINARY, "content", "add", f"{source}.tar.gz", "--name", "p"], cwd=self.folder,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # Most kills hit the end, where the pack is written and put in its place.
            time.sleep(whole * (1 - randomness.random() ** 2 * 0.9))
            child.send_signal(signal.SIGKILL)
            child.wait()
            self.assertEqual(self.codes("p"), (0, []), number)
            versions = self.versions()
            self.assertEqual(len(versions), 1)
            seen |= versions
        self.add("new.tar.gz", "--name", "p")
        self.assertEqual(self.versions(), {"2.0.0"})
        left = [one.name for one in self.content.iterdir()]
        self.assertEqual(sorted(left), [".lock", "p"], "what killed ones left is removed")

    def test_readers_see_one_pack_while_it_is_replaced(self):
        self.sources(100)
        self.add("old.tar.gz", "--name", "p")
        stop = threading.Event()
        failures = []

        def replace():
            for number in range(1_000):
                if stop.is_set():
                    return
                done = run("content", "add", ("new", "old")[number % 2] + ".tar.gz", "--name", "p", cwd=self.folder)
                if done.returncode != 0:
                    failures.append(done.stderr)

        writer = threading.Thread(target=replace)
        writer.start()
        try:
            for _ in range(25):
                done, names = self.scan("--initiative", "all")
                self.assertEqual((len(names), done.stderr), (100, ""))
        finally:
            stop.set()
            writer.join()
        self.assertEqual(failures, [])

    def test_two_writers_do_not_mix(self):
        self.sources(50)
        children = [subprocess.Popen([BINARY, "content", "add", f"{one}.tar.gz", "--name", "p"], cwd=self.folder,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                    for one in ("old", "new") * 4]
        for child in children:
            _, errors = child.communicate(timeout=60)
            self.assertEqual((child.returncode, errors), (0, b""))
        self.assertEqual(self.codes("p"), (0, []))
        self.assertEqual(len(self.versions()), 1)

    def test_a_pack_that_was_moved_aside_is_found_and_put_back(self):
        write_folder(self.folder / "p", repository(6))
        self.add("p")
        # As a kill between the two renames leaves it, on a file system that can't exchange folders.
        (self.content / "p").rename(self.content / ".p.aside")
        self.assertEqual(self.codes("p"), (0, []))
        self.assertEqual(len(self.scan("--initiative", "all")[1]), 6)
        write_folder(self.folder / "q", repository(2))
        self.add("q")
        self.assertTrue((self.content / "p").is_dir())
        shutil.copytree(self.content / "q", self.content / ".p.aside")
        self.add("q")
        self.assertFalse((self.content / ".p.aside").exists())
        self.assertEqual(self.codes(), (0, []))

    def test_an_error_replaces_nothing(self):
        write_folder(self.folder / "p", repository(6))
        self.add("p")
        before = tree(self.folder / ".redoubt")
        (self.folder / "p.zip").write_bytes(zip_bytes({"../../evil.json": "{}"}, ""))
        self.add("p.zip", code=3)
        self.assertEqual(tree(self.folder / ".redoubt"), before)


class Corpora(Content):
    def test_the_public_content(self):
        corpora = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT.parent / "shared"))
        if not (corpora / "azure-policy").is_dir():
            if os.environ.get("REDOUBT_REQUIRE_CORPORA") == "1":
                self.fail("the corpora are missing")
            self.skipTest("no corpora")
        self.add(corpora / "azure-policy")
        self.add(corpora / "alz")
        counts = self.manifest("azure-policy")["counts"]
        self.assertEqual((counts["definitions"], counts["initiatives"], counts["unread"]), (3594, 181, 0))
        self.assertEqual(self.manifest("alz")["alzLibraries"], ["alz", "slz"])
        self.assertEqual(self.codes(), (0, []))
        policies = [str(corpora / "azure-policy" / name) for name in ("definitions.jsonl", "initiatives.jsonl")]
        arguments = ["posture", "scan", str(ROOT / "examples"), "-f", "json", "--initiative",
                     "Microsoft cloud security benchmark"]
        kept = self.run_it(*arguments)
        given = self.run_it(*arguments, "--policy", policies[0], "--policy", policies[1])
        self.assertEqual(json.loads(kept.stdout)["summary"], json.loads(given.stdout)["summary"])
        ids = [[one["id"] for one in json.loads(done.stdout)["findings"]] for done in (kept, given)]
        self.assertEqual(ids[0], ids[1])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
