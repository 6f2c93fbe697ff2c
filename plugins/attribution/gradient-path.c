/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integrated gradients: what a gradient adds up to along the straight line from a baseline to a row. Knows no nodes. */
#include "gradient-path.h"

#include <math.h>
#include <string.h>

#define MAX_POINTS 512 /* of lines at a time: what is held is this many rows of all columns, twice */

/* Legendre's polynomial of degree n, and its derivative, by the recurrence of three terms. */
static double
evaluate_legendre (guint n, double x, double *slope)
{
  double before = 1, value = x;

  for (guint k = 2; k <= n; k++)
    {
      double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;

      before = value;
      value = next;
    }
  *slope = n * (x * value - before) / (x * x - 1);
  return value;
}

void
gradient_path_place (guint n, double *places, double *weights)
{
  for (guint i = 0; i < n; i++)
    {
      double x = cos (G_PI * (i + 0.75) / (n + 0.5)), slope = 1;

      /* Newton's method from a start that is close to this root and to no other. */
      for (guint round = 0; n > 1 && round < 100; round++)
        {
          double step = evaluate_legendre (n, x, &slope) / slope;

          x -= step;
          if (fabs (step) < 1e-15)
            break;
        }
      if (n == 1)
        x = 0;
      else
        evaluate_legendre (n, x, &slope);
      places[i] = (1 - x) / 2;
      weights[i] = n == 1 ? 1 : 1 / ((1 - x * x) * slope * slope);
    }
}

typedef struct {
  QrxModel *model;
  QrxTable *table;
  QrxIndex *rows;
  QrxTensor *features;
  QrxTensor *baseline;
  QrxTensor *attributions;
  guint n_steps;
  double *places, *weights;
} Path;

/* A row's points begin at @at of the tensor. */
static void
put_points (const Path *path, gsize row, QrxTensor *points, gsize at)
{
  gsize width = qrx_tensor_get_columns (path->features);
  const double *x = qrx_tensor_peek_f64 (path->features) + row * width, *from = qrx_tensor_peek_f64 (path->baseline);

  for (guint s = 0; s < path->n_steps; s++)
    for (gsize k = 0; k < width; k++)
      qrx_tensor_peek_f64 (points)[(at + s) * width + k] = from[k] + path->places[s] * (x[k] - from[k]);
}

static void
take_gradients (const Path *path, gsize row, QrxTensor *gradients, gsize at)
{
  gsize width = qrx_tensor_get_columns (path->features);
  const double *x = qrx_tensor_peek_f64 (path->features) + row * width, *from = qrx_tensor_peek_f64 (path->baseline);
  double *to = qrx_tensor_peek_f64 (path->attributions) + row * width;

  for (gsize k = 0; k < width; k++)
    {
      double sum = 0;

      for (guint s = 0; s < path->n_steps; s++)
        sum += path->weights[s] * qrx_tensor_peek_f64 (gradients)[(at + s) * width + k];
      to[k] = sum * (x[k] - from[k]);
    }
}

/* The rows of the table that points are on the way to. */
static QrxIndex *
repeat_rows (const Path *path, gsize first, gsize n)
{
  g_autofree guint *rows = g_new (guint, n * path->n_steps);

  for (gsize i = 0; i < n * path->n_steps; i++)
    rows[i] = qrx_index_get (path->rows, first + i / path->n_steps);
  return qrx_index_new (rows, n * path->n_steps);
}

static gboolean
integrate (const Path *path, QrxContext *context, GCancellable *cancellable, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (path->features), width = qrx_tensor_get_columns (path->features);
  gsize n_together = MAX (1, MAX_POINTS / path->n_steps);

  for (gsize first = 0; first < n_rows; first += n_together)
    {
      gsize n = MIN (n_together, n_rows - first), n_points = n * path->n_steps;
      g_autoptr (QrxTensor) points = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_points, width);
      g_autoptr (QrxTensor) gradients = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_points, width);
      g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_points, 1);
      g_autoptr (QrxIndex) rows = repeat_rows (path, first, n);

      for (gsize i = 0; i < n; i++)
        put_points (path, first + i, points, i * path->n_steps);
      if (!qrx_model_differentiate (path->model, points, path->table, rows, values, gradients, context, cancellable,
                                    error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        take_gradients (path, first + i, gradients, i * path->n_steps);
    }
  return TRUE;
}

/* The predictions at the ends. */
static gboolean
find_ends (const Path *path, QrxTensor *values, QrxTensor *references, QrxContext *context, GCancellable *cancellable,
           GError **error)
{
  gsize n = qrx_tensor_get_rows (path->features), width = qrx_tensor_get_columns (path->features);
  g_autoptr (QrxTensor) slopes = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);
  g_autoptr (QrxTensor) baselines = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);

  for (gsize i = 0; i < n; i++)
    memcpy (qrx_tensor_peek_f64 (baselines) + i * width, qrx_tensor_peek_f64 (path->baseline), width * sizeof (double));
  return qrx_model_differentiate (path->model, baselines, path->table, path->rows, references, slopes, context,
                                  cancellable, error) &&
         qrx_model_differentiate (path->model, path->features, path->table, path->rows, values, slopes, context,
                                  cancellable, error);
}

gboolean
gradient_path_integrate (QrxModel *model, QrxTable *table, QrxIndex *rows, QrxTensor *features, QrxTensor *baseline,
                         guint n_steps, QrxTensor *attributions, QrxTensor *values, QrxTensor *references,
                         QrxContext *context, GCancellable *cancellable, GError **error)
{
  g_autofree double *places = g_new (double, n_steps), *weights = g_new (double, n_steps);
  Path path = { model, table, rows, features, baseline, attributions, n_steps, places, weights };

  gradient_path_place (n_steps, places, weights);
  return integrate (&path, context, cancellable, error) &&
         find_ends (&path, values, references, context, cancellable, error);
}
