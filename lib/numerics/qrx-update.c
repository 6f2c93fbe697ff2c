/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves parameters by their gradient, and measures it on the way. A step of a large model is bound by memory: here
 * parameters and moments are read and written once, and a gradient that is a product of two small matrices is made in
 * the cache, used, and forgotten. Pieces depend on shapes alone and their sums are added in order. */
#include <qrx/qrx-update.h>

#include "numerics/qrx-gemm-private.h"
#include "numerics/qrx-loops-private.h"

#include <math.h>

/* What is done with each piece of a gradient; without settings it is measured only. */
typedef struct {
  const QrxLoops *loops;
  const QrxLoopsAdam *adam;
  const QrxLoopsSgd *sgd;
  const char *gradient; /* NULL where it comes in blocks */
  char *parameters, *first, *second;
  gsize n, columns, size;
  double *sums; /* of squares, one a piece */
} Update;

static void
take (const Update *self, gconstpointer gradient, gsize offset, gsize n, double *lanes)
{
  gsize at = offset * self->size;

  self->loops->dot (n, gradient, gradient, lanes);
  if (self->adam != NULL)
    self->loops->adam (self->adam, n, gradient, self->parameters + at, self->first + at, self->second + at);
  else if (self->sgd != NULL)
    self->loops->sgd (self->sgd, n, gradient, self->parameters + at, self->first + at);
}

static double
add_lanes (const double *lanes)
{
  double sum = 0;

  for (gsize i = 0; i < QRX_LOOPS_N_LANES; i++)
    sum += lanes[i];
  return sum;
}

static void
take_piece (gsize block, gpointer data)
{
  const Update *self = data;
  gsize first = block * QRX_LOOPS_PIECE;
  double lanes[QRX_LOOPS_N_LANES] = { 0 };

  take (self, self->gradient + first * self->size, first, MIN (QRX_LOOPS_PIECE, self->n - first), lanes);
  self->sums[block] = add_lanes (lanes);
}

static void
take_block (gsize block, gsize row, gsize n_rows, gsize column, gsize n_columns, gconstpointer elements, gsize stride,
            gpointer data)
{
  const Update *self = data;
  double lanes[QRX_LOOPS_N_LANES] = { 0 };

  for (gsize i = 0; i < n_rows; i++)
    take (self, (const char *) elements + i * stride * self->size, (row + i) * self->columns + column, n_columns,
          lanes);
  self->sums[block] = add_lanes (lanes);
}

static double
add_sums (const double *sums, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += sums[i];
  return sum;
}

static double
run_product (Update *self, const QrxGradient *gradient, QrxPool *pool)
{
  gsize m = qrx_tensor_get_columns (gradient->left), n = qrx_tensor_get_columns (gradient->right);
  gsize k = qrx_tensor_get_rows (gradient->left), n_blocks = qrx_gemm_count_blocks (m, n);
  QrxGemmMatrix left = { qrx_tensor_peek (gradient->left), 1, m }, right = { qrx_tensor_peek (gradient->right), n, 1 };
  g_autofree double *sums = g_new (double, n_blocks);

  self->columns = n;
  self->sums = sums;
  qrx_gemm_stream (qrx_gemm_get_kernel (qrx_tensor_get_dtype (gradient->left), qrx_gemm_get_best_level ()), m, n, k,
                   &left, &right, take_block, self, pool);
  return add_sums (sums, n_blocks);
}

static double
run (Update *self, const QrxGradient *gradient, QrxPool *pool)
{
  QrxTensor *any = gradient->values != NULL ? gradient->values : gradient->left;
  g_autofree double *sums = NULL;
  gsize n_blocks;

  self->loops = qrx_loops_get (qrx_tensor_get_dtype (any), qrx_loops_has_wide ());
  self->size = qrx_dtype_get_size (qrx_tensor_get_dtype (any));
  if (gradient->values == NULL)
    return run_product (self, gradient, pool);
  self->n = qrx_tensor_get_n_elements (gradient->values);
  self->gradient = qrx_tensor_peek (gradient->values);
  n_blocks = (self->n + QRX_LOOPS_PIECE - 1) / QRX_LOOPS_PIECE;
  sums = g_new (double, n_blocks);
  self->sums = sums;
  qrx_pool_run (pool, n_blocks, take_piece, self);
  return add_sums (sums, n_blocks);
}

static gboolean
has_shape (const QrxGradient *gradient, QrxTensor *tensor)
{
  if (!QRX_IS_TENSOR (tensor))
    return FALSE;
  if (gradient->values != NULL)
    return qrx_tensor_get_dtype (gradient->values) == qrx_tensor_get_dtype (tensor) &&
           qrx_tensor_get_n_elements (gradient->values) == qrx_tensor_get_n_elements (tensor);
  return qrx_tensor_get_dtype (gradient->left) == qrx_tensor_get_dtype (tensor) &&
         qrx_tensor_get_columns (gradient->left) == qrx_tensor_get_rows (tensor) &&
         qrx_tensor_get_columns (gradient->right) == qrx_tensor_get_columns (tensor);
}

