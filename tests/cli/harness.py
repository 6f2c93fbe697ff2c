# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the program as users do, in a folder of its own. Only the standard library."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ["QRX_PROGRAM"]

# A few seconds of work at most: 60 rows, 8 genes, 3 epochs.
SMALL = {
    "qrx": "1",
    "seed": 7,
    "nodes": {
        "cohort": {"type": "synthetic-cohort", "lines": 60, "genes": 8, "factors": 3},
        "split": {"type": "split", "from": "cohort", "test": 0.25, "validation": 0.25},
        "scale": {"type": "standardize", "from": "split"},
        "encode": {"type": "mlp-encoder", "from": "scale", "hidden": [6], "width": 3},
        "normalize": {"type": "moderated-tanh", "from": "encode", "a": 20, "r": "pi/2"},
        "quantum": {"type": "quantum-layer", "from": "normalize", "layers": 2},
        "head": {"type": "linear", "from": "quantum", "width": 1, "quantity": "prediction"},
        "fit": {"type": "trainer", "from": "head", "epochs": 3, "batch-size": 8},
        "mean": {"type": "mean-baseline", "from": "split"},
        "score": {"type": "evaluator", "from": "fit"},
        "mean-score": {"type": "evaluator", "from": "mean"},
    },
}


class Case(unittest.TestCase):
    """A test with a folder of its own, which is the working directory of what it runs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="qrx-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return name

    def start(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "cwd": self.folder, **options}
        return subprocess.Popen([PROGRAM, *arguments], **options)

    def run_program(self, *arguments, status=0, **options):
        """Runs it to its end, holds it to its exit status, and gives stdout and stderr."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, status, f"qrx {arguments}\nstdout: {out}\nstderr: {err}")
        return out, err

    def load(self, *parts):
        return json.loads(self.folder.joinpath(*parts).read_text(encoding="utf-8"))

    def read(self, *parts):
        return self.folder.joinpath(*parts).read_bytes()

    def files(self, *parts):
        folder = self.folder.joinpath(*parts)
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
