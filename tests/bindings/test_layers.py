# SPDX-License-Identifier: LGPL-2.1-or-later
"""Node types in Python: a normalizer learns as the built-in one does, and whatever it raises is told."""
import gc
import json
import unittest
import weakref

import gi

gi.require_version("Qrx", "1.0")

import numpy as np
import qrx
from gi.repository import GLib, GObject

from cases import PIPELINE, hybrid, resident, sanitized  # and the way to the examples

import my_nodes

ANGLES = {"inputs": {"in": "flow:activation[B, Q]"}, "outputs": {"out": "flow:angle[B, Q]"}}


@qrx.node("test-broken", summary="Fails where it is told to.", category="test", **ANGLES)
class Broken(qrx.Layer):
    where = qrx.Property(choices=["nowhere", "prepare", "forward", "backward", "shape", "glib", "library"])
    half_width = qrx.scalar(1, minimum=0, unit="radian")

    def fail(self, where):
        if self.where == where:
            raise KeyError("on purpose")

    def resolve(self, scope):
        if self.half_width.get_value() == 13:
            raise ValueError("thirteen is not allowed")

    def prepare(self, plan):
        self.fail("prepare")
        plan.add_workspace("kept", 0, plan.get_output_width())
        plan.add_buffer("calls", 1, 1, 0)

    def forward(self, step):
        self.fail("forward")
        if self.where == "shape":
            step.output = step.input[:, :1, None] + np.zeros((1, 2, 5))
        if self.where == "glib":
            raise GLib.Error("no luck", "qrx-data-error-quark", int(qrx.DataError.VALUE))
        if self.where == "library":
            json.loads("{")
        step.kept = step.half_width * np.sin(step.input)
        step.output = step.kept
        step.calls += 1

    def backward(self, step):
        self.fail("backward")
        step.input_gradient = step.output_gradient * step.half_width * np.cos(step.input)
        step.gradient.half_width = (step.output_gradient * np.sin(step.input)).sum(axis=0)


def make(name, **properties):
    return qrx.registry().create(name, "x", json.dumps(properties))


def step_of(layer, rows=5, width=3, mode=qrx.Mode.TRAIN):
    return qrx.Step.new_for_layer(layer, None, rows, mode, [width], width, qrx.Dtype.F64, 1)


class Steps(unittest.TestCase):
    def setUp(self):
        self.layer = make("test-broken", **{"half-width": 2})
        self.step = step_of(self.layer)

    def test_views_are_the_librarys_memory(self):
        self.step.get_input(0).numpy()[:] = 0.5
        self.layer.forward(self.step)
        np.testing.assert_array_equal(self.step.get_output().numpy(), np.full((5, 3), 2 * np.sin(0.5)))
        self.assertEqual(self.step.output.ctypes.data, self.step.get_output().get_address())

    def test_views_are_made_once(self):
        for name in ("input", "output", "output_gradient", "input_gradient", "half_width", "gradient", "kept", "calls"):
            self.assertIs(getattr(self.step, name), getattr(self.step, name), name)

    def test_what_is_assigned_is_written(self):
        before = self.step.output
        self.step.output = 3
        self.step.output += 1
        self.assertIs(self.step.output, before)
        self.assertEqual(self.step.get_output().get(14), 4)
        self.step.gradient.half_width = [1, 2, 3]
        self.assertEqual(self.step.get_parameter_gradient("half-width").get(2), 3)

    def test_what_belongs_to_others_cannot_be_written(self):
        for name in ("input", "output_gradient", "half_width"):
            with self.assertRaises(ValueError, msg=name):
                setattr(self.step, name, 1)

    def test_an_unknown_name_is_an_error(self):
        with self.assertRaisesRegex(AttributeError, 'no parameter, scalar, buffer or workspace "b"'):
            self.step.b
        with self.assertRaises(AttributeError):
            self.step.b = 1

    def test_facts_of_a_step(self):
        self.assertEqual((self.step.rows, self.step.training, self.step.target), (5, True, None))
        fit = step_of(self.layer, mode=qrx.Mode.FIT)
        self.assertEqual((fit.training, fit.target.shape), (False, (5, 1)))

    def test_random_numbers_depend_on_the_key_alone(self):
        draws = []
        for _ in range(2):
            tensor = qrx.Tensor.new_matrix(qrx.Dtype.F64, 2, 2)
            step_of(self.layer).random.fill_normal(tensor, 0, 1)
            draws.append(tensor.numpy())
        np.testing.assert_array_equal(*draws)
        self.assertEqual(len(np.unique(draws[0])), 4)


