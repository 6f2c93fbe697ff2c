/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far a search has come: what it proposed, and what came of it. */
#pragma once

#include "study/qrx-study-plan-private.h"

G_BEGIN_DECLS

typedef struct _QrxSearchState QrxSearchState;

QrxSearchState *qrx_search_state_new (QrxStudy *study, const QrxSearch *search);
void qrx_search_state_free (QrxSearchState *self);
/* Proposes as much as the results allow, and appends the trials of what is new. @ended has the objective (a
 * double *) by the id (a gint64 *) of each trial that ended. */
void qrx_search_state_advance (QrxSearchState *self, GHashTable *ended, GPtrArray *trials);
/* Whether there is nothing more to propose. */
gboolean qrx_search_state_is_finished (const QrxSearchState *self);
/* The trial of an id, NULL where it is of another search or not proposed yet. */
QrxTrial *qrx_search_state_find (const QrxSearchState *self, gint64 id);

G_END_DECLS
