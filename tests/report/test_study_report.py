# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx report of a study: what the page says is what the database has. One browser serves all tests."""
import http.client
import json
import math
import os
import signal
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from page_case import PROGRAM, PageCase, run
from test_report import PIPELINE

TASKS = 10
# Cohorts drawn with other seeds stand for drugs: enough of them for a critical difference, and cheap.
BASELINE = {"qrx": "1", "nodes": {
    "cohort": {"type": "synthetic-cohort", "lines": 60, "genes": 8, "factors": 3},
    "split": {"type": "split", "from": "cohort", "folds": 4},
    "scale": {"type": "standardize", "from": "split"}}}
BY_TASK = {"qrx-study": "1", "title": "Tasks", "pipeline": "ridge.json",
           "vary": {"cohort.seed": {"range": [1, 1 + TASKS]}, "split.fold": {"range": [0, 4]}, "split.repeat": {"range": [0, 2]}},
           "design": {"task": ["cohort.seed"], "resample": ["split.fold", "split.repeat"]},
           "arms": {"tissue mean": {"pipeline": "mean.json"}, "ridge": {},
                    "ridge with a penalty that leaves nothing": {"set": {"fit.lambdas": [1e6]}}},
           "objective": "score.test.auc"}
GRID = {"qrx-study": "1", "title": "Grid", "pipeline": "hybrid.json",
        "vary": {"normalize.a": [1, 5], "normalize.r": ["pi/8", 1.5, 3], "split.fold": {"range": [0, 2]},
                 "seed": {"range": [0, 2]}},
        "objective": "score.validation.auc"}
RANKED = {"qrx-study": "1", "title": "Genes", "pipeline": "ranked.json", "objective": "score.test.auc",
          "vary": {"split.fold": {"range": [0, 3]}, "seed": {"range": [0, 2]}}}
# A pipeline that holds its own baselines; only the hybrid is reached by what varies.
OWN = {"qrx-study": "1", "title": "Own baselines", "pipeline": "holds.json",
       "vary": {"normalize.a": [1, 5], "cohort.seed": [1, 2], "split.fold": {"range": [0, 2]}, "seed": {"range": [0, 2]}},
       "design": {"task": ["cohort.seed"]}, "objective": "score.validation.auc"}


def write_studies(folder):
    fits = {"ridge": {"type": "ridge", "from": "scale"}, "mean": {"type": "mean-baseline", "from": "split", "by": "tissue"}}
    for name, fit in fits.items():
        nodes = {**BASELINE["nodes"], "fit": fit, "score": {"type": "evaluator", "from": "fit"}}
        (folder / f"{name}.json").write_text(json.dumps({**BASELINE, "nodes": nodes}), encoding="utf-8")
    nodes = {name: PIPELINE["nodes"][name] for name in ("scale", "encode", "normalize", "quantum", "head", "crowding", "fit")}
    nodes |= {"cohort": BASELINE["nodes"]["cohort"], "split": {**BASELINE["nodes"]["split"], "validation": 0.25},
              "normalize": {"type": "moderated-tanh", "from": "encode"}, "score": {"type": "evaluator", "from": "fit"}}
    nodes["crowding"] = {**nodes["crowding"], "histogram": True}
    (folder / "hybrid.json").write_text(json.dumps({"qrx": "1", "nodes": nodes}), encoding="utf-8")
    nodes |= {"linear": fits["ridge"], "ridge-score": {"type": "evaluator", "from": "linear"}}
    (folder / "holds.json").write_text(json.dumps({"qrx": "1", "nodes": nodes}), encoding="utf-8")
    nodes = {**BASELINE["nodes"], "head": {"type": "linear", "from": "scale", "width": 1},
             "fit": {"type": "trainer", "from": "head", "epochs": 2}, "score": {"type": "evaluator", "from": "fit"},
             "genes": {"type": "integrated-gradients", "from": {"in": "split", "model": "fit.model"}},
             "cohort": {**BASELINE["nodes"]["cohort"], "genes": 40}}
    (folder / "ranked.json").write_text(json.dumps({"qrx": "1", "nodes": nodes}), encoding="utf-8")
    for name, study in (("tasks", BY_TASK), ("grid", GRID), ("genes", RANKED), ("own", OWN)):
        (folder / f"{name}.json").write_text(json.dumps(study), encoding="utf-8")


