/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The different texts of a column on some rows, with their counts, in order of appearance. */
#pragma once

#include <qrx/qrx-delimited.h>

G_BEGIN_DECLS

typedef struct {
  GPtrArray *texts; /* ends with NULL */
  GHashTable *counts;
} ColumnTexts;

/* @rows: NULL for all. */
ColumnTexts *column_texts_new (QrxDelimited *file, gsize column, const GArray *rows);
void column_texts_free (ColumnTexts *self);
guint column_texts_get_length (const ColumnTexts *self);
/* `"GDSC1" (847 rows), "GDSC2" (1430 rows)` */
char *column_texts_describe (const ColumnTexts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ColumnTexts, column_texts_free)

/* The rows of @among (NULL: all) where a column has a text. */
GArray *column_texts_select (QrxDelimited *file, gsize column, const char *text, const GArray *among);
/* Says that the column has no @what called @asked, and what it has. */
void column_texts_set_unknown (const ColumnTexts *self, QrxDelimited *file, gsize column, const char *what,
                               const char *asked, GError **error);

G_END_DECLS
