/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program on each kernel against what is expected of it. */
#pragma once

#include <qrx/qrx-statevector-backend.h>

#include "circuit-batch.h"

#define N_ROWS 5

/* Cotangents, coefficients and scales reach 4, 2 and 3, and a weight has many uses in five rows. */
static void
assert_near (const Batch *a, const Batch *b, double tolerance)
{
  g_assert_cmpfloat (distance (a->expectations, b->expectations), <=, tolerance);
  g_assert_cmpfloat (distance (a->grad_inputs, b->grad_inputs), <=, 20 * tolerance);
  g_assert_cmpfloat (distance (a->grad_weights, b->grad_weights), <=, 100 * tolerance);
}

/* Inputs and weights that are rounded to 24 bits are wrong by up to 2e-7, and each scale and sum adds to that. */
#define TOLERANCE_F32 5e-5

/* On each kernel that this processor can run. */
static void
assert_levels_near (QrxProgram *program, const Batch *expected, double tolerance)
{
  const char *const *levels = qrx_statevector_backend_list_kernel_levels ();

  for (guint l = 0; levels[l] != NULL; l++)
    {
      g_autoptr (QrxBackend) backend = qrx_statevector_backend_new_for_level (levels[l], NULL);
      Batch found;

      batch_dup (&found, expected);
      run (backend, program, &found, NULL);
      assert_near (&found, expected, tolerance);
      batch_clear (&found);
      batch_dup_as (&found, expected, QRX_DTYPE_F32);
      run (backend, program, &found, NULL);
      assert_near (&found, expected, TOLERANCE_F32);
      batch_clear (&found);
    }
}
