# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx run: what it writes and prints, what options change, and how it ends when it is stopped."""
import copy
import json
import os
import random
import signal
import time
import unittest

from harness import SMALL, Case

EVERY_FILE = ["fit.history.csv", "fit.predictions.csv", "fit.safetensors", "mean.predictions.csv", "mean.safetensors",
              "metrics.json", "pipeline.resolved.json"]
SCORES = {"n", "threshold", "orientation", "auc", "auc_ci95", "auc_ci95_clipped", "auc_within_tissue", "average_precision",
          "rmse", "mae", "r2", "pearson", "spearman", "kendall"}


class Run(Case):
    def setUp(self):
        super().setUp()
        self.name = self.write("small.json", SMALL)

    def test_writes_all_files_and_prints_one_row_an_evaluator(self):
        out, err = self.run_program("run", self.name, "--output", "out")
        self.assertEqual(self.files("out"), EVERY_FILE)
        lines = out.splitlines()
        self.assertEqual(lines[0].split()[:4], ["evaluator", "model", "role", "n"])
        self.assertEqual([line.split()[:4] for line in lines[1:3]],
                         [["score", "fit", "test", "15"], ["mean-score", "mean", "test", "15"]])
        self.assertEqual(lines[3:], ["no Pearson (mean-score): all predictions are the same", "written to out"])
        self.assertIn("split: 60 rows", err)

    def test_columns_stand_in_line_where_scores_are_undefined(self):
        out, _ = self.run_program("run", self.name, "--set", "mean.by=global", "--output", "out")
        title, *rows = out.splitlines()[:3]
        self.assertIn("–", rows[1])  # the correlation of a constant
        end = title.index("Pearson") + len("Pearson")
        for row in rows:
            self.assertTrue(row[end - 1] != " " and row[end] == " ", out)

    def test_what_is_undefined_has_its_reason_below_the_table(self):
        out, _ = self.run_program("run", self.name, "--set", "mean.by=global", "-o", "out")
        reason = self.load("out", "metrics.json")["scores"]["mean-score"]["test"]["reasons"]["pearson"]
        self.assertEqual(out.splitlines()[3:], [f"no Pearson (mean-score): {reason}", "written to out"])

    def test_metrics_have_every_score_by_role_and_reasons_for_undefined_ones(self):
        self.run_program("run", self.name, "--set", "mean.by=global", "--output", "out")
        metrics = self.load("out", "metrics.json")
        self.assertEqual((metrics["pipeline"], metrics["seed"]), (self.name, 7))
        self.assertEqual(set(metrics["scores"]), {"score", "mean-score"})
        for roles in metrics["scores"].values():
            self.assertEqual(set(roles), {"train", "validation", "test"})
            for scores in roles.values():
                self.assertLessEqual(SCORES, set(scores))
        mean = metrics["scores"]["mean-score"]["test"]
        self.assertIsNone(mean["pearson"])
        self.assertIn("pearson", mean["reasons"])

    def test_json_prints_the_very_text_of_metrics(self):
        out, _ = self.run_program("run", self.name, "--json", "--output", "out")
        self.assertEqual(out.encode(), self.read("out", "metrics.json"))

    def test_quiet_leaves_stderr_empty(self):
        out, err = self.run_program("run", self.name, "--quiet", "--output", "out")
        self.assertEqual(err, "")
        self.assertIn("written to out", out)

    def test_output_folder_is_named_after_the_file(self):
        self.run_program("run", self.name)
        self.assertEqual(self.files("results", "small"), EVERY_FILE)

    @unittest.skipUnless(os.path.isdir("/proc"), "no file system at hand that takes no folders")
    def test_an_output_folder_that_cannot_be_made_is_told_before_anything_runs(self):
        _, err = self.run_program("run", self.name, "--output", "/proc/out", status=2)
        self.assertIn('output folder: cannot write into "/proc"', err)
        self.assertEqual(len(err.strip().splitlines()), 1, err)

    def test_invalid_pipeline_runs_nothing_and_tells_faults_as_json(self):
        out, err = self.run_program("run", self.name, "--set", "fit.epochs=0", "--json", "--output", "out", status=2)
        self.assertIs(json.loads(out)["valid"], False)
        self.assertIn("epochs", err)
        self.assertEqual(self.files("out"), [])

    def test_failure_while_running_exits_with_1_and_names_the_node(self):
        out, err = self.run_program("run", self.name, "--set", "fit.initial=nowhere.safetensors", "--output", "out", status=1)
        self.assertIn("fit: ", err)
        self.assertIn("nowhere.safetensors", err)
        self.assertEqual(out, "")
        self.assertNotIn("metrics.json", self.files("out"))

    def test_scores_of_an_earlier_run_do_not_outlive_a_failing_one(self):
        self.run_program("run", self.name, "--output", "out")
        broken = copy.deepcopy(SMALL)
        broken["nodes"]["late"] = {"type": "model-writer", "from": "fit.model", "path": "/proc/none/model"}
        self.run_program("run", self.write("broken.json", broken), "--output", "out", status=1)
        self.assertNotIn("metrics.json", self.files("out"))
        self.assertNotIn("pipeline.resolved.json", self.files("out"))


