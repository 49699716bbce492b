#!/usr/bin/env python3
"""Archives that are made to do harm: each is refused with the entry's name, and nothing is written."""

import gzip
import io
import json
import os
import pathlib
import stat
import struct
import sys
import tarfile
import tempfile
import unittest
import zipfile
import zlib

from content_files import definition, repository, run, tar_gz, tree, zip_bytes

GOOD = {"good.json": json.dumps(definition(1))}


def tar_entry(name, kind=tarfile.REGTYPE, link="", data=None):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.size = len(data or b"")
    return (info, data) if data is not None else info


def zip_entry(name, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def raw_tar(name, data=b"{}"):
    """A .tar.gz of one ustar entry whose name is these bytes."""
    header = bytearray(tarfile.TarInfo("x").tobuf(tarfile.USTAR_FORMAT))
    header[0:100] = name.ljust(100, b"\0")
    header[124:136] = b"%011o\0" % len(data)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(header) + data.ljust(512, b"\0") + bytes(1024))


class Hostile(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name) / "inner" / "work"
        self.folder.mkdir(parents=True)

    def refused(self, data, code, name=None, ending=".tar.gz"):
        path = self.folder / ("archive" + ending)
        path.write_bytes(data)
        before = tree(pathlib.Path(self.temporary.name))
        done = run("content", "add", path.name, "--name", "p", cwd=self.folder)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(code, done.stderr)
        if name:
            self.assertIn(name, done.stderr)
        self.assertEqual(tree(pathlib.Path(self.temporary.name)), before)

    def test_names_that_climb_out(self):
        for name in ("../evil.json", "a/../../evil.json", "/etc/evil.json", "a/..", "C:/evil.json", "..\\evil.json"):
            with self.subTest(name):
                self.refused(tar_gz(GOOD, "", [tar_entry(name, data=b"{}")]), "FIL0002", name)
                self.refused(zip_bytes(GOOD, "", [(zip_entry(name), b"{}")]), "FIL0002", name.replace("\\", "/"),
                             ".zip")

    def test_links_and_devices(self):
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            with self.subTest(kind):
                self.refused(tar_gz(GOOD, "", [tar_entry("odd.json", kind, "/etc/passwd")]), "FIL0002", "odd.json")
        link = [(zip_entry("odd.json", stat.S_IFLNK | 0o777), b"/etc/passwd")]
        self.refused(zip_bytes(GOOD, "", link), "FIL0002", "odd.json", ".zip")

    def test_a_link_and_then_a_file_through_it(self):
        extra = [tar_entry("out", tarfile.SYMTYPE, "/tmp"), tar_entry("out/evil.json", data=b"{}")]
        self.refused(tar_gz(GOOD, "", extra), "FIL0002", "out")

    def test_names_of_wrong_encoding(self):
        self.refused(raw_tar(b"caf\xe9.json"), "FIL0002", "caf\\xe9.json")
        self.refused(raw_tar(b"a\x01b.json"), "FIL0002")
        data = zip_bytes({"cafe.json": "{}"}, "").replace(b"cafe.json", b"caf\xe9.json")
        self.refused(data, "FIL0002", "caf\\xe9.json", ".zip")

    def test_names_in_utf8_are_fine(self):
        path = self.folder / "a.tar.gz"
        path.write_bytes(tar_gz({"Umgebung für Prüfung/größe.json": json.dumps(definition(1))}))
        self.assertEqual(run("content", "add", path.name, cwd=self.folder).returncode, 0)
        path = self.folder / "b.zip"
        path.write_bytes(zip_bytes({"Prüfung/größe.json": json.dumps(definition(1))}))
        self.assertEqual(run("content", "add", path.name, cwd=self.folder).returncode, 0)

    def test_a_name_that_stands_twice(self):
        extra = [tar_entry("good.json", data=b"{}")]
        self.refused(tar_gz(GOOD, "", extra), "FIL0002", "good.json")
        self.refused(tar_gz(GOOD, "", [tar_entry("./good.json", data=b"{}")]), "FIL0002", "good.json")

    def test_bombs(self):
        zeros = bytes(64 << 20)
        self.refused(tar_gz(GOOD, "", [tar_entry("big.bin", data=zeros)]), "FIL0003", "big.bin")
        self.refused(zip_bytes(GOOD, "", [(zip_entry("big.bin"), zeros)]), "FIL0003", "big.bin", ".zip")

    def test_a_size_that_is_more_than_the_limit(self):
        info = tarfile.TarInfo("big.json")
        info.size = 3 << 30
        self.refused(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(2048)), "FIL0003", "big.json")

    def test_too_many_entries(self):
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
            for number in range(200_001):
                packed.write(tarfile.TarInfo(f"{number}.txt").tobuf(tarfile.USTAR_FORMAT))
            packed.write(bytes(1024))
        self.refused(out.getvalue(), "FIL0003", "200000.txt")
        self.refused(zip_bytes(GOOD, "").replace(b"PK\1\2", b"PK\1\2" * 200_002, 1), "FIL0003", None, ".zip")

    def test_sizes_and_checksums_that_lie(self):
        whole = zip_bytes(GOOD, "", compression=zipfile.ZIP_STORED)
        size = struct.pack("<I", len(GOOD["good.json"]))
        for changed in (whole.replace(size, struct.pack("<I", 7)),
                        whole.replace(size, struct.pack("<I", 1 << 20)),
                        whole.replace(struct.pack("<I", zlib.crc32(GOOD["good.json"].encode())), b"\1\2\3\4")):
            self.refused(changed, "FIL000", None, ".zip")
        deflated = zip_bytes(GOOD, "")
        self.refused(deflated.replace(size, struct.pack("<I", 7)), "FIL0004", "good.json", ".zip")

    def test_archives_that_end_too_early(self):
        whole = tar_gz(repository(50))
        for cut in (1, 20, len(whole) // 3, len(whole) // 2, len(whole) - 100):
            with self.subTest(cut):
                self.refused(whole[:cut], "FIL000")
        whole = zip_bytes(repository(50))
        for cut in (10, len(whole) // 2, len(whole) - 30):
            with self.subTest(cut):
                self.refused(whole[:cut], "FIL000", None, ".zip")

    def test_no_archives(self):
        for data in (b"", b"hello", b"{}", b"<html>404</html>" * 100, gzip.compress(b"hello"), os.urandom(5000),
                     bytes(10240)):
            self.refused(data, "FIL0001")

    def test_an_encrypted_entry(self):
        data = bytearray(zip_bytes(GOOD, "", compression=zipfile.ZIP_STORED))
        data[6] |= 1  # the flag in the entry's own head
        data[data.find(b"PK\1\2") + 8] |= 1
        self.refused(bytes(data), "FIL000", "good.json", ".zip")

    def test_a_sparse_entry(self):
        info = tarfile.TarInfo("sparse.json")
        info.size = 512
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        header[156:157] = b"S"
        header[386:410] = b"%011o\0%011o\0" % (1 << 29, 512)
        header[483:495] = b"%011o\0" % ((1 << 29) + 512)
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        self.refused(gzip.compress(bytes(header) + bytes(2048)), "FIL000", "sparse.json")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
