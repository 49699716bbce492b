#!/usr/bin/env python3
"""`redoubt content sync` against servers that behave, and servers that do not."""

import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

from content_files import NOW, repository, run, tar_gz, tree, zip_bytes

COMMIT = "f4a50bacae07ddb096943c597669bcae494a6e29"
OTHER = "0123456789abcdef0123456789abcdef01234567"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        self.server.seen.append((self.path, dict(self.headers)))
        self.close_connection = True
        try:
            self.server.answer(self)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass

    def reply(self, body, status=200, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server:
    """A server on a free port; `answer` is called with each request."""

    def __init__(self, answer, context=None):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.answer = answer
        self.http.seen = []
        if context:
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.scheme = "https" if context else "http"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def url(self, path="repo-{commit}.tar.gz", host="localhost"):
        return f"{self.scheme}://{host}:{self.http.server_port}/{path}"

    @property
    def seen(self):
        return self.http.seen


class Sync(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        self.content = self.folder / ".redoubt" / "content"
        self.archive = tar_gz(repository(200), f"repo-{COMMIT}")

    def sync(self, url, *words, commit=COMMIT, timeout="2"):
        return run("content", "sync", url, "--commit", commit, "--name", "p", "--timeout", timeout, "--now", NOW,
                   "--insecure-local", *words, cwd=self.folder)

    def count(self):
        done = run("content", "verify", "p", "-f", "json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        return json.loads((self.content / "p" / "manifest.json").read_text())["counts"]["definitions"]

    def works(self, answer, *words):
        with Server(answer) as server:
            done = self.sync(server.url(), *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.count(), 200)
            self.assertEqual(sorted(one.name for one in self.content.iterdir()), [".lock", "p"])
            return done, server.seen

    def fails(self, answer, code, exit_code=3, **options):
        """One error, and an old pack that stays as it was."""
        if not (self.content / "p").exists():
            self.works(lambda request: request.reply(self.archive))
        before = tree(self.content / "p")
        with Server(answer) as server:
            done = self.sync(server.url(), **options)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(code, done.stderr)
        self.assertEqual((done.stdout, tree(self.content / "p")), ("", before))
        return done


class Works(Sync):
    def test_an_archive(self):
        done, seen = self.works(lambda request: request.reply(self.archive))
        self.assertEqual(seen[0][0], f"/repo-{COMMIT}.tar.gz")
        self.assertIn(f"fetched {len(self.archive)} bytes", done.stderr)
        source = json.loads((self.content / "p" / "manifest.json").read_text())["source"]
        self.assertEqual(source["commit"], COMMIT)
        self.assertTrue(source["place"].startswith("http://localhost:"))

    def test_a_zip(self):
        packed = zip_bytes(repository(200), f"repo-{COMMIT}")
        self.works(lambda request: request.reply(packed))

    def test_chunks_and_no_length(self):
        def chunked(request):
            request.send_response(200)
            request.send_header("Transfer-Encoding", "chunked")
            request.end_headers()
            for at in range(0, len(self.archive), 1000):
                part = self.archive[at:at + 1000]
                request.wfile.write(b"%x\r\n" % len(part) + part + b"\r\n")
            request.wfile.write(b"0\r\n\r\n")

        def until_close(request):
            request.send_response(200)
            request.send_header("Connection", "close")
            request.end_headers()
            request.wfile.write(self.archive)

        self.works(chunked)
        self.works(until_close)

    def test_a_slow_server_that_goes_on(self):
        def slow(request):
            request.send_response(200)
            request.send_header("Content-Length", str(len(self.archive)))
            request.end_headers()
            step = len(self.archive) // 8
            for at in range(0, len(self.archive), step):
                request.wfile.write(self.archive[at:at + step])
                request.wfile.flush()
                time.sleep(0.2)

        self.works(slow)

    def test_redirects(self):
        def answer(request):
            if request.path.startswith("/repo-"):
                request.reply(b"", 302, Location="/next")
            elif request.path == "/next":
                request.reply(b"", 307, Location=f"http://127.0.0.1:{request.server.server_port}/last?x=1")
            else:
                request.reply(self.archive)

        _, seen = self.works(answer)
        self.assertEqual([path for path, _ in seen][1:], ["/next", "/last?x=1"])


class Resumed(Sync):
    def broken_off(self, at, **headers):
        def answer(request):
            request.reply(self.archive[:at], length=len(self.archive), **headers)
        with Server(answer) as server:
            self.url = server.url()
            done = self.sync(self.url)
            self.assertEqual(done.returncode, 3)
            self.assertIn("NET0005", done.stderr)
            self.assertEqual((self.content / ".p.download").stat().st_size, at)
        note = self.content / ".p.download.from"
        self.port = server.http.server_port
        self.assertTrue(note.exists())

    def again(self, answer):
        """The second try, on another port: the note of the first is made to fit."""
        with Server(answer) as server:
            note = self.content / ".p.download.from"
            note.write_text(note.read_text().replace(f":{self.port}/", f":{server.http.server_port}/"))
            done = self.sync(server.url())
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.count(), 200)
            return done, server.seen

    def rest(self, request, **headers):
        first = int(request.headers["Range"].split("=")[1].rstrip("-"))
        body = self.archive[first:]
        request.reply(body, 206, Content_Range=f"bytes {first}-{len(self.archive) - 1}/{len(self.archive)}", **headers)

    def test_the_rest_is_asked_for(self):
        self.broken_off(5000, ETag='"one"')
        done, seen = self.again(lambda request: self.rest(request, ETag='"one"'))
        self.assertEqual((seen[0][1]["Range"], seen[0][1]["If-Range"]), ("bytes=5000-", '"one"'))
        self.assertIn("of which 5000 were there", done.stderr)
        self.assertEqual(sorted(one.name for one in self.content.iterdir()), [".lock", "p"])

    def test_a_server_that_sends_the_whole_again(self):
        self.broken_off(5000)
        done, _ = self.again(lambda request: request.reply(self.archive))
        self.assertNotIn("were there", done.stderr)

    def test_a_server_that_sends_another_part_or_version(self):
        whole = len(self.archive)
        for headers in ({"Content_Range": f"bytes 4000-{whole - 1}/{whole}"}, {"Content_Range": "nonsense"}, {},
                        {"Content_Range": f"bytes 5000-{whole}/{whole + 1}"}):
            def answer(request, headers=headers):
                if "Range" in request.headers:
                    request.reply(self.archive[4000:], 206, **headers)
                else:
                    request.reply(self.archive)
            self.broken_off(5000)
            _, seen = self.again(answer)
            self.assertEqual(len(seen), 2)
        self.broken_off(5000, ETag='"one"')
        _, seen = self.again(lambda request: self.rest(request, ETag='"two"') if "Range" in request.headers
                             else request.reply(self.archive, ETag='"two"'))
        self.assertEqual(len(seen), 2)

    def test_a_range_that_is_not_satisfiable(self):
        self.broken_off(5000)
        self.again(lambda request: request.reply(b"", 416) if "Range" in request.headers
                   else request.reply(self.archive))

    def test_another_url_starts_over(self):
        self.broken_off(5000)
        _, seen = self.works(lambda request: request.reply(self.archive))
        self.assertNotIn("Range", seen[0][1])

    def test_a_broken_off_download_leaves_the_pack(self):
        self.works(lambda request: request.reply(self.archive))
        before = tree(self.content / "p")
        self.broken_off(5000)
        self.assertEqual(tree(self.content / "p"), before)


class Fails(Sync):
    def test_servers_that_stall(self):
        stop = threading.Event()

        def in_body(request):
            request.reply(self.archive[:3000], length=len(self.archive))
            request.wfile.flush()
            stop.wait(30)

        def before_header(_):
            stop.wait(30)

        try:
            for answer in (in_body, before_header):
                self.assertIn("1 s", self.fails(answer, "NET0004", timeout="1").stderr)
        finally:
            stop.set()

    def test_another_length_than_said(self):
        self.fails(lambda request: request.reply(self.archive, length=len(self.archive) + 1), "NET0005")
        self.fails(lambda request: request.reply(self.archive, length=len(self.archive) - 1), "NET0005")
        self.fails(lambda request: request.reply(self.archive, length=0), "NET0005")

    def test_statuses(self):
        for status in (404, 403, 500, 204, 304):
            self.assertIn(str(status), self.fails(lambda request: request.reply(b"", status), "NET0007").stderr)

    def test_what_is_no_http(self):
        self.fails(lambda request: request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "NET0005")
        self.fails(lambda request: request.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000), "NET0005")

    def test_redirects_that_are_not_followed(self):
        for location in ("http://example.com/x", "ftp://localhost/x", "", "javascript:alert(1)"):
            self.fails(lambda request: request.reply(b"", 302, Location=location), "NET0006")
        self.fails(lambda request: request.reply(b"", 302, Location=request.path), "NET0006")

    def test_another_commit(self):
        other = tar_gz(repository(2), f"repo-{OTHER}")
        self.assertIn(OTHER, self.fails(lambda request: request.reply(other), "CON0008").stderr)
        self.fails(lambda request: request.reply(tar_gz(repository(2), "")), "CON0008")
        self.assertFalse((self.content / ".p.download").exists())

    def test_what_is_no_archive(self):
        self.fails(lambda request: request.reply(b"<html>Sign in</html>" * 50), "FIL0001")
        self.fails(lambda request: request.reply(b""), "FIL0001")
        self.fails(lambda request: request.reply(self.archive[:-3000]), "FIL0004")
        self.assertFalse((self.content / ".p.download").exists())

    def test_a_coding_that_was_not_asked_for(self):
        self.fails(lambda request: request.reply(self.archive, Content_Encoding="br"), "NET0005")

    def test_nobody_there(self):
        with Server(lambda request: None) as server:
            url = server.url()
        done = self.sync(url)
        self.assertEqual((done.returncode, "NET0002" in done.stderr), (3, True), done.stderr)

    def test_usage(self):
        for url, commit, code in (("https://github.com/Azure/azure-policy", "main", "CON0007"),
                                  ("https://github.com/Azure/azure-policy", COMMIT[:12], "CON0007"),
                                  ("https://github.com/Azure", COMMIT, "CON0006"),
                                  ("https://example.com/x.tar.gz", COMMIT, "CON0006"),
                                  ("ftp://example.com/{commit}", COMMIT, "NET0001"),
                                  ("http://example.com/{commit}", COMMIT, "NET0001"),
                                  ("https://user:pass@example.com/{commit}", COMMIT, "NET0001")):
            done = self.sync(url, commit=commit)
            self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1), done.stderr)
            self.assertIn(code, done.stderr)
        done = run("content", "sync", "http://localhost:1/{commit}", "--commit", COMMIT, "--name", "p",
                   cwd=self.folder)
        self.assertIn("NET0001", done.stderr)
        self.assertEqual(self.sync("http://localhost:1/{commit}", timeout="0").returncode, 2)


