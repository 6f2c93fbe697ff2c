/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "learning/qrx-loss-private.h"

#include <math.h>

static const char *const names[] = { "mse", "huber", "binary-cross-entropy" };

static void
test_gradients_are_those_of_the_loss (void)
{
  const double targets[] = { 0, 1, 0, 1, 1 };
  const double h = 1e-6;

  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autoptr (QrxTensor) outputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 5, 1);
      g_autoptr (QrxTensor) gradient = qrx_tensor_new_matrix (QRX_DTYPE_F64, 5, 1);
      QrxLoss loss;

      g_assert_true (qrx_loss_parse (names[k], 0.7, &loss));
      for (guint i = 0; i < 5; i++)
        qrx_tensor_set (outputs, i, 1.3 * i - 2.1);
      qrx_loss_evaluate (&loss, outputs, targets, 5, gradient);
      for (guint i = 0; i < 5; i++)
        {
          double z = qrx_tensor_get (outputs, i), up, down;

          qrx_tensor_set (outputs, i, z + h);
          up = qrx_loss_evaluate (&loss, outputs, targets, 5, NULL);
          qrx_tensor_set (outputs, i, z - h);
          down = qrx_loss_evaluate (&loss, outputs, targets, 5, NULL);
          qrx_tensor_set (outputs, i, z);
          /* central differences: error of order h², and rounding of 1e-16 / h */
          g_assert_cmpfloat_with_epsilon (qrx_tensor_get (gradient, i), (up - down) / (2 * h), 1e-8);
        }
    }
}

static void
test_known_values (void)
{
  g_autoptr (QrxTensor) outputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  const double targets[] = { 0, 0 };
  QrxLoss loss;

  qrx_tensor_set (outputs, 0, 1);
  qrx_tensor_set (outputs, 1, 3);
  g_assert_true (qrx_loss_parse ("mse", 1, &loss));
  g_assert_cmpfloat (qrx_loss_evaluate (&loss, outputs, targets, 2, NULL), ==, 5);
  g_assert_true (qrx_loss_parse ("huber", 2, &loss));
  g_assert_cmpfloat (qrx_loss_evaluate (&loss, outputs, targets, 2, NULL), ==, (0.5 + 2 * (3 - 1)) / 2);
  g_assert_false (qrx_loss_parse ("hinge", 1, &loss));
}

static void
test_cross_entropy_does_not_overflow (void)
{
  g_autoptr (QrxTensor) outputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  const double targets[] = { 0, 1 };
  QrxLoss loss;

  g_assert_true (qrx_loss_parse ("binary-cross-entropy", 1, &loss));
  qrx_tensor_set (outputs, 0, 1000);
  qrx_tensor_set (outputs, 1, -1000);
  g_assert_cmpfloat (qrx_loss_evaluate (&loss, outputs, targets, 2, NULL), ==, 1000);
  qrx_tensor_set (outputs, 0, -1000);
  qrx_tensor_set (outputs, 1, 1000);
  g_assert_cmpfloat (qrx_loss_evaluate (&loss, outputs, targets, 2, NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loss/gradients", test_gradients_are_those_of_the_loss);
  g_test_add_func ("/loss/known-values", test_known_values);
  g_test_add_func ("/loss/no-overflow", test_cross_entropy_does_not_overflow);
  return g_test_run ();
}
