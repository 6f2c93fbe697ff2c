/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small tables with a known response, flows over them by node types, and fits. */
#pragma once

#include "node-fixture.h"

#include <qrx/qrx.h>

typedef struct {
  guint n_rows, n_genes;
  guint64 seed;       /* of the numbers */
  double disturb;     /* added to the features and targets of test rows, which no fit may notice */
  gboolean permute;   /* the responses of all rows are permuted: there is nothing to learn */
  guint first_test;   /* the first of the rows that test; a quarter does, one in eight validates, the rest trains */
} TableRecipe;

#define TABLE_RECIPE { .n_rows = 96, .n_genes = 10, .seed = 3 }

/* Rows "row-0", …, of three tissues; each its own donor; target "response" in ln µM, low is sensitive. */
QrxTable *model_fixture_table (const TableRecipe *recipe);
/* The same table with rows and columns in another order, or only some of the rows. */
QrxTable *model_fixture_rearrange (QrxTable *table, const guint *rows, gsize n_rows, gboolean reverse_columns);
/* Composes a layer, made from single-quoted JSON, with a flow that is taken over. */
QrxFlow *model_fixture_then (NodeFixture *fixture, QrxFlow *flow, const char *type, const char *id, const char *properties);
/* standardize, encoder, moderated tanh, circuit, linear. */
QrxFlow *model_fixture_hybrid (NodeFixture *fixture, QrxTable *table);
/* Runs a `trainer` over a flow; its outputs, or NULL with an error. */
QrxBundle *model_fixture_train (NodeFixture *fixture, QrxFlow *flow, const char *properties, GError **error);
/* Runs it, and nothing may fail. */
QrxModel *model_fixture_fit (NodeFixture *fixture, QrxFlow *flow, const char *properties);
/* The bytes of the model's file. */
GBytes *model_fixture_save (NodeFixture *fixture, QrxPredictor *model);
QrxTensor *model_fixture_predict (QrxPredictor *model, QrxTable *table, guint n_threads);
