#!/usr/bin/env python3
"""`kql check` and its neighbours with folders of saved functions and watchlists."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
TABLES = {"LogAnalytics": {"SigninLogs": {"TimeGenerated": "datetime", "User": "string", "Code": "int"}}}
FILES = {
    "tables.json": json.dumps(TABLES),
    "functions/imSignin.yaml": """\
ParserName: imSignin
EquivalentBuiltInParser: _Im_Signin
ParserParams:
  - Name: who
    Type: string
    Default: '*'
ParserQuery: |
  union isfuzzy=true vimSignin(who), NotThere_CL
""",
    "functions/vimSignin.json": json.dumps(
        {
            "type": "Microsoft.OperationalInsights/workspaces/savedSearches",
            "properties": {
                "functionAlias": "vimSignin",
                "functionParameters": "who:string='*'",
                "query": "SigninLogs | where who == '*' or User has who | project TimeGenerated, User",
            },
        }
    ),
    "functions/Faulty.kql": "SigninLogs\n| where Nope == 1\n",
    "functions/commands.csl": ".create-or-alter function Failed(most: int) { SigninLogs | where Code > most }\n",
    "functions/broken.yaml": "FunctionName: x\nFunctionQuery: |\n  T\n wrong: [\n",
    "watchlists/VIP.csv": "User,Tier\r\na,b\r\n",
    "watchlists/broken.json": '{"type": "watchlists"',
    "queries/good.kql": "imSignin(who = 'a')\n| join kind=inner _GetWatchlist('vip') on User\n| project User, Tier",
    "queries/two.kql": "Faulty()\n| take 1",
    "queries/three.kql": "Faulty | join Faulty on Code",
}


RULE = """\
id: a
name: a
kind: Scheduled
query: |
  {query}