def mean(values):
    values = list(values)
    return sum(values) / len(values)


class StudyReport(PageCase):
    @classmethod
    def make_pages(cls):
        write_studies(cls.folder)
        for name in ("tasks", "grid", "genes", "own"):
            run("study", "run", str(cls.folder / f"{name}.json"), "--quiet", "--store", str(cls.folder / f"{name}.db"))
            run("report", str(cls.folder / f"{name}.db"))

    def query(self, name, sql, *parameters):
        with sqlite3.connect(self.folder / f"{name}.db") as database:
            return database.execute(sql, parameters).fetchall()

    def test_scores_are_the_means_of_the_database_over_folds(self):
        self.open("tasks")
        rows = self.file_of("scores.csv")
        self.assertEqual(len(rows), 3 * TASKS)
        for row in rows:
            found = self.query("tasks", "SELECT value FROM score JOIN trial ON trial.id = trial WHERE role = 'test' AND "
                               "name = 'auc' AND arm = ? AND json_extract (task, '$.\"cohort.seed\"') = ?",
                               row["model"], int(row["task"]))
            self.assertEqual(len(found), 8)
            self.assertAlmostEqual(float(row["auc"]), mean(value for value, in found), delta=1e-12)

    def test_effects_are_differences_in_deviations_over_folds(self):
        self.open("tasks")
        row, = [row for row in self.file_of("differences.csv")
                if (row["model"], row["reference"], row["task"]) == ("ridge", "tissue mean", "3")]
        auc = {}
        for arm, resample, value in self.query("tasks", "SELECT arm, resample, value FROM score JOIN trial ON trial.id = trial "
                                               "WHERE role = 'test' AND name = 'auc' AND json_extract (task, "
                                               "'$.\"cohort.seed\"') = 3"):
            auc.setdefault(arm, {})[resample] = value
        differences = [auc["ridge"][fold] - auc["tissue mean"][fold] for fold in auc["ridge"]]
        self.assertEqual(len(differences), 8)
        self.assertAlmostEqual(float(row["effect"]), mean(differences) / statistics.stdev(differences), delta=1e-9)

    def test_every_score_of_every_trial_is_in_a_file(self):
        self.open("grid")
        rows = self.file_of("all-scores.csv")
        (count,), = self.query("grid", "SELECT count (*) FROM (SELECT DISTINCT trial, role FROM score)")
        self.assertEqual(len(rows), count)
        total, = self.query("grid", "SELECT sum (value) FROM score WHERE name = 'rmse'")[0]
        self.assertAlmostEqual(sum(float(row["rmse"]) for row in rows), total, delta=1e-9)

    def test_ten_tasks_have_a_critical_difference_diagram(self):
        self.open("tasks")
        label = self.browser.evaluate("document.querySelector('svg[aria-label^=\"Mean ranks\"]').ariaLabel")
        self.assertIn("over 10 tasks", label)
        self.assertGreater(self.browser.evaluate("document.querySelectorAll('.leader').length"), 0)
        ranks = {row["model"]: float(row["mean rank"]) for row in self.file_of("ranks.csv")}
        self.assertAlmostEqual(sum(ranks.values()), 6)
        self.assertLess(ranks["ridge"], ranks["tissue mean"])

    def test_too_few_tasks_have_none_and_the_page_says_why(self):
        self.open("grid")
        text = self.browser.evaluate("document.querySelector('#verdict').textContent")
        self.assertIn("No critical-difference diagram", text)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('.leader').length"), 0)

    def test_baselines_that_nothing_varied_reaches_are_one_model(self):
        document = json.loads(run("report", str(self.folder / "own.db"), "--json").stdout)
        names = [arm["id"] for arm in document["arms"]]
        self.assertEqual(sorted(names), ["a=1: score", "a=5: score", "ridge-score"])
        shared = names.index("ridge-score")
        self.assertNotIn("normalize.a", document["arms"][shared]["settings"])
        places = [(one["task"], one["resample"], one["replicate"]) for one in document["results"] if one["arm"] == shared]
        self.assertEqual((len(places), len(set(places))), (8, 8))
        for one in document["results"]:
            if one["arm"] == shared:
                found = self.query("own", "SELECT DISTINCT value FROM score JOIN trial ON trial.id = trial WHERE "
                                   "evaluator = 'ridge-score' AND role = 'test' AND name = 'auc' AND "
                                   "json_extract (task, '$.\"cohort.seed\"') = ? AND "
                                   "'fold ' || json_extract (resample, '$.\"split.fold\"') = ?",
                                   int(document["tasks"][one["task"]]), one["resample"])
                self.assertEqual(found, [(one["scores"]["test"]["auc"],)])

    def test_the_best_beside_better_baselines_is_not_called_the_best(self):
        self.open("own")
        document = json.loads(run("report", str(self.folder / "own.db"), "--json").stdout)
        means = {}
        for one in document["comparison"]["estimates"]:
            means.setdefault(one["arm"], []).append(one["mean"])
        means = {arm: mean(values) for arm, values in means.items()}
        best = max((arm for arm in means if arm != "ridge-score"), key=means.get)
        lead = self.browser.evaluate("document.querySelector('#verdict .lead').textContent")
        expected = "Best over all" if means[best] > means["ridge-score"] else "The best model besides baselines"
        self.assertIn(f"{expected} is ", lead)

    def test_another_task_can_be_chosen(self):
        self.open("tasks")
        self.assertEqual(self.browser.evaluate("[...document.querySelectorAll('.tasks label')].map(l => l.textContent)"),
                         [str(seed) for seed in range(1, 1 + TASKS)])
        first = self.file_of("predictions.csv")
        self.browser.evaluate("document.querySelectorAll('.tasks input')[3].click(); delete caught['predictions.csv']")
        self.assertNotEqual(self.file_of("predictions.csv"), first)

    def test_the_landscape_is_the_mean_over_folds_and_seeds(self):
        self.open("grid")
        rows = self.file_of("landscape.csv")
        self.assertEqual(len(rows), 6)
        for row in rows:
            r = float(row["normalize.r"])
            found = self.query("grid", "SELECT value FROM score JOIN trial ON trial.id = trial WHERE role = 'test' AND "
                               "name = 'auc' AND json_extract (settings, '$.\"normalize.a\"') = ? AND "
                               "json_extract (settings, '$.\"normalize.r\"') = ?",
                               float(row["normalize.a"]), "pi/8" if r == math.pi / 8 else r)
            self.assertEqual(len(found), 4)
            self.assertAlmostEqual(float(row["auc"]), mean(value for value, in found), delta=1e-12)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('.cell').length"), 6)

    def test_curves_are_means_over_fits(self):
        self.open("grid")
        arms = {row["model"] for row in self.file_of("learning-curves.csv")}
        self.assertEqual(len(arms), 6)
        arm = min(arms)
        blobs = self.query("grid", "SELECT epochs FROM curve JOIN trial ON trial.id = trial WHERE arm = ? AND "
                           "name = 'train-loss'", arm)
        expected = [mean(values) for values in zip(*(struct.unpack(f"<{len(blob) // 8}d", blob) for blob, in blobs))]
        drawn = [float(row["mean"]) for row in self.file_of("learning-curves.csv")
                 if row["model"] == arm and row["column"] == "train-loss"]
        self.assertEqual(len(drawn), len(expected))
        for a, b in zip(drawn, expected):
            self.assertAlmostEqual(a, b, delta=1e-6)

    def test_the_ratio_of_width_to_spread_is_drawn(self):
        self.open("grid")
        rows = self.file_of("scale-ratios.csv")
        self.assertEqual({row["column"] for row in rows}, {"crowding.scale-ratio"})
        for row in [row for row in rows if row["epoch"] == "0"]:
            blobs = self.query("grid", "SELECT epochs FROM curve JOIN trial ON trial.id = trial WHERE arm = ? AND "
                               "name = 'crowding.scale-ratio'", row["model"])
            value = mean(struct.unpack_from("<d", blob)[0] for blob, in blobs)
            self.assertAlmostEqual(float(row["mean"]), value, delta=1e-6 * value)

    def test_shares_of_angles_add_up_beside_the_normalizers_curve(self):
        self.open("grid")
        shares = {}
        for row in self.file_of("angles.csv"):
            shares.setdefault((row["model"], row["epoch"]), []).append(float(row["share"]))
        self.assertEqual(len(shares), 6 * 6)
        for values in shares.values():
            self.assertAlmostEqual(sum(values), 1, delta=1e-9)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#angles figure:first-of-type .curve').length"), 6)

    def test_warnings_are_told_once_for_each_arm(self):
        self.open("grid")
        (count,), = self.query("grid", "SELECT count (DISTINCT arm) FROM message JOIN trial ON trial.id = trial WHERE "
                               "kind = 'warning'")
        self.assertEqual(count, 6)
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#warnings li').length"), count)
        self.assertIn("one of 4 trials", self.browser.evaluate("document.querySelector('#warnings li').textContent"))

    def test_provenance_names_seeds_and_states(self):
        self.open("grid")
        text = self.browser.evaluate("document.querySelector('#provenance').textContent")
        for part in ("24 done", "0 and 1", "trainer", "split", "all configurations of each model, at most 6 epochs a network"):
            self.assertIn(part, text)
        self.open("tasks")
        self.assertNotIn("Tuning", self.browser.evaluate("document.querySelector('#provenance').textContent"))

    def test_budgets_are_the_epochs_that_ran(self):
        self.open("grid")
        rows = self.file_of("budgets.csv")
        self.assertEqual([(row["trials"], row["configurations"]) for row in rows], [("4", "1")] * 6)
        for row in rows:
            (epochs, seconds), = self.query(
                "grid", "SELECT sum (length (epochs)) / 8, (SELECT sum (seconds) FROM trial WHERE arm = ?) FROM curve JOIN trial "
                "ON trial.id = trial WHERE arm = ? AND name = 'train-loss'", row["model"], row["model"])
            self.assertEqual(int(row["epochs"]), epochs)
            self.assertAlmostEqual(float(row["seconds"]), seconds, delta=1e-9)
        self.assertIn("What each model was given", self.browser.evaluate("document.querySelector('#provenance').textContent"))

    def test_nothing_sticks_out_of_a_narrow_window(self):
        for name in ("tasks", "grid"):
            self.open(name)
            self.browser.resize(360)
            self.browser.wait_for("document.querySelector('figure svg').getBoundingClientRect().width < 360")
            self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 360, name)

    def test_names_beside_ranks_are_inside_the_drawing_at_any_width(self):
        self.open("tasks")
        for width in (1200, 600, 360):
            self.browser.resize(width)
            self.browser.wait_for(f"document.querySelector('svg[aria-label^=\"Mean ranks\"]').clientWidth < {width}")
            cut = self.browser.evaluate(
                "[...document.querySelectorAll('svg[aria-label^=\"Mean ranks\"] text')].filter(text => { const box = text"
                ".getBBox(); return box.x < 0 || box.x + box.width > text.ownerSVGElement.clientWidth; })"
                ".map(text => text.textContent)")
            self.assertEqual(cut, [], width)

    def test_a_study_is_watched_while_it_goes_on(self):
        store = str(self.folder / "watched.db")
        study = str(self.folder / "grid.json")
        run("study", "index", "0", study, "--store", store)
        # libsoup 3.2 keeps each socket that it accepts, and the address that it listens to: no leak of ours.
        (self.folder / "libsoup.supp").write_text("leak:g_socket_accept\nleak:soup_server_listen_local\n", encoding="utf-8")
        sanitizer = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=0",
                     "LSAN_OPTIONS": f"suppressions={self.folder / 'libsoup.supp'}:print_suppressions=0"}
        server = subprocess.Popen([PROGRAM, "study", "watch", "--store", store], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, **sanitizer})
        self.addCleanup(server.kill)
        address = server.stdout.readline().strip()
        self.browser.open(address)
        scope = "document.querySelector('.scope').textContent.includes('%d of 24 trials done')"
        self.assertTrue(self.browser.evaluate(scope % 1))
        run("study", "index", "1", study, "--store", store)
        self.browser.wait_for(scope % 2)
        self.assertEqual(self.browser.complaints(), [])
        self.refuses_strangers(address)
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(30), 0)
        server.stdout.close()
        self.browser.wait_for("document.querySelector('#live').textContent.includes('no longer')")
        self.browser.events.clear()  # the browser tells of the server that is gone

    def refuses_strangers(self, address):
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        self.assertEqual(host, "127.0.0.1")
        for method, path, name, status in (("GET", "/report.json", f"{host}:{port}", 200), ("GET", "/", "evil.example", 403),
                                           ("GET", "/", f"evil.example:{port}", 403), ("POST", "/", f"{host}:{port}", 405),
                                           ("GET", "/etc/passwd", f"localhost:{port}", 404)):
            connection = http.client.HTTPConnection(host, int(port), timeout=30)
            connection.request(method, path, headers={"Host": name})
            answer = connection.getresponse()
            self.assertEqual(answer.status, status, (method, path, name))
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            answer.read()
            connection.close()

    def test_stability_of_rankings_is_drawn_as_it_is_told(self):
        self.open("genes")
        place, = json.loads(run("study", "stability", "--store", str(self.folder / "genes.db"), "--json").stdout)["stability"]
        rows = {row["across"].split()[1].strip(","): row for row in self.file_of("stability.csv")}
        self.assertEqual(set(rows), {"seeds", "folds"})
        for across, row in rows.items():
            for name in ("spearman", "jaccard", "stability"):
                self.assertAlmostEqual(float(row[name]), place[across][name], delta=1e-12)
        leaders = self.file_of("leading-genes.csv")
        self.assertEqual([row["gene"] for row in leaders], [leader["gene"] for leader in place["leading"]])
        drawing = ("[...document.querySelectorAll('figure')].find(f => f.querySelector('[data-file=\"{}\"]'))"
                   ".querySelectorAll('svg[role=img] {}').length")
        self.assertEqual(self.browser.evaluate(drawing.format("stability.csv", ".row .mark")), 6)
        self.assertEqual(self.browser.evaluate(drawing.format("leading-genes.csv", "rect.bar")), len(leaders))


class Faults(unittest.TestCase):
    def test_a_file_that_is_no_store_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "other.db"
            path.write_text("no database", encoding="utf-8")
            self.assertIn("other.db", run("report", str(path), status=1).stderr)

    def test_a_study_that_has_not_begun_is_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            write_studies(Path(folder))
            path = os.path.join(folder, "grid.db")
            run("study", "index", "0", os.path.join(folder, "grid.json"), "--store", path)
            document = json.loads(run("report", path, "--json").stdout)
            self.assertEqual(document["status"]["done"], 1)
            self.assertEqual(len(document["results"]), 1)


if __name__ == "__main__":
    unittest.main()
