/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-scalar.h>

static void
test_a_copy_through_a_value_is_equal_and_separate (void)
{
  QrxScalar *scalar = qrx_scalar_new (20, QRX_SCALAR_PER_QUBIT, 10, QRX_PARAMETERIZATION_SOFTPLUS);
  g_auto (GValue) value = G_VALUE_INIT;
  const QrxScalar *copy;

  g_value_init (&value, QRX_TYPE_SCALAR);
  g_value_set_boxed (&value, scalar);
  qrx_scalar_free (scalar);
  copy = g_value_get_boxed (&value);
  g_assert_cmpfloat (qrx_scalar_get_value (copy), ==, 20);
  g_assert_cmpint (qrx_scalar_get_train (copy), ==, QRX_SCALAR_PER_QUBIT);
  g_assert_cmpfloat (qrx_scalar_get_rate (copy), ==, 10);
  g_assert_cmpint (qrx_scalar_get_parameterization (copy), ==, QRX_PARAMETERIZATION_SOFTPLUS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalar/copy", test_a_copy_through_a_value_is_equal_and_separate);
  return g_test_run ();
}
