/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predicts a row by the mean of the training rows, or of those of its tissue; a tissue that was not seen, or is not
 * known, gets the mean of all. */
#include "mean-predictor.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BY "mean.by"
#define TENSOR_ALL "mean"
#define TENSOR_TISSUE "mean.tissue." /* and the tissue */

struct _QrxMeanPredictor {
  QrxPredictor parent_instance;
  gboolean by_tissue;
  double mean;
  GHashTable *means; /* tissue → mean (double *) */
};

G_DEFINE_FINAL_TYPE (QrxMeanPredictor, qrx_mean_predictor, QRX_TYPE_PREDICTOR)

typedef struct {
  double sum;
  gsize n;
} Total;

static gboolean
check_tissues (QrxTable *table, GError **error)
{
  if (qrx_table_has_annotation (table, QRX_ANNOTATION_TISSUE))
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
               "The mean goes by tissue, but the table has no annotation \"%s\"", QRX_ANNOTATION_TISSUE);
  return FALSE;
}

static const char *
get_tissue (QrxTable *table, gsize row)
{
  const char *tissue = qrx_table_get_annotation (table, QRX_ANNOTATION_TISSUE, row);

  return tissue != NULL && tissue[0] != '\0' ? tissue : NULL;
}

static void
set_mean (QrxMeanPredictor *self, const char *tissue, double mean)
{
  g_hash_table_insert (self->means, g_strdup (tissue), g_memdup2 (&mean, sizeof mean));
}

static gboolean
qrx_mean_predictor_fill (QrxPredictor *predictor, QrxTable *table, QrxTensor *values, QrxContext *context G_GNUC_UNUSED,
                         GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxMeanPredictor *self = QRX_MEAN_PREDICTOR (predictor);

  if (self->by_tissue && !check_tissues (table, error))
    return FALSE;
  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    {
      const char *tissue = self->by_tissue ? get_tissue (table, row) : NULL;
      const double *mean = tissue != NULL ? g_hash_table_lookup (self->means, tissue) : NULL;

      qrx_tensor_set (values, row, mean != NULL ? *mean : self->mean);
    }
  return TRUE;
}

static void
add_number (QrxSafetensorsWriter *writer, const char *name, double value)
{
  g_autoptr (QrxTensor) tensor = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);

  qrx_tensor_set (tensor, 0, value);
  qrx_safetensors_writer_add (writer, name, tensor);
}

static int
compare_tissues (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
qrx_mean_predictor_write (gpointer predictor, QrxSafetensorsWriter *writer, GError **error G_GNUC_UNUSED)
{
  QrxMeanPredictor *self = predictor;
  guint n;
  g_autofree const char **tissues = (const char **) g_hash_table_get_keys_as_array (self->means, &n);

  qsort (tissues, n, sizeof *tissues, compare_tissues);
  qrx_safetensors_writer_set_metadata (writer, KEY_BY, self->by_tissue ? "tissue" : "global");
  add_number (writer, TENSOR_ALL, self->mean);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strconcat (TENSOR_TISSUE, tissues[i], NULL);

      add_number (writer, name, *(double *) g_hash_table_lookup (self->means, tissues[i]));
    }
  return TRUE;
}

static gboolean
read_number (QrxSafetensors *file, const char *name, double *value, GError **error)
{
  g_autoptr (QrxTensor) tensor = qrx_safetensors_get_shaped (file, name, (const gsize[]){ 1, 1 }, 2, error);

  if (tensor == NULL)
    return FALSE;
  *value = qrx_tensor_get (tensor, 0);
  return TRUE;
}

static gboolean
qrx_mean_predictor_read (gpointer predictor, QrxSafetensors *file, QrxRegistry *registry G_GNUC_UNUSED, GError **error)
{
  QrxMeanPredictor *self = predictor;
  const char *by = qrx_safetensors_get_metadata (file, KEY_BY);
  const char *const *names = qrx_safetensors_get_names (file);

  if (g_strcmp0 (by, "tissue") != 0 && g_strcmp0 (by, "global") != 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "\"" KEY_BY "\" is \"%s\", expected \"global\" or \"tissue\"",
                   by != NULL ? by : "");
      return FALSE;
    }
  self->by_tissue = g_str_equal (by, "tissue");
  if (!read_number (file, TENSOR_ALL, &self->mean, error))
    return FALSE;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      double mean;

      if (!g_str_has_prefix (names[i], TENSOR_TISSUE))
        continue;
      if (!read_number (file, names[i], &mean, error))
        return FALSE;
      set_mean (self, names[i] + strlen (TENSOR_TISSUE), mean);
    }
  return TRUE;
}

static void
qrx_mean_predictor_finalize (GObject *object)
{
  g_hash_table_unref (QRX_MEAN_PREDICTOR (object)->means);
  G_OBJECT_CLASS (qrx_mean_predictor_parent_class)->finalize (object);
}

static void
qrx_mean_predictor_class_init (QrxMeanPredictorClass *klass)
{
  static const QrxPredictorFile file = { qrx_mean_predictor_write, qrx_mean_predictor_read };
  QrxPredictorClass *predictor_class = QRX_PREDICTOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qrx_mean_predictor_finalize;
  predictor_class->name = "mean";
  predictor_class->fill = qrx_mean_predictor_fill;
  predictor_class->file = &file;
}

static void
qrx_mean_predictor_init (QrxMeanPredictor *self)
{
  self->means = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
fit_tissues (QrxMeanPredictor *self, QrxTable *table, QrxTensor *targets, QrxIndex *rows)
{
  g_autoptr (GHashTable) totals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GHashTableIter iter;
  gpointer tissue, value;

  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    {
      guint row = qrx_index_get (rows, i);
      const char *name = get_tissue (table, row);
      Total *total = name != NULL ? g_hash_table_lookup (totals, name) : NULL;

      if (name == NULL)
        continue;
      if (total == NULL)
        {
          total = g_new0 (Total, 1);
          g_hash_table_insert (totals, (gpointer) name, total);
        }
      total->sum += qrx_tensor_get (targets, row);
      total->n++;
    }
  g_hash_table_iter_init (&iter, totals);
  while (g_hash_table_iter_next (&iter, &tissue, &value))
    set_mean (self, tissue, ((Total *) value)->sum / (double) ((Total *) value)->n);
}

QrxMeanPredictor *
qrx_mean_predictor_new (QrxTable *table, gsize target, QrxIndex *rows, gboolean by_tissue, GError **error)
{
  QrxTensor *targets = qrx_table_get_target_values (table, target);
  g_autoptr (QrxMeanPredictor) self = g_object_new (QRX_TYPE_MEAN_PREDICTOR, NULL);
  gsize n = qrx_index_get_length (rows);

  if (by_tissue && !check_tissues (table, error))
    return NULL;
  self->by_tissue = by_tissue;
  for (gsize i = 0; i < n; i++)
    self->mean += qrx_tensor_get (targets, qrx_index_get (rows, i));
  self->mean /= (double) n;
  if (by_tissue)
    fit_tissues (self, table, targets, rows);
  qrx_predictor_learn_from (QRX_PREDICTOR (self), table, target);
  qrx_predictor_add_fitted_rows (QRX_PREDICTOR (self), table, rows);
  return g_steal_pointer (&self);
}

guint
qrx_mean_predictor_get_n_tissues (QrxMeanPredictor *self)
{
  return g_hash_table_size (self->means);
}

double
qrx_mean_predictor_get_mean (QrxMeanPredictor *self)
{
  return self->mean;
}
