# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the cases of the last `meson test`: count-tests.py BUILD/meson-logs

A program that reports its cases (TAP) counts as so many; one that only exits counts as one. A program that ended badly
without a case that failed (it crashed, was late, or ran fewer cases than it planned) counts as one failure more. Names
what failed or was skipped, and ends with the count alone on a line. Fails if anything failed or nothing ran."""
import json
import sys
import xml.etree.ElementTree
from pathlib import Path

PASSED = {"OK"}
SKIPPED = {"SKIP", "EXPECTEDFAIL"}


def read_programs(logs):
    """What meson says of each program: its name and result."""
    with open(logs / "testlog.json", encoding="utf-8") as lines:
        return [(entry["name"], entry["result"]) for entry in map(json.loads, lines)]


def read_cases(logs):
    """Programs that reported cases, by name: pairs of a case's name and "passed", "failed" or "skipped"."""
    programs = {}
    for suite in xml.etree.ElementTree.parse(logs / "testlog.junit.xml").getroot():
        cases = programs.setdefault(suite.get("name"), [])
        for case in suite.findall("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                outcome = "failed"
            else:
                outcome = "passed" if case.find("skipped") is None else "skipped"
            cases.append((case.get("name"), outcome))
    return programs


def outcomes(logs):
    """Yields every case as its name and outcome."""
    reported = read_cases(logs)
    for program, result in read_programs(logs):
        project = program.split(":")[0]
        cases = reported.get(f"{project}.{program}")
        if cases is None:
            cases = [(None, "passed" if result in PASSED else "skipped" if result in SKIPPED else "failed")]
        elif result not in PASSED | SKIPPED and all(outcome != "failed" for _, outcome in cases):
            cases = [*cases, (f"ended with {result}", "failed")]
        for case, outcome in cases:
            yield program if case is None else f"{program}: {case}", outcome


def main():
    logs = Path(sys.argv[1])
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, outcome in outcomes(logs):
        counts[outcome] += 1
        if outcome != "passed":
            print(f"{outcome}: {name}")
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 0 if counts["failed"] == 0 and counts["passed"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
