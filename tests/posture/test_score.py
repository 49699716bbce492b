#!/usr/bin/env python3
"""posture score: the secure score as Defender for Cloud counts it, and what to fix first."""
import collections
import json
import os
import pathlib
import random
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/posture"))
from harbor_zone import STORAGE, SUBSCRIPTION, Folder, account, definition, exemption  # noqa: E402

CONTROLS = """\
schema: redoubt.score-controls/1
controls:
- name: Encrypt data in transit
  checks: [storage-tls]
- name: Harbor access
  max: 6
  checks: [storage-access]
"""
MAXIMA = {"Encrypt data in transit": 4, "Harbor access": 6}
CONTROL_OF = {"storage-tls": "Encrypt data in transit", "storage-access": "Harbor access"}


def plain_score(report):
    """The score of a list of all findings, as the documentation writes it: subscription -> control -> counts."""
    states = collections.defaultdict(lambda: collections.defaultdict(list))
    for one in report["findings"]:
        control = CONTROL_OF.get(one["policy"]["name"])
        if control is None or one["policy"]["displayName"].startswith("[Preview]"):
            continue
        state = one["state"]
        if state == "exempt":
            state = "compliant" if one["exemption"]["category"] == "Mitigated" else "notApplicable"
        if "accepted" in one:
            state = "notApplicable"
        resource = one["resource"]["id"].lower()
        states[resource.split("/")[2]][control, resource].append(state)
    out = {}
    for subscription, resources in states.items():
        counts = collections.defaultdict(lambda: [0, 0])
        for (control, _), found in resources.items():
            if "noncompliant" in found:
                counts[control][1] += 1
            elif "unknown" not in found and "error" not in found and "compliant" in found:
                counts[control][0] += 1
        counts = {name: pair for name, pair in counts.items() if sum(pair)}
        most = sum(MAXIMA[name] for name in counts)
        current = sum(MAXIMA[name] / (healthy + unhealthy) * healthy for name, (healthy, unhealthy) in counts.items())
        out[subscription] = (counts, current / most if most else None, sum(map(sum, counts.values())))
    return out


