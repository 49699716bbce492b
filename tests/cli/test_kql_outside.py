#!/usr/bin/env python3
"""What `redoubt kql run` looks into besides tables: copies for externaldata, watchlists, addresses, when rows came."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
PLACES = pathlib.Path(__file__).resolve().parents[1] / "geo" / "cases" / "places.mmdb"
ROWS = '{"Ip": "203.0.113.66"}\n{"Ip": "198.51.100.71"}\n{"Ip": "10.0.0.1"}\n'


def run(*words, **options):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=120, check=False, **options)


class Outside(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def rows(self, query, *words):
        done = run("kql", "run", query, "-f", "json", *words, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
        return json.loads(done.stdout)["tables"][0]["rows"]

    def error(self, query, *words, code=3):
        done = run("kql", "run", query, *words, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr


class ExternalData(Outside):
    QUERY = "externaldata(Ip: string, Count: long) [@'https://Feeds.example/a%20b/list.csv?sig=secret'] with (format='csv', ignoreFirstRecord=True)"

    def test_a_copy_is_found_by_host_and_path(self):
        self.write("copies/feeds.example/a b/list.csv", "ip,count\n203.0.113.66,3\n\"10.0.0.1\",none,more\n10.0.0.2\n")
        self.assertEqual(self.rows(self.QUERY, "--external", "copies"), [["203.0.113.66", 3], ["10.0.0.1", None], ["10.0.0.2", None]])

    def test_or_by_its_name(self):
        self.write("copies/list.csv", "ip,count\n203.0.113.66,3\n")
        self.assertEqual(self.rows(self.QUERY, "--external", "copies"), [["203.0.113.66", 3]])

    def test_joins_with_tables(self):
        self.write("copies/list.csv", "ip,count\n203.0.113.66,3\n")
        found = self.rows(f"let bad = {self.QUERY}; T | where Ip in ((bad | project Ip))", "--external", "copies", "--load", f"T={self.write('t.jsonl', ROWS)}")
        self.assertEqual(found, [["203.0.113.66"]])

    def test_without_a_folder_the_error_ends_with_the_remedy(self):
        said = self.error(self.QUERY)
        self.assertIn("QRY0009", said)
        self.assertIn("--external DIR names a folder with copies: this one is DIR/feeds.example/a b/list.csv", said)
        self.assertNotIn("secret", said)

    def test_a_copy_that_is_not_there(self):
        (self.folder / "copies").mkdir()
        said = self.error(self.QUERY, "--external", "copies", code=2)
        self.assertIn("QRY0009", said)
        self.assertNotIn("secret", said)
        self.assertIn("put it there as feeds.example/a b/list.csv", said)

    def test_addresses_never_leave_the_folder(self):
        self.write("outside.csv", "secret,1\n")
        (self.folder / "copies").mkdir()
        for address in ("https://h/../../outside.csv", "https://../outside.csv", "https://h/%2e%2e/%2e%2e/outside.csv", "../outside.csv",
                        "https://h/..%2foutside.csv", "/../outside.csv", "https://h/", "https://", "", "file:///", "https://h/a%00b"):
            said = self.error(f"externaldata(a: string) [@'{address}']", "--external", "copies", code=2)
            self.assertIn("QRY0009", said, address)

    def test_formats(self):
        given = {
            "tsv": "a\t1\n", "psv": "a|1\n", "scsv": "a;1\n", "sohsv": "a\x011\n", "csv": "a,1\n", "json": '{"N": 1, "T": "a"}\n', "multijson": '[{"T": "a", "N": 1, "more": 2}]',
        }
        for form, text in given.items():
            self.write("copies/list.data", text)
            with self.subTest(form=form):
                query = f"externaldata(T: string, N: long) ['https://h/list.data'] with (format='{form}')"
                self.assertEqual(self.rows(query, "--external", "copies"), [["a", 1]])
        self.write("copies/list.data", "# one, \"two\"\nthree\n")
        self.assertEqual(self.rows("externaldata(T: string) ['https://h/list.data'] with (format='txt')", "--external", "copies"), [['# one, "two"'], ["three"]])
        self.assertEqual(self.rows("externaldata(T: string) ['https://h/list.data'] with (format='raw')", "--external", "copies"), [['# one, "two"\nthree\n']])
        self.assertIn("QRY0001", self.error("externaldata(T: string) ['https://h/list.data'] with (format='parquet')", "--external", "copies"))

    def test_the_ending_says_the_format_where_the_query_does_not(self):
        self.write("copies/list.json", '{"T": "a"}\n')
        self.write("copies/list.txt", "a,b\n")
        self.write("copies/bulkexitlist", "a,b\n")
        self.assertEqual(self.rows("externaldata(T: string) ['https://h/list.json', 'https://h/list.txt', 'https://h/bulkexitlist']", "--external", "copies"),
                         [["a"], ["a,b"], ["a"]])

    def test_a_broken_copy_is_an_error_with_its_place(self):
        self.write("copies/list.csv", 'a,1\n"b" c,2\n')
        self.assertIn("list.csv:2:1: error QRY0020", self.error("externaldata(T: string) ['https://h/list.csv']", "--external", "copies"))
        self.write("copies/list.csv", 'a,1\n"b,2\n')
        self.assertIn("FIL0011", self.error("externaldata(T: string) ['https://h/list.csv']", "--external", "copies"))

    def test_fetching_is_asked_for_and_guarded(self):
        self.assertIn("QRY0010", self.error(self.QUERY, "--fetch-external", code=2))
        for address, code in {"http://127.0.0.1:9/x.csv": "NET0001", "https://127.0.0.1:9/x.csv": "NET0011", "https://[::1]:9/x.csv": "NET0011",
                              "https://169.254.169.254/x.csv": "NET0011", "https://user:word@127.0.0.1/x.csv": "NET0001"}.items():
            said = self.error(f"externaldata(a: string) ['{address}']", "--external", "copies", "--fetch-external", code=2 if code == "NET0001" else 3)
            self.assertIn(code, said, address)
        self.assertEqual([path for path in (self.folder / "copies").rglob("*.csv") if path.is_file()], [])


class Watchlists(Outside):
    def test_a_file_gives_its_rows(self):
        folder = pathlib.Path(self.write("lists/vip.csv", "\ufeffUser,Owner Team\nann,crane\nben,\"quay, north\"\n")).parent
        query = "_GetWatchlist('VIP') | project User, ['Owner Team'], SearchKey, WatchlistItem, Id = isnotempty(_DTItemId), Known = isnotnull(LastUpdatedTimeUTC)"
        self.assertEqual(self.rows(query, "--watchlists", str(folder)), [
            ["ann", "crane", "ann", {"User": "ann", "Owner Team": "crane"}, True, True],
            ["ben", "quay, north", "ben", {"User": "ben", "Owner Team": "quay, north"}, True, True]])

    def test_columns_that_a_workspace_exported_are_kept(self):
        text = "_DTItemId,LastUpdatedTimeUTC,SearchKey,WatchlistItem,Name\nid-1,2026-11-30T08:00:00Z,k,\"{\"\"Name\"\":\"\"n\"\"}\",n\n"
        self.write("lists/known.csv", text)
        self.assertEqual(self.rows("_GetWatchlist('known') | project _DTItemId, LastUpdatedTimeUTC, SearchKey, WatchlistItem, Name", "--watchlists", "lists"),
                         [["id-1", "2026-11-30T08:00:00Z", "k", {"Name": "n"}, "n"]])

    def test_a_resource_gives_its_rows(self):
        resource = {"resources": [{"type": "Microsoft.OperationalInsights/workspaces/providers/Watchlists", "name": "w/Microsoft.SecurityInsights/nets", "properties": {
            "watchlistAlias": "nets", "itemsSearchKey": "Net", "numberOfLinesToSkip": 1, "contentType": "text/csv", "rawContent": "made by hand\nName,Net\noffice,198.51.100.0/26\n"}}]}
        self.write("lists/content.json", json.dumps(resource))
        self.assertEqual(self.rows("_GetWatchlist('nets') | project SearchKey, Name, Net", "--watchlists", "lists"), [["198.51.100.0/26", "office", "198.51.100.0/26"]])

    def test_aliases(self):
        self.write("lists/vip.csv", "User\nann\n")
        self.write("lists/nets.tsv", "Name\tNet\n")
        for query in ("_GetWatchlistAlias", "_GetWatchlistAlias()"):
            self.assertEqual(sorted(self.rows(query + " | project WatchlistAlias", "--watchlists", "lists")), [["nets"], ["vip"]])

    def test_filters_tables_and_joins(self):
        self.write("lists/bad.csv", "Address,Why\n203.0.113.66,spray\n")
        load = ("--load", f"T={self.write('t.jsonl', ROWS)}", "--watchlists", "lists")
        self.assertEqual(self.rows("T | where Ip in ((_GetWatchlist('bad') | project SearchKey))", *load), [["203.0.113.66"]])
        self.assertEqual(self.rows("T | lookup kind=leftouter (_GetWatchlist('bad') | project Address, Why) on $left.Ip == $right.Address | project Why | where isnotempty(Why)", *load), [["spray"]])
        self.assertEqual(self.rows("T | where toscalar(_GetWatchlist('bad') | count) == 1 | count", *load), [[3]])

    def test_one_that_is_not_there(self):
        self.write("lists/vip.csv", "User\nann\n")
        self.assertIn("QRY0005", self.error("_GetWatchlist('vop')", "--watchlists", "lists", code=2))
        said = self.error("_GetWatchlist('vip')", code=2)
        self.assertIn("--watchlists DIR gives watchlists", said)


class Locations(Outside):
    def test_the_fields_of_an_address(self):
        load = ("--load", f"T={self.write('t.jsonl', ROWS)}", "--geoip", str(PLACES))
        self.assertEqual(self.rows("T | extend Place = geo_info_from_ip_address(Ip) | project Place", *load), [
            [{"country": "Brazil", "state": "", "city": "", "latitude": -23.0, "longitude": -46.5}],
            [{"country": "Norway", "state": "Oslo", "city": "Oslo", "latitude": 59.9127, "longitude": 10.7461}], [None]])
        self.assertEqual(self.rows("print tostring(geo_info_from_ip_address('2001:db8:66::9').country)", "--geoip", str(PLACES)), [["Sweden"]])

    def test_without_a_database_it_is_null_and_said_once(self):
        done = run("kql", "run", "T | extend P = geo_info_from_ip_address(Ip), Q = geo_info_from_ip_address('10.0.0.1') | where isnull(P) and isnull(Q) | count",
                   "--load", f"T={self.write('t.jsonl', ROWS)}", "-f", "json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["tables"][0]["rows"], [[3]])
        self.assertEqual(done.stderr.count("QRY0019"), 1, done.stderr)
        self.assertIn("--geoip FILE.mmdb", done.stderr)

    def test_what_is_no_database(self):
        self.assertIn("GEO0001", self.error("print 1", "--geoip", "none.mmdb", code=2))
        cut = self.write("cut.mmdb", PLACES.read_bytes()[:900])
        self.assertIn("cut.mmdb: error GEO0001", self.error("print 1", "--geoip", cut))


class IngestionTime(Outside):
    def setUp(self):
        super().setUp()
        probe = run("logs", "tables", "--data", str(self.folder / "probe"))
        if "STO0001" in probe.stderr or "STO0002" in probe.stderr:
            self.skipTest(probe.stderr)
        self.load("A", '{"TimeGenerated": "2026-11-30T08:00:00Z", "n": 1}\n{"TimeGenerated": "2026-10-30T08:00:00Z", "n": 2}\n', "2026-12-01T06:00:00Z")
        self.load("A", '{"TimeGenerated": "2026-11-30T09:00:00Z", "n": 3}\n', "2026-12-02T06:00:00Z")
        self.load("B", '{"TimeGenerated": "2026-11-30T09:00:00Z", "n": 4, "list": [1, 2]}\n', "2026-12-03T06:00:00Z")

    def load(self, table, text, now):
        done = run("logs", "load", "-", "--table", table, "--data", str(self.folder / ".redoubt"), "--now", now, input=text)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_rows_know_when_they_came(self):
        day = "bin(ingestion_time(), 1d)"
        cases = {
            f"A | extend d = {day} | project n, d": [[1, "2026-12-01T00:00:00Z"], [2, "2026-12-01T00:00:00Z"], [3, "2026-12-02T00:00:00Z"]],
            "A | where ingestion_time() > datetime(2026-12-02) | project n": [[3]],
            "A | project n | where n < 3 | where ingestion_time() < datetime(2026-12-02) | project-rename m = n": [[1], [2]],
            f"A | summarize c = count() by {day}": [["2026-12-01T00:00:00Z", 2], ["2026-12-02T00:00:00Z", 1]],
            f"A | summarize max({day})": [["2026-12-02T00:00:00Z"]],
            "A | top 1 by ingestion_time() desc | project n": [[3]],
            f"union A, B | where n > 2 | extend d = {day} | project n, d": [[3, "2026-12-02T00:00:00Z"], [4, "2026-12-03T00:00:00Z"]],
            f"union A, (datatable(n: long) [5]) | where n > 2 | extend d = {day} | project n, d": [[3, "2026-12-02T00:00:00Z"], [5, None]],
            f"B | mv-expand list to typeof(long) | project list, d = {day}": [[1, "2026-12-03T00:00:00Z"], [2, "2026-12-03T00:00:00Z"]],
            "A | summarize count() by n | where isnull(ingestion_time()) | count": [[3]],
            "A | where n == 1 and ingestion_time() < now() | extend p = pack_all() | project p": [[{"TimeGenerated": "2026-11-30T08:00:00.0000000Z", "n": 1}]],
            "A | where * has '2026-12' and ingestion_time() < now() | count": [[0]],
            "let T = A | extend d = ingestion_time(); T | where n == 1 | project year = getyear(d)": [[2026]],
            "let f = () { ingestion_time() }; A | where f() > datetime(2026-12-02) | project n": [[3]],
        }
        for query, rows in cases.items():
            with self.subTest(query=query):
                key = lambda row: json.dumps(row)
                self.assertEqual(sorted(self.rows(query, "--now", "2026-12-05T00:00:00Z"), key=key), sorted(rows, key=key))

    def test_the_hidden_column_stays_hidden(self):
        done = run("kql", "run", "A | where ingestion_time() > datetime(2026-12-02)", "-f", "json", cwd=self.folder)
        self.assertEqual([column[0] for column in json.loads(done.stdout)["tables"][0]["columns"]], ["TimeGenerated", "n"])

    def test_rows_of_files_have_none(self):
        self.assertEqual(self.rows("T | where isnull(ingestion_time()) | count", "--load", f"T={self.write('t.jsonl', ROWS)}"), [[3]])


if __name__ == "__main__":
    unittest.main()
