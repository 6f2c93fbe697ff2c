/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lines and drugs add to the mean, by hand. */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-predictions.h>

/* 'b' of drug 'y' was never seen together; 'c' and 'z' not at all. */
static void
test_lines_and_drugs_add_to_the_mean (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *const ids[] = { "ax", "ay", "bx", "by", "cx", "cz", NULL };
  const char *const lines[] = { "a", "a", "b", "b", "c", "c", NULL }, *const drugs[] = { "x", "y", "x", "y", "x", "z", NULL };
  const double known[] = { 1, 3, 8, NAN, NAN, NAN };
  const gsize n = 6;
  const double mean = 4, of_a = 2, of_b = 8, of_x = 4.5, of_y = 3;
  const double expected[] = { of_a + of_x - mean, of_a + of_y - mean, of_b + of_x - mean, of_b + of_y - mean, of_x, mean };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TRAIN, QRX_ROLE_TRAIN, QRX_ROLE_TEST, QRX_ROLE_TEST, QRX_ROLE_TEST };
  g_autoptr (QrxTensor) targets = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (QrxTable) plain = qrx_table_new (ids, NULL), table = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (roles, sizeof roles);
  g_autoptr (QrxBundle) in = qrx_bundle_new (), out = NULL;
  g_autoptr (GError) error = NULL;
  QrxTensor *values;

  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (targets, i, known[i]);
  g_assert_true (qrx_table_add_annotation (plain, "line", lines, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "drug", drugs, NULL));
  g_assert_true (qrx_table_add_target (plain, "y", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, targets, NULL));
  table = qrx_table_with_roles (plain, bytes, NULL);
  qrx_table_set_unseen (table, QRX_UNSEEN_PAIRS);
  qrx_bundle_set (in, "in", QRX_VALUE (table));
  out = node_fixture_run_bundle (fixture, "mean-baseline", "{'by': 'line+drug'}", in, &error);
  g_assert_no_error (error);
  values = qrx_predictions_get_values (QRX_PREDICTIONS (qrx_bundle_get (out, "predictions")));
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, i), expected[i], 1e-14);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/mean-effects/add-up", test_lines_and_drugs_add_to_the_mean);
  return g_test_run ();
}
