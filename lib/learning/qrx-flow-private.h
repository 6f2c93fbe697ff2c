/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The learning floor's view of a flow. */
#pragma once

#include <qrx/qrx-flow.h>
#include <qrx/qrx-model.h>

struct _QrxFlow {
  QrxValue parent_instance;
  QrxTable *table;
  QrxLayer *layer;   /* NULL: the table's features */
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
