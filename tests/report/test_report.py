# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx report of a run: the page in a real browser. One browser serves all tests."""
import csv
import json
import random
import sqlite3
import tempfile
import unittest
from pathlib import Path

from page_case import CHROMIUM, PageCase, run, start_browser, table

# A title that would end the script or the page, were it not escaped, and JavaScript's own line separator.
TITLE = "</script><img src=x onerror=alert(1)> <!-- \u2028 & “π”"
PIPELINE = {
    "qrx": "1", "title": TITLE, "seed": 7,
    "nodes": {
        "cohort": {"type": "synthetic-cohort", "lines": 120, "genes": 12, "factors": 3},
        "split": {"type": "split", "from": "cohort", "test": 0.25, "validation": 0.25},
        "scale": {"type": "standardize", "from": "split"},
        "encode": {"type": "mlp-encoder", "from": "scale", "hidden": [6], "width": 3},
        "normalize": {"type": "moderated-tanh", "from": "encode", "a": {"value": 2, "train": "per-qubit"}, "r": "pi/2"},
        "quantum": {"type": "quantum-layer", "from": "normalize", "layers": 2},
        "head": {"type": "linear", "from": "quantum", "width": 1, "quantity": "prediction"},
        "crowding": {"type": "crowding", "from": "normalize", "warn-fraction": 0, "warn-epochs": 1},
        "fit": {"type": "trainer", "from": {"in": "head", "monitors": ["crowding"]}, "epochs": 6, "batch-size": 8},
        "fit-score": {"type": "evaluator", "from": "fit"},
        "classify": {"type": "trainer", "from": "head", "loss": "binary-cross-entropy", "epochs": 6, "batch-size": 8},
        "classify-score": {"type": "evaluator", "from": "classify"},
        "mean": {"type": "mean-baseline", "from": "split", "by": "tissue"},
        "mean-score": {"type": "evaluator", "from": "mean"},
        "ridge": {"type": "ridge", "from": "scale"},
        "ridge-score": {"type": "evaluator", "from": "ridge"},
        "flat": {"type": "mean-baseline", "from": "split", "by": "global"},
        "flat-score": {"type": "evaluator", "from": "flat"},
    },
}
FIGURES = ["scores.csv", "differences.csv", "roc.csv", "predictions.csv", "calibration.csv", "learning-curves.csv",
           "gradient-norms.csv", "crowding.csv", "slopes.csv", "scale-ratios.csv", "learned-a.csv", "circuits.csv",
           "frequencies.csv", "gradient-variances.csv", "pipeline.csv"]


