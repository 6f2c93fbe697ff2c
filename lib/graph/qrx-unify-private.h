/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes that must agree over a whole graph: a union-find whose classes know how large they are, and who said so. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

typedef struct _QrxUnify QrxUnify;

QrxUnify *qrx_unify_new (void);
QrxUnify *qrx_unify_ref (QrxUnify *self);
void qrx_unify_unref (QrxUnify *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxUnify, qrx_unify_unref)

/* A new open size; the number stands for it from now on. */
guint qrx_unify_add (QrxUnify *self);
/* FALSE, and nothing is changed, where two different sizes would meet. */
gboolean qrx_unify_join (QrxUnify *self, guint a, guint b);
gboolean qrx_unify_settle (QrxUnify *self, guint a, gint64 size, const char *origin);
/* −1 while open. */
gint64 qrx_unify_get_size (QrxUnify *self, guint a);
/* Where the size comes from, "encode.width = 8"; NULL while open, or where there is nothing to say. */
const char *qrx_unify_get_origin (QrxUnify *self, guint a);
/* Grows whenever an open size is settled. */
guint qrx_unify_get_n_settled (QrxUnify *self);

G_END_DECLS
