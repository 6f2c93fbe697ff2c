# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of pages share: the program, and one browser for all tests of a class."""
import csv
import io
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from browser import Browser

PROGRAM = os.environ["QRX_PROGRAM"]
CHROMIUM = shutil.which("chromium")


def run(*arguments, status=0):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
    if done.returncode != status:
        raise AssertionError(f"qrx {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def table(text):
    """A file's rows as dictionaries."""
    return list(csv.DictReader(io.StringIO(text)))


def start_browser():
    """A browser whose pages can be asked what page.js knows."""
    browser = Browser(CHROMIUM)
    browser.call("Page.addScriptToEvaluateOnNewDocument",
                 source=Path(__file__).with_name("page.js").read_text(encoding="utf-8"))
    return browser


class PageCase(unittest.TestCase):
    """A class's make_pages() writes pages into its folder, once."""

    @classmethod
    def setUpClass(cls):
        if CHROMIUM is None:
            raise unittest.SkipTest("chromium is not installed")
        cls.scratch = tempfile.TemporaryDirectory(prefix="qrx-report-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        cls.make_pages()
        cls.browser = start_browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, name):
        self.browser.open((self.folder / f"{name}.html").as_uri())
        self.assertEqual(self.browser.complaints(), [])

    def file_of(self, name):
        return table(self.browser.evaluate(f"fileOf({name!r})"))
