/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The angles of a circuit whose state has given amplitudes. The state is a binary tree: at each node an angle parts the
 * norm of what is left into two halves. The circuit (encoding "amplitude") has rotations without controls, parted by
 * CNOTs in the order of a Gray code, so that a level's angles are mixed by signs.
 * Where a half of the state is all zeros, the angle within it is arbitrary: 0, and its gradient is taken as 0. */
#include <qrx/qrx-layer.h>

#include "support/view.h"

#include <math.h>

struct _QrxAmplitudeAngles {
  QrxLayer parent_instance;
};

#define QRX_TYPE_AMPLITUDE_ANGLES (qrx_amplitude_angles_get_type ())
G_DECLARE_FINAL_TYPE (QrxAmplitudeAngles, qrx_amplitude_angles, QRX, AMPLITUDE_ANGLES, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxAmplitudeAngles, qrx_amplitude_angles, QRX_TYPE_LAYER)

/* Sixteen qubits, as the encoding takes. */
#define MAX_WIDTH 65536

static gboolean
check_width (gint64 width, GError **error)
{
  if (width >= 2 && width <= MAX_WIDTH && (width & (width - 1)) == 0)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
               "%" G_GINT64_FORMAT " amplitudes come in; expected a power of two from 2 to %d, one amplitude for each "
               "setting of the qubits",
               width, MAX_WIDTH);
  return FALSE;
}

static gboolean
amplitude_angles_resolve (QrxNode *node G_GNUC_UNUSED, QrxShapeScope *scope, GError **error)
{
  gint64 width = qrx_shape_scope_get (scope, "A");

  if (width < 0)
    return TRUE;
  return check_width (width, error) &&
         qrx_shape_scope_set (scope, "Q", width - 1, "angles that part the amplitudes", error);
}

static gboolean
amplitude_angles_prepare (QrxLayer *layer G_GNUC_UNUSED, QrxPlan *plan, GError **error)
{
  gsize width = qrx_plan_get_input_width (plan, 0);

  if (!check_width ((gint64) width, error))
    return FALSE;
  qrx_plan_add_workspace (plan, "tree", 1, 2 * width); /* norms, the root at 1, the amplitudes from width on */
  qrx_plan_add_workspace (plan, "level", 1, width);
  qrx_plan_add_workspace (plan, "slopes", 1, 2 * width);
  return TRUE;
}

/* values[i] = Σ_j ±values[j], minus where the bits that j and the i-th Gray code share are odd in number: a
 * Walsh-Hadamard transform, its result in the order of Gray codes. Its inverse is its transpose over the size. */
static void
hadamard (QrxView values, gsize n)
{
  for (gsize span = 1; span < n; span *= 2)
    for (gsize i = 0; i < n; i++)
      if ((i & span) == 0)
        {
          double a = qrx_view_get (values, i), b = qrx_view_get (values, i + span);

          qrx_view_set (values, i, a + b);
          qrx_view_set (values, i + span, a - b);
        }
}

static gsize
gray_code (gsize i)
{
  return i ^ i >> 1;
}

static void
fill_tree (QrxView tree, QrxView x, gsize first, gsize width)
{
  for (gsize i = 0; i < width; i++)
    qrx_view_set (tree, width + i, qrx_view_get (x, first + i));
  for (gsize i = width - 1; i > 0; i--)
    qrx_view_set (tree, i, hypot (qrx_view_get (tree, 2 * i), qrx_view_get (tree, 2 * i + 1)));
}

static gboolean
amplitude_angles_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), y = qrx_view (qrx_step_get_output (step));
  QrxView tree = qrx_view (qrx_step_get_workspace (step, "tree"));
  QrxView level = qrx_view (qrx_step_get_workspace (step, "level"));
  gsize width = qrx_tensor_get_columns (input);

  for (gsize row = 0; row < qrx_tensor_get_rows (input); row++)
    {
      fill_tree (tree, x, row * width, width);
      if (qrx_view_get (tree, 1) == 0)
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "row %" G_GSIZE_FORMAT ": all %" G_GSIZE_FORMAT " amplitudes are 0, and no state has such amplitudes",
                       row, width);
          return FALSE;
        }
      for (gsize n = 1; n < width; n *= 2)
        {
          for (gsize i = 0; i < n; i++)
            qrx_view_set (level, i, 2 * atan2 (qrx_view_get (tree, 2 * (n + i) + 1), qrx_view_get (tree, 2 * (n + i))));
          hadamard (level, n);
          for (gsize i = 0; i < n; i++)
            qrx_view_set (y, row * (width - 1) + n - 1 + i, qrx_view_get (level, gray_code (i)) / (double) n);
        }
    }
  return TRUE;
}

