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
        self.assertIn("3 queries in 3 files: 2 with errors", done.stdout)

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
                          "4 queries in 4 files: 1 with errors, 0 with warnings, 0 with hints"])

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
