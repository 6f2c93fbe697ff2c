# SPDX-License-Identifier: LGPL-2.1-or-later
"""Intervals as users get them, against an independent computation from the files of the run."""
import csv
import unittest

from harness import Case

LEVEL = 0.8


def pipeline(conformal, **split):
    return {"qrx": "1", "nodes": {
        "cohort": {"type": "synthetic-cohort", "lines": 300, "genes": 20, "factors": 3},
        "split": {"type": "split", "from": "cohort", "test": 0.25, "validation": 0.1, **split},
        "fit": {"type": "ridge", "from": "split"},
        "intervals": {"type": "conformal-intervals", "from": "fit", "level": LEVEL, **conformal},
        "score": {"type": "evaluator", "from": "intervals"},
    }}


def quantile(scores, level):
    """The smallest of the scores that at least level · (n + 1) of them do not exceed; None where there is none."""
    for candidate in sorted(scores):
        if sum(score <= candidate for score in scores) >= level * (len(scores) + 1) - 1e-9:
            return candidate
    return None


def spread(rows, neighbours, offset):
    """How far off training rows are around a prediction."""
    train = sorted((row["prediction"], abs(row["target"] - row["prediction"])) for row in rows if row["role"] == "train")
    overall = sum(residual for _, residual in train) / len(train)

    def at(prediction):
        nearest = sorted(train, key=lambda place: abs(place[0] - prediction))[:neighbours]
        return sum(residual for _, residual in nearest) / neighbours + offset * overall
    return at


