/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drugs by any of their names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  DRUG_MATCH_NONE,
  DRUG_MATCH_SYNONYM,
  DRUG_MATCH_SPELLING, /* but for capitals, blanks and punctuation */
  DRUG_MATCH_EXACT,
} DrugMatch;

DrugMatch drug_names_match (const char *asked, const char *found);

G_END_DECLS
