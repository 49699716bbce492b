#!/usr/bin/env python3
"""`kql run` with real files: what is read, what comes out in every format, how it ends."""

import csv
import gzip
import io
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
PEOPLE = b"name,age,at\nann,41,2026-01-01T00:00:00Z\nben,32,2026-01-02T00:00:00Z\n=cem,,2026-01-03T00:00:00Z\n"
TABLES = {"LogAnalytics": {"People": {"name": "string", "age": "long", "TimeGenerated": "datetime"}, "Other": {"a": "long"}}}


class KqlRun(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.people = self.file("people.csv", PEOPLE)

    def file(self, name, text):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_query(self, *words, text=b""):
        command = [BINARY, "kql", "run", *map(str, words)]
        return subprocess.run(command, input=text, capture_output=True, timeout=60, check=False, cwd=self.folder)

    def answer(self, *words, text=b""):
        done = self.run_query(*words, "-f", "json", text=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def rows(self, *words, text=b""):
        return self.answer(*words, text=text)["tables"][0]["rows"]

    def fails(self, code, said, *words, text=b""):
        done = self.run_query(*words, text=text)
        self.assertEqual((done.returncode, done.stdout), (code, b""), done.stderr)
        self.assertIn(said.encode(), done.stderr)
        return done.stderr.decode()

    # ---- the query

    def test_the_query_is_text_a_file_or_stdin(self):
        query = self.file("q.kql", "P\n| count")
        for words, text in ((["P | count"], b""), (["--file", query], b""), (["-"], b"P | count")):
            self.assertEqual(self.rows(*words, "--load", f"P={self.people}", text=text), [[3]])

    def test_the_query_of_a_rule(self):
        rule = self.file("rule.yaml", "id: x\nname: r\nkind: Scheduled\nquery: |\n  P\n  | where aeg > 40\n")
        said = self.fails(3, "rule.yaml:6:11: error KQL0201", "--file", rule, "--load", f"P={self.people}")
        self.assertIn("6 |   | where aeg > 40\n  |           ^^^\n", said)

    def test_one_query(self):
        two = self.file("two.md", "```kql\nP | count\n```\n```kql\nP | take 1\n```\n")
        self.fails(2, "the file holds 2 queries", "--file", two)
        self.fails(2, "KQL0011", "--file", two, "print 1")
        self.fails(2, "KQL0011")
        self.fails(2, "KQL0011", "print 1", "--cases", "x")
        self.fails(2, "stdin can be read once", "-", "--load", "P=-")
        self.fails(2, "DOC0001", "--file", self.folder / "nothing.kql")
        self.fails(2, "KQL0022", "  ")

    def test_mistakes_have_their_place(self):
        said = self.fails(3, "query:2:9: error KQL0201", "P\n| where aeg > 40 and nmae == ''", "--load", f"P={self.people}")
        self.assertIn("2 | | where aeg > 40 and nmae == ''\n  |         ^^^\n", said)
        self.assertIn("query:2:22: error KQL0201", said)

    def test_mistakes_that_only_rows_show_have_their_place(self):
        rule = self.file("rule.yaml", "id: x\nname: r\nkind: Scheduled\nquery: |\n  P | take 1\n"
                         "  | evaluate bag_unpack(b)\n  | extend Key = tostring(['@Nome']), V = strcat('ñ', oh)\n")
        bags = self.file("bags.jsonl", '{"b":{"@Name":"x"}}\n')
        said = self.fails(3, f"{rule}:7:27: error KQL0201", "--file", rule, "--load", f"P={bags}")
        self.assertIn("7 |   | extend Key = tostring(['@Nome']), V = strcat('ñ', oh)\n  |                           ^^^^^^^^^", said)
        self.assertIn(f"{rule}:7:55: error KQL0201", said)

    def test_mistakes_of_beginners(self):
        load = ["--load", f"P={self.people}"]
        for query, said in (
                ("P where age > 1", "query:1:3: error KQL0103: expected: | (a | is missing before where)"),
                ("let a = P count; a", "(a | is missing before count)"),
                ("P | where name like 'a%'", "the operator like (startswith, endswith, contains and has"),
                ("P | top 5 by name desc, age asc", "(top takes one key: sort by ..., ... | take 5)"),
                ("P | where name matches regex '(?<=a)b'", "KQL0406: bad regular expression: RE2, as in Kusto, has no lookahead and lookbehind: (?<"),
                ("print extract(@'(a)\\1', 1, 'aa')", "RE2, as in Kusto, has no references back: \\1")):
            self.assertIn(said, self.fails(3, "error", query, *load), query)
        for query in ("SELECT name, count(*) FROM P WHERE age = 1 GROUP BY name", "select * from P", "SELECT TOP 10 name FROM P;", "let x = 1;\nSELECT name\nFROM P",
                      "EXPLAIN SELECT name FROM P"):
            said = self.fails(3, "KQL0112: this is SQL, which is not read (in KQL that is P | where ... | project ...", query, *load)
            self.assertEqual(said.count("error"), 1, said)

    def test_a_file_beside_a_store(self):
        said = self.fails(2, "QRY0010: --load and --db do not go together", "P", "--load", f"P={self.people}", "--db", "x")
        self.assertIn("_GetWatchlist('ioc') with --watchlists ioc.csv, or externaldata(Address: string) ['ioc.csv'] with --external DIR", said)
        self.fails(2, "--limit is a number of rows from 1, not 0", "print 1", "--limit", "0")
        (self.folder / "lists").mkdir()
        self.file("lists/ioc.csv", "Address\n192.0.2.1\n")
        self.assertEqual(self.rows("externaldata(Address: string) ['ioc.csv'] with (ignoreFirstRecord=true)", "--external", "lists"), [["192.0.2.1"]])
        self.assertEqual(self.rows("_GetWatchlist('ioc') | project Address", "--watchlists", "lists/ioc.csv"), [["192.0.2.1"]])

    def test_functions_that_were_not_given(self):
        said = self.fails(3, "query:2:8: error QRY0001: cannot be run here: _Im_Dns(starttime = ago(1d))",
                          "let n = 1;\nunion (_Im_Dns(starttime = ago(1d))), P", "--load", f"P={self.people}")
        self.assertIn("(--functions PATH gives functions of the workspace)", said)
        self.assertEqual(said.count("\n"), 1)
        rule = self.file("rule.yaml", "id: x\nname: r\nkind: Scheduled\nquery: |\n  let d = _GetWatchlist('x');\n  d | count\n")
        self.fails(2, f"{rule}:5:11: error QRY0005: there is no watchlist", "--file", rule)
        saved = self.file("Mine.kql", "_Im_Dns() | count")
        said = self.fails(3, "query: error QRY0001: cannot be run here: _Im_Dns()", "Mine", "--functions", saved)

    def test_tables_that_are_not_there(self):
        tables = self.file("tables.json", json.dumps(TABLES))
        said = self.fails(3, "KQL0202", "P | count")
        self.assertIn("no tables were loaded: --load TABLE=FILE gives the rows of one; and there are no events in ./.redoubt here: "
                      "redoubt logs load brings some, --db names another place\n", said)
        known = ["--tables", tables, "--load", f"People={self.people}"]
        done = self.run_query("Other | count", *known, "-f", "csv")
        self.assertEqual((done.returncode, done.stdout.split()), (0, [b"Count", b"0"]), done.stderr)
        self.assertIn(b"KQL0507: the table Other has no rows here", done.stderr)
        self.assertIn(b"tables that were loaded: People", done.stderr)
        self.assertEqual(self.rows("union isfuzzy=true Other, People | summarize n = count(), b = sum(a)", *known), [[3, 0]])
        said = self.fails(3, "KQL0202", "Nowhere | count", *known)
        self.assertIn("tables that were loaded: People", said)

    def test_a_file_that_is_taken_for_a_query(self):
        query = self.file("hunt.kql", "print 1")
        self.assertIn(f"{query} is a file: --file runs the query in it", self.fails(3, "KQL", str(query)))

    def test_commands_are_refused(self):
        for command in (".create table X (a:string)", ".show tables", ".tables", "// all\n.show tables", ".create function F() { P | count }"):
            said = self.fails(3, "KQL0305: a management command is no query, and is not run", command)
            self.assertRegex(said, r"^query:[12]:1: error", command)
            self.assertEqual(said.count("\n"), 1, said)
        script = self.file("f.kql", ".create-or-alter function F() {\nP | count\n}\n")
        self.fails(3, "f.kql:1:1: error KQL0305", "--file", script)
        done = subprocess.run([BINARY, "kql", "explain", "-"], input=b".show tables", capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertIn(b"<stdin>:1:1: error KQL0305", done.stderr)

    def test_queries_in_the_wrong_place(self):
        for words, said in ((["kql", "explain", "P | count"], "check the path; - reads a query from stdin: echo 'QUERY' | redoubt ... -"),
                            (["kql", "P"], "unknown command: kql P (redoubt kql run 'QUERY' runs a query)"),
                            (["kql", "P | count", "-f", "json"], "(redoubt kql run 'QUERY' runs a query)"),
                            (["kql", "exlain", "x"], "(did you mean redoubt kql explain?)")):
            done = subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(said, done.stderr)

    # ---- files

    def test_schemas_give_types(self):
        tables = self.file("tables.json", json.dumps(TABLES))
        table = self.answer("People", "--tables", tables, "--load", f"People={self.people}")["tables"][0]
        self.assertEqual(table["columns"], [["name", "string"], ["age", "long"], ["TimeGenerated", "datetime"], ["at", "datetime"]])
        self.assertEqual(table["rows"][0], ["ann", 41, None, "2026-01-01T00:00:00Z"])

    def test_packed_files_pipes_and_several_of_a_table(self):
        packed = self.file("more.jsonl.gz", gzip.compress(b'{"name": "dov", "age": 5}\n'))
        load = ["--load", f"P={self.people}", "--load", f"P={packed}", "--load", "P=-"]
        answer = self.answer("P | summarize count(), sum(age)", *load, text=b'[{"age": 1}]')
        self.assertEqual(answer["tables"][0]["rows"], [[5, 79]])
        self.assertEqual([(one["file"].split("/")[-1], one["form"], one["rows"]) for one in answer["sources"]],
                         [("people.csv", "CSV", 3), ("more.jsonl.gz", "JSON", 1), ("<stdin>", "JSON", 1)])

    def test_folders_and_names_with_wildcards(self):
        for name, row in (("y=2024/m=02/b.jsonl", 2), ("y=2024/m=01/a.jsonl", 1), ("y=2024/c.json.gz", 3), (".hidden.jsonl", 4), ("notes.md", 5)):
            path = self.folder / "export" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"n": row}).encode() + b"\n"
            path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        for load, rows in (("export", [[3], [1], [2]]), ("export/y=2024/m=0?/*.jsonl", None), ("export/y=2024/m=02/*", [[2]])):
            if rows is None:
                self.fails(2, "DOC0001", "T", "--load", f"T={self.folder / load}")
            else:
                self.assertEqual(self.answer("T", "--load", f"T={self.folder / load}")["tables"][0]["rows"], rows, load)
        (self.folder / "a*").mkdir()
        self.fails(2, "DOC0001", "T", "--load", f"T={self.folder / 'a*'}")
        odd = self.file("x*.csv", b"n\n7\n")
        self.file("xy.csv", b"n\n8\n")
        self.assertEqual(self.answer("T", "--load", f"T={odd}")["tables"][0]["rows"], [[7]])

    def test_what_is_wrong_with_files(self):
        broken = self.file("broken.jsonl", b'{"a": 1}\n{"a": \n{"a": 2}\n')
        done = self.run_query("T | count", "--load", f"T={broken}", "-f", "json")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"{broken}:2:1: warning QRY0013".encode(), done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["tables"][0]["rows"], [[2]])
        self.assertEqual(answer["sources"][0]["unreadRows"], 1)
        self.assertEqual(answer["diagnostics"][0]["line"], 2)
        self.fails(3, "DOC0101", "T", "--load", f"T={self.file('cut.json', b'[{}, {')}")
        self.fails(3, "FIL0004", "T", "--load", f"T={self.file('cut.gz', gzip.compress(PEOPLE)[:-9])}")
        self.fails(3, "FIL0011", "T", "--load", f"T={self.file('quote.csv', b'a,b' + bytes([10, 34]) + b'1,2')}")
        self.fails(3, "QRY0011", "T", "--load", f"T={self.file('empty.csv', b'')}")
        self.fails(2, "DOC0001", "T", "--load", "T=nothing.csv")
        for load in ("people.csv", "=people.csv", "T="):
            self.fails(2, "QRY0010", "T", "--load", load)

    def test_xml_is_refused(self):
        for name, text in (("a.xml", b'<?xml version="1.0"?>\n<Events/>'), ("b.xml", b"\xef\xbb\xbf \r\n<Events><Event a='1'/></Events>"),
                           ("c.csv", b"<!DOCTYPE html>\n<html>"), ("d.xml.gz", gzip.compress(b"<Events>\n</Events>")),
                           ("e.json", "<Events/>".encode("utf-16"))):
            path = self.file(name, text)
            self.fails(3, f"{path}: error QRY0011: the file is XML or HTML, which is not read", "T | count", "--load", f"T={path}")
        self.fails(3, "<stdin>: error QRY0011", "T | count", "--load", "T=-", text=b"<Events/>")
        for name, text in (("lines.log", b"<Event/>\n<Event/>\n"), ("sys.log", b"<34>Oct 11 22:14:15 a b\n<34>Oct 11 22:14:16 a b\n"),
                           ("less.csv", b"<34>,a\n<35>,b\n<36>,c\n")):
            self.assertEqual(self.rows("T | count", "--load", f"T={self.file(name, text)}"), [[2]], name)

    def test_a_file_without_a_row_that_can_be_read(self):
        nothing = self.file("nothing.jsonl", b"{\n1\n2\n")
        lost = self.file("lost.csv", b"a,b\n1\n")
        quotes = self.file("quotes.jsonl", b"{'a':1}\n")
        for path, place in ((lost, ":2:1"), (quotes, ":1:1")):
            said = self.fails(3, f"{path}{place}: error QRY0011: no row of the file can be read: ", "T | count", "--load", f"T={path}")
            self.assertNotIn("QRY0013", said)
        self.assertEqual(self.run_query("T | count", "--load", f"T={nothing}").returncode, 3)

    def test_a_file_that_is_cut(self):
        for name, text, code in (("a.jsonl", b'{"a":1}\n{"a":"2', "DOC0101"), ("a.csv", b"a,b\n1,2\n3", "FIL0011"),
                                 ("b.csv", "a,b\n1,2\n".encode("utf-16")[:-1], "FIL0004")):
            self.fails(3, code, "T", "--load", f"T={self.file(name, text)}")
        whole = self.file("whole.jsonl", b'{"a":1},\n{"a":2},')
        self.assertEqual(self.rows("T", "--load", f"T={whole}"), [[1], [2]])

    def test_hints_are_for_who_asks(self):
        portal = self.file("p.csv", "a [UTC],b_string,b_dynamic\n\"1/2/2026, 3:04:05 PM\",x,\n")
        quiet = self.run_query("T", "--load", f"T={portal}")
        self.assertEqual((quiet.returncode, quiet.stderr), (0, b""))
        self.assertIn(b"hint QRY0015", self.run_query("T", "--load", f"T={portal}", "-v").stderr)

    # ---- options

    def test_parameters(self):
        query = "declare query_parameters(least: long = 40); P | where age >= least | project name"
        load = ["--load", f"P={self.people}"]
        self.assertEqual(self.rows(query, *load), [["ann"]])
        self.assertEqual(self.rows(query, *load, "--param", "least=30"), [["ann"], ["ben"]])
        self.assertIn("^^^^", self.fails(2, "KQL0243", query, *load, "--param", "least=1 or true"))
        self.fails(2, "QRY0007", query, *load, "--param", "last=1")
        self.fails(2, "QRY0010", query, *load, "--param", "least")
        self.assertEqual(self.rows("declare query_parameters(x: string); print y = x", "--param", "x="), [[""]])
        self.assertEqual(self.rows("declare query_parameters(x: string); print y = x", "--param", "x=a=b'"), [["a=b'"]])

    def test_timespan(self):
        log = self.file("log.csv", b"TimeGenerated,n\n2026-01-01T00:00:00Z,1\n2026-01-02T00:00:00Z,2\n2026-01-03T00:00:00Z,3\n,4\n")
        load = ["--load", f"T={log}", "--now", "2026-01-03T00:00:00Z"]
        for span, left in (("P1D", [2, 3]), ("PT0S", [3]), ("1d", [2, 3]), ("12h", [3]), ("P1DT1S", [2, 3]),
                           ("2026-01-01/2026-01-02", [1, 2]), ("2026-01-01/P1D", [1, 2]), ("P1D/2026-01-02", [1, 2]),
                           ("2026-01-01T00:00:01Z/2026-01-01T23:59:59Z", []), ("2026-01-02", [2]), ("1w", [1, 2, 3]), ("P1W", [1, 2, 3]),
                           ("2026-01-01/1w", [1, 2, 3])):
            self.assertEqual([n for [n] in self.rows("T | project n", *load, "--timespan", span)], left, span)
        for wrong in ("", "soon", "1", "-P1D", "2026-01-02/2026-01-01", "P1D/P1D", "a/b/c", "P9999999D", "/", "2026-02-30", "w", "99999999999999999999w", "600000w"):
            self.fails(2, "QRY0008" if wrong else "CLI0003", "T", *load, f"--timespan={wrong}")

    def test_a_rule_has_its_period(self):
        log = self.file("log.csv", b"TimeGenerated,n\n2026-01-01T00:00:00Z,1\n2026-01-02T12:00:00Z,2\n2026-01-03T00:00:00Z,3\n")
        load = ["--load", f"T={log}", "--now", "2026-01-03T00:00:00Z", "-f", "ndjson"]
        rule = "id: x\nname: r\nkind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: {}\nquery: T | summarize n = sum(n)\n"
        arm = {"resources": [{"type": "Microsoft.SecurityInsights/alertRules", "name": "r", "kind": "Scheduled",
                              "properties": {"queryPeriod": "P1D", "query": "T | summarize n = sum(n)"}}]}
        for name, text, period, total in (("a.yaml", rule.format("1d"), "1d", 5), ("b.yaml", rule.format("1h"), "1h", 3),
                                          ("c.yaml", rule.format("14d"), "14d", 6), ("d.yaml", rule.format("PT12H"), "PT12H", 5),
                                          ("e.json", json.dumps(arm), "P1D", 5)):
            path = self.file(name, text)
            done = self.run_query("--file", path, *load)
            self.assertEqual(done.stderr.decode(), f"{path}: the last {period} (queryPeriod); --timespan asks for other times\n")
            self.assertEqual(json.loads(done.stdout), {"n": total}, name)
            done = self.run_query("--file", path, *load, "--quiet")
            self.assertEqual((json.loads(done.stdout), done.stderr), ({"n": total}, b""))
            done = self.run_query("--file", path, *load, "--timespan", "2026-01-01/2026-01-02")
            self.assertEqual((json.loads(done.stdout), done.stderr), ({"n": 1}, b""))
        open_period = self.file("f.yaml", rule.format("soon"))
        done = self.run_query("--file", open_period, *load)
        self.assertEqual(json.loads(done.stdout), {"n": 6})
        self.assertIn(b"f.yaml: warning QRY0024: the queryPeriod is no span of time", done.stderr)

    def test_limit(self):
        done = self.run_query("range i from 1 to 10 step 1", "--limit", "3", "-f", "ndjson")
        self.assertEqual((done.returncode, done.stdout), (0, b'{"i":1}\n{"i":2}\n{"i":3}\n'))
        self.assertIn(b"warning QRY0016: PrimaryResult was cut after 3 rows", done.stderr)
        self.assertTrue(self.answer("range i from 1 to 4 step 1", "--limit", "3")["tables"][0]["truncated"])
        exact = self.run_query("range i from 1 to 3 step 1", "--limit", "3")
        self.assertEqual(exact.stderr, b"")
        for wrong in ("0", "-1", "many", "1.5"):
            self.fails(2, "QRY0010", "print 1", f"--limit={wrong}")

    def test_statistics(self):
        said = self.run_query("P | where age > 40 | project name", "--load", f"P={self.people}", "-v").stderr.decode()
        self.assertRegex(said, r"read   P: 3 rows of .*people\.csv, 95 bytes\n")
        self.assertRegex(said, r"scan   P: 3 rows, 2 columns, [0-9.]+ ms\n")
        self.assertRegex(said, r"gives  PrimaryResult: 1 row\ntook   [0-9.]+ ms\n")

    # ---- formats

    FORKED = "P | fork (project name, age | take 2) oldest=(summarize m = max(age))"

    def forked(self, form):
        done = self.run_query(self.FORKED, "--load", f"P={self.people}", "-f", form)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def test_several_results(self):
        self.assertEqual(self.forked("table"), "name  age\nann    41\nben    32\n2 rows\n\noldest\n m\n41\n1 row\n")
        self.assertEqual(self.forked("csv"), "name,age\r\nann,41\r\nben,32\r\n\r\nm\r\n41\r\n")
        self.assertEqual(self.forked("ndjson"), '{"$table":"PrimaryResult","name":"ann","age":41}\n'
                         '{"$table":"PrimaryResult","name":"ben","age":32}\n{"$table":"oldest","m":41}\n')
        answer = json.loads(self.forked("json"))
        self.assertEqual([one["name"] for one in answer["tables"]], ["PrimaryResult", "oldest"])
        kusto = json.loads(self.forked("kusto"))["Tables"]
        self.assertEqual(kusto[0]["Columns"][1], {"ColumnName": "age", "DataType": "Int64", "ColumnType": "long"})
        self.assertEqual(kusto[1]["Rows"], [[41]])
        contents = [(kind, name) for _, kind, name, _, _ in kusto[-1]["Rows"]]
        self.assertEqual(contents, [("QueryResult", "PrimaryResult"), ("QueryResult", "oldest"),
                                    ("QueryProperties", "@ExtendedProperties"), ("QueryStatus", "QueryStatus")])

    def test_render_is_told(self):
        query = ["P | project name, age | render barchart with (title='Ages', xcolumn=name)", "--load", f"P={self.people}"]
        self.assertEqual(self.answer(*query)["tables"][0]["visualization"],
                         {"chart": "barchart", "properties": {"title": "Ages", "xcolumn": "name"}})
        properties = json.loads(json.loads(self.run_query(*query, "-f", "kusto").stdout)["Tables"][1]["Rows"][0][0])
        self.assertEqual((properties["Visualization"], properties["Title"], properties["XColumn"], properties["YColumns"]),
                         ("barchart", "Ages", "name", None))
        self.assertNotIn("visualization", self.answer("P", "--load", f"P={self.people}")["tables"][0])

    def test_csv_is_safe_and_numbers_stay_numbers(self):
        done = self.run_query("print a = '=1+1', b = -5, c = -1h, d = dynamic('@x'), f = dynamic(-5), e = 'a\"b'", "-f", "csv")
        self.assertEqual(list(csv.reader(io.StringIO(done.stdout.decode()))),
                         [["a", "b", "c", "d", "f", "e"], ["'=1+1", "-5", "-01:00:00", "'@x", "-5", 'a"b']])

    def test_csv_keeps_values(self):
        query = "print x = 'a\\tb\\rc\\u001bd\\ne', y = 'r\\r', z = 'a b'"
        done = self.run_query(query, "-f", "csv")
        self.assertEqual(done.stdout, b'x,y,z\r\n"a\tb\rc\x1bd\ne","r\r",a b\r\n')
        self.run_query(query, "-f", "csv", "-o", "o.csv")
        self.assertEqual((self.folder / "o.csv").read_bytes(), done.stdout)
        self.assertIn("a b\\x0dc\\x1bd", self.in_terminal(query, "-f", "csv"))

    def test_every_type(self):
        query = ("print a = true, b = int(1), c = 9223372036854775807, d = real(nan), e = decimal(1.10), f = 'x', "
                 "g = datetime(2026-01-02 03:04:05.67), h = 1d + 1tick, i = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), "
                 "j = dynamic({'k': [1, 2.0]}), k = long(null), l = real(2)")
        row = [True, 1, 9223372036854775807, "NaN", "1.1", "x", "2026-01-02T03:04:05.67Z", "1.00:00:00.0000001",
               "74be27de-1e4e-49d9-b579-fe0b331d3642", {"k": [1, 2.0]}, None, 2.0]
        self.assertEqual(self.rows(query), [row])
        self.assertEqual(json.loads(self.run_query(query, "-f", "kusto").stdout)["Tables"][0]["Rows"], [row])
        self.assertEqual(list(json.loads(self.run_query(query, "-f", "ndjson").stdout).values()), row)

    def test_an_answer_is_a_file_to_ask_about(self):
        query = "P | extend d = pack('n', age), s = age * 1s | order by name asc"
        for form in ("json", "kusto"):
            done = self.run_query(query, "--load", f"P={self.people}", "-f", form)
            answer = self.file("answer.json", done.stdout)
            again = self.answer("A", "--load", f"A={answer}")
            first = self.answer(query, "--load", f"P={self.people}")
            for key in ("columns", "rows"):
                self.assertEqual(again["tables"][0][key], first["tables"][0][key], form)

    def test_nothing_found_says_what_was_looked_at(self):
        done = self.run_query("P | where age > 99", "--load", f"P={self.people}")
        self.assertEqual((done.returncode, done.stdout), (0, b"0 rows; looked at P: 3 rows\n"))

    def test_an_earlier_result_stays_until_there_is_a_whole_one(self):
        place = self.file("o.csv", "old\n")
        load = ["--load", f"P={self.people}"]
        for words, code in ((["print 1|foo"], 3), (["Nowhere"], 3), (["P | where aeg > 1", *load], 3), (["print", "--limit", "0"], 2),
                            (["declare query_parameters(x: long); print x", "--param", "x=a"], 2), (["P", "--load", "P=nothing.csv"], 2),
                            (["print 1 | evaluate python(typeof(*), '')"], 3), (["print 1 | take 1 ; .show tables"], 3)):
            done = self.run_query(*words, "-f", "csv", "-o", place)
            self.assertEqual((done.returncode, place.read_bytes()), (code, b"old\n"), (words, done.stderr))
            done = self.run_query(*words, "-o", self.folder / "new.csv")
            self.assertFalse((self.folder / "new.csv").exists(), words)
        done = self.run_query("P | where age > 99", *load, "-f", "ndjson", "-o", place)
        self.assertEqual((done.returncode, place.read_bytes()), (0, b""))
        place.write_bytes(b"old\n")
        query = self.file("q.kql", "print 1 | foo")
        for command in (["format", query], ["explain", query], ["format", "nothing.kql"]):
            done = subprocess.run([BINARY, "kql", *map(str, command), "-o", str(place)], capture_output=True, timeout=60, check=False, cwd=self.folder)
            self.assertNotEqual(done.returncode, 0, command)
            self.assertEqual(place.read_bytes(), b"old\n", command)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith(".o")], [])

    def test_an_earlier_result_stays_when_a_query_is_stopped(self):
        place = self.file("o.csv", "old\n")
        code, out, err = self.stopped(self.LONG, "-o", place)
        self.assertEqual((code, place.read_bytes()), (3, b"old\n"), err)

    def test_charts(self):
        done = self.run_query("P | project name, age | where age > 0 | render columnchart", "--load", f"P={self.people}")
        first, second, count = done.stdout.decode().splitlines()
        self.assertTrue(first.startswith("ann  █") and first.endswith("█ 41"), first)
        self.assertTrue(second.startswith("ben  █") and len(second) < len(first))
        self.assertEqual(count, "2 rows")
        done = self.run_query("P | project at, age | render timechart", "--load", f"P={self.people}")
        self.assertIn("2026-01-01T00:00:00Z", done.stdout.decode())
        self.assertIn("┤", done.stdout.decode())
        done = self.run_query("P | project age | render treemap", "--load", f"P={self.people}")
        self.assertIn(b"render treemap is not drawn here", done.stderr)
        for query in ("P | project name | render barchart", "P | project age | render columnchart", "P | project at | render timechart"):
            done = self.run_query(query, "--load", f"P={self.people}")
            self.assertRegex(done.stderr, rb"^render \w+ draws numbers, and no column beside its axis is one: these are its rows\n$", query)
        done = self.run_query("print x = 1.0, y = 9.99573603041505 | union (print x = 2.0, y = -0.0123456) | render linechart", "--load", f"P={self.people}")
        self.assertIn("  9.996 ┤", done.stdout.decode())
        self.assertIn("-0.01235 ┤", done.stdout.decode())
        name = "a.very.long.name@a.subdomain.of.the.harbor.example"
        shown = self.in_terminal(f"print name = '{name}', n = 1 | render columnchart", columns=120)
        self.assertIn(name + "  █", shown)

    # ---- a terminal

    def in_terminal(self, *words, columns=60):
        """What a terminal of that width shows."""
        parent, child = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([BINARY, "kql", "run", *map(str, words)], stdout=child, stderr=subprocess.PIPE, cwd=self.folder,
                                   env={**os.environ, "TERM": "dumb"})
        os.close(child)
        out = b""
        while select.select([parent], [], [], 30)[0]:
            try:
                piece = os.read(parent, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(parent)
        process.wait(timeout=30)
        process.stderr.close()
        return out.decode().replace("\r\n", "\n")

    def test_wide_values_are_cut_on_a_terminal(self):
        query = "print a = strrep('x', 200), b = 1"
        shown = self.in_terminal(query)
        self.assertLessEqual(max(map(len, shown.splitlines())), 60)
        self.assertIn("xxx...", shown)
        self.assertIn("x" * 200, self.run_query(query).stdout.decode())

    SIGN_INS = ("datatable(TimeGenerated: datetime, UserPrincipalName: string, UserAgent: string, AppDisplayName: string, Location: string, "
                "IPAddress: string) [datetime(2026-11-27 12:14:03.1234567), 'adelev@m365x81622345.onmicrosoft.com', "
                "'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0', 'Azure Portal', 'NO', '203.0.113.66']")

    def test_only_the_longest_texts_are_cut(self):
        lines = self.in_terminal(self.SIGN_INS, columns=140).splitlines()
        for whole in ("2026-11-27T12:14:03.1234567Z", "adelev@m365x81622345.onmicrosoft.com", "Azure Portal", "NO", "203.0.113.66"):
            self.assertRegex(lines[1], f"(^|  ){whole}(  |$)".replace(".", "[.]"))
        self.assertIn("...  Azure Portal", lines[1])
        self.assertEqual(len(lines[1]), 140)
        lines = self.in_terminal(self.SIGN_INS, columns=120).splitlines()
        self.assertEqual(len(lines[1]), 120)
        self.assertIn("2026-11-27T12:14:03.1234567Z", lines[1])
        self.assertEqual(lines[1].count("..."), 2)
        whole = self.in_terminal("print a = strrep('x', 100), b = 1d + 1tick, c = new_guid()", columns=180)
        self.assertIn("x" * 100 + "  1.00:00:00.0000001  ", whole)

    def test_wide_cuts_nothing(self):
        for query in (self.SIGN_INS, "print a = strrep('x y ', 50), b = 1"):
            self.assertEqual(self.in_terminal(query, "--wide"), self.run_query(query).stdout.decode(), query)
        shown = self.in_terminal("print a = strrep('x', 300), at = datetime(2026-11-27 12:14:03.1234567), " +
                                 ", ".join(f"b{i} = '1234567890'" for i in range(9)), columns=20)
        self.assertIn("  at  2026-11-27T12:14:03.1234567Z\n", shown)
        self.assertIn("  a   xxxxxxxxxxx...\n", shown)

    def test_rows_wider_than_a_terminal(self):
        columns = ", ".join(f"column{i} = 'value {i}'" for i in range(20))
        shown = self.in_terminal(f"print {columns}")
        self.assertLessEqual(max(map(len, shown.splitlines())), 60)
        self.assertIn("row 1\n  column0   value 0\n  column1   value 1\n", shown)

    # ---- stopping

    def wait_for_block(self, process):
        """The signal is left alone from the first thing that the command does on."""
        deadline = time.monotonic() + 60
        while "SigBlk:\t0000000000000002" not in pathlib.Path(f"/proc/{process.pid}/status").read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    @staticmethod
    def ticks(process):
        """Time of the processor that it took, in hundredths of a second."""
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    # Minutes of work in little memory: no limit ends it before it is stopped.
    LONG = "range i from 1 to 200000 step 1 | where hash_sha256(strrep(strrep('x', 1000), 1000 + i % 2)) == 'y' | count"

    def stopped(self, *words):
        """Ctrl-C while a query runs: the only thing that takes long."""
        process = subprocess.Popen([BINARY, "kql", "run", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder)
        self.wait_for_block(process)
        begin, deadline = self.ticks(process), time.monotonic() + 60
        while self.ticks(process) < begin + 30:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def test_a_query_can_be_stopped(self):
        code, out, err = self.stopped(self.LONG)
        self.assertEqual((code, out), (3, b""), err)
        self.assertIn(b"QRY0004", err)

    def ended_while_reading(self, *words, text=b""):
        """Ctrl-C while it waits for more of stdin: how it ends, before stdin does."""
        process = subprocess.Popen([BINARY, "kql", "run", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.folder)
        process.stdin.write(text)
        process.stdin.flush()
        self.wait_for_block(process)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)
        process.communicate()
        return code

    def test_reading_files_can_be_stopped(self):
        big = self.file("big.jsonl", b'{"TimeGenerated": "2026-01-01T00:00:00Z", "name": "somebody", "number": 12345}\n' * 3_000_000)
        place = self.file("o.csv", "old\n")
        code, out, err = self.stopped("T | count", "--load", f"T={big}", "-o", place)
        self.assertEqual((code, out, place.read_bytes()), (3, b"", b"old\n"), err)
        self.assertIn(b"error QRY0004: the files were not read to their end: stopped by Ctrl-C", err)

    def test_what_only_waits_ends_at_once(self):
        self.assertEqual(self.ended_while_reading("-", text=b"P | cou"), 130)
        self.assertEqual(self.ended_while_reading("T | count", "--load", "T=-", text=b"a,b\n1,2\n"), 130)
        self.assertEqual(self.ended_while_reading("--cases", "-", text=b'{"query":"print 1"}\n'), 130)

    # ---- cases

    def test_cases_ask_about_loaded_tables(self):
        cases = b'{"id":1,"query":"P | count"}\n{"id":2,"query":"P","tables":{"P":{"columns":[["a","long"]],"rows":[[1]]}}}\n{"id":3,"query":"P|"}\n'
        done = self.run_query("--cases", "-", "--load", f"P={self.people}", text=cases)
        first, second, third = map(json.loads, done.stdout.splitlines())
        self.assertEqual(first, {"id": 1, "columns": [["Count", "long"]], "rows": [[3]]})
        self.assertEqual(second["rows"], [[1]])
        self.assertIn("error", third)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
