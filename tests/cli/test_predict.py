# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx predict: a saved model meets tables of text, whatever the order of their rows and columns."""
import csv
import gzip
import io
import json
import random
import unittest

from harness import Case

GENES = [f"G{i}" for i in range(6)]


class Predict(Case):
    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        self.rows = []
        for i in range(48):
            values = {gene: draw.gauss(0, 1) for gene in GENES}
            response = values["G0"] - values["G1"] + draw.gauss(0, 0.2)
            self.rows.append({"line": f"L{i}", "tissue": draw.choice(["Lung", "Skin"]), **values, "ln_ic50": response})
        self.write_table("table.csv", list(self.rows[0]), self.rows)
        pipeline = {"qrx": "1", "seed": 2, "nodes": {
            "cohort": {"type": "csv-loader", "file": "table.csv", "targets": ["ln_ic50"], "tissue": "tissue",
                       "unit": "ln µM", "orientation": "low"},
            "split": {"type": "split", "from": "cohort", "test": 0.25},
            "scale": {"type": "standardize", "from": "split"},
            "encode": {"type": "linear", "from": "scale", "width": 2, "quantity": "activation"},
            "normalize": {"type": "tanh-pi", "from": "encode"},
            "quantum": {"type": "quantum-layer", "from": "normalize", "layers": 1},
            "head": {"type": "linear", "from": "quantum", "width": 1, "quantity": "prediction"},
            "fit": {"type": "trainer", "from": "head", "epochs": 4, "batch-size": 8},
            "ridge": {"type": "ridge", "from": "scale"},
            "mean": {"type": "mean-baseline", "from": "split", "by": "tissue"}}}
        self.run_program("run", self.write("pipeline.json", pipeline), "--quiet", "--output", "out")

    def write_table(self, name, columns, rows, delimiter=","):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
        return self.write(name, text.getvalue())

    def predict(self, model, table, *options):
        out, err = self.run_program("predict", f"out/{model}.safetensors", table, *options)
        self.assertEqual(err, "")
        header, *rows = csv.reader(io.StringIO(out))
        self.assertEqual(header, ["id", "ln_ic50"])
        return dict(rows)

    def recorded(self, model):
        with open(self.folder / "out" / f"{model}.predictions.csv", encoding="utf-8") as file:
            return {row["id"]: row["prediction"] for row in csv.DictReader(file)}

    def test_saved_models_predict_what_they_predicted_when_they_were_fitted(self):
        for model in ("fit", "ridge", "mean"):
            self.assertEqual(self.predict(model, "table.csv"), self.recorded(model), model)

    def test_order_and_number_of_rows_and_columns_change_no_bit(self):
        columns = ["line", *reversed(GENES), "tissue"]
        draw = random.Random(1)
        rows = draw.sample(self.rows, len(self.rows))
        shuffled = self.write_table("shuffled.tsv", columns, rows, delimiter="\t")
        one = self.write_table("one.csv", columns, rows[:1])
        for model in ("fit", "ridge", "mean"):
            recorded = self.recorded(model)
            self.assertEqual(self.predict(model, shuffled), recorded)
            self.assertEqual(self.predict(model, one), {rows[0]["line"]: recorded[rows[0]["line"]]})

    def test_rows_keep_the_order_of_the_table(self):
        rows = list(reversed(self.rows))
        table = self.write_table("reversed.csv", ["line", *GENES], rows)
        self.assertEqual(list(self.predict("fit", table)), [row["line"] for row in rows])

    def test_compressed_table_is_read(self):
        (self.folder / "table.csv.gz").write_bytes(gzip.compress(self.read("table.csv")))
        self.assertEqual(self.predict("fit", "table.csv.gz"), self.recorded("fit"))

    def test_id_column_is_chosen_by_name(self):
        table = self.write_table("late.csv", [*GENES, "line"], self.rows)
        self.assertEqual(self.predict("fit", table, "--id-column", "line"), self.recorded("fit"))
        _, err = self.run_program("predict", "out/fit.safetensors", table, "--id-column", "lien", status=1)
        self.assertIn('did you mean "line"?', err)

    def test_genes_are_not_taken_for_ids(self):
        table = self.write_table("late.csv", [*GENES, "line"], self.rows)
        out, err = self.run_program("predict", "out/fit.safetensors", table, status=1)
        self.assertEqual(out, "")
        self.assertIn('late.csv: found "G0" in the first column, which the model of `fit` takes in', err)
        self.assertIn("--id-column", err)

    def test_missing_genes_are_listed(self):
        table = self.write_table("lacking.csv", ["line", "G0", "G2", "G3", "G5"], self.rows)
        out, err = self.run_program("predict", "out/fit.safetensors", table, status=1)
        self.assertEqual(out, "")
        self.assertIn("lacks 2 of the 6 columns", err)
        self.assertIn("G1, G4", err)

    def test_repeated_ids_and_bad_numbers_are_told_with_their_line(self):
        table = self.write_table("twice.csv", ["line", *GENES], [*self.rows, self.rows[3]])
        _, err = self.run_program("predict", "out/fit.safetensors", table, status=1)
        self.assertIn(f"twice.csv:{len(self.rows) + 2}", err)
        self.assertIn('"L3"', err)
        self.rows[1]["G4"] = "high"
        _, err = self.run_program("predict", "out/fit.safetensors", self.write_table("bad.csv", ["line", *GENES], self.rows),
                                  status=1)
        self.assertIn("bad.csv:3", err)
        self.assertIn("G4", err)

    def test_model_by_tissue_needs_the_tissue(self):
        table = self.write_table("genes.csv", ["line", *GENES], self.rows)
        _, err = self.run_program("predict", "out/mean.safetensors", table, status=1)
        self.assertIn("tissue", err)

    def test_model_of_several_drugs_goes_by_the_drug_of_each_row(self):
        draw = random.Random(4)
        rows = [{"pair": f"{row['line']}/{drug}", "line": row["line"], "drug": drug, **{gene: row[gene] for gene in GENES},
                 "ln_ic50": mean + row["G0"] + draw.gauss(0, 0.1)} for row in self.rows for drug, mean in (("A", 2), ("B", -3))]
        self.write_table("pairs.csv", list(rows[0]), rows)
        pipeline = {"qrx": "1", "nodes": {
            "cohort": {"type": "csv-loader", "file": "pairs.csv", "targets": ["ln_ic50"], "line": "line", "drug": "drug"},
            "split": {"type": "split", "from": "cohort", "by": "line", "test": 0.25},
            "drug": {"type": "one-hot", "from": "split"},
            "both": {"type": "concat", "from": ["split", "drug"]},
            "ridge": {"type": "ridge", "from": "both"},
            "mean": {"type": "mean-baseline", "from": "split", "by": "drug"},
            "heads": {"type": "head-per-group", "from": {"in": "split", "group": "split"}},
            "fit": {"type": "trainer", "from": "heads", "epochs": 3, "centre-target-by": "drug"}}}
        self.run_program("run", self.write("pairs.json", pipeline), "--quiet", "--output", "out")
        wanted = [name for name in rows[0] if name not in ("line", "ln_ic50")]
        table = self.write_table("new.csv", wanted, rows)
        lacking = self.write_table("lacking.csv", ["pair", *GENES], rows)
        other = self.write_table("other.csv", wanted, [{**rows[0], "drug": "C"}])
        for model in ("ridge", "mean", "fit"):
            self.assertEqual(self.predict(model, table), self.recorded(model), model)
            _, err = self.run_program("predict", f"out/{model}.safetensors", lacking, status=1)
            self.assertIn(f'lacking.csv: lacks the column "drug", by which the model of `{model}` goes', err)
        for model in ("ridge", "mean"):
            self.assertEqual(len(self.predict(model, other)), 1)
        _, err = self.run_program("predict", "out/fit.safetensors", other, status=1)
        self.assertIn("have a drug that no training row has (C)", err)

    def test_ids_are_quoted_where_they_must_be(self):
        self.rows[0]["line"] = 'a "b", c'
        table = self.write_table("quoted.csv", ["line", *GENES], self.rows[:2])
        self.assertEqual(list(self.predict("fit", table)), ['a "b", c', "L1"])

    def test_json_has_target_unit_and_the_same_numbers(self):
        out, _ = self.run_program("predict", "out/fit.safetensors", "table.csv", "--json")
        result = json.loads(out)
        self.assertEqual((result["model"], result["target"], result["unit"]), ("fit", "ln_ic50", "ln µM"))
        self.assertEqual(result["orientation"], "low-is-sensitive")
        recorded = {name: float(value) for name, value in self.recorded("fit").items()}
        self.assertEqual({row["id"]: row["prediction"] for row in result["predictions"]}, recorded)

    def test_output_file_gets_what_stdout_would(self):
        plain, _ = self.run_program("predict", "out/fit.safetensors", "table.csv")
        out, _ = self.run_program("predict", "out/fit.safetensors", "table.csv", "--output", "deep/er/p.csv")
        self.assertEqual(out, "")
        self.assertEqual(self.read("deep", "er", "p.csv").decode(), plain)

    def test_what_is_no_model_is_refused(self):
        for name, status in (("table.csv", 1), ("out/metrics.json", 1), ("none.safetensors", 2)):
            out, err = self.run_program("predict", name, "table.csv", status=status)
            self.assertEqual(out, "")
            self.assertIn(name, err)


if __name__ == "__main__":
    unittest.main()
