# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the program on every bad file of cases/ and holds what it says to what is expected: test_corpus.py, with QRX set to the program.

Each case is a file NAME.expect in a folder of cases/, beside the files that it speaks of:

    qrx validate NAME.json           the command; it runs in that folder
    exit 2                           its exit status
    faults 2                         how many faults stderr names, a line each; 1 if not said, 0 for a run that succeeds
    says NAME.json:5:31:             what stderr holds: the place, the culprit, what was found, what is allowed
    without split                    what it must not blame
    leaves table.csv                 a file in the output folder; none if not said

A run that fails leaves nothing half-written behind, prints nothing on stdout, and neither GLib nor a sanitizer says a word. What is
under cases/good succeeds: without that, every other case might fail for a reason of its own."""
import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

CASES = Path(__file__).resolve().parent / "cases"
PROGRAM = os.environ["QRX"]
SECONDS = 60  # a case takes a fraction of one; sanitizers and a busy machine take more
FAULT = "qrx: …"
ALARMS = ("CRITICAL", "WARNING", "assertion", "Sanitizer", "runtime error", "(null)")


class Expectation:
    """What a file NAME.expect says."""

    def __init__(self, path):
        self.folder, self.name = path.parent, f"{path.parent.name}_{path.stem}".replace("-", "_")
        self.status, self.faults = None, 1
        self.says, self.without, self.leaves = [], [], []
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        self.arguments = shlex.split(lines[0])[1:]
        for line in lines[1:]:
            key, _, value = line.partition(" ")
            if key == "exit":
                self.status = int(value)
            elif key == "faults":
                self.faults = int(value)
            else:
                getattr(self, key).append(value)


def environment():
    """The surroundings of a case: no data folder, plain text, and a warning of GLib is fatal."""
    kept = {key: value for key, value in os.environ.items() if key != "QRX_DATA"}
    return {**kept, "LC_ALL": "C.UTF-8", "G_DEBUG": "fatal-warnings"}


def run(expectation, output, *more):
    """Runs the command of a case, writing into an output folder if it runs a pipeline."""
    arguments = [*expectation.arguments, *more]
    if arguments[:1] == ["run"]:
        arguments += ["--quiet"] + ([] if "--output" in arguments else ["--output", output])
    return subprocess.run([PROGRAM, *arguments], cwd=expectation.folder, env=environment(), capture_output=True, timeout=SECONDS,
                          encoding="utf-8", check=False)


def list_faults(text):
    """FAULT for each line that tells one, and the line itself for any that should not be there."""
    lines = [line for line in text.splitlines() if not re.match(r"qrx: \d+ faults in ", line)]
    return [FAULT if line.startswith("qrx: ") else line for line in lines]


def written(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


class Corpus(unittest.TestCase):
    maxDiff = None

    def check(self, expectation):
        with tempfile.TemporaryDirectory() as folder:
            found = run(expectation, f"{folder}/out")
            files = written(folder)
        said = f"{shlex.join(expectation.arguments)} said:\n{found.stderr}"
        self.assertEqual(found.returncode, expectation.status, said)
        for alarm in ALARMS:
            self.assertNotIn(alarm, found.stderr, said)
        for part in expectation.says:
            self.assertIn(part, found.stderr, said)
        for part in expectation.without:
            self.assertNotIn(part, found.stderr, said)
        if expectation.status == 0:
            return
        if expectation.faults > 0:
            self.assertEqual(list_faults(found.stderr), [FAULT] * expectation.faults, said)
        self.assertEqual(found.stdout, "", said)
        self.assertEqual(files, sorted(f"out/{name}" for name in expectation.leaves), said)

    def check_json(self, expectation):
        """The same faults as JSON: each with a place, and with the words that stderr has."""
        found = run(expectation, "", "--json")
        faults = json.loads(found.stdout)
        self.assertEqual(found.returncode, 2)
        self.assertFalse(faults["valid"])
        self.assertGreater(len(faults["diagnostics"]), 0)
        for fault in faults["diagnostics"]:
            self.assertIn(fault["message"], found.stderr)


def add_case(expectation):
    setattr(Corpus, f"test_{expectation.name}", lambda self: self.check(expectation))
    if expectation.arguments[:1] == ["validate"] and expectation.status == 2:
        setattr(Corpus, f"test_json_of_{expectation.name}", lambda self: self.check_json(expectation))


for file in sorted(CASES.rglob("*.expect")):
    add_case(Expectation(file))


class Size(unittest.TestCase):
    def test_there_are_as_many_bad_files_as_promised(self):
        bad = [path for path in CASES.rglob("*.expect") if path.parent.name != "good"]
        self.assertGreaterEqual(len(bad), 250)


if __name__ == "__main__":
    unittest.main()
