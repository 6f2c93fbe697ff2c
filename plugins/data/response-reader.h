/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drug responses from the long files of GDSC and CCLE: the rows of one drug. */
#pragma once

#include <qrx/qrx-table.h>

#include "line-ids.h"

G_BEGIN_DECLS

typedef struct {
  const char *drug;    /* nullable: the only one; a name, a synonym or a number */
  const char *dataset; /* nullable: the only one; a name or its beginning */
  const char *target;  /* nullable: the column to predict; else the first that is known */
} ResponseQuery;

typedef struct {
  gsize n; /* rows of the drug */
  LineIds *ids;
  GPtrArray *tissues;  /* n nullable texts; NULL without a column */
  GPtrArray *cancers;  /* the same: GDSC's TCGA_DESC */
  GPtrArray *drug_ids; /* the same */
  double *values;      /* NaN where missing */
  double *maximum; /* NULL where the file does not tell: ln of the highest dose tested, for values in ln µM; µM else */
  gboolean is_dose;   /* the values are doses, so that the highest dose tested limits them */
  gboolean is_capped; /* values beyond the maximum are set to it (CCLE), not extrapolated (GDSC) */
  char *drug;         /* as the file writes it */
  char *drug_column;
  gboolean is_synonym;
  char *dataset; /* nullable */
  char *target;  /* as the table will call it */
  char *column;  /* as the file does */
  char *unit;
  QrxOrientation orientation; /* NONE where the column is not known */
  GPtrArray *all_drug_ids;    /* the different ids, in order of appearance */
} Response;

/* A file from which the rows of several drugs may be read. */
typedef struct _ResponseFile ResponseFile;

ResponseFile *response_file_open (const char *path, GError **error);
void response_file_free (ResponseFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ResponseFile, response_file_free)
/* The names of all drugs that have rows, in a data set if @dataset is not NULL; NULL where the file has no column of drugs. */
char **response_file_dup_drugs (ResponseFile *self, const char *dataset, GError **error);

Response *response_read (ResponseFile *file, const ResponseQuery *query, GError **error);
void response_free (Response *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Response, response_free)

G_END_DECLS
