# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx report of studies that ask something else than which model is best: a null control, and settings carried over."""
import json
import unittest

from page_case import PageCase, run
from test_report import PIPELINE

DRAWS = 24
COHORT = {"type": "synthetic-cohort", "lines": 60, "genes": 8, "factors": 3}
CONTROL = {"qrx": "1", "nodes": {
    "cohort": COHORT,
    "permute": {"type": "permute-target", "from": "cohort"},
    "split": {"type": "split", "from": "permute", "folds": 4},
    "scale": {"type": "standardize", "from": "split"},
    "fit": {"type": "ridge", "from": "scale"}, "ridge": {"type": "evaluator", "from": "fit"},
    "trees": {"type": "random-forest", "from": "scale", "trees": 10}, "forest": {"type": "evaluator", "from": "trees"},
    "mean": {"type": "mean-baseline", "from": "split"}, "constant": {"type": "evaluator", "from": "mean"}}}
CONTROL_STUDY = {"qrx-study": "1", "title": "Null", "pipeline": "control.json",
                 "vary": {"permute.seed": {"range": [0, DRAWS]}, "split.fold": {"range": [0, 4]},
                          "split.repeat": {"range": [0, 2]}},
                 "objective": "ridge.test.auc", "design": {"task": ["permute.seed"]}}
TRANSFER_STUDY = {"qrx-study": "1", "title": "Carried", "pipeline": "hybrid.json",
                  "vary": {"cohort.seed": [1, 2, 3], "normalize.a": [1, 5, 20], "split.fold": {"range": [0, 2]}},
                  "objective": "score.validation.auc", "design": {"task": ["cohort.seed"]}}


def hybrid():
    names = ("scale", "encode", "normalize", "quantum", "head")
    nodes = {name: PIPELINE["nodes"][name] for name in names}
    nodes |= {"cohort": COHORT, "split": {"type": "split", "from": "cohort", "folds": 2, "validation": 0.25},
              "normalize": {"type": "moderated-tanh", "from": "encode"},
              "fit": {"type": "trainer", "from": "head", "epochs": 3}, "score": {"type": "evaluator", "from": "fit"}}
    return {"qrx": "1", "nodes": nodes}


class SpecialStudies(PageCase):
    @classmethod
    def make_pages(cls):
        files = {"control.json": CONTROL, "hybrid.json": hybrid(), "null.json": CONTROL_STUDY, "carried.json": TRANSFER_STUDY}
        for name, content in files.items():
            (cls.folder / name).write_text(json.dumps(content), encoding="utf-8")
        cls.documents = {}
        for name in ("null", "carried"):
            store = str(cls.folder / f"{name}.db")
            run("study", "run", str(cls.folder / f"{name}.json"), "--quiet", "--store", store)
            run("report", store)
            cls.documents[name] = json.loads(run("report", store, "--json").stdout)

    def test_a_null_control_counts_what_the_estimates_say(self):
        self.open("null")
        comparison = self.documents["null"]["comparison"]
        rows = {(row["model"], row["reference"]): row for row in self.file_of("control.csv")}
        for arm in ("ridge", "forest"):
            found = [one for one in comparison["estimates"] if one["arm"] == f"control: {arm}"]
            self.assertEqual(len(found), DRAWS)
            covered = sum(one["interval"][0] <= 0.5 <= one["interval"][1] for one in found)
            self.assertEqual(int(rows[arm, ""]["count"]), covered)
            self.assertAlmostEqual(float(rows[arm, ""]["share"]), covered / DRAWS)
            self.assertAlmostEqual(float(rows[arm, ""]["mean AUC"]), sum(one["mean"] for one in found) / DRAWS)
        against, = (one for one in comparison["against"] if one["reference"] == "control: ridge")
        p = [pair["p"] for pair in against["tasks"] if pair["arm"] == "control: forest"]
        self.assertEqual(int(rows["forest", "ridge"]["count"]), sum(value < 0.05 for value in p))

    def test_a_constant_covers_nothing(self):
        self.open("null")
        row, = (row for row in self.file_of("control.csv") if row["model"] == "constant" and row["reference"] == "")
        self.assertEqual((row["draws"], row["share"]), ("0", ""))

    def test_its_verdict_is_about_errors_not_about_winners(self):
        self.open("null")
        verdict = self.browser.evaluate("document.querySelector('#verdict').textContent")
        self.assertIn(f"permuted in {DRAWS} draws", verdict)
        self.assertNotIn("beats", verdict)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('[data-file=\"scores.csv\"]').length"), 0)

    def test_settings_are_carried_between_all_tasks(self):
        self.open("carried")
        comparison = self.documents["carried"]["comparison"]
        means = {(one["arm"], one["task"]): one["mean"] for one in comparison["estimates"]}
        rows = self.file_of("transfer.csv")
        self.assertEqual(len(rows), 9)
        chosen = {row["chosen on"]: row["model"] for row in rows}
        for row in rows:
            self.assertEqual(row["model"], chosen[row["chosen on"]])
            self.assertAlmostEqual(float(row["auc"]), means[row["model"], row["used on"]], delta=1e-12)
            own = means[chosen[row["used on"]], row["used on"]]
            self.assertAlmostEqual(float(row["loss"]), own - float(row["auc"]), delta=1e-12)
        self.assertEqual({row["loss"] for row in rows if row["chosen on"] == row["used on"]}, {"0"})

    def test_a_settings_choice_is_the_best_of_the_validation_rows(self):
        comparison = self.documents["carried"]["comparison"]
        names = [arm["id"] for arm in self.documents["carried"]["arms"]]
        tasks = self.documents["carried"]["tasks"]
        for task in range(len(tasks)):
            values = {}
            for result in self.documents["carried"]["results"]:
                if result["task"] == task:
                    values.setdefault(names[result["arm"]], []).append(result["scores"]["validation"]["auc"])
            best = max(values, key=lambda name: sum(values[name]) / len(values[name]))
            pair = next(one for one in comparison["transfer"] if one["from"] == tasks[task])
            self.assertEqual(pair["arm"], best)

    def test_a_picture_of_the_printed_page_complains_of_nothing(self):
        self.open("carried")
        self.browser.emulate(media="print")
        self.browser.screenshot(self.folder / "printed.png", 1200)
        self.browser.emulate()
        self.assertEqual(self.browser.complaints(), [])

    def test_nothing_sticks_out_of_a_narrow_window(self):
        for name in ("null", "carried"):
            self.open(name)
            self.browser.resize(360)
            self.browser.wait_for("document.querySelector('figure svg').getBoundingClientRect().width < 360")
            self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 360, name)
        self.open("null")
        self.browser.resize(360)
        self.browser.wait_for("document.querySelector('figure svg').getBoundingClientRect().width < 360")
        edges = self.browser.evaluate("[...document.querySelectorAll('figure svg .name')]"
                                      ".map(text => text.getBoundingClientRect().right)")
        self.assertEqual(len(edges), 5)  # two intervals, three tests
        self.assertLess(max(edges), 360)


if __name__ == "__main__":
    unittest.main()
