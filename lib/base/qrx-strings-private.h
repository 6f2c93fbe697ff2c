/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shared, immutable column of strings, one a row; entries may be NULL. */
#pragma once

#include <qrx/qrx-index.h>

G_BEGIN_DECLS

/* @items has @n entries and a NULL after them. */
typedef struct {
  gsize n;
  char **items;
} QrxStrings;

QrxStrings *qrx_strings_new (const char *const *items, gsize n);
QrxStrings *qrx_strings_new_unknown_as_null (const char *const *items, gsize n);
QrxStrings *qrx_strings_select (QrxStrings *self, QrxIndex *rows);
QrxStrings *qrx_strings_ref (QrxStrings *self);
void qrx_strings_unref (QrxStrings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxStrings, qrx_strings_unref)

G_END_DECLS
