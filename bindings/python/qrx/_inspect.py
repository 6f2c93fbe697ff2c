# SPDX-License-Identifier: LGPL-2.1-or-later
"""Node types as people read them, in the words and columns of `qrx inspect`: all from their descriptions."""
import json
import unicodedata

from gi.repository import Qrx

_WIDTH = 100
_LIST_WIDTH = 120


def _places(text):
    """How many places a text takes on a terminal."""
    marks = ("Mn", "Me", "Cf")
    return sum(0 if unicodedata.category(c) in marks else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _paragraph(text, used, indent):
    """A text broken into lines behind `indent` blanks; the first line has `used` places already."""
    found, begun = "", False
    for word in text.split():
        size = _places(word)
        if used > indent and used + begun + size > _WIDTH:
            found, used, begun = found + "\n", 0, False
        found += (" " if begun else " " * (indent - min(used, indent))) + word
        used = max(used, used if begun else indent) + begun + size
        begun = True
    return found


def _compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _entries(entries, title, column):
    """Names with what stands beside and below each."""
    if not entries:
        return
    print(f"\n{title}")
    width = max(_places(entry["name"]) for entry in entries)
    for entry in entries:
        value = entry.get(column)
        beside = value if isinstance(value, str) else "" if value is None else _compact(value)
        below = entry.get("summary" if "summary" in entry else "description") or ""
        if not beside:
            beside, below = below, ""
        print(f"  {entry['name']}{_paragraph(beside, 2 + _places(entry['name']), width + 4)}")
        if below:
            print(_paragraph(below, 0, width + 6))


def _circuits(names, summary, citation):
    found = [{"name": name, "summary": summary(name), "citation": citation(name)} for name in names]
    return [{key: value for key, value in entry.items() if value is not None} for entry in found]


def describe(types, name):
    """The description of a type or preset, with the circuits that its properties name."""
    found = json.loads(types.describe(name))
    properties = {entry["name"] for entry in found["properties"]}
    if "layout" in properties:
        found["layouts"] = _circuits(Qrx.layout_list_names(), Qrx.layout_get_summary, Qrx.layout_get_citation)
    if "encoding" in properties:
        found["encodings"] = _circuits(Qrx.encoding_list_names(), Qrx.encoding_get_summary, Qrx.encoding_get_citation)
    return found


def print_type(found):
    preset = f"{found['preset']}, a preset of " if found.get("preset") else ""
    print(f"{preset}{found['name']} ({found.get('category') or ''})")
    print(_paragraph(found.get("summary") or "", 0, 2))
    _entries(found["inputs"], "Inputs", "spec")
    _entries(found["outputs"], "Outputs", "spec")
    _entries(found["properties"], "Properties", "type")
    for exclusion in found["exclusions"]:
        print(f"  {', '.join(exclusion['properties'])}: instead of {', '.join(exclusion['others'])}")
    _entries(found["presets"], "Presets", "properties")
    _entries(found["scores"], "Scores, and which is better", "better")
    _entries(found.get("encodings"), "Encodings", "citation")
    _entries(found.get("layouts"), "Layouts", "citation")
    if found["citations"]:
        print("\nSources")
    for citation in found["citations"]:
        print(_paragraph(citation, 0, 2))
    if "example" in found:
        print("\nExample, which a test runs")
        for line in json.dumps(found["example"], ensure_ascii=False, indent=2, separators=(",", " : ")).split("\n"):
            print(f"  {line}")


def print_list(types):
    rows, last = [], None
    for name in types.dup_names(False):
        found = json.loads(types.describe(name))
        category = found.get("category") or "other"
        if category != last:
            rows += ([("", "")] if rows else []) + [(category, "")]
            last = category
        rows.append((f"  {name}", found["summary"]))
        rows += [(f"  {preset['name']}", preset.get("summary") or "") for preset in found["presets"]]
    width = max(_places(name) for name, _ in rows)
    for name, summary in rows:
        line = f"{name}{' ' * (width - _places(name))}  {summary}".rstrip()
        print(line if _places(line) <= _LIST_WIDTH else line[: _LIST_WIDTH - 1].rstrip() + "…")
