# SPDX-License-Identifier: LGPL-2.1-or-later
"""Verbs, options and exit statuses; what goes to stdout and what to stderr; JSON everywhere."""
import copy
import json
import os
import re
import shutil
import unittest
from pathlib import Path

from harness import SMALL, Case

VERBS = ["run", "validate", "inspect", "graph", "schema", "predict", "circuit", "bench"]


class Usage(Case):
    def test_version_is_a_bare_number(self):
        out, err = self.run_program("--version")
        self.assertRegex(out, r"^\d+\.\d+\.\d+\n$")
        self.assertEqual(err, "")

    def test_help_names_every_verb_on_stdout(self):
        out, err = self.run_program("--help")
        for verb in VERBS:
            self.assertRegex(out, rf"(?m)^  {verb} ")
        self.assertEqual(err, "")

    def test_no_verb_is_a_usage_error_on_stderr(self):
        out, err = self.run_program(status=2)
        self.assertEqual(out, "")
        self.assertIn("usage:", err)

    def test_unknown_verb_suggests_the_nearest(self):
        out, err = self.run_program("vaildate", status=2)
        self.assertEqual(out, "")
        self.assertEqual(err, "qrx: unknown verb `vaildate`; did you mean `validate`?\n")

    def test_every_verb_has_help_json_and_refuses_unknown_options(self):
        for verb in VERBS:
            out, _ = self.run_program(verb, "--help")
            self.assertIn("--json", out, verb)
            out, err = self.run_program(verb, "--jsno", status=2)
            self.assertEqual(out, "")
            self.assertIn("did you mean `--json`?", err, verb)

    def test_missing_and_superfluous_arguments_are_usage_errors(self):
        for arguments in (["run"], ["validate"], ["graph"], ["predict", "model"], ["circuit"], ["bench"]):
            self.assertIn("an argument is missing", self.run_program(*arguments, status=2)[1])
        self.assertIn('"extra" too many', self.run_program("schema", "extra", status=2)[1])

    def test_bad_option_values_are_usage_errors_that_name_them(self):
        name = self.write("small.json", SMALL)
        for option, value, text in (
            ("--seed", "-1", '--seed: found "-1"'),
            ("--seed", "9223372036854775808", "9223372036854775807"),
            ("--seed", "seven", '"seven"'),
            ("--threads", "-2", "--threads: found -2"),
            ("--threads", "many", "many"),
            ("--data", "nowhere", '"nowhere"'),
            ("--output", name, "no folder"),
            ("--output", f"{name}/below", "no folder"),
            ("--set", "encode", "expected"),
        ):
            out, err = self.run_program("run", name, f"{option}={value}", status=2)
            self.assertIn(text, err, option)
            self.assertEqual(out, "")
        self.assertEqual(self.files(), [name])

    def test_override_that_is_not_utf8_is_refused(self):
        name = self.write("small.json", SMALL)
        _, err = self.run_program("validate", name, "--set", b"cohort.seed=\xff", status=2)
        self.assertIn("not UTF-8", err)

    def test_overrides_beyond_ascii_need_no_locale(self):
        name = self.write("small.json", SMALL)
        environment = {**os.environ, "LC_ALL": "C"}
        _, err = self.run_program("validate", name, "--set", "cohort.µ=1", status=2, env=environment)
        self.assertIn('found "µ"', err)

    def refuse(self, *arguments, status=2, most=200):
        """Runs what must fail with one short line on stderr, and gives it without "qrx: " and the line's end."""
        out, err = self.run_program(*arguments, status=status)
        self.assertEqual(out, "", arguments)
        self.assertRegex(err, rf"\Aqrx: [^:\s].{{8,{most}}}\n\Z", arguments)
        self.assertNotIn("(null)", err)
        return err[len("qrx: "):-1]

    def test_empty_arguments_say_what_is_expected(self):
        name = self.write("small.json", SMALL)
        self.write("model.safetensors", "")
        for arguments, expected in (
            (["run", ""], "FILE"),
            (["validate", ""], "FILE"),
            (["graph", ""], "FILE"),
            (["inspect", ""], "[TYPE|FILE]"),
            (["predict", "", name], "MODEL TABLE"),
            (["predict", name, ""], "MODEL TABLE"),
            (["report", ""], "FOLDER|STORE"),
            (["bench", ""], "quantum|train"),
            (["circuit", "draw", ""], "FILE"),
            (["circuit", "stats", ""], "FILE"),
            (["circuit", "run", ""], "CASES"),
            (["circuit", "convert", "", "out.json"], "IN OUT"),
            (["circuit", "convert", name, ""], "IN OUT"),
            (["study", ""], "ACTION …"),
            (["circuit", ""], "ACTION …"),
            (["study", "run", ""], "STUDY"),
            (["study", "validate", ""], "STUDY"),
            (["study", "index", "0", ""], "N STUDY"),
            (["study", "show", ""], "N"),
            (["study", "merge", "", "--store", "all.db"], "STORE…"),
        ):
            said = self.refuse(*arguments)
            verb = " ".join(arguments[:2]).strip() if arguments[0] in ("circuit", "study") else arguments[0]
            self.assertEqual(said, f"{verb}: found an empty argument, expected {expected}; see `qrx {verb} --help`")
        self.assertEqual(self.refuse(""), "found an empty argument, expected a verb; `qrx --help` lists all")
        self.assertEqual(self.files(), ["model.safetensors", name])

    def test_empty_names_in_options_are_refused_before_anything_runs(self):
        name = self.write("small.json", SMALL)
        for arguments in (
            ["run", name, "--output", ""],
            ["run", name, "--data", ""],
            ["graph", name, "-o", ""],
            ["predict", name, name, "--output="],
            ["report", ".", "-o", ""],
            ["circuit", "draw", name, "-o", ""],
            ["study", "run", name, "--store", ""],
            ["study", "index", "0", name, "--store", ""],
            ["study", "list", "--store", ""],
            ["study", "best", "--store", ""],
            ["study", "watch", "--store", ""],
            ["study", "merge", "one.db", "--store", ""],
        ):
            said = self.refuse(*arguments)
            self.assertRegex(said, r"^[a-z ]+: --(output|data|store): found an empty name, expected that of a (file|folder)")
        self.assertEqual(self.files(), [name])

    def test_what_is_no_file_is_told_by_kind(self):
        name = self.write("small.json", SMALL)
        for verb in (["run"], ["validate"], ["graph"], ["circuit", "draw"], ["circuit", "stats"], ["circuit", "run"],
                     ["study", "run"], ["study", "validate"]):
            self.assertIn("nowhere: there is no such file", self.refuse(*verb, "nowhere"))
            self.assertIn("nowhere/below: there is no such file", self.refuse(*verb, "nowhere/below"))
            self.assertIn(f"{name}/below: there is no such file", self.refuse(*verb, f"{name}/below"))
            self.assertIn(".: found a folder, expected a", self.refuse(*verb, "."))
            self.assertIn("/dev/null", self.refuse(*verb, "/dev/null"))
        for verb in (["circuit", "draw"], ["circuit", "stats"], ["circuit", "run"], ["report"], ["study", "run"]):
            self.assertIn("/dev/null: found a device or pipe, expected ", self.refuse(*verb, "/dev/null"))
        self.assertIn("/dev/null: found a device or pipe", self.refuse("predict", "/dev/null", name))
        self.assertIn("/dev/null: found a device or pipe", self.refuse("predict", name, "/dev/null"))
        self.assertEqual(self.refuse("report", "nowhere"), "nowhere: there is no such file or folder")
        self.assertIn(".: found no pipeline.resolved.json in it", self.refuse("report", ".", status=1))

    def test_unknown_words_are_quoted(self):
        self.assertEqual(self.refuse("--nonsense"), "unknown option `--nonsense`; `qrx --help` lists all")
        self.assertEqual(self.refuse("--versoin"), "unknown option `--versoin`; did you mean `--version`?")
        self.assertIn('found "b", expected one format', self.refuse("circuit", "convert", "a", "b"))
        self.assertIn("--seed is -1; expected 0 to ", self.refuse("circuit", "run", "cases.json", "--seed=-1"))

    def test_two_builds_of_a_plugin_are_refused_naming_both(self):
        first = Path(os.environ["QRX_PLUGIN_PATH"].split(":")[0], "libqrx-normalizers.so")
        second = self.folder / "plugins" / "libother.so"
        second.parent.mkdir()
        shutil.copy(first, second)
        said = self.refuse("inspect", "--plugin-path", str(second.parent), status=1, most=800)
        self.assertRegex(said, rf"^the plugin {first} declares the type Qrx\w+, which {second} has declared already")

    def test_output_that_cannot_be_written_fails(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            process = self.start("schema", stdout=full)
            _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("cannot be written", err)


class Validate(Case):
    def test_valid_file_says_so_on_stdout(self):
        name = self.write("small.json", SMALL)
        out, err = self.run_program("validate", name)
        self.assertEqual(out, f"{name} is valid: {len(SMALL['nodes'])} nodes\n")
        self.assertEqual(err, "")
        self.assertEqual(json.loads(self.run_program("validate", "--json", name)[0]), {"valid": True, "diagnostics": []})

    def test_all_faults_are_told_in_one_go_with_places(self):
        broken = copy.deepcopy(SMALL)
        broken["nodes"]["normalize"]["type"] = "moderated-tnh"
        broken["nodes"]["fit"]["epochs"] = 0
        broken["nodes"]["head"]["widht"] = 1
        name = self.write("broken.json", json.dumps(broken, indent=2))
        out, err = self.run_program("validate", name, status=2)
        self.assertEqual(out, "")
        self.assertGreaterEqual(len(re.findall(rf"(?m)^qrx: {name}:\d+:\d+: ", err)), 3, err)
        for text in ("moderated-tnh", "moderated-tanh", "widht", "epochs"):
            self.assertIn(text, err)
        out, _ = self.run_program("validate", "--json", name, status=2)
        result = json.loads(out)
        self.assertIs(result["valid"], False)
        self.assertIn("/nodes/fit/epochs", [fault["pointer"] for fault in result["diagnostics"]])
        self.assertIn("moderated-tanh", [fault["suggestion"] for fault in result["diagnostics"]])

    def test_encoder_wired_straight_into_a_circuit_is_refused_with_both_types(self):
        broken = copy.deepcopy(SMALL)
        broken["nodes"]["quantum"]["from"] = "encode"
        _, err = self.run_program("validate", self.write("wired.json", broken), status=2)
        for text in ("encode.out", "activation[B, 3]", "quantum.in", "angle[B, "):
            self.assertIn(text, err)

    def test_missing_file_is_an_invalid_pipeline_in_every_verb(self):
        for verb in ("run", "validate", "graph"):
            out, err = self.run_program(verb, "none.json", status=2)
            self.assertIn("none.json", err)
            self.assertEqual(out, "")
        fault = json.loads(self.run_program("validate", "none.json", "--json", status=2)[0])["diagnostics"][0]
        self.assertEqual(fault["file"], "none.json")


class Inspect(Case):
    def test_list_has_every_type_and_preset_of_its_json(self):
        out, err = self.run_program("inspect")
        types = json.loads(self.run_program("inspect", "--json")[0])["types"]
        self.assertEqual(err, "")
        names = [type_["name"] for type_ in types]
        self.assertIn("quantum-layer", names)
        for name in names + [preset["name"] for type_ in types for preset in type_["presets"]]:
            self.assertRegex(out, rf"(?m)^ +{re.escape(name)}  ")

    def test_every_type_is_described_in_both_forms(self):
        for type_ in json.loads(self.run_program("inspect", "--json")[0])["types"]:
            out, err = self.run_program("inspect", type_["name"])
            self.assertTrue(out.startswith(f"{type_['name']} ({type_['category']})\n"), out)
            self.assertEqual(err, "")
            for property_ in type_["properties"]:
                self.assertRegex(out, rf"(?m)^  {re.escape(property_['name'])}  +\S")
            described = json.loads(self.run_program("inspect", "--json", type_["name"])[0])
            self.assertEqual({key: described[key] for key in type_}, type_)

    def test_preset_names_its_type(self):
        out, _ = self.run_program("inspect", "sigmoid-pi")
        self.assertTrue(out.startswith("sigmoid-pi, a preset of moderated-tanh ("), out)

    def test_layouts_are_told_where_a_type_has_them(self):
        described = json.loads(self.run_program("inspect", "quantum-layer", "--json")[0])
        layouts = {layout["name"] for layout in described["layouts"]}
        self.assertLessEqual({"strongly-entangling", "product"}, layouts)
        self.assertIn("\nLayouts\n", self.run_program("inspect", "quantum-layer")[0])

    def test_unknown_type_suggests_the_nearest(self):
        out, err = self.run_program("inspect", "sigmod-pi", status=2)
        self.assertEqual(out, "")
        self.assertIn('did you mean "sigmoid-pi"?', err)

    def test_file_shows_nodes_links_shapes_and_defaults(self):
        name = self.write("small.json", SMALL)
        out, _ = self.run_program("inspect", name, "--set", "normalize.a=5")
        self.assertIn("encode.out -> in  flow:activation[B, 3]", out)
        self.assertRegex(out, r"(?m)^    a +5\.0$")
        described = json.loads(self.run_program("inspect", name, "--json")[0])
        self.assertEqual({node["id"] for node in described["nodes"]}, set(SMALL["nodes"]))
        self.assertIn({"from": "encode", "from-port": "out", "to": "normalize", "to-port": "in",
                       "type": "flow:activation[B, 3]"}, described["links"])


class Graph(Case):
    def test_dot_carries_types_and_shapes(self):
        out, err = self.run_program("graph", self.write("small.json", SMALL))
        self.assertTrue(out.startswith("digraph "))
        self.assertIn("angle[B, 3]", out)
        self.assertEqual(err, "")

    def test_dot_file_is_written_without_graphviz(self):
        name = self.write("small.json", SMALL)
        out, _ = self.run_program("graph", name, "-o", "drawn.dot")
        self.assertEqual(out, "")
        self.assertTrue(self.read("drawn.dot").startswith(b"digraph "))

    def test_json_has_every_node_and_link(self):
        out, _ = self.run_program("graph", "--json", self.write("small.json", SMALL))
        graph = json.loads(out)
        self.assertEqual(len(graph["nodes"]), len(SMALL["nodes"]))
        self.assertEqual(len(graph["links"]), sum("from" in node for node in SMALL["nodes"].values()))


class Schema(Case):
    def test_schema_is_json_that_knows_the_types(self):
        out, _ = self.run_program("schema")
        self.assertIn("$schema", json.loads(out))
        self.assertIn("moderated-tanh", out)
        self.assertEqual(self.run_program("schema", "--json")[0], out)


if __name__ == "__main__":
    unittest.main()
