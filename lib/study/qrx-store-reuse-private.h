/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stores of other studies, or of other states of this one, of which results may serve. */
#pragma once

#include "study/qrx-store-private.h"

G_BEGIN_DECLS

typedef struct _QrxEarlier QrxEarlier;

QrxEarlier *qrx_earlier_new (QrxStore *store);
void qrx_earlier_free (QrxEarlier *self);
/* Of several results the last store's is taken. */
gboolean qrx_earlier_add (QrxEarlier *self, QrxStore *other, GError **error);
/* Gives trial @id, if it waits, the result of a trial of the same pipeline and objective, with its time and host. */
gboolean qrx_earlier_take (QrxEarlier *self, gint64 id, const char *objective, const char *resolved, gboolean *taken,
                           GError **error);

G_END_DECLS
