# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Snakemake rules, run by snakemake."""
import csv
import gzip
import json
import shutil
import unittest

from workflow_case import DRUGS, WorkflowCase

FILES = ["metrics.json", "fit.predictions.csv", "fit.history.csv", "fit.safetensors", "ridge.predictions.csv"]


@unittest.skipIf(shutil.which("snakemake") is None, "snakemake is not installed")
class SnakemakeTest(WorkflowCase):
    def snakemake(self, *arguments, config=(), status=0):
        options = ["--config", *config] if config else []
        return self.run_command("snakemake", "--snakefile", "workflows/snakemake/Snakefile", "--cores", "2", "--nocolor",
                                *arguments, *options, status=status)

    def check_two_drugs(self, *settings):
        """The example gives what the program gives without it, and has nothing to do a second time."""
        config = [f"settings={json.dumps(dict(setting.split('=') for setting in settings))}"]
        self.snakemake(config=config)
        results = self.top / "results" / "snakemake"
        for drug in DRUGS:
            direct = self.run_directly("pipelines/gdsc-hybrid.json", drug, *settings)
            self.assert_same_files(direct, results / drug, FILES)
            self.assertIn(drug, (results / drug / "pipeline.resolved.json").read_text())
            self.assertIn("rows, target ln_ic50", (results / "logs" / f"{drug}.log").read_text())
        with open(results / "scores.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(dict.fromkeys(row["run"] for row in rows)), DRUGS)
        for drug in DRUGS:
            scores = json.loads((results / drug / "metrics.json").read_text())["scores"]
            row = next(row for row in rows if (row["run"], row["evaluator"], row["role"]) == (drug, "hybrid", "test"))
            self.assertEqual(float(row["rmse"]), scores["hybrid"]["test"]["rmse"])
        self.assertIn("Nothing to be done", self.snakemake(config=config).stderr)

    def test_two_drugs_score_as_without_a_workflow(self):
        self.use_small_data()
        self.check_two_drugs("fit.epochs=20", "normalize.type=sigmoid-pi")

    def test_two_real_drugs_score_as_without_a_workflow(self):
        self.use_real_data()
        self.check_two_drugs("fit.epochs=5")

    def test_only_what_changed_is_run_again(self):
        self.use_small_data()
        config = ["settings={fit.epochs: 5}", 'drugs=["Cisplatin"]']
        self.snakemake(config=config)
        self.assertIn("Nothing to be done", self.snakemake(config=config).stderr)
        more = self.snakemake("--dry-run", config=["settings={fit.epochs: 5}"]).stdout
        self.assertRegex(more, r"qrx_run +1 ")
        self.assertIn("drug=Gemcitabine", more)
        other = self.snakemake("--dry-run", config=["settings={fit.epochs: 6}", 'drugs=["Cisplatin"]']).stdout
        self.assertIn("Params have changed", other)
        models = gzip.decompress((self.data / "Model.csv.gz").read_bytes())
        (self.data / "Model.csv.gz").write_bytes(gzip.compress(models + b"ACH-999999,PT-999999,LATER,Lung,\n"))
        self.assertIn("Updated input files", self.snakemake("--dry-run", config=config).stdout)

    def test_values_reach_the_program_as_they_are(self):
        self.use_small_data()
        odd = "a $HOME; 'quoted' \"name\" (-)"
        (self.top / odd).mkdir()
        (self.top / "pipelines" / "gdsc-hybrid.json").rename(self.top / odd / "the pipeline.json")
        settings = '{fit.epochs: 2, normalize.r: "pi/4", encode.hidden: [16, 12], split.stratify: true}'
        self.snakemake(config=[f"pipeline={odd}/the pipeline.json", f"settings={settings}", "seed=11", "threads=2",
                               f"output={odd}/runs", 'drugs=["1001"]'])
        folder = self.top / odd / "runs" / "1001"
        resolved = json.loads((folder / "pipeline.resolved.json").read_text())
        self.assertEqual(resolved["seed"], 11)
        self.assertEqual(resolved["nodes"]["cohort"]["drug"], "1001")
        self.assertEqual(resolved["nodes"]["fit"]["epochs"], 2)
        self.assertEqual(resolved["nodes"]["encode"]["hidden"], [16, 12])
        direct = self.run_directly(f"{odd}/the pipeline.json", "1001", "fit.epochs=2", "normalize.r=pi/4",
                                   "encode.hidden=[16,12]", "split.stratify=true", seed=11)
        self.assert_same_files(direct, folder, ["metrics.json"])

    def test_an_unknown_drug_fails_its_rule_and_the_log_says_why(self):
        self.use_small_data()
        config = ["settings={fit.epochs: 2}", 'drugs=["Cisplatinn", "Gemcitabine"]']
        done = self.snakemake("--keep-going", "--show-failed-logs", config=config, status=1)
        results = self.top / "results" / "snakemake"
        log = (results / "logs" / "Cisplatinn.log").read_text()
        self.assertRegex(log, r'qrx: pipelines/gdsc-hybrid\.json:\d+:\d+: cohort: .*"Cisplatinn"; did you mean "Cisplatin"\?')
        self.assertIn('did you mean "Cisplatin"?', done.stderr)
        self.assertFalse((results / "Cisplatinn").exists() and any((results / "Cisplatinn").iterdir()))
        self.assertTrue((results / "Gemcitabine" / "metrics.json").exists())
        self.assertFalse((results / "scores.csv").exists())

    def test_an_invalid_setting_and_a_missing_program_are_told_in_the_log(self):
        self.use_small_data()
        log = self.top / "results" / "snakemake" / "logs" / "Cisplatin.log"
        self.snakemake(config=["settings={fit.epoch: 2}", 'drugs=["Cisplatin"]'], status=1)
        self.assertIn('did you mean "epochs"?', log.read_text())
        self.snakemake(config=["qrx=no-such-qrx", 'drugs=["Cisplatin"]'], status=1)
        self.assertIn("no-such-qrx: command not found", log.read_text())

    def test_a_bad_configuration_is_refused_before_anything_runs(self):
        self.use_small_data()
        for config, said in (("threads=0", "0 is less than the minimum of 1"),
                             ("setings={fit.epochs: 2}", 'did you mean "settings"?'),
                             ('drugs=["a/b"]', 'the drug "a/b" cannot name a folder'),
                             ("drugs=[]", "too short"),
                             ("settings={epochs: 2}", "'epochs' does not match"),
                             ("settings={cohort.drug: Cisplatin}", '"settings" has "cohort.drug"')):
            with self.subTest(config=config):
                self.assertIn(said, self.snakemake(config=[config], status=1).stderr)
        self.assertFalse((self.top / "results").exists())

    def test_a_missing_input_is_named(self):
        self.use_small_data()
        self.assertIn(f"{self.data}/absent.csv", self.snakemake(config=["inputs=[absent.csv]"], status=1).stderr)

    def test_lint_has_no_complaint_but_that_no_container_is_named(self):
        done = self.snakemake("--lint", status=None)
        complaints = {line.strip() for line in (done.stdout + done.stderr).splitlines() if line.startswith("    * ")}
        self.assertEqual(complaints, {"* Specify a conda environment or container for each rule.:"})


if __name__ == "__main__":
    unittest.main()
