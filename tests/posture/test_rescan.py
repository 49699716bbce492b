"""posture rescan: builds upon the last pass, and says what two whole scans would say."""
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

BINARY = pathlib.Path(os.environ["REDOUBT_BINARY"]).resolve()
SUBSCRIPTIONS = [f"0000000{number}-0000-4000-8000-000000000001" for number in (1, 2)]
NOW = "2026-03-01T00:00:00Z"


def rule(name, condition, mode="All"):
    return {"name": name, "properties": {"displayName": name, "mode": mode, "policyRule": {"if": condition, "then": {"effect": "audit"}}}}


POLICIES = [
    rule("tag-of-group", {"allOf": [
        {"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
        {"value": "[resourceGroup().tags['owner']]", "notEquals": "team"}]}),
    rule("key-age", {"allOf": [
        {"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
        {"field": "tags['until']", "less": "[utcNow()]"}]}),
]


class Estate:
    """A Resource Graph export that changes at random."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rows = []
        for subscription in SUBSCRIPTIONS:
            for group in ("rg-a", "rg-b", "rg-c"):
                self.rows.append(self.group(subscription, group))
        for _ in range(60):
            self.add()

    def group(self, subscription, name):
        identity = f"/subscriptions/{subscription}/resourceGroups/{name}"
        return {"id": identity, "name": name, "type": "microsoft.resources/subscriptions/resourcegroups",
                "location": "swedencentral", "tags": {"owner": self.random.choice(["team", "nobody"])}, "properties": {}}

    def place(self):
        return f"/subscriptions/{self.random.choice(SUBSCRIPTIONS)}/resourceGroups/rg-{self.random.choice('abc')}"

    def targets(self):
        return [row for row in self.rows if row["type"] in ("microsoft.storage/storageaccounts", "microsoft.keyvault/vaults")]

    def add(self):
        kind = self.random.choice(["account", "account", "vault", "endpoint", "setting"])
        name = f"{kind}{self.random.randrange(10**9)}"
        if kind in ("account", "vault") or not self.targets():
            kind = "account" if kind != "vault" else kind
            provider = {"account": "Microsoft.Storage/storageAccounts", "vault": "Microsoft.KeyVault/vaults"}[kind]
            row = {"id": f"{self.place()}/providers/{provider}/{name}", "type": provider.lower(), "name": name,
                   "location": "swedencentral", "tags": {"until": self.random.choice(["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"])},
                   "properties": self.properties()}
        elif kind == "endpoint":
            target = self.random.choice(self.targets())
            row = {"id": f"{self.place()}/providers/Microsoft.Network/privateEndpoints/{name}", "name": name,
                   "type": "microsoft.network/privateendpoints", "location": "swedencentral",
                   "properties": {"privateLinkServiceConnections": [{"properties": {"privateLinkServiceId": target["id"]}}]}}
        else:
            target = self.random.choice(self.targets())
            row = {"id": f"{target['id']}/providers/Microsoft.Insights/diagnosticSettings/{name}", "name": name,
                   "type": "microsoft.insights/diagnosticsettings",
                   "properties": {"logs": [{"category": "AuditEvent", "enabled": self.random.choice([True, False])}]}}
        self.rows.insert(self.random.randrange(len(self.rows) + 1), row)

    def properties(self):
        return {"publicNetworkAccess": self.random.choice(["Enabled", "Disabled"]), "minimumTlsVersion": self.random.choice(["TLS1_0", "TLS1_2"]),
                "text": self.random.choice(['a "quoted" } text', "\\", "plain", "[{"])}

    def change(self):
        for _ in range(self.random.randrange(4)):
            what = self.random.choice(["add", "remove", "edit", "edit", "move", "group", "setting"])
            row = self.random.choice(self.rows)
            if what == "add":
                self.add()
            elif what == "remove" and not row["type"].endswith("resourcegroups"):
                self.rows.remove(row)
            elif what == "edit" and row in self.targets():
                row["properties"] = self.properties()
            elif what == "move":
                self.rows.remove(row)
                self.rows.insert(self.random.randrange(len(self.rows) + 1), row)
            elif what == "group" and row["type"].endswith("resourcegroups"):
                row["tags"] = {"owner": self.random.choice(["team", "nobody"])}
            elif what == "setting" and "logs" in row["properties"]:
                row["properties"]["logs"][0]["enabled"] ^= True

    def text(self, form):
        if form == "lines":
            return "".join(json.dumps(row) + "\n" for row in self.rows)
        if form == "list":
            return json.dumps(self.rows, indent=1)
        return json.dumps({"count": len(self.rows), "total_records": len(self.rows), "data": self.rows, "skip_token": None})


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.export = self.folder / "export.json"
        for policy in POLICIES:
            (self.folder / f"{policy['name']}.policy.json").write_text(json.dumps(policy))
        starter = pathlib.Path(__file__).parents[2] / "content/policies/starter"
        self.policies = [option for path in (self.folder / "tag-of-group.policy.json", self.folder / "key-age.policy.json",
                                             starter / "redoubt-data-private-endpoint.json", starter / "redoubt-diagnostic-logs.json",
                                             starter / "redoubt-storage-public-access.json", starter / "redoubt-storage-minimum-tls.json")
                         for option in ("--policy", str(path))]

    def run_binary(self, *arguments, status=0):
        done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def rescan(self, *more, now=NOW, status=0):
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "data", "-f", "json", "--now", now, *more, status=status)
        return json.loads(done.stdout), done.stderr

    def scan(self, name):
        done = self.run_binary("posture", "scan", self.export, *self.policies, "--all", "-f", "json", "--now", NOW)
        (self.folder / name).write_text(done.stdout)


def keys(rows):
    return sorted((row["policy"]["name"], row["resource"]["id"].lower()) for row in rows)


def judged(resources):
    """A saved result knows of resources that a policy applies to."""
    return sorted(one["id"] for one in resources if one["type"].lower() in ("microsoft.storage/storageaccounts", "microsoft.keyvault/vaults"))


class AsTwoScans(Case):
    def walk(self, form, seed, rounds=12):
        estate = Estate(seed)
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.export.write_text(estate.text(form))
        self.scan("before.json")
        first, said = self.rescan()
        self.assertIn("no earlier pass is kept", said)
        self.assertEqual(first["worse"] + first["better"], [])
        upon_last = 0
        for _ in range(rounds):
            estate.change()
            self.export.write_text(estate.text(form))
            self.scan("after.json")
            expected = json.loads(self.run_binary("posture", "diff", "before.json", "after.json", "-f", "json").stdout)
            got, said = self.rescan()
            upon_last += "judged again:" in said
            # A pass keeps states and no paths: a finding that only moved is not told.
            for section, other in (("worse", "was"), ("better", "now")):
                expected[section] = [row for row in expected[section] if row[other] != "noncompliant"]
            for side in ("before", "after"):
                self.assertEqual(got[side]["summary"], expected[side]["summary"])
            for section in ("worse", "better", "newlyUnknown", "noLongerUnknown"):
                self.assertEqual(keys(got[section]), keys(expected[section]), section)
            self.assertEqual([(row["id"], row["reason"], row["path"]) for row in got["worse"]],
                             [(row["id"], row["reason"], row["path"]) for row in expected["worse"]])
            for section in ("resourcesAdded", "resourcesRemoved"):
                self.assertEqual(judged(got[section]), judged(expected[section]))
            (self.folder / "after.json").rename(self.folder / "before.json")
        self.assertGreater(upon_last, rounds // 2)

    def test_a_page(self):
        for seed in range(3):
            self.walk("page", seed)

    def test_a_list(self):
        self.walk("list", 10)

    def test_lines(self):
        self.walk("lines", 20)


class Whole(Case):
    def setUp(self):
        super().setUp()
        self.estate = Estate(1)
        self.export.write_text(self.estate.text("page"))
        self.rescan()

    def kept(self):
        return next((self.folder / "data/passes").iterdir())

    def test_nothing_changed(self):
        difference, said = self.rescan()
        self.assertEqual(difference["worse"] + difference["better"], [])
        self.assertRegex(said, r"judged again: \d+ of \d+ verdicts")

    def test_a_verdict_that_asked_for_the_time_is_judged_again(self):
        difference, _ = self.rescan(now="2026-07-01T00:00:00Z")
        self.assertEqual({row["policy"]["name"] for row in difference["worse"]}, {"key-age"})

    def test_a_policy_that_changed(self):
        policy = rule("tag-of-group", {"field": "type", "equals": "Microsoft.Storage/storageAccounts"})
        (self.folder / "tag-of-group.policy.json").write_text(json.dumps(policy))
        difference, said = self.rescan()
        self.assertIn("policies, assignments, options, templates or the program are other", said)
        self.assertEqual({row["policy"]["name"] for row in difference["worse"]}, {"tag-of-group"})

    def test_a_policy_that_changed_is_told_as_diff_does(self):
        policy = {"name": "tls", "properties": {"displayName": "tls", "mode": "All",
                  "parameters": {"version": {"type": "String", "defaultValue": "TLS1_2"}},
                  "policyRule": {"if": {"allOf": [{"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
                                                  {"field": "Microsoft.Storage/storageAccounts/minimumTlsVersion", "notEquals": "[parameters('version')]"}]},
                                 "then": {"effect": "audit"}}}}
        path = self.folder / "tls.policy.json"
        self.policies = ["--policy", str(path)]
        path.write_text(json.dumps(policy))
        self.rescan()
        self.scan("before.json")
        policy["properties"]["parameters"]["version"]["defaultValue"] = "TLS1_0"
        policy["properties"]["policyRule"]["then"]["effect"] = "deny"
        path.write_text(json.dumps(policy))
        self.scan("after.json")
        expected = json.loads(self.run_binary("posture", "diff", "before.json", "after.json", "-f", "json").stdout)
        difference, _ = self.rescan()
        for section in ("worse", "better"):
            self.assertTrue(difference[section])
            self.assertEqual(keys(difference[section]), keys(expected[section]))
        self.assertEqual({(row["was"], row["state"]) for row in difference["worse"]}, {("compliant", "noncompliant")})
        [change] = difference["policies"]
        self.assertEqual((change["name"], change["change"]), ("tls", "changed"))

    def test_forms_whose_rows_are_not_told_apart(self):
        page = json.loads(self.estate.text("page"))
        columns = sorted({key for row in page["data"] for key in row})
        table = {"data": {"columns": [{"name": name} for name in columns], "rows": [[row.get(name) for name in columns] for row in page["data"]]}}
        for text in (json.dumps([page]), json.dumps(table), json.dumps([{"value": page["data"][:9]}, {"value": page["data"][9:]}])):
            self.export.write_text(text)
            difference, said = self.rescan()
            self.assertNotIn("EST01", said)
            for section in ("worse", "better", "resourcesAdded", "resourcesRemoved"):
                self.assertEqual(difference[section], [])

    def test_a_named_series_and_exports_by_date(self):
        for day in (1, 2):
            self.export = self.folder / f"2026-11-0{day}.json"
            self.export.write_text(self.estate.text("page"))
            _, said = self.rescan("--pass", "nightly")
        self.assertRegex(said, r"judged again: \d+ of \d+ verdicts; 0 rows are other or new")

    def test_no_keep(self):
        before = self.kept().read_bytes()
        self.estate.targets()[0]["properties"] = {}
        self.export.write_text(self.estate.text("page"))
        self.assertEqual(self.rescan("--no-keep")[0]["worse"], self.rescan("--no-keep")[0]["worse"])
        self.assertEqual(self.kept().read_bytes(), before)

    def test_the_first_pass_says_that_it_is_the_first(self):
        shutil.rmtree(self.folder / "data")
        difference, _ = self.rescan("--fail-on", "low", status=1)
        self.assertTrue(difference["first"])
        shutil.rmtree(self.folder / "data")
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW)
        self.assertRegex(done.stdout, r"^the first pass, nothing to compare with: \d+ noncompliant")

    def test_relation_checks_see_everything_each_time(self):
        self.policies = ["--initiative", "ailz"]
        self.rescan()
        self.assertIn("relation checks look at the whole estate", self.rescan()[1])

    def test_an_option_that_changed(self):
        _, said = self.rescan("--complete-types", "Microsoft.Network/privateEndpoints")
        self.assertIn("options", said)

    def test_a_damaged_pass_is_no_pass(self):
        path = self.kept()
        whole = path.read_bytes()
        for damaged in (whole[:100], whole[:-1], whole[:200] + b"x" + whole[201:], b"", b"something else"):
            path.write_bytes(damaged)
            _, said = self.rescan()
            self.assertIn("POS0050", said)
            self.assertIn("no earlier pass is kept", said)
            self.assertEqual(path.read_bytes()[:15], whole[:15])

    def test_an_export_that_stops_in_the_middle_keeps_the_last_pass(self):
        before = self.kept().read_bytes()
        text = self.export.read_text()
        self.export.write_text(text[: len(text) // 2])
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW, status=3)
        self.assertIn("DOC0101", done.stderr)
        self.assertEqual(self.kept().read_bytes(), before)
        self.export.write_text(text)
        self.assertIn("judged again", self.rescan()[1])

    def test_a_broken_row_is_told_with_its_line(self):
        lines = self.estate.text("lines").splitlines()
        lines[5] = lines[5][:-1] + ",,}"
        self.export.write_text("\n".join(lines))
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW, status=3)
        self.assertIn("export.json:6:", done.stderr)

    def test_a_row_without_id_is_told_each_time(self):
        self.estate.rows.append({"name": "nameless", "type": "microsoft.storage/storageaccounts", "properties": {}})
        self.export.write_text(self.estate.text("page"))
        for _ in range(2):
            self.assertIn("EST0107", self.rescan()[1])

    def test_a_resource_twice_is_not_kept(self):
        self.estate.rows.append(dict(self.estate.targets()[0], location="norwayeast"))
        self.export.write_text(self.estate.text("page"))
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW, status=3)
        self.assertIn("CLI0055", done.stderr)

    def test_a_new_row_with_the_id_of_an_old_one(self):
        target = self.estate.targets()[0]
        for twin in (dict(target, location="x", id=target["id"].upper()), dict(target, location="x", id=target["id"] + "/"), dict(target)):
            self.export.write_text(self.estate.text("list"))
            self.rescan()
            self.estate.rows.append(twin)
            self.export.write_text(self.estate.text("list"))
            difference, said = self.rescan(status=3)
            self.assertIn("an id stands twice in the exports", said)
            self.assertIn("EST0109", said)
            self.scan("whole.json")
            whole = json.loads((self.folder / "whole.json").read_text())["summary"]
            self.assertEqual(difference["after"]["summary"]["noncompliant"], whole["noncompliant"])
            self.assertEqual(difference["after"]["summary"]["compliant"], whole["compliant"])
            self.estate.rows.pop()

    def test_objects_one_after_the_other_in_a_line(self):
        lines = self.estate.text("lines").splitlines()
        self.export.write_text("".join(lines))
        difference, said = self.rescan()
        self.assertIn("read as a whole", said)
        for section in ("worse", "better", "resourcesAdded", "resourcesRemoved"):
            self.assertEqual(difference[section], [])

    def test_a_row_that_moves_to_another_file(self):
        folder = self.folder / "pages"
        folder.mkdir()
        self.export = folder
        half = len(self.estate.rows) // 2
        def write():
            for name, rows in (("a.json", self.estate.rows[:half]), ("b.json", self.estate.rows[half:])):
                (folder / name).write_text(json.dumps({"total_records": len(self.estate.rows), "data": rows}))
        write()
        self.rescan()
        for step in (3, -5):
            half += step
            write()
            difference, _ = self.rescan()
            self.assertEqual(difference["worse"] + difference["better"] + difference["resourcesAdded"] + difference["resourcesRemoved"], [])

    def test_a_link_to_an_export(self):
        link = self.folder / "link.json"
        link.symlink_to(self.export)
        self.export = link
        self.rescan()
        self.assertIn("judged again", self.rescan()[1])

    def test_a_data_directory_that_can_not_be_written(self):
        (self.folder / "file").write_text("")
        done = self.run_binary("posture", "rescan", self.export, *self.policies, "--data", "file", "--now", NOW, status=3)
        self.assertIn("POS0051", done.stderr)

    def test_a_disk_that_is_full_keeps_the_last_pass(self):
        before = self.kept().read_bytes()
        self.estate.targets()[0]["properties"] = {}
        self.export.write_text(self.estate.text("page"))

        def no_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        done = subprocess.run([BINARY, "posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW],
                              capture_output=True, text=True, cwd=self.folder, preexec_fn=no_room)
        self.assertEqual(done.returncode, 3)
        self.assertIn("POS0051", done.stderr)
        self.assertEqual([path.read_bytes() for path in (self.folder / "data/passes").iterdir()], [before])

    def test_a_run_that_is_killed_leaves_a_whole_pass(self):
        command = [BINARY, "posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW]
        for delay in range(12):
            with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
                try:
                    run.wait(delay / 100)
                except subprocess.TimeoutExpired:
                    run.kill()
            self.assertNotIn("POS0050", self.rescan()[1])

    def test_what_a_killed_run_left_goes_away(self):
        old, new = (pathlib.Path(f"{self.kept()}.{number}") for number in (1, 2))
        for path in (old, new):
            path.write_bytes(b"half")
        os.utime(old, (0, 0))
        self.rescan()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())

    def test_runs_at_the_same_time(self):
        command = [BINARY, "posture", "rescan", self.export, *self.policies, "--data", "data", "--now", NOW]
        runs = [subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(6)]
        for run in runs:
            self.assertNotIn("POS005", run.communicate()[1])
            self.assertEqual(run.returncode, 0)
        self.assertEqual(len(list((self.folder / "data/passes").iterdir())), 1)
        self.assertIn("judged again", self.rescan()[1])

    def test_the_first_of_a_type_that_policies_look_for(self):
        self.estate.rows = [row for row in self.estate.rows if row["type"] != "microsoft.network/privateendpoints"]
        self.export.write_text(self.estate.text("page"))
        self.rescan()
        target = self.estate.targets()[0]["id"]
        self.estate.rows.append({"id": f"{target.split('/providers/')[0]}/providers/Microsoft.Network/privateEndpoints/pe", "name": "pe",
                                 "type": "microsoft.network/privateendpoints", "location": "swedencentral",
                                 "properties": {"privateLinkServiceConnections": [{"properties": {"privateLinkServiceId": target}}]}})
        self.export.write_text(self.estate.text("page"))
        difference, said = self.rescan()
        self.assertIn("microsoft.network/privateendpoints", said)
        self.assertTrue(difference["noLongerUnknown"])

    def test_fail_on_counts_what_is_new(self):
        account = self.estate.targets()[0]
        account["properties"] = {"publicNetworkAccess": "Disabled", "minimumTlsVersion": "TLS1_2"}
        self.export.write_text(self.estate.text("page"))
        self.rescan("--fail-on", "low")
        account["properties"]["publicNetworkAccess"] = "Enabled"
        self.export.write_text(self.estate.text("page"))
        self.rescan("--fail-on", "low", status=1)

    def test_templates_are_judged_each_time(self):
        template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                    "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "fromtemplate", "location": "swedencentral",
                                   "properties": {"publicNetworkAccess": "Enabled"}}]}
        folder = self.folder / "both"
        folder.mkdir()
        (folder / "main.json").write_text(json.dumps(template))
        (folder / "export.json").write_text(self.estate.text("page"))
        self.export = folder
        self.rescan()
        difference, said = self.rescan()
        self.assertIn("judged again", said)
        self.assertEqual(difference["worse"] + difference["better"] + difference["resourcesAdded"] + difference["resourcesRemoved"], [])


if __name__ == "__main__":
    unittest.main()
