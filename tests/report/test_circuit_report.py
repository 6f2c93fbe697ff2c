# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a report says of circuits is what their diagnostic nodes say, run by themselves."""
import json
import unittest

from page_case import PageCase, run

MOST = 12
WHOLE = {"qubits": 2, "ops": [{"gate": "ry", "wires": [0], "params": [{"input": 0}]},
                              {"gate": "ry", "wires": [1], "params": [{"input": 1}]},
                              {"gate": "cx", "wires": [0, 1]},
                              {"gate": "ry", "wires": [1], "params": [{"weight": 0}]}],
         "observables": ["ZI", "IZ"]}
# An input with two scales whose ratio is no fraction: the circuit has no period in it, and no Fourier series.
ODD = {**WHOLE, "ops": [*WHOLE["ops"], {"gate": "ry", "wires": [0], "params": [{"input": 0, "scale": 2 ** 0.5}]}]}
# Models by the width of their angles and their circuits; two of them have the same.
MODELS = {"ring": (3, {"layers": 2, "reuploading": True}), "frozen": (3, {"layers": 2, "reuploading": True, "train": False}),
          "whole": (2, {"circuit": WHOLE}), "odd": (2, {"circuit": ODD}),
          "products": (3, {"encoding": "zz", "layout": "basic-entangler", "layers": 1}),
          "wide": (14, {"layout": "basic-entangler", "layers": 1})}
FILES = ["circuits.csv", "frequencies.csv", "gradient-variances.csv"]


def write_pipeline(path, models):
    nodes = {"cohort": {"type": "synthetic-cohort", "lines": 40, "genes": 6, "factors": 3},
             "split": {"type": "split", "from": "cohort", "test": 0.25, "validation": 0.25},
             "mean": {"type": "mean-baseline", "from": "split"}, "mean-score": {"type": "evaluator", "from": "mean"}}
    for name, (width, properties) in models.items():
        nodes |= {
            f"{name}-encode": {"type": "mlp-encoder", "from": "split", "hidden": [3], "width": width},
            f"{name}-angles": {"type": "tanh-pi", "from": f"{name}-encode"},
            f"{name}-circuit": {"type": "quantum-layer", "from": f"{name}-angles", **properties},
            f"{name}-head": {"type": "linear", "from": f"{name}-circuit", "width": 1, "quantity": "prediction"},
            name: {"type": "trainer", "from": f"{name}-head", "epochs": 1},
            f"{name}-score": {"type": "evaluator", "from": name}}
    path.write_text(json.dumps({"qrx": "1", "title": "Circuits", "nodes": nodes}), encoding="utf-8")


