# SPDX-License-Identifier: LGPL-2.1-or-later
"""Documents point to files that exist, and name no file that does not."""
import re
import unittest

from lint import FOLDERS, LintCase, files

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# A path from the top, in backquotes, without a pattern in it; `some-…` stands for any name.
NAMED = re.compile(r"`((?:%s)/[\w./+-]+)`" % "|".join(re.escape(folder) for folder in FOLDERS))
# Made by builds, not kept.
MADE = ("docs/nodes.md",)


def documents(root):
    return [path for path in [*files(root), *root.glob("*.md")] if path.suffix == ".md"]


def dead_links(root):
    return [f"{path.relative_to(root)} links to {target}, which is not there" for path in documents(root)
            for target in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / target).exists()]


def wrong_names(root):
    found = []
    for path in documents(root):
        for name in sorted(set(NAMED.findall(path.read_text(encoding="utf-8")))):
            if name not in MADE and "/some-" not in name and not (root / name).exists():
                found.append(f"{path.relative_to(root)} names {name}, which is not there")
    return found


class Documents(LintCase):
    def test_links_lead_somewhere(self):
        self.holds(dead_links)
        self.finds(dead_links, {"docs/a.md": "[b](b.md) and [the web](https://example.org)\n"}, "docs/a.md", "b.md")

    def test_files_that_are_named_exist(self):
        self.holds(wrong_names)
        self.finds(wrong_names, {"README.md": "see `lib/base/qrx-a.c`, `lib/FLOOR/…`\n"}, "README.md", "lib/base/qrx-a.c")


if __name__ == "__main__":
    unittest.main()