class Score(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.zone = Folder(folder.name)
        self.zone.write("controls.yaml", CONTROLS)

    def score(self, *words, code=0):
        return self.zone.json("posture", "score", "--zone", "zone.yaml", "--controls", "controls.yaml", *words, code=code)

    def control(self, report, name):
        one = next(one for one in report["controls"] if one["displayName"] == name)
        return tuple(one[f"{kind}ResourceCount"] for kind in ("healthy", "unhealthy", "unknown"))

    def test_the_documented_example(self):
        self.zone.write("export.json", [account(f"a{i:02}", access="Disabled" if i < 4 else "Enabled") for i in range(78)])
        report = self.score()
        one = next(one for one in report["controls"] if one["displayName"] == "Harbor access")
        self.assertEqual(one["score"], {"current": 0.31, "max": 6.0, "percentage": 0.0513})
        self.assertEqual(self.control(report, "Encrypt data in transit"), (78, 0, 0))
        # (4 + 6 / 78 * 4) of 10
        self.assertEqual(report["score"], {"percentage": 0.4308, "weight": 156})
        self.assertEqual(len(report["fixFirst"]), 5)

    def test_as_it_is(self):
        report = self.score()
        self.assertEqual(self.control(report, "Encrypt data in transit"), (2, 1, 0))
        self.assertEqual(self.control(report, "Harbor access"), (2, 1, 0))
        self.assertEqual(report["score"]["percentage"], 0.6667)
        first = report["fixFirst"][0]
        self.assertEqual(first["why"], "risk 12: medium")
        self.assertAlmostEqual(first["scoreGain"], 13.33)  # 4 / 3 of 10 points
        self.assertAlmostEqual(report["fixFirst"][1]["scoreGain"], 20.0)  # 6 / 3
        self.assertEqual(first["control"], "Encrypt data in transit")

    def test_no_control(self):
        report = self.zone.json("posture", "score", "--zone", "zone.yaml")
        self.assertEqual(report["score"], {"percentage": None, "weight": 0})
        self.assertEqual([(one["policy"], one["noncompliant"], one["why"]) for one in report["uncounted"]],
                         [("storage-access", 1, "noControl"), ("storage-tls", 1, "noControl")])
        text = self.zone.run("posture", "score", "--zone", "zone.yaml").stdout
        self.assertIn("no secure score: no control with points has an assessment", text)
        self.assertIn("no control has: storage-access (1 noncompliant), storage-tls (1 noncompliant)", text)

    def test_preview(self):
        one = definition("storage-tls", "minimumTlsVersion", "TLS1_2")
        one["properties"]["displayName"] = "[Preview]: TLS"
        self.zone.write("policies/tls.json", one)
        report = self.score()
        self.assertEqual(self.control(report, "Encrypt data in transit"), (0, 0, 0))
        self.assertEqual([(one["policy"], one["why"]) for one in report["uncounted"]], [("storage-tls", "preview")])

    def test_waivers_and_mitigations(self):
        for category, expected in (("Waiver", (2, 0, 0)), ("Mitigated", (3, 0, 0))):
            one = exemption("old", "baseline", ["tls"], f"{STORAGE}/old")
            one["properties"]["exemptionCategory"] = category
            self.zone.write("exemptions/old.json", one)
            self.assertEqual(self.control(self.score(), "Encrypt data in transit"), expected)
        # A waiver takes what is compliant out of the count, too.
        self.zone.write("exemptions/old.json", exemption("old", "baseline", ["tls"], f"{STORAGE}/good"))
        self.assertEqual(self.control(self.score(), "Encrypt data in transit"), (1, 1, 0))

    def test_accepted_findings_leave_the_count(self):
        self.zone.write("baseline.yaml", "- {policy: storage-tls, resource: old, reason: r, owner: o}\n")
        report = self.score("--baseline", "baseline.yaml")
        self.assertEqual(self.control(report, "Encrypt data in transit"), (2, 0, 0))
        self.assertEqual([one["resource"]["name"] for one in report["fixFirst"]], ["open"])

    def test_subscriptions_are_weighted(self):
        other = account("far", access="Enabled")
        other["id"] = other["id"].replace("000000000001", "000000000002")
        self.zone.write("zone.yaml", (self.zone.path / "zone.yaml").read_text().replace(
            "subscriptions:\n", "subscriptions:\n  - id: 00000000-0000-0000-0000-000000000002\n    managementGroup: harbor\n"))
        self.zone.write("export.json", [account("good"), account("fine"), account("well"), other])
        report = self.score()
        self.assertEqual([(one["score"]["percentage"], one["weight"]) for one in report["subscriptions"]], [(1.0, 6), (0.4, 2)])
        self.assertEqual(report["score"], {"percentage": 0.85, "weight": 8})

    def test_generated_zones_agree_with_a_plain_computation(self):
        rng = random.Random(5)
        for _ in range(12):
            rows = []
            for i in range(rng.randrange(1, 40)):
                one = account(f"a{i}", rng.choice(["TLS1_0", "TLS1_2"]), rng.choice(["Enabled", "Disabled"]))
                one["id"] = one["id"].replace("000000000001", f"00000000000{rng.choice('12')}")
                rows.append(one)
            self.zone.write("export.json", rows)
            waived = exemption("some", "baseline", ["tls"], rng.choice(rows)["id"])
            waived["properties"]["exemptionCategory"] = rng.choice(["Waiver", "Mitigated"])
            self.zone.write("exemptions/some.json", waived)
            self.zone.write("zone.yaml", "managementGroups:\n- id: harbor\nsubscriptions:\n"
                            "- id: 00000000-0000-0000-0000-000000000001\n  managementGroup: harbor\n"
                            "- id: 00000000-0000-0000-0000-000000000002\n  managementGroup: harbor\n"
                            "policies: [policies]\nassignments: [assignments]\nexemptions: [exemptions]\nexports: [export.json]\n")
            expected = plain_score(self.zone.json("posture", "scan", "--zone", "zone.yaml", "--all"))
            report = self.score()
            for one in report["subscriptions"]:
                counts, share, weight = expected[one["subscription"]]
                found = {control["displayName"]: [control["healthyResourceCount"], control["unhealthyResourceCount"]]
                         for control in one["controls"] if control["healthyResourceCount"] + control["unhealthyResourceCount"]}
                self.assertEqual(found, counts)
                self.assertEqual(one["weight"], weight)
                self.assertAlmostEqual(one["score"]["percentage"], share, places=3)
            total = sum(share * weight for _, share, weight in expected.values()) / sum(weight for *_, weight in expected.values())
            self.assertAlmostEqual(report["score"]["percentage"], total, places=3)

    def test_risk(self):
        lock = {"type": "microsoft.authorization/locks", "name": "keep", "properties": {"level": "CanNotDelete"}}
        group = f"{SUBSCRIPTION}/resourceGroups/rg-data"
        workspace = {
            "id": f"{group}/providers/Microsoft.MachineLearningServices/workspaces/mlw", "name": "mlw",
            "type": "microsoft.machinelearningservices/workspaces", "properties": {"storageAccount": f"{STORAGE}/OLD"},
        }
        self.zone.write("export.json", [
            account("old", tls="TLS1_0", tags={"Data": "highlyconfidential"}), account("older", tls="TLS1_0"),
            account("public", tls="TLS1_0", access="Enabled"), workspace,
            {**lock, "id": f"{STORAGE}/older/providers/Microsoft.Authorization/locks/keep"},
        ])
        (self.zone.path / "policies/access.json").write_text(json.dumps(
            {**definition("b2982f36-99f2-4db5-8eff-283140c09693", "publicNetworkAccess", "Disabled")}))
        self.zone.write("policies/set.json", {"name": "storage", "properties": {"policyDefinitions": [
            {"policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/b2982f36-99f2-4db5-8eff-283140c09693"},
            {"policyDefinitionId": "/x/policyDefinitions/storage-tls"}]}})
        report = self.zone.json("posture", "score", "export.json", "--policy", "policies", "--initiative", "storage")
        why = {(one["resource"]["name"], one["policy"]["displayName"][-3:]): one["why"] for one in report["fixFirst"]}
        exposed = "reachable from the internet (b2982f36-99f2-4db5-8eff-283140c09693)"
        self.assertEqual(why, {
            ("old", "tls"): "risk 21: medium, tagged data: highlyconfidential, 1 resource hangs on it",
            ("older", "tls"): "risk 12: medium",
            ("public", "tls"): f"risk 24: medium, {exposed}",
            ("public", "693"): f"risk 24: medium, {exposed}",
        })
        self.assertEqual(report["risk"], {"findings": 4, "points": 81})
        names = [one["resource"]["name"] for one in report["fixFirst"]]
        self.assertEqual(names, ["public", "public", "old", "older"])

    def test_fail_below(self):
        self.score("--fail-below", "66")
        self.score("--fail-below", "67", code=1)
        for content in ([], [{**account("a"), "type": "A.B/c", "id": f"{SUBSCRIPTION}/resourceGroups/rg/providers/A.B/c/a"}]):
            self.zone.write("none.json", content)
            for form in ("table", "json", "markdown"):
                done = self.zone.run("posture", "score", "none.json", "--fail-below", "0", "-f", form, code=3)
                self.assertIn("CLI0073", done.stderr)
                self.assertTrue(done.stdout)
            self.zone.run("posture", "score", "none.json")
        for wrong in ("x", "-1", "101", "", "nan"):
            done = self.zone.run("posture", "score", "--zone", "zone.yaml", "--fail-below", wrong, code=2)
            self.assertIn("CLI0071" if wrong else "CLI00", done.stderr)

    def test_a_check_that_nothing_has(self):
        self.zone.write("ours.yaml", CONTROLS.replace("[storage-access]", "[storage-acess, ailz-st-keys, mine]"))
        done = self.zone.run("posture", "score", "--zone", "zone.yaml", "--controls", "ours.yaml")
        self.assertIn("ours.yaml:7:12: warning POS0084: no policy of this scan is called storage-acess (did you mean storage-access?)",
                      done.stderr)
        self.assertIn("called mine (give its definition with --policy)", done.stderr)
        self.assertEqual(done.stderr.count("POS0084"), 2)

    def test_a_wrong_table_of_controls(self):
        for text, code in (
            ("[]", "POS0080"), ("schema: redoubt.score-controls/2\ncontrols: []", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [x]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{max: 1}]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, max: -1}]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, checks: 1}]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, checks: [1]}]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, more: 1}]", "POS0080"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, checks: [x]}, {name: b, checks: [X]}]", "POS0081"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: a, max: 1, checks: [x]}, {name: A, max: 2}]", "POS0081"),
            ("schema: redoubt.score-controls/1\ncontrols: [{name: Enable MAF, checks: [x]}]", "POS0080"),
        ):
            self.zone.write("wrong.yaml", text)
            done = self.zone.run("posture", "score", "--zone", "zone.yaml", "--controls", "wrong.yaml", code=2)
            self.assertIn(f"error {code}", done.stderr, text)
        self.zone.run("posture", "score", "--zone", "zone.yaml", "--controls", "none.yaml", code=2)

    def test_a_member_that_stands_twice_is_told(self):
        self.zone.write("controls.yaml", CONTROLS + "  max: 6\n  max: 7\n")
        done = self.zone.run("posture", "score", "--zone", "zone.yaml", "--controls", "controls.yaml")
        self.assertIn("warning DOC0104", done.stderr)

    def test_hostile_names(self):
        self.zone.write("export.json", [account("x\u001b[31m|<b>", access="Enabled")])
        table = self.zone.run("posture", "score", "--zone", "zone.yaml", "--controls", "controls.yaml").stdout
        self.assertNotIn("\u001b", table)
        words = ["posture", "score", "--zone", "zone.yaml", "--controls", "controls.yaml", "-f", "markdown"]
        page = self.zone.run(*words).stdout
        self.assertNotIn("<b>", page.replace("`", ""))
        self.assertNotIn("\u001b", page)

    def test_threads_do_not_matter(self):
        self.zone.write("export.json", [account(f"a{i}", *(("TLS1_0", "Enabled") if i % 3 else ())) for i in range(500)])
        several = self.score()
        processors = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, processors)
        os.sched_setaffinity(0, {min(processors)})
        self.assertEqual(self.score(), several)


if __name__ == "__main__":
    unittest.main()