class Changes(Case):
    def setUp(self):
        super().setUp()
        self.name = self.write("small.json", SMALL)

    def scores(self, output, *options, pipeline=None):
        self.run_program("run", pipeline or self.name, "--quiet", "--output", output, *options)
        return self.load(output, "metrics.json")["scores"]

    def test_set_swaps_a_normalizer_and_lists_what_it_dropped(self):
        plain = self.scores("a")
        swapped = self.scores("b", "--set", "normalize.type=sigmoid-pi")
        self.assertNotEqual(plain["score"], swapped["score"])
        self.assertEqual(plain["mean-score"], swapped["mean-score"])
        resolved = self.load("b", "pipeline.resolved.json")
        self.assertEqual(resolved["dropped"], ["normalize.a", "normalize.r"])
        self.assertEqual(resolved["nodes"]["normalize"]["type"], "moderated-tanh")
        self.assertEqual(resolved["nodes"]["normalize"]["a"], 2)

    def test_set_swaps_a_circuit_and_the_number_of_layers(self):
        self.write("my.json", {"qubits": 3, "ops": [{"gate": "ry", "wires": [q], "params": [{"input": q}]} for q in range(3)]
                               + [{"gate": "cx", "wires": [0, 1]}, {"gate": "rx", "wires": [1], "params": [{"weight": 0}]}],
                               "observables": ["ZII", "IZI", "IIZ"]})
        circuit = self.scores("a", "--set", "quantum.circuit=my.json")
        self.assertEqual(self.load("a", "pipeline.resolved.json")["dropped"], ["quantum.layers"])
        self.assertNotEqual(circuit["score"], self.scores("b", "--set", "quantum.layers=5")["score"])

    def test_same_seed_gives_the_same_bits_with_1_and_2_threads(self):
        # Large enough that products, circuits and rows are spread over threads.
        larger = ["--set", "cohort.lines=500", "--set", "cohort.genes=300", "--set", "encode.hidden=[64]", "--set",
                  "fit.batch-size=128"]
        self.scores("a", "--threads", "1", *larger)
        self.scores("b", "--threads", "2", *larger)
        self.assertEqual(self.files("a"), self.files("b"))
        for name in self.files("a"):
            self.assertEqual(self.read("a", name), self.read("b", name), name)

    def test_another_seed_gives_another_model_on_the_same_split(self):
        plain = self.scores("a")
        other = self.scores("b", "--seed", "8")
        self.assertNotEqual(self.read("a", "fit.safetensors"), self.read("b", "fit.safetensors"))
        self.assertEqual(plain["mean-score"], other["mean-score"])
        self.assertEqual(self.load("b", "metrics.json")["seed"], 8)

    def test_resolved_file_runs_again_with_the_same_result(self):
        plain = self.scores("a", "--set", "normalize.type=tanh-pi", "--seed", "11")
        again = self.scores("b", pipeline="a/pipeline.resolved.json")
        self.assertEqual(plain, again)
        self.assertEqual(self.read("a", "fit.safetensors"), self.read("b", "fit.safetensors"))
        self.assertEqual(self.read("a", "pipeline.resolved.json"), self.read("b", "pipeline.resolved.json"))


