/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit's inputs, weights and cotangents at random, and what a backend makes of them. */
#pragma once

#include <math.h>
#include <qrx/qrx-backend.h>

/* Rounding of some hundred operations on numbers near 1, summed over the rows. */
#define TOLERANCE 1e-12

typedef struct {
  QrxTensor *inputs, *weights, *cotangents, *expectations, *grad_inputs, *grad_weights;
} Batch;

static QrxTensor *
random_tensor (GRand *rand, gsize rows, gsize columns, guint rank)
{
  QrxTensor *tensor = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ rows, columns }, rank);

  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    qrx_tensor_set (tensor, i, g_rand_double_range (rand, -4, 4));
  return tensor;
}

static void
batch_init (Batch *batch, QrxCircuit *circuit, GRand *rand, gsize n_rows)
{
  batch->inputs = random_tensor (rand, n_rows, qrx_circuit_get_n_inputs (circuit), 2);
  batch->weights = random_tensor (rand, qrx_circuit_get_n_weights (circuit), 0, 1);
  batch->cotangents = random_tensor (rand, n_rows, qrx_circuit_get_n_observables (circuit), 2);
  batch->expectations = random_tensor (rand, n_rows, qrx_circuit_get_n_observables (circuit), 2);
  batch->grad_inputs = random_tensor (rand, n_rows, qrx_circuit_get_n_inputs (circuit), 2);
  batch->grad_weights = random_tensor (rand, qrx_circuit_get_n_weights (circuit), 0, 1);
}

/* The same problem with results of its own, in some precision. */
static void
batch_dup_as (Batch *batch, const Batch *from, QrxDtype dtype)
{
  batch->inputs = qrx_tensor_dup_as (from->inputs, dtype);
  batch->weights = qrx_tensor_dup_as (from->weights, dtype);
  batch->cotangents = qrx_tensor_dup_as (from->cotangents, dtype);
  batch->expectations = qrx_tensor_dup_as (from->expectations, dtype);
  batch->grad_inputs = qrx_tensor_dup_as (from->grad_inputs, dtype);
  batch->grad_weights = qrx_tensor_dup_as (from->grad_weights, dtype);
  qrx_tensor_fill (batch->expectations, NAN);
  qrx_tensor_fill (batch->grad_inputs, NAN);
  qrx_tensor_fill (batch->grad_weights, NAN);
}

static void
batch_dup (Batch *batch, const Batch *from)
{
  batch_dup_as (batch, from, QRX_DTYPE_F64);
}

static void
batch_clear (Batch *batch)
{
  g_object_unref (batch->inputs);
  g_object_unref (batch->weights);
  g_object_unref (batch->cotangents);
  g_object_unref (batch->expectations);
  g_object_unref (batch->grad_inputs);
  g_object_unref (batch->grad_weights);
}

/* In a workspace for so many rows. */
static void
run_with_room (QrxBackend *backend, QrxProgram *program, gsize max_rows, Batch *batch, QrxPool *pool)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxWorkspace) workspace =
    qrx_backend_create_workspace (backend, program, max_rows, qrx_tensor_get_dtype (batch->inputs), &error);

  g_assert_no_error (error);
  qrx_backend_expectations (backend, program, batch->inputs, batch->weights, workspace, batch->expectations, pool,
                            &error);
  g_assert_no_error (error);
  qrx_backend_vjp (backend, program, workspace, batch->cotangents, batch->grad_inputs, batch->grad_weights, pool,
                   &error);
  g_assert_no_error (error);
}

static void
run (QrxBackend *backend, QrxProgram *program, Batch *batch, QrxPool *pool)
{
  run_with_room (backend, program, qrx_tensor_get_rows (batch->inputs), batch, pool);
}

static double
distance (QrxTensor *a, QrxTensor *b)
{
  double largest = 0;

  for (gsize i = 0; i < qrx_tensor_get_n_elements (a); i++)
    {
      double d = fabs (qrx_tensor_get (a, i) - qrx_tensor_get (b, i));

      if (!(d <= largest))
        largest = isnan (d) ? HUGE_VAL : d;
    }
  return largest;
}
