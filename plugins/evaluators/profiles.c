/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows are read in small batches and told apart by a digest of their numbers, so that lines × drugs, whose expression a
 * table keeps once, are a few profiles here too. */
#include "profiles.h"

#include <math.h>
#include <qrx/qrx-linalg.h>
#include <qrx/qrx-memory.h>

#define BATCH 256

static gboolean
is_held (QrxRole role)
{
  return role == QRX_ROLE_TEST || role == QRX_ROLE_EXTERNAL;
}

static void
count_row (QrxTable *table, guint row, const double *values, GHashTable *places, GArray *profiles)
{
  gsize p = qrx_table_get_n_features (table);
  char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) values, p * sizeof *values);
  gpointer place;
  Profile *profile;

  if (g_hash_table_lookup_extended (places, digest, NULL, &place))
    g_free (digest);
  else
    {
      const Profile fresh = { .row = row };

      place = GUINT_TO_POINTER (profiles->len);
      g_array_append_val (profiles, fresh);
      g_hash_table_insert (places, digest, place);
    }
  profile = &g_array_index (profiles, Profile, GPOINTER_TO_UINT (place));
  if (!is_held (qrx_table_get_role (table, row)))
    profile->trains++;
  else if (profile->held++ == 0)
    profile->first_held = row;
}

GArray *
profiles_find (QrxTable *table, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) profiles = g_array_new (FALSE, FALSE, sizeof (Profile));
  guint n = (guint) qrx_table_get_n_rows (table);
  gsize p = qrx_table_get_n_features (table);

  for (guint first = 0; first < n; first += BATCH)
    {
      guint n_batch = MIN (BATCH, n - first);
      g_autoptr (QrxIndex) rows = qrx_index_new_range (first, n_batch);
      g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_batch, p);

      if (!qrx_table_read_features (table, rows, values, error))
        return NULL;
      for (guint i = 0; i < n_batch; i++)
        count_row (table, first + i, qrx_tensor_peek_f64 (values) + i * p, places, profiles);
    }
  return g_steal_pointer (&profiles);
}

/* Takes the columns' means away, then gives every row the length one. */
static void
normalize (double *values, gsize n, gsize p)
{
  for (gsize j = 0; j < p; j++)
    {
      double mean = 0;

      for (gsize i = 0; i < n; i++)
        mean += values[i * p + j] / (double) n;
      for (gsize i = 0; i < n; i++)
        values[i * p + j] -= mean;
    }
  for (gsize i = 0; i < n; i++)
    {
      double mean = 0, squares = 0;

      for (gsize j = 0; j < p; j++)
        mean += values[i * p + j] / (double) p;
      for (gsize j = 0; j < p; j++)
        {
          values[i * p + j] -= mean;
          squares += values[i * p + j] * values[i * p + j];
        }
      for (gsize j = 0; j < p; j++)
        values[i * p + j] = squares > 0 ? values[i * p + j] / sqrt (squares) : 0;
    }
}

QrxTensor *
profiles_correlate (QrxTable *table, GArray *profiles, QrxPool *pool, GError **error)
{
  gsize n = profiles->len, p = qrx_table_get_n_features (table);
  g_autofree guint *rows = g_new (guint, n);
  g_autoptr (QrxIndex) index = NULL;
  g_autoptr (QrxTensor) values = NULL;
  QrxTensor *correlations;

  if (!qrx_memory_check ((double) n * (double) (n + p) * sizeof (double), "comparing all profiles", error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    rows[i] = g_array_index (profiles, Profile, i).row;
  index = qrx_index_new (rows, n);
  values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, p);
  if (!qrx_table_read_features (table, index, values, error))
    return NULL;
  normalize (qrx_tensor_peek_f64 (values), n, p);
  correlations = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, n);
  qrx_linalg_multiply (values, FALSE, values, TRUE, 1, 0, correlations, pool);
  return correlations;
}