class Data(Case):
    """A table of text that lies elsewhere."""

    def setUp(self):
        super().setUp()
        draw = random.Random(5)
        genes = [f"G{i}" for i in range(5)]
        rows = [[draw.gauss(0, 1) for _ in genes] for _ in range(40)]
        lines = [",".join(["line", *genes, "ln_ic50"])]
        lines += [",".join([f"L{i}", *map(repr, row), repr(row[0] - row[1])]) for i, row in enumerate(rows)]
        (self.folder / "data").mkdir()
        self.write("data/table.csv", "\n".join(lines) + "\n")
        self.name = self.write("csv.json", {"qrx": "1", "nodes": {
            "cohort": {"type": "csv-loader", "file": "table.csv", "targets": ["ln_ic50"], "orientation": "low"},
            "split": {"type": "split", "from": "cohort", "test": 0.25},
            "ridge": {"type": "ridge", "from": "split"},
            "score": {"type": "evaluator", "from": "ridge"}}})

    def test_data_folder_is_looked_into_after_the_pipelines(self):
        _, err = self.run_program("run", self.name, status=1)
        self.assertIn("table.csv", err)
        self.assertIn("--data", err)
        self.assertIn("$QRX_DATA", err)
        self.run_program("run", self.name, "--data", "data", "--output", "out")
        resolved = self.load("out", "pipeline.resolved.json")
        path = str((self.folder / "data" / "table.csv").resolve())
        self.assertEqual(list(resolved["resolved"]["inputs"]), [path])
        self.assertRegex(resolved["resolved"]["inputs"][path], "^[0-9a-f]{64}$")

    def test_a_target_without_orientation_is_said_to_have_no_auc_for_that(self):
        out, _ = self.run_program("run", self.name, "--data", "data", "--set", "cohort.orientation=none", "-o", "out")
        self.assertRegex(out, r"(?m)^no AUC \(score\): .*orientation")

    def test_resolved_file_finds_its_data_again(self):
        self.run_program("run", self.name, "--data", "data", "--output", "out")
        self.run_program("run", "out/pipeline.resolved.json", "--output", "again")
        self.assertEqual(self.load("out", "metrics.json")["scores"], self.load("again", "metrics.json")["scores"])


class Stop(Case):
    """A run of hours, stopped after it has begun."""

    def stop(self, number, *options, times=1, **how):
        pipeline = copy.deepcopy(SMALL)
        pipeline["nodes"]["fit"]["epochs"] = 1000000
        process = self.start("run", self.write("long.json", pipeline), "--output", "out", *options, **how)
        time.sleep(1)
        self.assertIsNone(process.poll(), "the run should still be busy")
        for _ in range(times):
            process.send_signal(number)
        out, err = process.communicate(timeout=120)  # left alone it would run for hours
        self.assertEqual(process.returncode, 128 + number, err)
        self.assertEqual(out, "")
        return err

    def check_folder(self):
        for name in self.files("out"):
            self.assertFalse(name.startswith("."), name)  # temporary files begin with a point
        self.assertFalse({"metrics.json", "pipeline.resolved.json", "fit.safetensors"} & set(self.files("out")))

    def test_ctrl_c_ends_with_130_and_leaves_no_half_written_file(self):
        self.assertIn("stopped by SIGINT", self.stop(signal.SIGINT))
        self.check_folder()

    def test_sigterm_ends_with_143(self):
        self.assertIn("stopped by SIGTERM", self.stop(signal.SIGTERM, "--quiet"))
        self.check_folder()

    def test_kill_reaches_a_job_in_the_background_of_a_script(self):
        def ignore():  # as shells do there
            signal.signal(signal.SIGINT, signal.SIG_IGN)

        self.assertIn("stopped by SIGINT", self.stop(signal.SIGINT, preexec_fn=ignore))
        self.check_folder()

    def test_signal_that_arrives_twice_at_once_still_ends_in_order(self):
        self.assertIn("stopped by SIGINT", self.stop(signal.SIGINT, "--threads", "2", times=2))
        self.check_folder()


if __name__ == "__main__":
    unittest.main()
