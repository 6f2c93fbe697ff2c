# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values in Python: tensors are arrays over the same memory both ways, and tables, predictions and scores are frames."""
import gc
import unittest
import weakref

import numpy as np
import pandas
import qrx

from cases import hybrid, sanitized


class Tensors(unittest.TestCase):
    def test_an_array_of_a_tensor_is_its_memory(self):
        for dtype, kind in ((qrx.Dtype.F32, np.float32), (qrx.Dtype.F64, np.float64)):
            tensor = qrx.Tensor.new_matrix(dtype, 2, 3)
            array = tensor.numpy()
            self.assertEqual((array.shape, array.dtype), ((2, 3), kind))
            array[1, 2] = 7.5
            self.assertEqual(tensor.get(5), 7.5)
            tensor.set(0, -1)
            self.assertEqual(np.asarray(tensor)[0, 0], -1)
            self.assertEqual(array.ctypes.data, tensor.get_address())

    def test_a_tensor_of_an_array_is_its_memory(self):
        for kind in (np.float32, np.float64):
            array = np.arange(6, dtype=kind).reshape(2, 3)
            tensor = qrx.tensor(array)
            self.assertEqual(tensor.get_address(), array.ctypes.data)
            self.assertEqual(tensor.shape, (2, 3))
            tensor.set(4, 40)
            self.assertEqual(array[1, 1], 40)
            array[0, 0] = 9
            self.assertEqual(tensor.get(0), 9)

    def test_what_cannot_be_shared_is_copied(self):
        array = np.arange(6).reshape(2, 3)
        for source in (array, array.T.astype(float), array.astype(float)[:, ::2], array.astype(">f8"), [[1, 2], [3, 4]], 5):
            np.testing.assert_array_equal(qrx.tensor(source).numpy(), source)
        shared = np.ones(3)
        copied = qrx.tensor(shared, copy=True)
        copied.set(0, 5)
        self.assertEqual(shared[0], 1)
        with self.assertRaisesRegex(TypeError, "expected numbers"):
            qrx.tensor(np.array(["a"]))

    def test_read_only_stays_read_only(self):
        array = np.ones(4)
        array.flags.writeable = False
        tensor = qrx.tensor(array)
        self.assertTrue(tensor.is_read_only())
        self.assertFalse(tensor.numpy().flags.writeable)
        own = qrx.Tensor.new_matrix(qrx.Dtype.F64, 1, 1)
        own.set_read_only()
        with self.assertRaises(ValueError):
            own.numpy()[:] = 1

    def test_either_side_keeps_the_memory_alive(self):
        tensor = qrx.Tensor.new_matrix(qrx.Dtype.F64, 1, 1000)
        tensor.fill(3)
        slice_ = tensor.numpy()[0, 990:]
        del tensor
        gc.collect()
        np.testing.assert_array_equal(slice_, np.full(10, 3.0))

        class Array(np.ndarray):
            pass

        array = np.full(1000, 4.0).view(Array)
        gone = weakref.ref(array)
        tensor = qrx.tensor(np.asanyarray(array).view(np.ndarray))
        del array
        gc.collect()
        self.assertIsNone(gone())
        self.assertEqual(tensor.get(999), 4)

    def test_an_array_is_let_go_with_its_tensor(self):
        class Owner:
            __array_interface__ = np.ones(3).__array_interface__
            memory = np.ones(3)

            def __init__(self):
                self.__array_interface__ = self.memory.__array_interface__

        owner = Owner()
        gone = weakref.ref(owner)
        tensor = qrx.tensor(owner)
        del owner
        gc.collect()
        self.assertIsNotNone(gone())
        del tensor
        gc.collect()
        self.assertIsNone(gone())

    @unittest.skipIf(sanitized(), "measures time")
    def test_four_million_numbers_cost_nothing(self):
        # Neither direction may touch the numbers: a copy takes milliseconds, a list seconds. 1 ms is a hundredfold margin.
        import timeit

        array = np.zeros(4_000_000)
        tensor = qrx.tensor(array)
        self.assertLess(min(timeit.repeat(lambda: qrx.tensor(array), number=1, repeat=20)), 1e-3)
        self.assertLess(min(timeit.repeat(tensor.numpy, number=1, repeat=20)), 1e-3)


def frame():
    return pandas.DataFrame(
        {
            "TP53": [1.0, 2.0, 3.0],
            "EGFR": [0.5, 0.25, 0.125],
            "tissue": ["Lung", None, "Skin"],
            "ln_ic50": [-1.0, np.nan, 2.0],
        },
        index=["a", "b", "c"],
    )


