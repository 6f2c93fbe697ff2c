# SPDX-License-Identifier: LGPL-2.1-or-later
"""The documentation can be built: no link in it leads nowhere, and every page and every type of the library is there."""
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs").glob("*.md"))
CORE = "{http://www.gtk.org/introspection/core/1.0}"


def run(*words):
    """Runs a command that has nothing to say."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words[0]} says:\n{done.stdout}{done.stderr}"


class Documentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        pages, gir = f"{cls.folder.name}/pages", os.environ["QRX_GIR"]
        run(sys.executable, os.environ["QRX_PAGE_MAKER"], pages, os.environ["QRX_PROGRAM"], os.environ["QRX_PLUGIN_PATH"],
            *map(str, PAGES))
        run(os.environ["QRX_GIDOCGEN"], "generate", "--quiet", "--fatal-warnings", "--add-include-path", str(Path(gir).parent),
            "--config", os.environ["QRX_DOCS_CONFIG"], "--content-dir", pages, "--output-dir", f"{cls.folder.name}/out", gir)
        cls.built = {path.name for path in Path(cls.folder.name, "out").rglob("*.html")}

    def test_every_page_is_built(self):
        self.assertGreater(len(PAGES), 5)
        for page in ["nodes", *(path.stem for path in PAGES)]:
            self.assertIn(f"{page}.html", self.built)
        for picture in Path(PAGES[0]).parent.glob("*.png"):
            self.assertEqual(len(list(Path(self.folder.name, "out").rglob(picture.name))), 1, picture.name)

    def test_every_class_is_built(self):
        classes = xml.etree.ElementTree.parse(os.environ["QRX_GIR"]).findall(f".//{CORE}class")
        self.assertGreater(len(classes), 10)
        for each in classes:
            self.assertIn(f"class.{each.get('name')}.html", self.built)


if __name__ == "__main__":
    unittest.main()
