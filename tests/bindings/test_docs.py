# SPDX-License-Identifier: LGPL-2.1-or-later
"""What docs/scripting.md shows works: its pieces of code run one after another, as a reader would run them."""
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import unittest

from cases import SOURCE, folder

GUIDE = os.path.join(SOURCE, "docs", "scripting.md")
INSTALLED = "file:///usr/local/share/qrx-1.0/gjs/qrx.js"


def pieces(language):
    """The fenced blocks of a language, each with the line that it begins at."""
    with open(GUIDE, encoding="utf-8") as file:
        text = file.read()
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, match.start(1)) + 1, match.group(1)) for match in found]


def copied():
    """What the guide has its reader copy, from the top of the tree."""
    with open(GUIDE, encoding="utf-8") as file:
        line = re.search(r"^    cp (.*?)(?<!\\)$", file.read(), re.MULTILINE | re.DOTALL).group(1)
    return line.replace("\\\n", " ").split()[:-1]


class Guide(unittest.TestCase):
    def setUp(self):
        """A folder with the files that the guide speaks of."""
        self.where = folder(self)
        for name in copied():
            shutil.copy(os.path.join(SOURCE, name), self.where)

    def test_python(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.where)
        scope = {"__name__": "guide"}
        for line, code in pieces("python"):
            with self.subTest(line=line), contextlib.redirect_stdout(io.StringIO()):
                # As many empty lines before it as in the guide, so that a traceback names its line.
                exec(compile("\n" * (line - 1) + code, GUIDE, "exec"), scope)
        self.assertGreaterEqual(len(pieces("python")), 10)
        self.assertTrue(scope["cancellable"].is_cancelled())
        self.assertEqual(set(scope["young"].index), set(scope["again"].get_ids()))

    def test_shell(self):
        environment = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"}
        for line, code in pieces("sh"):
            with self.subTest(line=line):
                done = subprocess.run(
                    ["bash", "-e", "-c", code], cwd=self.where, env=environment, capture_output=True, text=True, check=False
                )
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.where, "results", "metrics.json")))

    @unittest.skipUnless(shutil.which("gjs"), "needs gjs")
    def test_javascript(self):
        module = "".join(code for _, code in pieces("js"))
        self.assertEqual(module.count(INSTALLED), 1)
        path = os.path.join(self.where, "guide.js")
        with open(path, "w", encoding="utf-8") as file:
            file.write(module.replace(INSTALLED, f"file://{SOURCE}/bindings/gjs/qrx.js") + "print('done');\n")
        done = subprocess.run(["gjs", "-m", path], cwd=self.where, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.endswith("pipeline epochs\n50\n1,2,3,4\ndone\n"), done.stdout)

    def test_the_examples_are_those_of_the_guide(self):
        with open(GUIDE, encoding="utf-8") as file:
            text = file.read()
        for name in ("my_nodes.py", "my-nodes.js"):
            self.assertIn(f"(examples/{name})", text)


if __name__ == "__main__":
    unittest.main()
