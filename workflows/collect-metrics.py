#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Collects the metrics.json of several runs into one CSV, a line for each run, evaluator and role.

Knows the layout of metrics.json, not the names of scores. Numbers are copied as they are written, digit by digit; a score
that is not defined is an empty field, and `reasons` says why.
"""
import argparse
import contextlib
import csv
import io
import json
import os
import sys

KEYS = ["run", "pipeline", "seed", "evaluator", "role"]


class BadMetrics(Exception):
    """What is wrong with a file."""


def refuse_constant(name):
    raise ValueError(f"found {name}, which is no JSON")


def read_metrics(path):
    """The content of a metrics.json, its numbers as texts."""
    try:
        with open(path, encoding="utf-8") as file:
            metrics = json.load(file, parse_float=str, parse_int=str, parse_constant=refuse_constant)
    except RecursionError as error:
        raise BadMetrics(f"{path}: nested too deeply") from error
    except (OSError, ValueError) as error:
        raise BadMetrics(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not isinstance(metrics, dict) or not isinstance(metrics.get("scores"), dict):
        raise BadMetrics(f'{path}: expected the metrics.json of a run, an object with "scores"')
    for evaluator, roles in metrics["scores"].items():
        if not isinstance(roles, dict) or not all(isinstance(scores, dict) for scores in roles.values()):
            raise BadMetrics(f'{path}: "scores" of "{evaluator}": expected an object of roles and their scores')
    return metrics


def to_fields(name, value):
    """Yields the columns that a score fills, and what stands there."""
    if isinstance(value, list) and len(value) == 2:
        yield f"{name}_low", value[0]
        yield f"{name}_high", value[1]
    elif isinstance(value, dict):
        yield name, "; ".join(f"{key}: {text}" for key, text in value.items())
    else:
        yield name, value


def to_rows(run, metrics):
    """Yields a row for each evaluator and role of a run."""
    for evaluator, roles in metrics["scores"].items():
        for role, scores in roles.items():
            row = {"run": run, "pipeline": metrics.get("pipeline"), "seed": metrics.get("seed"),
                   "evaluator": evaluator, "role": role}
            for name, value in scores.items():
                row.update(to_fields(name, value))
            yield row


def order_columns(rows):
    """Every column of any row in the order in which they are met; the reasons, which few rows have, come last."""
    names = dict.fromkeys(KEYS)
    for row in rows:
        names.update(dict.fromkeys(row))
    split = {name for name in names if f"{name}_low" in names}  # an interval that is not defined in some row
    return sorted((name for name in names if name not in split), key=lambda name: name == "reasons")


def to_csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, order_columns(rows), restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path, text):
    """Writes a file that is whole or not there."""
    partial = f"{path}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise BadMetrics(f"{path}: {error.strerror}") from error


def parse(arguments):
    parser = argparse.ArgumentParser(prog="collect-metrics", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--run", action="append", default=[], metavar="NAME", dest="runs",
                        help="what to call a file's run, as often and in the order as there are files")
    parser.add_argument("--output", metavar="CSV", help="where to write; default: stdout")
    parser.add_argument("files", nargs="+", metavar="METRICS", help="the metrics.json of a run")
    options = parser.parse_intermixed_args(arguments)
    if len(options.runs) != len(options.files):
        parser.error(f"found {len(options.runs)} names of runs for {len(options.files)} files")
    if len(set(options.runs)) != len(options.runs):
        parser.error("two runs have the same name")
    return options


def main(arguments):
    options = parse(arguments)
    try:
        rows = [row for run, path in zip(options.runs, options.files) for row in to_rows(run, read_metrics(path))]
        if options.output is None:
            sys.stdout.write(to_csv(rows))
        else:
            write(options.output, to_csv(rows))
    except BadMetrics as error:
        print(f"collect-metrics: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
