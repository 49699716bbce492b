#!/usr/bin/env python3
"""posture diff: what got worse or better between two sides."""
import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
sys.path.insert(0, str(ROOT / "tests/report"))
from harbor_zone import STORAGE, ZONE, Folder, account, assignment, definition, exemption  # noqa: E402

try:
    import validate_json
except ImportError:
    validate_json = None


def short(rows, other):
    return [(row["policy"]["name"], row["resource"]["name"], row["state"], row[other]) for row in rows]


class Diff(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.zone = Folder(self.folder.name)
        self.zone.write("new.json", [account("good", access="Enabled"), account("old"), account("fresh", tls="TLS1_0")])

    def diff(self, *words, code=0):
        report = self.zone.json("posture", "diff", *words, code=code)
        if validate_json is not None:
            schema = json.loads((ROOT / "docs/reference/schemas/diff.json").read_text(encoding="utf-8"))
            self.assertEqual(list(validate_json.mistakes(schema, report)), [])
        return report

    def test_nothing_changed(self):
        report = self.diff("export.json", "export.json", "--zone", "zone.yaml", "--fail-on", "low")
        for key in ("worse", "better", "newlyUnknown", "noLongerUnknown", "resourcesAdded", "resourcesRemoved", "policies"):
            self.assertEqual(report[key], [], key)
        self.assertEqual(report["before"]["summary"], report["after"]["summary"])

    def test_two_exports_under_one_zone(self):
        report = self.diff("export.json", "new.json", "--zone", "zone.yaml")
        self.assertEqual(report["schema"], "redoubt.diff/1")
        self.assertEqual(short(report["worse"], "was"), [("storage-tls", "fresh", "noncompliant", "absent"),
                                                         ("storage-access", "good", "noncompliant", "compliant")])
        self.assertEqual(short(report["better"], "now"), [("storage-tls", "old", "noncompliant", "compliant"),
                                                          ("storage-access", "open", "noncompliant", "absent")])
        self.assertEqual([one["name"] for one in report["resourcesAdded"]], ["fresh"])
        self.assertEqual([one["name"] for one in report["resourcesRemoved"]], ["open"])
        self.assertEqual(report["policies"], [])
        self.assertEqual(report["worse"][0]["location"]["file"], "new.json")
        self.assertEqual(report["before"]["summary"]["noncompliant"], 2)

    def test_fail_on_counts_what_is_newly_noncompliant_only(self):
        for level, code in (("none", 0), ("medium", 1), ("high", 0)):
            self.diff("export.json", "new.json", "--zone", "zone.yaml", "--fail-on", level, code=code)
        self.zone.write("fewer.json", [account("old", tls="TLS1_0")])
        self.diff("export.json", "fewer.json", "--zone", "zone.yaml", "--fail-on", "low")

    def test_without_zone(self):
        report = self.diff("export.json", "new.json", "--policy", "policies")
        self.assertEqual((len(report["worse"]), len(report["better"])), (2, 2))

    def test_a_parameter_shows_what_it_newly_hits(self):
        self.zone.write("next/assignments.json", assignment("baseline", "storage-tls", {"wanted": "TLS1_3"},
                                                            "policyDefinitions"))
        self.zone.write("assignments/baseline.json", assignment("baseline", "storage-tls", None, "policyDefinitions"))
        self.zone.write("next.yaml", ZONE.replace("[assignments]", "[next/assignments.json]"))
        report = self.diff("zone.yaml", "next.yaml")
        self.assertEqual(short(report["worse"], "was"), [("storage-tls", "good", "noncompliant", "compliant"),
                                                         ("storage-tls", "open", "noncompliant", "compliant")])
        change = report["policies"][0]
        self.assertEqual((change["name"], change["change"], change["changed"]), ("storage-tls", "changed", ["parameters"]))
        self.assertEqual(change["before"], [{"parameters": {"wanted": "TLS1_2"}, "effect": "audit"}])
        self.assertEqual(change["after"], [{"parameters": {"wanted": "TLS1_3"}, "effect": "audit"}])
        self.assertEqual(change["newlyHits"], [f"{STORAGE}/good", f"{STORAGE}/open"])
        self.assertEqual(change["frees"], [])
        out = self.zone.run("posture", "diff", "zone.yaml", "next.yaml").stdout
        self.assertIn('parameters: {"wanted":"TLS1_2"} -> {"wanted":"TLS1_3"}', out)
        self.assertIn("newly hits 2, frees 0", out)

    def test_effect_and_rule(self):
        self.zone.write("next/tls.json", definition("storage-tls", "minimumTlsVersion", "TLS1_2", effect="deny"))
        report = self.diff("zone.yaml", "zone.yaml")
        self.assertEqual(report["policies"], [])
        self.zone.write("next/access.json", definition("storage-access", "publicNetworkAccess", "Disabled"))
        self.zone.write("next/set.json", (self.zone.path / "policies/set.json").read_text())
        self.zone.write("next.yaml", ZONE.replace("[policies]", "[next]"))
        report = self.diff("zone.yaml", "next.yaml")
        self.assertEqual(report["policies"][0]["changed"], ["effect", "rule"])
        self.assertEqual((report["worse"], report["better"]), ([], []))

    def test_policies_come_and_go(self):
        self.zone.write("one.yaml", ZONE.replace("[assignments]", "[one.json]"))
        self.zone.write("one.json", assignment("baseline", "storage-tls", None, "policyDefinitions"))
        report = self.diff("one.yaml", "zone.yaml")
        self.assertEqual([(p["name"], p["change"], p["newlyHits"]) for p in report["policies"]],
                         [("storage-access", "added", [f"{STORAGE}/open"])])
        self.assertEqual(short(report["worse"], "was"), [("storage-access", "open", "noncompliant", "notAssigned")])
        report = self.diff("zone.yaml", "one.yaml")
        self.assertEqual([(p["name"], p["change"], p["frees"]) for p in report["policies"]],
                         [("storage-access", "removed", [f"{STORAGE}/open"])])

    def test_unknown_is_neither_better_nor_worse(self):
        rows = [account("good"), account("old", tls="TLS1_0"), account("open", access="Enabled")]
        self.zone.write("bare.json", [{key: row[key] for key in row if key != "properties"} for row in rows])
        report = self.diff("export.json", "bare.json", "--zone", "zone.yaml")
        self.assertEqual((report["worse"], report["better"]), ([], []))
        self.assertEqual(len(report["newlyUnknown"]), 6)
        self.assertIn(("storage-tls", "old", "unknown", "noncompliant"), short(report["newlyUnknown"], "was"))
        report = self.diff("bare.json", "export.json", "--zone", "zone.yaml")
        self.assertEqual(len(report["noLongerUnknown"]), 6)
        self.assertEqual([row[3] for row in short(report["worse"], "was")], ["unknown", "unknown"])

    def test_exempt_is_better(self):
        self.zone.write("next/old.json", exemption("old", "baseline", [], f"{STORAGE}/old"))
        self.zone.write("next.yaml", ZONE.replace("[exemptions]", "[next]"))
        report = self.diff("zone.yaml", "next.yaml")
        self.assertEqual(short(report["better"], "now"), [("storage-tls", "old", "noncompliant", "exempt")])

    def save(self, export, name, *words):
        self.zone.run("posture", "scan", export, "--zone", "zone.yaml", "-f", "json", "-o", name, *words)
        return name

    def test_saved_results(self):
        old = self.save("export.json", "old-result.json", "--all")
        new = self.save("new.json", "new-result.json", "--all")
        live = self.diff("export.json", "new.json", "--zone", "zone.yaml")
        for left, right in ((old, new), (old, "new.json"), ("export.json", new)):
            report = self.diff(left, right, "--zone", "zone.yaml")
            with self.subTest((left, right)):
                self.assertTrue(report["contentsKnown"])
                for key in ("worse", "better"):
                    self.assertEqual([row["id"] for row in report[key]], [row["id"] for row in live[key]])
                for key in ("resourcesAdded", "resourcesRemoved"):
                    self.assertEqual(report[key], live[key])
                self.assertEqual(report["before"]["summary"], live["before"]["summary"])

    def test_saved_results_without_all_tell_less(self):
        old = self.save("export.json", "old-result.json")
        new = self.save("new.json", "new-result.json")
        report = self.diff(old, new, "--fail-on", "medium", code=1)
        self.assertFalse(report["contentsKnown"])
        self.assertEqual([row["was"] for row in report["worse"]], ["unrecorded", "unrecorded"])
        self.assertEqual((report["resourcesAdded"], report["policies"]), ([], []))
        self.assertIn("without --all", self.zone.run("posture", "diff", old, new).stdout)

    def test_saved_results_tell_of_other_parameters_by_their_ids(self):
        old = self.save("export.json", "old-result.json", "--all")
        self.zone.write("assignments/baseline.json",
                        assignment("baseline", "storage-tls", {"wanted": "TLS1_3"}, "policyDefinitions"))
        new = self.save("export.json", "new-result.json", "--all")
        changes = {p["name"]: (p["change"], p["changed"]) for p in self.diff(old, new)["policies"]}
        self.assertEqual(changes, {"storage-tls": ("changed", ["parameters"]), "storage-access": ("removed", [])})

    def test_markdown(self):
        self.zone.write("new.json", [account("good", access="Ena|bled<b>")])
        out = self.zone.run("posture", "diff", "export.json", "new.json", "--zone", "zone.yaml", "-f", "markdown").stdout
        self.assertIn("### Policy: 1 worse, 2 better", out)
        self.assertIn("| noncompliant | 2 | 1 |", out)
        self.assertIn("Ena\\|bled\\<b\\>", out)
        for line in out.splitlines():
            if line.startswith("| medium"):
                self.assertEqual(line.replace("\\|", "").count("|"), 7, line)

    def test_wrong_usage(self):
        def error(*words, code=2):
            return self.zone.run("posture", "diff", *words, code=code).stderr
        self.assertIn("CLI0005", error("export.json"))
        self.assertIn("CLI0046", error("zone.yaml", "export.json", "--zone", "zone.yaml"))
        self.zone.write("broken.json", '{"schema": "redoubt.findings/1", "findings": [')
        self.assertIn("DOC0101", error("broken.json", "export.json", "--policy", "policies"))
        self.zone.write("broken.json", '{"schema": "redoubt.findings/1"}')
        self.assertIn("POS0031", error("broken.json", "export.json", "--policy", "policies"))
        self.assertIn("EST0101", error("nowhere.json", "export.json", "--policy", "policies"))

    def test_hostile_saved_results(self):
        self.zone.write("odd.json", {"schema": "redoubt.findings/1", "summary": 5, "findings": [
            7, {}, {"policy": 3, "resource": [], "state": "noncompliant", "location": {"line": -1}},
            {"state": "sideways", "resource": {"id": "/x"}}]})
        self.diff("odd.json", "odd.json")


if __name__ == "__main__":
    unittest.main()
