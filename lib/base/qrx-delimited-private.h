/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of QrxDelimited share: its bytes and its index. */
#pragma once

#include <qrx/qrx-delimited.h>

G_BEGIN_DECLS

/* Every this-manyth field of a row has its place recorded, so that finding a field looks at few others. */
#define QRX_DELIMITED_STRIDE 32
/* Bytes that are read before their pages are let go. */
#define QRX_DELIMITED_WINDOW (2u << 20)

struct _QrxDelimited {
  char *name;
  GBytes *bytes;
  const char *data; /* behind a byte order mark */
  gsize size;
  char delimiter;
  gsize n_columns;
  gsize n_rows;
  char **names;
  GHashTable *columns;    /* name → column + 1, the first of equals */
  const guint64 *starts;  /* where rows begin, header excluded, and where the last ends */
  const guint32 *strides; /* fields STRIDE, 2 STRIDE, … of each row, from the row's start */
  GBytes *index[2];       /* what holds the two */
  int n_found;            /* fields so far; atomic, wraps */
  gboolean is_mapped;     /* the bytes are a file's, whose pages come back when they are wanted */
  char *digest;           /* of the file's bytes and how they are read, where what is made of them is kept; else NULL */
  GHashTable *doubled;    /* where a field begins → its text; only fields with a doubled quote */
};

/* A wanted column, and where in a row of the result it goes. */
typedef struct {
  gsize column;
  gsize place;
} QrxWanted;

/* Columns in the order of the file, so that a row is gone through once. */
QrxWanted *qrx_delimited_sort_columns (const gsize *columns, gsize n_columns);
/* The numbers of a row; FALSE, with the column, where one is none. */
gboolean qrx_delimited_read_row (QrxDelimited *self, gsize row, const QrxWanted *wanted, gsize n_wanted,
                                 QrxMissing missing, double *values, gsize *bad);
void qrx_delimited_set_number_error (QrxDelimited *self, gsize row, gsize column, GError **error);
/* Fills header, starts, strides and doubled; names is then the header's fields. */
gboolean qrx_delimited_index (QrxDelimited *self, QrxDelimitedFlags flags, GError **error);
/* Fills names alone, of a table that is indexed. */
gboolean qrx_delimited_index_header (QrxDelimited *self, GError **error);
/* Notes a field with doubled quotes. */
void qrx_delimited_note_doubled (QrxDelimited *self, const char *field, const char *end);
/* An index that is kept; FALSE where there is none. */
gboolean qrx_delimited_load_index (QrxDelimited *self);
void qrx_delimited_save_index (QrxDelimited *self);
/* A file's text, and whether and under what name what is made of it is kept. */
GBytes *qrx_delimited_load_text (const char *path, QrxDelimitedFlags flags, char **digest, gboolean *is_mapped,
                                 GError **error);
/* Lets the pages go that lie before a place, if they can come back. */
void qrx_delimited_forget (QrxDelimited *self, const char *from, const char *to);
/* The line of the file that has the place, from 1. */
gsize qrx_delimited_line_of (QrxDelimited *self, gsize offset);
/* Where a field begins, its quote included. */
const char *qrx_delimited_field (QrxDelimited *self, gsize row, gsize column);
/* Behind the field that begins at p: at its delimiter, line end, or the end of the bytes. */
const char *qrx_delimited_field_end (QrxDelimited *self, const char *p);
/* The text of the field that begins at p. */
const char *qrx_delimited_field_text (QrxDelimited *self, const char *p, gsize *length);

G_END_DECLS
