# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the documents show is true: their pipelines are valid, their circuits too, their commands are accepted."""
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOLDS_OF_A_TEST = 7  # QRX_COMPARISON_MIN_RESAMPLES
PIPELINE = {"qrx": "1", "nodes": {
    "cohort": {"type": "synthetic-cohort"}, "split": {"type": "split", "from": "cohort"},
    "encode": {"type": "linear", "from": "split", "width": 2, "quantity": "angle"},
    "quantum": {"type": "quantum-layer", "from": "encode"}}}


def blocks(language):
    """Every fenced block in that language, with the page that it is on."""
    for page in sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]):
        if page.exists():
            for found, text in BLOCK.findall(page.read_text(encoding="utf-8")):
                if found == language:
                    yield page.name, text


def qrx(*arguments):
    """What the built program says to a command line, run from the top folder."""
    return subprocess.run([os.environ["QRX_PROGRAM"], *arguments], capture_output=True, text=True, check=False, cwd=ROOT)


def commands():
    """Command lines of the program in the pages, as words after its name."""
    for page, text in blocks("sh"):
        for line in text.replace("\\\n", " ").split("\n"):
            words = shlex.split(line.split(" > ")[0], comments=True)
            if words and words[0] in ("qrx", "scripts/qrx"):
                yield page, line, words[1:]


class Pages(unittest.TestCase):
    def validate(self, document):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pipeline.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            return qrx("validate", str(path))

    def test_pipelines_are_valid(self):
        found = [(page, json.loads(text)) for page, text in blocks("json") if '"qrx"' in text]
        self.assertGreater(len(found), 1)
        for page, document in found:
            with self.subTest(page, title=document.get("title")):
                done = self.validate(document)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_circuits_are_valid(self):
        found = [(page, json.loads(text)) for page, text in blocks("json") if '"qubits"' in text and '"cases"' not in text]
        self.assertGreater(len(found), 0)
        for page, circuit in found:
            with self.subTest(page):
                document = json.loads(json.dumps(PIPELINE))
                document["nodes"]["quantum"]["circuit"] = circuit
                done = self.validate(document)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_studies_are_valid_and_can_be_judged(self):
        """Beside the pipelines that they name, as their pages say; with folds enough for the test of differences."""
        found = [(page, text) for page, text in blocks("json") if '"qrx-study"' in text]
        self.assertGreater(len(found), 0)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "pipelines", folder, dirs_exist_ok=True)
            for page, text in found:
                with self.subTest(page):
                    path = Path(folder) / "of-a-page.json"
                    path.write_text(text, encoding="utf-8")
                    done = qrx("study", "validate", str(path))
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    n_trials, = re.findall(r"is valid: (\d+) trials", done.stdout)
                    self.assertIn(f"counts {n_trials} trials", (ROOT / "docs" / page).read_text(encoding="utf-8"))
                    vary = json.loads(text)["vary"]
                    folds = [len(range(*vary[key]["range"])) for key in ("split.fold", "split.repeat")]
                    self.assertGreaterEqual(math.prod(folds), FOLDS_OF_A_TEST)

    def test_cases_are_evaluated(self):
        found = [(page, text) for page, text in blocks("json") if '"cases"' in text]
        self.assertGreater(len(found), 0)
        with tempfile.TemporaryDirectory() as folder:
            for page, text in found:
                with self.subTest(page):
                    path = Path(folder) / "cases.json"
                    path.write_text(text, encoding="utf-8")
                    done = qrx("circuit", "run", str(path), "--gradients")
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    for case, result in zip(json.loads(text)["cases"], json.loads(done.stdout)["cases"], strict=True):
                        self.assertEqual(len(result["expectations"]), len(case["inputs"]))
                        self.assertEqual(len(result["grad_weights"]), len(case["weights"]))

    @unittest.skipIf(os.environ["QRX_SANITIZED"] == "1", "a module without the sanitizer does not load")
    @unittest.skipUnless(shutil.which("pkg-config") and shutil.which("cc"), "no pkg-config, or no compiler")
    def test_a_plugin_is_made_by_the_commands_of_its_page(self):
        """What scripts/env sets is set here for the build that is tested."""
        text, = [text for page, text in blocks("sh") if page == "writing-nodes.md"]
        program = Path(os.environ["QRX_PROGRAM"])
        environment = {**os.environ, "PKG_CONFIG_PATH": os.environ["QRX_UNINSTALLED"],
                       "PATH": f"{program.parent}:{os.environ['PATH']}",
                       "QRX_PLUGIN_PATH": os.environ["QRX_PLUGIN_PATH"].split(":")[0]}
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "docs").symlink_to(ROOT / "docs")
            done = subprocess.run(["bash", "-e", "-c", text.replace("scripts/env ", "")], env=environment, cwd=folder,
                                  capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.startswith("asinh-scale (normalizer)\n"), done.stdout)

    def test_commands_that_run_a_pipeline_are_valid(self):
        """Runs are long, and some want data: the same file with the same overrides has to be valid."""
        found = [(line, words) for _, line, words in commands() if words[0] == "run"]
        self.assertGreater(len(found), 1)
        for line, words in found:
            with self.subTest(line):
                settings = [word for i, word in enumerate(words) if word == "--set" or words[i - 1] == "--set"]
                done = qrx("validate", words[1], *settings)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_options_exist(self):
        for page, line, words in commands():
            verb = words[:2] if words[0] in ("circuit", "study") else words[:1]
            known = qrx(*verb, "--help").stdout if not words[0].startswith("-") else qrx("--help").stdout
            for option in [word.split("=")[0] for word in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word)]:
                with self.subTest(line, page=page):
                    self.assertRegex(known, rf"(^|\s){re.escape(option)}[=,\s]")


if __name__ == "__main__":
    unittest.main()