class Gradients(unittest.TestCase):
    def check(self, name, **properties):
        """Central differences of a weighted sum of the output, with respect to inputs and scalars."""
        rng = np.random.default_rng(3)
        layer = make(name, **properties)
        step = step_of(layer)
        x = step.get_input(0).numpy()
        x[:] = rng.normal(0, 2, x.shape)
        weights = rng.normal(size=x.shape)
        step.get_output_gradient().numpy()[:] = weights

        def value():
            layer.forward(step)
            return float((weights * step.output).sum())

        value()
        layer.backward(step)
        tensors = [(x, step.input_gradient.copy())]
        for scalar in step.get_plan().dup_parameter_names():
            tensors.append((step.get_parameter(scalar).numpy(), getattr(step.gradient, scalar.replace("-", "_")).copy()))
        # Central differences with h = 1e-6 are good to about h² + 1e-16/h.
        for values, gradient in tensors:
            for index in np.ndindex(*values.shape):
                middle = values[index]
                values[index] = middle + 1e-6
                high = value()
                values[index] = middle - 1e-6
                low = value()
                values[index] = middle
                self.assertAlmostEqual(gradient[index], (high - low) / 2e-6, delta=1e-7)

    def test_finite_differences_of_the_example(self):
        self.check("my-normalizer", a=1.5, r=2)

    def test_finite_differences_of_another(self):
        self.check("test-broken", **{"half-width": 0.7})


