/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of QrxDelimited share: its bytes and its index. */
#pragma once

#include <qrx/qrx-delimited.h>

G_BEGIN_DECLS

/* Every this-manyth field of a row has its place recorded, so that finding a field looks at few others. */
#define QRX_DELIMITED_STRIDE 32

struct _QrxDelimited {
  char *name;
  GBytes *bytes;
  const char *data; /* behind a byte order mark */
  gsize size;
  char delimiter;
  gsize n_columns;
  gsize n_rows;
  char **names;
  GHashTable *columns; /* name → column + 1, the first of equals */
  GArray *starts;      /* guint64: where rows begin, header excluded, and where the last ends */
  GArray *strides;     /* guint32: fields STRIDE, 2 STRIDE, … of each row, from the row's start */
  GHashTable *doubled; /* where a field begins → its text; only fields with a doubled quote */
};

/* Fills header, starts, strides and doubled; names is then the header's fields. */
gboolean qrx_delimited_index (QrxDelimited *self, QrxDelimitedFlags flags, GError **error);
/* The line of the file that has the place, from 1. */
gsize qrx_delimited_line_of (QrxDelimited *self, gsize offset);
/* Where a field begins, its quote included. */
const char *qrx_delimited_field (QrxDelimited *self, gsize row, gsize column);
/* Behind the field that begins at p: at its delimiter, line end, or the end of the bytes. */
const char *qrx_delimited_field_end (QrxDelimited *self, const char *p);
/* The text of the field that begins at p. */
const char *qrx_delimited_field_text (QrxDelimited *self, const char *p, gsize *length);

G_END_DECLS
