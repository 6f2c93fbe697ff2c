// SPDX-License-Identifier: LGPL-2.1-or-later
// Circuits from JavaScript: observables as text, and gradients by shifts.
import Qrx from 'gi://Qrx?version=1.0';

import {close, equal, run, throws} from './harness.js';

const F64 = Qrx.Dtype.F64;

function differentiate(backend, circuit) {
    const program = Qrx.Program.compile(circuit);
    const workspace = backend.create_workspace(program, 1, F64);
    const [inputs, out, ones, byInputs] = [0, 1, 2, 3].map(() => Qrx.Tensor.new_matrix(F64, 1, 1));
    const [weights, byWeights] = [0, 1].map(() => Qrx.Tensor.new(F64, [1]));

    inputs.fill(0.3);
    weights.fill(0.7);
    ones.fill(1);
    backend.expectations(program, inputs, weights, workspace, out, null);
    backend.vjp(program, workspace, ones, byInputs, byWeights, null);
    return [out, byInputs, byWeights].map(tensor => tensor.get(0));
}

const tests = {
    'shifts give the exact gradient of a weighted sum'() {
        const circuit = Qrx.Circuit.new(1);

        circuit.append('rx', [0], Qrx.Angle.new_input(0, 2, 0.5));
        circuit.append('rx', [0], Qrx.Angle.new_weight(0, -1, 0));
        circuit.add_observable_text('0.5 Z - 2 Y');
        for (const method of ['adjoint', 'parameter-shift']) {
            const backend = Qrx.StatevectorBackend.new().with_gradient(method, 1, 1, 0);
            const angle = 2 * 0.3 + 0.5 - 0.7, slope = -0.5 * Math.sin(angle) + 2 * Math.cos(angle);
            const expected = [0.5 * Math.cos(angle) + 2 * Math.sin(angle), 2 * slope, -slope];

            close(differentiate(backend, circuit), expected, 1e-13);
        }
    },
    'bases are listed'() {
        const circuit = Qrx.Circuit.new(2);

        for (const observable of ['ZI', '0.5 XX - IZ'])
            circuit.add_observable_text(observable);
        equal(circuit.list_bases(), ['ZZ', 'XX']);
    },
    'a method that is not there is an exception'() {
        throws(() => Qrx.StatevectorBackend.new().with_gradient('shift', 1, 1, 0), 'there is no gradient "shift"');
    },
};

run(tests);
