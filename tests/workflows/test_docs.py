# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every command and file of docs/workflows.md, in the order in which they stand there."""
import csv
import re
import shutil
import unittest

from workflow_case import DRUGS, N_LINES, SOURCE, WorkflowCase

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {"snakemake": "own.smk", "cwl": "own.cwl", "yaml": "own.yml"}


@unittest.skipIf(shutil.which("snakemake") is None or shutil.which("cwltool") is None,
                 "snakemake or cwltool is not installed")
class DocsTest(WorkflowCase):
    def setUp(self):
        super().setUp()
        self.text = (SOURCE / "docs" / "workflows.md").read_text(encoding="utf-8")

    def read(self, name):
        with open(self.top / "results" / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def run_page(self):
        blocks = BLOCK.findall(self.text)
        self.assertEqual(len(blocks), self.text.count("\n```") // 2)
        self.assertEqual({language for language, _ in blocks}, {"sh", *FILES})
        commands = ["set -eu"]
        for language, block in blocks:
            if language == "sh":
                commands.append(block)
            else:
                (self.top / FILES[language]).write_text(block, encoding="utf-8")
        self.run_command("sh", "-c", "\n".join(commands))

    def test_commands_do_what_the_page_says(self):
        self.use_small_data()
        self.run_page()
        for name in ("snakemake", "sigmoid", "own", "cwl"):
            self.assertEqual({row["run"] for row in self.read(f"{name}/scores.csv")}, set(DRUGS), name)
        self.assertEqual({row["seed"] for row in self.read("sigmoid/scores.csv")}, {"11"})
        for drug in DRUGS:
            self.assertEqual(len(self.read(f"own/{drug}/all-lines.csv")), N_LINES)
        self.assertTrue((self.top / "results" / "cwl-run" / "Cisplatin" / "metrics.json").exists())
        self.assertEqual({row["run"] for row in self.read("own-cwl/scores.csv")}, {"moderated", "sigmoid"})
        both = {row["run"]: row["rmse"] for row in self.read("both.csv") if (row["evaluator"], row["role"]) == ("hybrid", "test")}
        self.assertEqual(list(both), ["moderated", "sigmoid"])
        self.assertNotEqual(both["moderated"], both["sigmoid"])

    def test_every_key_and_output_is_in_the_page(self):
        import yaml  # comes with snakemake

        rules = SOURCE / "workflows"
        schema = yaml.safe_load((rules / "snakemake" / "config.schema.yaml").read_text(encoding="utf-8"))
        listed = set(re.findall(r"^\| `([a-z-]+)` \| .* \| .*\|$", self.text, re.MULTILINE))
        self.assertEqual(listed, set(schema["properties"]))
        tool = yaml.safe_load((rules / "cwl" / "qrx-run.cwl").read_text(encoding="utf-8"))
        for name in tool["outputs"]:
            self.assertIn(f"`{name}`", self.text)


if __name__ == "__main__":
    unittest.main()
