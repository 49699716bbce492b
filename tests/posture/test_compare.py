#!/usr/bin/env python3
"""posture compare: our verdicts against Azure's states of the same estate."""
import json
import os
import pathlib
import resource
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
sys.path.insert(0, str(ROOT / "tests/report"))
from harbor_zone import ASSIGNMENTS, STORAGE, Folder, account, definition, exemption, state  # noqa: E402

try:
    import validate_json
except ImportError:
    validate_json = None

ALL = [
    state("good", "Compliant"), state("good", "Compliant", "access"),
    state("old", "NonCompliant"), state("old", "Compliant", "access"),
    state("open", "Compliant"), state("open", "NonCompliant", "access"),
]


class Compare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.zone = Folder(self.folder.name)

    def compare(self, rows, *words, code=0):
        self.zone.write("states.json", rows)
        return self.zone.json("posture", "compare", "--zone", "zone.yaml", "--states", "states.json",
                              "--exported-at", "2026-03-01T12:00:00Z", *words, code=code)

    @unittest.skipIf(validate_json is None, "needs jsonschema")
    def test_schema(self):
        schema = json.loads((ROOT / "docs/reference/schemas/compare.json").read_text(encoding="utf-8"))
        rows = ALL[:2] + [state("old", "Compliant", at="2026-02-01T10:00:00Z"), state("old", "Unknown", "access"),
                          state("gone", "Compliant")]
        for words in ((), ("--states", "more.json")):
            self.zone.write("more.json", [state("good", "NonCompliant")])
            self.assertEqual(list(validate_json.mistakes(schema, self.compare(rows, *words))), [])
        self.assertNotEqual(list(validate_json.mistakes(schema, {"schema": "redoubt.other/1"})), [])

    def left_out(self, report):
        return {one["reason"]: one["count"] for one in report["leftOut"]}

    def test_full_agreement(self):
        report = self.compare(ALL, "--fail-on-disagreement")
        self.assertEqual(report["schema"], "redoubt.compare/1")
        self.assertEqual(report["by"], "assignment")
        self.assertEqual(report["summary"], {"rows": 6, "rowsSkipped": 0, "decided": 6, "agreed": 6,
                                             "disagreed": 0, "agreement": 1.0})
        self.assertEqual(report["matrix"], [{"ours": "compliant", "azure": "Compliant", "count": 4},
                                            {"ours": "noncompliant", "azure": "NonCompliant", "count": 2}])
        self.assertEqual(report["disagreements"], [])
        self.assertEqual(report["leftOut"], [])

    def test_every_form_of_states_reads_the_same(self):
        expected = self.compare(ALL)
        forms = {
            "rest": json.dumps({"@odata.count": 6, "@odata.nextLink": "x", "value": ALL}),
            "rest, indented": json.dumps({"@odata.context": {"a": [1]}, "VALUE": ALL, "after": {"b": []}}, indent=2),
            "lines": "\n".join(json.dumps(row) for row in ALL),
            "pages": json.dumps([{"value": ALL[:2]}, {"value": ALL[2:]}]),
            "pages, a line each": json.dumps({"value": ALL[:2]}) + "\n" + json.dumps({"value": ALL[2:]}) + "\n",
            "lists": json.dumps(ALL[:3]) + json.dumps(ALL[3:]),
            "other case": json.dumps([{key[0].upper() + key[1:]: value for key, value in row.items()} for row in ALL]),
            "byte order mark": "\ufeff" + json.dumps(ALL),
        }
        for name, text in forms.items():
            with self.subTest(name):
                got = self.compare(text)
                self.assertEqual(got["summary"], expected["summary"])
                self.assertEqual(got["matrix"], expected["matrix"])

    def test_states_in_several_files(self):
        self.zone.write("more.json", ALL[3:])
        report = self.compare(ALL[:3], "--states", "more.json")
        self.assertEqual(report["summary"]["agreed"], 6)

    def test_a_disagreement_is_explained(self):
        rows = ALL[:2] + [state("old", "Compliant", policyDefinitionVersion="2.0.0",
                                policyDefinitionAction="deny")] + ALL[3:]
        report = self.compare(rows, "--fail-on-disagreement", code=1)
        self.assertEqual(report["summary"]["disagreed"], 1)
        self.assertAlmostEqual(report["summary"]["agreement"], 5 / 6)
        one = report["disagreements"][0]
        self.assertEqual(one["resource"]["id"], f"{STORAGE}/old")
        self.assertEqual(one["policy"], {"name": "storage-tls", "displayName": "Storage: storage-tls"})
        self.assertEqual(one["assignment"], {"id": f"{ASSIGNMENTS}/baseline", "name": "baseline", "referenceId": "tls"})
        self.assertEqual((one["ours"], one["azure"]), ("noncompliant", "Compliant"))
        self.assertEqual((one["path"], one["value"]), ("properties.minimumTlsVersion", "TLS1_0"))
        self.assertEqual(one["location"]["file"], "export.json")
        self.assertGreater(one["location"]["line"], 1)
        self.assertEqual(one["azureTimestamp"], "2026-03-01T10:00:00Z")
        self.assertEqual(one["azureLocation"]["file"], "states.json")
        self.assertGreater(one["azureLocation"]["line"], 1)
        self.assertEqual([cause["name"] for cause in one["causes"]], ["definitionVersion", "effect"])
        # Without --fail-on-disagreement it is no failure.
        self.compare(rows)

    def test_the_newest_row_of_a_key_counts(self):
        newer, older = "2026-03-01T10:00:00Z", "2026-02-01T10:00:00Z"
        for rows in ([state("old", "Compliant", at=older), state("old", "NonCompliant", at=newer)],
                     [state("old", "NonCompliant", at=newer), state("OLD", "Compliant", at=older)],
                     [state("old", "NonCompliant", at=newer), state("old", "Compliant", at=None)],
                     [state("old", "Compliant", at="/Date(1000)/"), state("old", "NonCompliant", at=older)]):
            report = self.compare(rows)
            self.assertEqual((report["summary"]["decided"], report["summary"]["agreed"]), (1, 1))

    def test_exempt_is_a_state(self):
        self.zone.write("exemptions/old.json", exemption("old", "baseline", ["tls"], f"{STORAGE}/old"))
        rows = ALL[:2] + [state("old", "Exempt")] + ALL[3:]
        self.assertEqual(self.compare(rows)["summary"]["disagreed"], 0)
        report = self.compare(ALL)
        self.assertEqual([(one["ours"], one["azure"]) for one in report["disagreements"]], [("exempt", "NonCompliant")])
        self.assertEqual([one["name"] for one in report["disagreements"][0]["causes"]], ["exemptedSince"])
        report = self.compare(ALL[:4] + [state("open", "Exempt")] + ALL[5:])
        causes = {one["resource"]["name"]: [c["name"] for c in one["causes"]] for one in report["disagreements"]}
        self.assertEqual(causes["open"], ["exemptionNotHere"])

    def test_what_is_left_out_is_counted_with_its_reason(self):
        rows = [
            state("good", "Unknown"), state("good", "Conflicting", "access"), state("old", "Error"),
            state("gone", "Compliant"), state("open", "Compliant", assigned="other"),
            state("open", "Compliant", "missing"),
        ]
        report = self.compare(rows, code=3)
        self.assertEqual(self.left_out(report), {
            "azureUnknown": 1, "azureConflict": 1, "azureError": 1, "onlyHere": 3,
            "onlyThereResource": 1, "onlyThereAssignment": 2,
        })
        self.assertEqual(report["summary"]["decided"], 0)
        self.assertIsNone(report["summary"]["agreement"])

    def test_our_unknown_is_left_out(self):
        rows = json.loads((self.zone.path / "export.json").read_text())
        del rows[1]["properties"]
        self.zone.write("export.json", [{key: row[key] for key in row if key != "properties"} for row in rows])
        report = self.compare(ALL, code=3)
        self.assertEqual(self.left_out(report), {"oursUnknown": 6})

    def test_a_row_of_what_can_not_apply_is_a_disagreement(self):
        vault = {"id": STORAGE.replace("Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults") + "/kv",
                 "type": "microsoft.keyvault/vaults", "name": "kv", "location": "swedencentral", "properties": {}}
        self.zone.write("export.json", [account("good"), vault])
        row = state("kv", "NonCompliant")
        row["resourceId"] = vault["id"]
        report = self.compare([row])
        one = report["disagreements"][0]
        self.assertEqual((one["ours"], one["azure"]), ("notApplicable", "NonCompliant"))
        self.assertIn("Microsoft.KeyVault/vaults", one["reason"])
        self.assertEqual(one["location"]["file"], "export.json")

    def test_causes_of_time(self):
        rows = [state("old", "Compliant", at="2026-02-20T10:00:00Z")]
        names = [c["name"] for c in self.compare(rows)["disagreements"][0]["causes"]]
        self.assertEqual(names, ["exportNewer"])
        rows = [state("old", "Compliant", at="2026-03-09T10:00:00Z")]
        names = [c["name"] for c in self.compare(rows)["disagreements"][0]["causes"]]
        self.assertEqual(names, ["exportOlder"])
        self.zone.write("export.json", [account("old", tls="TLS1_0",
                                                systemData={"lastModifiedAt": "2026-03-01T11:00:00Z"})])
        names = [c["name"] for c in self.compare([state("old", "Compliant")])["disagreements"][0]["causes"]]
        self.assertEqual(names, ["changedSince"])

    def test_the_time_of_the_file_stands_in_for_the_export(self):
        self.zone.write("states.json", [state("old", "Compliant")])
        os.utime(self.zone.path / "export.json", (1772700000, 1772700000))  # 2026-03-05
        report = self.zone.json("posture", "compare", "--zone", "zone.yaml", "--states", "states.json")
        self.assertEqual([c["name"] for c in report["disagreements"][0]["causes"]], ["exportNewer"])

    def test_the_time_of_a_file_is_told_where_it_counts(self):
        self.zone.write("states.json", [state("old", "Compliant")])
        words = ["posture", "compare", "--zone", "zone.yaml", "--states", "states.json"]
        for time, used in ((1772700000, True), (1772359200, False)):  # 2026-03-05, 2026-03-01
            os.utime(self.zone.path / "export.json", (time, time))
            self.assertEqual("--exported-at" in self.zone.run(*words).stderr, used)
        self.assertNotIn("stands for", self.zone.run(*words, "--exported-at", "2026-03-05T00:00:00Z").stderr)

    def test_a_wrong_path_is_not_gone_past(self):
        self.zone.write("states.json", ALL)
        done = self.zone.run("posture", "compare", "export.json", "nowhere.json", "--zone", "zone.yaml", "--states", "states.json", code=2)
        self.assertEqual(done.stdout, "")
        self.assertIn("nowhere.json: error EST0101", done.stderr)

    def test_a_guessed_alias_is_a_cause(self):
        self.zone.write("policies/tls.json", definition("storage-tls", "notAnAlias", "TLS1_2"))
        report = self.compare([state("good", "Compliant")])
        self.assertEqual([c["name"] for c in report["disagreements"][0]["causes"]], ["guessedAlias"])

    def test_two_assignments_are_two_keys(self):
        self.zone.write("assignments/second.json", json.loads(
            (self.zone.path / "assignments/baseline.json").read_text().replace("baseline", "second")))
        self.zone.write("exemptions/old.json", exemption("old", "second", [], f"{STORAGE}/old"))
        report = self.compare(ALL + [state("old", "Exempt", assigned="second")])
        self.assertEqual((report["summary"]["decided"], report["summary"]["disagreed"]), (7, 0))

    def test_by_definition(self):
        self.zone.write("states.json", ALL + [state("good", "Compliant", assigned="other"),
                                              state("old", "Compliant", "access", assigned="other")])
        report = self.zone.json("posture", "compare", "export.json", "--policy", "policies",
                                "--states", "states.json")
        self.assertEqual(report["by"], "definition")
        self.assertEqual((report["summary"]["decided"], report["summary"]["agreed"]), (6, 6))
        self.zone.write("states.json", ALL + [state("old", "Compliant", assigned="other")])
        report = self.zone.json("posture", "compare", "export.json", "--policy", "policies",
                                "--states", "states.json")
        self.assertEqual(self.left_out(report), {"several": 1})
        self.assertEqual(report["summary"]["decided"], 5)

    def test_by_definition_a_template_is_a_cause(self):
        template = {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "old",
                           "location": "swedencentral", "properties": {"minimumTlsVersion": "TLS1_2"}}],
        }
        self.zone.write("main.json", template)
        self.zone.write("states.json", [state("old", "NonCompliant")])
        report = self.zone.json("posture", "compare", "main.json", "--policy", "policies/tls.json", "--scope",
                                STORAGE.partition("/providers")[0], "--states", "states.json")
        self.assertEqual([c["name"] for c in report["disagreements"][0]["causes"]], ["template"])

    def test_bad_rows_are_told_of_and_the_rest_is_used(self):
        rows = "[\n" + ",\n".join([json.dumps(state("old", "NonCompliant")), '{"complianceState":"Compliant"}', "7",
                                   json.dumps({**state("good", "Compliant"), "resourceId": 5}),
                                   json.dumps(state("good", "Sunny", "access"))]) + "\n]\n"
        self.zone.write("states.json", rows)
        done = self.zone.run("posture", "compare", "--zone", "zone.yaml", "--states", "states.json", "-f", "json")
        for line, text in ((3, "POS0020: the row has no resourceId"), (4, "POS0020: the row is no object"),
                           (5, "POS0020: the row has a resourceId that is no text"),
                           (6, "POS0021: the state is not known")):
            self.assertRegex(done.stderr, f"states.json:{line}.*{text}")
        summary = json.loads(done.stdout)["summary"]
        self.assertEqual((summary["rows"], summary["rowsSkipped"], summary["agreed"]), (2, 3, 1))

    def test_a_bad_line_does_not_end_the_lines(self):
        text = json.dumps(ALL[0]) + '\n{"resourceId": \n' + json.dumps(ALL[2]) + "\n"
        self.zone.write("states.json", text)
        done = self.zone.run("posture", "compare", "--zone", "zone.yaml", "--states", "states.json", "-f", "json")
        self.assertIn("states.json:2", done.stderr)
        self.assertEqual(json.loads(done.stdout)["summary"]["agreed"], 2)

    def test_wrong_usage(self):
        def error(*words):
            return self.zone.run("posture", "compare", *words, code=2).stderr
        self.assertIn("CLI0045", error("--zone", "zone.yaml"))
        self.zone.write("states.json", ALL)
        self.assertIn("CLI0045", error("export.json", "--states", "states.json"))
        self.assertIn("DOC0001", error("--zone", "zone.yaml", "--states", "nowhere.json"))
        self.assertIn("CLI0020", error("--zone", "zone.yaml", "--states", "states.json", "--exported-at", "soon"))
        for broken in ('[{"resourceId": "x"', "no json", '{"value": [', "[]]"):
            self.zone.write("broken.json", broken)
            self.assertIn("DOC0101", error("--zone", "zone.yaml", "--states", "broken.json"), broken)

    def test_no_rows(self):
        self.zone.write("states.json", [])
        done = self.zone.run("posture", "compare", "--zone", "zone.yaml", "--states", "states.json", code=3)
        self.assertIn("POS0022", done.stderr)
        self.assertIn("no key is decided on both sides", done.stdout)

    def test_table(self):
        self.zone.write("states.json", ALL[:2] + [state("old", "Compliant")] + ALL[3:])
        out = self.zone.run("posture", "compare", "--zone", "zone.yaml", "--states", "states.json",
                            "--exported-at", "2026-03-08T12:00:00Z").stdout
        for text in ("here \\ Azure", "noncompliant here, Compliant there", "agreement on 5 of 6 keys", "83.3 %",
                     "evaluated 2026-03-01T10:00:00Z", "newer than Azure's evaluation by 7 days"):
            self.assertIn(text, out)

    def test_many_rows_in_bounded_memory(self):
        # Rows of accounts that are not here: nothing of them is kept but their keys.
        with open(self.zone.path / "states.json", "w", encoding="utf-8") as out:
            out.write("[")
            pad = "x" * 1500
            for i in range(100_000):
                out.write(json.dumps(state(f"far{i}", "Compliant", policyAssignmentParameters=pad)) + ",\n")
            out.write(json.dumps(ALL[2]) + "]")
        report = self.zone.json("posture", "compare", "--zone", "zone.yaml", "--states", "states.json")
        self.assertEqual((report["summary"]["rows"], report["summary"]["agreed"]), (100_001, 1))
        self.assertEqual(self.left_out(report)["onlyThereResource"], 100_000)
        if "asan" not in os.environ["REDOUBT_BINARY"]:
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            self.assertLess(peak * 1024, (self.zone.path / "states.json").stat().st_size)


if __name__ == "__main__":
    unittest.main()
