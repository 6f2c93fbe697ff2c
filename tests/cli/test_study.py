# SPDX-License-Identifier: LGPL-2.1-or-later
"""qrx study: runs, resumes after kill -9, shares a store between processes, merges, and names every fault of a file at once.
QRX_KILLS is how often a study is killed; 100 is what the project promises."""
import csv
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import Case

PIPELINE = {
    "qrx": "1",
    "nodes": {
        "cohort": {"type": "synthetic-cohort", "lines": 120, "genes": 20, "factors": 3},
        "split": {"type": "split", "from": "cohort", "folds": 3, "validation": 0.2},
        "scale": {"type": "standardize", "from": "split"},
        "encode": {"type": "mlp-encoder", "from": "scale", "hidden": [8], "width": 3},
        "normalize": {"type": "moderated-tanh", "from": "encode"},
        "quantum": {"type": "quantum-layer", "from": "normalize", "layers": 1},
        "head": {"type": "linear", "from": "quantum", "width": 1, "quantity": "prediction"},
        "fit": {"type": "trainer", "from": "head", "epochs": 4},
        "score": {"type": "evaluator", "from": "fit"},
    },
}
STUDY = {
    "qrx-study": "1",
    "pipeline": "pipeline.json",
    "vary": {
        "split.fold": {"range": [0, 3]},
        "seed": {"range": [0, 2]},
        "normalize": [{"type": "moderated-tanh", "a": {"grid": [2, 20]}}, "sigmoid-pi"],
    },
    "objective": "score.validation.auc",
}
# What may differ between two runs of one study.
OWN = {"study": {"created", "host"}, "trial": {"claimed_by", "heartbeat", "started", "finished", "seconds"}}


