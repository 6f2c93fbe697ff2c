/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic on whole tensors: checks once, then cuts the work into fixed pieces for the loops. */
#include "numerics/qrx-loops-private.h"

#include <math.h>
#include <string.h>

#define PIECE QRX_LOOPS_PIECE
#define SUMS 256    /* columns that are summed at once */

static const QrxLoops *
get_loops (QrxTensor *tensor)
{
  return qrx_loops_get (qrx_tensor_get_dtype (tensor), qrx_loops_has_wide ());
}

/* Whether @b may be used with @a element by element. */
static gboolean
match (QrxTensor *a, QrxTensor *b)
{
  return QRX_IS_TENSOR (a) && QRX_IS_TENSOR (b) && qrx_tensor_get_dtype (a) == qrx_tensor_get_dtype (b) &&
         qrx_tensor_get_n_elements (a) == qrx_tensor_get_n_elements (b);
}

static gboolean
match_writable (QrxTensor *a, QrxTensor *b)
{
  return match (a, b) && !qrx_tensor_is_read_only (b);
}

/* A call on one piece of up to four arrays. */
typedef struct _Job Job;
struct _Job
{
  const QrxLoops *loops;
  gsize n;
  gsize element_size;
  char *arrays[4];
  void (*run) (const Job *job, gsize n, char *const arrays[4]);
  QrxActivation activation;
  double factor;
};

static void
run_piece (gsize block, gpointer data)
{
  const Job *job = data;
  gsize first = block * PIECE;
  char *arrays[4];

  for (guint i = 0; i < 4; i++)
    arrays[i] = job->arrays[i] != NULL ? job->arrays[i] + first * job->element_size : NULL;
  job->run (job, MIN (PIECE, job->n - first), arrays);
}

static void
run_job (Job *job, QrxTensor *const tensors[4], QrxPool *pool)
{
  job->loops = get_loops (tensors[0]);
  job->n = qrx_tensor_get_n_elements (tensors[0]);
  job->element_size = qrx_dtype_get_size (qrx_tensor_get_dtype (tensors[0]));
  for (guint i = 0; i < 4; i++)
    job->arrays[i] = tensors[i] != NULL ? qrx_tensor_peek (tensors[i]) : NULL;
  qrx_pool_run (pool, (job->n + PIECE - 1) / PIECE, run_piece, job);
}

static void
run_activate (const Job *job, gsize n, char *const arrays[4])
{
  job->loops->activate (job->activation, n, arrays[0], arrays[1]);
}

/**
 * qrx_kernels_activate: (skip)
 * @activation: a function
 * @x: its arguments
 * @y: room for its values; it may be @x
 * @pool: (nullable): threads to share the work
 *
 * Applies a function to every element; accurate to two units in the last place.
 */
void
qrx_kernels_activate (QrxActivation activation, QrxTensor *x, QrxTensor *y, QrxPool *pool)
{
  Job job = { .run = run_activate, .activation = activation };

  g_return_if_fail (match_writable (x, y));
  run_job (&job, (QrxTensor *[4]){ x, y }, pool);
}

static void
run_activate_backward (const Job *job, gsize n, char *const arrays[4])
{
  job->loops->activate_backward (job->activation, n, arrays[0], arrays[1], arrays[2], arrays[3]);
}

/**
 * qrx_kernels_activate_backward: (skip)
 * @activation: a function
 * @x: its arguments
 * @y: its values
 * @gradient_y: the loss's gradient by the values
 * @gradient_x: room for the gradient by the arguments; it may be @gradient_y
 * @pool: (nullable): threads to share the work
 *
 * Multiplies a gradient by the function's slope; that of %QRX_ACTIVATION_RELU at zero is zero.
 */
void
qrx_kernels_activate_backward (QrxActivation activation,
                               QrxTensor *x,
                               QrxTensor *y,
                               QrxTensor *gradient_y,
                               QrxTensor *gradient_x,
                               QrxPool *pool)
{
  Job job = { .run = run_activate_backward, .activation = activation };

  g_return_if_fail (match (x, y) && match (x, gradient_y) && match_writable (x, gradient_x));
  run_job (&job, (QrxTensor *[4]){ x, y, gradient_y, gradient_x }, pool);
}

static void
run_axpy (const Job *job, gsize n, char *const arrays[4])
{
  job->loops->axpy (n, job->factor, arrays[0], arrays[1]);
}

/**
 * qrx_kernels_axpy: (skip)
 * @factor: a factor
 * @x: a tensor
 * @y: a tensor that may be written
 * @pool: (nullable): threads to share the work
 *
 * Adds @factor times @x to @y.
 */
void
qrx_kernels_axpy (double factor, QrxTensor *x, QrxTensor *y, QrxPool *pool)
{
  Job job = { .run = run_axpy, .factor = factor };

  g_return_if_fail (match_writable (x, y));
  run_job (&job, (QrxTensor *[4]){ x, y }, pool);
}

