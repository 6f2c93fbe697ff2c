/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows that a split may not part: the replicates of a line, the lines of a donor, and what the split goes by. Where it
 * goes by drugs or pairs, the lines and donors of one role are met in another, and only what the split goes by stays together. */
#pragma once

#include <qrx/qrx-table.h>

G_BEGIN_DECLS

typedef struct {
  const char *id; /* of the table: what the group is keyed by, whatever the order of the rows */
  guint n_rows;
  guint n_measured; /* rows with a target */
  double response;  /* mean of the measured rows' first target that they have; NaN where there is none */
} SplitGroup;

typedef struct {
  GArray *groups;    /* of SplitGroup, in order of their ids */
  guint *group_of;   /* by table row */
  guint n_joined;    /* groups of more than one row */
  char *merged_name; /* nullable: values of `by` that share a donor or a line and are dealt as one, for a message */
} SplitGroups;

/* What may not be parted, and so what is new in the rows that are held back. */
typedef enum {
  SPLIT_BY_SAMPLE, /* lines and donors; rows, where the table knows neither */
  SPLIT_BY_LINE,   /* the same, but the table must know lines */
  SPLIT_BY_TISSUE,
  SPLIT_BY_DRUG,
  SPLIT_BY_PAIR, /* of line, or donor, and drug */
} SplitBy;

#define SPLIT_BY_NAMES "sample|line|tissue|drug|pair"
SplitBy split_by_from_name (const char *name);
QrxUnseen split_by_get_unseen (SplitBy by);
SplitBy split_by_from_unseen (QrxUnseen unseen);

SplitGroups *split_groups_new (QrxTable *table, SplitBy by, int target, GError **error);
void split_groups_free (SplitGroups *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SplitGroups, split_groups_free)

G_END_DECLS
