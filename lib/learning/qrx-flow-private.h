/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The learning floor's view of a flow. */
#pragma once

#include "learning/qrx-annotation-private.h"

#include <qrx/qrx-flow.h>
#include <qrx/qrx-model.h>

struct _QrxFlow {
  QrxValue parent_instance;
  QrxTable *table;
  QrxLayer *layer;   /* NULL: the table's features, or one of its annotations */
  QrxAnnotation *annotation; /* NULL unless the flow is that */
  GPtrArray *inputs; /* of QrxFlow */
  QrxBundle *captured;
  char *quantity;
  gsize width;
  /* Where a flow is a layer of a fitted model, grafted on: whose values it starts with, and whether they stay. */
  QrxModel *graft;
  guint graft_slot;
  char *graft_id;
  gboolean frozen;
};

/* The flow of an annotation of a table's rows; an error where the table lacks it, or has a row that it must not have. */
QrxFlow *qrx_flow_new_annotation (QrxTable *table, QrxAnnotation *annotation, GError **error);
/* The same of a table that stands for any. */
QrxFlow *qrx_flow_imagine_annotation (QrxTable *table, QrxAnnotation *annotation);
/* Says where rows are of no category that flows in at a layer, so that it has learned nothing of theirs. */
void qrx_flow_warn_of_unseen (QrxFlow *self, QrxContext *context);
