/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers by gene, and the order that they give. Knows no models. */
#include <qrx/qrx-attributions.h>
#include <qrx/qrx-delimited.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-number.h>

#include <math.h>

struct _QrxAttributions {
  QrxValue parent_instance;
  char *method;
  char **genes;
  char **columns;
  QrxTensor *values;
  QrxIndex *order;
};

G_DEFINE_FINAL_TYPE (QrxAttributions, qrx_attributions, QRX_TYPE_VALUE)

static void
qrx_attributions_finalize (GObject *object)
{
  QrxAttributions *self = QRX_ATTRIBUTIONS (object);

  g_free (self->method);
  g_strfreev (self->genes);
  g_strfreev (self->columns);
  g_clear_object (&self->values);
  g_clear_object (&self->order);
  G_OBJECT_CLASS (qrx_attributions_parent_class)->finalize (object);
}

static char *
qrx_attributions_describe (QrxValue *value)
{
  QrxAttributions *self = QRX_ATTRIBUTIONS (value);

  return g_strdup_printf ("attributions[%" G_GSIZE_FORMAT " genes by %s]", qrx_tensor_get_rows (self->values),
                          self->method);
}

static void
qrx_attributions_class_init (QrxAttributionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_attributions_finalize;
  QRX_VALUE_CLASS (klass)->kind = "attributions";
  QRX_VALUE_CLASS (klass)->describe = qrx_attributions_describe;
}

static void
qrx_attributions_init (QrxAttributions *self G_GNUC_UNUSED)
{
}

static gboolean
check (const char *method, const char *const *genes, const char *const *columns, QrxTensor *values, GError **error)
{
  gsize n = g_strv_length ((char **) genes), n_columns = g_strv_length ((char **) columns);

  if (n == 0 || n_columns == 0 || qrx_tensor_get_dtype (values) != QRX_DTYPE_F64 || qrx_tensor_get_rows (values) != n ||
      qrx_tensor_get_columns (values) != n_columns)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "Attributions by %s of %" G_GSIZE_FORMAT " genes in %" G_GSIZE_FORMAT
                   " columns need a value of float64 for each, not %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT
                   " values of %s",
                   method, n, n_columns, qrx_tensor_get_rows (values), qrx_tensor_get_columns (values),
                   qrx_dtype_get_name (qrx_tensor_get_dtype (values)));
      return FALSE;
    }
  for (gsize i = 0; i < n * n_columns; i++)
    if (!isfinite (qrx_tensor_get (values, i)))
      {
        g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "%s gives %g as the %s of \"%s\"", method,
                     qrx_tensor_get (values, i), columns[i % n_columns], genes[i / n_columns]);
        return FALSE;
      }
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  guint i = *(const guint *) a, j = *(const guint *) b;
  gsize n_columns = qrx_tensor_get_columns (data);
  double x = qrx_tensor_get (data, i * n_columns), y = qrx_tensor_get (data, j * n_columns);

  if (x != y)
    return x > y ? -1 : 1;
  return i < j ? -1 : i > j;
}

static QrxIndex *
make_order (QrxTensor *values)
{
  gsize n = qrx_tensor_get_rows (values);
  g_autofree guint *places = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    places[i] = i;
  g_qsort_with_data (places, (gint) n, sizeof *places, compare_places, values);
  return qrx_index_new (places, n);
}

/**
 * qrx_attributions_new:
 * @method: the type of the node that computed them
 * @genes: (array zero-terminated=1): the features of the table, in its order
 * @columns: (array zero-terminated=1): what the numbers of a gene are called
 * @values: float64, of shape (genes, columns); it becomes read-only
 * @error: return location for an error
 *
 * Joins numbers to genes. Genes rank by the first column, the greatest first.
 * Fails with %QRX_DATA_ERROR_SHAPE if there is not a number for each, and with %QRX_RUN_ERROR_NOT_FINITE if one is not finite.
 *
 * Returns: (transfer full): the attributions
 */
