/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Batch normalization of columns in tiles that fit the nearest cache; statistics are in double precision. */
#include "support/norm.h"

#include "support/typed.h"

#include <math.h>

#define REAL float
#define TYPED(name) QRX_TYPED_JOIN (name, f32)
#include "support/norm-typed.h"
#undef REAL
#undef TYPED
#define REAL double
#define TYPED(name) QRX_TYPED_JOIN (name, f64)
#include "support/norm-typed.h"
#undef REAL
#undef TYPED

void
qrx_norm_declare (const QrxNorm *self, QrxPlan *plan, gsize width)
{
  if (self->gain != NULL)
    qrx_parameter_start_constant (qrx_plan_add_parameter (plan, self->gain, 1, width), 1);
  if (self->shift != NULL)
    qrx_plan_add_parameter (plan, self->shift, 1, width);
  qrx_plan_add_buffer (plan, self->mean, 1, width, 0);
  qrx_plan_add_buffer (plan, self->variance, 1, width, 1);
  qrx_plan_add_workspace (plan, self->normalized, 0, width);
  qrx_plan_add_workspace (plan, self->inverse, 1, width);
  qrx_plan_set_batch_dependent (plan);
}

static gpointer
peek_parameter (QrxStep *step, const char *name)
{
  return name != NULL ? qrx_tensor_peek (qrx_step_get_parameter (step, name)) : NULL;
}

static gpointer
peek_gradient (QrxStep *step, const char *name)
{
  if (name == NULL || !qrx_step_needs_parameter_gradient (step, name))
    return NULL;
  return qrx_tensor_peek (qrx_step_get_parameter_gradient (step, name));
}

gboolean
qrx_norm_forward (const QrxNorm *self, QrxStep *step, QrxTensor *x, QrxTensor *y, GError **error)
{
  gboolean training = qrx_step_get_mode (step) == QRX_MODE_TRAIN;
  gsize n_rows = qrx_tensor_get_rows (x), width = qrx_tensor_get_columns (x);
  double *mean = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, self->mean));
  double *variance = qrx_tensor_peek_f64 (qrx_step_get_buffer (step, self->variance));
  gconstpointer gain = peek_parameter (step, self->gain), shift = peek_parameter (step, self->shift);
  gpointer normalized = qrx_tensor_peek (qrx_step_get_workspace (step, self->normalized));
  gpointer inverse = qrx_tensor_peek (qrx_step_get_workspace (step, self->inverse));

  if (training && n_rows < 2)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "batch normalization met a minibatch of %" G_GSIZE_FORMAT " row; it needs at least two to train",
                   n_rows);
      return FALSE;
    }
  if (qrx_tensor_get_dtype (x) == QRX_DTYPE_F64)
    {
      Forward_f64 pass = { qrx_tensor_peek (x), gain, shift, normalized, inverse, qrx_tensor_peek (y), n_rows, width };

      run_forward_f64 (self, training, &pass, mean, variance);
    }
  else
    {
      Forward_f32 pass = { qrx_tensor_peek (x), gain, shift, normalized, inverse, qrx_tensor_peek (y), n_rows, width };

      run_forward_f32 (self, training, &pass, mean, variance);
    }
  return TRUE;
}

void
qrx_norm_backward (const QrxNorm *self, QrxStep *step, QrxTensor *gradient, QrxTensor *to)
{
  gboolean training = qrx_step_get_mode (step) == QRX_MODE_TRAIN;
  gsize n_rows = qrx_tensor_get_rows (gradient), width = qrx_tensor_get_columns (gradient);
  gconstpointer g = qrx_tensor_peek (gradient), gain = peek_parameter (step, self->gain);
  gconstpointer normalized = qrx_tensor_peek (qrx_step_get_workspace (step, self->normalized));
  gconstpointer inverse = qrx_tensor_peek (qrx_step_get_workspace (step, self->inverse));
  gpointer by_gain = peek_gradient (step, self->gain), by_shift = peek_gradient (step, self->shift);
  gpointer input = to != NULL ? qrx_tensor_peek (to) : NULL;

  if (qrx_tensor_get_dtype (gradient) == QRX_DTYPE_F64)
    {
      Backward_f64 pass = { g, gain, normalized, inverse, input, by_gain, by_shift, n_rows, width };

      run_backward_f64 (training, &pass);
    }
  else
    {
      Backward_f32 pass = { g, gain, normalized, inverse, input, by_gain, by_shift, n_rows, width };

      run_backward_f32 (training, &pass);
    }
}
