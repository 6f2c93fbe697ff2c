/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of several arms is one model. */
#pragma once

#include "study/qrx-store-private.h"

G_BEGIN_DECLS

/* Those that comparisons compare: of a nested study the final ones; where budgets grow, those with the largest. */
#define QRX_STORE_COMPARED                                                                                             \
  "FROM trial LEFT JOIN arm ON arm.position = coalesce ((SELECT position FROM arm WHERE name = trial.arm), 0) "        \
  "WHERE state = 'done' AND (stage = 'final' OR NOT (SELECT nested FROM study)) "                                      \
  "AND (budget IS NULL OR budget = (SELECT max (budget) FROM trial))"

typedef struct _QrxStoreChains QrxStoreChains;

/* @design is that of the study, lists of paths. The store is locked. */
QrxStoreChains *qrx_store_chains_read (QrxStore *store, JsonObject *design, GError **error);
void qrx_store_chains_free (QrxStoreChains *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxStoreChains, qrx_store_chains_free)

/* "ARM: EVALUATOR", or the evaluator's name alone where several arms share what it scores. */
char *qrx_store_chains_name (QrxStoreChains *self, const char *arm, const char *evaluator, gboolean *shared);

G_END_DECLS
