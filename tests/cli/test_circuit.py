# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx circuit run: the reference cases through the program, in their own keys."""
import json
import os
import unittest
from pathlib import Path

from harness import Case

CASES = Path(os.environ["QRX_PARITY"]) / "circuits.json"
# Both are sums of at most some dozen products of numbers of size one.
TOLERANCE = {"double": 1e-12, "single": 2e-5}


def flatten(value):
    if isinstance(value, list):
        for item in value:
            yield from flatten(item)
    else:
        yield value


class Circuit(Case):
    def compare(self, precision, *options):
        out, err = self.run_program("circuit", "run", str(CASES), "--precision", precision, "--gradients", *options)
        self.assertEqual(err, "")
        found = json.loads(out)["cases"]
        expected = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
        self.assertEqual([case["name"] for case in found], [case["name"] for case in expected])
        compared = 0
        for mine, golden in zip(found, expected):
            for key in ("expectations", "grad_inputs", "grad_weights"):
                if key not in golden:
                    continue
                a, b = list(flatten(mine[key])), list(flatten(golden[key]))
                self.assertEqual(len(a), len(b), (golden["name"], key))
                for x, y in zip(a, b):
                    self.assertLessEqual(abs(x - y), TOLERANCE[precision], (golden["name"], key))
                compared += len(a)
        self.assertGreater(compared, 100)

    def test_double_precision_agrees_with_the_reference(self):
        self.compare("double", "--json")

    def test_single_precision_agrees_with_the_reference(self):
        self.compare("single", "--threads", "2")

    def test_usage_errors(self):
        for arguments, text in ((["walk", "x"], "walk"), (["run", str(CASES), "--precision", "half"], "half"),
                                (["run", str(CASES), "--threads", "0"], "--threads")):
            out, err = self.run_program("circuit", *arguments, status=2)
            self.assertEqual(out, "")
            self.assertIn(text, err)

    def test_file_that_is_not_there_is_named(self):
        self.assertIn("none.json", self.run_program("circuit", "run", "none.json", status=2)[1])


if __name__ == "__main__":
    unittest.main()
