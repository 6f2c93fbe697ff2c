# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shell scripts parse, satisfy shellcheck, stop at the first failure and can be run."""
import os
import re
import shutil
import subprocess
import unittest

from lint import ROOT, LintCase, files


def shell_scripts(root):
    return [path for path in files(root)
            if path.suffix == ".sh" or re.match(rb"#!/(usr/bin/env bash|bin/bash|bin/sh)\n", path.read_bytes())]


def loose_scripts(root):
    """Scripts that go on after a failure, or are no programs."""
    found = []
    for path in shell_scripts(root):
        text = path.read_text(encoding="utf-8")
        if "set -euo pipefail" not in text and "/common.sh" not in text:
            found.append(f"{path.relative_to(root)} does not set -euo pipefail")
        if text.startswith("#!") and path.suffix == "" and root == ROOT and not os.access(path, os.X_OK):
            found.append(f"{path.relative_to(root)} is not executable")
    return found


class Scripts(LintCase):
    def test_scripts_stop_at_the_first_failure(self):
        self.holds(loose_scripts)
        self.finds(loose_scripts, {"scripts/a": "#!/usr/bin/env bash\nfalse\n"}, "scripts/a")

    def test_scripts_parse(self):
        for path in shell_scripts(ROOT):
            with self.subTest(path.name):
                done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_scripts_satisfy_shellcheck(self):
        done = subprocess.run(["shellcheck", *shell_scripts(ROOT)], capture_output=True, text=True, check=False, cwd=ROOT)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