class Learning(unittest.TestCase):
    def fit(self, normalizer, train, **keywords):
        keywords = {"a": {"value": 2, "train": train, "rate": 10}, "epochs": 30, **keywords}
        return hybrid(normalizer, **keywords).run(threads=1)["fit"]

    def test_learns_what_the_built_in_one_learns(self):
        # The formulas are the same, but not the order of operations: 1e-9 after 30 epochs is rounding alone.
        for train in ("no", "yes", "per-qubit"):
            with self.subTest(train=train):
                own, built_in = self.fit("my-normalizer", train), self.fit("moderated-tanh", train)
                np.testing.assert_allclose(own.predictions.numpy(), built_in.predictions.numpy(), rtol=0, atol=1e-9)
                mine, theirs = own.model.parameters(), built_in.model.parameters()
                for name in mine:
                    np.testing.assert_allclose(mine[name], theirs[name], rtol=0, atol=1e-9, err_msg=name)
                self.assertEqual(len(np.unique(mine["normalize.a"])), 3 if train == "per-qubit" else 1)
                self.assertEqual(bool((mine["normalize.a"] == 2).all()), train == "no")

    def test_the_loss_falls(self):
        loss = self.fit("my-normalizer", "yes").history.to_dict()["train-loss"]
        self.assertLess(loss[-1], 0.9 * loss[0])

    def test_learns_in_single_precision(self):
        own = self.fit("my-normalizer", "yes", precision="float32")
        built_in = self.fit("moderated-tanh", "yes", precision="float32")
        # Single precision has 24 bits; differences of rounding grow over 30 epochs.
        np.testing.assert_allclose(own.predictions.numpy(), built_in.predictions.numpy(), rtol=0, atol=1e-3)

    def test_threads_do_not_change_a_bit(self):
        one, two = (hybrid("my-normalizer").run(threads=n)["fit"].predictions.numpy() for n in (1, 2))
        np.testing.assert_array_equal(one, two)

    def test_works_by_name_in_a_pipeline_file(self):
        result = qrx.load(PIPELINE).run(threads=1)
        loss = result["fit"].history.to_dict()["train-loss"]
        self.assertLess(loss[-1], 0.8 * loss[0])
        built_in = qrx.load(PIPELINE, set={"normalize.type": "moderated-tanh"}).run(threads=1)
        self.assertAlmostEqual(
            result.metrics["evaluate"]["test"]["rmse"], built_in.metrics["evaluate"]["test"]["rmse"], delta=1e-9
        )

    def test_monitors_watch_it(self):
        history = hybrid("my-normalizer", monitors=["spread", "crowding"]).run(threads=1)["fit"].history.to_dict()
        self.assertTrue((history["spread.deviation"] > 0).all())
        # The library's own monitor asks the layer for its range, and takes the same deviation up to rounding.
        self.assertTrue(np.isfinite(history["crowding.scale-ratio"]).all())

    def test_steps_are_let_go_with_their_fit(self):
        seen = []

        @qrx.node("test-watched", summary="Passes numbers on.", **ANGLES)
        class Watched(qrx.Layer):
            def forward(self, step):
                if not seen or seen[-1]() is not step:
                    seen.append(weakref.ref(step))
                step.output = step.input

            def backward(self, step):
                step.input_gradient = step.output_gradient

        self.addCleanup(qrx.declared.pop, "test-watched")
        result = hybrid("test-watched").run(threads=1)
        del result
        gc.collect()
        self.assertGreater(len(seen), 1)
        self.assertEqual([step() for step in seen if step() is not None], [])

    @unittest.skipIf(sanitized(), "measures memory")
    def test_three_thousand_steps_take_no_memory(self):
        sizes = []
        pipeline = hybrid("my-normalizer", epochs=1000, a={"value": 2, "train": "yes"})  # 3 minibatches an epoch
        pipeline.run(threads=1, progress=lambda *_: sizes.append(resident()))
        self.assertGreater(len(sizes), 100)
        # A leak of one 32 × 3 array of doubles each step would be 2.3 MiB; of what passes through Python, far more.
        self.assertLess(sizes[-1] - sizes[len(sizes) // 10], 1.5)


class Failures(unittest.TestCase):
    def fail(self, where):
        with self.assertRaises(qrx.RunError) as caught:
            hybrid("test-broken", where=where).run(threads=1)
        return caught.exception

    def test_an_exception_is_told_with_its_text_place_and_node(self):
        for where in ("prepare", "forward", "backward"):
            with self.subTest(where=where):
                error = self.fail(where)
                self.assertRegex(error.message, r"^fit: normalize: KeyError: 'on purpose' \(test_layers\.py:\d+\)$")
                self.assertTrue(error.matches(qrx.run_error_quark(), qrx.RunError.FAILED))
                self.assertEqual(error.node, "normalize")
                self.assertIsInstance(error.__cause__, KeyError)
                self.assertEqual(error.__cause__.__traceback__.tb_frame.f_code.co_name, "call")

    def test_an_array_of_the_wrong_shape_is_told(self):
        message = self.fail("shape").message
        self.assertRegex(message, r"^fit: normalize: ValueError: could not broadcast .* \(test_layers\.py:\d+\)$")

    def test_the_authors_line_is_named_beside_the_librarys(self):
        message = self.fail("library").message
        self.assertRegex(message, r"JSONDecodeError: .* \(decoder\.py:\d+, called at test_layers\.py:\d+\)$")

    def test_a_glib_error_stays_what_it_is(self):
        with self.assertRaises(qrx.DataError) as caught:
            hybrid("test-broken", where="glib").run(threads=1)
        self.assertEqual(caught.exception.message, "fit: normalize: no luck")
        self.assertTrue(caught.exception.matches(qrx.data_error_quark(), qrx.DataError.VALUE))

    def test_a_property_out_of_range_is_refused(self):
        for properties, message in (
            ({"a": 0}, 'property "a": found 0.0, expected a trainable number in [1e-06, inf)'),
            ({"a": {"value": 1, "train": "maybe"}}, 'found "maybe" as "train"'),
            ({"b": 1}, 'my-normalizer has no property "b"'),
        ):
            with self.assertRaises(qrx.PipelineError) as caught:
                hybrid("my-normalizer", **properties)
            self.assertIn(message, caught.exception.message)

    def test_resolve_finds_faults_before_anything_runs(self):
        with self.assertRaises(qrx.PipelineError) as caught:
            hybrid("test-broken", half_width=13).validate()
        self.assertEqual([fault.node for fault in caught.exception.diagnostics], ["normalize"])
        self.assertIn("thirteen is not allowed", caught.exception.diagnostics[0].message)

    def test_a_description_shows_what_was_declared(self):
        found = json.loads(qrx.registry().describe("test-broken"))
        properties = {entry["name"]: entry for entry in found["properties"]}
        self.assertEqual(properties["half-width"]["unit"], "radian")
        self.assertEqual(properties["half-width"]["default"], 1)
        self.assertEqual(properties["where"]["choices"][0], "nowhere")

    def test_a_scalar_does_not_hide_what_a_step_has(self):
        with self.assertRaisesRegex(TypeError, 'the scalar "output" has the name of something else'):

            @qrx.node("test-hiding", summary="Hides the output.", **ANGLES)
            class Hiding(qrx.Layer):
                output = qrx.scalar(1)

    def test_only_nodes_can_be_declared(self):
        with self.assertRaisesRegex(TypeError, "expected a class that derives from"):
            qrx.node("nothing", summary="Is no node.")(object)

    def test_a_bad_port_spec_is_told_when_it_is_registered(self):
        @qrx.node("bad-port", summary="Has a port that cannot be.", inputs={"in": "flow:["})
        class Bad(qrx.Node):
            def run(self, inputs, outputs, context, cancellable):
                pass

        self.addCleanup(qrx.declared.pop, "bad-port")
        with self.assertRaisesRegex(qrx.PipelineError, "cannot register"):
            qrx.registry()


class Others(unittest.TestCase):
    def test_a_node_that_makes_a_table(self):
        @qrx.node("test-doubler", summary="Doubles the target.", inputs={"in": "table"}, outputs={"out": "table"})
        class Doubler(qrx.Node):
            factor = GObject.Property(type=float, default=2.0, minimum=0.0, maximum=10.0)

            def run(self, inputs, outputs, context, cancellable):
                frame = inputs["in"].to_pandas()
                frame["ln_ic50"] *= self.factor
                context.message(self.get_id(), "doubled")
                outputs["out"] = qrx.Table.from_pandas(
                    frame, target=frame.attrs["targets"], annotations=["tissue", "line"]
                )

        self.addCleanup(qrx.declared.pop, "test-doubler")
        pipeline = qrx.Pipeline()
        cohort = pipeline.add("synthetic-cohort", id="cohort", lines=10, genes=6)
        pipeline.add(Doubler, cohort, id="double", factor=3)
        said = []
        result = pipeline.run(message=lambda *args: said.append(args))
        np.testing.assert_allclose(
            result["double"].out.targets()["ln_ic50"], 3 * result["cohort"].out.targets()["ln_ic50"], rtol=1e-15
        )
        self.assertIn(("double", "doubled"), said)

    def test_a_block_is_guarded_too(self):
        class Slow(qrx.Block):
            burns = False

            def read(self, rows, out):
                if self.burns:
                    raise OSError("the disk is on fire")
                out.fill(1)

        table, block = qrx.Table.new(["a"]), Slow(name="slow", columns=["x"], n_rows=1)
        table.add_block(block, None)
        np.testing.assert_array_equal(table.features(), [[1]])
        block.burns = True
        with self.assertRaises(GLib.Error) as caught:
            table.features()
        self.assertIn("OSError: the disk is on fire (test_layers.py:", caught.exception.message)
        with self.assertRaises(GLib.Error):
            qrx.Table.new(["b"]).add_block(block, None)

    def test_a_saved_model_finds_its_layer_again(self):
        import os
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            fit = hybrid("my-normalizer", a={"value": 2, "train": "yes"}).run(threads=1, output=folder)["fit"]
            model = qrx.load_model(os.path.join(folder, "fit.safetensors"))
        table = fit.predictions.get_table()
        again = model.predict(table, True, qrx.context(threads=1), None)
        np.testing.assert_array_equal(again.numpy(), fit.predictions.numpy())


assert my_nodes.MyNormalizer.get_name() == "my-normalizer"

if __name__ == "__main__":
    unittest.main()