def contents(path):
    """Every table but for times, hosts and claims."""
    with sqlite3.connect(path) as connection:
        tables = [name for name, in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        result = {}
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info ({table})")]
            kept = ", ".join(column for column in columns if column not in OWN.get(table, ()))
            result[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}").fetchall(), key=repr)
    return result


class Study(Case):
    def setUp(self):
        super().setUp()
        self.write("pipeline.json", PIPELINE)
        self.study = self.write("study.json", STUDY)

    def run_study(self, store, *arguments, study=None):
        return self.run_program("study", "run", study or self.study, "--store", store, "--threads", "2", "-q", *arguments)

    def store(self, name="a.db"):
        return str(self.folder / name)


class Running(Study):
    def test_a_grid_runs_whole_and_ranks_what_was_tried(self):
        out, _ = self.run_study(self.store(), "--json")
        best = json.loads(out)["best"]
        self.assertEqual([row["trials"] for row in best], [6, 6, 6])
        self.assertEqual({row["arm"] for row in best}, {"moderated-tanh a=2", "moderated-tanh a=20", "sigmoid-pi"})
        objectives = [row["objective"] for row in best]
        self.assertEqual(objectives, sorted(objectives, reverse=True))

    def test_the_ranking_names_what_it_goes_by_and_where_test_scores_are(self):
        out, _ = self.run_study(self.store())
        self.assertTrue(out.startswith("objective: score.validation.auc, higher is better\n"), out)
        self.assertIn(f"qrx report {self.store()}\n", out)
        self.assertEqual(self.run_program("study", "best", "--store", self.store())[0], out.partition("written to")[0])
        study = self.write("test.json", {**STUDY, "objective": "score.test.rmse", "direction": "minimize", "vary": {"seed": [1]}})
        out, _ = self.run_study(self.store("b.db"), study=study)
        self.assertTrue(out.startswith("objective: score.test.rmse, lower is better\ntask "), out)

    def test_the_estimate_is_of_the_pace_that_it_tells(self):
        study = self.write("long.json", {**STUDY, "vary": {"seed": {"range": [0, 30]}, "fit.epochs": [1, 2]}})
        _, err = self.run_program("study", "run", study, "--store", self.store(), "--threads", "2")
        found = re.search(r"a trial takes ([\d.]+) s, the mean of (\d+); (\d+) more on 2 threads: about ([\d.]+) s", err)
        each, measured, left, whole = map(float, found.groups())
        self.assertEqual((measured, left), (3, 60 - 2 - 3))
        # Two digits of each are told.
        self.assertAlmostEqual(each * left / 2 / whole, 1, delta=0.12)

    def test_names_have_the_digits_that_are_meant(self):
        vary = {"normalize.a": {"grid": [0.1 + 0.2, 0.7 + 0.2, 20]}}
        study = self.write("digits.json", {**STUDY, "vary": vary})
        out, _ = self.run_study(self.store("digits.db"), "--json", study=study)
        best = json.loads(out)["best"]
        self.assertEqual({row["arm"] for row in best}, {"a=0.3", "a=0.9", "a=20"})
        self.assertEqual({row["configuration"]["normalize.a"] for row in best}, {0.1 + 0.2, 0.7 + 0.2, 20})

    def test_list_show_and_export_tell_the_same(self):
        self.run_study(self.store())
        listed = json.loads(self.run_program("study", "list", "--store", self.store(), "--json")[0])["list"]
        self.assertEqual([row["id"] for row in listed], list(range(18)))
        self.assertTrue(all(row["state"] == "done" for row in listed))
        shown = json.loads(self.run_program("study", "show", "7", "--store", self.store(), "--json")[0])
        self.assertEqual(shown["objective"], listed[7]["objective"])
        rows = list(csv.DictReader(io.StringIO(self.run_program("study", "export", "csv", "--store", self.store())[0])))
        row, = [row for row in rows if row["trial"] == "7" and row["role"] == "validation" and row["score"] == "auc"]
        self.assertEqual(float(row["value"]), shown["objective"])
        self.assertEqual(int(row["split.fold"]), shown["resample"]["split.fold"])

    def test_a_trial_scores_what_a_run_of_its_pipeline_scores(self):
        self.run_study(self.store())
        shown = json.loads(self.run_program("study", "show", "7", "--store", self.store(), "--json")[0])
        settings = {**shown["configuration"], **shown["resample"], **shown["replicate"]}
        changes = [text for path, value in settings.items() for text in ("--set", f"{path}={value}")]
        out, _ = self.run_program("run", "pipeline.json", "--output", "alone", "--json", "-q", *changes)
        self.assertEqual(json.loads(out)["scores"]["score"]["validation"]["auc"], shown["objective"])

    def test_another_study_does_not_write_into_the_store(self):
        self.run_study(self.store())
        other = self.write("other.json", {**STUDY, "vary": {"seed": [3]}})
        _, err = self.run_program("study", "run", other, "--store", self.store(), status=1)
        self.assertIn("another study", err)

    def test_a_failing_trial_is_kept_with_its_reason_and_can_be_tried_again(self):
        study = self.write("failing.json", {**STUDY, "vary": {"fit.epochs": [1, 2]}, "objective": "score.external.auc"})
        _, err = self.run_program("study", "run", study, "--store", self.store(), "-q", status=1)
        self.assertIn("2 trials failed", err)
        listed = json.loads(self.run_program("study", "list", "--store", self.store(), "--json")[0])["list"]
        self.assertIn("no row has this role", listed[0]["error"])


class Resuming(Study):
    def whole(self):
        self.run_study(self.store("whole.db"))
        return contents(self.store("whole.db"))

    def test_after_kill_9_the_same_command_goes_on_and_ends_the_same(self):
        whole, n_kills, rng = self.whole(), int(os.environ.get("QRX_KILLS", "3")), random.Random(1)
        killed = 0
        while killed < n_kills:
            store = self.store(f"killed-{killed}.db")
            while killed < n_kills:
                run = self.start("study", "run", self.study, "--store", store, "-q", stdout=subprocess.DEVNULL)
                time.sleep(rng.uniform(0.02, 0.8))
                run.send_signal(signal.SIGKILL)
                run.communicate()
                if run.returncode != -signal.SIGKILL:
                    break
                killed += 1
            self.run_study(store)
            self.assertEqual(contents(store), whole)

    def test_two_processes_share_a_store(self):
        whole, store = self.whole(), self.store("shared.db")
        both = [self.start("study", "run", self.study, "--store", store, "-q", "--threads", "1") for _ in range(2)]
        for process in both:
            self.assertEqual((process.communicate()[1], process.returncode), ("", 0))
        self.assertEqual(contents(store), whole)

    def test_trials_that_ran_alone_merge_into_the_whole(self):
        whole = self.whole()
        parts = [self.store(f"part-{i}.db") for i in range(3)]
        for trial in range(18):
            self.run_program("study", "index", str(trial), self.study, "--store", parts[trial % 3], "-q")
        out, _ = self.run_program("study", "merge", *parts, "--store", self.store("merged.db"))
        self.assertEqual(out.splitlines()[:3], [f"{part}: 6 ended trials taken" for part in parts])
        self.assertEqual(contents(self.store("merged.db")), whole)


class Reusing(Study):
    WIDER = {**STUDY, "vary": {**STUDY["vary"], "seed": {"range": [0, 3]}, "normalize": [*STUDY["vary"]["normalize"], "tanh-pi"]}}

    def finished(self, store):
        with sqlite3.connect(store) as connection:
            return dict(connection.execute("SELECT resolved, finished FROM trial WHERE state = 'done'"))

    def test_a_study_that_grew_takes_what_is_known_and_ends_as_if_run_anew(self):
        wider = self.write("wider.json", self.WIDER)
        self.run_study(self.store("old.db"))
        self.run_study(self.store("new.db"), study=wider)
        old, before = self.finished(self.store("old.db")), contents(self.store("old.db"))
        self.run_study(self.store("reused.db"), "--reuse", self.store("old.db"), study=wider)
        reused = self.finished(self.store("reused.db"))
        self.assertEqual({resolved for resolved in old if reused[resolved] == old[resolved]}, set(old))
        self.assertEqual((len(old), len(reused)), (18, 36))
        self.assertEqual(contents(self.store("reused.db")), contents(self.store("new.db")))
        self.assertEqual(contents(self.store("old.db")), before)

    def test_a_tuned_study_takes_searches_and_finals(self):
        nested = {**STUDY, "vary": {"split.fold": {"range": [0, 2]}, "normalize.a": {"log-uniform": [1, 100]}},
                  "sample": {"type": "tpe", "trials": 5, "startup": 2}, "nested": {"folds": 2}}
        study = self.write("nested.json", nested)
        more = self.write("more.json", {**nested, "title": "more of it", "vary": {**nested["vary"], "seed": {"range": [0, 2]}}})
        self.run_study(self.store("old.db"), study=study)
        self.run_study(self.store("new.db"), study=more)
        self.run_study(self.store("reused.db"), "--reuse", self.store("old.db"), study=more)
        old, reused = self.finished(self.store("old.db")), self.finished(self.store("reused.db"))
        self.assertEqual({resolved for resolved in old if reused.get(resolved) == old[resolved]}, set(old))
        self.assertEqual(contents(self.store("reused.db")), contents(self.store("new.db")))

    def test_nothing_is_taken_where_a_property_the_objective_or_the_data_differ(self):
        self.write("cohort.csv", "id,G1,G2,ic50\n" + "".join(f"L{i},{i % 7},{i % 5},{i % 3}\n" for i in range(60)))
        cohort = {"type": "csv-loader", "file": "cohort.csv", "targets": ["ic50"]}
        nodes = {"cohort": cohort, "split": {"type": "split", "from": "cohort", "folds": 3},
                 "fit": {"type": "ridge", "from": "split"}, "score": {"type": "evaluator", "from": "fit"}}
        self.write("ridge.json", {"qrx": "1", "nodes": nodes})
        base = {"qrx-study": "1", "pipeline": "ridge.json", "vary": {"split.fold": {"range": [0, 3]}},
                "objective": "score.test.rmse", "direction": "minimize"}
        study = self.write("base.json", base)
        self.run_study(self.store("old.db"), study=study)
        old = self.finished(self.store("old.db"))

        def taken(name, changed):
            self.run_study(self.store(name), "--reuse", self.store("old.db"), study=self.write("changed.json", changed))
            return len(set(old.values()) & set(self.finished(self.store(name)).values()))

        self.assertEqual(taken("same.db", {**base, "title": "the same"}), 3)
        self.assertEqual(taken("property.db", {**base, "set": {"fit.folds": 4}}), 0)
        self.assertEqual(taken("objective.db", {**base, "objective": "score.test.mae"}), 0)
        self.write("cohort.csv", "id,G1,G2,ic50\n" + "".join(f"L{i},{i % 7},{i % 5},{i % 4}\n" for i in range(60)))
        self.assertEqual(taken("data.db", base), 0)

    def test_a_store_that_is_none_is_named(self):
        _, err = self.run_program("study", "run", self.study, "--store", self.store(), "--reuse", "nothere.db", "-q", status=1)
        self.assertIn("nothere.db: there is no such store", err)


class Searching(Study):
    def search(self, sample, threads, **more):
        study = self.write("search.json", {**STUDY, "vary": {"split.fold": {"range": [0, 2]},
                                                            "normalize.a": {"log-uniform": [1, 100]}}, "sample": sample, **more})
        store = self.store(f"{threads}.db")
        self.run_program("study", "run", study, "--store", store, "--threads", threads, "-q")
        return contents(store)

    def test_tpe_and_asha_do_not_depend_on_threads(self):
        for sample in ({"type": "tpe", "trials": 8, "startup": 3},
                       {"type": "asha", "trials": 6, "resource": "fit.epochs", "minimum": 1, "maximum": 4, "reduction": 2}):
            with self.subTest(sample["type"]):
                one, two = self.search(sample, "1"), self.search(sample, "2")
                self.assertEqual(one, two)
                for name in ("1.db", "2.db"):
                    os.remove(self.store(name))

    def test_asha_runs_fewer_configurations_for_longer(self):
        tables = self.search({"type": "asha", "trials": 8, "resource": "fit.epochs", "minimum": 1, "maximum": 4,
                              "reduction": 2}, "2")
        self.assertEqual(len(tables["trial"]), 2 * (8 + 4 + 2))

    def test_a_trial_of_an_adaptive_study_cannot_run_alone(self):
        study = self.write("search.json", {**STUDY, "sample": "tpe"})
        _, err = self.run_program("study", "index", "0", study, "--store", self.store(), status=1)
        self.assertIn("cannot be run alone", err)


class Foreign(Study):
    """What is no store of a study is refused, and not a byte of it changes."""

    def refuse(self, path, *arguments, said="this is no store of a study"):
        before = self.read(path)
        out, err = self.run_program(*arguments, status=1)
        self.assertEqual((out, err), ("", f"qrx: {path}: {said}\n"))
        self.assertEqual(self.read(path), before)
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), sorted([path, "pipeline.json", "study.json"]))

    def test_readers_leave_it_alone(self):
        for name, content in (("empty.db", ""), ("text.db", "a,b\n1,2\n" * 200)):
            self.write(name, content)
            for arguments in (["report", name], ["study", "list", "--store", name], ["study", "best", "--store", name],
                              ["study", "show", "0", "--store", name], ["study", "export", "csv", "--store", name]):
                self.refuse(name, *arguments)
            os.remove(self.folder / name)

    def test_a_database_of_another_program_keeps_its_journal_mode(self):
        with sqlite3.connect(self.store("other.db")) as connection:
            connection.execute("CREATE TABLE note (text TEXT)")
        connection.close()
        for arguments in (["report", "other.db"], ["study", "list", "--store", "other.db"],
                          ["study", "run", self.study, "--store", "other.db", "-q"],
                          ["study", "merge", "other.db", "--store", "other.db"]):
            self.refuse("other.db", *arguments)

    def test_a_folder_is_told_by_its_kind(self):
        for arguments in (["study", "list"], ["study", "run", self.study, "-q"]):
            _, err = self.run_program(*arguments, "--store", ".", status=1)
            self.assertEqual(err, "qrx: .: found a folder, expected a store\n")

    def test_an_empty_file_may_become_a_store(self):
        self.write("new.db", "")
        self.run_study("new.db")
        self.assertEqual(len(json.loads(self.run_program("study", "list", "--store", "new.db", "--json")[0])["list"]), 18)


