# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx bench: what it prints can be compared with other programs."""
import json
import os
import subprocess
import tempfile
import unittest

from harness import Case

HERE = os.path.dirname(os.path.abspath(__file__))

# Sums of products of numbers of size one, by another simulator in double precision (qubits 4, batch 32, layers 3).
EXPECTED = {"checksum_z": -9.74836137331, "checksum_dx": -3.81559997463, "checksum_dtheta": 8.1911005778}
# tests/bench/train-reference --genes 50 --qubits 4 --batch 8 --precision double
LOSSES = {"checksum_loss": 1.5824087840633831, "checksum_loss_10": 1.3406316993602563}
# tests/bench/blocks-reference write blocks.json; tests/bench/blocks-reference time blocks.json
BLOCKS = {"checksum_z": -2.0851142612768223, "checksum_dx": 0.045158854542750815, "checksum_dtheta": -15.027506263094464}


class Bench(Case):
    def test_checksums_are_those_of_other_simulators(self):
        for precision, tolerance in (("double", 1e-10), ("single", 1e-3)):
            out, err = self.run_program("bench", "quantum", "--qubits", "4", "--precision", precision, "--json")
            found = json.loads(out)
            self.assertEqual(err, "")
            self.assertEqual((found["what"], found["qubits"], found["batch"], found["layers"]), ("quantum", 4, 32, 3))
            self.assertGreater(found["median_us"], 0)
            for key, value in EXPECTED.items():
                self.assertAlmostEqual(found[key], value, delta=tolerance)

    def test_another_circuit_is_read_from_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "blocks.json")
            subprocess.run([os.path.join(HERE, "..", "bench", "blocks-reference"), "write", path], check=True)
            out, err = self.run_program("bench", "quantum", "--circuit", path, "--json")
            found = json.loads(out)
            self.assertEqual((err, found["qubits"], found["batch"]), ("", 8, 32))
            for key, value in BLOCKS.items():
                self.assertAlmostEqual(found[key], value, delta=1e-10)
            out, err = self.run_program("bench", "quantum", "--circuit", path + ".qasm", status=1)
            self.assertEqual(out, "")
            self.assertIn("blocks.json.qasm", err)

    def test_losses_of_a_fit_are_those_of_pytorch(self):
        out, err = self.run_program("bench", "train", "--genes", "50", "--qubits", "4", "--batch", "8", "--precision",
                                    "double", "--json")
        found = json.loads(out)
        self.assertEqual(err, "")
        self.assertEqual((found["what"], found["genes"], found["precision"]), ("train", 50, "float64"))
        self.assertGreater(found["min_us"], 0)
        for key, value in LOSSES.items():
            self.assertAlmostEqual(found[key], value, delta=1e-10)

    def test_usage_errors(self):
        for arguments, text in ((["fast"], "fast"), (["quantum", "--qubits", "0"], "--qubits"),
                                (["quantum", "--precision", "half"], "half"), (["quantum", "--threads", "-1"], "--threads"),
                                (["quantum", "--kernel", "none"], "`none`; this processor has `"),
                                (["quantum", "--kernel", ""], "``; this processor has `")):
            out, err = self.run_program("bench", *arguments, status=2)
            self.assertEqual(out, "")
            self.assertIn(text, err)


if __name__ == "__main__":
    unittest.main()
