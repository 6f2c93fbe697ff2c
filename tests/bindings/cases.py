# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the Python overlay share: a small hybrid, and the example nodes of the documentation."""
import os
import sys
import tempfile

import qrx

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
EXAMPLES = os.path.join(SOURCE, "docs", "examples")
PIPELINE = os.path.join(EXAMPLES, "custom-normalizer.json")
NODES = os.path.join(EXAMPLES, "my_nodes.py")

sys.path.insert(0, EXAMPLES)


def hybrid(normalizer="moderated-tanh", precision="float64", epochs=5, monitors=(), seed=7, lines=120, **keywords):
    """A hybrid on the embedded cohort, and the ids that tests look at: normalize, fit, evaluate."""
    pipeline = qrx.Pipeline(seed=seed)
    cohort = pipeline.add("synthetic-cohort", id="cohort", lines=lines, genes=20)
    split = pipeline.add("split", cohort, test=0.25)
    scale = pipeline.add("standardize", split, id="scale")
    encode = pipeline.add("mlp-encoder", scale, id="encode", hidden=[8], width=3)
    normalize = pipeline.add(normalizer, encode, id="normalize", **keywords)
    quantum = pipeline.add("quantum-layer", normalize, id="quantum", layers=1)
    head = pipeline.add("linear", quantum, id="head", width=1, quantity="prediction")
    watching = [pipeline.add(name, normalize) for name in monitors]
    fit = pipeline.add("trainer", head, id="fit", monitors=watching, epochs=epochs, precision=precision)
    pipeline.add("evaluator", fit, id="evaluate")
    return pipeline


def folder(test):
    """An empty folder for as long as a test runs."""
    made = tempfile.TemporaryDirectory()
    test.addCleanup(made.cleanup)
    return made.name


def sanitized():
    """Whether memory and time are those of a sanitizer, which keeps what was freed for a while."""
    return "libasan" in os.environ.get("LD_PRELOAD", "")


def resident():
    """Memory of this process in MiB."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