/**
 * qrx_kernels_add_bias: (skip)
 * @x: rows, which are changed
 * @bias: a number for each column
 *
 * Adds the same row to every row.
 */
void
qrx_kernels_add_bias (QrxTensor *x, QrxTensor *bias)
{
  gsize rows, columns, size;

  g_return_if_fail (QRX_IS_TENSOR (x) && QRX_IS_TENSOR (bias) && !qrx_tensor_is_read_only (x));
  g_return_if_fail (qrx_tensor_get_dtype (x) == qrx_tensor_get_dtype (bias));
  rows = qrx_tensor_get_rows (x);
  columns = qrx_tensor_get_columns (x);
  g_return_if_fail (qrx_tensor_get_n_elements (bias) == columns);

  size = qrx_dtype_get_size (qrx_tensor_get_dtype (x));
  for (gsize i = 0; i < rows; i++)
    get_loops (x)->add (columns, qrx_tensor_peek (bias), (char *) qrx_tensor_peek (x) + i * columns * size);
}

/**
 * qrx_kernels_column_sums: (skip)
 * @x: rows
 * @add: whether the sums are added to what @sums holds
 * @sums: room for a number for each column
 *
 * Sums every column, row after row in double precision.
 */
void
qrx_kernels_column_sums (QrxTensor *x, gboolean add, QrxTensor *sums)
{
  const QrxLoops *loops;
  gsize rows, columns, size;

  g_return_if_fail (QRX_IS_TENSOR (x) && QRX_IS_TENSOR (sums) && !qrx_tensor_is_read_only (sums));
  g_return_if_fail (qrx_tensor_get_dtype (x) == qrx_tensor_get_dtype (sums));
  rows = qrx_tensor_get_rows (x);
  columns = qrx_tensor_get_columns (x);
  g_return_if_fail (qrx_tensor_get_n_elements (sums) == columns);

  loops = get_loops (x);
  size = qrx_dtype_get_size (qrx_tensor_get_dtype (x));
  for (gsize first = 0; first < columns; first += SUMS)
    {
      gsize n = MIN (SUMS, columns - first);
      double totals[SUMS] = { 0 };

      if (add)
        loops->accumulate (n, (char *) qrx_tensor_peek (sums) + first * size, totals);
      for (gsize i = 0; i < rows; i++)
        loops->accumulate (n, (char *) qrx_tensor_peek (x) + (i * columns + first) * size, totals);
      for (gsize j = 0; j < n; j++)
        qrx_tensor_set (sums, first + j, totals[j]);
    }
}

/**
 * qrx_kernels_scale: (skip)
 * @x: a tensor that may be written
 * @factor: a factor
 *
 * Multiplies every element.
 */
void
qrx_kernels_scale (QrxTensor *x, double factor)
{
  g_return_if_fail (QRX_IS_TENSOR (x) && !qrx_tensor_is_read_only (x));
  get_loops (x)->scale (qrx_tensor_get_n_elements (x), factor, qrx_tensor_peek (x));
}

/**
 * qrx_kernels_dot: (skip)
 * @x: a tensor
 * @y: a tensor
 *
 * Sums the products of elements in double precision, in a fixed order.
 *
 * Returns: the sum
 */
double
qrx_kernels_dot (QrxTensor *x, QrxTensor *y)
{
  double lanes[QRX_LOOPS_N_LANES] = { 0 };

  g_return_val_if_fail (match (x, y), 0);
  get_loops (x)->dot (qrx_tensor_get_n_elements (x), qrx_tensor_peek (x), qrx_tensor_peek (y), lanes);
  for (gsize width = QRX_LOOPS_N_LANES / 2; width > 0; width /= 2)
    for (gsize i = 0; i < width; i++)
      lanes[i] += lanes[i + width];
  return lanes[0];
}

/**
 * qrx_kernels_norm: (skip)
 * @x: a tensor
 *
 * Returns: the root of the sum of squares; infinite or not a number where an element is
 */
double
qrx_kernels_norm (QrxTensor *x)
{
  return sqrt (qrx_kernels_dot (x, x));
}

/**
 * qrx_kernels_is_finite: (skip)
 * @x: a tensor
 *
 * Returns: whether no element is infinite or not a number
 */
gboolean
qrx_kernels_is_finite (QrxTensor *x)
{
  gsize n, size;

  g_return_val_if_fail (QRX_IS_TENSOR (x), FALSE);
  n = qrx_tensor_get_n_elements (x);
  size = qrx_dtype_get_size (qrx_tensor_get_dtype (x));
  for (gsize first = 0; first < n; first += PIECE)
    if (!get_loops (x)->is_finite (MIN (PIECE, n - first), (char *) qrx_tensor_peek (x) + first * size))
      return FALSE;
  return TRUE;
}