class Conformal(Case):
    def load_rows(self, folder, name):
        with open(self.folder / folder / name, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row.update({key: float(row[key]) for key in ("target", "prediction", "lower", "upper") if key in row})
        return rows

    def run_pipeline(self, conformal, status=0, **split):
        self.write("pipeline.json", pipeline(conformal, **split))
        return self.run_program("run", "pipeline.json", "--quiet", "--output", "out", status=status)

    def check(self, role, scale, group_by):
        """Every interval and every score follows from the predictions; gives how many groups had too few rows."""
        rows = self.load_rows("out", "intervals.predictions.csv")
        scores = self.load("out", "metrics.json")["scores"]["intervals"]
        calibration = [row for row in rows if row["role"] == role]
        residual = lambda row: abs(row["target"] - row["prediction"]) / scale(row["prediction"])
        everything = quantile(list(map(residual, calibration)), LEVEL)
        quantiles = {group: quantile([residual(row) for row in calibration if row[group_by] == group], LEVEL)
                     for group in {row[group_by] for row in rows}} if group_by else {}
        self.assertAlmostEqual(scores[role]["quantile"], everything, delta=1e-12)
        for row in rows:
            half = (quantiles.get(row[group_by]) if group_by else None) or everything
            half *= scale(row["prediction"])
            self.assertAlmostEqual(row["lower"], row["prediction"] - half, delta=1e-9)
            self.assertAlmostEqual(row["upper"], row["prediction"] + half, delta=1e-9)
        for name in {row["role"] for row in rows}:
            self.check_scores(scores[name], [row for row in rows if row["role"] == name])
        if group_by:
            found = {record[group_by]: record["quantile"] for record in scores[role]["quantiles"]}
            self.assertEqual(set(found), set(quantiles))
            for group, value in quantiles.items():
                self.assertEqual(found[group] is None, value is None, group)
        return sum(value is None for value in quantiles.values())

    def check_scores(self, scores, rows):
        covered = lambda some: sum(row["lower"] <= row["target"] <= row["upper"] for row in some) / len(some)
        width = lambda some: sum(row["upper"] - row["lower"] for row in some) / len(some)
        self.assertEqual(scores["n"], len(rows))
        self.assertAlmostEqual(scores["coverage"], covered(rows), delta=1e-12)
        self.assertAlmostEqual(scores["mean_width"], width(rows), delta=1e-9)
        low, high = scores["coverage_ci95"]
        self.assertTrue(0 <= low <= scores["coverage"] <= high <= 1)
        self.assertEqual({record["tissue"] for record in scores["by_tissue"]}, {row["tissue"] for row in rows})
        for record in scores["by_tissue"]:
            some = [row for row in rows if row["tissue"] == record["tissue"]]
            self.assertEqual(record["n"], len(some))
            self.assertAlmostEqual(record["coverage"], covered(some), delta=1e-12)
            self.assertAlmostEqual(record["mean_width"], width(some), delta=1e-9)

    def test_absolute_residuals_of_validation_rows(self):
        self.run_pipeline({})
        self.check("validation", lambda prediction: 1, None)
        scores = self.load("out", "metrics.json")["scores"]
        self.assertNotIn("lower", self.read("out", "fit.predictions.csv").decode().split("\n")[0])
        self.assertIn("rmse", scores["score"]["test"])

    def test_calibration_rows_come_first_and_leave_the_test_alone(self):
        self.run_pipeline({})
        before = {row["id"]: row["role"] for row in self.load_rows("out", "intervals.predictions.csv")}
        self.run_pipeline({}, calibration=0.2)
        self.check("calibration", lambda prediction: 1, None)
        after = {row["id"]: row["role"] for row in self.load_rows("out", "intervals.predictions.csv")}
        moved = {(before[row], after[row]) for row in before if before[row] != after[row]}
        self.assertEqual(moved, {("train", "calibration")})
        self.assertEqual(sum(role == "calibration" for role in after.values()), 60)

    def test_normalized_residuals(self):
        self.run_pipeline({"score": "normalized", "neighbours": 30, "offset": 0.2}, calibration=0.2)
        rows = self.load_rows("out", "intervals.predictions.csv")
        self.check("calibration", spread(rows, 30, 0.2), None)
        self.assertGreater(len({round(row["upper"] - row["lower"], 6) for row in rows}), 10)

    def test_groups_are_calibrated_by_themselves_or_pooled(self):
        self.run_pipeline({"group-by": "tissue", "level": LEVEL}, calibration=0.2)
        n_small = self.check("calibration", lambda prediction: 1, "tissue")
        self.assertEqual(self.load("out", "metrics.json")["scores"]["intervals"]["calibration"]["n_pooled_groups"], n_small)

    def test_too_few_rows_say_how_many_are_needed(self):
        for conformal, words in (({"level": 0.99}, "at least 99 validation rows with a target, but there are 30"),
                                 ({"level": 0.95, "group-by": "tissue", "small-groups": "refuse"},
                                  "19 validation rows of tissue"),
                                 ({"group-by": "mood"}, 'found "mood", expected an annotation of the table')):
            _, err = self.run_pipeline(conformal, status=1)
            self.assertIn(words, err)
            self.assertIn("intervals", err)

    def train(self, conformal, status=0, trainer=None, split=None):
        """The same behind a network."""
        content = pipeline(conformal, **(split or {}))
        content["nodes"]["head"] = {"type": "linear", "from": "split"}
        content["nodes"]["fit"] = {"type": "trainer", "from": "head", "epochs": 3, **(trainer or {})}
        self.write("pipeline.json", content)
        return self.run_program("run", "pipeline.json", "--quiet", "--output", "out", status=status)

    def test_rows_that_selected_the_model_do_not_calibrate(self):
        self.train({})  # nothing selects by validation rows
        for trainer in ({"patience": 2}, {"schedule": "plateau"}):
            _, err = self.train({}, status=1, trainer=trainer)
            self.assertIn('30 of 30 validation rows fitted or selected part of the model of "fit"', err)
            self.assertIn('give `split` a "calibration" part', err)
        self.train({}, trainer={"patience": 2}, split={"calibration": 0.2})
        scores = self.load("out", "metrics.json")["scores"]["intervals"]
        self.assertNotIn("leaking", scores["test"])
        self.assertIn("exchangeable", scores["test"]["guarantee"])
        self.assertIn("none: rows of this role fitted or selected", scores["validation"]["guarantee"])
        _, err = self.train({"allow-leakage": True}, trainer={"patience": 2})
        marked = self.load("out", "metrics.json")["scores"]["intervals"]["test"]
        self.assertIn("leaking", marked)
        self.assertIn("none", marked["guarantee"])
        self.assertIn("no coverage is guaranteed", self.read("out", "pipeline.resolved.json").decode())

    def test_probabilities_have_no_intervals(self):
        _, err = self.train({}, status=1, trainer={"loss": "binary-cross-entropy"})
        self.assertIn("probability", err)


if __name__ == "__main__":
    unittest.main()
