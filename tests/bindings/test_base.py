# SPDX-License-Identifier: LGPL-2.1-or-later
"""The base floor from Python: blocks written as a class, tables from numpy, errors that arrive as exceptions."""
import ctypes
import unittest

import gi

gi.require_version("Qrx", "1.0")
import numpy as np
from gi.repository import GLib, Qrx


def view(tensor):
    """The tensor's own memory as an array; it lives as long as the tensor."""
    kind = ctypes.c_double if tensor.get_dtype() == Qrx.Dtype.F64 else ctypes.c_float
    memory = (kind * tensor.get_n_elements()).from_address(tensor.get_address())
    return np.frombuffer(memory, dtype=kind).reshape([tensor.get_dim(i) for i in range(tensor.get_rank())])


def from_numpy(array):
    """A tensor with the values of a float64 array."""
    data = np.ascontiguousarray(array, dtype=np.float64)
    return Qrx.Tensor.new_from_bytes(Qrx.Dtype.F64, data.shape, GLib.Bytes.new(data.tobytes()))


class Squares(Qrx.Block):
    """Column j of row i is i ** (j + 1)."""

    def __init__(self, fault=None):
        super().__init__(name="squares", columns=["one", "two"], n_rows=10)
        self.fault = fault

    def do_read(self, rows, out):
        if self.fault is not None:
            raise self.fault
        numbers = np.array([rows.get(i) for i in range(rows.get_length())])
        view(out)[:] = np.stack([numbers, numbers**2], axis=1)
        return True


class TestBlock(unittest.TestCase):
    def table(self, block):
        table = Qrx.Table.new(["a", "b", "c"])
        self.assertTrue(table.add_block(block, Qrx.Index.new([3, 1, 9])))
        return table

    def test_a_block_in_python_feeds_a_table(self):
        table = self.table(Squares())
        dense = Qrx.DenseBlock.new("dense", ["three"], from_numpy([[0.5], [1.5], [2.5]]))
        table.add_block(dense, None)
        for dtype in (Qrx.Dtype.F32, Qrx.Dtype.F64):
            out = Qrx.Tensor.new_matrix(dtype, 2, 3)
            self.assertTrue(table.read_features(Qrx.Index.new([2, 0]), out))
            np.testing.assert_array_equal(view(out), [[9, 81, 2.5], [3, 9, 0.5]])
        self.assertEqual(table.get_feature_names(), ["one", "two", "three"])

    def test_a_glib_error_arrives_as_it_was_raised(self):
        fault = GLib.Error.new_literal(Qrx.data_error_quark(), "the disk is on fire", Qrx.DataError.FORMAT)
        with self.assertRaises(GLib.Error) as caught:
            self.table(Squares(fault)).read_features(Qrx.Index.new([0]), Qrx.Tensor.new_matrix(Qrx.Dtype.F64, 1, 2))
        self.assertTrue(caught.exception.matches(Qrx.data_error_quark(), Qrx.DataError.FORMAT))
        self.assertIn("the disk is on fire", caught.exception.message)

    def test_any_other_exception_is_a_failure_that_names_the_block(self):
        # PyGObject prints the exception and passes on a bare failure.
        with self.assertRaises(GLib.Error) as caught:
            self.table(Squares(ValueError("printed on purpose"))).read_features(
                Qrx.Index.new([0]), Qrx.Tensor.new_matrix(Qrx.Dtype.F64, 1, 2)
            )
        self.assertTrue(caught.exception.matches(Qrx.run_error_quark(), Qrx.RunError.FAILED))
        self.assertIn('"squares"', caught.exception.message)


class TestTable(unittest.TestCase):
    def test_numpy_in_and_out(self):
        values = np.random.default_rng(1).normal(size=(5, 3))
        response = np.array([1.0, np.nan, 3.0, 4.0, 5.0])
        table = Qrx.Table.new(list("vwxyz"))
        table.add_block(Qrx.DenseBlock.new("expression", ["g1", "g2", "g3"], from_numpy(values)), None)
        table.add_target("ln-ic50", "ln µM", Qrx.Orientation.LOW_IS_SENSITIVE, from_numpy(response))
        table.add_annotation("tissue", ["lung", "", "skin", "lung", "lung"])
        out = Qrx.Tensor.new_matrix(Qrx.Dtype.F64, 5, 3)
        table.read_features(Qrx.Index.new_range(0, 5), out)
        np.testing.assert_array_equal(view(out), values)
        np.testing.assert_array_equal(view(table.get_target_values(0)), response)
        self.assertIsNone(table.get_annotation("tissue", 1))
        self.assertEqual(table.get_annotation("tissue", 2), "skin")

    def test_roles_and_selection(self):
        table = Qrx.Table.new(["a", "b", "c"])
        roles = GLib.Bytes.new(bytes([Qrx.Role.TEST, Qrx.Role.TRAIN, Qrx.Role.TEST]))
        split = table.with_roles(roles)
        tests = split.select_rows(split.rows_of_role(Qrx.Role.TEST))
        self.assertEqual(tests.get_ids(), ["a", "c"])
        self.assertEqual(tests.get_role(1), Qrx.Role.TEST)
        self.assertEqual(split.describe(), "table:split[3 rows, 0 features]")

    def test_bad_input_is_an_exception(self):
        with self.assertRaises(GLib.Error) as repeated:
            Qrx.Table.new(["a", "b", "a"])
        self.assertIn('"a"', repeated.exception.message)
        with self.assertRaises(GLib.Error) as short:
            Qrx.Table.new(["a", "b"]).add_annotation("tissue", ["lung"])
        self.assertTrue(short.exception.matches(Qrx.data_error_quark(), Qrx.DataError.SHAPE))


class TestOthers(unittest.TestCase):
    def test_metrics(self):
        metrics = Qrx.Metrics.new()
        metrics.set_number("test", "auc", 0.7)
        metrics.set_interval("test", "auc_ci95", 0.6, 0.8)
        metrics.set_undefined("test", "pearson", "constant")
        self.assertEqual(metrics.get_number("test", "auc"), (True, 0.7))
        self.assertEqual(metrics.get_interval("test", "auc_ci95"), (True, 0.6, 0.8))
        self.assertFalse(metrics.get_number("test", "pearson")[0])
        self.assertEqual(metrics.dup_names("test"), ["auc", "auc_ci95", "pearson"])

    def test_bundle(self):
        bundle = Qrx.Bundle.new()
        metrics = Qrx.Metrics.new()
        bundle.append("in", metrics)
        self.assertIs(bundle.get("in"), metrics)
        self.assertIsNone(bundle.get("out"))
        self.assertEqual(bundle.dup_ports(), ["in"])

    def test_context(self):
        context = Qrx.Context.new(2**64 - 1, 2, None, None)
        heard = []
        context.connect("progress", lambda _, *rest: heard.append(rest))
        context.progress("fit", 0.25, "epoch 1")
        self.assertEqual(heard, [("fit", 0.25, "epoch 1")])
        self.assertEqual(context.get_seed(), 2**64 - 1)
        found = context.find_file(__file__)
        self.assertEqual(context.dup_input_paths(), [found])
        self.assertEqual(len(context.get_input_digest(found)), 64)


if __name__ == "__main__":
    unittest.main()
