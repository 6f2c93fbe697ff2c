# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittest cases of one file and reports each as TAP: tap.py FILE

Meson then counts and names cases rather than programs."""
import importlib.util
import sys
import unittest
from pathlib import Path


class TapResult(unittest.TestResult):
    """Prints a line per case as it ends; why it failed goes to stderr."""

    def __init__(self):
        super().__init__()
        self.n_cases = 0
        self.broken = False

    def report(self, passed, test, directive=""):
        self.n_cases += 1
        print(f"{'ok' if passed else 'not ok'} {self.n_cases} {test.id().partition('.')[2]}{directive}", flush=True)

    def explain(self, text):
        print(text, file=sys.stderr, flush=True)  # meson shows it if the program fails

    def startTest(self, test):
        super().startTest(test)
        self.broken = False

    def addSuccess(self, test):
        if not self.broken:
            self.report(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.explain(self.failures[-1][1])
        self.report(False, test)

    def addError(self, test, err):
        super().addError(test, err)
        self.explain(self.errors[-1][1])
        self.report(False, test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.report(True, test, f" # SKIP {reason}")


    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.explain("passed though it is declared to fail")
        self.report(False, test)

    def addSubTest(self, test, subtest, err):
        """Of sub-tests only those that fail are reported; the case itself is not reported again."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.broken = True
            self.explain((self.failures if issubclass(err[0], test.failureException) else self.errors)[-1][1])
            self.report(False, subtest)


def load(path):
    """The file as a module, with its folder on the path as for a program."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def main():
    result = TapResult()
    unittest.defaultTestLoader.loadTestsFromModule(load(Path(sys.argv[1]).resolve())).run(result)
    print(f"1..{result.n_cases}")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
