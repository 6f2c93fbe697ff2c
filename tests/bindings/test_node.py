# SPDX-License-Identifier: LGPL-2.1-or-later
"""Node types written in Python: declared on their class, registered, made by name, run; exceptions become errors."""
import json
import unittest

import gi

gi.require_version("Qrx", "1.0")
from gi.repository import GLib, GObject, Qrx

try:
    import jsonschema
except ImportError:
    jsonschema = None


class Fold(Qrx.Node):
    """Counts its inputs; misbehaves on request."""

    __gtype_name__ = "TestFold"
    scale = GObject.Property(type=float, default=1.0, minimum=0.0, maximum=10.0)
    learning_rate = GObject.Property(type=float, default=0.5)
    count = GObject.Property(type=int, default=1, minimum=1, maximum=5)
    mode = GObject.Property(type=str, default="work", blurb="what to do")

    def do_resolve(self, scope):
        if self.scale == 3.0:
            raise GLib.Error("three is not allowed", "qrx-test", 0)
        return True

    def do_run(self, inputs, outputs, context, cancellable):
        if self.mode == "raise":
            raise ValueError("a bug")
        if self.mode == "error":
            raise GLib.Error("no luck", "qrx-test", 7)
        if self.mode == "refuse":
            return False
        metrics = Qrx.Metrics.new()
        if self.mode != "forget":
            outputs.set("out", metrics)
        return True


Fold.set_name("fold")
Fold.set_category("test")
Fold.set_summary("Counts.")
Fold.add_input("in", "metrics*", "what to count")
Fold.add_output("out", "metrics", "the count")
Fold.describe_property("mode", None, "work|raise|error|refuse|forget")
Fold.describe_property("scale", "µM", None)
Fold.add_preset("fold-twice", '{"count": 2}', "Counts twice.")
Fold.add_score("folds", -1, "how many there are")


def make_registry():
    registry = Qrx.Registry.new()
    registry.add(Fold)
    return registry


