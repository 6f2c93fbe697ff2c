# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx study run of a nested study: each test fold's configuration is chosen on folds of its training rows alone."""
import json
import sqlite3
import unittest

from harness import Case
from test_study import PIPELINE

FOLDS, INNER, SEEDS = 3, 2, 2
STUDY = {
    "qrx-study": "1",
    "pipeline": "pipeline.json",
    "vary": {"split.fold": {"range": [0, FOLDS]}, "seed": {"range": [0, SEEDS]}, "normalize.a": [2, 20, 200]},
    "nested": {"folds": INNER},
    "objective": "score.validation.auc",
}
TRAIN, TEST = 1, 3  # bytes of `roles`


class Nested(Case):
    def setUp(self):
        super().setUp()
        self.write("pipeline.json", PIPELINE)
        study = self.write("study.json", STUDY)
        self.ranking = self.run_program("study", "run", study, "--store", "nested.db", "--threads", "2", "-q")[0]
        self.database = sqlite3.connect(self.folder / "nested.db")
        self.addCleanup(self.database.close)

    def rows(self, stage):
        query = ("SELECT trial.id, json_extract (settings, '$.\"split.fold\"'), "
                 "json_extract (settings, '$.\"normalize.a\"'), objective, arm, roles "
                 "FROM trial JOIN prediction ON prediction.trial = trial.id WHERE stage = ?")
        return self.database.execute(query, (stage,)).fetchall()

    def test_each_fold_takes_what_its_inner_folds_score_best(self):
        searched, final = self.rows("search"), self.rows("final")
        self.assertEqual(len(searched), FOLDS * 3 * INNER)
        self.assertEqual(len(final), FOLDS * SEEDS)
        for fold in range(FOLDS):
            values = {}
            for _, its, a, objective, *_ in searched:
                if its == fold:
                    values.setdefault(a, []).append(objective)
            best = max(values, key=lambda a: sum(values[a]) / len(values[a]))
            self.assertEqual({a for _, its, a, *_ in final if its == fold}, {best})

    def test_the_tuned_pipeline_is_ranked_as_one(self):
        ranked = [line for line in self.ranking.splitlines() if "pipeline" in line and line.split()[-1].isdigit()]
        self.assertEqual([line.split()[-1] for line in ranked], [str(FOLDS * SEEDS)], self.ranking)
        self.assertIn("each fold has chosen its configuration", self.ranking)
        best = json.loads(self.run_program("study", "best", "--store", "nested.db", "--json")[0])
        folds = {}
        for _, fold, _, objective, *_ in self.rows("final"):
            folds.setdefault(fold, []).append(objective)
        mean = sum(sum(seeds) / len(seeds) for seeds in folds.values()) / FOLDS
        self.assertEqual((best["nested"], len(best["best"]), best["best"][0]["configuration"]), (INNER, 1, {}))
        self.assertAlmostEqual(best["best"][0]["objective"], mean, 12)

    def test_no_search_sees_a_row_of_its_test_fold(self):
        final = {}
        for _, fold, _, _, _, roles in self.rows("final"):
            final.setdefault(fold, {row for row, role in enumerate(roles) if role == TEST})
        self.assertEqual(sum(len(rows) for rows in final.values()), 120)
        for _, fold, _, _, _, roles in self.rows("search"):
            self.assertEqual({roles[row] for row in final[fold]}, {TEST})  # neither trained nor validated on
            self.assertGreater(sum(role == TRAIN for role in roles), 20)

    def test_tuning_on_the_test_rows_is_refused(self):
        study = self.write("cheating.json", {**STUDY, "objective": "score.test.auc"})
        _, err = self.run_program("study", "validate", study, status=2)
        self.assertRegex(err, r"cheating\.json:1:\d+: .*score\.test\.auc.* in a nested study")

    def test_what_is_compared_is_the_tuned_pipeline(self):
        self.assertEqual({arm for *_, arm, _ in self.rows("final")}, {"pipeline"})
        document = json.loads(self.run_program("report", "nested.db", "--json")[0])
        chosen = {a for _, _, a, *_ in self.rows("final")}
        self.assertEqual([(arm["id"], arm.get("tuned", []), arm["settings"].get("normalize.a")) for arm in document["arms"]],
                         [("pipeline", ["normalize.a"], None) if len(chosen) > 1 else ("pipeline", [], *chosen)])
        self.assertEqual(len(document["comparison"]["estimates"][0]["resamples"]), FOLDS)


if __name__ == "__main__":
    unittest.main()