class RunReport(PageCase):
    @classmethod
    def make_pages(cls):
        (cls.folder / "small.json").write_text(json.dumps(PIPELINE), encoding="utf-8")
        run("run", str(cls.folder / "small.json"), "--quiet", "--output", str(cls.folder / "out"))
        run("report", str(cls.folder / "out"), "--output", str(cls.folder / "report.html"))
        cls.metrics = json.loads((cls.folder / "out" / "metrics.json").read_text(encoding="utf-8"))["scores"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser.open((cls.folder / "report.html").as_uri())

    def setUp(self):
        self.browser.emulate()
        self.browser.resize(1200)

    def test_nothing_is_fetched_and_nothing_goes_to_the_console(self):
        self.assertEqual(self.browser.complaints(), [])
        page = (self.folder / "report.html").as_uri()
        self.assertEqual([url for url in self.browser.requests() if not url.startswith(("data:", "blob:")) and url != page], [])
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        for word in ("src=\"http", "@import", "url(http", "<link rel=\"stylesheet"):
            self.assertNotIn(word, text)

    def test_texts_of_the_pipeline_stay_texts(self):
        self.assertEqual(self.browser.evaluate("document.querySelector('h1').textContent"), TITLE)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('img').length"), 0)

    def test_every_figure_is_drawn_named_and_has_a_table_and_a_file(self):
        self.assertEqual(self.browser.evaluate("[...document.querySelectorAll('figure [data-file]')].map(b => b.dataset.file)"),
                         FIGURES)
        for index in range(len(FIGURES)):
            one = f"document.querySelectorAll('figure')[{index}]"
            self.assertGreater(self.browser.evaluate(f"{one}.querySelectorAll('svg[role=img][aria-label]').length"), 0)
            self.browser.evaluate(f"{one}.querySelector('summary').click()")
            self.browser.wait_for(f"{one}.querySelectorAll('tbody tr').length > 0")

    def test_scores_and_intervals_are_those_of_the_run(self):
        rows = {row["model"]: row for row in self.file_of("scores.csv")}
        for evaluator, roles in self.metrics.items():
            row = rows[evaluator.removesuffix("-score")]
            self.assertAlmostEqual(float(row["auc"]), roles["test"]["auc"], delta=1e-15)
            for place, end in enumerate(("low", "high")):
                self.assertEqual(float(row[end]), roles["test"]["auc_ci95"][place])
        drawn = self.browser.evaluate("[...document.querySelectorAll('#scores figure:first-of-type .row')].map(row => "
                                      "['.name', '.figure'].map(part => row.querySelector(part).textContent).join(' '))")
        expected = sorted(((name, row) for name, row in rows.items()), key=lambda item: -float(item[1]["auc"]))
        self.assertEqual(drawn, [f"{name} {float(row['auc']):.3f}" for name, row in expected])

    def test_calibration_is_drawn_from_the_evaluators_bins(self):
        rows = self.file_of("calibration.csv")
        for evaluator, roles in self.metrics.items():
            found = [row for row in rows if row["model"] == evaluator.removesuffix("-score")]
            bins = roles["test"]["reliability"]
            self.assertEqual([int(row["rows"]) for row in found], [one["n"] for one in bins])
            for row, one in zip(found, bins):
                self.assertAlmostEqual(float(row["mean predicted"]), one["mean_predicted"], delta=1e-12)
                self.assertAlmostEqual(float(row["mean observed"]), one["mean_observed"], delta=1e-12)
        dots = self.browser.evaluate("[...document.querySelectorAll('figure')].find(f => f.querySelector("
                                     "'[data-file=\"calibration.csv\"]')).querySelectorAll('.dots circle').length")
        self.assertEqual(dots, len(rows))

    def test_areas_under_the_drawn_curves_are_the_scores(self):
        curves = {}
        for row in self.file_of("roc.csv"):
            curves.setdefault(row["model"], []).append((float(row["false positive rate"]), float(row["true positive rate"])))
        self.assertEqual(len(curves), len(self.metrics))
        for name, points in curves.items():
            area = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in zip(points, points[1:]))
            self.assertAlmostEqual(area, self.metrics[f"{name}-score"]["test"]["auc"], delta=1e-6, msg=name)

    def test_all_scores_of_all_roles_are_in_a_file(self):
        rows = {(row["model"], row["role"]): row for row in self.file_of("all-scores.csv")}
        for evaluator, roles in self.metrics.items():
            for role, scores in roles.items():
                row = rows[evaluator.removesuffix("-score"), role]
                for name in ("n", "rmse", "auc_within_tissue", "kendall"):
                    self.assertEqual(float(row[name]) if row[name] else None, scores[name])

    def test_predictions_and_histories_are_those_of_the_run(self):
        with open(self.folder / "out" / "fit.predictions.csv", encoding="utf-8") as file:
            expected = {row["id"]: row for row in csv.DictReader(file) if row["role"] == "test"}
        rows = {row["row"]: row for row in self.file_of("predictions.csv")}
        self.assertEqual(set(rows), set(expected))
        for name, row in rows.items():
            self.assertAlmostEqual(float(row["fit"]), float(expected[name]["prediction"]), delta=1e-5)
            self.assertAlmostEqual(float(row["measured"]), float(expected[name]["target"]), delta=1e-5)
        with open(self.folder / "out" / "fit.history.csv", encoding="utf-8") as file:
            expected = list(csv.DictReader(file))
        rows = {(row["column"], int(row["epoch"])): float(row["mean"])
                for name in ("learning-curves.csv", "learned-a.csv") for row in self.file_of(name) if row["model"] == "fit"}
        for epoch, line in enumerate(expected):
            for name in ("train-loss", "validation-loss", "normalize.a.0", "normalize.a.2"):
                self.assertAlmostEqual(rows[name, epoch], float(line[name]), delta=1e-5)

    def test_the_verdict_says_what_the_comparison_found(self):
        verdicts = {row["model"]: row["verdict"] for row in self.file_of("differences.csv") if row["reference"] == "ridge"}
        headline = self.browser.evaluate("document.querySelector('#verdict h2').textContent")
        models = {verdicts["fit"], verdicts["classify"]}
        expected = ("beats ridge" if "better" in models else "Ridge beats every model" if models == {"worse"}
                    else "Nothing beats ridge")
        self.assertIn(expected, headline)

    def test_warnings_of_the_run_are_told(self):
        text = self.browser.evaluate("document.querySelector('#warnings').textContent")
        self.assertIn("the angles of `normalize` crowd since epoch", text)

    def test_a_model_that_is_left_out_is_not_drawn(self):
        box = "document.querySelector('.models input')"
        count = "document.querySelectorAll('#scores figure:first-of-type .row').length"
        before = self.browser.evaluate(count)
        self.browser.evaluate(f"{box}.click()")
        self.assertEqual(self.browser.evaluate(count), before - 1)
        self.browser.evaluate(f"{box}.click()")
        self.assertEqual(self.browser.evaluate(count), before)

    def test_another_reference_can_be_chosen(self):
        self.browser.evaluate("(select => { select.value = 'mean-score'; select.dispatchEvent(new Event('change')); })"
                              "(document.querySelector('#scores select'))")
        label = self.browser.evaluate("document.querySelectorAll('#scores figure')[1].querySelector('svg').ariaLabel")
        self.assertIn("from mean", label)

    def test_landmarks_and_headings_make_an_outline(self):
        counts = "['header', 'nav', 'main', 'footer', 'h1'].map(name => document.querySelectorAll(name).length)"
        self.assertEqual(self.browser.evaluate(counts), [1, 1, 1, 1, 1])
        levels = self.browser.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(h => Number(h.localName[1]))")
        self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels)
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "en")

    def test_everything_that_takes_the_focus_has_a_name(self):
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        nameless = []
        for node in nodes:
            focusable = any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", []))
            if focusable and node["role"]["value"] != "RootWebArea" and not node.get("name", {}).get("value"):
                nameless.append(node["role"])
        self.assertEqual(nameless, [])

    def test_the_keyboard_goes_through_the_page_in_order_with_a_ring(self):
        self.browser.open((self.folder / "report.html").as_uri())
        places = []
        for _ in range(200):
            self.browser.press("Tab")
            place = self.browser.evaluate("focused()")
            if place["tag"] == "body" or (places and place["index"] <= places[-1]["index"]):
                break
            places.append(place)
        self.assertEqual(places[0]["text"], "Skip to the verdict")
        self.assertTrue(all(place["ring"] for place in places), [place for place in places if not place["ring"]])
        n = self.browser.evaluate("[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')]"
                                  ".filter(one => one.checkVisibility()).length")
        self.assertEqual(len(places), n)

    def test_texts_have_contrast_in_light_and_dark(self):
        for scheme in ("light", "dark"):
            self.browser.emulate(prefers_color_scheme=scheme)
            self.assertEqual(self.browser.evaluate("faintTexts()"), [], scheme)
        self.browser.emulate(prefers_color_scheme="light")

    def test_the_button_changes_the_colours(self):
        paper = "getComputedStyle(document.body).backgroundColor"
        self.browser.emulate(prefers_color_scheme="light")
        before = self.browser.evaluate(paper)
        button = "document.querySelector('header button')"
        self.browser.evaluate(f"{button}.focus()")
        self.browser.press("Enter")
        self.assertNotEqual(self.browser.evaluate(paper), before)
        self.assertIn("light", self.browser.evaluate(f"{button}.ariaLabel"))
        self.browser.press("Enter")
        self.assertEqual(self.browser.evaluate(paper), before)

    def test_lines_end_at_names_where_these_stand_above_rows(self):
        self.browser.resize(360)
        self.browser.wait_for("document.querySelectorAll('.row .backing').length > 0")
        bare = self.browser.evaluate(
            "[...document.querySelectorAll('.row .name')].filter(name => { const text = name.getBBox(),"
            " back = name.parentElement.querySelector('.backing')?.getBBox();"
            " return !back || back.x > text.x || back.x + back.width < text.x + 0.9 * text.width || back.y > text.y + 2; })"
            ".map(name => name.textContent)")
        self.assertEqual(bare, [])

    def test_nothing_sticks_out_of_a_narrow_window(self):
        self.browser.resize(360)
        self.browser.wait_for("document.querySelector('figure svg').getBoundingClientRect().width < 360")
        self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 360)

    def test_it_prints_in_dark_ink_on_white_without_controls(self):
        self.browser.emulate(media="print", prefers_color_scheme="dark")
        self.assertEqual(self.browser.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertFalse(self.browser.evaluate("document.querySelector('nav').checkVisibility()"))
        self.assertTrue(self.browser.evaluate("document.querySelector('figure svg').checkVisibility()"))
        self.assertEqual(self.browser.evaluate("faintTexts()"), [])
        self.browser.emulate()
        self.assertTrue(self.browser.print_pdf().startswith(b"%PDF"))

    def test_who_wants_less_motion_gets_none(self):
        behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
        self.browser.emulate(prefers_reduced_motion="reduce")
        self.assertEqual(self.browser.evaluate(behaviour), "auto")

    def test_the_document_is_printed_as_json(self):
        document = json.loads(run("report", str(self.folder / "out"), "--json").stdout)
        self.assertEqual((document["qrx-report"], document["kind"], document["title"]), (1, "run", TITLE))
        self.assertEqual([arm["predictor"] for arm in document["arms"]], ["fit", "classify", "mean", "ridge", "flat"])


DRUGS = {"Cisplatin": 3, "Docetaxel": -4, "Erlotinib": 2}


class SeveralDrugs(unittest.TestCase):
    """A run over pairs of line and drug: each drug is a task, with its own curve, area and interval."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="qrx-report-")
        cls.folder = Path(cls.scratch.name)
        draw = random.Random(2)
        with open(cls.folder / "pairs.csv", "w", encoding="utf-8") as file:
            file.write("pair,line,drug,G0,G1,ln_ic50\n")
            for line in range(80):
                genes = [draw.gauss(0, 1) for _ in range(2)]
                for drug, mean in DRUGS.items():
                    file.write(f"{line}/{drug},L{line},{drug},{genes[0]},{genes[1]},{mean + genes[0] + draw.gauss(0, 1)}\n")
        pipeline = {"qrx": "1", "nodes": {
            "cohort": {"type": "csv-loader", "file": "pairs.csv", "targets": ["ln_ic50"], "line": "line", "drug": "drug",
                       "unit": "ln µM", "orientation": "low"},
            "split": {"type": "split", "from": "cohort", "by": "line", "test": 0.4},
            "heads": {"type": "head-per-group", "from": {"in": "split", "group": "split"}},
            "fit": {"type": "trainer", "from": "heads", "epochs": 5, "centre-target-by": "drug"},
            "heads-score": {"type": "evaluator", "from": "fit"},
            "ridge": {"type": "ridge", "from": "split"},
            "ridge-score": {"type": "evaluator", "from": "ridge"}}}
        (cls.folder / "drugs.json").write_text(json.dumps(pipeline), encoding="utf-8")
        run("run", str(cls.folder / "drugs.json"), "--quiet", "--output", str(cls.folder / "out"))
        cls.metrics = json.loads((cls.folder / "out" / "metrics.json").read_text(encoding="utf-8"))["scores"]
        cls.document = json.loads(run("report", str(cls.folder / "out"), "--json").stdout)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_each_drug_has_a_curve_whose_area_is_its_auc(self):
        self.assertEqual(self.document["tasks"], sorted(DRUGS))
        curves = self.document["roc"]
        self.assertEqual(len(curves), 2 * len(DRUGS))
        for curve in curves:
            drug, arm = self.document["tasks"][curve["task"]], self.document["arms"][curve["arm"]]["id"]
            points = list(zip(curve["fpr"], curve["tpr"]))
            area = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in zip(points, points[1:]))
            # Points are written with seven digits.
            self.assertAlmostEqual(area, self.metrics[arm][f"test/{drug}"]["auc"], places=5)

    def test_each_drug_has_an_interval_and_its_own_rows(self):
        estimates = {(one["arm"], one["task"]): one for one in self.document["comparison"]["estimates"]}
        for arm, roles in self.metrics.items():
            for drug in DRUGS:
                one = estimates[arm, drug]
                self.assertAlmostEqual(one["mean"], roles[f"test/{drug}"]["auc"], places=12)
                self.assertLess(one["interval"][0], one["mean"])
                self.assertGreater(one["interval"][1], one["mean"])
        for rows in self.document["rows"]:
            drug = self.document["tasks"][rows["task"]]
            self.assertEqual(len(rows["ids"]), self.metrics["heads-score"][f"test/{drug}"]["n"])
            self.assertTrue(all(name.endswith(f"/{drug}") for name in rows["ids"]))

    def test_the_drugs_within_a_studys_trials_are_tasks_too(self):
        study = {"qrx-study": "1", "pipeline": "drugs.json", "vary": {"split.fold": [0, 1]}, "set": {"split.folds": 2},
                 "arms": {"heads": {}, "longer": {"set": {"fit.epochs": 6}}}, "objective": "heads-score.test.auc"}
        (self.folder / "study.json").write_text(json.dumps(study), encoding="utf-8")
        store = str(self.folder / "study.db")
        run("study", "run", str(self.folder / "study.json"), "--quiet", "--store", store)
        document = json.loads(run("report", store, "--json").stdout)
        self.assertEqual(document["tasks"], sorted(DRUGS))
        self.assertEqual(document["fits"], [{"name": "", "tasks": [0, 1, 2]}])
        self.assertEqual({curve["fit"] for curve in document["curves"]}, {0})
        estimates = {(one["arm"], one["task"]): one["mean"] for one in document["comparison"]["estimates"]}
        self.assertEqual(len(estimates), 3 * len(DRUGS))
        with sqlite3.connect(store) as database:
            for drug in DRUGS:
                found = [value for value, in database.execute(
                    "SELECT value FROM score JOIN trial ON trial.id = trial WHERE arm = 'longer' AND evaluator = 'heads-score' "
                    "AND name = 'auc' AND role = ?", (f"test/{drug}",))]
                self.assertEqual(len(found), 2)
                self.assertAlmostEqual(estimates["longer: heads-score", drug], sum(found) / 2, places=12)
        for rows in document["rows"]:
            self.assertTrue(all(name.endswith(f"/{document['tasks'][rows['task']]}") for name in rows["ids"]))

    @unittest.skipIf(CHROMIUM is None, "chromium is not installed")
    def test_the_page_draws_the_drug_that_is_chosen(self):
        run("report", str(self.folder / "out"), "--output", str(self.folder / "report.html"))
        browser = start_browser()
        self.addCleanup(browser.close)
        browser.open((self.folder / "report.html").as_uri())
        self.assertEqual(browser.complaints(), [])
        for index, drug in enumerate(sorted(DRUGS)):
            browser.evaluate(f"document.querySelectorAll('fieldset.tasks input')[{index}].click()")
            rows = table(browser.evaluate("delete window.caught['roc.csv'], fileOf('roc.csv')"))
            self.assertEqual({row["task"] for row in rows}, {drug})
            self.assertEqual({row["model"] for row in rows}, {"heads", "ridge"})
        curves = table(browser.evaluate("fileOf('learning-curves.csv')"))
        self.assertEqual({row["task"] for row in curves}, {""})
        self.assertGreater(len(curves), 4)


class Faults(unittest.TestCase):
    def test_a_folder_that_is_no_run_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("report", folder, status=1)
            self.assertIn(f"{folder}: found no pipeline.resolved.json in it", done.stderr)
            Path(folder, "pipeline.resolved.json").write_text("{}", encoding="utf-8")
            self.assertIn('has no member "nodes"', run("report", folder, status=1).stderr)

    def test_a_folder_that_is_not_there_is_named(self):
        self.assertIn("nowhere: there is no such file or folder", run("report", "nowhere", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
