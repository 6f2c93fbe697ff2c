# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rankings of genes in studies: what the store keeps, and how alike they are, computed anew from the store."""
import csv
import io
import itertools
import json
import shutil
import sqlite3
import struct
import unittest

from harness import Case

TOP = 4
PIPELINE = {"qrx": "1", "nodes": {
    "cohort": {"type": "synthetic-cohort", "lines": 90, "genes": 14, "factors": 3},
    "split": {"type": "split", "from": "cohort", "folds": 3, "validation": 0.2},
    "select": {"type": "select-genes", "from": "split", "n": 9},
    "head": {"type": "linear", "from": "select", "width": 1},
    "fit": {"type": "trainer", "from": "head", "epochs": 2, "learning-rate": 0.05},
    "score": {"type": "evaluator", "from": "fit"},
    "genes": {"type": "integrated-gradients", "from": {"in": "split", "model": "fit.model"}},
    "dealt": {"type": "permutation-importance", "from": {"in": "split", "model": "fit.model"}, "repeats": 2},
}}
STUDY = {"qrx-study": "1", "pipeline": "pipeline.json", "objective": "score.test.pearson",
         "vary": {"split.fold": {"range": [0, 3]}, "seed": {"range": [0, 3]}, "cohort.seed": [1, 2]},
         "design": {"task": ["cohort.seed"]},
         "arms": {"few": {}, "many": {"set": {"select.n": 12}}}}


