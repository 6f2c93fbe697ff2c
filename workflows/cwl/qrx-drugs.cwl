# SPDX-License-Identifier: LGPL-2.1-or-later
cwlVersion: v1.2
class: Workflow
label: Runs a Qrx pipeline file for several drugs and collects the scores

requirements:
  ScatterFeatureRequirement: {}
  StepInputExpressionRequirement: {}

inputs:
  pipeline:
    type: File
    doc: the pipeline file
  files:
    type: File[]
    default: []
    doc: files that the pipeline or a setting names by their bare names, such as a circuit
  data:
    type: Directory?
    doc: the folder of data that are not among the files
  drugs:
    type: string[]
    doc: names, synonyms or ids of drugs; a run for each, and a folder of that name
  drug_property:
    type: string
    default: cohort.drug
    doc: the property that a drug is given to
  settings:
    type: string[]?
    doc: values of properties in every run, each as node.property=value
  seed:
    type: long?
    doc: the seed of all random streams, instead of the pipeline file's
  threads:
    type: int
    default: 1
    doc: threads of a run

steps:
  run:
    run: qrx-run.cwl
    scatter: drug
    in:
      pipeline: pipeline
      files: files
      data: data
      drug: drugs
      drug_property: drug_property
      settings: settings
      seed: seed
      threads: threads
      output:
        valueFrom: $(inputs.drug)
    out: [metrics, folder, log]
  collect:
    run: qrx-scores.cwl
    in:
      runs: drugs
      metrics:
        source: run/metrics
        valueFrom: $(self)
    out: [scores]

outputs:
  scores:
    type: File
    doc: a line for each drug, evaluator and role
    outputSource: collect/scores
  folders:
    type:
      type: array
      items: ["null", Directory]
    doc: what each run wrote, in a folder called like the drug; null where it failed
    outputSource: run/folder
  logs:
    type: File[]
    doc: what the program said in each run
    outputSource: run/log
