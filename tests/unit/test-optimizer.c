/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "learning/qrx-optimizer-private.h"
#include "learning/qrx-parameter-private.h"

#include <math.h>

static QrxFitOptions
options (const char *schedule)
{
  return (QrxFitOptions){ .learning_rate = 0.1, .schedule = schedule, .epochs = 10, .step_epochs = 3, .decay = 0.5 };
}

static void
test_schedules (void)
{
  QrxFitOptions constant = options ("constant"), cosine = options ("cosine"), step = options ("step");
  QrxFitOptions exponential = options ("exponential"), plateau = options ("plateau");

  g_assert_cmpfloat (qrx_schedule_get_rate (&constant, 9, 0), ==, 0.1);
  g_assert_cmpfloat (qrx_schedule_get_rate (&cosine, 0, 0), ==, 0.1);
  g_assert_cmpfloat_with_epsilon (qrx_schedule_get_rate (&cosine, 5, 0), 0.05, 1e-15);
  g_assert_cmpfloat (qrx_schedule_get_rate (&step, 2, 0), ==, 0.1);
  g_assert_cmpfloat (qrx_schedule_get_rate (&step, 3, 0), ==, 0.05);
  g_assert_cmpfloat (qrx_schedule_get_rate (&step, 7, 0), ==, 0.025);
  g_assert_cmpfloat (qrx_schedule_get_rate (&exponential, 3, 0), ==, 0.0125);
  g_assert_cmpfloat (qrx_schedule_get_rate (&plateau, 7, 0), ==, 0.1);
  g_assert_cmpfloat (qrx_schedule_get_rate (&plateau, 7, 2), ==, 0.025);
}

static void
test_warmup_rises_to_the_rate (void)
{
  QrxFitOptions warm = options ("cosine");

  warm.warmup = 4;
  for (guint epoch = 1; epoch < 4; epoch++)
    g_assert_cmpfloat (qrx_schedule_get_rate (&warm, epoch, 0), >, qrx_schedule_get_rate (&warm, epoch - 1, 0));
  g_assert_cmpfloat (qrx_schedule_get_rate (&warm, 4, 0), ==, 0.1);
  g_assert_cmpfloat (qrx_schedule_get_rate (&warm, 5, 0), <, 0.1);
}

/* What a layer sees of a learned scalar, and what of the layer's gradient reaches it. */
static void
test_scalars_expand_and_fold (void)
{
  g_autoptr (QrxScalar) scalar = qrx_scalar_new (3, QRX_SCALAR_SHARED, 10, QRX_PARAMETERIZATION_SOFTPLUS);
  g_autoptr (QrxParameter) parameter = qrx_parameter_new_scalar ("a", 4, scalar);
  g_autoptr (QrxTensor) raw = qrx_parameter_create_raw (parameter, QRX_DTYPE_F64, 1, "layer");
  g_autoptr (QrxTensor) effective = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 4);
  g_autoptr (QrxTensor) gradient = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 4);
  g_autoptr (QrxTensor) folded = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  double z;

  g_assert_cmpuint (qrx_tensor_get_n_elements (raw), ==, 1);
  qrx_parameter_expand (parameter, raw, effective);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (effective, i), 3, 1e-15);
      qrx_tensor_set (gradient, i, i + 1.0);
    }
  qrx_parameter_fold (parameter, raw, gradient, folded);
  z = qrx_tensor_get (raw, 0);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (folded, 0), 10 / (1 + exp (-z)), 1e-14);
  g_assert_cmpfloat (parameter->rate, ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/optimizer/schedules", test_schedules);
  g_test_add_func ("/optimizer/warmup", test_warmup_rises_to_the_rate);
  g_test_add_func ("/optimizer/scalars", test_scalars_expand_and_fold);
  return g_test_run ();
}