severity: High
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: {column}
"""


class KqlCheck(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        for name, text in FILES.items():
            self.file(name, text)

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def run_kql(self, verb, *words, text=""):
        return subprocess.run(
            [BINARY, "kql", verb, *words, "--tables", "tables.json"], cwd=self.folder, input=text,
            capture_output=True, text=True, timeout=60, check=False,
        )

    def check(self, *words, text=""):
        return self.run_kql("check", *words, text=text)

    def with_content(self, *words, text=""):
        return self.check(*words, "--functions", "functions", "--watchlists", "watchlists", text=text)

    def test_a_good_query_needs_its_functions_only(self):
        done = self.with_content("queries/good.kql")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("  calls   imSignin, vimSignin\n", done.stdout)
        self.assertIn("  result  User string, Tier string", done.stdout)
        self.assertNotIn("Faulty", done.stdout)
        # Files that can't be read are told of, and spoil nothing.
        self.assertIn("functions/broken.yaml:4:2: warning DOC0201", done.stderr)
        self.assertIn("watchlists/broken.json:1:22: warning DOC0101", done.stderr)

    def test_without_them_it_is_not_known(self):
        done = self.check("queries/good.kql")
        self.assertEqual(done.returncode, 1)
        self.assertIn("queries/good.kql:1:1: error KQL0203: no function has the name imSignin", done.stdout)

    def test_a_fault_is_told_in_its_file_once_and_at_each_call(self):
        done = self.with_content("queries")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("functions/Faulty.kql:2:9: error KQL0201: nothing has the name Nope"), 1)
        self.assertIn("2 | | where Nope == 1\n  |         ^^^^\n", done.stdout)
        calls = [line.split(": ")[0] for line in done.stdout.splitlines() if "KQL0240" in line]
        self.assertEqual(calls, ["queries/three.kql:1:1", "queries/three.kql:1:15", "queries/two.kql:1:1"])
        self.assertIn("3 queries in 3 files: 4 errors", done.stdout)

    def test_json_and_sarif_tell_both(self):
        answer = json.loads(self.with_content("queries", "-f", "json").stdout)
        self.assertEqual([one["file"] for one in answer["inFunctions"]], ["functions/Faulty.kql"])
        self.assertEqual([one.get("functions", []) for one in answer["queries"]], [["imSignin", "vimSignin"], ["Faulty"], ["Faulty"]])
        run = json.loads(self.with_content("queries", "-f", "sarif").stdout)["runs"][0]
        places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
        self.assertEqual(places.count("functions/Faulty.kql"), 1)
        self.assertEqual(places.count("queries/three.kql"), 2)

    def test_functions_are_checked_where_they_are_what_is_checked(self):
        done = self.check("functions")
        self.assertEqual(done.returncode, 3)  # broken.yaml
        self.assertIn("functions/Faulty.kql:2:9: error KQL0201", done.stdout)
        (self.folder / "functions/broken.yaml").unlink()
        done = self.check("functions")
        # They know their parameters and each other; a file that is one query is called by nobody.
        self.assertEqual(done.returncode, 1)
        self.assertEqual([line for line in done.stdout.splitlines() if "error" in line],
                         ["functions/Faulty.kql:2:9: error KQL0201: nothing has the name Nope: no column, variable or table",
                          "4 queries in 4 files: 1 error, 0 warnings, 0 hints"])

    def test_a_fault_is_not_told_again_where_the_function_is_checked_too(self):
        self.file("commands.csl", ".create function Wrong() { SigninLogs | where Nope == 1 }\n"
                                  ".create function Calls() { Wrong() | count }\n")
        done = self.check("commands.csl")
        self.assertEqual(done.stdout.count("KQL0201"), 1)
        self.assertEqual(done.stdout.count("KQL0240"), 1)

    def test_what_is_given_later_comes_on_top(self):
        self.file("own/Faulty.kql", "SigninLogs | where Code == 1")
        done = self.check("queries/two.kql", "--functions", "functions", "--functions", "own")
        self.assertEqual(done.returncode, 0, done.stdout)
        done = self.check("queries/two.kql", "--functions", "own", "--functions", "functions")
        self.assertEqual(done.returncode, 1)

    def test_functions_that_call_themselves(self):
        self.file("functions/Ring.kql", "Rung() | take 1")
        self.file("functions/Rung.kql", "Ring() | take 1")
        done = self.with_content("-", text="Ring()")
        self.assertEqual(done.returncode, 1)
        self.assertIn("functions/Rung.kql:1:1: error KQL0230: the function Ring calls itself", done.stdout)
        self.assertIn("<stdin>:1:1: error KQL0240: the function Ring has errors: in Rung:", done.stdout)

    def test_unknown_watchlists_are_warnings(self):
        done = self.with_content("-", text="_GetWatchlist('VIPs') | take 1")
        self.assertEqual(done.returncode, 0)
        self.assertIn("<stdin>:1:15: warning KQL0242: no watchlist has the alias VIPs (did you mean VIP?)", done.stdout)
        self.assertEqual(self.check("-", text="_GetWatchlist('VIPs') | take 1").stdout.count("KQL0242"), 0)

    def test_a_path_that_is_not_there_is_wrong_usage(self):
        for verb in ("check", "explain"):
            done = self.run_kql(verb, "queries", "nothing.kql")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("nothing.kql: error DOC0001: there is no such file or folder", done.stderr)

    def test_a_rule_that_can_not_be_parsed_fails_its_folder(self):
        self.file("rules/good.yaml", RULE.format(query="SigninLogs | take 1", column="User"))
        self.file("rules/bad.yaml", "id: a\nkind: Scheduled\nquery: |\n  SigninLogs\n | take 1\n  bad: [\n")
        done = self.check("rules")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("rules/bad.yaml:5:4: error DOC0201", done.stdout)
        self.assertIn("1 query in 2 files: 1 error, 0 warnings, 0 hints", done.stdout)

    def test_an_empty_rule_is_a_finding(self):
        self.file("rules/good.yaml", RULE.format(query="SigninLogs | take 1", column="User"))
        self.file("rules/empty.yaml", 'id: a\nkind: Scheduled\nquery: ""\n')
        done = self.check("rules")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("rules/empty.yaml:3:9: error KQL0022: the query is empty", done.stdout)
        self.assertEqual(self.check("rules", "--ignore", "KQL0022").returncode, 0)

    def test_columns_that_a_rule_takes(self):
        self.file("rules/a.yaml", RULE.format(query="SigninLogs | project TimeGenerated, User", column="Users"))
        done = self.check("rules", "--fail-on", "warning")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("rules/a.yaml:11:21: warning KQL0250: the result of the query has no column Users, which the entity "
                      "Account.FullName is taken from (did you mean User?)", done.stdout)
        self.assertEqual(self.check("rules").returncode, 0)
        self.file("rules/a.yaml", RULE.format(query="SigninLogs | evaluate bag_unpack(User)", column="Users"))
        self.assertNotIn("KQL0250", self.check("rules").stdout)

    def test_words_for_levels(self):
        for level, code in (("error", 0), ("high", 0), ("warning", 0), ("hint", 1), ("low", 1), ("none", 0)):
            done = self.check("-", "--fail-on", level, text="SigninLogs | where User contains 'ann'")
            self.assertEqual(done.returncode, code, level)
        self.assertEqual(self.check("-", "--fail-on", "errors", text="print 1").returncode, 2)

    def test_codes_and_lines_that_are_ignored(self):
        query = "SigninLogs | where User contains 'ann'"
        done = self.check("-", "--ignore", "KQL0601", "--ignore", "KQL0602", "--fail-on", "hint", text=query)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("0 hints\n  2 ignored\n", done.stdout)
        done = self.check("-", "--ignore", "KQL0600", text=query)
        self.assertEqual(done.returncode, 2)
        self.assertIn("KQL0014: --ignore names no code: KQL0600", done.stderr)
        for text, left in (
            ("// redoubt:ignore KQL0601, KQL0602 known\n" + query, []),
            ("SigninLogs // redoubt:ignore KQL0601\n| where User contains 'ann'", ["KQL0601", "KQL0602"]),
            ("SigninLogs\n| where User contains 'ann' // redoubt:ignore KQL0602: known", ["KQL0601"]),
            ("SigninLogs\n// redoubt:ignore KQL0602\n| where User contains 'ann'", ["KQL0601"]),
            ("SigninLogs\n| where User contains '// redoubt:ignore KQL0601'", ["KQL0601"]),
            ("// redoubt:ignore KQL0201\nSigninLogs | where Nope == 1", []),
        ):
            answer = json.loads(self.check("-", "-f", "json", text=text).stdout)
            self.assertEqual([one["code"] for one in answer["queries"][0]["diagnostics"]], left, text)
            self.assertEqual(answer["queries"][0]["ok"], True)

    def test_a_baseline_accepts_what_is_known(self):
        self.file("queries/four.kql", "SigninLogs | where Nope == 1")
        words = ["queries/four.kql", "queries/two.kql"]
        self.assertEqual(self.check(*words).returncode, 1)
        done = self.check(*words, "--write-baseline", "known.yaml", "--reason", "later", "--owner", "ann")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.file("queries/four.kql", "// a line more\nSigninLogs | where Nope == 1")
        done = self.check(*words, "--baseline", "known.yaml")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("  2 accepted by the baseline", done.stdout)
        self.file("queries/four.kql", "SigninLogs | where Nope == 1 and Other == 2")
        self.assertEqual(self.check(*words, "--baseline", "known.yaml").returncode, 1)
        self.file("by-hand.yaml", "- policy: KQL0201\n  resource: queries/four.kql\n  reason: later\n  owner: ann\n"
                                  "  expires: 2026-01-31\n")
        for now, code in (("2026-01-01T00:00:00Z", 0), ("2026-02-01T00:00:00Z", 1)):
            self.assertEqual(self.check(words[0], "--baseline", "by-hand.yaml", "--now", now).returncode, code)

    def test_json_and_sarif_tell_where_it_ends(self):
        query = "SigninLogs | where TimeGenerated > ago(1d) and Nope == 1"
        answer = json.loads(self.check("-", "-f", "json", text=query).stdout)
        one = answer["queries"][0]["diagnostics"][0]
        self.assertEqual((one["column"], one["length"], one["endLine"], one["endColumn"]), (48, 4, 1, 52))
        self.assertEqual([answer["counts"][key] for key in ("errors", "warnings", "hints", "ignored")], [1, 0, 0, 0])
        run = json.loads(self.check("-", "-f", "sarif", text=query).stdout)["runs"][0]
        rule = run["tool"]["driver"]["rules"][0]
        self.assertEqual(rule["shortDescription"]["text"], "No column, variable, function or table has the name here.")
        self.assertIn("Follow the suggestion", rule["help"]["text"])
        result = run["results"][0]
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"],
                         {"startLine": 1, "startColumn": 48, "endColumn": 52})
        self.assertEqual(result["partialFingerprints"]["redoubt/v1"], one["id"])
        self.assertTrue(result["message"]["text"].startswith("nothing has the name Nope: no column, variable or table"))

    def test_columns_count_characters(self):
        query = "SigninLogs | where User == 'né€😀' and TimeGenerated > ago(1d) and ['naïve'] == 1"
        answer = json.loads(self.check("-", "-f", "json", text=query).stdout)
        one = answer["queries"][0]["diagnostics"][0]
        self.assertEqual((one["column"], one["length"], one["endColumn"]), (67, 9, 76))
        run = json.loads(self.check("-", "-f", "sarif", text=query).stdout)["runs"][0]
        self.assertEqual(run["columnKind"], "unicodeCodePoints")
        self.assertEqual(run["results"][0]["locations"][0]["physicalLocation"]["region"],
                         {"startLine": 1, "startColumn": 67, "endColumn": 76})
        done = self.run_kql("hover", "-", "--at", "1:39", text=query)
        self.assertIn("TimeGenerated", done.stdout)

    def test_names_of_files_take_one_line(self):
        self.file("a\nb.kql", "SigninLogs | where Nope == 1 and TimeGenerated > ago(1d)")
        done = self.check("a\nb.kql")
        self.assertIn("a b.kql:1:20: error KQL0201", done.stdout)
        self.assertIn("a b.kql:1:1: query file, has errors\n", done.stdout)

    def test_explain_shows_the_line_and_the_clock(self):
        done = self.run_kql("explain", "-", text="SigninLogs\n| where Nope == 1")
        self.assertEqual(done.returncode, 3)
        self.assertIn("2 | | where Nope == 1\n  |         ^^^^\n", done.stderr)
        done = self.run_kql("explain", "-", "--sql", text="SigninLogs | where TimeGenerated > ago(1d)")
        self.assertNotIn("NULL", done.stdout)

    def test_editor_places_in_a_rule(self):
        self.file("rules/a.yaml", RULE.format(query="SigninLogs | where User == 'a'", column="User"))
        done = self.run_kql("hover", "rules/a.yaml", "--at", "5:22")
        self.assertIn("User", done.stdout)
        done = self.run_kql("complete", "rules/a.yaml", "--at", "5:22", "-f", "json")
        self.assertEqual(json.loads(done.stdout)["range"]["start"], 60)
        done = self.run_kql("hover", "rules/a.yaml", "--at", "1:2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("KQL0013", done.stderr)

    def test_tables_by_themselves(self):
        self.file("plain.json", json.dumps({"Own_CL": {"TimeGenerated": "datetime", "a_s": "string"}}))
        done = self.check("-", "--tables", "plain.json", text="Own_CL | where a_d == 1")
        self.assertIn("nothing has the name a_d", done.stdout)

    def test_queries_that_an_empty_line_parts(self):
        done = self.check("-", text="SigninLogs | take 1\n\nSigninLogs | take 2")
        self.assertIn("expected: ; (an empty line does not end a query here", done.stdout)

    def test_paths_that_are_nothing(self):
        for option in ("--functions", "--watchlists"):
            done = self.check("queries/good.kql", option, "nothing")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("nothing: error DOC0001", done.stderr)
        done = self.check("-", "--functions", "watchlists", "--watchlists", "queries", text="print 1")
        self.assertEqual(done.returncode, 0)
        self.assertIn("no functions were found in watchlists\n", done.stderr)
        self.assertIn("no watchlists were found in queries\n", done.stderr)

    def test_cases(self):
        done = self.with_content("--cases", "-", text='{"id": 1, "query": "Faulty()"}\n')
        answer = json.loads(done.stdout)
        self.assertEqual((answer["ok"], answer["inFunctions"][0]["line"]), (False, 2))
        self.assertEqual(answer["inFunctions"][0]["file"], "functions/Faulty.kql")

    def test_explain(self):
        done = self.run_kql("explain", "-", "--functions", "functions", text="Failed(5) | project User")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| where Code > 5", done.stdout)
        done = self.run_kql("explain", "queries/two.kql", "--functions", "functions")
        self.assertEqual(done.returncode, 3)
        self.assertIn("functions/Faulty.kql:2:9: error KQL0201", done.stderr)

    def test_editors(self):
        content = ["--functions", "functions", "--watchlists", "watchlists"]
        done = self.run_kql("complete", "-", "--at", "1:4", *content, text="imS")
        self.assertIn("imSignin   function  (who: string = '*')  saved function", done.stdout)
        done = self.run_kql("complete", "-", "--at", "1:16", *content, text="_GetWatchlist('")
        self.assertIn("VIP    value  watchlist of User, Tier", done.stdout)
        done = self.run_kql("hover", "-", "--at", "1:2", *content, text="imSignin() | take 1")
        self.assertEqual(done.stdout.splitlines()[:2],
                         ["imSignin(who: string = '*')  saved function", "TimeGenerated datetime, User string, ... what the data has"])


if __name__ == "__main__":
    unittest.main()
