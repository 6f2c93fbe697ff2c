/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The classical control that has the circuit's own functions: a truncated Fourier series of the angles, its
 * coefficients learned freely. */
#include <qrx/qrx-layer.h>

#include <math.h>

#include "support/affine.h"
#include "support/view.h"

#define MAX_FEATURES (1 << 20)

struct _QrxFourierSurrogate {
  QrxLayer parent_instance;
  gint64 width;
  gint64 degree;
  gint64 pair_degree;
};

#define QRX_TYPE_FOURIER_SURROGATE (qrx_fourier_surrogate_get_type ())
G_DECLARE_FINAL_TYPE (QrxFourierSurrogate, qrx_fourier_surrogate, QRX, FOURIER_SURROGATE, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxFourierSurrogate, qrx_fourier_surrogate, QRX_TYPE_LAYER)

static const QrxAffine coefficients = { "weight", "bias" };

/* Cosine and sine of each multiple of each angle; of each pair of angles, four products for each pair of multiples. */
static gint64
count_features (QrxFourierSurrogate *self, gint64 n_angles)
{
  return 2 * self->degree * n_angles + 2 * self->pair_degree * self->pair_degree * n_angles * (n_angles - 1);
}

static gboolean
fourier_surrogate_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  QrxFourierSurrogate *self = QRX_FOURIER_SURROGATE (node);
  gint64 n_angles = qrx_shape_scope_get (scope, "Q");

  if (self->pair_degree > self->degree)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"pair-degree\": found %" G_GINT64_FORMAT
                   ", expected at most \"degree\", which is %" G_GINT64_FORMAT,
                   self->pair_degree, self->degree);
      return FALSE;
    }
  if (n_angles < 0 || (n_angles <= MAX_FEATURES && count_features (self, n_angles) <= MAX_FEATURES))
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
               "%" G_GINT64_FORMAT " angles come in, and with degree %" G_GINT64_FORMAT
               " and pair-degree %" G_GINT64_FORMAT " the series would have more than %d terms",
               n_angles, self->degree, self->pair_degree, MAX_FEATURES);
  return FALSE;
}

static gboolean
fourier_surrogate_prepare (QrxLayer *layer, QrxPlan *plan, GError **error G_GNUC_UNUSED)
{
  QrxFourierSurrogate *self = QRX_FOURIER_SURROGATE (layer);
  gsize n_angles = qrx_plan_get_input_width (plan, 0), n = (gsize) count_features (self, (gint64) n_angles);

  qrx_affine_declare (&coefficients, plan, n, qrx_plan_get_output_width (plan));
  qrx_plan_add_workspace (plan, "features", 0, n);
  qrx_plan_add_workspace (plan, "gradient", 0, n);
  return TRUE;
}

/* Where cosine (0) or sine (1) of a multiple of an angle stands among a row's features. */
static gsize
get_place (QrxFourierSurrogate *self, gsize angle, gsize multiple, gsize sine)
{
  return 2 * (angle * (gsize) self->degree + multiple - 1) + sine;
}

static gboolean
fourier_surrogate_forward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxFourierSurrogate *self = QRX_FOURIER_SURROGATE (layer);
  QrxTensor *input = qrx_step_get_input (step, 0), *features = qrx_step_get_workspace (step, "features");
  QrxView x = qrx_view (input), f = qrx_view (features);
  gsize n_angles = qrx_tensor_get_columns (input), n = qrx_tensor_get_columns (features);
  gsize degree = (gsize) self->degree, pair_degree = (gsize) self->pair_degree;

  for (gsize row = 0; row < qrx_tensor_get_rows (input); row++)
    {
      gsize first = row * n, at = first + 2 * degree * n_angles;

      for (gsize i = 0; i < n_angles; i++)
        for (gsize k = 1; k <= degree; k++)
          {
            double angle = (double) k * qrx_view_get (x, row * n_angles + i);

            qrx_view_set (f, first + get_place (self, i, k, 0), cos (angle));
            qrx_view_set (f, first + get_place (self, i, k, 1), sin (angle));
          }
      for (gsize i = 0; i < n_angles; i++)
        for (gsize j = i + 1; j < n_angles; j++)
          for (gsize a = 0; a < 2 * pair_degree; a++)
            for (gsize b = 0; b < 2 * pair_degree; b++)
              qrx_view_set (f, at++,
                            qrx_view_get (f, first + get_place (self, i, 1 + a / 2, a % 2)) *
                                qrx_view_get (f, first + get_place (self, j, 1 + b / 2, b % 2)));
    }
  qrx_affine_forward (&coefficients, step, features, qrx_step_get_output (step));
  return TRUE;
}

