# SPDX-License-Identifier: LGPL-2.1-or-later
"""Graphs in Python: built, checked with every fault, run, watched, cancelled; the same results as from a file."""
import inspect
import json
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np
import pandas
import qrx
from gi.repository import Gio, GLib

from cases import PIPELINE, folder, hybrid  # and the way to the examples

import my_nodes  # noqa: F401  declares my-normalizer


class Building(unittest.TestCase):
    def test_code_and_file_are_the_same_graph(self):
        pipeline = hybrid(monitors=["crowding"]).validate()
        again = qrx.parse(pipeline.to_json())
        self.assertEqual(json.loads(again.to_json()), json.loads(pipeline.to_json()))
        np.testing.assert_array_equal(
            pipeline.run(threads=1)["fit"].predictions.numpy(), again.run(threads=1)["fit"].predictions.numpy()
        )

    def test_ids_are_chosen_where_none_are_given(self):
        pipeline = qrx.Pipeline()
        ids = [pipeline.add("synthetic-cohort").id for _ in range(3)]
        self.assertEqual(ids, ["synthetic-cohort", "synthetic-cohort-2", "synthetic-cohort-3"])

    def test_properties_are_what_python_has(self):
        pipeline = qrx.Pipeline()
        node = pipeline.add("mlp-encoder", hidden=np.array([4, 2]), width=np.int64(3), batch_norm=np.bool_(False))
        self.assertEqual(node.native.props.width, 3)
        self.assertEqual(node.native.props.hidden.unpack(), [4, 2])
        scalar = qrx.Scalar.new(3, qrx.ScalarTrain.PER_QUBIT, 10, qrx.Parameterization.SOFTPLUS)
        found = pipeline.add("moderated-tanh", a=scalar, r="pi").native
        self.assertEqual((found.props.a.get_value(), found.props.a.get_train()), (3, qrx.ScalarTrain.PER_QUBIT))
        self.assertEqual(found.props.a.get_parameterization(), qrx.Parameterization.SOFTPLUS)
        self.assertEqual(found.props.r.get_value(), np.pi)
        with self.assertRaises(TypeError):
            pipeline.add("moderated-tanh", a=object())

    def test_ports_are_linked_by_name(self):
        pipeline = hybrid()
        fit = pipeline["fit"]
        self.assertEqual([str(fit["history"]), str(fit.history), str(fit)], ["fit.history", "fit.history", "fit"])
        with self.assertRaisesRegex(KeyError, 'fit has no output .*scores.*; it has predictions, model, history'):
            fit["scores"]
        with self.assertRaises(AttributeError):
            fit.scores
        with self.assertRaisesRegex(qrx.PipelineError, 'no such node'):
            pipeline.add("evaluator", "fot")
        pipeline.add("evaluator", in_=fit, id="again")
        pipeline.add("evaluator", id="third")
        pipeline.link(fit.predictions, "third.in")
        pipeline.validate()

    def test_what_is_unknown_is_refused_at_once(self):
        pipeline = qrx.Pipeline()
        for arguments, keywords, message in (
            (["moderated-tanhh"], {}, 'did you mean "moderated-tanh"'),
            (["moderated-tanh"], {"b": 1}, 'has no property "b"'),
            (["moderated-tanh"], {"id": "No"}, "expected a lower-case letter"),
        ):
            with self.assertRaisesRegex(qrx.PipelineError, message):
                pipeline.add(*arguments, **keywords)
        with self.assertRaises(ValueError):
            qrx.Pipeline(seed=-1)

    def test_a_frame_is_the_source_of_a_graph(self):
        rng = np.random.default_rng(5)
        values = rng.normal(size=(60, 4))
        frame = pandas.DataFrame(values, [f"L{i}" for i in range(60)], list("abcd")).assign(y=values @ [1, 2, 0, -1])
        for roles in (None, ["train"] * 45 + ["test"] * 15):
            table = qrx.Table.from_pandas(
                frame if roles is None else frame.assign(role=roles),
                target="y",
                orientation="high-is-sensitive",
                role=None if roles is None else "role",
            )
            pipeline = qrx.Pipeline()
            source = pipeline.add(table)
            flow = source if roles else pipeline.add("split", source, test=0.25)
            head = pipeline.add("linear", flow, width=1, quantity="prediction")
            fit = pipeline.add("trainer", head, id="fit", epochs=300, learning_rate=0.05)
            pipeline.add("evaluator", fit, id="evaluate")
            self.assertGreater(pipeline.run(threads=1).metrics["evaluate"]["test"]["r2"], 0.999)

    def test_a_node_made_already_can_be_added(self):
        pipeline = qrx.Pipeline()
        node = pipeline.registry.create("synthetic-cohort", "cohort", '{"lines": 5}')
        self.assertEqual(pipeline.add(node).id, "cohort")
        with self.assertRaisesRegex(TypeError, "made already"):
            pipeline.add(pipeline.registry.create("synthetic-cohort", "other", None), lines=3)
        self.assertIn("cohort", pipeline.native.to_dot())


