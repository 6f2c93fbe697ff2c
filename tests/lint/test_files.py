# SPDX-License-Identifier: LGPL-2.1-or-later
"""How files and functions are cut, and that none is forgotten: licenses, headers, sources and tests in their lists."""
import ast
import re
import unittest

from lint import LintCase, lines, sources

LICENSE = "SPDX-License-Identifier: LGPL-2.1-or-later"
FILE_LINES = 420
FUNCTION_LINES = 80


def licenses(root):
    """Files whose first line, after #! in scripts, does not name the license."""
    found = []
    for path in sources(root):
        head = path.read_text(encoding="utf-8").split("\n")
        first = head[1] if head[0].startswith("#!") and len(head) > 1 else head[0]
        if LICENSE not in first:
            found.append(f"{path.relative_to(root)} does not begin with {LICENSE}")
    return found


def openings(root):
    """Sources that do not say why they exist in a comment below the license; a test's cases say it by their names."""
    return [f"{path.relative_to(root)} does not open with a comment on why it exists" for path in sources(root, {".c"})
            if not path.is_relative_to(root / "tests") and not re.match(r"[^\n]*\n(/\*|//)", path.read_text(encoding="utf-8"))]


def long_files(root):
    found = []
    for path in sources(root, {".c", ".h", ".py", ".js", ".sh"}):
        count = len(path.read_text(encoding="utf-8").split("\n")) - 1
        if count > FILE_LINES:
            found.append(f"{path.relative_to(root)} has {count} lines, more than {FILE_LINES}")
    return found


def c_functions(text):
    """Names and lengths of a C file's functions: a body stands between braces at the start of a line."""
    start, head = None, []
    for number, line in enumerate(text.split("\n"), 1):
        if line == "{" and start is None:
            start = number
        elif line.startswith("}") and start is not None:
            name = re.findall(r"(\w+)\s*\(", "\n".join(head))
            yield (name[0] if name else "?"), number - start + 1
            start, head = None, []
        elif start is None:
            head = [*head, line] if line and not line.startswith((" *", "/*", "#")) else []


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.end_lineno - node.lineno + 1


def long_functions(root):
    found = []
    for suffix, functions in ((".c", c_functions), (".h", c_functions), (".py", python_functions)):
        for path in sources(root, {suffix}):
            found += [f"{path.relative_to(root)}: {name} has {length} lines, more than {FUNCTION_LINES}"
                      for name, length in functions(path.read_text(encoding="utf-8")) if length > FUNCTION_LINES]
    return found


def unlisted_headers(root):
    """Public headers that are not installed, or not in qrx.h."""
    folder = root / "include/qrx"
    names = sorted(path.name for path in folder.glob("*.h"))
    installed = (folder / "meson.build").read_text(encoding="utf-8") if names else ""
    umbrella = (folder / "qrx.h").read_text(encoding="utf-8") if names else ""
    return [f"include/qrx/{name} is not installed" for name in names if f"'{name}'" not in installed] + [
        f"include/qrx/{name} is not in qrx.h" for name in names if name != "qrx.h" and f"<qrx/{name}>" not in umbrella]


def is_built(path, root):
    """Whether a meson.build in the file's folder or above names it: as itself, by its path, or by a part of its stem."""
    stem = re.split(r"[-_]", path.stem)
    names = {path.name, path.stem, *("-".join(stem[i:]) for i in range(1, len(stem)))}
    for folder in [path.parent, *path.parent.parents]:
        listing = folder / "meson.build"
        if listing.is_file():
            text = listing.read_text(encoding="utf-8")
            if any(f"'{name}'" in text for name in {*names, str(path.relative_to(folder))}):
                return True
        if folder == root:
            return False
    return False


def forgotten_sources(root):
    """C files that no meson.build compiles and no C file includes, and tests that none runs."""
    included = "".join(text for _, text in lines(root, {".c", ".h"}) if "#include" in text)
    found = []
    for path in sources(root, {".c", ".py", ".js", ".sh"}):
        place = path.relative_to(root)
        is_test = place.parts[0] == "tests" and re.match(r"test[-_]", path.name)
        if (path.suffix == ".c" or is_test) and f'{path.name}"' not in included and not is_built(path, root):
            found.append(f"{place} is in no meson.build")
    return found


class Files(LintCase):
    def test_sources_begin_with_their_license(self):
        self.holds(licenses)
        self.finds(licenses, {"lib/base/a.c": "int a;\n"}, "lib/base/a.c")
        self.ignores(licenses, {"scripts/a": f"#!/bin/sh\n# {LICENSE}\n"})

    def test_c_files_open_with_a_comment(self):
        self.holds(openings)
        self.finds(openings, {"lib/base/a.c": f"/* {LICENSE} */\n#include <a.h>\n"}, "lib/base/a.c")

    def test_files_are_not_too_long(self):
        self.holds(long_files)
        self.finds(long_files, {"lib/base/a.c": "\n" * (FILE_LINES + 1)}, "lib/base/a.c", str(FILE_LINES + 1))

    def test_functions_are_not_too_long(self):
        self.holds(long_functions)
        self.finds(long_functions, {"lib/base/a.c": "static int\nlong_one (int a)\n{\n" + "\n" * FUNCTION_LINES + "}\n"},
                   "lib/base/a.c: long_one has")
        self.finds(long_functions, {"bindings/a.py": "def long_one():\n" + "    a = 1\n" * FUNCTION_LINES},
                   "bindings/a.py: long_one has")

    def test_public_headers_are_installed_and_in_the_umbrella(self):
        self.holds(unlisted_headers)
        tree = {"include/qrx/qrx.h": "#include <qrx/qrx-a.h>\n", "include/qrx/qrx-a.h": "",
                "include/qrx/meson.build": "'qrx.h'\n'qrx-a.h'"}
        self.ignores(unlisted_headers, tree)
        self.finds(unlisted_headers, {**tree, "include/qrx/qrx.h": ""}, "not in qrx.h")
        self.finds(unlisted_headers, {**tree, "include/qrx/meson.build": "'qrx.h'"}, "not installed")

    def test_every_source_is_built_and_every_test_runs(self):
        self.holds(forgotten_sources)
        tree = {"tests/unit/meson.build": "unit_tests = ['a', 'long-name']\n", "tests/unit/test-a.c": "",
                "tests/unit/test-long-name.c": ""}
        self.ignores(forgotten_sources, tree)
        self.finds(forgotten_sources, {**tree, "tests/unit/test-b.c": ""}, "tests/unit/test-b.c")
        self.finds(forgotten_sources, {**tree, "tests/bindings/test_b.py": ""}, "tests/bindings/test_b.py")
        self.finds(forgotten_sources, {**tree, "lib/base/qrx-b.c": ""}, "lib/base/qrx-b.c")


if __name__ == "__main__":
    unittest.main()
