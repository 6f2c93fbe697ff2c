/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the columns of response files mean. */
#pragma once

#include <qrx/qrx-delimited.h>
#include <qrx/qrx-table.h>

G_BEGIN_DECLS

typedef enum {
  RESPONSE_SCALE_OTHER,
  RESPONSE_SCALE_LN_MICROMOLAR, /* comparable with the logarithm of a dose */
  RESPONSE_SCALE_MICROMOLAR,
} ResponseScale;

typedef struct {
  const char *names[3]; /* as files write it */
  const char *target;   /* as tables do */
  const char *unit;
  QrxOrientation orientation;
  ResponseScale scale;
} ResponseMeasure;

/* A column by any of its names, or −1. */
gssize response_columns_find (QrxDelimited *file, const char *const *names);
/* The column to predict: @asked by its name in the file or in tables; NULL: the first that is known. @measure gets what
 * is known about it, or NULL. */
gssize response_columns_find_target (QrxDelimited *file, const char *asked, const ResponseMeasure **measure,
                                     GError **error);
/* The highest dose tested on a row, µM: from MAX_CONC, from CCLE's list of doses, or what CCLE used; NaN where the file
 * does not tell. */
double response_columns_get_maximum_dose (QrxDelimited *file, gsize row);
/* Whether values at the highest dose are capped there (CCLE). */
gboolean response_columns_are_capped (QrxDelimited *file);

extern const char *const response_drug_columns[];
extern const char *const response_drug_id_columns[];
extern const char *const response_dataset_columns[];

G_END_DECLS
