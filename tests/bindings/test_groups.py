# SPDX-License-Identifier: LGPL-2.1-or-later
"""A layer in Python that goes by an annotation of the rows, as those in C do."""
import unittest

import gi

gi.require_version("Qrx", "1.0")

import numpy as np
import qrx


@qrx.node(
    "test-shift",
    summary="Shifts rows by their group.",
    category="test",
    inputs={"in": "flow:activation[B, Q]", "group": "flow:category=by[B, C]"},
    outputs={"out": "flow:activation[B, Q]"},
)
class Shift(qrx.Layer):
    by = qrx.Property(type=str, default="tissue")

    def prepare(self, plan):
        plan.add_parameter("shift", plan.get_input_width(1), plan.get_output_width())

    def forward(self, step):
        step.output = step.input + step.inputs[1] @ step.shift

    def backward(self, step):
        step.input_gradient = step.output_gradient
        step.gradient.shift = step.inputs[1].T @ step.output_gradient


class Groups(unittest.TestCase):
    """Layers that go by an annotation of the rows."""

    def build(self, by="tissue"):
        pipeline = qrx.Pipeline(seed=3)
        split = pipeline.add("split", pipeline.add("synthetic-cohort", id="cohort", lines=60, genes=6), id="split", test=0.25)
        encode = pipeline.add("linear", pipeline.add("standardize", split), id="encode", width=2, quantity="activation")
        shift = pipeline.add("test-shift", encode, id="shift", group=split, by=by)
        head = pipeline.add("linear", shift, id="head", width=1, quantity="prediction")
        pipeline.add("trainer", head, id="fit", epochs=4, precision="float64")
        return pipeline

    def test_a_layer_in_python_sees_a_column_for_each_category(self):
        result = self.build().run(threads=1)
        model = result["fit"].model
        table = result["fit"].predictions.get_table()
        frame = table.to_pandas()
        groups = sorted(frame[frame["role"] == "train"]["tissue"].unique())
        shift = model.get_parameter("shift.shift").numpy()
        self.assertEqual(shift.shape, (len(groups), 2))
        self.assertGreater(np.abs(shift).min(), 0)
        # An independent forward pass: columns are the tissues in the order of their names.
        columns = np.array([[tissue == name for name in groups] for tissue in frame["tissue"]], float)
        genes = table.features()
        train = (frame["role"] == "train").to_numpy()
        scaled = (genes - genes[train].mean(axis=0)) / genes[train].std(axis=0, ddof=0)
        parameter = {name: model.get_parameter(name).numpy() for name in model.dup_parameter_names()}
        hidden = scaled @ parameter["encode.weight"].T + parameter["encode.bias"] + columns @ shift
        output = hidden @ parameter["head.weight"].T + parameter["head.bias"]
        expected = model.get_target_mean() + model.get_target_deviation() * output
        np.testing.assert_allclose(result["fit"].predictions.numpy(), expected, rtol=1e-9)

    def test_an_annotation_that_is_not_there_is_named(self):
        with self.assertRaises(qrx.DataError) as caught:
            self.build(by="tisue").run(threads=1)
        self.assertEqual(caught.exception.node, "shift")
        self.assertIn('no annotation "tisue"; did you mean "tissue"?', caught.exception.message)


if __name__ == "__main__":
    unittest.main()