QrxAttributions *
qrx_attributions_new (const char *method, const char *const *genes, const char *const *columns, QrxTensor *values,
                      GError **error)
{
  QrxAttributions *self;

  g_return_val_if_fail (method != NULL && genes != NULL && columns != NULL && QRX_IS_TENSOR (values), NULL);
  if (!check (method, genes, columns, values, error))
    return NULL;
  self = g_object_new (QRX_TYPE_ATTRIBUTIONS, NULL);
  qrx_tensor_set_read_only (values);
  self->method = g_strdup (method);
  self->genes = g_strdupv ((char **) genes);
  self->columns = g_strdupv ((char **) columns);
  self->values = g_object_ref (values);
  self->order = make_order (values);
  return self;
}

/**
 * qrx_attributions_get_method:
 * @self: attributions
 *
 * Gets how they were computed.
 *
 * Returns: the type of the node that did, such as "integrated-gradients"
 */
const char *
qrx_attributions_get_method (QrxAttributions *self)
{
  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  return self->method;
}

/**
 * qrx_attributions_get_genes:
 * @self: attributions
 *
 * Gets what is ranked.
 *
 * Returns: (transfer none) (array zero-terminated=1): the features, in the order of the table
 */
const char *const *
qrx_attributions_get_genes (QrxAttributions *self)
{
  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  return (const char *const *) self->genes;
}

/**
 * qrx_attributions_get_columns:
 * @self: attributions
 *
 * Gets what the numbers of a gene are called.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names; genes rank by the first
 */
const char *const *
qrx_attributions_get_columns (QrxAttributions *self)
{
  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  return (const char *const *) self->columns;
}

/**
 * qrx_attributions_get_values:
 * @self: attributions
 *
 * Gets the numbers.
 *
 * Returns: (transfer none): read-only float64, of shape (genes, columns)
 */
QrxTensor *
qrx_attributions_get_values (QrxAttributions *self)
{
  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  return self->values;
}

/**
 * qrx_attributions_get_order:
 * @self: attributions
 *
 * Gets the genes by rank.
 *
 * Returns: (transfer none): the places of the genes, the one that matters most first; of equals the one that comes first
 */
QrxIndex *
qrx_attributions_get_order (QrxAttributions *self)
{
  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  return self->order;
}

static void
append_row (GString *csv, QrxAttributions *self, guint gene, gsize rank)
{
  g_autofree char *name = qrx_delimited_quote (self->genes[gene], ',');
  gsize n_columns = qrx_tensor_get_columns (self->values);
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  g_string_append_printf (csv, "%s,%" G_GSIZE_FORMAT, name, rank);
  for (gsize k = 0; k < n_columns; k++)
    g_string_append_printf (csv, ",%s",
                            qrx_number_format (qrx_tensor_get (self->values, gene * n_columns + k), buffer));
  g_string_append_c (csv, '\n');
}

/**
 * qrx_attributions_to_csv:
 * @self: attributions
 *
 * Writes attributions as CSV, one line a gene in the order of the ranks, below a header: `gene`, `rank`, counted from 1, and
 * what the numbers are called. Numbers are the shortest that read back the same.
 *
 * Returns: (transfer full): the text, in UTF-8
 */
char *
qrx_attributions_to_csv (QrxAttributions *self)
{
  g_autoptr (GString) csv = g_string_new ("gene,rank");

  g_return_val_if_fail (QRX_IS_ATTRIBUTIONS (self), NULL);
  for (guint k = 0; self->columns[k] != NULL; k++)
    g_string_append_printf (csv, ",%s", self->columns[k]);
  g_string_append_c (csv, '\n');
  for (gsize i = 0; i < qrx_index_get_length (self->order); i++)
    append_row (csv, self, qrx_index_get (self->order, i), i + 1);
  return g_string_free (g_steal_pointer (&csv), FALSE);
}
