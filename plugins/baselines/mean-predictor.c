/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predicts a row by means of the training rows: of all, of those of its tissue, line or drug, or by what line and drug add to the
 * mean of all. What was not seen, or is not known, adds nothing. */
#include "mean-predictor.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BY "mean.by"
#define TENSOR_ALL "mean"
#define TENSOR_VALUE "mean." /* and the annotation, a dot and the value */
#define MAX_FACTORS 2

typedef struct {
  const char *name;
  const char *factors[MAX_FACTORS + 1]; /* annotations */
} Kind;

static const Kind kinds[] = {
  { "global", { NULL } },
  { "tissue", { QRX_ANNOTATION_TISSUE } },
  { "line", { QRX_ANNOTATION_LINE } },
  { "drug", { QRX_ANNOTATION_DRUG } },
  { "line+drug", { QRX_ANNOTATION_LINE, QRX_ANNOTATION_DRUG } },
};

struct _QrxMeanPredictor {
  QrxPredictor parent_instance;
  const Kind *kind;
  double mean;
  GHashTable *means; /* annotation, dot, value → mean (double *) */
};

G_DEFINE_FINAL_TYPE (QrxMeanPredictor, qrx_mean_predictor, QRX_TYPE_PREDICTOR)

typedef struct {
  double sum;
  gsize n;
} Total;

static const Kind *
find_kind (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      return &kinds[i];
  return NULL;
}

static gboolean
check_factors (const Kind *kind, QrxTable *table, GError **error)
{
  for (gsize f = 0; kind->factors[f] != NULL; f++)
    if (!qrx_table_require_annotation (table, kind->factors[f], error))
      {
        g_prefix_error (error, "the mean goes by %s, but ", kind->name);
        return FALSE;
      }
  return TRUE;
}

static void
remember_factors (QrxMeanPredictor *self)
{
  for (gsize f = 0; self->kind->factors[f] != NULL; f++)
    qrx_predictor_add_annotation (QRX_PREDICTOR (self), self->kind->factors[f]);
}

/* "drug.Cisplatin", or NULL where the row does not tell. */
static char *
make_key (const char *factor, QrxTable *table, gsize row)
{
  const char *value = qrx_table_get_annotation (table, factor, row);

  return value != NULL && value[0] != '\0' ? g_strconcat (factor, ".", value, NULL) : NULL;
}

/* Takes the key. */
static void
set_mean (QrxMeanPredictor *self, char *key, double mean)
{
  g_hash_table_insert (self->means, key, g_memdup2 (&mean, sizeof mean));
}

/* The sum of what the known factors add to the mean; of one factor, its own mean to the bit. */
static double
predict_row (QrxMeanPredictor *self, QrxTable *table, gsize row)
{
  double sum = 0;
  int n_known = 0;

  for (gsize f = 0; self->kind->factors[f] != NULL; f++)
    {
      g_autofree char *key = make_key (self->kind->factors[f], table, row);
      const double *mean = key != NULL ? g_hash_table_lookup (self->means, key) : NULL;

      if (mean == NULL)
        continue;
      sum += *mean;
      n_known++;
    }
  return sum - (n_known - 1) * self->mean;
}

static gboolean
qrx_mean_predictor_fill (QrxPredictor *predictor, QrxTable *table, QrxTensor *values, QrxContext *context G_GNUC_UNUSED,
                         GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  QrxMeanPredictor *self = QRX_MEAN_PREDICTOR (predictor);

  for (gsize row = 0; row < qrx_table_get_n_rows (table); row++)
    qrx_tensor_set (values, row, predict_row (self, table, row));
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
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
qrx_mean_predictor_write (gpointer predictor, QrxSafetensorsWriter *writer, GError **error G_GNUC_UNUSED)
{
  QrxMeanPredictor *self = predictor;
  guint n;
  g_autofree const char **keys = (const char **) g_hash_table_get_keys_as_array (self->means, &n);

  qsort (keys, n, sizeof *keys, compare_keys);
  qrx_safetensors_writer_set_metadata (writer, KEY_BY, self->kind->name);
  add_number (writer, TENSOR_ALL, self->mean);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strconcat (TENSOR_VALUE, keys[i], NULL);

      add_number (writer, name, *(double *) g_hash_table_lookup (self->means, keys[i]));
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

  self->kind = find_kind (by);
  if (self->kind == NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                   "\"" KEY_BY "\" is \"%s\", expected one of " MEAN_KINDS, by != NULL ? by : "");
      return FALSE;
    }
  remember_factors (self);
  if (!read_number (file, TENSOR_ALL, &self->mean, error))
    return FALSE;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      double mean;

      if (!g_str_has_prefix (names[i], TENSOR_VALUE))
        continue;
      if (!read_number (file, names[i], &mean, error))
        return FALSE;
      set_mean (self, g_strdup (names[i] + strlen (TENSOR_VALUE)), mean);
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
  self->kind = &kinds[0];
  self->means = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* The means of the rows that share a value. */
static void
fit_factor (QrxMeanPredictor *self, const char *factor, QrxTable *table, QrxTensor *targets, QrxIndex *rows)
{
  g_autoptr (GHashTable) totals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  for (gsize i = 0; i < qrx_index_get_length (rows); i++)
    {
      guint row = qrx_index_get (rows, i);
      g_autofree char *key = make_key (factor, table, row);
      Total *total = key != NULL ? g_hash_table_lookup (totals, key) : NULL;

      if (key == NULL)
        continue;
      if (total == NULL)
        {
          total = g_new0 (Total, 1);
          g_hash_table_insert (totals, g_steal_pointer (&key), total);
        }
      total->sum += qrx_tensor_get (targets, row);
      total->n++;
    }
  g_hash_table_iter_init (&iter, totals);
  while (g_hash_table_iter_next (&iter, &name, &value))
    set_mean (self, g_strdup (name), ((Total *) value)->sum / (double) ((Total *) value)->n);
}

QrxMeanPredictor *
qrx_mean_predictor_new (QrxTable *table, gsize target, QrxIndex *rows, const char *by, GError **error)
{
  QrxTensor *targets = qrx_table_get_target_values (table, target);
  g_autoptr (QrxMeanPredictor) self = g_object_new (QRX_TYPE_MEAN_PREDICTOR, NULL);
  gsize n = qrx_index_get_length (rows);

  self->kind = find_kind (by);
  g_return_val_if_fail (self->kind != NULL, NULL);
  if (!check_factors (self->kind, table, error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    self->mean += qrx_tensor_get (targets, qrx_index_get (rows, i));
  self->mean /= (double) n;
  for (gsize f = 0; self->kind->factors[f] != NULL; f++)
    fit_factor (self, self->kind->factors[f], table, targets, rows);
  remember_factors (self);
  qrx_predictor_learn_from (QRX_PREDICTOR (self), table, target);
  qrx_predictor_add_fitted_rows (QRX_PREDICTOR (self), table, rows);
  return g_steal_pointer (&self);
}

guint
qrx_mean_predictor_get_n_means (QrxMeanPredictor *self)
{
  return g_hash_table_size (self->means);
}

double
qrx_mean_predictor_get_mean (QrxMeanPredictor *self)
{
  return self->mean;
}
