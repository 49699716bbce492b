"""The layer check finds what it is there to find, and nothing else."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

RIGHT_TRIES = """
  RD_TRY(step());
  Value a = RD_TRY(step());
  std::map<std::string, int> b = RD_TRY(f(g("x; y"), 2));
  a.b["c"] = RD_TRY(step());
  auto [c, d] = RD_TRY(step());
  total += RD_TRY(step());
  if (ready) RD_TRY(step());
  else RD_TRY(step());
  if (Value e = RD_TRY(step()); e.ok) return e;
  for (int i = 0; i < 3; ++i) f = RD_TRY(step());
  // return RD_TRY(step());
"""

WRONG_TRIES = [
    "return RD_TRY(step());",
    "use(RD_TRY(step()));",
    "Pair p{RD_TRY(step()), 1};",
    "Pair p{.first = RD_TRY(step())};",
    "int x = 1 + RD_TRY(step());",
    "bool y = a == RD_TRY(step());",
    "bool z = a >= RD_TRY(step());",
    "auto s = RD_TRY(step()).size();",
    "auto t = RD_TRY(f(RD_TRY(step())));",
    "auto l = [x = RD_TRY(step())] {};",
    "for (int v : RD_TRY(step())) use(v);",
    "auto c = ready ? RD_TRY(step()) : 0;",
]

WRONG_INCLUDES = {
    "src/low/a.h": ['"high/a.h"', '"result.h"', "<iostream>", "<regex>", "<rapidjson/reader.h>"],
    "src/left/a.cpp": ['"right/a.h"', '"low/detail/a.h"', "<spdlog/spdlog.h>"],
}

RIGHT_INCLUDES = {
    "src/high/a.cpp": ['"high/detail/a.h"', '"left/a.h"', '"right/a.h"', '"low/a.h"', "<iostream>", "<vector>"],
    "tests/low/a.cpp": ['"low/detail/a.h"', '"testing/cases.h"'],
}


def problems(files):
    """The check's complaints about a tree of `files`, one a line."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {"src/layers.txt": "# modules\nlow\nleft right\nhigh\n", **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        check = [sys.executable, ROOT / "cmake/check_layers.py", "--root", root]
        result = subprocess.run(check, capture_output=True, text=True)
        lines = result.stdout.splitlines()[:-1]
        assert (result.returncode == 1) == bool(lines), result
        return lines


class CheckLayers(unittest.TestCase):
    def test_tries_that_stand_right(self):
        self.assertEqual(problems({"src/low/a.cpp": RIGHT_TRIES}), [])

    def test_tries_that_stand_wrong(self):
        for statement in WRONG_TRIES:
            with self.subTest(statement):
                self.assertTrue(problems({"src/low/a.cpp": f"void f() {{\n  {statement}\n}}\n"}))

    def test_includes_that_are_right(self):
        files = {name: "".join(f"#include {one}\n" for one in names) for name, names in RIGHT_INCLUDES.items()}
        self.assertEqual(problems(files), [])

    def test_includes_that_are_wrong(self):
        for name, includes in WRONG_INCLUDES.items():
            for include in includes:
                with self.subTest(include):
                    lines = problems({name: f"#pragma once\n#include {include}\n"})
                    self.assertEqual(len(lines), 1)
                    self.assertTrue(lines[0].startswith(f"{name}:2: "), lines)

    def test_a_folder_that_no_layer_names(self):
        self.assertEqual(problems({"src/stray/a.h": "\n"}), ["src/stray: not in src/layers.txt"])


if __name__ == "__main__":
    unittest.main()