/* From the products' gradients to those of their factors. */
static void
backward_pairs (QrxFourierSurrogate *self, QrxView f, QrxView g, gsize first, gsize n_angles)
{
  gsize n = 2 * (gsize) self->pair_degree, at = first + 2 * (gsize) self->degree * n_angles;

  for (gsize i = 0; i < n_angles; i++)
    for (gsize j = i + 1; j < n_angles; j++)
      for (gsize a = 0; a < n; a++)
        for (gsize b = 0; b < n; b++, at++)
          {
            gsize p = first + get_place (self, i, 1 + a / 2, a % 2), q = first + get_place (self, j, 1 + b / 2, b % 2);
            double gradient = qrx_view_get (g, at);

            qrx_view_set (g, p, qrx_view_get (g, p) + gradient * qrx_view_get (f, q));
            qrx_view_set (g, q, qrx_view_get (g, q) + gradient * qrx_view_get (f, p));
          }
}

static gboolean
fourier_surrogate_backward (QrxLayer *layer, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxFourierSurrogate *self = QRX_FOURIER_SURROGATE (layer);
  QrxTensor *features = qrx_step_get_workspace (step, "features"),
            *gradient = qrx_step_get_workspace (step, "gradient");
  gsize n = qrx_tensor_get_columns (features), n_angles = qrx_tensor_get_columns (qrx_step_get_input (step, 0));
  gboolean needed = qrx_step_needs_input_gradient (step, 0);
  QrxView f = qrx_view (features), g = qrx_view (gradient), to;

  qrx_affine_backward (&coefficients, step, features, qrx_step_get_output_gradient (step), needed ? gradient : NULL);
  if (!needed)
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize row = 0; row < qrx_tensor_get_rows (features); row++)
    {
      gsize first = row * n;

      backward_pairs (self, f, g, first, n_angles);
      for (gsize i = 0; i < n_angles; i++)
        {
          double sum = 0;

          for (gsize k = 1; k <= (gsize) self->degree; k++)
            {
              gsize cosine = first + get_place (self, i, k, 0), sine = first + get_place (self, i, k, 1);

              sum += (double) k * (qrx_view_get (g, sine) * qrx_view_get (f, cosine) -
                                   qrx_view_get (g, cosine) * qrx_view_get (f, sine));
            }
          qrx_view_set (to, row * n_angles + i, sum);
        }
    }
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "width", G_STRUCT_OFFSET (QrxFourierSurrogate, width), 1, 1 << 20, 1,
                              "columns",
                              "number of outputs; with F terms there are width · (F + 1) coefficients, F = 2 · degree "
                              "· Q + 2 · pair-degree² · Q(Q − 1) for Q angles");
  qrx_node_class_add_integer (
      node_class, "degree", G_STRUCT_OFFSET (QrxFourierSurrogate, degree), 1, 1000, 1, NULL,
      "largest multiple of each angle: 1 for an encoding by rotations, the number of layers with reuploading");
  qrx_node_class_add_integer (node_class, "pair-degree", G_STRUCT_OFFSET (QrxFourierSurrogate, pair_degree), 0, 1000, 0,
                              NULL, "largest multiples in products of two angles' cosines and sines; 0: no products");
}

static void
qrx_fourier_surrogate_class_init (QrxFourierSurrogateClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = fourier_surrogate_resolve;
  layer_class->prepare = fourier_surrogate_prepare;
  layer_class->forward = fourier_surrogate_forward;
  layer_class->backward = fourier_surrogate_backward;
  qrx_node_class_set_name (node_class, "fourier-surrogate");
  qrx_node_class_set_category (node_class, "quantum");
  qrx_node_class_set_summary (
      node_class,
      "The classical control of a quantum layer that has its functions: cosines and sines of the angles' multiples, "
      "and their products in pairs, with coefficients learned. A circuit has products of more angles, too.");
  qrx_node_class_add_citation (node_class, "Schuld, Sweke, Meyer 2021, arXiv:2008.08605 (circuits are Fourier series)");
  qrx_node_class_add_citation (node_class, "Schreiber, Eisert, Meyer 2023, arXiv:2206.11740 (classical surrogates)");
  qrx_node_class_add_input (node_class, "in", "flow:angle[B, Q]", "angles in radians");
  qrx_node_class_add_output (node_class, "out", "flow:expectation[B, M=width]", "what stands where expectations would");
  add_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"width\": 1, \"degree\": 1, \"pair-degree\": 1},"
                              " \"parameters\": {\"weight\": [[1, 2, 3, 4, 5, 6, 7, 8]], \"bias\": [[0.5]]},"
                              " \"input\": [[0, 0], [1.5707963267948966, 0], [1.5707963267948966, 3.141592653589793]],"
                              " \"expect\": {\"output\": [[9.5], [12.5], [-7.5]]}, \"tolerance\": 1e-13}");
}

static void
qrx_fourier_surrogate_init (QrxFourierSurrogate *self G_GNUC_UNUSED)
{
}
