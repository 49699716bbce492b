#!/usr/bin/env python3
"""Events on a ClickHouse server: accounts, TLS, loads that are killed or lose their answers, tables of a cluster."""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from log_events import write_events

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
SERVER = os.environ["REDOUBT_CLICKHOUSE_SERVER"]
ELSEWHERE = os.environ.get("REDOUBT_TEST_CLICKHOUSE_URL")
KILLS = 50 if os.environ.get("REDOUBT_SOAK") == "1" else 6
FILES, ROWS = 4, 20_000
QUIET = {name: value for name, value in os.environ.items() if not name.startswith("REDOUBT_CLICKHOUSE_")}


def run(*words, **options):
    options.setdefault("env", QUIET)
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=300, check=False, **options)


class LogsOfAServer(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"
        self.input = self.folder / "input"
        self.input.mkdir()

    def serve(self, *words):
        """The URL of a server, which ends with the test."""
        server = subprocess.Popen([SERVER, "--data", str(self.folder / "engine"), *words], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        url = server.stdout.readline().strip()
        if not url:
            said = server.stderr.read()
            self.skipTest(said)
        return url

    def ask(self, url, query, **options):
        done = run("kql", "run", query, "--db", url, "-f", "json", cwd=self.folder, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["tables"][0]["rows"]

    def check_rows(self, url, files):
        self.assertEqual(self.ask(url, "Events | summarize c = count() by n | where c > 1 | count"), [[0]])
        counts = dict(self.ask(url, "Events | summarize count() by file"))
        self.assertEqual({file: counts.get(file) for file in files}, {file: ROWS for file in files})

    def load(self, url, *words, data=None):
        return run("logs", "load", str(self.input), "--table", "Events", "--data", str(data or self.data), "--db", url, *words)

    def test_commands(self):
        url = self.serve()
        write_events(self.input, 2, ROWS)
        done = self.load(url, "--durable")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        self.check_rows(url, range(2))
        self.assertEqual(self.load(url).stdout.count("nothing to do"), 2)
        listed = json.loads(run("logs", "tables", "-f", "json", "--db", url, "--data", str(self.data)).stdout)
        self.assertEqual([(one["table"], one["rows"], one["columns"]) for one in listed["tables"]], [("Events", 2 * ROWS, 5)])
        schema = json.loads(run("logs", "schema", "-f", "json", "--db", url).stdout)
        self.assertEqual(schema["LogAnalytics"]["Events"],
                         {"TimeGenerated": "datetime", "file": "long", "n": "long", "noise": "string", "text": "string"})
        query = self.folder / "q.kql"
        query.write_text("Events | where TimeGenerated > datetime(2024-02-01) and text has 'fox' | count", encoding="utf-8")
        explained = run("kql", "explain", str(query), "--sql", "--db", url)
        self.assertEqual(explained.returncode, 0, explained.stderr)
        self.assertIn("`events`.`Events`", explained.stdout)
        # Another ledger has loads of its own, and does not touch these.
        other = self.load(url, data=self.folder / "other")
        self.assertEqual(other.returncode, 0, other.stderr)
        self.assertEqual(self.ask(url, "Events | count"), [[4 * ROWS]])
        dropped = run("logs", "drop", "Events", "--db", url, "--data", str(self.data))
        self.assertEqual(dropped.stdout, f"Events: dropped, with {4 * ROWS} rows\n")
        self.assertEqual(self.load(url).returncode, 0)
        self.check_rows(url, range(2))

    def test_killed_loads_bring_each_row_once(self):
        url = self.serve()
        write_events(self.input, FILES, ROWS)
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        begun = time.monotonic()
        self.assertEqual(self.load(url).returncode, 0)
        whole = time.monotonic() - begun
        self.assertEqual(run("logs", "drop", "Events", "--db", url, "--data", str(self.data)).returncode, 0)
        for turn in range(KILLS):
            with subprocess.Popen([BINARY, "logs", "load", str(self.input), "--table", "Events", "--data", str(self.data), "--db", url],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=QUIET) as process:
                time.sleep(chance.uniform(0, whole * 0.5))
                process.send_signal(signal.SIGKILL)
                said = process.stdout.read()
            acknowledged = {int(line.split("events")[-1][0]) for line in said.splitlines()}
            if acknowledged:
                with self.subTest(seed=seed, turn=turn):
                    self.check_rows(url, acknowledged)
        done = self.load(url)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_rows(url, range(FILES))

    def test_accounts(self):
        url = self.serve("--user", "ann", "--password", "hunter2")
        write_events(self.input, 1, 10)
        secret = self.folder / "secret"
        secret.write_text("hunter2\n", encoding="utf-8")
        account = {**QUIET, "REDOUBT_CLICKHOUSE_USER": "ann", "REDOUBT_CLICKHOUSE_PASSWORD": "hunter2"}
        words = ["logs", "load", str(self.input), "--table", "Events", "--data", str(self.data), "--db", url]
        self.assertEqual(run(*words, env=account).returncode, 0)
        config = self.folder / "redoubt.yaml"
        config.write_text(f"db: {url}\ndb-user: ann\ndb-password-file: {secret}\n", encoding="utf-8")
        done = run("logs", "tables", "--config", str(config))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Events", done.stdout)
        for environment in (QUIET, {**account, "REDOUBT_CLICKHOUSE_PASSWORD": "topsecret"}, {**account, "REDOUBT_CLICKHOUSE_USER": "bob"}):
            done = run("logs", "tables", "--db", url, env=environment)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("STO0030", done.stderr)
            self.assertNotIn("secret", done.stderr + done.stdout)
        done = run("logs", "tables", "--db", url.replace("://", "://ann:hunter2@"))
        self.assertEqual((done.returncode, "hunter2" in done.stderr), (2, False), done.stderr)
        self.assertIn("STO0034", done.stderr)
        missing = run("logs", "tables", "--db", url, "--db-password-file", str(self.folder / "none"))
        self.assertIn("CLI0091", missing.stderr)

    def make_certificate(self, name):
        key, certificate = self.folder / "key.pem", self.folder / name
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        return key, certificate

    def test_tls(self):
        key, certificate = self.make_certificate("cert.pem")
        url = self.serve("--certificate", str(certificate), "--key", str(key))
        self.assertTrue(url.startswith("https://"))
        done = run("logs", "tables", "--db", url, "--ca", str(certificate))
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run("logs", "tables", "--db", url)
        self.assertEqual(done.returncode, 3)
        self.assertIn("STO0029: the server of events is not trusted", done.stderr)
        done = run("logs", "tables", "--db", url.replace("localhost", "127.0.0.1"), "--ca", str(certificate))
        self.assertIn("STO0029", done.stderr)
        done = run("logs", "tables", "--db", url, "--ca", str(self.folder / "none"))
        self.assertEqual(done.returncode, 2)

    def test_commands_of_the_page(self):
        """The sh blocks of docs/from-laptop-to-cluster.md, one after the other."""
        page = (ROOT / "docs" / "from-laptop-to-cluster.md").read_text(encoding="utf-8")
        key, certificate = self.make_certificate("authorities.pem")
        url = self.serve("--certificate", str(certificate), "--key", str(key), "--user", "redoubt", "--password", "secret")
        (self.folder / "examples").symlink_to(ROOT / "examples")
        (self.folder / "redoubt").symlink_to(pathlib.Path(BINARY).resolve())
        (self.folder / "password.txt").write_text("secret\n", encoding="utf-8")
        settings = re.search(r"^```yaml redoubt.yaml\n(.*?)^```", page, re.M | re.S)[1]
        (self.folder / "redoubt.yaml").write_text(settings.replace("https://logs.example:8443", url), encoding="utf-8")
        commands = "".join(re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)).replace("https://logs.example:8443", url)
        done = subprocess.run(["bash", "-exc", commands], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
                              env={**QUIET, "PATH": f"{self.folder}:{QUIET['PATH']}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("into SigninLogs, which is new"), 2, done.stdout)

    def test_nobody_is_there(self):
        done = run("logs", "tables", "--db", "http://127.0.0.1:1")
        self.assertEqual(done.returncode, 3)
        self.assertIn("STO0028: the server of events can't be reached", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_statements_of_a_cluster(self):
        tables = self.folder / "tables.json"
        tables.write_text(json.dumps({"LogAnalytics": {"SigninLogs": {"TimeGenerated": "datetime", "ResultType": "string", "x y'`": "dynamic"},
                                                       "Other": {"n": "long"}}}), encoding="utf-8")
        done = run("logs", "schema", "--ddl", "--schema", str(tables), "--cluster", "it's")
        self.assertEqual(done.returncode, 0, done.stderr)
        statements = done.stdout.rstrip(";\n").split(";\n")
        self.assertEqual(len(statements), 6)
        self.assertEqual(sum("ON CLUSTER `it's`" in one for one in statements), 6)
        self.assertEqual(sum("ReplicatedMergeTree(" in one for one in statements), 2)
        self.assertEqual(sum("ENGINE = Distributed('it\\'s', 'events_parts'" in one for one in statements), 2)
        own = run("logs", "schema", "--ddl", "--schema", str(tables), "SigninLogs")
        self.assertEqual(own.stdout.count("ENGINE = MergeTree"), 1)
        self.assertNotIn("CLUSTER", own.stdout)
        self.assertEqual(run("logs", "schema", "--cluster", "c").returncode, 2)
        self.assertEqual(run("logs", "schema", "--ddl", "--schema", str(tables), "None").returncode, 2)

    @unittest.skipUnless(ELSEWHERE, "REDOUBT_TEST_CLICKHOUSE_URL names no server")
    def test_a_server_elsewhere(self):
        """Any server: REDOUBT_CLICKHOUSE_USER and _PASSWORD are its account, REDOUBT_TEST_CLICKHOUSE_CLUSTER a cluster of it."""
        table = f"RedoubtTest{random.randrange(1 << 32)}"
        write_events(self.input, 2, ROWS)
        cluster = os.environ.get("REDOUBT_TEST_CLICKHOUSE_CLUSTER")
        place = ["--data", str(self.data), "--db", ELSEWHERE]
        words = ["logs", "load", str(self.input), "--table", table, *place, *(["--cluster", cluster] if cluster else [])]
        self.addCleanup(run, "logs", "drop", table, *place, env=os.environ)
        for _ in range(2):
            done = run(*words, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stderr)
        rows = self.ask(ELSEWHERE, f"{table} | summarize count(), dcount(n, 4) by file", env=os.environ)
        self.assertEqual(sorted(row[1] for row in rows), [ROWS, ROWS])
        self.assertEqual(self.ask(ELSEWHERE, f"{table} | summarize c = count() by n | where c > 1 | count", env=os.environ), [[0]])


if __name__ == "__main__":
    unittest.main()
