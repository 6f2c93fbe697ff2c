/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each column of a wide table is for. */
#pragma once

#include <qrx/qrx-delimited.h>

G_BEGIN_DECLS

typedef enum {
  WIDE_UNUSED,
  WIDE_ID,
  WIDE_TARGET,
  WIDE_ANNOTATION,
  WIDE_FEATURE,
} WideUse;

typedef struct {
  const char *id_column;          /* nullable: the first */
  const char *const *targets;     /* nullable */
  const char *tissue;             /* all nullable: the columns of these annotations */
  const char *donor;
  const char *line;
  const char *drug;
  const char *const *annotations; /* nullable: further columns, under their own names */
  const char *const *features;    /* NULL or empty: every other column that holds numbers */
  const char *const *ignore;      /* nullable */
} WideQuery;

typedef struct {
  gsize id;
  GArray *targets;              /* of gsize */
  GArray *annotations;          /* of gsize */
  GPtrArray *annotation_names;  /* of the same length */
  GArray *features;             /* of gsize */
  GPtrArray *text_columns;      /* names of the columns left out, for they hold text */
} WideColumns;

WideColumns *wide_columns_new (QrxDelimited *file, const WideQuery *query, GError **error);
void wide_columns_free (WideColumns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WideColumns, wide_columns_free)

G_END_DECLS
