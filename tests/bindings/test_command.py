# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python3 -m qrx` as users run it: the program's options, files and exit codes, with nodes written in Python."""
import filecmp
import json
import os
import signal
import subprocess
import sys
import time
import unittest

from cases import NODES, PIPELINE, SOURCE, folder

PROGRAM = os.environ.get("QRX_PROGRAM")
FILES = ["fit.history.csv", "fit.predictions.csv", "fit.safetensors", "metrics.json", "pipeline.resolved.json"]


def call(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "qrx", *arguments], cwd=cwd, capture_output=True, text=True, timeout=100, check=False
    )


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Run(unittest.TestCase):
    def test_a_file_with_a_node_in_python_runs(self):
        where = folder(self)
        done = call("run", PIPELINE, "--import", NODES, "--output", "out", "--threads", "1", cwd=where)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(os.path.join(where, "out"))), FILES)
        self.assertRegex(done.stdout, r"evaluate +fit +test +50 +0\.\d{3}")
        self.assertTrue(done.stdout.endswith("written to out\n"))
        self.assertIn("cohort: 200 synthetic lines", done.stderr)
        with open(os.path.join(where, "out", "pipeline.resolved.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["nodes"]["normalize"]["type"], "my-normalizer")

    def test_without_the_import_the_type_is_unknown(self):
        done = call("run", PIPELINE, "--output", "out", cwd=folder(self))
        self.assertEqual(done.returncode, 2)
        self.assertIn('normalize: found the unknown type "my-normalizer"', done.stderr)

    @unittest.skipUnless(PROGRAM, "needs the program qrx")
    def test_writes_what_the_program_writes(self):
        where = folder(self)
        arguments = ["run", PIPELINE, "--set", "normalize.type=moderated-tanh", "--set", "fit.epochs=3", "--seed", "3"]
        arguments += ["--threads", "1", "--quiet"]
        mine = call(*arguments, "--output", "mine", cwd=where)
        theirs = subprocess.run(
            [PROGRAM, *arguments, "--output", "theirs"], cwd=where, capture_output=True, text=True, check=False
        )
        self.assertEqual((mine.returncode, mine.stderr), (0, ""))
        self.assertEqual((theirs.returncode, theirs.stderr), (0, ""))
        self.assertEqual(mine.stdout.replace("mine", ""), theirs.stdout.replace("theirs", ""))
        same, different, strange = filecmp.cmpfiles(
            os.path.join(where, "mine"), os.path.join(where, "theirs"), FILES, shallow=False
        )
        self.assertEqual((different, strange), ([], []))
        self.assertEqual(len(same), len(FILES))

    def test_scores_as_json(self):
        done = call("run", PIPELINE, "--import", NODES, "--set=fit.epochs=1", "--json", "-q", cwd=folder(self))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout)["scores"]["evaluate"]["test"]["n"], 50)

    def test_results_are_the_default_folder(self):
        where = folder(self)
        done = call("run", PIPELINE, "--import", NODES, "--set=fit.epochs=1", "-q", cwd=where)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(sorted(os.listdir(os.path.join(where, "results", "custom-normalizer"))), FILES)

    def test_an_exception_is_a_failed_run(self):
        where = folder(self)
        with open(NODES, encoding="utf-8") as file:
            broken = file.read().replace("step.output = ", "undefined = nothing  #")
        write(os.path.join(where, "broken.py"), broken)
        done = call("run", PIPELINE, "--import", "broken.py", "--output", "out", "-q", cwd=where)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(
            done.stderr, r"^qrx: .*custom-normalizer\.json:\d+:\d+: fit: .*normalize: NameError: .* \(broken\.py:\d+\)\n$"
        )

    def test_a_file_that_cannot_be_imported(self):
        where = folder(self)
        for name, text, message in (
            ("syntax.py", "def\n", r"SyntaxError: .* \(syntax\.py:1\)"),
            ("raises.py", "\n1 / 0\n", r"ZeroDivisionError: division by zero \(raises\.py:2\)"),
            ("exits.py", "raise SystemExit(0)\n", r"SystemExit"),
            ("twice.py", 'import qrx\n@qrx.node("split", summary="Taken.")\nclass A(qrx.Node): pass\n', '"split" is taken'),
        ):
            done = call("run", PIPELINE, "--import", write(os.path.join(where, name), text), cwd=where)
            self.assertEqual(done.returncode, 2, name)
            self.assertRegex(done.stderr, message)
        done = call("run", PIPELINE, "--import", "nowhere.py", cwd=where)
        self.assertEqual((done.returncode, done.stderr), (2, 'qrx: --import: there is no file "nowhere.py"\n'))

    def test_options_that_cannot_be(self):
        where = folder(self)
        write(os.path.join(where, "file"), "")
        for arguments, message in (
            (["--seed", "-1"], "--seed: found -1"),
            (["--threads", "5000"], "--threads: found 5000"),
            (["--data", "nowhere"], '--data: found "nowhere", which is no folder'),
            (["--output", "file"], 'output folder: found "file", which is no folder'),
            (["--nonsense"], "unrecognized arguments"),
        ):
            done = call("run", PIPELINE, "--import", NODES, *arguments, cwd=where)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(message, done.stderr)

    def stop(self, number):
        where = folder(self)
        process = subprocess.Popen(
            [sys.executable, "-m", "qrx", "run", PIPELINE, "--import", NODES, "--set=fit.epochs=1000000", "--output=out"],
            cwd=where,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        while not process.stderr.readline().startswith("split: "):
            self.assertIsNone(process.poll())
        time.sleep(0.3)
        process.send_signal(number)
        text = process.stderr.read()
        self.assertEqual(process.wait(20), 128 + number)
        self.assertTrue(text.endswith(f"qrx: stopped by {number.name}\n"), text)
        self.assertFalse(os.path.exists(os.path.join(where, "out", "metrics.json")))

    def test_control_c_stops_it(self):
        self.stop(signal.SIGINT)

    def test_termination_stops_it(self):
        self.stop(signal.SIGTERM)


class Others(unittest.TestCase):
    def test_validate(self):
        done = call("validate", PIPELINE, "--import", NODES)
        self.assertEqual((done.returncode, done.stdout), (0, f"{PIPELINE} is valid: 9 nodes\n"))
        done = call("validate", PIPELINE, "--import", NODES, "--json", "--set", "normalize.a=0", "--set", "fit.epochs=0")
        self.assertEqual(done.returncode, 2)
        found = json.loads(done.stdout)
        self.assertFalse(found["valid"])
        self.assertEqual({fault["node"] for fault in found["diagnostics"]}, {"normalize", "fit"})
        self.assertIn("2 faults in", done.stderr)

    def test_inspect(self):
        done = call("inspect", "my-normalizer", "--import", NODES)
        self.assertTrue(done.stdout.startswith("my-normalizer (normalizer)\n  Angles r·tanh(φ/a).\n\nInputs\n"), done.stdout)
        done = call("inspect", "my-normalizer", "--import", NODES, "--json")
        self.assertEqual(json.loads(done.stdout)["summary"], "Angles r·tanh(φ/a).")
        self.assertRegex(call("inspect", "--import", NODES).stdout, r"(?m)^  my-normalizer +Angles")
        done = call("inspect", "my-normaliser", "--import", NODES)
        self.assertEqual(done.returncode, 2)
        self.assertIn("my-normaliser", done.stderr)

    @unittest.skipUnless(PROGRAM, "needs the program qrx")
    def test_inspect_prints_what_the_program_prints(self):
        for arguments in ([], ["moderated-tanh"], ["sigmoid-pi"], ["quantum-layer"], ["split"], ["quantum-layer", "--json"]):
            mine = call("inspect", *arguments)
            theirs = subprocess.run([PROGRAM, "inspect", *arguments], capture_output=True, text=True, check=False)
            self.assertEqual((mine.returncode, mine.stderr), (0, ""), arguments)
            if "--json" in arguments:
                self.assertEqual(json.loads(mine.stdout), json.loads(theirs.stdout))
            else:
                # Both write JSON their way, in the example.
                self.assertEqual(mine.stdout.split("\nExample")[0], theirs.stdout.split("\nExample")[0])
                self.assertEqual("\nExample" in mine.stdout, "\nExample" in theirs.stdout)

    def test_a_reader_that_has_enough_is_no_fault(self):
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "qrx", "inspect"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        process.stdout.close()
        self.addCleanup(process.stderr.close)
        self.assertEqual(process.stderr.read(), "")
        self.assertEqual(process.wait(20), -signal.SIGPIPE)

    def test_graph_and_schema(self):
        self.assertIn("my-normalizer", call("graph", PIPELINE, "--import", NODES).stdout)
        self.assertIn('"my-normalizer"', call("schema", "--import", NODES).stdout)

    @unittest.skipUnless(PROGRAM, "needs the program qrx")
    def test_other_verbs_are_the_programs(self):
        done = call("circuit", "--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("qrx circuit", done.stdout)

    def test_a_folder_of_python_is_not_shadowed(self):
        self.assertEqual(call("--version", cwd=SOURCE).returncode, 0)


if __name__ == "__main__":
    unittest.main()
