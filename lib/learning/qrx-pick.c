/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives a grafted model the table's columns by name, in the model's own order. It is no node of a pipeline; models make
 * it, and read it back. */
#include "learning/qrx-pick-private.h"

#include <qrx/qrx-index.h>
#include <string.h>

struct _QrxPick {
  QrxLayer parent_instance;
  char **columns;
};

G_DEFINE_FINAL_TYPE (QrxPick, qrx_pick, QRX_TYPE_LAYER)

static gboolean
qrx_pick_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  return qrx_shape_scope_set (scope, "V", g_strv_length (QRX_PICK (node)->columns), "columns that are picked", error);
}

static gboolean
qrx_pick_prepare (QrxLayer *layer, QrxPlan *plan, GError **error)
{
  QrxPick *self = QRX_PICK (layer);
  const char *const *names = qrx_plan_get_input_names (plan);
  guint n = g_strv_length (self->columns);
  g_autofree guint *places = g_new (guint, n);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (QrxIndex) index = NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_hash_table_insert (by_name, (gpointer) names[i], GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < n; i++)
    {
      places[i] = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, self->columns[i]));
      if (places[i] == 0)
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "the table lacks the column `%s`, one of %u that the grafted model needs", self->columns[i], n);
          return FALSE;
        }
      places[i]--;
    }
  index = qrx_index_new (places, n);
  qrx_plan_keep (plan, G_OBJECT (index));
  return TRUE;
}

static gboolean
qrx_pick_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxIndex *places = QRX_INDEX (qrx_plan_get_kept (qrx_step_get_plan (step)));
  QrxTensor *input = qrx_step_get_input (step, 0), *output = qrx_step_get_output (step);
  gsize size = qrx_dtype_get_size (qrx_tensor_get_dtype (input));
  gsize from_width = qrx_tensor_get_columns (input), to_width = qrx_index_get_length (places);

  for (gsize i = 0; i < qrx_step_get_n_rows (step); i++)
    for (gsize k = 0; k < to_width; k++)
      memcpy ((char *) qrx_tensor_peek (output) + (i * to_width + k) * size,
              (const char *) qrx_tensor_peek (input) + (i * from_width + qrx_index_get (places, k)) * size, size);
  return TRUE;
}

static gboolean
qrx_pick_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error G_GNUC_UNUSED)
{
  QrxIndex *places = QRX_INDEX (qrx_plan_get_kept (qrx_step_get_plan (step)));
  QrxTensor *gradient = qrx_step_get_output_gradient (step), *to;
  gsize n = qrx_index_get_length (places), width = qrx_plan_get_input_width (qrx_step_get_plan (step), 0);

  if (!qrx_step_needs_input_gradient (step, 0))
    return TRUE;
  to = qrx_step_get_input_gradient (step, 0);
  qrx_tensor_fill (to, 0);
  for (gsize i = 0; i < qrx_step_get_n_rows (step); i++)
    for (gsize k = 0; k < n; k++)
      {
        gsize place = i * width + qrx_index_get (places, k);

        qrx_tensor_set (to, place, qrx_tensor_get (to, place) + qrx_tensor_get (gradient, i * n + k));
      }
  return TRUE;
}

static char **
qrx_pick_name_outputs (QrxLayer *layer, QrxStep *step G_GNUC_UNUSED, const char *const *input_names G_GNUC_UNUSED)
{
  return g_strdupv (QRX_PICK (layer)->columns);
}

static void
qrx_pick_class_init (QrxPickClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);

  node_class->resolve = qrx_pick_resolve;
  layer_class->prepare = qrx_pick_prepare;
  layer_class->forward = qrx_pick_forward;
  layer_class->backward = qrx_pick_backward;
  layer_class->name_outputs = qrx_pick_name_outputs;
  qrx_node_class_set_name (node_class, "pick");
  qrx_node_class_set_category (node_class, "internal");
  qrx_node_class_set_summary (node_class, "Columns by name.");
  qrx_node_class_add_input (node_class, "in", "flow:feature[B, W]", "Features.");
  qrx_node_class_add_output (node_class, "out", "flow:feature[B, V]", "Those named, in that order.");
  qrx_node_class_add_strings (node_class, "columns", G_STRUCT_OFFSET (QrxPick, columns), "Names of columns.");
}

static void
qrx_pick_init (QrxPick *self G_GNUC_UNUSED)
{
}

QrxLayer *
qrx_pick_new (const char *id, const char *const *columns)
{
  return g_object_new (QRX_TYPE_PICK, "id", id, "columns", columns, NULL);
}

QrxLayer *
qrx_pick_new_from_json (const char *id, JsonObject *properties, GError **error)
{
  JsonNode *node = json_object_get_member (properties, "columns");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) columns = NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_array_get_string_element (array, i));
  columns = g_strv_builder_end (builder);
  if (columns[0] == NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "the layer `%s` names no columns", id);
      return NULL;
    }
  return qrx_pick_new (id, (const char *const *) columns);
}