class Nodes(unittest.TestCase):
    def setUp(self):
        self.registry = make_registry()
        self.context = Qrx.Context.new(1, 1, None, None)

    def run_mode(self, mode):
        node = self.registry.create("fold", "f", json.dumps({"mode": mode}))
        out = Qrx.Bundle.new()
        node.run(Qrx.Bundle.new(), out, self.context, None)
        return out

    def fail_mode(self, mode):
        with self.assertRaises(GLib.Error) as caught:
            self.run_mode(mode)
        return caught.exception

    def test_tells_its_scores_and_which_is_better(self):
        self.assertEqual(json.loads(self.registry.describe("fold"))["scores"],
                         [{"name": "folds", "better": "lower", "description": "how many there are"}])

    def test_is_found_by_name_and_preset(self):
        self.assertEqual(self.registry.dup_names(True), ["fold", "fold-twice"])
        found, preset = self.registry.lookup("fold-twice")
        self.assertEqual(found, Fold.__gtype__)
        self.assertEqual(json.loads(preset), {"count": 2})

    def test_properties_come_from_json(self):
        node = self.registry.create("fold", "f", '{"scale": "pi", "learning-rate": 2}')
        self.assertIsInstance(node, Fold)
        self.assertAlmostEqual(node.scale, 3.141592653589793, places=15)
        self.assertEqual((node.learning_rate, node.count, node.get_id()), (2.0, 1, "f"))
        self.assertEqual(self.registry.create("fold-twice", None, None).count, 2)

    def test_values_out_of_range_are_refused(self):
        for text, message in (
            ('{"scale": 11}', 'f: property "scale": found 11.0, expected a number in [0, 10]'),
            ('{"count": 0}', 'f: property "count": found 0, expected an integer in [1, 5]'),
            ('{"mode": "rise"}', 'did you mean "raise"?'),
            ('{"learning_rate": 1}', 'fold has no property "learning_rate"; did you mean "learning-rate"?'),
        ):
            with self.assertRaises(GLib.Error) as caught:
                self.registry.create("fold", "f", text)
            self.assertIn(message, caught.exception.message)

    def test_a_choice_set_from_code_is_checked_before_the_run(self):
        node = Fold(id="f", mode="sing")
        with self.assertRaises(GLib.Error) as caught:
            node.run(Qrx.Bundle.new(), Qrx.Bundle.new(), self.context, None)
        self.assertEqual(caught.exception.domain, "qrx-pipeline-error-quark")
        self.assertIn('f: property "mode": found "sing"', caught.exception.message)

    def test_run_is_called_and_its_output_frozen(self):
        out = self.run_mode("work")
        self.assertTrue(out.get("out").is_frozen())

    def test_every_failure_is_an_error_that_names_the_node(self):
        error = self.fail_mode("raise")
        self.assertTrue(error.matches(Qrx.run_error_quark(), Qrx.RunError.FAILED))
        self.assertTrue(error.message.startswith("f: fold failed without saying why"))
        self.assertEqual(self.fail_mode("error").message, "f: no luck")
        self.assertTrue(self.fail_mode("refuse").matches(Qrx.run_error_quark(), Qrx.RunError.FAILED))
        error = self.fail_mode("forget")
        self.assertTrue(error.matches(Qrx.run_error_quark(), Qrx.RunError.OUTPUT))
        self.assertIn('f: output "out": found nothing', error.message)

    def test_the_description_is_whole(self):
        fold = json.loads(self.registry.describe("fold"))
        self.assertEqual([port["spec"] for port in fold["inputs"]], ["metrics*"])
        properties = {entry["name"]: entry for entry in fold["properties"]}
        self.assertEqual(sorted(properties), ["count", "learning-rate", "mode", "scale"])
        self.assertEqual(properties["scale"]["unit"], "µM")
        self.assertEqual(properties["mode"]["choices"][0], "work")
        self.assertIn("fold-twice", json.loads(self.registry.schema())["definitions"]["node"]["properties"]["type"]["enum"])

    @unittest.skipUnless(jsonschema, "needs python3-jsonschema")
    def test_the_schema_takes_good_files_and_refuses_bad_ones(self):
        schema = json.loads(self.registry.schema())
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        good = {"a": {"type": "fold", "scale": "pi"}, "b": {"type": "fold-twice", "from": {"in": ["a", "a.out"]}}}
        self.assertTrue(validator.is_valid({"qrx": "1", "nodes": good}))
        for bad in (
            {"type": "fol"},
            {"type": "fold", "scale": 11},
            {"type": "fold-twice", "count": 1},
            {"type": "fold", "from": {"out": "b"}},
            {"type": "fold", "mode": "sing"},
            {"scale": 1},
        ):
            self.assertFalse(validator.is_valid({"qrx": "1", "nodes": {"a": bad}}), bad)

    def test_a_parents_property_is_described_by_the_parent(self):
        class Child(Fold):
            __gtype_name__ = "TestChild"

        Child.set_name("child")
        Child.set_summary("Describes what is not its own.")
        Child.describe_property("scale", "nM", None)
        with self.assertRaises(GLib.Error) as caught:
            self.registry.add(Child)
        self.assertIn('property "scale" is described here but declared by TestFold', caught.exception.message)

    def test_a_class_without_a_description_is_refused(self):
        class Nameless(Fold):
            __gtype_name__ = "TestNameless"

        with self.assertRaises(GLib.Error) as caught:
            self.registry.add(Nameless)
        self.assertEqual(caught.exception.message, "cannot register TestNameless: the type has no name")
        self.assertEqual(Nameless.get_n_ports(), Fold.get_n_ports())

    def test_a_property_that_json_cannot_hold_is_refused(self):
        class Opaque(Qrx.Node):
            __gtype_name__ = "TestOpaque"
            thing = GObject.Property(type=object)

        Opaque.set_name("opaque")
        Opaque.set_summary("Has a property of any Python type.")
        with self.assertRaises(GLib.Error) as caught:
            self.registry.add(Opaque)
        self.assertIn('property "thing" is of type PyObject', caught.exception.message)


class Pipelines(unittest.TestCase):
    TEXT = """{"qrx": "1", "nodes": {
      "first": {"type": "fold"},
      "second": {"type": "fold-twice", "from": "first", "scale": %s, "mode": "%s"}}}"""

    def run_pipeline(self, scale, mode):
        pipeline = Qrx.Pipeline.parse(make_registry(), self.TEXT % (scale, mode), "p.json", None, None, None)
        runner = Qrx.Runner(pipeline=pipeline, context=Qrx.Context.new(1, 1, None, None), keep_values=True)
        runner.run(None)
        return runner.get_value("second", "out")

    def test_a_pipeline_file_runs_nodes_written_in_python(self):
        self.assertIsInstance(self.run_pipeline(1, "work"), Qrx.Metrics)

    def test_an_exception_is_reported_with_node_and_place(self):
        with self.assertRaises(GLib.Error) as caught:
            self.run_pipeline(1, "error")
        self.assertEqual(caught.exception.message, "p.json:3:7: second: no luck")

    def test_a_resolve_that_raises_is_a_fault_of_the_file(self):
        with self.assertRaises(GLib.Error) as caught:
            self.run_pipeline(3, "work")
        self.assertIn("second: three is not allowed", caught.exception.message)
        self.assertTrue(caught.exception.message.startswith("p.json:3:"))


if __name__ == "__main__":
    unittest.main()
