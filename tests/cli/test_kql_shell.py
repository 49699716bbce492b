#!/usr/bin/env python3
"""`kql shell` in a terminal: editing, completion, history, Ctrl-C and Ctrl-D; what it does without one."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import tempfile
import termios
import time
import unittest

BINARY = os.environ["REDOUBT_BINARY"]
PEOPLE = "name,age,at\nann,41,2026-01-01T00:00:00Z\nben,32,2026-01-02T00:00:00Z\n=cem,,2026-01-03T00:00:00Z\n"
# Minutes of work in little memory: no limit ends it before it is stopped.
LONG = "range i from 1 to 200000 step 1 | where hash_sha256(strrep(strrep('x', 1000), 1000 + i % 2)) == 'y' | count"
LEFT, RIGHT, UP, DOWN, HOME, END, DELETE = (f"\x1b[{key}" for key in ("D", "C", "A", "B", "H", "F", "3~"))
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|\([AB0]|[=>])")
SECONDS = 60


class Terminal:
    """A shell in a terminal of its own."""

    def __init__(self, words, folder, columns=80, **environment):
        self.parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        known = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), **environment}
        self.process = subprocess.Popen([BINARY, "kql", "shell", *map(str, words)], stdin=child, stdout=child, stderr=child,
                                        cwd=folder, env=known, preexec_fn=take_terminal)
        os.close(child)
        self.shown = ""
        self.seen = 0

    def read(self, seconds):
        if not select.select([self.parent], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.parent, 65536)
        except OSError:
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)

    def expect(self, pattern):
        """Waits for a text behind what was expected before; gives what was shown up to its end."""
        deadline = time.monotonic() + SECONDS
        while True:
            plain = ESCAPES.sub("", self.shown)
            found = re.compile(pattern, re.MULTILINE).search(plain, self.seen)
            if found:
                before, self.seen = plain[self.seen:found.end()], found.end()
                return before
            if not self.read(0.2) and (time.monotonic() > deadline or self.process.poll() is not None):
                raise AssertionError(f"{pattern!r} is not shown in {plain[self.seen:]!r}")

    def is_editing(self):
        return not termios.tcgetattr(self.parent)[3] & termios.ICANON

    def wait(self, editing):
        deadline = time.monotonic() + SECONDS
        while self.is_editing() != editing:
            self.read(0.05)
            if time.monotonic() > deadline:
                raise AssertionError(f"editing is not {editing}: {self.shown!r}")

    def send(self, *texts):
        self.wait(True)
        for text in texts:
            os.write(self.parent, text.encode())

    def run(self, query):
        self.send(query.replace("\n", "\r") + "\r\r")

    def stop(self):
        """Ctrl-C while a query runs; signals follow, as the first may come before the query has begun to listen.
        They are not typed: a typed Ctrl-C makes the terminal drop what the shell has written and nobody has read."""
        self.wait(False)
        os.write(self.parent, b"\x03")
        deadline = time.monotonic() + SECONDS
        while not self.is_editing() and time.monotonic() < deadline:
            self.read(0.1)
            self.process.send_signal(signal.SIGINT)

    def end(self, keys="\x04"):
        if keys:
            self.send(keys)
        while self.read(0.5) or self.process.poll() is None:
            pass
        return self.process.wait(timeout=SECONDS)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=SECONDS)
        os.close(self.parent)


class KqlShell(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.people = self.folder / "people.csv"
        self.people.write_text(PEOPLE)

    def shell(self, *words, **options):
        terminal = Terminal(["--load", f"P={self.people}", *words], self.folder, **options)
        self.addCleanup(terminal.close)
        terminal.expect("kql> ")
        return terminal

    def history(self):
        return (self.folder / "state" / "redoubt" / "kql-history").read_text()

    # ---- editing

    def test_a_blank_line_runs_a_query(self):
        shell = self.shell()
        self.assertIn("1 table", shell.shown)
        shell.run("P\n| where age > 40\n| project name")
        shell.expect(r"^name\r\nann\r\n1 row\r\n")
        shell.expect("kql> ")
        shell.send("print 20 + 22;\r")
        shell.expect(r"42\r\n1 row\r\n")
        self.assertEqual(shell.end(), 0)

    def test_let_alone_goes_on(self):
        shell = self.shell()
        shell.send("let n = 40 + 2;\r\rprint n\r\r")
        shell.expect(r"42\r\n1 row\r\n")
        self.assertNotIn("error", shell.shown)

    def test_a_line_is_edited(self):
        shell = self.shell()
        shell.send("prnt 4x2", LEFT, "\x7f", HOME, RIGHT, RIGHT, "i", END, " + 1", "\r\r")
        shell.expect(r"43\r\n1 row")

    def test_an_earlier_line_is_edited(self):
        shell = self.shell()
        shell.send("print a = 1,\r  b = 20", UP, END, LEFT, DELETE, "3,", DOWN, END, "+1", "\r\r")
        shell.expect(r"a *b\r\n13 *21\r\n")
        # A line break in the middle, then away again.
        shell.send("print 12", LEFT, "\r", "\x7f", "\x0a")
        shell.expect(r"12\r\n1 row")

    def test_enter_in_front_of_text_breaks_the_line(self):
        shell = self.shell()
        shell.send("print 7| take 1", *[LEFT] * 8, "\r", "\x0a")
        shell.expect(r"print_0\r\n *7\r\n1 row")
        self.assertIn("print 7\\n| take 1\n", self.history())

    def test_other_languages(self):
        for language in ("C.UTF-8", "C", "xx_YY.UTF-8"):
            shell = self.shell(LANG=language, LC_ALL=language)
            shell.send("print a = 'åæ日本x', b = strlen('é😀')", *[LEFT] * 19, "\x7f", "\x0a")
            shell.expect(r"a +b\r\nåæ日本 +2\r\n")
            self.assertEqual(shell.end(), 0)

    def test_a_narrow_window(self):
        shell = self.shell(columns=20)
        words = " and ".join(f"name != 'x{i}'" for i in range(8))
        shell.send(f"P | where {words} | count", HOME, *[RIGHT] * 10, "age > 40 and ", "\x0a")
        shell.expect(r"Count\r\n +1\r\n1 row")
        self.assertEqual(shell.end(), 0)

    def test_a_window_that_changes(self):
        shell = self.shell(columns=60)
        shell.send("print a = strrep('x', 200)")
        fcntl.ioctl(shell.parent, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
        shell.send("\r\r")
        self.assertRegex(shell.expect("1 row"), r"\nx{20,27}\.\.\.\r\n")

    def test_pasted_text_is_taken_as_it_is(self):
        shell = self.shell()
        shell.send("\x1b[200~P\r| where\tage > 40\r\r\rprint pasted = 1 + 1\r\x1b[201~")
        shell.send("\r")
        shell.expect(r"ann +41 .*\r\n1 row\r\n")
        shell.expect(r"pasted\r\n +2\r\n1 row\r\n")
        shell.expect("kql> ")
        self.assertIn("P\\n| where\tage > 40\n", self.history())

    def test_pasted_text_without_brackets(self):
        shell = self.shell()
        shell.send("P\r| where age > 40\r| project name\r\rprint second = 2\r\r")
        shell.expect(r"^name\r\nann\r\n1 row\r\n")
        shell.expect(r"second\r\n +2\r\n1 row\r\n")

    # ---- completion

    def test_tab_completes(self):
        shell = self.shell()
        shell.send("P | summari\t count() by na\t\r\r")
        shell.expect(r"name +count_")

    def test_tab_sees_all_lines(self):
        shell = self.shell()
        shell.send("P\r| extend Longest = age * 2\r| project Lon\t\r\r")
        shell.expect(r"^Longest\r\n +82\r\n")

    def test_tab_lists_what_could_stand_there(self):
        shell = self.shell()
        shell.send("P\r| where a", "\t")
        shell.expect(r"^age +column +long, P\r\nat +column +datetime, P\r\n")
        # The text is edited on where it was.
        shell.send("ge > 40 | count\r\r")
        shell.expect(r"Count\r\n +1\r\n")

    def test_tab_in_a_narrow_window(self):
        shell = self.shell(columns=24)
        shell.send("P | where a\t")
        shown = shell.expect(r"and \d+ more")
        listed = [line for line in shown.split("\r\n") if re.match(r"\w+ +(column|function)", line)]
        self.assertTrue(listed)
        self.assertLess(max(map(len, listed)), 24)

    def test_tab_completes_commands(self):
        shell = self.shell()
        shell.send(".sch\t P\r")
        shell.expect(r"ColumnName +ColumnType\r\nname +string\r\n")

    def test_nothing_to_complete(self):
        shell = self.shell()
        shell.send("print 'a\t'\r\r")
        shell.expect(r"^a\r\n1 row")

    # ---- history

    def test_earlier_queries_come_back(self):
        shell = self.shell()
        shell.run("P\n| where age > 40\n| project name")
        shell.expect(r"^ann\r\n")
        shell.run("print 1")
        shell.expect("1 row")
        shell.send(UP, UP, "\r")  # whole, and it runs at once
        shell.expect(r"^name\r\nann\r\n1 row")
        shell.send("\x12age > 4", "\r")
        shell.expect(r"^name\r\nann\r\n1 row")
        shell.send(UP, UP, UP, DOWN, "\x03")
        shell.expect(r"\^C")
        self.assertEqual(shell.end(), 0)

    def test_an_earlier_query_is_changed(self):
        shell = self.shell()
        shell.run("P\n| where age > 40\n| project name")
        shell.expect(r"^ann\r\n")
        shell.send(UP, UP, END, "\x7f\x7f3", "0", "\x0a")
        shell.expect(r"^name\r\nann\r\nben\r\n2 rows")

    def test_history_lasts(self):
        first = self.shell()
        first.run("P\n| where name == 'b\\\\en' or age > 40\n| project name")
        first.expect(r"^ann\r\n")
        first.run("print h'hidden'")
        first.expect("1 row")
        first.send(UP, UP, "\r")  # here both are remembered
        first.expect(r"^ann\r\n")
        self.assertEqual(first.end(), 0)
        file = self.folder / "state" / "redoubt" / "kql-history"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(file.parent.stat().st_mode), 0o700)
        self.assertNotIn("hidden", self.history())
        second = self.shell()
        second.send(UP, "\r")
        second.expect(r"^name\r\nann\r\n1 row")
        self.assertEqual(second.end(), 0)

    def test_without_a_place_for_history(self):
        shell = self.shell(XDG_STATE_HOME="/proc/none")
        shell.run("print 1")
        shell.expect("warning CLI0080")
        shell.expect("1 row")
        shell.run("print 2")
        self.assertNotIn("CLI0080", shell.expect("1 row"))

    # ---- Ctrl-C, Ctrl-D

    def test_a_query_is_stopped(self):
        shell = self.shell()
        shell.run(LONG)
        shell.stop()
        shell.expect("QRY0004")
        shell.run("print 6 * 7")
        shell.expect(r"42\r\n1 row")
        self.assertEqual(shell.end(), 0)

    def test_what_is_typed_is_dropped(self):
        shell = self.shell()
        shell.send("P | where (\r(", "\x03")
        shell.expect(r"\^C\r\nkql> ")
        shell.send("\x03", "\x03")
        shell.send("print 6 * 7\r\r")
        shell.expect(r"42\r\n1 row")
        self.assertEqual(shell.end(), 0)

    def test_a_signal_from_outside_does_not_end_it(self):
        shell = self.shell()
        shell.wait(True)
        shell.process.send_signal(signal.SIGINT)
        shell.run("print 6 * 7")
        shell.expect(r"42\r\n1 row")
        self.assertEqual(shell.end(), 0)

    def test_the_end(self):
        for keys in ("\x04", ".exit\r", ".quit\r"):
            self.assertEqual(self.shell().end(keys), 0)

    def test_the_terminal_goes_away(self):
        shell = self.shell()
        shell.wait(True)
        os.close(shell.parent)
        self.assertNotEqual(shell.process.wait(timeout=SECONDS), None)
        shell.parent = os.open(os.devnull, os.O_RDONLY)

    # ---- what is said

    def test_mistakes_have_their_place(self):
        shell = self.shell()
        shell.run("P\n| where aeg > 40")
        shell.expect(r"query:2:9: error KQL0201")
        shell.expect(r"2 \| \| where aeg > 40\r\n  \|         \^\^\^\r\n")
        shell.run(".tabels")
        shell.expect(r"CLI0081: there is no command \.tabels \(did you mean \.tables\?\)")
        shell.run("Q | count")
        shell.expect("KQL0202")
        self.assertEqual(shell.end(), 0)

    def test_answers_in_a_terminal_are_short(self):
        shell = self.shell()
        shell.run("range i from 1 to 1001 step 1")
        shell.expect(r"1000 rows, and there are more")
        shell.expect(r"\.limit N gives more")
        shell.run(".limit 1001")
        shell.run("range i from 1 to 1001 step 1 | where i > 0")
        shell.expect(r"^1001 rows\r\n")

    def test_a_terminal_that_can_do_nothing(self):
        shell = self.shell(TERM="dumb")
        os.write(shell.parent, b"P\n")
        shell.expect(r"\.\.\.> ")
        os.write(shell.parent, b"| count\n\n")
        shell.expect(r"Count\r\n +3\r\n1 row\r\nkql> ")
        os.write(shell.parent, b"\x04")
        self.assertEqual(shell.end(""), 0)

    # ---- without a terminal

    def piped(self, text, *words):
        command = [BINARY, "kql", "shell", "--load", f"P={self.people}", *map(str, words)]
        return subprocess.run(command, input=text, capture_output=True, timeout=SECONDS, check=False, cwd=self.folder,
                              env={**os.environ, "XDG_STATE_HOME": str(self.folder / "state")})

    def test_a_script(self):
        done = self.piped(b"\xef\xbb\xbfP | count\r\n\r\nprint 1\n", "-f", "ndjson")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b'{"Count":3}\n{"print_0":1}\n', b""))
        self.assertFalse((self.folder / "state").exists())
        done = self.piped(b"P | count\n\nprint '\xff'\n\nprint 1\n", "-f", "ndjson")
        self.assertEqual((done.returncode, done.stdout), (3, b'{"Count":3}\n{"print_0":1}\n'))
        self.assertIn(b"<stdin>:3", done.stderr)

    def test_answers_come_as_queries_do(self):
        process = subprocess.Popen([BINARY, "kql", "shell", "-f", "ndjson"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder)
        self.addCleanup(process.stdout.close)
        for number in (1, 2):
            process.stdin.write(f"print n = {number}\n\n".encode())
            process.stdin.flush()
            self.assertEqual(process.stdout.readline(), b'{"n":%d}\n' % number)
        process.stdin.close()
        self.assertEqual(process.wait(timeout=SECONDS), 0)

    @staticmethod
    def ticks(process):
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def test_a_script_is_stopped(self):
        process = subprocess.Popen([BINARY, "kql", "shell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.folder, bufsize=0)
        process.stdin.write(f"print 1;\n{LONG};\nprint 2;\n".encode())
        process.stdin.flush()
        first = process.stdout.readline()
        self.assertEqual(first, b"print_0\n")
        # The second query takes time of the processor, waiting for one takes none.
        begin, deadline = self.ticks(process), time.monotonic() + SECONDS
        while self.ticks(process) < begin + 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, out), (3, b"      1\n1 row\n"), err)
        self.assertIn(b"QRY0004", err)

    def test_a_script_that_waits_ends_at_once(self):
        process = subprocess.Popen([BINARY, "kql", "shell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder)
        process.stdin.write(b"print 1;\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(timeout=SECONDS), (130, 3))  # 3: the answer was still being written
        process.communicate()


if __name__ == "__main__":
    unittest.main()
