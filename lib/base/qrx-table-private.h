/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a table holds its parts; for the qrx-table*.c files only. */
#pragma once

#include <qrx/qrx-table.h>

#include "base/qrx-strings-private.h"

G_BEGIN_DECLS

typedef struct {
  QrxBlock *block;
  QrxIndex *rows; /* table row → block row */
} QrxTableBlock;

typedef struct {
  char *name;
  QrxStrings *values;
} QrxTableAnnotation;

typedef struct {
  char *name;
  char *unit;
  QrxOrientation orientation;
  QrxTensor *values; /* read-only */
} QrxTableTarget;

struct _QrxTable {
  QrxValue parent_instance;
  QrxStrings *ids;
  GBytes *roles;            /* NULL while the table is not split */
  QrxUnseen unseen;         /* what the roles keep apart */
  GArray *blocks;           /* QrxTableBlock */
  GPtrArray *feature_names; /* NULL-terminated; the strings are the blocks'. Shared: replaced, never changed */
  GArray *annotations;      /* QrxTableAnnotation */
  GPtrArray *annotation_names; /* NULL-terminated; the strings are the annotations' */
  GArray *targets;             /* QrxTableTarget */
  GPtrArray *note_keys;        /* NULL-terminated */
  GHashTable *notes;           /* key → text */
};

void qrx_table_take_annotation (QrxTable *self, const char *name, QrxStrings *values);
void qrx_table_take_target (QrxTable *self, const char *name, const char *unit, QrxOrientation orientation,
                            QrxTensor *values);
void qrx_table_take_block (QrxTable *self, QrxBlock *block, QrxIndex *rows);

G_END_DECLS
