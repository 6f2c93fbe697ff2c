# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the rules of qrx.smk make of their configuration. Included by them alone."""
import difflib
import json
import os

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

QRX_RULES = str(workflow.current_basedir.get_path_or_uri())

validate(config, "config.schema.yaml")


def qrx_check_config():
    """Refuses what the schema lets pass: a key that looks like a slip, a drug set twice or unfit to name a folder."""
    with open(os.path.join(QRX_RULES, "config.schema.yaml"), encoding="utf-8") as file:
        known = list(yaml.safe_load(file)["properties"])
    for key in config:
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
        if key not in known and near:
            raise WorkflowError(f'qrx: the configuration has "{key}"; did you mean "{near[0]}"?')
    if config["drug-property"] in config["settings"]:
        raise WorkflowError(f'qrx: "settings" has "{config["drug-property"]}", which every drug of "drugs" is given to')
    for drug in config["drugs"]:
        if os.path.basename(str(drug)) in ("", ".", "..") or os.path.dirname(str(drug)):
            raise WorkflowError(f'qrx: the drug "{drug}" cannot name a folder; use a synonym or its id')


qrx_check_config()

QRX_DRUGS = [str(drug) for drug in config["drugs"]]
QRX_DATA = config["data"] or os.environ.get("QRX_DATA")


def qrx_find_input(name):
    """Where the program will look for a file that the pipeline names: beside the pipeline file, then in the data folder."""
    beside = os.path.join(os.path.dirname(config["pipeline"]), name)
    if not QRX_DATA or os.path.exists(beside):
        return beside
    return os.path.join(QRX_DATA, name)


def qrx_run_file(*names):
    """A file of a run, with the wildcard for its drug."""
    return os.path.join(config["output"], "{drug}", *names)


def qrx_options(wildcards):
    """The arguments of a run, each still unquoted."""
    settings = {**config["settings"], config["drug-property"]: wildcards.drug}
    options = []
    for name, value in settings.items():
        options += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
    if QRX_DATA:
        options += ["--data", QRX_DATA]
    if config["seed"] is not None:
        options += ["--seed", str(config["seed"])]
    return options
