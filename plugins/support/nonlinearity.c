/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names for the library's activations. Dropout: Srivastava et al. 2014, J. Mach. Learn. Res. 15:1929-1958. */
#include "support/nonlinearity.h"

#include "support/view.h"

#include <qrx/qrx-kernels.h>

/* FALSE for "none". */
static gboolean
find_activation (const char *name, QrxActivation *activation)
{
  static const struct {
    const char *name;
    QrxActivation activation;
  } all[] = {
    { "silu", QRX_ACTIVATION_SILU },
    { "relu", QRX_ACTIVATION_RELU },
    { "tanh", QRX_ACTIVATION_TANH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_str_equal (name, all[i].name))
      {
        *activation = all[i].activation;
        return TRUE;
      }
  return FALSE;
}

void
qrx_nonlinearity_forward (const char *name, QrxStep *step, QrxTensor *x, QrxTensor *y)
{
  QrxActivation activation;

  if (find_activation (name, &activation))
    qrx_kernels_activate (activation, x, y, qrx_step_get_pool (step));
  else
    qrx_tensor_copy_from (y, x);
}

void
qrx_nonlinearity_backward (const char *name, QrxStep *step, QrxTensor *x, QrxTensor *y, QrxTensor *gradient)
{
  QrxActivation activation;

  if (find_activation (name, &activation))
    qrx_kernels_activate_backward (activation, x, y, gradient, gradient, qrx_step_get_pool (step));
}

void
qrx_dropout_draw (QrxRandom *random, double probability, QrxTensor *mask)
{
  QrxView to = qrx_view (mask);
  gsize n = qrx_tensor_get_n_elements (mask);

  for (gsize i = 0; i < n; i++)
    qrx_view_set (to, i, qrx_random_uniform (random) < probability ? 0 : 1 / (1 - probability));
}

void
qrx_dropout_apply (QrxTensor *mask, QrxTensor *x, QrxTensor *y)
{
  QrxView factors = qrx_view (mask), from = qrx_view (x), to = qrx_view (y);
  gsize n = qrx_tensor_get_n_elements (mask);

  for (gsize i = 0; i < n; i++)
    qrx_view_set (to, i, qrx_view_get (factors, i) * qrx_view_get (from, i));
}
