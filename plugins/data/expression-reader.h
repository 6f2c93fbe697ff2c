/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gene expression from the files of GDSC, DepMap and CCLE, or any wide table. */
#pragma once

#include "line-ids.h"

G_BEGIN_DECLS

typedef struct {
  gboolean is_transposed; /* the file's columns are lines */
  GPtrArray *names;       /* of the lines, as the file identifies them */
  LineIds *ids;
  GPtrArray *tissues; /* nullable */
  GPtrArray *genes;   /* their names, ending with NULL */
  QrxTensor *values;  /* [lines, genes], NaN where missing */
  gsize n_profiles;   /* rows (or columns) of the file that are a line's profile */
  gsize n_not_default;
  gsize n_unnamed_genes;
  gsize n_repeated_genes;
  gsize n_repeated_lines;
} Expression;

Expression *expression_read (const char *path, const char *id_column /* nullable */, GError **error);
void expression_free (Expression *self);
gsize expression_get_n_genes (const Expression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Expression, expression_free)

/* "TSPAN6 (7105)" is TSPAN6: DepMap writes Entrez ids, earlier Ensembl's, behind the symbol. */
char *expression_clean_gene (const char *text);

G_END_DECLS
