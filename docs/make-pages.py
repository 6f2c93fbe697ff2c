# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the pages of the HTML documentation: make-pages.py OUTPUT PROGRAM PLUGINS PAGE…

Copies the pages to OUTPUT with their pictures, and links that lead to each other's HTML, and writes nodes.md there, the
reference of the node types, from what they declare on their classes (`qrx inspect --json`)."""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

CATEGORIES = ["data", "transform", "encoder", "normalizer", "quantum", "training", "baseline", "monitor",
              "diagnostic", "control", "evaluator", "sink"]


def cell(text):
    """Text that stays in its cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def sentence(text):
    return text if text.endswith((".", "!", "?")) else text + "."


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def ports(node):
    rows = [[f"`{port['name']}`", way, f"`{port['spec']}`", port.get("description", "")]
            for way, key in (("in", "inputs"), ("out", "outputs")) for port in node[key]]
    return table(["port", "", "carries", ""], rows)


def properties(node):
    if not node["properties"]:
        return ""
    return "\n" + table(["property", "value", ""],
                        [[f"`{one['name']}`", one["type"], one.get("description", "")] for one in node["properties"]])


def presets(node):
    rows = [[f"`{one['name']}`", ", ".join(f"`{key}` {value}" for key, value in one["properties"].items()), one["summary"]]
            for one in node["presets"]]
    return "\n" + table(["preset", "is", ""], rows) if rows else ""


def scores(node):
    rows = [[f"`{one['name']}`", one["better"], one["description"]] for one in node["scores"]]
    return "\n" + table(["score", "better is", ""], rows) if rows else ""


def describe(node):
    text = f"### {node['name']}\n\n{sentence(node['summary'])}\n\n{ports(node)}{properties(node)}{presets(node)}{scores(node)}"
    for one in node["exclusions"]:
        names = ", ".join(f"`{name}`" for name in one["properties"])
        text += f"\n{names} excludes {', '.join(f'`{name}`' for name in one['others'])}; of `--set`, the last one wins.\n"
    if node["citations"]:
        text += "\nSources:\n\n" + "".join(f"- {citation}\n" for citation in node["citations"])
    if node.get("example"):
        text += f"\nExample, which a test runs:\n\n```json\n{json.dumps(node['example'], indent=2, ensure_ascii=False)}\n```\n"
    return text


def reference(nodes):
    """The page of all node types, by category."""
    others = sorted({node["category"] for node in nodes} - set(CATEGORIES))
    text = "# Node types\n\nMade from what each type declares on its class; `qrx inspect TYPE` prints the same.\n"
    for category in CATEGORIES + others:
        members = [node for node in nodes if node["category"] == category]
        if members:
            text += f"\n## {category.capitalize()}\n\n" + "\n".join(describe(node) for node in members)
    return text


def titled(page):
    """A page with the title that gi-docgen lists it by; it begins with that as a heading."""
    title = page.split("\n", 1)[0].removeprefix("# ")
    return f"Title: {title}\n\n{page}"


def main():
    output, program, plugins, *pages = sys.argv[1:]
    output = Path(output)
    output.mkdir(parents=True, exist_ok=True)
    for page in pages:
        text = re.sub(r"\]\(([\w-]+)\.md", r"](\1.html", Path(page).read_text(encoding="utf-8"))
        for picture in re.findall(r"!\[[^]]*\]\(([\w-]+\.png)\)", text):
            shutil.copy(Path(page).parent / picture, output)
        (output / Path(page).name).write_text(titled(text), encoding="utf-8")
    described = subprocess.run([program, "inspect", "--json", "--plugin-path", plugins], check=True, capture_output=True)
    (output / "nodes.md").write_text(titled(reference(json.loads(described.stdout)["types"])), encoding="utf-8")


if __name__ == "__main__":
    main()
