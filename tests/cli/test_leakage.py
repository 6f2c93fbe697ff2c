# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is fitted sees training rows only: other test rows leave every byte of every fitted model as it was."""
import csv
import random
import unittest

from harness import Case

GENES = [f"g{j}" for j in range(12)]

# Every type that fits something, in a chain or on its own.
PIPELINE = {"qrx": "1", "nodes": {
    "table": {"type": "csv-loader", "file": "table.csv", "targets": ["y"], "tissue": "tissue", "unit": "u", "orientation": "low"},
    "split": {"type": "split", "from": "table"},
    "scale": {"type": "standardize", "from": "split"},
    "by-response": {"type": "select-genes", "from": "scale", "n": 8, "by": "correlation"},
    "by-variance": {"type": "select-genes", "from": "by-response", "n": 6, "by": "variance"},
    "components": {"type": "pca", "from": "by-variance", "components": 4},
    "encode": {"type": "mlp-encoder", "from": "components", "hidden": [8], "width": 3},
    "center": {"type": "batch-norm", "from": "encode"},
    "normalize": {"type": "min-max", "from": "center"},
    "quantum": {"type": "quantum-layer", "from": "normalize", "layers": 1},
    "head": {"type": "linear", "from": "quantum", "width": 1, "quantity": "prediction"},
    "fit": {"type": "trainer", "from": "head", "epochs": 5},
    "mean": {"type": "mean-baseline", "from": "split", "by": "tissue"},
    "ridge": {"type": "ridge", "from": "components"},
    "net": {"type": "elastic-net", "from": "scale"},
    "trees": {"type": "gradient-boosted-trees", "from": "split"},
    "forest": {"type": "random-forest", "from": "split"},
}}
FITS = ["fit", "mean", "ridge", "net", "trees", "forest"]


class Leakage(Case):
    def setUp(self):
        super().setUp()
        chance = random.Random(3)
        self.rows = [[f"line-{i}", chance.choice("AB"), *(chance.gauss(0, 1) for _ in [*GENES, "y"])] for i in range(80)]
        self.write("pipeline.json", PIPELINE)

    def fit(self, output, changed):
        """The models by node, where the numbers of the rows with these ids are others."""
        rows = [row[:2] + [7 * value + 3 for value in row[2:]] if row[0] in changed else row for row in self.rows]
        with open(self.folder / "table.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "tissue", *GENES, "y"], *rows])
        self.run_program("run", "pipeline.json", "--quiet", "--output", output)
        return {node: self.read(output, f"{node}.safetensors") for node in FITS}

    def test_models_depend_on_training_rows_and_not_on_test_rows(self):
        plain = self.fit("plain", [])
        with open(self.folder / "plain" / "fit.predictions.csv", encoding="utf-8", newline="") as file:
            roles = {row["id"]: row["role"] for row in csv.DictReader(file)}
        for role, same in (("test", True), ("train", False)):
            others = self.fit(role, [row for row, its in roles.items() if its == role])
            for node in FITS:
                self.assertIs(others[node] == plain[node], same, f"{node}, {role} rows changed")


if __name__ == "__main__":
    unittest.main()