class Faults(unittest.TestCase):
    def test_every_fault_of_a_file_is_an_object(self):
        with self.assertRaises(qrx.PipelineError) as caught:
            qrx.load(PIPELINE, set={"normalize.a": -3, "fit.epochz": 3, "encode.width": 0})
        faults = caught.exception.diagnostics
        self.assertEqual({fault.node for fault in faults}, {"normalize", "fit", "encode"})
        self.assertEqual([fault.suggestion for fault in faults if fault.node == "fit"], ["epochs"])
        self.assertEqual(caught.exception.code, int(qrx.PipelineError.INVALID))

    def test_a_fault_has_its_place(self):
        with self.assertRaises(qrx.PipelineError) as caught:
            qrx.parse('{"qrx": "1",\n "nodes": {"a": {"type": "splitt"}}}', name="p.json")
        (fault,) = caught.exception.diagnostics
        self.assertEqual((fault.file, fault.line, fault.column, fault.pointer), ("p.json", 2, 26, "/nodes/a/type"))
        self.assertEqual((fault.suggestion, str(fault)), ("split", f"p.json:2:26: {fault.message}"))
        self.assertEqual(caught.exception.code, int(qrx.PipelineError.UNKNOWN))

    def test_a_graph_built_in_code_is_checked_whole(self):
        pipeline = qrx.Pipeline()
        encode = pipeline.add("mlp-encoder", id="encode", width=4)
        pipeline.add("quantum-layer", encode, id="quantum")
        with self.assertRaises(qrx.PipelineError) as caught:
            pipeline.run()
        messages = "\n".join(map(str, caught.exception.diagnostics))
        self.assertIn('encode: found no link to the input "in"', messages)
        self.assertIn("encode.out carries flow:activation", messages)

    def test_a_file_that_is_not_there(self):
        with self.assertRaises(qrx.DataError) as caught:
            qrx.load("/no/such/file.json")
        self.assertTrue(caught.exception.matches(qrx.data_error_quark(), qrx.DataError.NOT_FOUND))

    def test_errors_are_glib_errors_too(self):
        with self.assertRaises(GLib.Error):
            qrx.load("/no/such/file.json")


