# SPDX-License-Identifier: LGPL-2.1-or-later
"""The script that collects scores: what it copies, what it refuses."""
import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(os.environ["QRX_SOURCE_ROOT"]) / "workflows" / "collect-metrics.py"


class CollectTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    def collect(self, *arguments, status=0):
        done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_every_run_evaluator_and_role_has_a_row(self):
        one = self.write("one.json", {"pipeline": "p.json", "seed": 7, "scores": {
            "e": {"train": {"n": 4, "auc": 0.5}, "test": {"n": 2, "auc": 1.0}}, "f": {"test": {"n": 2, "rmse": 3}}}})
        two = self.write("two.json", {"pipeline": "q, r.json", "seed": 8, "scores": {"e": {"test": {"n": 9}}}})
        done = self.collect("--run", "A", "--run", "B", one, two)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        self.assertEqual([(row["run"], row["evaluator"], row["role"], row["n"]) for row in rows],
                         [("A", "e", "train", "4"), ("A", "e", "test", "2"), ("A", "f", "test", "2"), ("B", "e", "test", "9")])
        self.assertEqual([row["pipeline"] for row in rows], ["p.json"] * 3 + ["q, r.json"])
        self.assertEqual([row["seed"] for row in rows], ["7", "7", "7", "8"])
        self.assertEqual([row["rmse"] for row in rows], ["", "", "3", ""])

    def test_digits_are_copied_as_they_stand(self):
        path = self.write("m.json", '{"seed": 9223372036854775807, "scores": {"e": {"test": '
                                    '{"a": 0.10, "b": 1e-300, "c": 0.1234567890123456789}}}}')
        row = next(csv.DictReader(self.collect("--run", "A", path).stdout.splitlines()))
        self.assertEqual((row["seed"], row["a"], row["b"], row["c"]),
                         ("9223372036854775807", "0.10", "1e-300", "0.1234567890123456789"))

    def test_intervals_are_two_columns_and_reasons_stand_last(self):
        path = self.write("m.json", {"scores": {"e": {
            "train": {"auc": None, "auc_ci95": None, "reasons": {"auc": "one class", "auc_ci95": "one class"}, "n": 1},
            "test": {"auc": 0.5, "auc_ci95": [0.25, 0.75], "n": 2}}}})
        rows = list(csv.reader(self.collect("--run", "A", path).stdout.splitlines()))
        self.assertEqual(rows[0][5:], ["auc", "n", "auc_ci95_low", "auc_ci95_high", "reasons"])
        train, test = (dict(zip(rows[0], row)) for row in rows[1:])
        self.assertEqual((train["auc"], train["auc_ci95_low"], train["n"]), ("", "", "1"))
        self.assertEqual(train["reasons"], "auc: one class; auc_ci95: one class")
        self.assertEqual((test["auc_ci95_low"], test["auc_ci95_high"], test["reasons"]), ("0.25", "0.75", ""))

    def test_output_is_whole_or_not_there(self):
        good = self.write("good.json", {"scores": {"e": {"test": {"n": 1}}}})
        bad = self.write("bad.json", '{"scores": {"e": {"test": {"n"')
        output = self.folder / "scores.csv"
        self.assertIn("bad.json", self.collect("--output", str(output), "--run", "A", "--run", "B", good, bad, status=1).stderr)
        self.assertFalse(output.exists())
        self.assertEqual(self.collect("--output", str(output), "--run", "A", good).stdout, "")
        self.assertEqual(output.read_bytes(), b"run,pipeline,seed,evaluator,role,n\nA,,,e,test,1\n")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["bad.json", "good.json", "scores.csv"])

    def test_a_table_that_cannot_be_written_is_an_error(self):
        path = self.write("m.json", {"scores": {}})
        (self.folder / "taken").mkdir()
        for name in ("taken", "absent/scores.csv"):
            done = self.collect("--output", str(self.folder / name), "--run", "A", path, status=1)
            self.assertRegex(done.stderr, rf"\Acollect-metrics: .*{name}: .+\n\Z")
        self.assertEqual(sorted(entry.name for entry in self.folder.iterdir()), ["m.json", "taken"])

    def test_what_is_no_metrics_file_is_refused_by_name(self):
        deep = '{"scores": ' + "[" * 100000
        for content in ("", "[]", "{}", '{"scores": []}', '{"scores": {"e": 1}}', '{"scores": {"e": {"test": 1}}}',
                        '{"scores": {"e": {"test": {"auc": NaN}}}}', "\x00", deep):
            with self.subTest(content=content[:40]):
                done = self.collect("--run", "A", self.write("m.json", content), status=1)
                self.assertRegex(done.stderr, r"\Acollect-metrics: .*m\.json: .+\n\Z")
        (self.folder / "latin.json").write_bytes(b'{"scores": {"\xe9": {}}}')
        self.assertIn("latin.json", self.collect("--run", "A", str(self.folder / "latin.json"), status=1).stderr)
        self.assertIn("No such file", self.collect("--run", "A", str(self.folder / "absent.json"), status=1).stderr)

    def test_names_fit_files(self):
        path = self.write("m.json", {"scores": {}})
        self.assertIn("1 names of runs for 2 files", self.collect("--run", "A", path, path, status=2).stderr)
        self.assertIn("same name", self.collect("--run", "A", "--run", "A", path, path, status=2).stderr)
        self.assertIn("METRICS", self.collect("--run", "A", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