class Tls(Sync):
    """With an authority of our own."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which("openssl"):
            raise unittest.SkipTest("no openssl")
        cls.keys = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.keys.cleanup)
        cls.authority("ca")
        cls.authority("stranger")
        cls.certificate("localhost", "DNS:localhost")
        cls.certificate("elsewhere", "DNS:elsewhere.example")

    @classmethod
    def openssl(cls, *words):
        subprocess.run(["openssl", *words], cwd=cls.keys.name, check=True, capture_output=True)

    @classmethod
    def authority(cls, name):
        cls.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-keyout", f"{name}.key", "-out", f"{name}.pem")

    @classmethod
    def certificate(cls, name, alternative):
        (pathlib.Path(cls.keys.name) / "ext").write_text(f"subjectAltName={alternative}\n")
        cls.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                    "-out", f"{name}.csr")
        cls.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                    "-days", "2", "-extfile", "ext", "-out", f"{name}.pem")

    def path(self, name):
        return str(pathlib.Path(self.keys.name) / name)

    def server(self, name, answer=None, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        if version:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = version
            context.set_ciphers("ALL:@SECLEVEL=0")
        return Server(answer or (lambda request: request.reply(self.archive)), context)

    def sync_tls(self, server, *words, host="localhost"):
        return run("content", "sync", server.url(host=host), "--commit", COMMIT, "--name", "p", "--timeout", "2",
                   *words, cwd=self.folder)

    def test_an_authority_that_counts(self):
        with self.server("localhost") as server:
            done = self.sync_tls(server, "--ca", self.path("ca.pem"))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.count(), 200)

    def test_servers_that_are_not_trusted(self):
        cases = (("localhost", [], "localhost"), ("localhost", ["--ca", self.path("stranger.pem")], "localhost"),
                 ("elsewhere", ["--ca", self.path("ca.pem")], "localhost"),
                 ("localhost", ["--ca", self.path("ca.pem")], "127.0.0.1"))
        for name, words, host in cases:
            with self.server(name) as server:
                done = self.sync_tls(server, *words, host=host)
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (3, 1), done.stderr)
                self.assertIn("NET0003", done.stderr)
                self.assertEqual(server.seen, [])
        with self.server("localhost") as server:
            done = self.sync_tls(server, "--ca", self.path("none.pem"))
            self.assertEqual(done.returncode, 2, done.stderr)

    def test_an_old_version_of_tls(self):
        with self.server("localhost", version=ssl.TLSVersion.TLSv1_1) as server:
            self.assertIn("NET0003", self.sync_tls(server, "--ca", self.path("ca.pem")).stderr)

    def test_a_redirect_to_plain_http(self):
        with Server(lambda request: request.reply(self.archive)) as plain:
            target = plain.url("x")
            with self.server("localhost", lambda request: request.reply(b"", 302, Location=target)) as server:
                done = self.sync_tls(server, "--ca", self.path("ca.pem"), "--insecure-local")
                self.assertIn("NET0006", done.stderr)
            self.assertEqual(plain.seen, [])

    def test_a_body_that_is_cut_off(self):
        def cut(request):
            request.send_response(200)
            request.send_header("Connection", "close")
            request.end_headers()
            request.wfile.write(self.archive[:4000])
            request.wfile.flush()
            request.connection.detach()  # the socket goes away without TLS's end

        with self.server("localhost", cut) as server:
            done = self.sync_tls(server, "--ca", self.path("ca.pem"))
            self.assertEqual(done.returncode, 3, done.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
