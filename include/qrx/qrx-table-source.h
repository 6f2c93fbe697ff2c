/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table that a program holds, as a node of a graph. */
#pragma once

#include <qrx/qrx-node.h>
#include <qrx/qrx-table.h>

G_BEGIN_DECLS

#define QRX_TYPE_TABLE_SOURCE (qrx_table_source_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxTableSource, qrx_table_source, QRX, TABLE_SOURCE, QrxNode)

struct _QrxTableSourceClass {
  QrxNodeClass parent_class;
};

/* For graphs built in code; no registry has it, for no file can hold a table. */
QRX_API QrxNode *qrx_table_source_new (const char *id, QrxTable *table);
QRX_API QrxTable *qrx_table_source_get_table (QrxTableSource *self);

G_END_DECLS