static gboolean
is_gradient (const QrxGradient *gradient)
{
  if (gradient == NULL)
    return FALSE;
  if (gradient->values != NULL)
    return QRX_IS_TENSOR (gradient->values);
  return QRX_IS_TENSOR (gradient->left) && QRX_IS_TENSOR (gradient->right) &&
         qrx_tensor_get_dtype (gradient->left) == qrx_tensor_get_dtype (gradient->right) &&
         qrx_tensor_get_rows (gradient->left) == qrx_tensor_get_rows (gradient->right);
}

/* Whether a tensor can be moved by a gradient. */
static gboolean
is_target (const QrxGradient *gradient, QrxTensor *tensor)
{
  return has_shape (gradient, tensor) && !qrx_tensor_is_read_only (tensor) && tensor != gradient->values;
}

/**
 * qrx_update_measure: (skip)
 * @gradient: a gradient
 * @pool: (nullable): threads to share the work
 *
 * Sums the squares of a gradient, in double precision and in a fixed order.
 *
 * Returns: the sum
 */
double
qrx_update_measure (const QrxGradient *gradient, QrxPool *pool)
{
  Update self = { NULL };

  g_return_val_if_fail (is_gradient (gradient), 0);
  return run (&self, gradient, pool);
}

/**
 * qrx_update_adam: (skip)
 * @settings: the settings
 * @step: which step this is, from 1
 * @gradient: the loss's gradient by the parameters
 * @parameters: the parameters, which are updated
 * @mean: the mean of gradients, zero at first, which is updated
 * @square: the mean of squared gradients, zero at first, which is updated
 * @pool: (nullable): threads to share the work
 *
 * Takes one step of Adam or AdamW, with both biases corrected, in one pass; all tensors are distinct.
 *
 * Returns: the sum of the squares of the gradient, before it is scaled
 */
double
qrx_update_adam (const QrxAdam *settings, guint64 step, const QrxGradient *gradient, QrxTensor *parameters,
                 QrxTensor *mean, QrxTensor *square, QrxPool *pool)
{
  QrxLoopsAdam adam;
  Update self = { .adam = &adam };

  g_return_val_if_fail (settings != NULL && step > 0 && is_gradient (gradient), 0);
  g_return_val_if_fail (is_target (gradient, parameters), 0);
  g_return_val_if_fail (is_target (gradient, mean) && is_target (gradient, square), 0);
  g_return_val_if_fail (parameters != mean && parameters != square && mean != square, 0);

  adam = (QrxLoopsAdam){
    .scale = settings->scale,
    .beta1 = settings->beta1,
    .beta2 = settings->beta2,
    .epsilon = settings->epsilon,
    .step_size = settings->learning_rate / (1 - pow (settings->beta1, (double) step)),
    .root_factor = 1 / sqrt (1 - pow (settings->beta2, (double) step)),
    .l2 = settings->decoupled ? 0 : settings->weight_decay,
    .shrink = settings->decoupled ? 1 - settings->learning_rate * settings->weight_decay : 1,
  };
  self.parameters = qrx_tensor_peek (parameters);
  self.first = qrx_tensor_peek (mean);
  self.second = qrx_tensor_peek (square);
  return run (&self, gradient, pool);
}

/**
 * qrx_update_sgd: (skip)
 * @settings: the settings
 * @gradient: the loss's gradient by the parameters
 * @parameters: the parameters, which are updated
 * @velocity: the velocity, zero at first, which is updated
 * @pool: (nullable): threads to share the work
 *
 * Takes one step of gradient descent with momentum, in one pass; all tensors are distinct.
 *
 * Returns: the sum of the squares of the gradient, before it is scaled
 */
double
qrx_update_sgd (const QrxSgd *settings, const QrxGradient *gradient, QrxTensor *parameters, QrxTensor *velocity,
                QrxPool *pool)
{
  QrxLoopsSgd sgd;
  Update self = { .sgd = &sgd };

  g_return_val_if_fail (settings != NULL && is_gradient (gradient), 0);
  g_return_val_if_fail (is_target (gradient, parameters) && is_target (gradient, velocity), 0);
  g_return_val_if_fail (parameters != velocity, 0);

  sgd = (QrxLoopsSgd){ settings->scale, settings->weight_decay, settings->momentum, settings->learning_rate };
  self.parameters = qrx_tensor_peek (parameters);
  self.first = qrx_tensor_peek (velocity);
  return run (&self, gradient, pool);
}
