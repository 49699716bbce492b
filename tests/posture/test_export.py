#!/usr/bin/env python3
"""posture scan from outside: exports, policy parameters, initiatives, what was not looked at, exit codes, SARIF."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
SHARED = pathlib.Path(os.environ.get("REDOUBT_CORPORA", ROOT / "../shared"))
sys.path.insert(0, str(ROOT / "tests/report"))

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-ai"
VAULTS = "Microsoft.KeyVault/vaults"
SETTINGS = "Microsoft.Insights/diagnosticSettings"
TEMPLATE_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
ID = "/providers/Microsoft.Authorization/policyDefinitions/"


def vault(name):
    return {"id": f"{GROUP}/providers/{VAULTS}/{name}", "name": name, "type": VAULTS.lower(), "location": "westeurope",
            "properties": {"enableSoftDelete": True}}


def page(*rows, total=None, token=None):
    return {"count": len(rows), "data": list(rows), "skip_token": token, "total_records": len(rows) if total is None else total}


def template(name="kv-t"):
    return {"$schema": TEMPLATE_SCHEMA, "contentVersion": "1.0.0.0",
            "resources": [{"type": VAULTS, "apiVersion": "2023-07-01", "name": name, "location": "westeurope", "properties": {}}]}


def policy(name, effect, condition=None, details=None, parameters=None, **properties):
    about_vaults = {"field": "type", "equals": VAULTS}
    then = {"effect": effect} | ({"details": details} if details else {})
    return {"id": ID + name, "name": name, "type": "Microsoft.Authorization/policyDefinitions",
            "properties": {"displayName": f"Policy {name}", "mode": "All", "parameters": parameters or {},
                           "policyRule": {"if": {"allOf": [about_vaults, condition or about_vaults]}, "then": then}, **properties}}


def initiative(name, display_name, *members):
    return {"name": name, "properties": {"displayName": display_name, "policyDefinitions": list(members)}}


def member(name, **more):
    return {"policyDefinitionId": ID + name, "policyDefinitionReferenceId": f"ref-{name}", **more}


NEEDS_LOGS = policy("needs-logs", "auditIfNotExists", details={"type": SETTINGS})
PLACES = policy("places", "deny", {"field": "location", "notIn": "[parameters('places')]"}, parameters={"places": {"type": "Array"}})
MANUAL = policy("ask", "manual")


class Case(unittest.TestCase):
    """A fresh folder for each test, which is the working directory of the program."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content, indent=None):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=indent))
        return name

    def write_lines(self, name, *rows):
        return self.write(name, "".join(json.dumps(row) + "\n" for row in rows))

    def scan(self, *arguments):
        run = subprocess.run([BINARY, "posture", "scan", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout, run.stderr

    def report(self, *arguments, code=0):
        got, out, err = self.scan(*arguments, "-f", "json")
        self.assertEqual(got, code, err)
        return json.loads(out), err

    def states(self, *arguments):
        """State and first reason of each finding, compliant ones too."""
        report, _ = self.report(*arguments, "--all")
        return [(one["state"], one.get("unknown", [{}])[0].get("origin")) for one in report["findings"]]


class Exports(Case):
    def setUp(self):
        super().setUp()
        self.policy = ["--policy", self.write("logs.json", NEEDS_LOGS)]

    def test_a_type_that_is_not_in_the_export_is_unknown(self):
        export = self.write("export.json", page(vault("kv1")))
        report, _ = self.report(export, *self.policy)
        self.assertEqual([one["state"] for one in report["findings"]], ["unknown"])
        self.assertEqual(report["findings"][0]["unknown"], [{"field": SETTINGS, "origin": "type not in this export"}])
        self.assertEqual(report["findings"][0]["location"]["file"], export)

    def test_complete_types_make_absence_count(self):
        export = self.write("export.json", page(vault("kv1")))
        self.assertEqual(self.states(export, *self.policy, "--complete-types", f"A.B/c, {SETTINGS.upper()}"), [("noncompliant", None)])
        self.assertEqual(self.states(export, *self.policy, "--complete-types", "A.B/c"), [("unknown", "type not in this export")])

    def test_assume_elsewhere_is_about_templates(self):
        path = self.write("main.json", template())
        self.assertEqual(self.states(path, *self.policy), [("noncompliant", None)])
        self.assertEqual(self.states(path, *self.policy, "--assume-elsewhere"), [("unknown", "assumed elsewhere")])

    def test_a_related_resource_is_found_in_another_page(self):
        setting = {"id": f"{GROUP}/providers/{VAULTS}/kv1/providers/{SETTINGS}/s", "name": "s", "type": SETTINGS.lower(), "properties": {}}
        self.write("pages/1.json", page(vault("kv1"), vault("kv2"), total=3, token="next"))
        self.write("pages/2.json", page(setting, total=3))
        self.assertEqual(self.states("pages", *self.policy), [("compliant", None), ("noncompliant", None)])

    def test_a_cut_export_warns_and_absence_counts_for_nothing(self):
        export = self.write("export.json", page(vault("kv1"), total=3, token="next"))
        report, err = self.report(export, *self.policy)
        self.assertIn("EST0106", err)
        self.assertIn("1 of 3 rows", err)
        self.assertEqual(report["summary"]["unknown"], 1)
        self.assertIn("export.json", report["findings"][0]["unknown"][0]["origin"])

    def test_other_forms_of_exports(self):
        rows = [vault("kv1"), vault("kv2")]
        forms = {"rest.json": {"totalRecords": 2, "count": 2, "data": rows}, "arm.json": {"value": rows}, "rows.json": rows,
                 "pages.json": [page(rows[0]), page(rows[1])], "one.json": rows[0]}
        for name, form in forms.items():
            with self.subTest(name):
                self.assertEqual(len(self.states(self.write(name, form), *self.policy)), 1 if name == "one.json" else 2)
        self.assertEqual(len(self.states(self.write_lines("rows.jsonl", *rows), *self.policy)), 2)

    def test_an_export_without_rows_is_an_export_of_nothing(self):
        forms = [[], {"data": []}, {"count": 0, "data": []}, {"value": []}, {"data": [], "totalRecords": 0, "count": 0},
                 page(), {"data": {"columns": [{"name": "id", "type": "string"}], "rows": []}}]
        for form in forms:
            with self.subTest(form):
                export = self.write("export.json", form)
                code, out, err = self.scan(export, *self.policy)
                self.assertEqual(code, 0)
                self.assertIn("0 resources", out)
                self.assertIn("export.json: warning EST0113", err)
                self.assertNotIn("error", err)
                with_another, err = self.report(export, self.write("main.json", template()), *self.policy)
                self.assertEqual(with_another["notLookedAt"], [])

    def test_an_empty_page_among_others_is_no_matter(self):
        self.write("pages/1.json", page(vault("kv1"), total=1))
        self.write("pages/2.json", page(total=1))
        self.assertEqual(self.report("pages", *self.policy)[1], "")

    def test_an_empty_list_that_a_folder_holds_may_be_anything(self):
        self.write("infra/main.json", template())
        self.write("infra/list.json", [])
        report, err = self.report("infra", *self.policy)
        self.assertEqual([one["what"] for one in report["notLookedAt"]], ["infra/list.json"])
        self.assertNotIn("EST0113", err)


class FilesOfOptions(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("main.json", template())
        self.files = {"nowhere.json": "DOC0001", ".": "DOC0001", self.write("cut.json", '{"a":'): "DOC0101"}

    def refuses(self, code, words):
        run = subprocess.run([BINARY, *words], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((run.returncode, run.stdout), (2, ""), (words, run.stderr))
        self.assertIn(code, run.stderr)

    def test_what_can_not_be_read_is_wrong_usage_before_anything_is_scanned(self):
        for option in ("--parameters", "--policy-parameters", "--aliases"):
            for file, code in self.files.items():
                with self.subTest(option=option, file=file):
                    self.refuses(code, ["posture", "scan", self.path, option, file])
        for file, code in self.files.items():
            self.refuses(code, ["arm", "expand", self.path, "--parameters", file])
            self.refuses(code, ["policy", "check", self.path, "--aliases", file])
            self.refuses(code, ["policy", "eval", "--cases", self.path, "--aliases", file])
        for words in (["--initiative", "nowhere.json"], ["--policy", "nowhere.json"], ["--config", "nowhere.json"], ["--config", "."]):
            self.refuses("", ["posture", "scan", self.path, *words])

    def test_a_file_of_another_kind_is_wrong_usage(self):
        schema = TEMPLATE_SCHEMA.replace("deploymentTemplate", "deploymentParameters")
        for form in ([], 5, template(), {"$schema": schema, "parameters": []}):
            file = self.write("other.json", form)
            self.refuses("EST0103", ["posture", "scan", self.path, "--parameters", file])
            self.refuses("EST0103", ["arm", "expand", self.path, "--parameters", file])
        self.refuses("POS0002", ["posture", "scan", self.path, "--policy-parameters", self.write("list.json", [])])
        self.refuses("POL0902", ["posture", "scan", self.path, "--aliases", self.write("five.json", 5)])
        self.refuses("POL0903", ["posture", "scan", self.path, "--aliases", self.write("columns.json", {"columns": 1})])

    def test_policies_that_can_not_be_read_are_named(self):
        self.refuses("cut.json:1:6: error DOC0101", ["posture", "scan", self.path, "--policy", "cut.json"])


class Parameters(Case):
    def setUp(self):
        super().setUp()
        self.arguments = [self.write("export.json", page(vault("kv1"))), "--policy", self.write("places.json", PLACES)]

    def test_as_json_and_as_file(self):
        for value, state in ((["westeurope"], "compliant"), (["northeurope"], "noncompliant")):
            for form in ({"places": {"value": value}}, {"places": value}, {"parameters": {"places": {"value": value}}}):
                with self.subTest(form=form):
                    self.assertEqual(self.states(*self.arguments, "--policy-parameters", json.dumps(form)), [(state, None)])
                    self.assertEqual(self.states(*self.arguments, "--policy-parameters", self.write("p.json", form)), [(state, None)])

    def test_one_that_is_not_set_is_named(self):
        report, _ = self.report(*self.arguments)
        self.assertEqual(report["findings"][0]["unknown"], [{"field": "location", "origin": "policy parameter places not set"}])

    def test_one_of_an_initiative_that_is_not_set_is_named(self):
        one = initiative("set", "Set", member("places", parameters={"places": {"value": "[parameters('where')]"}}))
        one["properties"]["parameters"] = {"where": {"type": "Array"}}
        arguments = [*self.arguments, "--policy", self.write("set.json", one), "--initiative", "set"]
        self.assertEqual(self.states(*arguments), [("unknown", "policy parameter where not set")])
        self.assertEqual(self.states(*arguments, "--policy-parameters", '{"where": ["westeurope"]}'), [("compliant", None)])

    def test_wrong_ones_are_refused(self):
        for given in ('{"places": "westeurope"}', '{"plces": ["x"]}', "nowhere.json", "[]"):
            with self.subTest(given):
                code, out, err = self.scan(*self.arguments, "--policy-parameters", given)
                self.assertEqual((code, out), (2, ""), err)
        self.assertIn("did you mean places?", self.scan(*self.arguments, "--policy-parameters", '{"plces": ["x"]}')[2])

    def test_json_that_is_cut_is_wrong_usage(self):
        self.assertEqual(self.scan(*self.arguments, "--policy-parameters", '{"places":')[0], 2)

    def test_an_empty_list_of_allowed_values_allows_the_default(self):
        one = policy("one", "audit", {"field": "name", "like": "[parameters('p')]"},
                     parameters={"p": {"type": "String", "allowedValues": [], "defaultValue": "kv*"}})
        arguments = [self.arguments[0], "--policy", self.write("one.json", one)]
        self.assertEqual(self.states(*arguments, "--policy-parameters", '{"p": "kv*"}'), self.states(*arguments))


class Initiatives(Case):
    def setUp(self):
        super().setUp()
        self.export = self.write("export.json", page(vault("kv1")))
        self.members = [member("a"), member("b", definitionVersion="1.*.*")]
        self.definitions = [policy("a", "audit"), policy("b", "audit", version="2.0.0"), policy("c", "audit")]

    def names(self, *arguments):
        return [one["policy"]["name"] for one in self.report(self.export, *arguments)[0]["findings"]]

    def test_by_name_id_and_display_name(self):
        path = self.write_lines("all.jsonl", *self.definitions, initiative("set-a", "Guard Rails", *self.members))
        for name in ("set-a", "SET-A", "guard rails", "/providers/Microsoft.Authorization/policySetDefinitions/set-a"):
            with self.subTest(name):
                self.assertEqual(self.names("--policy", path, "--initiative", name), ["a", "b"])

    def test_by_file(self):
        path = self.write_lines("all.jsonl", *self.definitions)
        one = self.write("set.json", initiative("set-a", "Guard Rails", *self.members))
        self.assertEqual(self.names("--policy", path, "--initiative", one), ["a", "b"])

    def test_members_name_their_initiatives(self):
        path = self.write_lines("all.jsonl", *self.definitions, initiative("s", "S", member("a")), initiative("t", "T", member("a")))
        report, _ = self.report(self.export, "--policy", path, "--initiative", "s", "--initiative", "t")
        self.assertEqual([one["policy"]["initiatives"] for one in report["findings"]],
                         [[{"id": "s", "referenceId": "ref-a"}, {"id": "t", "referenceId": "ref-a"}]])

    def test_ambiguous_and_missing_names_are_wrong_usage(self):
        path = self.write_lines("all.jsonl", *self.definitions, initiative("s", "Same", member("a")), initiative("t", "same", member("b")))
        for name, word in (("SAME", "s, t"), ("none", "no initiative")):
            code, _, err = self.scan(self.export, "--policy", path, "--initiative", name)
            self.assertEqual(code, 2)
            self.assertIn(word, err)

    def test_versions(self):
        path = self.write_lines("all.jsonl", *self.definitions, initiative("set-a", "A", *self.members))
        arguments = [self.export, "--policy", path, "--initiative", "set-a"]
        relaxed, _ = self.report(*arguments)
        self.assertEqual([(f["state"], f.get("versionMismatch")) for f in relaxed["findings"]], [("noncompliant", None), ("noncompliant", True)])
        strict, _ = self.report(*arguments, "--strict-versions")
        self.assertEqual([(f["state"], f.get("versionMismatch")) for f in strict["findings"]], [("noncompliant", None), ("unknown", True)])

    def test_a_missing_member_is_told(self):
        path = self.write_lines("all.jsonl", self.definitions[0], initiative("set-a", "A", *self.members))
        report, err = self.report(self.export, "--policy", path, "--initiative", "set-a")
        self.assertEqual(len(report["findings"]), 1)
        self.assertIn("POS0001", err)

    def test_a_display_name_with_a_slash(self):
        path = self.write_lines("all.jsonl", *self.definitions, initiative("set-a", "ISO/IEC 27001 2022", *self.members))
        self.assertEqual(self.names("--policy", path, "--initiative", "ISO/IEC 27001 2022"), ["a", "b"])

    def test_members_without_a_name_of_their_own(self):
        del self.definitions[0]["name"]
        path = self.write_lines("all.jsonl", *self.definitions, initiative("set-a", "A", *self.members))
        self.assertEqual(self.names("--policy", path, "--initiative", "set-a"), ["a", "b"])

    def test_a_file_below_the_folder_of_policies(self):
        for one in self.definitions:
            self.write(f"policies/{one['name']}.json", one)
        path = self.write("policies/set.json", initiative("set-a", "A", *self.members))
        self.assertEqual(self.names("--policy", "policies", "--initiative", path), ["a", "b"])


class BadPolicies(Case):
    def setUp(self):
        super().setUp()
        self.export = self.write("export.json", page(vault("kv1")))
        self.write("policies/good.json", policy("good", "audit"))
        self.wrong = json.dumps(policy("wrong", "audit", {"field": "name", "equal": "x"}), indent=1)

    def test_a_file_that_is_no_json_is_named_and_the_others_judge(self):
        self.write("policies/cut.json", '{"name": "cut",\n "properties": {\n')
        _, out, err = self.scan(self.export, "--policy", "policies", "-f", "json")
        self.assertIn("policies/cut.json:3:1: error DOC0101", err)
        self.assertEqual(json.loads(out)["summary"]["noncompliant"], 1)

    def test_a_wrong_definition_is_an_error_and_the_others_judge(self):
        self.write("policies/wrong.json", self.wrong)
        report, _ = self.report(self.export, "--policy", "policies")
        wrong = next(one for one in report["findings"] if one["state"] == "error")
        self.assertEqual(wrong["location"]["file"], "policies/wrong.json")
        self.assertIn("unknown operator: equal", wrong["reason"])
        self.assertEqual(wrong["fix"]["text"], "did you mean equals?")
        self.assertEqual(report["summary"]["noncompliant"], 1)
        self.assertEqual(self.scan(self.export, "--policy", "policies", "--fail-on-unknown")[0], 1)

    def test_a_file_that_is_no_json_ends_in_3(self):
        self.write("policies/cut.json", '{"name": "cut",\n "properties": {\n')
        self.assertEqual(self.scan(self.export, "--policy", "policies")[0], 3)

    def test_a_wrong_definition_is_reported_at_its_mistake(self):
        self.write("policies/wrong.json", self.wrong)
        report, _ = self.report(self.export, "--policy", "policies")
        wrong = next(one for one in report["findings"] if one["state"] == "error")
        line = self.wrong[:self.wrong.index('"equal"')].count("\n") + 1
        self.assertEqual(wrong["location"]["line"], line)


class Notes(Case):
    def test_manual_policies_stand_in_one_line(self):
        export = self.write("export.json", page(vault("kv1"), vault("kv2")))
        arguments = [export, "--policy", self.write("ask.json", MANUAL)]
        report, _ = self.report(*arguments)
        self.assertEqual([(f["state"], f["effect"], f["reason"]) for f in report["findings"]], [("unknown", "manual", "needs an attestation")] * 2)
        code, out, _ = self.scan(*arguments, "--fail-on-unknown", "--fail-on", "low")
        self.assertEqual(code, 0)
        self.assertEqual(out.count("Policy ask"), 1)
        self.assertIn("Policy ask (2 resources)", out)

    def test_sources_of_other_tools_are_named(self):
        self.write("infra/main.json", template())
        self.write("infra/main.bicep", "param x string\n")
        self.write("infra/main.tf", "resource \"a\" \"b\" {}\n")
        arguments = ["infra", "--policy", self.write("logs.json", NEEDS_LOGS)]
        report, _ = self.report(*arguments)
        self.assertEqual([one["what"] for one in report["notLookedAt"]], ["infra/main.bicep", "infra/main.tf"])
        self.assertIn("az bicep build", report["notLookedAt"][0]["why"])
        self.assertIn("infra/main.tf", self.scan(*arguments)[1])


class ExitCodes(Case):
    def setUp(self):
        super().setUp()
        self.good = self.write("main.json", template())
        self.policy = ["--policy", self.write("logs.json", NEEDS_LOGS)]

    def test_done_and_findings(self):
        for level, code in (("none", 0), ("low", 1), ("medium", 1), ("high", 0), ("critical", 0)):
            self.assertEqual(self.scan(self.good, *self.policy, "--fail-on", level)[0], code, level)
        unknown = [self.good, *self.policy, "--assume-elsewhere"]
        self.assertEqual(self.scan(*unknown, "--fail-on", "low")[0], 0)
        self.assertEqual(self.scan(*unknown, "--fail-on-unknown")[0], 1)

    def test_wrong_usage(self):
        for arguments in (["nowhere.json"], [self.good, "-f", "xml"], [self.good, "--policy", "nowhere"], [self.good, "--nope"], []):
            self.assertEqual(self.scan(*arguments)[0], 2, arguments)

    def test_what_could_not_be_judged_leaves_the_others(self):
        report, err = self.report(self.write("cut.json", '{"resources": ['), self.good, *self.policy, code=3)
        self.assertEqual(report["summary"]["noncompliant"], 1)
        self.assertIn("cut.json:1:", err)
        self.assertEqual([one["what"] for one in report["notLookedAt"]], ["cut.json"])


class Sarif(Case):
    def test_results_point_at_template_lines_and_fit_the_schema(self):
        schema = SHARED / "schemas/sarif-2.1.0.json"
        if not schema.exists() and os.environ.get("REDOUBT_REQUIRE_CORPORA") != "1":
            self.skipTest(f"no {schema}")
        import validate_json
        text = json.dumps(template(), indent=2)
        path = self.write("infra/main.json", text)
        tls = policy("soft-delete", "deny", {"field": f"{VAULTS}/enableSoftDelete", "notEquals": True})
        code, out, err = self.scan(path, "--policy", self.write("p.json", tls), "-f", "sarif")
        self.assertEqual(code, 0, err)
        sarif = json.loads(out)
        self.assertEqual(list(validate_json.mistakes(json.loads(schema.read_text()), sarif)), [])
        (result,) = sarif["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "infra/main.json")
        lines = text.splitlines()
        self.assertIn('"properties": {}', lines[place["region"]["startLine"] - 1])
        finding = self.report(path, "--policy", "p.json")[0]["findings"][0]
        self.assertIn(finding["id"], result["partialFingerprints"].values())


if __name__ == "__main__":
    unittest.main()
