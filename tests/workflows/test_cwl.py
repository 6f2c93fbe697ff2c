# SPDX-License-Identifier: LGPL-2.1-or-later
"""The CWL tools and workflow, run by cwltool without containers."""
import csv
import json
import shutil
import unittest
from pathlib import Path

from workflow_case import DRUGS, WorkflowCase

FILES = ["metrics.json", "fit.predictions.csv", "fit.history.csv", "fit.safetensors", "ridge.predictions.csv"]
PIPELINE = "gdsc-hybrid.json"


@unittest.skipIf(shutil.which("cwltool") is None, "cwltool is not installed")
class CwlTest(WorkflowCase):
    def cwltool(self, name, *arguments, options=(), status=0):
        """Runs a file of workflows/cwl on the pipeline and the data; returns the outputs and what cwltool said."""
        done = self.run_command("cwltool", "--no-container", "--outdir", "results", *options, f"workflows/cwl/{name}",
                                "--pipeline", f"pipelines/{PIPELINE}", "--data", self.data, *arguments, status=status)
        return json.loads(done.stdout), done.stderr

    def run_directly_as_tools_do(self, drug, *settings, **options):
        """A tool's pipeline file lies in its working directory."""
        return self.run_directly(PIPELINE, drug, *settings, cwd=self.top / "pipelines", **options)

    def check_two_drugs(self, *settings):
        options = [option for setting in settings for option in ("--settings", setting)]
        drugs = [option for drug in DRUGS for option in ("--drugs", drug)]
        outputs, said = self.cwltool("qrx-drugs.cwl", *drugs, *options)
        self.assertNotIn("WARNING", said)
        results = self.top / "results"
        self.assertEqual([folder["basename"] for folder in outputs["folders"]], DRUGS)
        self.assertEqual([log["basename"] for log in outputs["logs"]], [f"{drug}.log" for drug in DRUGS])
        for drug in DRUGS:
            direct = self.run_directly_as_tools_do(drug, *settings)
            self.assert_same_files(direct, results / drug, FILES)
            self.assertIn("rows, target ln_ic50", (results / f"{drug}.log").read_text())
        with open(results / "scores.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(dict.fromkeys(row["run"] for row in rows)), DRUGS)

    def test_every_file_is_valid(self):
        for path in sorted((self.top / "workflows" / "cwl").glob("*.cwl")):
            with self.subTest(file=path.name):
                done = self.run_command("cwltool", "--validate", "--strict", path)
                self.assertIn("is valid CWL", done.stdout)
                self.assertNotIn("WARNING", done.stderr)

    def test_two_drugs_score_as_without_a_workflow(self):
        self.use_small_data()
        self.check_two_drugs("fit.epochs=20", "normalize.type=sigmoid-pi")

    def test_two_real_drugs_score_as_without_a_workflow(self):
        self.use_real_data()
        self.check_two_drugs("fit.epochs=5")

    def test_every_output_is_declared(self):
        self.use_small_data()
        outputs, _ = self.cwltool("qrx-run.cwl", "--drug", "1001", "--settings", "fit.epochs=2", "--settings",
                                  "normalize.r=pi/4", "--seed", "11", "--threads", "2", "--output", "a run (-)")
        direct = self.run_directly_as_tools_do("1001", "fit.epochs=2", "normalize.r=pi/4", seed=11)
        names = {key: sorted(file["basename"] for file in outputs[key]) for key in ("predictions", "models", "histories")}
        self.assertEqual(names, {
            "predictions": ["fit.predictions.csv", "mean.predictions.csv", "ridge.predictions.csv"],
            "models": ["fit.safetensors", "mean.safetensors", "ridge.safetensors"],
            "histories": ["fit.history.csv"]})
        self.assertEqual(outputs["folder"]["basename"], "a run (-)")
        self.assertEqual(outputs["log"]["basename"], "a run (-).log")
        self.assertEqual(Path(outputs["metrics"]["path"]).read_bytes(), (direct / "metrics.json").read_bytes())
        resolved = json.loads(Path(outputs["resolved"]["path"]).read_text())
        self.assertEqual((resolved["seed"], resolved["nodes"]["fit"]["epochs"]), (11, 2))

    def test_drugs_count_more_than_settings(self):
        self.use_small_data()
        outputs, _ = self.cwltool("qrx-run.cwl", "--drug", "Cisplatin", "--settings", "fit.epochs=2",
                                  "--settings", "mean.by=global", "--settings", "cohort.drug=Gemcitabine")
        resolved = json.loads(Path(outputs["resolved"]["path"]).read_text())
        self.assertEqual((resolved["nodes"]["cohort"]["drug"], resolved["nodes"]["mean"]["by"]), ("Cisplatin", "global"))

    def test_files_lie_beside_the_pipeline(self):
        self.use_small_data()
        rotations = [{"gate": "rx", "wires": [i], "params": [{"input": i}]} for i in range(8)]
        circuit = {"qubits": 8, "ops": rotations, "observables": ["ZIIIIIII", "IZIIIIII"]}
        (self.top / "circuit.json").write_text(json.dumps(circuit), encoding="utf-8")
        outputs, _ = self.cwltool("qrx-run.cwl", "--drug", "Cisplatin", "--settings", "fit.epochs=2", "--settings",
                                  "quantum.circuit=circuit.json", "--files", "circuit.json")
        self.assertIn("IZIIIIII", Path(outputs["resolved"]["path"]).read_text())

    def test_an_unknown_drug_fails_and_the_log_says_why(self):
        self.use_small_data()
        outputs, said = self.cwltool("qrx-run.cwl", "--drug", "Cisplatinn", status=1)
        self.assertIn("exited with status: 1", said)
        self.assertIn("permanentFail", said)
        self.assertIsNone(outputs["metrics"])
        log = Path(outputs["log"]["path"]).read_text()
        self.assertRegex(log, r'qrx: gdsc-hybrid\.json:\d+:\d+: cohort: .*"Cisplatinn"; did you mean "Cisplatin"\?')

    def test_an_invalid_setting_fails_with_its_own_status(self):
        self.use_small_data()
        outputs, said = self.cwltool("qrx-run.cwl", "--drug", "Cisplatin", "--settings", "fit.epoch=2", status=1)
        self.assertIn("exited with status: 2", said)
        self.assertIn('did you mean "epochs"?', Path(outputs["log"]["path"]).read_text())

    def test_being_stopped_by_a_signal_is_a_temporary_failure(self):
        self.use_small_data()
        program = self.top.parent / "bin" / "qrx"
        program.rename(program.with_name("the-qrx"))
        program.write_text('#!/bin/sh\nthe-qrx "$@" &\nsleep 1\nkill -TERM $!\nwait $!\n', encoding="utf-8")
        program.chmod(0o755)
        outputs, said = self.cwltool("qrx-run.cwl", "--drug", "Cisplatin", "--settings", "fit.epochs=1000000", "--settings",
                                     "fit.patience=1000000", status=1)
        self.assertIn("exited with status: 143", said)
        self.assertIn("temporaryFail", said)
        self.assertIsNone(outputs["metrics"])
        self.assertIn("stopped by SIGTERM", Path(outputs["log"]["path"]).read_text())

    def test_an_unknown_drug_fails_the_workflow_and_the_others_are_kept(self):
        self.use_small_data()
        outputs, _ = self.cwltool("qrx-drugs.cwl", "--drugs", "Cisplatinn", "--drugs", "Gemcitabine", "--settings",
                                  "fit.epochs=2", options=["--on-error", "continue"], status=1)
        self.assertIsNone(outputs["scores"])
        self.assertIsNone(outputs["folders"][0])
        self.assertIn('did you mean "Cisplatin"?', Path(outputs["logs"][0]["path"]).read_text())
        self.assertTrue((self.top / "results" / "Gemcitabine" / "metrics.json").exists())


if __name__ == "__main__":
    unittest.main()
