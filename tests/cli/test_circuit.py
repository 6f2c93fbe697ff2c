# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx circuit run: the reference cases through the program, in their own keys."""
import json
import os
import xml.etree.ElementTree
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
    def compare(self, precision, *options, tolerance=None):
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
                    self.assertLessEqual(abs(x - y), tolerance or TOLERANCE[precision], (golden["name"], key))
                compared += len(a)
        self.assertGreater(compared, 100)

    def test_double_precision_agrees_with_the_reference(self):
        self.compare("double", "--json")

    def test_single_precision_agrees_with_the_reference(self):
        self.compare("single", "--threads", "2")

    def test_gradients_by_expectations_alone_agree(self):
        self.compare("double", "--method=parameter-shift")
        self.compare("double", "--method=finite-difference", "--step=1e-4", tolerance=2e-7)

    def test_spsa_draws_by_its_seed(self):
        operations = [{"gate": "ry" if i % 2 else "rx", "wires": [0], "params": [{"weight": i}]} for i in range(12)]
        name = self.write("a.json", json.dumps({"cases": [{"qubits": 1, "ops": operations, "observables": ["Z"],
                                                           "weights": [0.1 + i for i in range(12)]}]}))
        first, again, other, both = (self.run_program("circuit", "run", name, "--method=spsa", *options)[0] for options in
                                     (["--seed=1"], ["--seed=1"], ["--seed=5"], ["--seed=1", "--averages=2"]))
        self.assertEqual(first, again)
        self.assertEqual(len({first, other, both}), 3)

    def test_usage_errors(self):
        for arguments, text in ((["walk", "x"], "walk"), (["run", str(CASES), "--precision", "half"], "half"),
                                (["run", str(CASES), "--threads", "0"], "--threads"),
                                (["run", str(CASES), "--method", "adjiont"], 'did you mean "adjoint"?'),
                                (["run", str(CASES), "--method=spsa", "--averages=-1"], "0 averages"),
                                (["run", str(CASES), "--method=spsa", "--step=0"], "a step above 0")):
            out, err = self.run_program("circuit", *arguments, status=2)
            self.assertEqual(out, "")
            self.assertIn(text, err)

    QASM = ('OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float[64] x0;\ninput float[64] w0;\nqubit[3] q;\nh q[0];\n'
            "ry(0.5*x0 + 1.0) q[1];\ncrz(w0) q[2], q[0];\nccx q[0], q[1], q[2];\n// qrx: observable ZZI\n")

    def test_stats_count_what_there_is(self):
        name = self.write("a.qasm", self.QASM)
        stats = json.loads(self.run_program("circuit", "stats", name, "--json")[0])
        self.assertEqual(stats, {"qubits": 3, "inputs": 1, "weights": 1, "observables": 1, "measurement_bases": 1,
                                 "depth": 3, "entangling_depth": 2,
                                 "entangling_gates": 2, "two_qubit_gates": 1, "gates": 4,
                                 "gates_by_kind": {"h": 1, "ry": 1, "crz": 1, "ccx": 1},
                                 "bases": ["ZZI"]})
        self.assertRegex(self.run_program("circuit", "stats", name)[0], r"(?m)^depth +3$")

    def test_drawing_is_text_or_a_picture(self):
        name = self.write("a.qasm", self.QASM)
        self.assertEqual(self.run_program("circuit", "draw", name)[0],
                         "q0: ──────H───────RZ(w0)─●─\n"
                         "                    │    │\n"
                         "q1: ─RY(0.5·x0+1)───┼────●─\n"
                         "                    │    │\n"
                         "q2: ────────────────●────X─\n"
                         "measured: ZZI\n")
        self.assertEqual(self.run_program("circuit", "draw", name, "-o", "a.svg"), ("", ""))
        root = xml.etree.ElementTree.parse(self.folder / "a.svg").getroot()
        texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(texts, ["q0", "q1", "q2", "H", "RY(0.5·x0+1)", "RZ(w0)", "X", "measured: ZZI"])

    def test_narrow_drawings_go_on_below(self):
        name = self.write("a.qasm", 'OPENQASM 3.0; include "stdgates.inc"; qubit q; for int i in [1:200] rx(i) q;')
        lines = self.run_program("circuit", "draw", name, "--width", "60")[0].splitlines()
        self.assertLessEqual(max(map(len, lines)), 60)
        self.assertEqual(sum(line.count("RX") for line in lines), 200)
        name = self.write("b.qasm", "OPENQASM 3.0; qubit[8] q;\n" + 40 * "// qrx: observable 0.5 XXXXXXXX - ZZZZZZZZ\n")
        lines = self.run_program("circuit", "draw", name, "--width", "60")[0].splitlines()
        self.assertLessEqual(max(map(len, lines)), 60)
        self.assertEqual(sum(line.count("XXXXXXXX + -1 ZZZZZZZZ") for line in lines), 40)

    def test_conversion_there_and_back_changes_nothing(self):
        name = self.write("a.qasm", self.QASM)
        self.run_program("circuit", "convert", name, "a.json")
        self.run_program("circuit", "convert", "a.json", "b.qasm")
        self.assertEqual(self.read("b.qasm").decode(), self.QASM)
        self.run_program("circuit", "convert", "b.qasm", "b.json")
        self.assertEqual(self.read("a.json"), self.read("b.json"))

    def test_version_2_wants_numbers(self):
        name = self.write("a.qasm", self.QASM)
        out, err = self.run_program("circuit", "convert", name, "-", "--to", "qasm2", status=2)
        self.assertEqual(out, "")
        self.assertIn("operation 1 (ry)", err)
        out, _ = self.run_program("circuit", "convert", name, "-", "--to=qasm2", "--inputs=0.5", "--weights", "-2")
        self.assertIn("ry(1.25) q[1];\ncrz(-2.0) q[2], q[0];\n", out)
        self.assertIn("found 2 inputs, expected 1",
                      self.run_program("circuit", "convert", name, "-", "--to=qasm3", "--inputs=1,2", status=2)[1])

    def test_faults_name_their_place_in_the_file(self):
        name = self.write("a.qasm", "OPENQASM 3.0;\nqubit q;\nwhile (true) { }\n")
        for action in ("draw", "stats"):
            out, err = self.run_program("circuit", action, name, status=2)
            self.assertEqual(out, "")
            self.assertIn("a.qasm:3:1: found `while`", err)

    def test_a_circuit_in_place_of_cases_is_told_from_them(self):
        name = self.write("circuit.json", '{"qubits": 1,\n "ops": []}')
        _, err = self.run_program("circuit", "run", name, status=2)
        self.assertRegex(err, r'circuit\.json:1:\d+: found a circuit, expected cases: {"cases": \[')

    def test_every_action_has_help_and_refuses_unknown_options(self):
        for action in ("run", "draw", "stats", "convert"):
            self.assertIn("--json", self.run_program("circuit", action, "--help")[0])
            self.assertIn("did you mean `--json`?", self.run_program("circuit", action, "--jsno", status=2)[1])
        self.assertIn('did you mean "draw"?', self.run_program("circuit", "drwa", "x", status=2)[1])
        for arguments, text in ((["convert", "a", "b"], "--to"), (["convert", "a", "b", "--to=png"], "png"),
                                (["convert", "a", "b", "--to=json", "--inputs=x"], '"x"'), (["draw", "a", "--width=-1"], "-1")):
            self.assertIn(text, self.run_program("circuit", *arguments, status=2)[1])

    def test_file_that_is_not_there_is_named(self):
        for arguments in (["run", "none.json"], ["draw", "none.json"], ["stats", "none.json"],
                          ["convert", "none.json", "a.json"]):
            self.assertIn("none.json", self.run_program("circuit", *arguments, status=2)[1])


if __name__ == "__main__":
    unittest.main()
