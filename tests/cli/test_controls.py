# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every change that docs/normalization.md offers to compare with makes a valid pipeline, so that studies can name it."""
import re
import unittest
from pathlib import Path

from harness import Case

ROOT = Path(__file__).parents[2]
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


if __name__ == "__main__":
    unittest.main()
