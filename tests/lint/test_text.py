# SPDX-License-Identifier: LGPL-2.1-or-later
"""How sources look, line by line, and words that they do without."""
import re
import unittest

from lint import LintCase, lines, sources

WIDTH = 130
# Three X are a Pauli string too.
UNFINISHED = re.compile(r"\b(TODO|FIXME|HACK|XXX(?=:)|(?<=/\* )XXX|(?<=# )XXX)\b")
# Running out of memory ends the process as it does in GLib, and only that.
ENDING = re.compile(r'\b(_?exit|abort|g_abort|g_error) \((?!"out of memory)')
COMMENT = re.compile(r"/\*.*?\*/")


def blanks(root):
    """Tabs and blanks at the end of a line."""
    return [f"{place} has a tab" for place, line in lines(root) if "\t" in line] + [
        f"{place} ends with a blank" for place, line in lines(root) if line != line.rstrip()]


def last_lines(root):
    return [f"{path.relative_to(root)} does not end with one newline" for path in sources(root)
            if not re.fullmatch(r"(.*[^\n])?\n", path.read_text(encoding="utf-8"), re.DOTALL)]


def long_lines(root):
    return [f"{place} has {len(line)} characters, more than {WIDTH}" for place, line in lines(root) if len(line) > WIDTH]


def unfinished_work(root):
    return [f"{place} has the word {match.group(1)}" for place, line in lines(root)
            if (match := UNFINISHED.search(line)) and not place.startswith("tests/lint/test_text.py:")]


def ends_of_the_process(root):
    """Calls by which a library or plugin would end its user's process."""
    return [f"{place} calls {match.group(1)} ()" for place, line in lines(root, {".c", ".h"})
            if place.startswith(("lib/", "plugins/")) and (match := ENDING.search(COMMENT.sub("", line)))]


class Text(LintCase):
    def test_no_tabs_and_no_blanks_at_the_end_of_a_line(self):
        self.holds(blanks)
        self.finds(blanks, {"lib/base/a.c": "int a;\n\tint b;\n"}, "lib/base/a.c:2", "tab")
        self.finds(blanks, {"scripts/a": "#!/bin/sh\ntrue \n"}, "scripts/a:2", "blank")

    def test_files_end_with_one_newline(self):
        self.holds(last_lines)
        self.finds(last_lines, {"lib/base/a.c": "int a;"}, "lib/base/a.c")
        self.finds(last_lines, {"lib/base/a.c": "int a;\n\n"}, "lib/base/a.c")

    def test_lines_are_not_too_long(self):
        self.holds(long_lines)
        self.finds(long_lines, {"cli/a.c": "\n" + "x" * (WIDTH + 1) + "\n"}, "cli/a.c:2", str(WIDTH + 1))

    def test_nothing_is_left_for_later(self):
        self.holds(unfinished_work)
        self.finds(unfinished_work, {"bindings/a.py": "# TODO: the rest\n"}, "bindings/a.py:1")

    def test_no_library_code_ends_the_process(self):
        self.holds(ends_of_the_process)
        self.finds(ends_of_the_process, {"plugins/data/a.c": "  exit (1);\n"}, "plugins/data/a.c:1", "exit")
        self.finds(ends_of_the_process, {"lib/base/a.c": '  g_error ("bad file");\n'}, "g_error")
        self.ignores(ends_of_the_process, {"lib/base/a.c": '  g_error ("out of memory for a"); /* never abort () */\n',
                                           "tests/unit/a.c": "  abort ();\n"})


if __name__ == "__main__":
    unittest.main()