/* The gradient of the norms below a node from that of the node's own norm and angle, a level at a time. */
static void
backward_level (QrxView tree, QrxView gradient, QrxView level, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double a = qrx_view_get (tree, 2 * (n + i)), b = qrx_view_get (tree, 2 * (n + i) + 1);
      double norm = qrx_view_get (tree, n + i), along = qrx_view_get (gradient, n + i);
      double turn = norm > 0 ? 2 * qrx_view_get (level, i) / norm : 0;
      double cosine = norm > 0 ? a / norm : 1, sine = norm > 0 ? b / norm : 0;

      qrx_view_set (gradient, 2 * (n + i), along * cosine - turn * sine);
      qrx_view_set (gradient, 2 * (n + i) + 1, along * sine + turn * cosine);
    }
}

static gboolean
amplitude_angles_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxTensor *input = qrx_step_get_input (step, 0);
  QrxView x = qrx_view (input), g = qrx_view (qrx_step_get_output_gradient (step)), to;
  QrxView tree = qrx_view (qrx_step_get_workspace (step, "tree"));
  QrxView level = qrx_view (qrx_step_get_workspace (step, "level"));
  QrxView slopes = qrx_view (qrx_step_get_workspace (step, "slopes"));
  gsize width = qrx_tensor_get_columns (input);

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_view (qrx_step_get_input_gradient (step, 0));
  for (gsize row = 0; row < qrx_tensor_get_rows (input); row++)
    {
      fill_tree (tree, x, row * width, width);
      qrx_view_set (slopes, 1, 0); /* the norm of all is of no account */
      for (gsize n = 1; n < width; n *= 2)
        {
          for (gsize i = 0; i < n; i++)
            qrx_view_set (level, gray_code (i), qrx_view_get (g, row * (width - 1) + n - 1 + i) / (double) n);
          hadamard (level, n);
          backward_level (tree, slopes, level, n);
        }
      for (gsize i = 0; i < width; i++)
        qrx_view_set (to, row * width + i, qrx_view_get (slopes, width + i));
    }
  return TRUE;
}

static void
qrx_amplitude_angles_class_init (QrxAmplitudeAnglesClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = amplitude_angles_resolve;
  layer_class->prepare = amplitude_angles_prepare;
  layer_class->forward = amplitude_angles_forward;
  layer_class->backward = amplitude_angles_backward;
  qrx_node_class_set_name (node_class, "amplitude-angles");
  qrx_node_class_set_category (node_class, "normalizer");
  qrx_node_class_set_summary (
      node_class, "Angles that prepare a state whose amplitudes are a row over its norm: for the encoding amplitude.");
  qrx_node_class_add_citation (node_class, "Möttönen, Vartiainen, Bergholm, Salomaa 2004, arXiv:quant-ph/0407010");
  qrx_node_class_add_input (node_class, "in", "flow:activation[B, A]",
                            "real amplitudes, a power of two in number; the first qubit is the first half or the second");
  qrx_node_class_add_output (node_class, "out", "flow:angle[B, Q]", "angles in radians, one less than amplitudes");
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {}, \"input\": [[3, 3, -3, 3], [0, 0, 0, 2]],"
                              " \"expect\": {\"output\": [[1.5707963267948966, 3.1415926535897931, -1.5707963267948966],"
                              " [3.1415926535897931, 1.5707963267948966, -1.5707963267948966]]}, \"tolerance\": 1e-14}");
}

static void
qrx_amplitude_angles_init (QrxAmplitudeAngles *self G_GNUC_UNUSED)
{
}
