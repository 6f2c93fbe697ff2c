# SPDX-License-Identifier: LGPL-2.1-or-later
"""Node types in Python: a normalizer with two numbers that may be learned, and a monitor.

    python3 -m qrx run custom-normalizer.json --import my_nodes.py
"""
import numpy as np
import qrx


@qrx.node(
    "my-normalizer",
    category="normalizer",
    summary="Angles r·tanh(φ/a).",
    inputs={"in": ("flow:activation[B, Q]", "numbers of any size, one column a qubit")},
    outputs={"out": ("flow:angle[B, Q]", "angles in radians")},
    citations=["Ito, Lysenko, Tsunoda 2025, arXiv:2505.10037"],
)
class MyNormalizer(qrx.Layer):
    a = qrx.scalar(20, minimum=1e-6, blurb="how large φ is where the tanh bends")
    r = qrx.scalar(np.pi / 2, minimum=-1000, maximum=1000, unit="radian", blurb="half the width of the range")

    def forward(self, step):
        step.output = step.r * np.tanh(step.input / step.a)

    def backward(self, step):
        u = step.input / step.a
        slope = 1 / np.cosh(u) ** 2
        step.input_gradient = step.output_gradient * step.r / step.a * slope
        step.gradient.a = (-step.output_gradient * step.r * u / step.a * slope).sum(axis=0)
        step.gradient.r = (step.output_gradient * np.tanh(u)).sum(axis=0)

    def get_range(self, step, low, high):
        low[:], high[:] = -np.abs(step.r), np.abs(step.r)
        return True


@qrx.node("spread", category="monitor", summary="Mean and standard deviation of a flow.")
class Spread(qrx.Monitor):
    def measure(self, layer, step, gradients, epoch, history):
        return {"mean": step.output.mean(), "deviation": step.output.std()}
