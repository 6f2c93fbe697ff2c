/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a study is made of, for the files that read, check, plan and run it. */
#pragma once

#include <qrx/qrx-study.h>

#include "graph/qrx-diagnostic-private.h"
#include "study/qrx-sampler-private.h"

G_BEGIN_DECLS

/* One alternative: a pipeline, what is fixed in it and what varies. */
typedef struct {
  char *name;    /* "" for the only one of a study without "arms" */
  char *pointer; /* "" or "/arms/NAME" */
  char *path;    /* of the pipeline file */
  char *text;
  char *base_directory;
  char *objective; /* "evaluator.role.score" */
  char *objective_pointer;
  JsonObject *evaluators; /* id → id of the node whose predictions it scores */
  GPtrArray *dimensions;  /* of QrxDimension, borrowed: all that varies */
  QrxSpace *fixed;
  QrxSpace *spaces[QRX_N_DESIGNS];
  GPtrArray *grids[QRX_N_DESIGNS]; /* the points of each; of the configuration only where the sampler is a grid */
} QrxArm;

struct _QrxStudy {
  GObject parent_instance;
  QrxRegistry *registry;
  char *name;
  char *text;
  char *title;
  char *digest;
  char *overrides; /* a line each */
  gboolean minimize;
  GPtrArray *arms;       /* of QrxArm */
  GPtrArray *dimensions; /* of QrxDimension, owned */
  QrxSamplerOptions sampler;
  guint inner_folds;   /* 0: not nested */
  char *inner_node;    /* id of the split that they are of */
  GPtrArray *searches; /* of QrxSearch */
  gint64 n_trials;
};

/* Reading: a document, the place of its faults, and what was found. */
typedef struct {
  QrxStudy *study;
  QrxJsonDocument *document;
  JsonObject *root;
  const char *const *overrides;
  GPtrArray *faults; /* of QrxDiagnostic */
  QrxFaults sink;
} QrxStudyLoader;

void qrx_study_fail (QrxStudyLoader *loader, QrxPipelineError code, const char *pointer, gboolean key,
                     const char *suggestion, const char *format, ...) G_GNUC_PRINTF (6, 7);
/* The text at a pointer, or NULL after a fault; what is not there is no fault. */
const char *qrx_study_read_string (QrxStudyLoader *loader, JsonObject *object, const char *parent, const char *key);
void qrx_study_check_keys (QrxStudyLoader *loader, JsonObject *object, const char *pointer, const char *const *known);
/* "arms", "vary", "set", "pipeline", "objective". */
void qrx_study_read_arms (QrxStudyLoader *loader);
/* Gives arms the settings of the study and the command line. */
void qrx_study_lay_settings (QrxStudyLoader *loader, GPtrArray *set, GPtrArray *vary, GPtrArray *changes);
/* The type of a node in an arm's pipeline, NULL where there is no such node. */
char *qrx_arm_dup_type (const QrxArm *self, const char *id);
/* "sample" and "nested". */
void qrx_study_read_sampler (QrxStudyLoader *loader);
/* What the dimensions mean ("design"). */
void qrx_study_read_design (QrxStudyLoader *loader);
/* Holds every arm and value against the pipelines. */
void qrx_study_check (QrxStudyLoader *loader);
/* Holds the arms against each other, and the sampler against what they search, where all else is right. */
void qrx_study_check_arms (QrxStudyLoader *loader);

/* The changes that make an arm's pipeline a trial's: what the arm fixes, then the settings. */
char **qrx_arm_dup_overrides (const QrxArm *self, JsonObject *settings);

G_END_DECLS
