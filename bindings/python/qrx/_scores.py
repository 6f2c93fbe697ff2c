# SPDX-License-Identifier: LGPL-2.1-or-later
"""A table of scores, the columns that `qrx run` prints. One that is not there, or not defined, is a dash."""
import json

_UNDEFINED = "–"
_ROLES = ("test", "external", "calibration", "validation", "train")  # rows that the model has not seen come first
_TITLES = ("evaluator", "model", "role", "n", "AUC", "95 % interval", "within-tissue AUC", "Pearson", "RMSE")


def _score(value):
    """Three digits behind the point where they say something."""
    if value is None:
        return _UNDEFINED
    return f"{value:.3g}" if value != 0 and not 5e-4 <= abs(value) < 1e6 else f"{value:.3f}"


def _interval(scores):
    ends = scores.get("auc_ci95_clipped") or scores.get("auc_ci95")
    return _UNDEFINED if ends is None else f"[{ends[0]:.3f}, {ends[1]:.3f}]"


def _model(evaluator, metrics, nodes):
    """Whose predictions were scored: who the metrics say, else where the evaluator's first input comes from."""
    producer = metrics.get_producer()
    if producer is not None and producer != evaluator:
        return producer
    ends = list(nodes[evaluator].get("from", {}).values())
    end = ends[0][0] if ends and isinstance(ends[0], list) else ends[0] if ends else _UNDEFINED
    return end.split(".")[0]


def _row(evaluator, metrics, nodes):
    found = metrics.to_dict()
    role = next((role for role in _ROLES if role in found), next(iter(found), None))
    scores = found.get(role, {})
    numbers = [_score(scores.get(name)) for name in ("auc_within_tissue", "pearson", "rmse")]
    marked = (role or _UNDEFINED) + (", leaking" if scores.get("leaking") else "")
    count = scores.get("n")
    return [
        evaluator,
        _model(evaluator, metrics, nodes),
        marked,
        _UNDEFINED if count is None else str(count),
        _score(scores.get("auc")),
        _interval(scores),
        *numbers,
    ]


def _is_evaluator(pipeline, evaluator):
    """Other nodes put out scores beside what they are there for."""
    node = pipeline.native.find_node(evaluator)
    return node is None or type(node).find_port(None, True).get_spec().get_kind() == "metrics"


def _reasons(recorder, indices):
    """Why dashes stand in the table, a line for each score and reason."""
    names = {"auc": "AUC", "auc_within_tissue": "within-tissue AUC", "pearson": "Pearson", "rmse": "RMSE"}
    found = {}
    for name, title in names.items():
        for i in indices:
            roles = recorder.get_metrics(i).to_dict()
            role = next((role for role in _ROLES if role in roles), next(iter(roles), None))
            reason = roles.get(role, {}).get("reasons", {}).get(name)
            if reason is not None:
                found.setdefault((title, reason), []).append(recorder.get_evaluator(i))
    return [f"no {title} ({', '.join(evaluators)}): {reason}" for (title, reason), evaluators in found.items()]


def print_scores(recorder, pipeline, file):
    nodes = json.loads(pipeline.to_json())["nodes"]
    indices = [i for i in range(recorder.get_n_metrics()) if _is_evaluator(pipeline, recorder.get_evaluator(i))]
    rows = [_row(recorder.get_evaluator(i), recorder.get_metrics(i), nodes) for i in indices]
    if not rows:
        return
    rows.insert(0, list(_TITLES))
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths)]
        cells += [cell.rjust(width) for cell, width in zip(row[3:], widths[3:])]
        print("  ".join(cells).rstrip(), file=file)
    for line in _reasons(recorder, indices):
        print(line, file=file)
