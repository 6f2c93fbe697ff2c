/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plain loops for the compiler to vectorize, included once for each element type and level. No include guard
 * on purpose.
 *
 * Expects ELEMENT, NAME (x), which completes a function's name, and TARGET, the functions' attributes;
 * undefines them. */

TARGET static void
NAME (activate) (QrxActivation activation, gsize n, gconstpointer x_data, gpointer y_data)
{
  const ELEMENT *x = x_data;
  ELEMENT *y = y_data;

  switch (activation)
    {
    case QRX_ACTIVATION_RELU:
      for (gsize i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i]; /* and not a number stays so */
      break;
    case QRX_ACTIVATION_SILU:
      for (gsize i = 0; i < n; i++)
        y[i] = (ELEMENT) (x[i] * compute_sigmoid (x[i]));
      break;
    case QRX_ACTIVATION_SIGMOID:
      for (gsize i = 0; i < n; i++)
        y[i] = (ELEMENT) compute_sigmoid (x[i]);
      break;
    case QRX_ACTIVATION_TANH:
    default:
      for (gsize i = 0; i < n; i++)
        y[i] = (ELEMENT) compute_tanh (x[i]);
      break;
    }
}

TARGET static void
NAME (activate_backward) (QrxActivation activation,
                          gsize n,
                          gconstpointer x_data,
                          gconstpointer y_data,
                          gconstpointer gy_data,
                          gpointer gx_data)
{
  const ELEMENT *x = x_data, *y = y_data, *gy = gy_data;
  ELEMENT *gx = gx_data;

  switch (activation)
    {
    case QRX_ACTIVATION_RELU:
      for (gsize i = 0; i < n; i++)
        gx[i] = x[i] > 0 ? gy[i] : 0;
      break;
    case QRX_ACTIVATION_SILU:
      for (gsize i = 0; i < n; i++)
        gx[i] = (ELEMENT) (gy[i] * compute_silu_slope (x[i]));
      break;
    case QRX_ACTIVATION_SIGMOID:
      for (gsize i = 0; i < n; i++)
        gx[i] = gy[i] * (y[i] * (1 - y[i]));
      break;
    case QRX_ACTIVATION_TANH:
    default:
      for (gsize i = 0; i < n; i++)
        gx[i] = gy[i] * ((1 - y[i]) * (1 + y[i]));
      break;
    }
}

TARGET static void
NAME (add) (gsize n, gconstpointer x_data, gpointer y_data)
{
  const ELEMENT *x = x_data;
  ELEMENT *y = y_data;

  for (gsize i = 0; i < n; i++)
    y[i] += x[i];
}

TARGET static void
NAME (scale) (gsize n, double factor, gpointer x_data)
{
  ELEMENT *x = x_data;

  for (gsize i = 0; i < n; i++)
    x[i] *= (ELEMENT) factor;
}

TARGET static void
NAME (axpy) (gsize n, double factor, gconstpointer x_data, gpointer y_data)
{
  const ELEMENT *x = x_data;
  ELEMENT *y = y_data;

  for (gsize i = 0; i < n; i++)
    y[i] += (ELEMENT) factor * x[i];
}

TARGET static gboolean
NAME (is_finite) (gsize n, gconstpointer x_data)
{
  const ELEMENT *x = x_data;
  gint32 n_others = 0; /* a call's elements are few */

  for (gsize i = 0; i < n; i++)
    n_others += !(x[i] - x[i] == 0);
  return n_others == 0;
}

TARGET static void
NAME (accumulate) (gsize n, gconstpointer x_data, double *sums)
{
  const ELEMENT *x = x_data;

  for (gsize i = 0; i < n; i++)
    sums[i] += x[i];
}

TARGET static void
NAME (dot) (gsize n, gconstpointer x_data, gconstpointer y_data, double *lanes)
{
  const ELEMENT *x = x_data, *y = y_data;
  double sums[QRX_LOOPS_N_LANES] = { 0 };
  gsize whole = n / QRX_LOOPS_N_LANES * QRX_LOOPS_N_LANES;

  for (gsize i = 0; i < whole; i += QRX_LOOPS_N_LANES)
    for (gsize lane = 0; lane < QRX_LOOPS_N_LANES; lane++)
      sums[lane] += (double) x[i + lane] * (double) y[i + lane];
  for (gsize i = whole; i < n; i++)
    sums[i - whole] += (double) x[i] * (double) y[i];
  for (gsize lane = 0; lane < QRX_LOOPS_N_LANES; lane++)
    lanes[lane] += sums[lane];
}

TARGET static void
NAME (adam) (const QrxLoopsAdam *settings,
             gsize n,
             gconstpointer gradient_data,
             gpointer parameters_data,
             gpointer mean_data,
             gpointer square_data)
{
  const ELEMENT *restrict gradient = gradient_data;
  ELEMENT *restrict parameters = parameters_data;
  ELEMENT *restrict mean = mean_data;
  ELEMENT *restrict square = square_data;
  const ELEMENT beta1 = (ELEMENT) settings->beta1, rest1 = (ELEMENT) (1 - settings->beta1);
  const ELEMENT beta2 = (ELEMENT) settings->beta2, rest2 = (ELEMENT) (1 - settings->beta2);
  const ELEMENT epsilon = (ELEMENT) settings->epsilon, step_size = (ELEMENT) settings->step_size;
  const ELEMENT root_factor = (ELEMENT) settings->root_factor;
  const ELEMENT l2 = (ELEMENT) settings->l2, shrink = (ELEMENT) settings->shrink;
  const ELEMENT scale = (ELEMENT) settings->scale;

  for (gsize i = 0; i < n; i++)
    {
      ELEMENT g = scale * gradient[i] + l2 * parameters[i];

      mean[i] = beta1 * mean[i] + rest1 * g;
      square[i] = beta2 * square[i] + rest2 * (g * g);
      parameters[i] =
          shrink * parameters[i] - step_size * mean[i] / (ROOT (square[i]) * root_factor + epsilon);
    }
}

TARGET static void
NAME (sgd) (const QrxLoopsSgd *settings,
            gsize n,
            gconstpointer gradient_data,
            gpointer parameters_data,
            gpointer velocity_data)
{
  const ELEMENT *restrict gradient = gradient_data;
  ELEMENT *restrict parameters = parameters_data;
  ELEMENT *restrict velocity = velocity_data;
  const ELEMENT scale = (ELEMENT) settings->scale, l2 = (ELEMENT) settings->l2;
  const ELEMENT momentum = (ELEMENT) settings->momentum, rate = (ELEMENT) settings->rate;

  for (gsize i = 0; i < n; i++)
    {
      velocity[i] = momentum * velocity[i] + (scale * gradient[i] + l2 * parameters[i]);
      parameters[i] -= rate * velocity[i];
    }
}

static const QrxLoops NAME (loops) = {
  NAME (activate),  NAME (activate_backward), NAME (add), NAME (scale), NAME (axpy),
  NAME (is_finite), NAME (accumulate),        NAME (dot), NAME (adam), NAME (sgd),
};

#undef ELEMENT
#undef NAME
#undef TARGET
#undef ROOT
