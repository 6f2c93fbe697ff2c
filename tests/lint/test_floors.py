# SPDX-License-Identifier: LGPL-2.1-or-later
"""The floors of lib/: each includes only itself and those below, and what stands on the house sees its doors only."""
import shutil
import tempfile
import unittest
from pathlib import Path

from lint import ROOT, LintCase, includes

FLOORS = ["base", "numerics", "quantum", "graph", "learning", "runner", "study"]
# Libraries that one floor alone may talk to.
ONE_FLOOR = {"cblas.h": "numerics", "lapacke.h": "numerics", "Random123/": "numerics", "zlib.h": "base", "sqlite3.h": "study"}
# What plugins and the program may include from outside; a prefix of the bracketed name.
OUTSIDE = ("qrx/", "glib", "gio/", "gmodule", "json-glib/", "assert.h", "complex.h", "errno.h", "float.h", "limits.h", "locale.h",
           "libsoup/", "math.h", "signal.h", "stdio.h", "stdlib.h", "string.h", "sys/", "time.h", "unistd.h")


def floors_by_header(root):
    """The floor of each public header: where the .c file of its name lives."""
    homes = {path.stem: path.relative_to(root / "lib").parts[0] for path in (root / "lib").rglob("*.c")}
    return {path.name: homes.get(path.stem) for path in (root / "include/qrx").glob("*.h")}


def check_reach(place, floor, name, headers, root):
    """A complaint about one include of a file on a floor, or None."""
    if name.startswith('"'):
        target = name.strip('"').split("/")[0]
        if target not in FLOORS or not (root / "lib" / name.strip('"')).is_file():
            return f"{place} includes {name}, which is not lib/FLOOR/…"
    elif name.startswith("<qrx/"):
        header = name[len("<qrx/"):-1]
        if header == "qrx-macros.h":
            return None
        target = headers.get(header)
        if target is None:
            return f"{place} includes {name}, which no floor has the .c file of"
    else:
        for library, owner in ONE_FLOOR.items():
            if name[1:].startswith(library) and floor != owner:
                return f"{place} includes {name}, which only lib/{owner} may"
        return None
    if FLOORS.index(target) > FLOORS.index(floor):
        return f"{place} is on floor {floor} and includes {name} of the higher floor {target}"
    return None


def upward_includes(root):
    headers = floors_by_header(root)
    found = []
    for path in sorted((root / "lib").rglob("*.[ch]")):
        place, floor = path.relative_to(root), path.relative_to(root / "lib").parts[0]
        found += [check_reach(place, floor, name, headers, root) for name in includes(path)]
    for path in sorted((root / "include/qrx").glob("*.h")):
        floor = headers[path.name]
        if floor is not None:
            found += [check_reach(path.relative_to(root), floor, name, headers, root) for name in includes(path)]
        elif path.name not in ("qrx.h", "qrx-macros.h"):
            found.append(f"{path.relative_to(root)} has no .c file of its name on any floor")
    return [complaint for complaint in found if complaint is not None]


def private_includes(root):
    """Plugins and the program that look behind the public headers, or into another plugin."""
    found = []
    for top in ("plugins", "cli"):
        for path in sorted((root / top).rglob("*.[ch]")):
            own = path.relative_to(root / top).parts[0]
            for name in includes(path):
                bare = name[1:-1]
                if name.startswith("<"):
                    allowed = bare.startswith(OUTSIDE)
                else:  # beside it, or named from the top by its own folder or by the one that plugins share
                    allowed = (path.parent / bare).is_file() or (
                        bare.split("/")[0] in (own, "support") and (root / top / bare).is_file())
                if not allowed:
                    found.append(f"{path.relative_to(root)} includes {name}: only public headers and its own folder")
    return found


class Floors(LintCase):
    def test_a_floor_includes_only_itself_and_those_below(self):
        self.holds(upward_includes)

    def test_plugins_and_program_see_public_headers_only(self):
        self.holds(private_includes)

    def plant(self, name, line):
        """What is complained of in a copy of the project with one more line in one file, and not in the project."""
        known = upward_includes(ROOT) + private_includes(ROOT)
        with tempfile.TemporaryDirectory() as folder:
            for top in ("lib", "include", "plugins", "cli"):
                shutil.copytree(ROOT / top, Path(folder) / top)
            path = Path(folder) / name
            path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
            found = upward_includes(Path(folder)) + private_includes(Path(folder))
        return [complaint for complaint in found if complaint not in known]

    def test_a_planted_upward_private_include_is_found(self):
        found = self.plant("lib/base/qrx-tensor.c", '#include "graph/qrx-port-private.h"')
        self.assertEqual(found, ['lib/base/qrx-tensor.c is on floor base and includes "graph/qrx-port-private.h" of the '
                                 "higher floor graph"])

    def test_a_planted_upward_public_include_is_found(self):
        found = self.plant("lib/quantum/qrx-circuit.c", "#include <qrx/qrx-runner.h>")
        self.assertEqual(found, ["lib/quantum/qrx-circuit.c is on floor quantum and includes <qrx/qrx-runner.h> of the "
                                 "higher floor runner"])

    def test_a_planted_upward_include_of_a_public_header_is_found(self):
        found = self.plant("include/qrx/qrx-tensor.h", "#include <qrx/qrx-node.h>")
        self.assertEqual(len(found), 1, found)

    def test_blas_outside_of_its_floor_is_found(self):
        self.assertEqual(len(self.plant("lib/learning/qrx-fit.c", "#include <cblas.h>")), 1)

    def test_a_plugin_that_looks_behind_the_doors_is_found(self):
        self.assertEqual(len(self.plant("plugins/training/trainer.c", '#include "learning/qrx-fit-private.h"')), 1)
        self.assertEqual(len(self.plant("plugins/training/trainer.c", '#include "data/report.h"')), 1)


if __name__ == "__main__":
    unittest.main()
