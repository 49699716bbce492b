#!/usr/bin/env python3
"""posture scan --baseline: findings that somebody answers for do not count."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
sys.path.insert(0, str(ROOT / "tests/report"))
from harbor_zone import STORAGE, Folder, account  # noqa: E402

try:
    import validate_json
except ImportError:
    validate_json = None

BY_HAND = """\
# what we live with
schema: redoubt.baseline/1
accepted:
- policy: storage-tls            # the old portal
  resource: old
  reason: the berth scanners speak TLS 1.0 until they are replaced
  owner: quay@harbor.example
  expires: 2026-06-30
"""


class Baseline(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.zone = Folder(self.folder.name)

    def scan(self, *words, code=0):
        return self.zone.json("posture", "scan", "--zone", "zone.yaml", *words, code=code)

    def write(self, name, *words, code=0):
        return self.zone.run("posture", "scan", "--zone", "zone.yaml", "--write-baseline", name, *words, code=code)

    def accepted(self, report):
        return {one["resource"]["name"]: one.get("accepted") for one in report["findings"]}

    def test_by_hand(self):
        self.zone.write("baseline.yaml", BY_HAND)
        report = self.scan("--baseline", "baseline.yaml")
        self.assertEqual((report["summary"]["noncompliant"], report["summary"]["accepted"]), (2, 1))
        self.assertEqual(self.accepted(report), {"open": None, "old": {
            "reason": "the berth scanners speak TLS 1.0 until they are replaced",
            "owner": "quay@harbor.example", "expires": "2026-06-30"}})
        self.assertEqual({one["state"] for one in report["findings"]}, {"noncompliant"})
        self.assertNotIn("accepted", self.scan()["summary"])

    def test_names_ids_and_paths(self):
        for policy, resource, path, accepted in (
            ("STORAGE-TLS", "OLD", "", 1), ("Storage: storage-tls", f"{STORAGE}/old".upper(), "", 1),
            ("storage-tls", "old", "properties.minimumTlsVersion", 1), ("storage-tls", "old", "properties.other", 0),
            ("storage-tls", "good", "", 0), ("other", "old", "", 0),
        ):
            entry = {"policy": policy, "resource": resource, "path": path, "reason": "r", "owner": "o"}
            self.zone.write("baseline.json", {"schema": "redoubt.baseline/1", "accepted": [entry]})
            self.assertEqual(self.scan("--baseline", "baseline.json")["summary"]["accepted"], accepted, entry)

    def test_a_list_is_enough_and_ids_are_those_of_findings(self):
        ids = {one["resource"]["name"]: one["id"] for one in self.scan()["findings"]}
        self.zone.write("baseline.json", [{"finding": ids["open"], "reason": "r", "owner": "o"}])
        report = self.scan("--baseline", "baseline.json")
        self.assertEqual(self.accepted(report), {"old": None, "open": {"reason": "r", "owner": "o"}})

    def test_accepted_findings_do_not_fail(self):
        self.write("baseline.yaml", "--reason", "known", "--owner", "me")
        self.scan("--fail-on", "low", code=1)
        self.scan("--fail-on", "low", "--baseline", "baseline.yaml")
        self.zone.write("export.json", [account("good"), account("old", tls="TLS1_0"), account("new", tls="TLS1_1")])
        self.scan("--fail-on", "low", "--baseline", "baseline.yaml", code=1)

    def test_table_folds_them(self):
        self.zone.write("baseline.yaml", BY_HAND)
        out = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--baseline", "baseline.yaml").stdout
        self.assertNotIn("storageAccounts old", out)
        self.assertIn("storageAccounts open", out)
        self.assertIn("1 of the noncompliant is accepted by the baseline", out)

    def test_an_expired_entry_counts_again(self):
        for date, accepted in (("2026-03-01", 0), ("2026-03-02", 1), ("2026-03-02T11:00:00Z", 0)):
            self.zone.write("baseline.yaml", BY_HAND.replace("2026-06-30", date))
            done = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--baseline", "baseline.yaml", "-f", "json")
            self.assertEqual(json.loads(done.stdout)["summary"]["accepted"], accepted, date)
            self.assertEqual("baseline.yaml:4:3: warning POS0043" in done.stderr, accepted == 0, done.stderr)

    def test_an_entry_that_fits_nothing_is_hinted_at(self):
        self.zone.write("baseline.yaml", BY_HAND.replace("resource: old", "resource: gone"))
        done = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--baseline", "baseline.yaml", "-v")
        self.assertIn("baseline.yaml:4:3: hint POS0044", done.stderr)
        self.assertIn("1 entry of the baseline fits nothing", done.stdout)

    def test_mistakes_are_told_with_their_line(self):
        for text, code, line in (
            ("- {finding: a, owner: me}", "POS0041", 1), ("- {finding: a, reason: r}", "POS0041", 1),
            ("- finding: a\n  reason: ''\n  owner: me", "POS0041", 1),
            ("- {reason: r, owner: o}", "POS0041", 1), ("- {policy: p, reason: r, owner: o}", "POS0041", 1),
            ("- finding: a\n  reason: r\n  owner: o\n  expires: soon", "POS0042", 1),
            ("- finding: a\n  reason: r\n  owner: o\n  because: x", "POS0040", 4),
            ("- finding: 5\n  reason: r\n  owner: o", "POS0040", 1),
            ("accepted: 5", "POS0040", 1), ("entries: []", "POS0040", 1), ("- 7", "POS0040", 1),
            ("schema: redoubt.baseline/2\naccepted: []", "POS0040", 1), ("- {a", "DOC0201", 1),
        ):
            self.zone.write("baseline.yaml", text)
            done = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--baseline", "baseline.yaml", code=2)
            self.assertRegex(done.stderr, f"baseline.yaml:{line}:.*{code}", text)
        done = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--baseline", "none.yaml", code=2)
        self.assertIn("DOC0001", done.stderr)

    def test_write(self):
        for name in ("baseline.yaml", "baseline.json"):
            done = self.write(name, "--reason", "before: the \"policy\"", "--owner", "me", "--expires", "2026-12-31")
            self.assertIn(f"{name}: 2 findings accepted, 0 entries kept", done.stderr)
            report = self.scan("--baseline", name, "--fail-on", "low")
            self.assertEqual(report["summary"]["accepted"], 2)
            self.assertEqual(self.accepted(report)["old"],
                             {"reason": "before: the \"policy\"", "owner": "me", "expires": "2026-12-31"})
        document = json.loads((self.zone.path / "baseline.json").read_text())
        self.assertEqual(document["accepted"][0]["policy"], "storage-tls")
        if validate_json is not None:
            schema = json.loads((ROOT / "docs/reference/schemas/baseline.json").read_text(encoding="utf-8"))
            self.assertEqual(list(validate_json.mistakes(schema, document)), [])
            self.assertNotEqual(list(validate_json.mistakes(schema, [{"finding": "a", "owner": "o"}])), [])

    def test_write_keeps_what_is_there(self):
        self.zone.write("baseline.yaml", BY_HAND)
        done = self.write("baseline.yaml", "--reason", "later", "--owner", "you")
        self.assertIn("1 finding accepted, 1 entry kept", done.stderr)
        text = (self.zone.path / "baseline.yaml").read_text()
        self.assertTrue(text.startswith(BY_HAND), text)
        report = self.scan("--baseline", "baseline.yaml")
        self.assertEqual({name: one["owner"] for name, one in self.accepted(report).items()},
                         {"old": "quay@harbor.example", "open": "you"})
        before = text
        self.write("baseline.yaml", "--reason", "again", "--owner", "them")
        self.assertEqual((self.zone.path / "baseline.yaml").read_text(), before)

    def test_characters_that_yaml_takes_for_line_breaks_are_kept(self):
        reason = 'until \u2028 \u0085 \u2029 later: "#" \ufeff'
        for name in ("baseline.yaml", "baseline.json"):
            for _ in range(2):  # the second writes what the first reads
                self.write(name, "--reason", reason, "--owner", "o")
                self.zone.write("export.json", [account("old", tls="TLS1_0"), account("more", tls="TLS1_0")])
            report = self.scan("--baseline", name)
            self.assertEqual({one["accepted"]["reason"] for one in report["findings"]}, {reason})

    def test_write_to_a_form_that_can_not_grow_at_its_end(self):
        self.zone.write("baseline.yaml", "accepted: [{policy: storage-tls, resource: old, reason: r, owner: o}]\n")
        self.write("baseline.yaml", "--reason", "later", "--owner", "you")
        report = self.scan("--baseline", "baseline.yaml")
        self.assertEqual({name: one["owner"] for name, one in self.accepted(report).items()}, {"old": "o", "open": "you"})

    def test_wrong_usage(self):
        for words in (("--owner", "me"), ("--reason", "r"), ("--reason", " ", "--owner", "me"),
                      ("--reason", "r", "--owner", "o", "--expires", "soon"),
                      ("--reason", "r", "--owner", "o", "--expires", "2026-03-01")):
            self.assertIn("CLI0047", self.write("baseline.yaml", *words, code=2).stderr)
            self.assertFalse((self.zone.path / "baseline.yaml").exists())
        done = self.zone.run("posture", "scan", "--zone", "zone.yaml", "--reason", "r", code=2)
        self.assertIn("CLI0047", done.stderr)

    def test_sarif(self):
        self.zone.write("baseline.yaml", BY_HAND)
        words = ("posture", "scan", "--zone", "zone.yaml", "-f", "sarif", "--all")
        log = json.loads(self.zone.run(*words, "--baseline", "baseline.yaml").stdout)
        official = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared")) / "schemas/sarif-2.1.0.json"
        if validate_json is not None and official.exists():
            schema = json.loads(official.read_text(encoding="utf-8"))
            self.assertEqual(list(validate_json.mistakes(schema, log)), [])
        results = {(one["ruleId"], one["message"]["text"].split(":")[0].split()[-1]): one["suppressions"]
                   for one in log["runs"][0]["results"]}
        old = results.pop(("storage-tls", "old"))
        self.assertEqual(old, [{"kind": "external", "status": "accepted", "justification":
            "the berth scanners speak TLS 1.0 until they are replaced (owner: quay@harbor.example, expires: 2026-06-30)"}])
        # A run says so of all its results or of none (SARIF 2.1.0, 3.27.23).
        self.assertEqual(set(map(len, results.values())), {0})
        self.assertGreater(len(results), 3)
        for one in json.loads(self.zone.run(*words).stdout)["runs"][0]["results"]:
            self.assertNotIn("suppressions", one)

    @unittest.skipIf(validate_json is None, "needs jsonschema")
    def test_findings_schema(self):
        schema = json.loads((ROOT / "docs/reference/schemas/findings.json").read_text(encoding="utf-8"))
        self.zone.write("baseline.yaml", BY_HAND)
        self.assertEqual(list(validate_json.mistakes(schema, self.scan("--baseline", "baseline.yaml"))), [])


if __name__ == "__main__":
    unittest.main()
