// SPDX-License-Identifier: LGPL-2.1-or-later
// Node types in JavaScript: a normalizer with two numbers that may be learned, and a monitor.
// For use with custom-normalizer.json; `import * as qrx` names bindings/gjs/qrx.js, or its place when installed.
import * as qrx from '../../bindings/gjs/qrx.js';

export const MyNormalizer = qrx.node({
    name: 'my-normalizer',
    category: 'normalizer',
    summary: 'Angles r·tanh(φ/a).',
    inputs: {in: ['flow:activation[B, Q]', 'numbers of any size, one column a qubit']},
    outputs: {out: ['flow:angle[B, Q]', 'angles in radians']},
    properties: {
        a: qrx.scalar(20, {minimum: 1e-6, blurb: 'how large φ is where the tanh bends'}),
        r: qrx.scalar(Math.PI / 2, {minimum: -1000, maximum: 1000, unit: 'radian', blurb: 'half the width of the range'}),
    },
    citations: ['Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037'],
}, class MyNormalizer extends qrx.Qrx.Layer {
    forward({width, input, output, a, r}) {
        for (let i = 0; i < output.length; i++)
            output[i] = r[i % width] * Math.tanh(input[i] / a[i % width]);
    }

    backward({width, input, outputGradient, inputGradient, gradient, a, r}) {
        gradient.a.fill(0);
        gradient.r.fill(0);
        for (let i = 0; i < input.length; i++) {
            const j = i % width;
            const u = input[i] / a[j];
            const slope = 1 / Math.cosh(u) ** 2;
            inputGradient[i] = outputGradient[i] * r[j] / a[j] * slope;
            gradient.a[j] -= outputGradient[i] * r[j] * u / a[j] * slope;
            gradient.r[j] += outputGradient[i] * Math.tanh(u);
        }
    }

    get_range({r}, low, high) {
        r.forEach((half, j) => {
            low[j] = -Math.abs(half);
            high[j] = Math.abs(half);
        });
        return true;
    }
});

export const Spread = qrx.node({
    name: 'spread',
    category: 'monitor',
    summary: 'Mean and standard deviation of a flow.',
}, class Spread extends qrx.Qrx.Monitor {
    measure(layer, {output}) {
        const mean = output.reduce((sum, x) => sum + x, 0) / output.length;
        const square = output.reduce((sum, x) => sum + (x - mean) ** 2, 0) / output.length;
        return {mean, deviation: Math.sqrt(square)};
    }
});
