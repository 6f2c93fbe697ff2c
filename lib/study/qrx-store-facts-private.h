/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A study as a whole, as its store has it. */
#pragma once

#include "study/qrx-store-private.h"
#include "study/qrx-summary-private.h"

G_BEGIN_DECLS

/* Fills in the title, and of the facts the design, status, warnings and what was run. The store is locked. */
gboolean qrx_store_read_facts (QrxStore *store, QrxSummary *summary, GError **error);
/* An object of JSON, empty where the text is none. */
JsonObject *qrx_store_parse_object (const char *text);

G_END_DECLS
