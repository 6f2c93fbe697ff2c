# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tells of the program beside itself: the manual and the completion of bash know what it knows."""
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from harness import PROGRAM, Case

VERBS = ["run", "validate", "inspect", "graph", "schema", "predict", "report", "circuit", "study", "bench"]


class Manual(Case):
    def setUp(self):
        super().setUp()
        self.path = Path(os.environ["QRX_MANUAL"])

    def actions(self, verb):
        """What a verb can do, as its help lists it; none where that is one thing."""
        out, _ = self.run_program(verb, "--help")
        return re.findall(r"(?m)^  ([a-z]+) ", out.partition("\nActions:\n")[2])

    def sections(self):
        """The manual's text by verb or action; several may share one, as "quantum|train" do."""
        text = self.path.read_text(encoding="utf-8").replace("\\-", "-")
        text, common = text.split(".SH COMMON OPTIONS")
        found = {}
        for section in text.split("\n.SS qrx ")[1:]:
            head, _, body = section.partition("\n")
            words = [word for word in re.split(r"[ |]", head) if re.fullmatch("[a-z]+", word)]
            found[" ".join(words[:2]) if words[0] in ("circuit", "study") else words[0]] = head + body
        return found, common.partition("\n.SH ")[0]

    def test_every_action_and_its_options_are_in_the_manual(self):
        sections, common = self.sections()
        self.assertIn("watch", self.actions("study"))
        self.assertIn("draw", self.actions("circuit"))
        names = [f"{verb} {action}" for verb in ("study", "circuit") for action in self.actions(verb)]
        self.assertEqual({name for name in sections if " " in name}, set(names))
        for name in [*names, "run", "validate", "inspect", "graph", "predict", "report"]:
            out, _ = self.run_program(*name.split(), "--help")
            for option in set(re.findall(r"--[a-z][a-z-]*", out)):
                if option not in common:
                    self.assertRegex(sections[name], rf"{option}(?![a-z-])", name)

    def test_the_programs_own_help_names_every_action(self):
        out, _ = self.run_program("--help")
        for verb in ("study", "circuit"):
            self.assertIn(": " + ", ".join(self.actions(verb)) + "\n", out)

    def test_every_verb_and_option_is_in_the_manual(self):
        text = self.path.read_text(encoding="utf-8").replace("\\-", "-")
        for verb in VERBS:
            out, _ = self.run_program(verb, "--help")
            self.assertRegex(text, rf"(?m)^\.SS qrx {verb}\b")
            for option in re.findall(r"--[a-z][a-z-]*", out):
                self.assertRegex(text, rf"{option}(?![a-z-])", verb)

    def test_manual_has_the_programs_version(self):
        self.assertIn(f"Qrx {self.run_program('--version')[0].strip()}", self.path.read_text(encoding="utf-8"))

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_manual_is_set_without_warnings(self):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-wall", self.path], capture_output=True, check=True)
        self.assertEqual(done.stderr.decode(), "")


class Completion(Case):
    def complete(self, *words):
        script = (f'source "$1"; COMP_WORDS=("{PROGRAM}" "${{@:2}}"); COMP_CWORD=$(($# - 1)); _qrx; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", os.environ["QRX_COMPLETION"], *words], capture_output=True,
                              encoding="utf-8", check=True)
        return done.stdout.split()

    def test_verbs(self):
        self.assertEqual(set(self.complete("")), {*VERBS, "--help", "--version"})
        self.assertEqual(self.complete("va"), ["validate"])

    def test_actions(self):
        self.assertEqual(set(self.complete("circuit", "")), {"run", "draw", "stats", "convert"})
        self.assertEqual(self.complete("study", "wa"), ["watch"])

    def test_options_of_a_verb(self):
        self.assertEqual(set(self.complete("run", "--se")), {"--set=", "--seed="})
        self.assertEqual(self.complete("predict", "--id"), ["--id-column="])

    def test_types_and_presets(self):
        self.assertEqual(self.complete("inspect", "moderated"), ["moderated-tanh"])
        self.assertIn("sigmoid-two-pi", self.complete("inspect", "sigmoid"))


if __name__ == "__main__":
    unittest.main()