class Tables(unittest.TestCase):
    def from_frame(self, **keywords):
        return qrx.Table.from_pandas(
            frame(), target="ln_ic50", unit="ln µM", orientation="low-is-sensitive", annotations=["tissue"], **keywords
        )

    def test_a_frame_becomes_a_table(self):
        table = self.from_frame()
        self.assertEqual(table.get_ids(), ["a", "b", "c"])
        self.assertEqual(table.get_feature_names(), ["TP53", "EGFR"])
        np.testing.assert_array_equal(table.features(), frame()[["TP53", "EGFR"]])
        self.assertEqual(table.annotation("tissue"), ["Lung", None, "Skin"])
        np.testing.assert_array_equal(table.targets()["ln_ic50"], [-1, np.nan, 2])
        self.assertEqual(table.get_target_unit(0), "ln µM")
        self.assertEqual(table.get_target_orientation(0), qrx.Orientation.LOW_IS_SENSITIVE)

    def test_there_and_back_is_the_same(self):
        there = self.from_frame().to_pandas()
        pandas.testing.assert_frame_equal(there, frame().rename_axis("id"), check_names=False)
        self.assertEqual(there.attrs["targets"], {"ln_ic50": {"unit": "ln µM", "orientation": "low-is-sensitive"}})
        again = qrx.Table.from_pandas(there, target=there.attrs["targets"], annotations=["tissue"]).to_pandas()
        pandas.testing.assert_frame_equal(there, again)

    def test_roles_come_and_go(self):
        roles = ["train", "validation", "test"]
        table = qrx.Table.from_pandas(frame().assign(role=roles), target="ln_ic50", annotations=["tissue"], role="role")
        self.assertTrue(table.is_split())
        self.assertEqual(list(table.to_pandas()["role"]), roles)
        self.assertEqual(list(table.to_pandas(features=False).columns), ["tissue", "ln_ic50", "role"])

    def test_a_frame_that_does_not_fit_is_refused_by_name(self):
        for change, keywords, message in (
            (lambda f: f, {"target": "ic50"}, "no column ic50"),
            (lambda f: f, {"target": "ln_ic50"}, "the column tissue holds object"),
            (lambda f: f.rename(columns={"EGFR": "TP53"}), {"annotations": ["tissue"]}, "TP53 more than once"),
            (lambda f: f, {"annotations": ["tissue"], "target": "ln_ic50", "orientation": "up"}, 'orientation "up"'),
        ):
            with self.assertRaisesRegex(ValueError, message):
                qrx.Table.from_pandas(change(frame()), **keywords)
        for value, said in ((float("nan"), "missing"), (float("inf"), "infinite")):
            with self.assertRaisesRegex(qrx.DataError, f'column "TP53" of row "b" is {said}'):
                changed = frame()
                changed.loc["b", "TP53"] = value
                qrx.Table.from_pandas(changed, annotations=["tissue"])
        with self.assertRaisesRegex(qrx.DataError, '"a"'):
            qrx.Table.from_pandas(frame().rename(index={"b": "a"}), annotations=["tissue"])


class Results(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = hybrid(monitors=["crowding"]).run(threads=1)

    def test_predictions_are_a_frame(self):
        predictions = self.result["fit"].predictions
        found = predictions.to_pandas()
        self.assertEqual(list(found.columns), ["role", "tissue", "line", "ln_ic50", "prediction"])
        np.testing.assert_array_equal(found["prediction"], predictions.numpy().reshape(-1))
        test = found[found["role"] == "test"]
        rmse = np.sqrt(((test["ln_ic50"] - test["prediction"]) ** 2).mean())
        # pandas and the library sum in another order.
        self.assertAlmostEqual(rmse, self.result.metrics["evaluate"]["test"]["rmse"], places=12)
        self.assertEqual((found.attrs["producer"], found.attrs["unit"]), ("fit", "ln µM"))

    def test_histories_are_a_frame(self):
        history = self.result["fit"].history
        found = history.to_pandas()
        self.assertEqual(len(found), 5)
        self.assertEqual(found["train-loss"][4], history.get(4, "train-loss"))
        self.assertIn("crowding.deviation", found)

    def test_metrics_are_a_dictionary_and_a_frame(self):
        metrics = self.result["evaluate"].out
        self.assertEqual(metrics.to_dict()["test"]["auc"], metrics.get_number("test", "auc")[1])
        self.assertEqual(metrics.to_pandas().loc["test", "auc"], metrics.get_number("test", "auc")[1])
        self.assertEqual(metrics.to_dict(), self.result.metrics["evaluate"])

    def test_parameters_are_arrays(self):
        parameters = self.result["fit"].model.parameters()
        self.assertEqual(parameters["normalize.a"].shape, (1, 3))
        self.assertEqual(parameters["normalize.a"][0, 0], 20)


if __name__ == "__main__":
    unittest.main()
