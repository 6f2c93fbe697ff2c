/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "baseline-cohort.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-random.h>
#include <string.h>

static guint
place (const BaselineWish *wish, guint i)
{
  return wish->reversed ? N_ROWS - 1 - i : i;
}

QrxTable *
baseline_cohort_new (const BaselineWish *wish)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), lines = g_strv_builder_new (), tissues = g_strv_builder_new ();
  g_autofree guint8 *roles = g_malloc (N_ROWS);
  const gsize n = N_ROWS;
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, N_ROWS, N_FEATURES);
  const char *const names[] = { "x0", "x1", "x2", "x3", "x4", NULL };
  g_auto (GStrv) id_list = NULL, line_list = NULL, tissue_list = NULL;
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) plain = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  QrxTable *table;

  for (guint i = 0; i < N_ROWS; i++)
    {
      guint row = place (wish, i), line = row / 2, source = wish->permuted ? (row * 37 + 11) % N_ROWS : row;
      g_autofree char *id = g_strdup_printf ("row-%02u", row), *line_name = g_strdup_printf ("line-%02u", line);
      double x[N_FEATURES], y;
      QrxRandom random;

      g_strv_builder_add (ids, id);
      g_strv_builder_add (lines, line_name);
      g_strv_builder_add (tissues, line % 3 == 0 ? "lung" : line % 3 == 1 ? "skin" : "bone");
      roles[i] = line % 5 == 4 ? QRX_ROLE_TEST : line % 5 == 3 ? QRX_ROLE_VALIDATION : QRX_ROLE_TRAIN;
      qrx_random_init (&random, 3, "cohort", "features", row);
      for (guint k = 0; k < N_FEATURES; k++)
        qrx_tensor_set (features, i * N_FEATURES + k, x[k] = 5 + qrx_random_normal (&random));
      qrx_random_init (&random, 3, "cohort", "features", source);
      for (guint k = 0; k < N_FEATURES; k++)
        x[k] = 5 + qrx_random_normal (&random);
      y = 2 * x[0] - x[1] + 0.1 * qrx_random_normal (&random) + (line % 3 == 0 ? 1.5 : 0);
      qrx_tensor_set (targets, i, row >= N_ROWS - 4 ? NAN : y + (roles[i] == QRX_ROLE_TEST ? wish->shift_tests : 0));
    }
  id_list = g_strv_builder_end (ids);
  line_list = g_strv_builder_end (lines);
  tissue_list = g_strv_builder_end (tissues);
  block = qrx_dense_block_new ("features", names, features, &error);
  g_assert_no_error (error);
  plain = qrx_table_new ((const char *const *) id_list, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_table_add_block (plain, block, NULL, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "line", (const char *const *) line_list, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "tissue", (const char *const *) tissue_list, NULL));
  g_assert_true (qrx_table_add_target (plain, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, targets, NULL));
  bytes = g_bytes_new (roles, N_ROWS);
  table = qrx_table_with_roles (plain, bytes, &error);
  g_assert_no_error (error);
  return table;
}

QrxTable *
baseline_cohort_new_other (gboolean with_tissues)
{
  const char *const ids[] = { "p", "q", "r", "s", NULL };
  const char *const tissues[] = { "lung", "liver", "", "skin", NULL };
  const gsize n = 4;
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, 4, N_FEATURES);
  const char *const names[] = { "x4", "x3", "x2", "x1", "x0", NULL };
  g_autoptr (QrxBlock) block = NULL;
  QrxTable *table = qrx_table_new (ids, NULL);

  for (guint i = 0; i < 4 * N_FEATURES; i++)
    qrx_tensor_set (features, i, 5 + sin (i));
  block = qrx_dense_block_new ("features", names, features, NULL);
  g_assert_true (qrx_table_add_block (table, block, NULL, NULL));
  if (with_tissues)
    g_assert_true (qrx_table_add_annotation (table, "tissue", tissues, NULL));
  g_assert_true (qrx_table_add_target (table, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, targets, NULL));
  return table;
}
