# SPDX-License-Identifier: LGPL-2.1-or-later
"""Circuits in Python: observables as text, and gradients of every method, also of a backend that is written in Python."""
import math
import unittest

import numpy as np
import qrx
from gi.repository import GLib

QASM = """OPENQASM 3.0;
include "stdgates.inc";
input float[64] x0;
input array[float[64], 2] w;
qubit[2] q;
rx(2*x0 + w[0]) q[0];
crx(w[1]) q[0], q[1];
"""


def differentiate(backend, circuit, x, w):
    program = qrx.Program.compile(circuit)
    workspace = backend.create_workspace(program, len(x), qrx.Dtype.F64)
    inputs, weights = qrx.tensor(np.array(x, float)), qrx.tensor(np.array(w, float))
    out = qrx.tensor(np.zeros((len(x), circuit.get_n_observables())))
    ones = qrx.tensor(np.ones((len(x), circuit.get_n_observables())))
    by_inputs, by_weights = qrx.tensor(np.zeros((len(x), circuit.get_n_inputs()))), qrx.tensor(np.zeros(len(w)))
    backend.expectations(program, inputs, weights, workspace, out, None)
    backend.vjp(program, workspace, ones, by_inputs, by_weights, None)
    return out.numpy(), by_inputs.numpy(), by_weights.numpy()


class Room(qrx.Workspace):
    __gtype_name__ = "TestRoom"


class Device(qrx.Backend):
    """⟨Z⟩ of a qubit that one RX after the other turns: it gives expectations, and no gradient of its own."""
    __gtype_name__ = "TestDevice"

    def do_create_workspace(self, program, max_rows, dtype):
        return Room(program=program, max_rows=max_rows, dtype=int(dtype))

    def do_expectations(self, program, inputs, weights, workspace, expectations, pool):
        circuit, x, w = program.get_circuit(), inputs.numpy(), weights.numpy()
        total = np.zeros(len(x))
        for i in range(circuit.get_n_operations()):
            angle = circuit.get_angle(i, 0)
            values = x[:, angle.get_index()] if angle.get_source() == qrx.AngleSource.INPUT else w[angle.get_index()]
            total += angle.get_scale() * values + angle.get_offset()
        expectations.numpy()[:, 0] = np.cos(total)
        return True


class Circuits(unittest.TestCase):
    def circuit(self, *observables):
        circuit = qrx.Circuit.new_from_qasm(QASM, -1)
        circuit.clear_observables()
        for observable in observables:
            circuit.add_observable_text(observable)
        return circuit

    def test_observables_are_text(self):
        circuit = self.circuit("ZI", "0.5 XX - 2 IZ")
        self.assertEqual(circuit.dup_observable(1), "0.5 XX + -2 IZ")
        self.assertEqual(circuit.get_observable_range(1), (-2.5, 2.5))
        self.assertEqual(circuit.list_bases(), ["ZZ", "XX"])
        with self.assertRaisesRegex(GLib.Error, "found `Z` in an observable, expected `\\+` or `-`"):
            circuit.add_observable_text("ZZ Z")

    def test_methods_agree(self):
        self.assertEqual(qrx.Backend.list_gradients(), ["adjoint", "parameter-shift", "finite-difference", "spsa"])
        simulator, circuit = qrx.StatevectorBackend.new(), self.circuit("ZI", "0.5 YX - 2 IZ")
        x, w = [[0.3], [1.1]], [0.4, 0.8]
        exact = differentiate(simulator, circuit, x, w)
        for method, step, averages, tolerance in (("adjoint", 1, 1, 0), ("parameter-shift", 1, 1, 1e-13),
                                                  ("finite-difference", 1e-4, 1, 1e-7), ("spsa", 1e-4, 4000, 0.3)):
            found = differentiate(simulator.with_gradient(method, step, averages, 3), circuit, x, w)
            for a, b in zip(found, exact):
                np.testing.assert_allclose(a, b, rtol=0, atol=tolerance)
        with self.assertRaisesRegex(GLib.Error, 'there is no gradient "shift"'):
            simulator.with_gradient("shift", 1, 1, 0)

    def test_a_device_in_python_is_differentiated_by_shifts(self):
        circuit = qrx.Circuit.new(1)
        circuit.append("rx", [0], qrx.Angle.new_input(0, 2, 0.25))
        circuit.append("rx", [0], qrx.Angle.new_weight(0, 1, 0))
        circuit.append("rx", [0], qrx.Angle.new_weight(0, -3, 0))
        circuit.measure_each_qubit()
        backend = Device().with_gradient("parameter-shift", 1, 1, 0)
        _, by_inputs, by_weights = differentiate(backend, circuit, [[0.3], [0.7]], [0.9])
        slopes = [-math.sin(2 * x + 0.25 - 2 * 0.9) for x in (0.3, 0.7)]
        np.testing.assert_allclose(by_inputs[:, 0], [2 * slope for slope in slopes], atol=1e-13)
        np.testing.assert_allclose(by_weights, [-2 * sum(slopes)], atol=1e-13)
        with self.assertRaisesRegex(GLib.Error, "TestDevice has no gradient of its own"):
            differentiate(Device(), circuit, [[0.3]], [0.9])


if __name__ == "__main__":
    unittest.main()
