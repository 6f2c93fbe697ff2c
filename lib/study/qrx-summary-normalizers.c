/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The curves of the layers that monitors of crowding watch, over the inputs that they met: what stands beside the histogram
 * of their angles. Layers are evaluated as they are before training, on one column with the others at zero. */
#include "study/qrx-summary-private.h"

#include <math.h>
#include <qrx/qrx-layer.h>

#define N_POINTS 81
#define REACH 3 /* deviations of the input to either side */

/* What links to the first input of a node. */
static const QrxLink *
find_source (QrxPipeline *pipeline, QrxNode *node)
{
  return qrx_pipeline_get_n_links (pipeline, node) > 0 ? qrx_pipeline_get_link (pipeline, node, 0) : NULL;
}

/* The largest deviation of the layer's input that the monitor saw at the end of any fit of the pipeline; 0 if none. */
static double
find_deviation (QrxSummary *self, guint pipeline, const char *monitor)
{
  g_autofree char *name = g_strconcat (monitor, ".deviation", NULL);
  double deviation = 0;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const QrxSummaryCurve *curve = self->curves->pdata[i];
      const QrxSummaryArm *arm = self->arms->pdata[curve->arm];
      guint last = curve->epochs->len;

      if (arm->pipeline != pipeline || !g_str_equal (curve->name, name))
        continue;
      while (last > 0 && g_array_index (curve->epochs, QrxSummaryEpoch, last - 1).n == 0)
        last--;
      if (last > 0)
        deviation = MAX (deviation, g_array_index (curve->epochs, QrxSummaryEpoch, last - 1).mean);
    }
  return deviation;
}

/* A step whose first column runs through the inputs; NULL for a layer that learns from data before it can be evaluated. */
static QrxStep *
evaluate (QrxLayer *layer, gsize input_width, gsize output_width, double reach)
{
  g_autoptr (QrxStep) step = qrx_step_new_for_layer (layer, NULL, N_POINTS, QRX_MODE_EVALUATE, &input_width, 1,
                                                     output_width, QRX_DTYPE_F64, 0, NULL);
  g_auto (GStrv) buffers = step != NULL ? qrx_plan_dup_buffer_names (qrx_step_get_plan (step)) : NULL;
  QrxTensor *input;

  if (step == NULL || buffers[0] != NULL)
    return NULL;
  input = qrx_step_get_input (step, 0);
  qrx_tensor_fill (input, 0);
  for (gsize i = 0; i < N_POINTS; i++)
    qrx_tensor_set (input, i * input_width, reach * (2.0 * (double) i / (N_POINTS - 1) - 1));
  return qrx_layer_forward (layer, step, NULL) ? g_steal_pointer (&step) : NULL;
}

static JsonObject *
write_normalizer (QrxStep *step, guint pipeline, const char *node)
{
  JsonObject *object = json_object_new ();
  JsonArray *x = json_array_new (), *y = json_array_new ();
  QrxTensor *input = qrx_step_get_input (step, 0), *output = qrx_step_get_output (step);

  for (gsize i = 0; i < N_POINTS; i++)
    {
      qrx_summary_add_rounded (x, qrx_tensor_get (input, i * qrx_tensor_get_columns (input)));
      qrx_summary_add_rounded (y, qrx_tensor_get (output, i * qrx_tensor_get_columns (output)));
    }
  json_object_set_int_member (object, "pipeline", pipeline);
  json_object_set_string_member (object, "node", node);
  json_object_set_array_member (object, "x", x);
  json_object_set_array_member (object, "y", y);
  return object;
}

static void
add_normalizer (QrxSummary *self, guint index, QrxPipeline *pipeline, QrxNode *monitor, JsonArray *array)
{
  const QrxLink *watched = find_source (pipeline, monitor);
  const QrxLink *source = watched != NULL ? find_source (pipeline, watched->from) : NULL;
  double deviation = find_deviation (self, index, qrx_node_get_id (monitor));
  gsize input_width = source != NULL ? qrx_summary_read_width (source->type) : 0;
  gsize output_width = watched != NULL ? qrx_summary_read_width (watched->type) : 0;
  g_autoptr (QrxStep) step = NULL;

  if (deviation <= 0 || input_width == 0 || output_width == 0 || !QRX_IS_LAYER (watched->from))
    return;
  step = evaluate (QRX_LAYER (watched->from), input_width, output_width, REACH * deviation);
  if (step != NULL)
    json_array_add_object_element (array, write_normalizer (step, index, qrx_node_get_id (watched->from)));
}

JsonNode *
qrx_summary_write_normalizers (QrxSummary *self)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->loaded->len; i++)
    {
      QrxPipeline *pipeline = self->loaded->pdata[i];

      for (guint k = 0; pipeline != NULL && k < qrx_pipeline_get_n_nodes (pipeline); k++)
        {
          QrxNode *monitor = qrx_pipeline_get_node (pipeline, k);

          if (g_str_equal (qrx_node_get_type_name (monitor), "crowding"))
            add_normalizer (self, i, pipeline, monitor, array);
        }
    }
  json_node_take_array (node, array);
  return node;
}
