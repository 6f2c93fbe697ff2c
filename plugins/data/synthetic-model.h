/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generative model of the embedded cohort: expression, tissue and noiseless response of one line at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n_genes;
  guint n_tissues;
  guint n_factors;
  double tissue_effect; /* share of a factor's variance that lies between tissues */
  double coherence;     /* share of a gene's variance that its factor explains */
  double signal;        /* sd of the noiseless response */
  double nonlinearity;  /* share of its variance that no linear function of the factors gives */
  double noise;         /* sd of the measurement's noise */
  guint64 seed;
} SyntheticSettings;

typedef struct _SyntheticModel SyntheticModel;

SyntheticModel *synthetic_model_new (const SyntheticSettings *settings);
void synthetic_model_free (SyntheticModel *self);
/* Line number @line, the same however many lines are drawn: fills @expression [n_genes]; the tissue's number, the
 * noiseless response and the measured one. */
void synthetic_model_draw (SyntheticModel *self, guint64 line, double *expression, guint *tissue, double *truth,
                           double *measured);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SyntheticModel, synthetic_model_free)

G_END_DECLS