class Faults(Study):
    def test_all_faults_are_told_in_one_go_with_their_places(self):
        study = self.write("bad.json", {
            "qrx-study": "1", "pipeline": "pipeline.json", "directoin": "maximize", "sample": "grd",
            "vary": {"nomalize.a": [1], "fit.epochs": [5, 0], "split.fold": {"range": [3, 0]},
                     "normalize": [{"type": "moderated-tahn"}]},
            "objective": "scores.validation.auc"})
        _, err = self.run_program("study", "validate", study, status=2)
        for said in ("directoin", "grd", "nomalize", "moderated-tahn", "fit.epochs", "end beyond first"):
            self.assertIn(said, err)
        self.assertRegex(err, r"bad\.json:1:\d+: found the unknown key \"directoin\"")

    def test_properties_and_evaluators_are_held_against_the_pipeline(self):
        study = self.write("bad.json", {**STUDY, "vary": {"normalize.b": [1]}, "objective": "scores.validation.auc"})
        _, err = self.run_program("study", "validate", study, status=2)
        self.assertIn("normalize.b", err)
        study = self.write("bad.json", {**STUDY, "objective": "scores.validation.auc"})
        _, err = self.run_program("study", "validate", study, status=2)
        self.assertIn("no evaluator \"scores\"; did you mean \"score\"?", err)

    def test_what_varies_within_a_type_is_read_at_every_value(self):
        for a, n in (({"grid": [1, 5, 20]}, 18), ({"log-uniform": [1, 50]}, None)):
            vary = {**STUDY["vary"], "normalize": [{"type": "moderated-tanh", "a": a}]}
            sample = {} if n else {"sample": {"type": "random", "trials": 3}}
            study = self.write("within.json", {**STUDY, "vary": vary, **sample})
            out, err = self.run_program("study", "validate", study)
            self.assertNotIn("CRITICAL", err)
            if n:
                self.assertIn(f"{n} trials", out)
        vary["normalize"] = [{"type": "moderated-tanh", "a": {"grid": [2, 20, -5]}}, "sigmoid-pi"]
        study = self.write("within.json", {**STUDY, "vary": vary})
        _, err = self.run_program("study", "validate", study, status=2)
        self.assertRegex(err, r"normalize\.a: .*-5")

    def refuse(self, **members):
        _, err = self.run_program("study", "validate", self.write("bad.json", {**STUDY, **members}), status=2)
        return err

    def test_an_objective_is_a_score_that_the_evaluator_gives(self):
        self.assertIn("found the score \"aucc\", \"score\" gives no such number; did you mean \"auc\"?",
                      self.refuse(objective="validation.aucc"))
        self.assertIn("of \"rmse\" less is better, expected \"direction\": \"minimize\"", self.refuse(objective="test.rmse"))
        self.assertIn("of \"auc\" more is better", self.refuse(direction="minimize"))
        self.run_program("study", "validate", self.write("good.json", {
            **STUDY, "objective": "validation.rmse", "direction": "minimize"}))

    def test_every_number_that_an_evaluator_gives_is_declared(self):
        self.run_program("run", str(self.folder / "pipeline.json"), "--output", str(self.folder / "out"))
        metrics = json.loads((self.folder / "out" / "metrics.json").read_text(encoding="utf-8"))["scores"]["score"]["test"]
        given = {name for name, value in metrics.items() if isinstance(value, float)} - {"threshold"}
        declared = {score["name"] for score in
                    json.loads(self.run_program("inspect", "evaluator", "--json")[0])["scores"]}
        self.assertLessEqual(given, declared)
        self.assertGreater(len(given), 8)

    def test_arms_that_are_the_same_or_have_no_name_are_refused(self):
        err = self.refuse(arms={"one": {}, "two": {"set": {"fit.epochs": 9}}, "three": {}})
        self.assertIn("the arm is the same as \"one\"", err)
        self.assertIn("an arm without a name", self.refuse(arms={"": {}, "two": {"set": {"fit.epochs": 9}}}))

    def test_a_sampler_wants_something_to_search(self):
        vary = {"seed": {"range": [0, 2]}}
        self.assertIn("nothing to search", self.refuse(vary=vary, sample="random"))
        self.assertIn("nothing to tune", self.refuse(vary={**vary, "split.fold": [0, 1]}, nested={"folds": 2}))

    def test_a_wrong_interval_is_one_fault_that_tells_what_was_found(self):
        for interval, said in (({"uniform": [5, 1]}, "found [5,1], expected the lower end first"),
                               ({"log-uniform": [0, 1]}, "found [0,1], expected a lower end above 0"),
                               ({"uniform": [5]}, "found [5], expected [lowest, highest], two numbers"),
                               ({"integer": [1.5, 3]}, "found [1.5,3], expected two integers")):
            err = self.refuse(vary={"normalize.a": interval}, sample="random")
            self.assertIn(said, err)
            self.assertEqual(len(err.strip().splitlines()), 1, err)

    def test_a_mistyped_path_is_told_once_with_what_is_near(self):
        self.write("plain.json", {**PIPELINE, "nodes": {key: node for key, node in PIPELINE["nodes"].items()
                                                        if key in ("cohort", "split")} | {
            "fit": {"type": "mean-baseline", "from": "split"}, "score": PIPELINE["nodes"]["score"]}})
        err = self.refuse(vary={"normalise.a": [1, 2]}, arms={"mean": {"pipeline": "plain.json"}, "hybrid": {}})
        self.assertIn("did you mean \"normalize\"?", err)
        self.assertEqual(len(err.strip().splitlines()), 1, err)

    def test_validate_counts_the_trials(self):
        self.assertIn("18 trials", self.run_program("study", "validate", self.study)[0])

    def test_validate_tells_the_time_and_keeps_nothing(self):
        before = sorted(self.folder.rglob("*"))
        out = self.run_program("study", "validate", self.study, "--time", "--threads", "2")[0]
        self.assertRegex(out, r"18 trials\nabout [0-9.e-]+ s on 2 threads, if all trials take as long as the first of their arm")
        one, two = (json.loads(self.run_program("study", "validate", self.study, "--time", "--threads", str(n), "--json")[0])
                    for n in (1, 2))
        self.assertEqual((one["threads"], two["threads"], one["valid"]), (1, 2, True))
        self.assertGreater(one["seconds"], 0)
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_validate_tells_why_a_trial_cannot_be_timed(self):
        nodes = {**PIPELINE["nodes"], "cohort": {"type": "csv-loader", "file": "nowhere.csv"}}
        self.write("lost.json", {**PIPELINE, "nodes": nodes})
        _, err = self.run_program("study", "validate", self.write("lost-study.json", {**STUDY, "pipeline": "lost.json"}),
                                  "--time", status=1)
        self.assertIn("nowhere.csv", err)


if __name__ == "__main__":
    unittest.main()