def ranks(values):
    """Mean ranks, the greatest first."""
    return [sum(other > value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values]


def pearson(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    sxx, syy = sum((a - mx) ** 2 for a in x), sum((b - my) ** 2 for b in y)
    return sxy / (sxx * syy) ** 0.5


def first(values):
    order = sorted(range(len(values)), key=lambda i: (-values[i], i))
    return {i for i in order[:TOP] if values[i] > 0}


def agree(group):
    """Spearman, Jaccard and stability of rankings of the same genes."""
    d, m = len(group[0]), len(group)
    chosen = [first(values) for values in group]
    pairs = list(itertools.combinations(range(m), 2))
    spearman = sum(pearson(ranks(group[a]), ranks(group[b])) for a, b in pairs) / len(pairs)
    jaccard = sum(len(chosen[a] & chosen[b]) / len(chosen[a] | chosen[b]) for a, b in pairs) / len(pairs)
    share = [sum(i in one for one in chosen) / m for i in range(d)]
    size = sum(map(len, chosen)) / m / d
    return spearman, jaccard, 1 - m / (m - 1) * sum(p * (1 - p) for p in share) / d / (size * (1 - size))


class Stability(Case):
    def setUp(self):
        super().setUp()
        self.write("pipeline.json", PIPELINE)
        self.write("study.json", STUDY)
        self.run_program("study", "run", "study.json", "--store", "a.db", "--quiet")

    def read(self, *columns):
        with sqlite3.connect(self.folder / "a.db") as store:
            return store.execute(f"SELECT {', '.join(columns)} FROM attribution JOIN trial ON trial.id = trial "
                                 "JOIN genes ON genes.digest = genes ORDER BY trial").fetchall()

    def tell(self, *options):
        return self.run_program("study", "stability", "--store", "a.db", *options)[0]

    def test_what_is_kept_is_what_a_run_writes(self):
        rows = self.read("trial", "node", "names", "importance", "settings")
        self.assertEqual(len(rows), 2 * 36)
        with sqlite3.connect(self.folder / "a.db") as store:
            self.assertEqual(store.execute("SELECT count (*) FROM genes").fetchone(), (1,))
        _, node, names, importance, settings = rows[-2]
        overrides = [f"--set={path}={json.dumps(value)}" for path, value in json.loads(settings).items()]
        self.run_program("run", "pipeline.json", "--quiet", "--output", "out", "--set=select.n=12", *overrides)
        with open(self.folder / "out" / f"{node}.attributions.csv", encoding="utf-8", newline="") as file:
            written = {row["gene"]: float(row["mean_abs" if node == "genes" else "importance"]) for row in csv.DictReader(file)}
        kept = dict(zip(names.split("\n"), struct.unpack(f"<{len(importance) // 4}f", importance)))
        self.assertEqual(set(kept), set(written))
        for gene, value in written.items():
            self.assertAlmostEqual(kept[gene], value, delta=1e-6 * (1 + abs(value)))

    def test_agreement_is_computed_anew_from_the_store(self):
        places = json.loads(self.tell("--json", "--top", str(TOP)))["stability"]
        rows = self.read("arm", "task", "node", "resample", "replicate", "importance")
        self.assertEqual(len(places), 2 * 2 * 2)
        for place in places:
            own = [(resample, replicate, struct.unpack(f"<{len(blob) // 4}f", blob))
                   for arm, task, node, resample, replicate, blob in rows
                   if (arm, task, node) == (place["arm"], place["task"], place["node"])]
            self.assertEqual((place["rankings"], len(own), place["genes"]), (9, 9, 14))
            for key, at in (("seeds", 0), ("folds", 1)):
                groups = {}
                for one in own:
                    groups.setdefault(one[at], []).append(one[2])
                found = [agree(group) for group in groups.values()]
                self.assertEqual((place[key]["groups"], place[key]["rankings"]), (3, 9))
                for name, values in zip(("spearman", "jaccard", "stability"), zip(*found)):
                    self.assertAlmostEqual(place[key][name], sum(values) / 3, delta=1e-9)
            leader = place["leading"][0]
            gene = self.read("names")[0][0].split("\n").index(leader["gene"])
            self.assertAlmostEqual(leader["frequency"], sum(gene in first(one[2]) for one in own) / 9, delta=1e-12)
            self.assertAlmostEqual(leader["mean-rank"], sum(ranks(one[2])[gene] for one in own) / 9, delta=1e-12)

    def test_table_and_file_tell_the_same(self):
        rows = list(csv.DictReader(io.StringIO(self.tell("--csv", "--top", str(TOP)))))
        places = json.loads(self.tell("--json", "--top", str(TOP)))["stability"]
        self.assertEqual(len(rows), 16)
        for row in rows:
            place = next(place for place in places if (place["arm"], place["node"], json.loads(place["task"])["cohort.seed"]) ==
                         (row["arm"], row["node"], int(row["task"])))
            self.assertEqual(float(row["spearman"]), place[row["across"]]["spearman"])
            self.assertEqual(row["leading"].split(), [leader["gene"] for leader in place["leading"]])
        shown = self.tell()
        self.assertIn("spearman", shown)
        self.assertEqual(len(shown.splitlines()), 17)

    def test_merged_stores_keep_rankings(self):
        shutil.copy(self.folder / "a.db", self.folder / "b.db")
        self.run_program("study", "merge", "b.db", "--store", "c.db")
        self.assertEqual(self.run_program("study", "stability", "--store", "c.db", "--csv")[0], self.tell("--csv"))

    def test_a_store_from_before_rankings_is_read_merged_and_gone_on_with(self):
        with sqlite3.connect(self.folder / "a.db") as store:
            store.executescript("DROP TABLE attribution; DROP TABLE genes; DELETE FROM score WHERE trial = 5; "
                                "DELETE FROM prediction WHERE trial = 5; DELETE FROM curve WHERE trial = 5; "
                                "DELETE FROM message WHERE trial = 5; UPDATE trial SET state = 'waiting' WHERE id = 5")
        self.assertEqual(json.loads(self.tell("--json")), {"stability": []})
        self.assertIn("No trial ranked genes", self.tell())
        self.run_program("study", "merge", "a.db", "--store", "c.db")
        self.run_program("study", "run", "study.json", "--store", "a.db", "--quiet")
        self.assertEqual([row[0] for row in self.read("trial")], [5, 5])

    def test_bad_options_are_refused(self):
        for options, words in (([], "found no --store"), (["--store", "a.db", "--top", "-1"], "found --top -1"),
                               (["--store", "a.db", "--csv", "--json"], "both --json and --csv")):
            self.assertIn(words, self.run_program("study", "stability", *options, status=2)[1])
        self.assertIn("genes", self.run_program("study", "show", "0", "--store", "a.db")[0])


if __name__ == "__main__":
    unittest.main()
