# SPDX-License-Identifier: LGPL-2.1-or-later
"""Studies in Python: read, checked with every fault, run, watched and looked into, by introspection alone."""
import json
import unittest
from pathlib import Path

import qrx  # noqa: F401  chooses the version of the typelib
from gi.repository import GLib, Qrx

from cases import folder, hybrid


def registry():
    found = Qrx.Registry.new()
    found.load_plugins(None)
    return found


class Studies(unittest.TestCase):
    def setUp(self):
        self.folder = Path(folder(self))
        (self.folder / "pipeline.json").write_text(hybrid(epochs=3).validate().to_json(), encoding="utf-8")

    def write(self, **members):
        path = self.folder / "study.json"
        path.write_text(json.dumps({"qrx-study": "1", "pipeline": "pipeline.json", **members}), encoding="utf-8")
        return str(path)

    def test_a_study_runs_and_its_store_tells_of_it(self):
        study = Qrx.Study.load(registry(), self.write(vary={"seed": {"range": [0, 2]}}), ["fit.epochs=2"], None)
        store = Qrx.Store.open_for_study(str(self.folder / "study.db"), study)
        runner = Qrx.StudyRunner.new(study, store, 1, None)
        finished = []
        runner.connect("trial-finished", lambda _runner, trial, *rest: finished.append(trial))
        self.assertTrue(runner.run(None))
        self.assertEqual((study.get_n_trials(), finished), (2, [0, 1]))
        listed = json.loads(store.list_to_json())["list"]
        self.assertEqual([row["state"] for row in listed], ["done", "done"])
        self.assertEqual(json.loads(store.show_to_json(1))["objective"], listed[1]["objective"])
        with self.assertRaises(GLib.Error):
            store.show_to_json(2)

    def test_a_store_of_another_study_serves(self):
        one = Qrx.Study.load(registry(), self.write(vary={"seed": [0]}), None, None)
        known = Qrx.Store.open_for_study(str(self.folder / "known.db"), one)
        Qrx.StudyRunner.new(one, known, 1, None).run(None)
        study = Qrx.Study.load(registry(), self.write(vary={"seed": {"range": [0, 3]}}), None, None)
        store = Qrx.Store.open_for_study(str(self.folder / "wider.db"), study)
        runner = Qrx.StudyRunner.new(study, store, 1, None)
        self.assertTrue(runner.reuse(known))
        self.assertEqual((store.count("done"), store.count("waiting")), (1, 2))
        self.assertEqual(json.loads(store.show_to_json(0))["checksum"], json.loads(known.show_to_json(0))["checksum"])

    def test_what_follows_from_a_file_that_changed_is_made_anew(self):
        nodes = {"cohort": {"type": "csv-loader", "file": "cohort.csv", "targets": ["y"]},
                 "split": {"type": "split", "from": "cohort", "folds": 3}, "fit": {"type": "ridge", "from": "split"},
                 "score": {"type": "evaluator", "from": "fit"}}
        (self.folder / "pipeline.json").write_text(json.dumps({"qrx": "1", "nodes": nodes}), encoding="utf-8")
        cache, texts = Qrx.RunCache.new(16), []
        for period in (3, 3, 4, 4):
            rows = "".join(f"L{i},{i % 7},{i % 5},{i % period}\n" for i in range(60))
            if period != 3 or not texts:
                (self.folder / "cohort.csv").write_text("id,G1,G2,y\n" + rows, encoding="utf-8")
            pipeline = Qrx.Pipeline.load(registry(), str(self.folder / "pipeline.json"), None, None)
            context = Qrx.Context.new(0, 1, str(self.folder), None)
            runner = Qrx.Runner(pipeline=pipeline, context=context, cache=cache)
            found = []
            runner.connect("node-finished", lambda _runner, node, outputs, found=found: node.get_id() == "score" and found.append(
                outputs.get(outputs.dup_ports()[0]).to_json()))
            runner.run(None)
            texts += found
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[2], texts[3])
        self.assertNotEqual(texts[1], texts[2])

    def test_circuits_are_measured_once_for_all_reports_with_a_cache(self):
        types = registry()
        study = Qrx.Study.load(types, self.write(vary={"seed": [0]}), None, None)
        store = str(self.folder / "study.db")
        Qrx.StudyRunner.new(study, Qrx.Store.open_for_study(store, study), 1, None).run(None)
        cache = Qrx.RunCache.new(16)
        first = Qrx.summary_of_study(types, store, cache)
        measures = json.loads(first)["circuits"]["shown"][0]["measures"]
        self.assertGreaterEqual(len(measures), 4)
        self.assertTrue(all("scores" in one for one in measures))
        self.assertEqual(cache.get_n_hits(), 0)
        self.assertEqual(Qrx.summary_of_study(types, store, cache), first)
        self.assertEqual(cache.get_n_hits(), len(measures))
        self.assertEqual(Qrx.summary_of_study(types, store, None), first)

    def test_all_faults_come_as_json(self):
        path = self.write(vary={"fit.epoch": [1], "seed": {"range": [2, 1]}})
        told = json.loads(Qrx.Study.diagnose_file(registry(), path, None))
        self.assertFalse(told["valid"])
        self.assertEqual({fault["line"] for fault in told["diagnostics"]}, {1})
        self.assertIn("epochs", [fault["suggestion"] for fault in told["diagnostics"]])


if __name__ == "__main__":
    unittest.main()
