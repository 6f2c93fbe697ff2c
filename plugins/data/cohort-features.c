/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps each line once, however many rows use it. A missing value is refused or its gene or line left out: filling it
 * with a mean would let test rows speak to training rows. */
#include "cohort-features.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <string.h>

gboolean
cohort_features_is_incomplete (const Expression *expression, gsize line)
{
  gsize n_genes = expression_get_n_genes (expression);
  const double *values = qrx_tensor_peek_f64 (expression->values) + line * n_genes;

  for (gsize gene = 0; gene < n_genes; gene++)
    if (isnan (values[gene]))
      return TRUE;
  return FALSE;
}

/* The lines in use, each once, in order of appearance. */
static GArray *
find_used (const GArray *lines, QrxIndex **block_rows)
{
  GArray *used = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GHashTable) place_of = g_hash_table_new (NULL, NULL);
  g_autofree guint *rows = g_new (guint, lines->len);

  for (guint i = 0; i < lines->len; i++)
    {
      gsize line = g_array_index (lines, gsize, i);
      gpointer place;

      if (!g_hash_table_lookup_extended (place_of, GSIZE_TO_POINTER (line), NULL, &place))
        {
          place = GUINT_TO_POINTER (used->len);
          g_hash_table_insert (place_of, GSIZE_TO_POINTER (line), place);
          g_array_append_val (used, line);
        }
      rows[i] = GPOINTER_TO_UINT (place);
    }
  *block_rows = qrx_index_new (rows, lines->len);
  return used;
}

/* Which genes every line in use has; one that is missing somewhere, for a message, in *first_gene and *first_line. */
static gboolean *
find_complete (const Expression *expression, const GArray *used, gsize *n_complete, gsize *first_gene,
               gsize *first_line)
{
  gsize n_genes = expression_get_n_genes (expression);
  const double *values = qrx_tensor_peek_f64 (expression->values);
  gboolean *is_complete = g_new (gboolean, n_genes);

  for (gsize gene = 0; gene < n_genes; gene++)
    is_complete[gene] = TRUE;
  for (guint i = 0; i < used->len; i++)
    for (gsize gene = 0, line = g_array_index (used, gsize, i); gene < n_genes; gene++)
      if (isnan (values[line * n_genes + gene]) && is_complete[gene])
        {
          is_complete[gene] = FALSE;
          *first_gene = gene;
          *first_line = line;
        }
  *n_complete = 0;
  for (gsize gene = 0; gene < n_genes; gene++)
    *n_complete += is_complete[gene];
  return is_complete;
}

/* Rows of the whole matrix, which all tables that are made of the file share. */
static QrxIndex *
index_lines (const GArray *used, QrxIndex *places)
{
  gsize n = qrx_index_get_length (places);
  g_autofree guint *lines = g_new (guint, n);

  for (gsize i = 0; i < n; i++)
    lines[i] = (guint) g_array_index (used, gsize, qrx_index_peek (places)[i]);
  return qrx_index_new (lines, n);
}

static QrxTensor *
copy_values (const Expression *expression, const GArray *used, const gboolean *is_complete, gsize n_complete)
{
  gsize n_genes = expression_get_n_genes (expression);
  const double *from = qrx_tensor_peek_f64 (expression->values);
  QrxTensor *copy = qrx_tensor_new_matrix (QRX_DTYPE_F64, used->len, n_complete);
  double *to = qrx_tensor_peek_f64 (copy);

  for (guint i = 0; i < used->len; i++)
    for (gsize gene = 0; gene < n_genes; gene++)
      if (is_complete[gene])
        *to++ = from[g_array_index (used, gsize, i) * n_genes + gene];
  return copy;
}

static void
report_constant (const Expression *expression, const GArray *used, const gboolean *is_complete, gsize n_complete,
                 Report *report)
{
  gsize n_genes = expression_get_n_genes (expression), n_constant = 0;
  const double *data = qrx_tensor_peek_f64 (expression->values);
  const double *first = data + g_array_index (used, gsize, 0) * n_genes;

  for (gsize gene = 0; gene < n_genes && used->len > 1; gene++)
    {
      guint i = 1;

      while (i < used->len && data[g_array_index (used, gsize, i) * n_genes + gene] == first[gene])
        i++;
      n_constant += is_complete[gene] && i == used->len;
    }
  if (n_constant > 0)
    report_say (report, "expression.constant-genes",
                "constant over these lines, and kept: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " genes", n_constant,
                n_complete);
}

QrxBlock *
cohort_features_new (const Expression *expression, const GArray *lines, const char *missing, Report *report,
                     QrxIndex **block_rows, GError **error)
{
  g_autoptr (QrxIndex) rows = NULL;
  g_autoptr (GArray) used = find_used (lines, &rows);
  gsize n_genes = expression_get_n_genes (expression), n_complete, gene = 0, line = 0;
  g_autofree gboolean *is_complete = find_complete (expression, used, &n_complete, &gene, &line);
  g_autoptr (GPtrArray) genes = g_ptr_array_new ();
  g_autoptr (QrxTensor) values = NULL;
  QrxBlock *block;

  if (n_complete < n_genes && (g_str_equal (missing, "error") || n_complete == 0))
    {
      g_set_error (
          error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
          "The expression of %" G_GSIZE_FORMAT " genes is missing in some line, for instance of \"%s\" in line \"%s\"; "
          "set \"missing\" to \"drop-gene\" or \"drop-line\"",
          n_genes - n_complete, (char *) expression->genes->pdata[gene], (char *) expression->names->pdata[line]);
      return NULL;
    }
  if (n_complete < n_genes)
    report_say (report, "expression.missing",
                "without a value in some line, and dropped: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " genes",
                n_genes - n_complete, n_genes);
  for (gsize i = 0; i < n_genes; i++)
    if (is_complete[i])
      g_ptr_array_add (genes, expression->genes->pdata[i]);
  g_ptr_array_add (genes, NULL);
  report_constant (expression, used, is_complete, n_complete, report);
  if (n_complete == n_genes)
    {
      g_autoptr (QrxIndex) places = g_steal_pointer (&rows);

      rows = index_lines (used, places);
      values = g_object_ref (expression->values);
    }
  else
    values = copy_values (expression, used, is_complete, n_complete);
  block = qrx_dense_block_new ("expression", (const char *const *) genes->pdata, values, error);
  if (block != NULL)
    *block_rows = g_steal_pointer (&rows);
  return block;
}
