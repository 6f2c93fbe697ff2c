/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of a store, which is all that reports, exports and other programs need to know of it.
 *
 * study       One row: what is studied. `file` and `text` are the study file, `digest` its SHA-256 with pipelines and
 *             overrides, `overrides` what --set changed, a line each; `direction` is maximize or minimize; `design` is JSON,
 *             {"configuration": [path, …], "task": …, "resample": …, "replicate": …}; `sampler` its name; `n_trials` how many
 *             there will be (at most, if `adaptive`).
 * arm         One row an arm, in the order of the file: its pipeline's path and text, objective ("evaluator.role.score"), what
 *             it fixes as JSON (path → value), `evaluators` as JSON (evaluator's id → id of the node whose predictions it
 *             scores).
 * trial       `id` is the same in every run of a study. `arm` is what comparisons compare: the name in the file, or, in a
 *             study without arms, the configuration in words (of a nested one, the pipeline). `settings` is all that varies,
 *             JSON, path → value, a whole node's type under "node.type"; configuration, task, resample and replicate are the
 *             parts of it. `search` numbers the search that it belongs to and `proposal` the configuration in there (NULL:
 *             final). `stage` is search or final (of a nested study; only those are to be compared). `budget` is in epochs,
 *             NULL where the pipeline says it. `parent` is the trial whose configuration it goes on with. `state` is waiting,
 *             running, done or failed (see `error`). `objective` is NULL where its score is undefined. `resolved` is the
 *             pipeline as it ran, JSON. Times are Unix seconds. `checksum` covers scores and predictions.
 * score       One row for each evaluator, role and score: a number in `value`, an interval in `low` and `high` (auc_ci95, …),
 *             a text, a list of records (JSON, in `text`), or, where it is undefined, only the `reason`.
 * curve       One row for each column of a trainer's history; `epochs` is a float64 little-endian for each epoch, NaN where
 *             nothing was recorded.
 * prediction  One row for each node that predicts: for each row of the cohort a byte in `roles` (1 train, 2 validation, 3
 *             test, 4 external, 5 calibration) and a float64 little-endian in `predictions`, in the target's unit
 *             (probabilities that a row is sensitive if `probability`). The measured values are in `target`, by cohort and
 *             target.
 * cohort, row, target
 *             A table of rows as trials share it: ids, annotations and measured values (float64, NaN: missing).
 * attribution, genes
 *             One row for each node that ranks genes: in `importance` a float32 little-endian for each gene of the list `genes`,
 *             whose names are a line each. Stores of earlier versions lack both tables until they are gone on with.
 * message     What nodes said, in order; `kind` is note or warning.
 *
 * All but the columns claimed_by, heartbeat, started, finished, seconds of `trial` and created, host of `study` are the same in
 * every run of a study, interrupted or not. */
#include "study/qrx-store-private.h"

/* clang-format off */
const char qrx_store_schema[] =
  "CREATE TABLE study (format TEXT NOT NULL, title TEXT, file TEXT NOT NULL, text TEXT NOT NULL, digest TEXT NOT NULL,"
  "  overrides TEXT NOT NULL, direction TEXT NOT NULL, design TEXT NOT NULL, sampler TEXT NOT NULL, nested INTEGER NOT NULL,"
  "  n_trials INTEGER NOT NULL, adaptive INTEGER NOT NULL, created REAL NOT NULL, host TEXT NOT NULL);"
  "CREATE TABLE arm (position INTEGER PRIMARY KEY, name TEXT NOT NULL, pipeline TEXT NOT NULL, text TEXT NOT NULL,"
  "  objective TEXT NOT NULL, fixed TEXT NOT NULL, evaluators TEXT NOT NULL);"
  "CREATE TABLE trial (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, arm TEXT NOT NULL, settings TEXT NOT NULL,"
  "  configuration TEXT NOT NULL, task TEXT NOT NULL, resample TEXT NOT NULL, replicate TEXT NOT NULL, search INTEGER NOT NULL,"
  "  proposal INTEGER, stage TEXT NOT NULL, budget INTEGER, parent INTEGER, state TEXT NOT NULL, objective REAL, error TEXT,"
  "  claimed_by TEXT, heartbeat REAL, started REAL, finished REAL, seconds REAL, resolved TEXT, version TEXT, kernel TEXT,"
  "  blas TEXT, checksum TEXT);"
  "CREATE INDEX trial_state ON trial (state, id);"
  "CREATE TABLE score (trial INTEGER NOT NULL REFERENCES trial (id), evaluator TEXT NOT NULL, role TEXT NOT NULL,"
  "  name TEXT NOT NULL, value REAL, low REAL, high REAL, text TEXT, reason TEXT,"
  "  PRIMARY KEY (trial, evaluator, role, name)) WITHOUT ROWID;"
  "CREATE TABLE curve (trial INTEGER NOT NULL REFERENCES trial (id), node TEXT NOT NULL, name TEXT NOT NULL,"
  "  position INTEGER NOT NULL, epochs BLOB NOT NULL, PRIMARY KEY (trial, node, name)) WITHOUT ROWID;"
  "CREATE TABLE cohort (digest TEXT PRIMARY KEY, n_rows INTEGER NOT NULL, notes TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE row (cohort TEXT NOT NULL REFERENCES cohort (digest), position INTEGER NOT NULL, id TEXT NOT NULL, tissue TEXT,"
  "  drug TEXT, line TEXT, donor TEXT, PRIMARY KEY (cohort, position)) WITHOUT ROWID;"
  "CREATE TABLE target (cohort TEXT NOT NULL REFERENCES cohort (digest), name TEXT NOT NULL, unit TEXT,"
  " orientation TEXT NOT NULL,"
  "  measured BLOB NOT NULL, PRIMARY KEY (cohort, name)) WITHOUT ROWID;"
  "CREATE TABLE prediction (trial INTEGER NOT NULL REFERENCES trial (id), node TEXT NOT NULL, cohort TEXT NOT NULL,"
  "  target TEXT NOT NULL, threshold REAL, probability INTEGER NOT NULL, leaking INTEGER NOT NULL, roles BLOB NOT NULL,"
  "  predictions BLOB NOT NULL, PRIMARY KEY (trial, node), FOREIGN KEY (cohort, target) REFERENCES target (cohort, name))"
  "  WITHOUT ROWID;"
  "CREATE TABLE message (trial INTEGER NOT NULL REFERENCES trial (id), position INTEGER NOT NULL, node TEXT NOT NULL,"
  "  text TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (trial, position)) WITHOUT ROWID;"
  "PRAGMA application_id = 1364351028;" /* "QRxt" */
  "PRAGMA user_version = 1;";

const char qrx_store_additions[] =
  "CREATE TABLE IF NOT EXISTS genes (digest TEXT PRIMARY KEY, n INTEGER NOT NULL, names TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS attribution (trial INTEGER NOT NULL REFERENCES trial (id), node TEXT NOT NULL,"
  "  method TEXT NOT NULL, genes TEXT NOT NULL REFERENCES genes (digest), importance BLOB NOT NULL,"
  "  PRIMARY KEY (trial, node)) WITHOUT ROWID;";
/* clang-format on */
