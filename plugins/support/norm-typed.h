/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of norm.c for one element type: included once for each, with REAL and TYPED() defined. */

/* The elements that a pass works on; gain and shift are NULL where there are none. */
typedef struct {
  const REAL *x;
  const REAL *gain;
  const REAL *shift;
  REAL *normalized;
  REAL *inverse;
  REAL *y;
  gsize n_rows;
  gsize width;
} TYPED (Forward);

/* Mean and biased variance of the columns from @first on, two passes over them. */
static void
TYPED (take_moments) (const TYPED (Forward) * self, gsize first, gsize n, double *mean, double *variance)
{
  for (gsize row = 0; row < self->n_rows; row++)
    for (gsize c = 0; c < n; c++)
      mean[c] += (double) self->x[row * self->width + first + c];
  for (gsize c = 0; c < n; c++)
    mean[c] /= (double) self->n_rows;
  for (gsize row = 0; row < self->n_rows; row++)
    for (gsize c = 0; c < n; c++)
      {
        double d = (double) self->x[row * self->width + first + c] - mean[c];

        variance[c] += d * d;
      }
  for (gsize c = 0; c < n; c++)
    variance[c] /= (double) self->n_rows;
}

static void
TYPED (normalize) (const TYPED (Forward) * self, gsize first, gsize n, const double *mean, const double *variance,
                   double epsilon)
{
  REAL center[QRX_COLUMNS_TILE], factor[QRX_COLUMNS_TILE], gain[QRX_COLUMNS_TILE], shift[QRX_COLUMNS_TILE];

  for (gsize c = 0; c < n; c++)
    {
      center[c] = (REAL) mean[c];
      factor[c] = (REAL) (1 / sqrt (variance[c] + epsilon));
      gain[c] = self->gain != NULL ? self->gain[first + c] : 1;
      shift[c] = self->shift != NULL ? self->shift[first + c] : 0;
      self->inverse[first + c] = factor[c];
    }
  for (gsize row = 0; row < self->n_rows; row++)
    {
      gsize start = row * self->width + first;

      for (gsize c = 0; c < n; c++)
        {
          REAL normalized = (self->x[start + c] - center[c]) * factor[c];

          self->normalized[start + c] = normalized;
          self->y[start + c] = gain[c] * normalized + shift[c];
        }
    }
}

static void
TYPED (run_forward) (const QrxNorm *settings, gboolean training, const TYPED (Forward) * self, double *running_mean,
                     double *running_variance)
{
  double n_rows = (double) self->n_rows;

  for (gsize first = 0; first < self->width; first += QRX_COLUMNS_TILE)
    {
      double mean[QRX_COLUMNS_TILE] = { 0 }, variance[QRX_COLUMNS_TILE] = { 0 };
      gsize n = MIN (QRX_COLUMNS_TILE, self->width - first);

      if (!training)
        {
          TYPED (normalize) (self, first, n, running_mean + first, running_variance + first, settings->epsilon);
          continue;
        }
      TYPED (take_moments) (self, first, n, mean, variance);
      TYPED (normalize) (self, first, n, mean, variance, settings->epsilon);
      for (gsize c = 0; c < n; c++)
        {
          double unbiased = variance[c] * n_rows / (n_rows - 1), m = settings->momentum;

          running_mean[first + c] = (1 - m) * running_mean[first + c] + m * mean[c];
          running_variance[first + c] = (1 - m) * running_variance[first + c] + m * unbiased;
        }
    }
}

/* The elements of a backward pass; gains, to, by_gain and by_shift are NULL where there are none. */
typedef struct {
  const REAL *gradient;
  const REAL *gain;
  const REAL *normalized;
  const REAL *inverse;
  REAL *to;
  REAL *by_gain;
  REAL *by_shift;
  gsize n_rows;
  gsize width;
} TYPED (Backward);

static void
TYPED (pass_back) (const TYPED (Backward) * self, gboolean training, gsize first, gsize n, const double *sum,
                   const double *product)
{
  REAL factor[QRX_COLUMNS_TILE], mean[QRX_COLUMNS_TILE], along[QRX_COLUMNS_TILE];

  for (gsize c = 0; c < n; c++)
    {
      factor[c] = self->inverse[first + c] * (self->gain != NULL ? self->gain[first + c] : 1);
      mean[c] = training ? (REAL) (sum[c] / (double) self->n_rows) : 0;
      along[c] = training ? (REAL) (product[c] / (double) self->n_rows) : 0;
    }
  for (gsize row = 0; row < self->n_rows; row++)
    {
      gsize start = row * self->width + first;

      for (gsize c = 0; c < n; c++)
        self->to[start + c] =
          factor[c] * (self->gradient[start + c] - mean[c] - self->normalized[start + c] * along[c]);
    }
}

static void
TYPED (run_backward) (gboolean training, const TYPED (Backward) * self)
{
  for (gsize first = 0; first < self->width; first += QRX_COLUMNS_TILE)
    {
      double sum[QRX_COLUMNS_TILE] = { 0 }, product[QRX_COLUMNS_TILE] = { 0 };
      gsize n = MIN (QRX_COLUMNS_TILE, self->width - first);

      for (gsize row = 0; row < self->n_rows; row++)
        for (gsize c = 0; c < n; c++)
          {
            double g = (double) self->gradient[row * self->width + first + c];

            sum[c] += g;
            product[c] += g * (double) self->normalized[row * self->width + first + c];
          }
      for (gsize c = 0; c < n && self->by_gain != NULL; c++)
        self->by_gain[first + c] = (REAL) product[c];
      for (gsize c = 0; c < n && self->by_shift != NULL; c++)
        self->by_shift[first + c] = (REAL) sum[c];
      if (self->to != NULL)
        TYPED (pass_back) (self, training, first, n, sum, product);
    }
}
