# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the lints share: the project's sources, and trees with one planted fault.

A rule is a function of a root folder that returns complaints. Each rule is run on the project, where it has none, and on
a planted tree, where it has one: a rule that cannot fail protects nothing."""
import functools
import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "bindings", "cli", "docs", "include", "lib", "pipelines", "plugins", "scripts", "tests", "workflows")
CODE = {".c", ".h", ".py", ".js", ".sh", ".build", ".txt", ".smk", ".cwl", ".toml"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(<[^>]+>|"[^"]+")', re.MULTILINE)


def files(root):
    """Every file of the project that people write, in order."""
    found = [path for path in root.glob("*") if path.is_file() and path.name == "meson.build"]
    for folder in FOLDERS:
        found += [path for path in (root / folder).rglob("*") if path.is_file()]
    hidden = {"__pycache__", "corpus"}
    return sorted(path for path in found
                  if not hidden & set(path.relative_to(root).parts) and not path.name.startswith("."))


def is_script(path):
    return path.suffix == "" and path.read_bytes().startswith(b"#!")


def kind(path):
    """The suffix, of a template the one of what is made from it."""
    return path.with_suffix("").suffix if path.suffix == ".in" else path.suffix


def sources(root, suffixes=None):
    """Files of code; without suffixes, scripts that have none too."""
    for path in files(root):
        if kind(path) in (CODE if suffixes is None else suffixes) or (suffixes is None and is_script(path)):
            yield path


@functools.cache
def read_lines(path):
    return path.read_text(encoding="utf-8").split("\n")


def lines(root, suffixes=None):
    """Every line of code, with its place as FILE:LINE."""
    for path in sources(root, suffixes):
        for number, line in enumerate(read_lines(path), 1):
            yield f"{path.relative_to(root)}:{number}", line


def includes(path):
    """What a C file includes, with brackets or quotes."""
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


class LintCase(unittest.TestCase):
    """A rule on the project, and on planted faults."""

    maxDiff = None

    def holds(self, rule):
        complaints = rule(ROOT)
        self.assertEqual(complaints, [], "\n" + "\n".join(complaints))

    def finds(self, rule, tree, *parts):
        """The rule has one complaint about a tree of file names and texts, and it says every part."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            complaints = rule(Path(folder))
        self.assertEqual(len(complaints), 1, complaints)
        for part in parts:
            self.assertIn(part, complaints[0])

    def ignores(self, rule, tree):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.assertEqual(rule(Path(folder)), [])
