# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the compiler and the readers cost grows in proportion to a circuit. Instructions are counted, by callgrind, which
no other load on the machine disturbs: twice the gates may cost twice the instructions, and little more."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["QRX_COMPILE_CIRCUITS"]
SIZES = (0, 3000, 6000)
# From 3000 to 6000 gates against from 0 to 3000: 1 if it is linear, 3 if it is quadratic. What fills up with distinct
# strings first, such as a table of all that four qubits know, is a little over 1.
LARGEST = 1.5


def count(size):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", PROGRAM, str(size)],
                       capture_output=True, check=True)
        listing = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", f"{folder}/out"],
                                 capture_output=True, encoding="utf-8", check=True).stdout
    return {name: int(number.replace(",", ""))
            for number, name in re.findall(r"^ *([\d,]+) .*:grow_(\w+)", listing, re.MULTILINE)}


@unittest.skipUnless(shutil.which("callgrind_annotate"), "valgrind is not installed")
class Growth(unittest.TestCase):
    def test_cost_grows_in_proportion(self):
        none, some, twice = (count(size) for size in SIZES)
        self.assertEqual(len(some), 11)
        for name in some:
            growth = (twice[name] - some[name]) / (some[name] - none.get(name, 0))
            print(f"# {name.replace('_', ' ')}: {some[name] // SIZES[1]} instructions each, growth {growth:.2f}")
            with self.subTest(name):
                self.assertLess(growth, LARGEST)


if __name__ == "__main__":
    unittest.main()
