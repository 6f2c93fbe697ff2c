# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of workflows share: a copy of the project's workflows and pipelines, beside it data of two drugs, and the
program on PATH. The folder's name has a space, so that a missing quote shows."""
import gzip
import os
import random
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["QRX_SOURCE_ROOT"])
DRUGS = ["Cisplatin", "Gemcitabine"]
N_LINES = 60
N_GENES = 20
TISSUES = ["Lung", "Skin", "Breast"]
TIMEOUT = 240  # seconds; the slowest command here takes about thirty

# What the program wants to know of its surroundings; cwltool hides all but PATH.
SURROUNDINGS = ["QRX_PLUGIN_PATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "ASAN_OPTIONS", "UBSAN_OPTIONS"]


def find_real_data():
    """The folder of real data, or None."""
    folder = Path(os.environ.get("QRX_DATA") or os.environ["QRX_TEST_DATA"])
    return folder.resolve() if (folder / "gdsc_expression.csv.gz").exists() else None


def write_gzip(path, lines):
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def write_small_data(folder):
    """Three files in the layouts that pipelines/gdsc-hybrid.json reads, the same at every call: response to each drug
    follows two genes."""
    source = random.Random(1)
    folder.mkdir(parents=True)
    genes = [f"GENE{j + 1}" for j in range(N_GENES)]
    expression = [",".join(["cell_line_id", "depmap_id", *genes])]
    response = ["cell_line_id,depmap_id,cell_line_name,tissue,dataset,drug_id,drug,ln_ic50"]
    models = ["ModelID,PatientID,CellLineName,OncotreeLineage,COSMICID"]
    for i in range(N_LINES):
        cosmic, model, name, tissue = 900000 + i, f"ACH-{i:06}", f"LINE-{i}", TISSUES[i % len(TISSUES)]
        levels = [source.uniform(0, 8) for _ in genes]
        expression.append(",".join([str(cosmic), model, *(f"{level:.3f}" for level in levels)]))
        models.append(f"{model},PT-{i:06},{name},{tissue},{cosmic}.0")
        for number, drug in enumerate(DRUGS):
            answer = 2 + 0.5 * levels[2 * number] - 0.4 * levels[2 * number + 1] + source.gauss(0, 0.5)
            response.append(f"{cosmic},{model},{name},{tissue},GDSC2_8.2,{1001 + number},{drug},{answer:.4f}")
    write_gzip(folder / "gdsc_expression.csv.gz", expression)
    write_gzip(folder / "gdsc_response.csv.gz", response)
    write_gzip(folder / "Model.csv.gz", models)


class WorkflowCase(unittest.TestCase):
    """Gives every test a project of its own."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="qrx-workflows-")
        self.addCleanup(holder.cleanup)
        self.top = Path(holder.name).resolve() / "a project"
        for name in ("workflows", "pipelines"):
            shutil.copytree(SOURCE / name, self.top / name)
        self.data = self.top.parent / "shared" / "data"
        self.write_program()
        self.environment = {**os.environ, "QRX_DATA": str(self.data), "HOME": str(self.top.parent),
                            "PATH": f"{self.top.parent / 'bin'}:{os.environ['PATH']}"}

    def write_program(self):
        lines = ["#!/bin/sh"]
        lines += [f"export {name}={shlex.quote(os.environ[name])}" for name in SURROUNDINGS if name in os.environ]
        lines += [f"exec {shlex.quote(os.environ['QRX_PROGRAM'])} \"$@\"", ""]
        program = self.top.parent / "bin" / "qrx"
        program.parent.mkdir()
        program.write_text("\n".join(lines), encoding="utf-8")
        program.chmod(0o755)

    def use_small_data(self):
        write_small_data(self.data)

    def use_real_data(self):
        real = find_real_data()
        if real is None:
            self.skipTest("no real data in $QRX_DATA or ../shared/data")
        self.data.parent.mkdir(parents=True)
        self.data.symlink_to(real)

    def run_command(self, *command, status=0, cwd=None):
        """Runs a command in the project, and holds it to its exit status; None is any but 0."""
        done = subprocess.run([str(part) for part in command], cwd=cwd or self.top, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        said = f"{shlex.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
        if status is None:
            self.assertNotEqual(done.returncode, 0, said)
        else:
            self.assertEqual(done.returncode, status, said)
        return done

    def run_directly(self, pipeline, drug, *settings, seed=None, cwd=None):
        """What `qrx run` writes without any workflow: its folder."""
        folder = self.top.parent / "direct" / drug
        options = [option for setting in (f"cohort.drug={drug}", *settings) for option in ("--set", setting)]
        if seed is not None:
            options += ["--seed", seed]
        self.run_command("qrx", "run", pipeline, *options, "--data", self.data, "--output", folder, cwd=cwd)
        return folder

    def assert_same_files(self, expected, found, names):
        for name in names:
            self.assertEqual((expected / name).read_bytes(), (found / name).read_bytes(), f"{found}: {name}")
