# SPDX-License-Identifier: LGPL-2.1-or-later
cwlVersion: v1.2
class: CommandLineTool
label: Collects the scores of several Qrx runs into one table

baseCommand: python3

inputs:
  script:
    type: File
    default:
      class: File
      location: ../collect-metrics.py
    inputBinding:
      position: 1
  runs:
    type:
      type: array
      items: string
      inputBinding:
        prefix: --run
    doc: what to call the runs
    inputBinding:
      position: 2
  metrics:
    type: File[]
    doc: the metrics.json of each run, in the same order
    inputBinding:
      position: 3

arguments:
  - prefix: --output
    valueFrom: scores.csv
    position: 2

outputs:
  scores:
    type: File
    doc: a line for each run, evaluator and role
    outputBinding:
      glob: scores.csv
