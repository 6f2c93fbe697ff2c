/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pipelines over a small cohort made in code, whose fitted models are explained. */
#pragma once

#include <qrx/qrx-attributions.h>
#include <qrx/qrx-model.h>
#include <qrx/qrx-runner.h>

#define COHORT                                                                                                         \
  "'cohort': {'type': 'synthetic-cohort', 'lines': 120, 'genes': 12, 'factors': 3},"                                   \
  "'split': {'type': 'split', 'from': 'cohort', 'test': 0.25, 'validation': 0.1},"

#define HYBRID                                                                                                         \
  COHORT "'select': {'type': 'select-genes', 'from': 'split', 'n': 8, 'by': 'variance'},"                              \
         "'scale': {'type': 'standardize', 'from': 'select'},"                                                         \
         "'pca': {'type': 'pca', 'from': 'scale', 'components': 5},"                                                   \
         "'encode': {'type': 'mlp-encoder', 'from': 'pca', 'hidden': [6], 'width': 3},"                                \
         "'normalize': {'type': 'moderated-tanh', 'from': 'encode', 'a': 2, 'r': 'pi/2'},"                             \
         "'quantum': {'type': 'quantum-layer', 'from': 'normalize', 'layers': 2},"                                     \
         "'head': {'type': 'linear', 'from': 'quantum', 'width': 1, 'quantity': 'prediction'},"                        \
         "'fit': {'type': 'trainer', 'from': 'head', 'epochs': 4, 'batch-size': 16, 'precision': 'float64'},"

#define LINEAR COHORT "'fit': {'type': 'ridge', 'from': 'split', 'lambdas': [0.01]},"

/* Runs nodes, written in single quotes; NULL with an error if a run fails. */
QrxRunner *attribution_run (const char *nodes, const char *const *overrides, guint n_threads, GError **error);
QrxRunner *attribution_run_well (const char *nodes, const char *const *overrides);
/* Runs them and wants an error with this part in its message. */
void attribution_refuse (const char *nodes, const char *const *overrides, const char *part);
/* What a node said of the test rows. */
double attribution_get_score (QrxRunner *runner, const char *node, const char *name);
QrxAttributions *attribution_get (QrxRunner *runner, const char *node);
/* A column of a gene, by name. */
double attribution_get_value (QrxAttributions *attributions, const char *gene, guint column);
/* Features of the first rows of a table, in the order of the model's columns, which is the table's here. */
QrxTensor *attribution_read_rows (QrxTable *table, gsize n);
/* Predictions of features through a table of their own. */
QrxTensor *attribution_predict (QrxPredictor *model, QrxTensor *features, QrxContext *context);
/* Loads the plugins, adds tests and runs them. */
int attribution_main (int argc, char **argv, void (*add) (void));
