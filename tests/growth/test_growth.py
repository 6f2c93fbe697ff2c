# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the compiler and the readers cost grows in proportion to a circuit. Instructions are counted, by callgrind, which
no other load on the machine disturbs: twice the gates may cost twice the instructions, and little more."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

PROGRAM = os.environ["QRX_COMPILE_CIRCUITS"]
SIZES = (0, 3000, 6000)
# From 3000 to 6000 gates against from 0 to 3000: 1 if it is linear, 3 if it is quadratic. What fills up with distinct
# strings first, such as a table of all that four qubits know, is a little over 1.
LARGEST = 1.5


def count(sort, size):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", PROGRAM, sort, str(size)],
                       capture_output=True, check=True)
        with open(f"{folder}/out", encoding="utf-8") as profile:
            return int(re.search(r"^totals: (\d+)", profile.read(), re.MULTILINE)[1])


@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
class Growth(unittest.TestCase):
    def test_cost_grows_in_proportion(self):
        sorts = subprocess.run([PROGRAM], capture_output=True, encoding="utf-8", check=True).stdout.split()
        self.assertEqual(len(sorts), 11)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = list(pool.map(count, *zip(*((sort, size) for sort in sorts for size in SIZES))))
        for i, sort in enumerate(sorts):
            none, some, twice = counts[3 * i:3 * i + 3]
            with self.subTest(sort):
                self.assertGreater(some - none, SIZES[1])
                growth = (twice - some) / (some - none)
                print(f"# {sort.replace('_', ' ')}: {(some - none) // SIZES[1]} instructions each, growth {growth:.2f}")
                self.assertLess(growth, LARGEST)


if __name__ == "__main__":
    unittest.main()