class CircuitReport(PageCase):
    @classmethod
    def make_pages(cls):
        many = {f"deep{layers}": (1, {"layers": layers}) for layers in range(1, MOST + 3)}
        cls.documents = {}
        for name, models in (("some", MODELS), ("many", {**many, "again": (1, {"layers": MOST + 2})}), ("none", {})):
            write_pipeline(cls.folder / f"{name}.json", models)
            run("run", str(cls.folder / f"{name}.json"), "--quiet", "--output", str(cls.folder / name))
            run("report", str(cls.folder / name), "--output", str(cls.folder / f"{name}.html"))
            cls.documents[name] = json.loads(run("report", str(cls.folder / name), "--json").stdout)

    def circuit_of(self, model, name="some"):
        document = self.documents[name]
        return next(one for one in document["circuits"]["shown"]
                    if f"{model}-score" in [document["arms"][arm]["id"] for arm in one["arms"]])

    def measure_of(self, model, kind):
        return next(one for one in self.circuit_of(model)["measures"] if one["type"] == kind)

    def test_measures_are_those_of_the_nodes_run_by_themselves(self):
        seed, n = self.documents["some"]["circuits"]["seed"], 0
        for circuit in self.documents["some"]["circuits"]["shown"]:
            for measure in circuit["measures"]:
                if "scores" not in measure:
                    continue
                node = {"type": measure["type"], **measure["properties"]}
                (self.folder / "one.json").write_text(json.dumps({"qrx": "1", "seed": seed, "nodes": {measure["type"]: node}}),
                                                      encoding="utf-8")
                run("run", str(self.folder / "one.json"), "--quiet", "--output", str(self.folder / "one"))
                metrics = json.loads((self.folder / "one" / "metrics.json").read_text(encoding="utf-8"))
                self.assertEqual(metrics["scores"][measure["type"]], measure["scores"])
                n += 1
        self.assertGreaterEqual(n, 10)

    def test_a_layers_own_properties_are_measured(self):
        properties = self.measure_of("ring", "fourier-spectrum")["properties"]
        self.assertEqual((properties["layers"], properties["reuploading"], properties["qubits"]), (2, True, 3))
        self.assertEqual(self.measure_of("whole", "expressibility")["properties"]["circuit"]["qubits"], 2)

    def test_all_circuits_of_a_report_are_measured_as_often(self):
        for document in (self.documents["some"], self.documents["many"]):
            counts = {}
            for circuit in document["circuits"]["shown"]:
                for measure in circuit["measures"]:
                    properties = measure.get("properties", {})
                    counts.setdefault(measure["type"], set()).add(properties.get("pairs", properties.get("samples")))
            self.assertEqual({len(found - {None}) for found in counts.values()}, {1}, counts)

    def test_models_with_one_circuit_are_named_together(self):
        self.open("some")
        models = {row["models"] for row in self.file_of("circuits.csv")}
        self.assertEqual(models, {"ring; frozen", "whole", "odd", "products", "wide"})

    def test_sizes_are_those_of_the_circuit(self):
        (self.folder / "whole.circuit.json").write_text(json.dumps(WHOLE), encoding="utf-8")
        stats = json.loads(run("circuit", "stats", str(self.folder / "whole.circuit.json"), "--json").stdout)
        self.open("some")
        row = next(row for row in self.file_of("circuits.csv") if row["models"] == "whole")
        for name in ("qubits", "depth", "gates", "weights", "inputs", "observables"):
            self.assertEqual(int(row[name]), stats[name])
        self.assertEqual(int(row["two-qubit-gates"]), stats["two_qubit_gates"])

    def test_files_have_what_was_measured(self):
        self.open("some")
        names = {row["models"]: row["circuit"] for row in self.file_of("circuits.csv")}
        row = next(row for row in self.file_of("circuits.csv") if row["circuit"] == names["ring; frozen"])
        states = self.measure_of("ring", "expressibility")["scores"]["circuit"]
        entangled = self.measure_of("ring", "entangling-capability")["scores"]["circuit"]
        for name, value in {**states, **entangled}.items():
            if name in row:
                self.assertEqual(float(row[name]), value, name)
        spectrum = self.measure_of("ring", "fourier-spectrum")["scores"]
        rows = [row for row in self.file_of("frequencies.csv") if row["circuit"] == names["ring; frozen"]]
        self.assertEqual({(row["input"], float(row["largest"])) for row in rows}, {("0", 2), ("1", 2), ("2", 2)})
        for row in rows:
            self.assertEqual(float(row["size"]), spectrum[f"input-{row['input']}"][f"size-{row['frequency']}"])
        scan = self.measure_of("ring", "barren-plateau")["scores"]
        rows = [row for row in self.file_of("gradient-variances.csv") if names["ring; frozen"] in row["circuits"]]
        self.assertEqual(len(rows), 20)
        for row in rows:
            found = scan[f"layers-{row['layers']}.qubits-{row['qubits']}"]
            self.assertEqual(float(row["weight-variance"]), found["weight-variance"])

    def test_a_circuit_that_cannot_be_measured_says_why(self):
        reasons = {"odd": ("fourier-spectrum", "no common measure"), "whole": ("barren-plateau", "given whole"),
                   "wide": ("expressibility", "too large")}
        self.open("some")
        page = self.browser.evaluate("document.querySelector('#circuits').textContent")
        for model, (kind, words) in reasons.items():
            measure = self.measure_of(model, kind)
            self.assertNotIn("scores", measure)
            self.assertIn(words, measure["reason"])
            self.assertIn(measure["reason"], page)

    def test_figures_are_drawn_and_have_tables(self):
        self.open("some")
        found = self.browser.evaluate("[...document.querySelectorAll('#circuits [data-file]')].map(one => one.dataset.file)")
        self.assertEqual(found, FILES)
        for index in range(len(FILES)):
            figure = f"document.querySelectorAll('#circuits figure')[{index}]"
            self.assertGreater(self.browser.evaluate(f"{figure}.querySelectorAll('svg[role=img][aria-label]').length"), 0)
            self.browser.evaluate(f"{figure}.querySelector('summary').click()")
            self.browser.wait_for(f"{figure}.querySelectorAll('tbody tr').length > 0")
        self.assertEqual(self.browser.complaints(), [])

    def test_a_circuit_goes_with_its_models(self):
        self.open("some")
        count = "document.querySelectorAll('.circuits li').length"
        self.assertEqual(self.browser.evaluate(count), 5)
        self.browser.evaluate("[...document.querySelectorAll('.models label')].find(one => one.textContent.startsWith('whole'))"
                              ".querySelector('input').click()")
        self.assertEqual(self.browser.evaluate(count), 4)

    def test_a_dozen_are_shown_and_the_others_counted(self):
        circuits = self.documents["many"]["circuits"]
        self.assertEqual((len(circuits["shown"]), circuits["left-out"]), (MOST, 2))
        self.assertEqual(circuits["shown"][0]["properties"]["layers"], MOST + 2)  # of two models
        self.assertEqual([one["properties"]["layers"] for one in circuits["shown"][1:]], list(range(1, MOST)))
        self.open("many")
        self.assertIn("2 others left out", self.browser.evaluate("document.querySelector('#circuits').textContent"))

    def test_models_without_circuits_have_no_such_section(self):
        self.assertNotIn("circuits", self.documents["none"])
        self.open("none")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#circuits, a[href=\"#circuits\"]').length"), 0)

    def test_a_report_has_the_same_bytes_again(self):
        run("report", str(self.folder / "some"), "--output", str(self.folder / "again.html"))
        self.assertEqual((self.folder / "again.html").read_bytes(), (self.folder / "some.html").read_bytes())

    def test_nothing_sticks_out_of_a_narrow_window_and_texts_have_contrast(self):
        for name in ("some", "many"):
            self.open(name)
            self.browser.resize(360)
            drawing = "document.querySelector('#circuits svg[role=img]')"
            self.browser.wait_for(f"{drawing}.getBoundingClientRect().width < 360")
            self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 360)
            for scheme in ("light", "dark"):
                self.browser.emulate(prefers_color_scheme=scheme)
                self.assertEqual(self.browser.evaluate("faintTexts()"), [], scheme)
            self.browser.emulate()


if __name__ == "__main__":
    unittest.main()
