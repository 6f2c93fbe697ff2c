# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every change that docs/normalization.md offers to compare with makes a valid pipeline, so that studies can name it."""
import json
import os
import re
import unittest
from pathlib import Path

from harness import Case

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("QRX_DATA") or ROOT.parent / "shared" / "data")
PIPELINE = ROOT / "pipelines" / "gdsc-hybrid.json"
TYPES = ["moderated-tanh", "tanh-half-pi", "tanh-pi", "sigmoid-pi", "sigmoid-two-pi", "softmax-pi", "arctan", "two-arctan",
         "softsign", "hard-clip", "min-max", "linear-scale", "trainable-frequency", "identity-angle"]


def offered():
    """The settings of each row of the page's table of controls."""
    page = (ROOT / "docs" / "normalization.md").read_text(encoding="utf-8")
    table = page.split("## What a normalizer is to be compared with")[1].split("\n## ")[0]
    for line in table.splitlines():
        settings = re.findall(r"`((?:normalize|quantum)\.[\w.-]+=[^`…]+)`", line)
        if line.startswith("|") and settings:
            yield settings


class Controls(Case):
    def holds(self, *settings):
        _, err = self.run_program("validate", str(PIPELINE), *(f"--set={setting}" for setting in settings))
        self.assertEqual(err, "", settings)

    def test_what_the_page_offers_is_valid(self):
        rows = list(offered())
        self.assertGreaterEqual(len(rows), 6)
        for settings in rows:
            self.holds(*settings)

    def test_every_normalizer_fits_where_another_was(self):
        for name in TYPES:
            self.holds(f"normalize.type={name}")
            self.holds(f"normalize.type={name}", "normalize.from=unit")

    def test_the_controls_without_a_row_of_their_own(self):
        self.holds("normalize.a=5", "normalize.r=pi", "normalize.offset=pi/2")
        self.holds('normalize.a={"value": 20, "train": "per-qubit", "rate": 20, "parameterization": "softplus"}')


class Shipped(Case):
    def test_every_pipeline_is_valid(self):
        found = sorted((ROOT / "pipelines").glob("*.json"))
        self.assertGreaterEqual(len(found), 6)
        for path in found:
            _, err = self.run_program("validate", str(path))
            self.assertEqual(err, "", path.name)

    @unittest.skipUnless((DATA / "gdsc_response.csv.gz").exists(), "the real data is neither in $QRX_DATA nor in ../shared/data")
    def test_models_of_several_drugs_score_each(self):
        drugs = ["Gemcitabine", "Cisplatin", "Docetaxel", "Paclitaxel", "Erlotinib"]
        for name, small in (("heads", "encode.hidden=[8]"), ("feature", "encode.width=4")):
            self.run_program("run", str(ROOT / "pipelines" / f"gdsc-drugs-{name}.json"), "--quiet", "--data", str(DATA),
                             "--output", name, "--set", small, "--set", "fit.epochs=1")
            scores = json.loads(self.read(name, "metrics.json"))["scores"]["hybrid"]
            for drug in drugs:
                self.assertGreater(scores[f"test/{drug}"]["n"], 100)
                self.assertTrue(0 <= scores[f"test/{drug}"]["auc"] <= 1)

    @unittest.skipUnless((DATA / "gdsc_response.csv.gz").exists(), "the real data is neither in $QRX_DATA nor in ../shared/data")
    def test_heads_refuse_to_leave_drugs_out_before_they_are_fitted(self):
        out, err = self.run_program("run", str(ROOT / "pipelines" / "gdsc-drugs-heads.json"), "--quiet", "--data", str(DATA),
                                    "--set", "split.by=drug", status=1)
        self.assertRegex(err, r"gdsc-drugs-heads\.json:\d+:\d+: heads: .* have a drug that no training row has \(.*"
                              "the split leaves drugs out, so let it go by line, sample or pair")
        self.assertEqual(out, "")


if __name__ == "__main__":
    unittest.main()
