/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of layers share. */
#include "layer-case.h"

QrxRegistry *
layer_case_load_registry (void)
{
  QrxRegistry *registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  qrx_registry_load_plugins (registry, NULL, &error);
  g_assert_no_error (error);
  return registry;
}

QrxNodeClass *
layer_case_ref_class (QrxRegistry *registry, const char *name)
{
  GType type = qrx_registry_lookup (registry, name, NULL);

  g_assert_true (type != G_TYPE_INVALID);
  return g_type_is_a (type, QRX_TYPE_LAYER) ? g_type_class_ref (type) : NULL;
}

QrxLayer *
layer_case_create (QrxRegistry *registry, const char *type, const char *properties)
{
  g_autoptr (GError) error = NULL;
  QrxNode *node = qrx_registry_create (registry, type, type, properties, &error);

  g_assert_no_error (error);
  return QRX_LAYER (node);
}

LayerCase *
layer_case_new (QrxLayer *layer, GPtrArray *inputs, gsize output_width, QrxMode mode, QrxDtype dtype)
{
  LayerCase *self = g_new0 (LayerCase, 1);
  g_autofree gsize *widths = g_new0 (gsize, inputs->len);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < inputs->len; i++)
    widths[i] = qrx_tensor_get_columns (inputs->pdata[i]);
  self->layer = layer;
  self->step = qrx_step_new_for_layer (layer, NULL, qrx_tensor_get_rows (inputs->pdata[0]), mode, widths, inputs->len,
                                       output_width, dtype, 20, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < inputs->len; i++)
    qrx_tensor_copy_from (qrx_step_get_input (self->step, i), inputs->pdata[i]);
  return self;
}

void
layer_case_free (LayerCase *self)
{
  g_object_unref (self->step);
  g_object_unref (self->layer);
  g_free (self);
}

void
layer_case_forward (LayerCase *self)
{
  g_autoptr (GError) error = NULL;

  qrx_layer_forward (self->layer, self->step, &error);
  g_assert_no_error (error);
}

void
layer_case_backward (LayerCase *self)
{
  g_auto (GStrv) names = qrx_plan_dup_parameter_names (qrx_step_get_plan (self->step));
  g_autoptr (GError) error = NULL;

  qrx_layer_backward (self->layer, self->step, &error);
  g_assert_no_error (error);
  /* Products are taken while their factors are what backward() left. */
  for (gsize i = 0; names[i] != NULL; i++)
    if (qrx_step_needs_parameter_gradient (self->step, names[i]))
      qrx_step_get_parameter_gradient (self->step, names[i]);
}

QrxTensor *
layer_case_read_matrix (JsonNode *node)
{
  JsonArray *rows = json_node_get_array (node);
  guint n_rows = json_array_get_length (rows), width = 1;
  QrxTensor *matrix;

  if (JSON_NODE_HOLDS_ARRAY (json_array_get_element (rows, 0)))
    width = json_array_get_length (json_array_get_array_element (rows, 0));
  matrix = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, width);
  for (guint i = 0; i < n_rows; i++)
    for (guint c = 0; c < width; c++)
      {
        JsonNode *row = json_array_get_element (rows, i);
        double value = JSON_NODE_HOLDS_ARRAY (row) ? json_array_get_double_element (json_node_get_array (row), c)
                                                   : json_node_get_double (row);

        qrx_tensor_set (matrix, i * width + c, value);
      }
  return matrix;
}

GPtrArray *
layer_case_read_inputs (JsonObject *example)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *several
      = json_object_has_member (example, "inputs") ? json_object_get_array_member (example, "inputs") : NULL;

  if (several == NULL)
    g_ptr_array_add (inputs, layer_case_read_matrix (json_object_get_member (example, "input")));
  for (guint i = 0; several != NULL && i < json_array_get_length (several); i++)
    g_ptr_array_add (inputs, layer_case_read_matrix (json_array_get_element (several, i)));
  return inputs;
}

JsonObject *
layer_case_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}