class Running(unittest.TestCase):
    def test_changes_are_made_before_the_file_is_read(self):
        for changes in ({"normalize.type": "sigmoid-pi", "fit.epochs": 2}, ["normalize.type=sigmoid-pi", "fit.epochs=2"]):
            pipeline = qrx.load(PIPELINE, set=changes)
            nodes = json.loads(pipeline.to_json())["nodes"]
            self.assertEqual((nodes["normalize"]["a"], nodes["fit"]["epochs"]), (2.0, 2))

    def test_warnings_are_heard_apart(self):
        for scale, nodes in ((20, []), (0.01, ["crowding"])):
            said, warned = [], []
            hybrid(epochs=6, monitors=["crowding"], a=scale).run(message=lambda *args: said.append(args),
                                                                 warning=lambda *args: warned.append(args))
            self.assertEqual([node for node, _ in warned], nodes)
            self.assertTrue(set(warned) < set(said))
        self.assertIn("`normalize` crowd since epoch 1", warned[0][1])

    def test_progress_and_messages_arrive(self):
        heard, said = [], []
        hybrid().run(threads=1, progress=lambda *args: heard.append(args), message=lambda *args: said.append(args))
        self.assertIn("fit", {node for node, *_ in heard})
        wholes = [whole for _, _, whole, _ in heard]
        self.assertEqual(wholes, sorted(wholes))
        self.assertIn("cohort", {node for node, _ in said})

    def test_what_a_callback_raises_ends_the_run_and_is_raised(self):
        class Enough(Exception):
            pass

        calls = []

        def progress(*args):
            calls.append(args)
            raise Enough

        with self.assertRaises(Enough):
            hybrid(epochs=100000).run(progress=progress)
        self.assertEqual(len(calls), 1)

    def test_a_run_can_be_cancelled_from_its_progress(self):
        cancellable = Gio.Cancellable()
        with self.assertRaises(qrx.Cancelled):
            hybrid(epochs=100000).run(cancellable=cancellable, progress=lambda *_: cancellable.cancel())

    def test_a_run_can_be_cancelled_from_another_thread(self):
        cancellable = Gio.Cancellable()
        timer = threading.Timer(0.3, cancellable.cancel)
        timer.start()
        self.addCleanup(timer.cancel)
        with self.assertRaises(qrx.Cancelled):
            hybrid("my-normalizer", epochs=100000).run(cancellable=cancellable)

    def test_control_c_is_a_keyboard_interrupt(self):
        # Both while the library computes (moderated-tanh) and while Python does (my-normalizer).
        for normalizer in ("moderated-tanh", "my-normalizer"):
            with self.subTest(normalizer=normalizer):
                code = (
                    "import cases, my_nodes\n"
                    "told = []\n"
                    "def progress(*_):\n"
                    "    told or print('running', flush=True)\n"
                    "    told.append(1)\n"
                    "try:\n"
                    f"    cases.hybrid({normalizer!r}, epochs=1000000).run(progress=progress)\n"
                    "except KeyboardInterrupt:\n"
                    "    print('interrupted')\n"
                )
                process = subprocess.Popen(
                    [sys.executable, "-c", code], cwd=os.path.dirname(__file__), stdout=subprocess.PIPE, text=True
                )
                self.addCleanup(process.kill)
                self.addCleanup(process.stdout.close)
                self.assertEqual(process.stdout.readline(), "running\n")
                time.sleep(0.2)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.stdout.read(), "interrupted\n")
                self.assertEqual(process.wait(20), 0)

    def test_a_run_in_another_thread_is_the_same(self):
        results = []
        thread = threading.Thread(target=lambda: results.append(hybrid("my-normalizer").run(threads=1)))
        thread.start()
        thread.join()
        np.testing.assert_array_equal(
            results[0]["fit"].predictions.numpy(), hybrid("my-normalizer").run(threads=1)["fit"].predictions.numpy()
        )

    def test_values_are_kept_or_let_go(self):
        self.assertEqual(hybrid().run(keep=False)["scale"].out, None)
        self.assertEqual(hybrid().run(keep=True)["scale"].out.describe()[:12], "flow:feature")

    def test_pipelines_and_results_tell_of_themselves(self):
        pipeline = hybrid(epochs=1)
        self.assertRegex(repr(pipeline), rf"^<qrx pipeline, seed 7, {len(pipeline.nodes)} nodes: ")
        for id in ("normalize", "fit", "evaluate"):
            self.assertIn(id, repr(pipeline))
        result = pipeline.run()
        auc = result.metrics["evaluate"]["test"]["auc"]
        self.assertIn(f"evaluate test {auc:.3f}", repr(result))
        self.assertEqual(repr(result["evaluate"]), "<qrx results of evaluate: out>")

    def test_help_on_run_names_its_arguments(self):
        for function in (qrx.Pipeline.run, qrx.run):
            words = inspect.signature(function).parameters
            for name in list(words)[1:]:
                self.assertRegex(function.__doc__, rf"(?m)^ +{name}: ")
        theirs, own = (list(inspect.signature(function).parameters)[1:] for function in (qrx.run, qrx.Pipeline.run))
        self.assertEqual(own, theirs)
        self.assertIn("QRX_DATA", qrx.Pipeline.run.__doc__)

    def test_a_result_knows_its_nodes(self):
        result = hybrid().run(threads=1)
        self.assertEqual(list(result["fit"]), ["predictions", "model", "history"])
        with self.assertRaisesRegex(KeyError, "there are cohort"):
            result["foot"]
        with self.assertRaisesRegex(AttributeError, "it has predictions, model, history"):
            result["fit"].losses

    def test_an_output_folder_has_what_the_program_writes(self):
        directory = folder(self)
        result = hybrid().run(threads=1, output=directory)
        self.assertEqual(
            sorted(os.listdir(directory)),
            ["fit.history.csv", "fit.predictions.csv", "fit.safetensors", "metrics.json", "pipeline.resolved.json"],
        )
        with open(os.path.join(directory, "metrics.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["scores"], result.metrics)

    def test_an_output_folder_that_cannot_be_is_refused_before_anything_runs(self):
        path = os.path.join(folder(self), "file")
        with open(path, "w", encoding="utf-8"):
            pass
        seen = []
        with self.assertRaisesRegex(qrx.PipelineError, "output folder: found .*file\", which is no folder"):
            hybrid().run(threads=1, output=path, message=lambda *said: seen.append(said))
        self.assertEqual(seen, [])

    def test_another_seed_is_another_model(self):
        one, two = (hybrid(seed=seed).run(threads=1)["fit"].predictions.numpy() for seed in (1, 2))
        self.assertGreater(np.abs(one - two).max(), 1e-3)


if __name__ == "__main__":
    unittest.main()
