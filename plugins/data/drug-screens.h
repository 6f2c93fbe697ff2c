/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was measured of each drug. */
#pragma once

#include "cohort-rows.h"

G_BEGIN_DECLS

/* One drug, and the rows that it gives. */
typedef struct {
  Response *response;
  LineMatching *matching;
  GArray *rows; /* of CohortRow */
} DrugScreen;

void drug_screen_free (gpointer screen);
/* No drug may be there twice. */
gboolean drug_screens_check (GPtrArray *screens, GError **error);

G_END_DECLS
