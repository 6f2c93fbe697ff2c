# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules that run one pipeline file for several drugs and collect the scores.

Include this file, or use it as a module; config.schema.yaml says what the configuration holds. Relative paths start in
Snakemake's working directory.
"""


include: "qrx-config.smk"


rule qrx_run:
    input:
        pipeline=config["pipeline"],
        files=[qrx_find_input(name) for name in config["inputs"]],
    output:
        metrics=qrx_run_file("metrics.json"),
        resolved=qrx_run_file("pipeline.resolved.json"),
        files=[qrx_run_file(name) for name in config["files"]],
    log:
        os.path.join(config["output"], "logs", "{drug}.log"),
    params:
        program=config["qrx"],
        options=qrx_options,
        folder=qrx_run_file(),
    wildcard_constraints:
        drug="[^/]+",
    threads: config["threads"]
    shell:
        "{params.program:q} run {input.pipeline:q} {params.options:q} --threads {threads} --output {params.folder:q}"
        " >{log:q} 2>&1"


rule qrx_scores:
    input:
        metrics=expand(qrx_run_file("metrics.json"), drug=QRX_DRUGS),
        script=os.path.normpath(os.path.join(QRX_RULES, os.pardir, "collect-metrics.py")),
    output:
        os.path.join(config["output"], "scores.csv"),
    log:
        os.path.join(config["output"], "logs", "scores.log"),
    params:
        runs=[argument for drug in QRX_DRUGS for argument in ("--run", drug)],
    shell:
        "python3 {input.script:q} --output {output:q} {params.runs:q} {input.metrics:q} 2>{log:q}"
