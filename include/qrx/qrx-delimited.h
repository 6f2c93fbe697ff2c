/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of text, CSV or TSV, as they lie in a file: bytes and where the rows begin. For C only. */
#pragma once

#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/**
 * QrxDelimitedFlags:
 * @QRX_DELIMITED_DEFAULT: the delimiter is the most frequent of comma, tab and semicolon in the header; names are unique
 * @QRX_DELIMITED_COMMA: fields end with commas
 * @QRX_DELIMITED_TAB: fields end with tabs
 * @QRX_DELIMITED_SEMICOLON: fields end with semicolons
 * @QRX_DELIMITED_ALLOW_REPEATED_NAMES: several columns may have one name
 *
 * How a table of text is read.
 */
typedef enum {
  QRX_DELIMITED_DEFAULT = 0,
  QRX_DELIMITED_COMMA = 1 << 0,
  QRX_DELIMITED_TAB = 1 << 1,
  QRX_DELIMITED_SEMICOLON = 1 << 2,
  QRX_DELIMITED_ALLOW_REPEATED_NAMES = 1 << 3,
} QrxDelimitedFlags;

/**
 * QrxMissing:
 * @QRX_MISSING_REFUSE: a missing number is an error
 * @QRX_MISSING_NAN: a missing number becomes NaN
 *
 * What to do with a field that is empty, NA, NaN or null (in any case) where a number is wanted.
 */
typedef enum {
  QRX_MISSING_REFUSE,
  QRX_MISSING_NAN,
} QrxMissing;

/**
 * QrxDelimitedSelection: (skip)
 * @columns: (array length=n_columns): which columns, in the order wanted
 * @n_columns: how many, at least one
 * @rows: (nullable) (array length=n_rows): which rows, in the order wanted; %NULL for all
 * @n_rows: how many
 * @transposed: whether columns become rows
 *
 * What of a table of text is read as a matrix.
 */
typedef struct {
  const gsize *columns;
  gsize n_columns;
  const gsize *rows;
  gsize n_rows;
  gboolean transposed;
} QrxDelimitedSelection;

/**
 * QrxDelimited: (skip)
 *
 * A table of text. It does not change, so several threads may read it at once.
 */
typedef struct _QrxDelimited QrxDelimited;

QRX_API QrxDelimited *qrx_delimited_read (const char *path, QrxDelimitedFlags flags, GError **error);
QRX_API QrxDelimited *qrx_delimited_new (GBytes *bytes, const char *name, QrxDelimitedFlags flags, GError **error);
QRX_API void qrx_delimited_free (QrxDelimited *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxDelimited, qrx_delimited_free)

QRX_API const char *qrx_delimited_get_name (QrxDelimited *self);
QRX_API char qrx_delimited_get_delimiter (QrxDelimited *self);
QRX_API gsize qrx_delimited_get_n_columns (QrxDelimited *self);
QRX_API gsize qrx_delimited_get_n_rows (QrxDelimited *self);
QRX_API const char *qrx_delimited_get_column_name (QrxDelimited *self, gsize column);
QRX_API const char *const *qrx_delimited_get_column_names (QrxDelimited *self);
QRX_API gssize qrx_delimited_find_column (QrxDelimited *self, const char *name);
QRX_API gssize qrx_delimited_require_column (QrxDelimited *self, const char *name, GError **error);

QRX_API const char *qrx_delimited_peek (QrxDelimited *self, gsize row, gsize column, gsize *length);
QRX_API char *qrx_delimited_dup (QrxDelimited *self, gsize row, gsize column);
QRX_API gboolean qrx_delimited_is_missing (QrxDelimited *self, gsize row, gsize column);
QRX_API gboolean qrx_delimited_get_number (QrxDelimited *self, gsize row, gsize column, QrxMissing missing, double *value,
                                           GError **error);
QRX_API gboolean qrx_delimited_read_numbers (QrxDelimited *self, const gsize *columns, gsize n_columns, QrxMissing missing,
                                             QrxTensor *out, GError **error);
QRX_API QrxTensor *qrx_delimited_read_matrix (QrxDelimited *self, const QrxDelimitedSelection *selection,
                                              QrxMissing missing, GError **error);

QRX_API gsize qrx_delimited_get_line (QrxDelimited *self, gsize row);
QRX_API void qrx_delimited_set_error (QrxDelimited *self, gsize row, gsize column, QrxDataError code, GError **error,
                                      const char *format, ...) G_GNUC_PRINTF (6, 7);
QRX_API char *qrx_delimited_quote (const char *text, char delimiter);

G_END_DECLS
