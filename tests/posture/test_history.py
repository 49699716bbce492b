#!/usr/bin/env python3
"""posture scan --record, posture trend, posture runs: what is kept of runs, and what it tells."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
from harbor_zone import BINARY, ZONE, Folder, account, definition, initiative  # noqa: E402

OWNED = ZONE.replace("    managementGroup: harbor\n", "    managementGroup: harbor\n    owner: data@harbor.example\n")


class History(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.zone = Folder(folder.name)
        self.zone.write("zone.yaml", OWNED)

    def run_at(self, day, *words, code=0):
        done = subprocess.run([BINARY, "posture", *words, *(["--now", f"{day}T00:00:00Z"] if day else [])],
                              cwd=self.zone.path, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def record(self, day, *words, code=0):
        return self.run_at(day, "scan", "--zone", "zone.yaml", "--record", *words, code=code).stderr

    def trend(self, day, *words):
        return json.loads(self.run_at(day, "trend", "-f", "json", *words).stdout)["series"]

    def rows(self, sql):
        with sqlite3.connect(self.zone.path / ".redoubt/state.db") as database:
            return database.execute(sql).fetchall()

    def test_findings_open_close_and_come_back(self):
        self.assertIn("recorded as run 1 of zone.yaml: 2 new, 0 closed", self.record("2026-03-01"))
        self.zone.write("export.json", [account("old"), account("open", access="Enabled"), account("more", access="Enabled")])
        self.assertIn("run 2 of zone.yaml: 1 new, 1 closed", self.record("2026-03-05"))
        self.zone.write("export.json", [account("old", tls="TLS1_0")])
        self.assertIn("run 3 of zone.yaml: 1 new, 2 closed", self.record("2026-03-09"))
        series, = self.trend("2026-03-10")
        self.assertEqual([(run["run"], run["new"], run["closed"], run["complete"]) for run in series["runs"]],
                         [(1, 2, 0, True), (2, 1, 1, True), (3, 1, 2, True)])
        back, = series["new"]
        self.assertEqual((back["firstSeen"], back["lastSeen"], back["due"]),
                         ("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z", "2026-05-30T00:00:00Z"))
        self.assertEqual({one["resource"]["id"].rsplit("/", 1)[1] for one in series["closed"]}, {"open", "more"})
        self.assertEqual({one["closed"] for one in series["closed"]}, {"2026-03-09T00:00:00Z"})

    def test_a_run_keeps_score_counts_and_inputs(self):
        self.record("2026-03-01", "--policy", str(ROOT / "content/policies/starter"))
        run = self.trend("2026-03-02")[0]["runs"][0]
        self.assertEqual((run["inputs"], run["zone"], run["resources"]), ([], "zone.yaml", 3))
        self.assertEqual(run["summary"], {"compliant": 4, "noncompliant": 2, "unknown": 0, "error": 0, "notApplicable": 0, "exempt": 0})
        self.assertEqual(run["severities"], {"critical": 0, "high": 0, "medium": 2, "low": 0})
        self.assertEqual([one["subscription"] for one in run["subscriptions"]], ["00000000-0000-0000-0000-000000000001"])
        score = json.loads(self.run_at("2026-03-01", "score", "export.json", "-f", "json").stdout)
        self.run_at("2026-03-01", "scan", "export.json", "--record-as", "starter")
        kept = self.trend("2026-03-02", "--series", "starter")[0]["runs"][0]["score"]
        self.assertAlmostEqual(kept["percentage"], score["score"]["percentage"], places=4)
        self.assertEqual(kept["weight"], score["score"]["weight"])

    def test_owners_and_what_is_overdue(self):
        self.record("2026-03-01")
        owners = self.trend("2026-05-29")[0]["owners"]
        self.assertEqual(owners, [{"owner": "data@harbor.example", "open": 2, "overdue": 0, "nextDue": "2026-05-30T00:00:00Z"}])
        self.assertEqual(self.trend("2026-06-01")[0]["owners"][0]["overdue"], 2)
        text = self.run_at("2026-06-01", "trend", "--overdue").stdout
        self.assertIn("data@harbor.example", text)
        self.assertIn("storageAccounts/old", text)
        self.assertRegex(text, r"2026-05-30 +2\n")
        self.assertIn("nothing is overdue", self.run_at("2026-03-02", "trend", "--overdue").stdout)

    def test_due_dates(self):
        self.zone.write("due.yaml", "schema: redoubt.due/1\nmedium: 3\nlow: none\n")
        self.record("2026-03-01", "--due", "due.yaml")
        self.assertEqual(self.trend("2026-03-02")[0]["owners"][0]["nextDue"], "2026-03-04T00:00:00Z")
        self.record("2026-03-02")
        self.assertEqual(self.trend("2026-03-02")[0]["owners"][0]["nextDue"], "2026-05-30T00:00:00Z")
        for text in ("[]", "medium: soon", "medium: 0", "medium: 99999", "none: 3", "huge: 3", "schema: redoubt.due/2"):
            self.zone.write("due.yaml", text)
            self.assertIn("POS0082", self.record("2026-03-01", "--due", "due.yaml", code=2), text)
        self.assertIn("CLI0070", self.run_at("2026-03-01", "scan", "--zone", "zone.yaml", "--due", "due.yaml", code=2).stderr)

    def test_grace(self):
        self.zone.write("controls.yaml", "schema: redoubt.score-controls/1\ncontrols:\n- {name: a, max: 4, checks: [storage-tls, storage-access]}\n")
        self.record("2026-03-01")
        def score(day, *words):
            report = json.loads(self.run_at(day, "score", "--zone", "zone.yaml", "--controls", "controls.yaml", "-f", "json", *words).stdout)
            return report["score"]["percentage"], report["inGrace"], report["risk"]["findings"]
        self.assertEqual(score("2026-03-02"), (0.3333, 0, 2))
        self.assertEqual(score("2026-03-02", "--grace"), (1.0, 2, 2))
        self.assertEqual(score("2026-05-30", "--grace"), (0.3333, 0, 2))
        self.zone.write("zone.yaml", ZONE)  # nobody answers for it: no grace
        self.record("2026-03-02")
        self.assertEqual(score("2026-03-02", "--grace"), (0.3333, 0, 2))

    def test_what_could_not_be_read_closes_nothing(self):
        self.record("2026-03-01")
        self.zone.write("export.json", "[{")
        self.assertIn("0 new, 0 closed", self.record("2026-03-02", code=3))
        self.assertEqual([run["complete"] for run in self.trend("2026-03-03")[0]["runs"]], [True, False])
        self.assertEqual(self.trend("2026-03-03")[0]["owners"][0]["open"], 2)
        self.assertIn("nothing was closed", self.run_at("2026-03-03", "trend").stdout)

    def test_what_was_judged_in_part_closes_nothing(self):
        whole = [account("old", tls="TLS1_0"), account("open", access="Enabled")]
        linked = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                  "resources": [{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "m",
                                 "properties": {"mode": "Incremental", "templateLink": {"uri": "https://x.example/a.json"}}}]}
        broken = definition("storage-tls", "minimumTlsVersion", "TLS1_2")
        broken["properties"]["policyRule"]["if"] = {"field": "type", "is": "x"}
        lacking = initiative("storage", [("tls", "storage-tls"), ("access", "storage-access"), ("more", "not-at-hand")])
        parts = [
            ("export.json", {"data": whole[:1], "total_records": 2}, "EST0106"),
            ("export.json", [whole[0], "row"], "EST0107"),
            ("export.json", [{**whole[0], "properties": "{"}], "EST0108"),
            ("export.json", [{key: value for key, value in one.items() if key != "properties"} for one in whole], "EST0110"),
            ("export.json", {"data": {"columns": [{"name": "id"}, {"name": "type"}, {"name": "properties"}],
                                      "rows": [["a"], [whole[0]["id"], whole[0]["type"], whole[0]["properties"]]]}}, "EST0111"),
            ("export.json", [], "EST0113"),
            ("main.json", linked, "ARM0210"),
            ("policies/set.json", lacking, "POS0001"),
            ("policies/tls.json", broken, None),
        ]
        for name, content, code in parts:
            with self.subTest(code=code):
                for file, good in (("export.json", whole), ("policies/tls.json", definition("storage-tls", "minimumTlsVersion", "TLS1_2")),
                                   ("policies/set.json", initiative("storage", [("tls", "storage-tls"), ("access", "storage-access")]))):
                    self.zone.write(file, good)
                series = ["--record-as", code or "broken", "--policy", "policies", "--initiative", "storage"]
                self.run_at("2026-03-01", "scan", "export.json", *series)
                self.zone.write(name, content)
                paths = [name if name == "main.json" else "export.json"]
                done = self.run_at("2026-03-02", "scan", *paths, *series, "-f", "json")
                self.assertIn(" 0 closed, as not everything could be judged", done.stderr)
                said = json.loads(done.stdout)
                self.assertFalse(said["complete"])
                self.assertEqual([one["code"] for one in said["incomplete"]], [code] if code else [])
                score = json.loads(self.run_at("2026-03-02", "score", *paths, *series[2:], "-f", "json").stdout)
                self.assertFalse(score["complete"])
                runs = self.trend("2026-03-03", "--series", series[1])[0]["runs"]
                self.assertEqual([run["complete"] for run in runs], [True, False])

    def test_a_finding_that_becomes_unknown_keeps_its_date(self):
        self.record("2026-03-01")
        self.zone.write("export.json", [{key: value for key, value in account(name).items() if key != "properties"}
                                        for name in ("good", "old", "open")])
        self.assertIn("4 new, 0 closed", self.record("2026-03-02"))
        found = self.rows("SELECT resource, first_seen = (SELECT time FROM runs WHERE id = 1) FROM findings WHERE opened_run = 1")
        self.assertEqual(sorted((resource.rsplit("/", 1)[1], kept) for resource, kept in found), [("old", 1), ("open", 1)])

    def test_a_run_with_other_policies_says_what_it_closes(self):
        scan = ["scan", "export.json", "--record-as", "one", "--policy"]
        self.run_at("2026-03-01", *scan, "policies")
        self.assertNotIn("POS0085", self.run_at("2026-03-02", *scan, "policies").stderr)
        self.assertIn("warning POS0085: this run closes findings of policies that it is not judged with: 1 of one",
                      self.run_at("2026-03-03", *scan, "policies/tls.json").stderr)

    def test_a_wrong_path_records_nothing(self):
        self.run_at("2026-03-01", "scan", "none.json", "--record", code=2)
        self.assertFalse((self.zone.path / ".redoubt/state.db").exists())

    def test_other_paths_are_other_runs(self):
        self.record("2026-03-01")
        self.zone.write("few.json", [account("good")])
        self.assertIn("run 2 of zone.yaml: few.json: 0 new, 0 closed", self.record("2026-03-02", "few.json"))
        self.assertEqual([one["name"] for one in self.trend("2026-03-03")], ["zone.yaml", "zone.yaml: few.json"])

    def test_nothing_without_record(self):
        self.run_at("2026-03-01", "scan", "--zone", "zone.yaml")
        self.assertFalse((self.zone.path / ".redoubt").exists())
        self.assertIn("STA0007", self.run_at("2026-03-01", "trend", code=2).stderr)

    def test_runs_are_listed_and_removed(self):
        self.record("2026-03-01")
        self.record("2026-03-02")
        self.assertIn("2026-03-02T00:00:00Z", self.run_at(None, "runs").stdout)
        self.assertNotIn("2026-03-01T", self.run_at(None, "runs", "--remove", "1").stdout)
        self.assertIn("STA0008", self.run_at(None, "runs", "--remove", "1", code=2).stderr)
        self.assertIn("CLI0072", self.run_at(None, "runs", "--remove", "x", code=2).stderr)
        self.run_at(None, "runs", "--remove", "2")
        self.assertEqual(self.trend("2026-03-03"), [])
        self.assertIn("run 3", self.record("2026-03-03"))  # numbers are not used again

    def test_series(self):
        self.record("2026-03-01", "--record-as", "nightly")
        done = self.run_at("2026-03-02", "trend", "--series", "nightli", code=2)
        self.assertIn("POS0083", done.stderr)
        self.assertIn("did you mean nightly?", done.stderr)
        self.assertIn("CLI0072", self.run_at("2026-03-02", "trend", "--last", "0", code=2).stderr)

    def test_many_at_once(self):
        words = [BINARY, "posture", "scan", "--zone", "zone.yaml", "--record", "-q", "--now", "2026-03-01T00:00:00Z"]
        running = [subprocess.Popen(words, cwd=self.zone.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(6)]
        for one in running:
            self.assertEqual(one.communicate(timeout=300)[1], b"")
            self.assertEqual(one.returncode, 0)
        series, = self.trend("2026-03-02")
        self.assertEqual(len(series["runs"]), 6)
        self.assertEqual(sum(run["new"] for run in series["runs"]), 2)
        self.assertEqual(self.rows("SELECT count(*), count(closed) FROM findings"), [(2, 0)])

    def test_a_damaged_database(self):
        self.record("2026-03-01")
        (self.zone.path / ".redoubt/state.db").write_bytes(b"x" * 9000)
        self.assertIn("STA0002", self.run_at("2026-03-01", "trend", code=3).stderr)
        self.assertIn("STA0002", self.record("2026-03-01", code=3))

    def test_a_database_of_a_stranger(self):
        self.record("2026-03-01")
        with sqlite3.connect(self.zone.path / ".redoubt/state.db") as database:
            database.execute("UPDATE runs SET inputs = '[,', time = -5")
        run = self.trend("2026-03-02")[0]["runs"][0]
        self.assertEqual((run["inputs"], run["time"]), (["[,"], "0001-01-01T00:00:00Z"))
        self.run_at("2026-03-02", "trend")
        self.run_at(None, "runs")

    def test_hostile_names(self):
        self.zone.write("export.json", [account("x\u001b[31m|<b>", access="Enabled")])
        self.record("2026-03-01", "--record-as", "a\u001b[31m|b")
        self.assertNotIn("\u001b", self.run_at("2026-03-02", "trend").stdout)
        page = self.run_at("2026-03-02", "trend", "-f", "markdown").stdout
        self.assertNotIn("\u001b", page)
        self.assertNotIn("<b>", page)


if __name__ == "__main__":
    unittest.main()
