# SPDX-License-Identifier: LGPL-2.1-or-later
cwlVersion: v1.2
class: CommandLineTool
label: Runs a Qrx pipeline file
doc: |
  Runs `qrx run` on a pipeline file and takes what it writes. The files that the pipeline names are declared inputs, too:
  `data` is the folder in which they are looked for, and `files` are laid beside the pipeline file.

  Exit status 1 (the run failed) and 2 (the pipeline or an option is invalid) are permanent, being stopped by a signal is
  temporary. The message is in `log`, which is there even then; that is why the types of the other outputs allow null. Of
  a run that succeeded, `metrics`, `resolved` and `folder` are always there.

baseCommand: [qrx, run]

requirements:
  InitialWorkDirRequirement:
    listing:
      - $(inputs.pipeline)
      - $(inputs.files)
  ResourceRequirement:
    coresMin: $(inputs.threads)

inputs:
  pipeline:
    type: File
    doc: the pipeline file
    inputBinding:
      position: 3
      valueFrom: $(self.basename)
  files:
    type: File[]
    default: []
    doc: files that the pipeline or a setting names by their bare names, such as a circuit
  data:
    type: Directory?
    doc: the folder of data that are not among the files
    inputBinding:
      prefix: --data
  drug:
    type: string?
    doc: a name, synonym or id, given to the property drug_property
    inputBinding:
      position: 2
      prefix: --set
      valueFrom: $(inputs.drug_property)=$(self)
  drug_property:
    type: string
    default: cohort.drug
    doc: the property that the drug is given to
  settings:
    type:
      - "null"
      - type: array
        items: string
        inputBinding:
          prefix: --set
    inputBinding:
      position: 1
    doc: values of properties, each as node.property=value; the last one of a property counts, and drug comes after them
  seed:
    type: long?
    doc: the seed of all random streams, instead of the pipeline file's
    inputBinding:
      prefix: --seed
  threads:
    type: int
    default: 1
    doc: threads to use, and cores to ask for
    inputBinding:
      prefix: --threads
  output:
    type: string
    default: results
    doc: the name of the folder that is written, and of the log
    inputBinding:
      prefix: --output

outputs:
  metrics:
    type: File?
    doc: the scores of every evaluator and role
    outputBinding:
      glob: $(inputs.output)/metrics.json
  resolved:
    type: File?
    doc: the pipeline as it was run, with all defaults, the seed, versions and checksums of what was read
    outputBinding:
      glob: $(inputs.output)/pipeline.resolved.json
  predictions:
    type: File[]
    doc: a table of each model's predictions
    outputBinding:
      glob: $(inputs.output)/*.predictions.csv
  models:
    type: File[]
    doc: the fitted models, each of which predicts from its file alone
    outputBinding:
      glob: $(inputs.output)/*.safetensors
  histories:
    type: File[]
    doc: what each trainer saw, epoch by epoch
    outputBinding:
      glob: $(inputs.output)/*.history.csv
  folder:
    type: Directory?
    doc: all of it, in one folder
    outputBinding:
      glob: $(inputs.output)
  log:
    type: stderr
    doc: what the program said while it ran

stderr: $(inputs.output).log
successCodes: [0]
permanentFailCodes: [1, 2]
temporaryFailCodes: [129, 130, 143]
