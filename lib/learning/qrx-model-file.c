/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model as a safetensors file: tensors for parameters and buffers, and in the header what the layers are and how they
 * are joined. Nothing else is needed to predict. */
#include "learning/qrx-affine-private.h"
#include "learning/qrx-model-private.h"
#include "learning/qrx-pick-private.h"
#include "learning/qrx-retrace-private.h"
#include "learning/qrx-trees-private.h"

#include "base/qrx-json-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-registry-private.h"

#include <math.h>

/* Parameters are stored as layers see them, so that a file can be read by people and given as `initial`; but one that is learned
 * through a map is stored as it is learned, or reading it back would lose bits. */
static char *
tensor_name (QrxSlot *slot, QrxParameter *parameter)
{
  return g_strdup_printf ("%s.%s%s", slot->id, parameter->name, parameter->softplus ? ".softplus" : "");
}

static char *
buffer_name (QrxSlot *slot, guint b)
{
  return g_strdup_printf ("%s.%s", slot->id, g_array_index (slot->plan->buffers, QrxStorage, b).name);
}

static JsonNode *
slot_to_json (QrxModel *self, QrxSlot *slot)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  JsonNode *properties = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (properties, qrx_node_properties_to_json (QRX_NODE (slot->layer)));
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, slot->id);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, qrx_node_get_type_name (QRX_NODE (slot->layer)));
  json_builder_set_member_name (builder, "properties");
  json_builder_add_value (builder, properties);
  json_builder_set_member_name (builder, "from");
  json_builder_begin_array (builder);
  for (guint k = 0; k < slot->n_inputs; k++)
    if (slot->inputs[k] == QRX_SLOT_TABLE)
      json_builder_add_null_value (builder);
    else if (slot->inputs[k] < 0)
      json_builder_add_int_value (builder, QRX_SLOT_ANNOTATION (slot->inputs[k]));
    else
      json_builder_add_string_value (builder, qrx_model_slot (self, (guint) slot->inputs[k])->id);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "quantity");
  json_builder_add_string_value (builder, slot->quantity);
  json_builder_set_member_name (builder, "width");
  json_builder_add_int_value (builder, (gint64) slot->plan->output_width);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static char *
layers_to_json (QrxModel *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "precision");
  json_builder_add_string_value (builder, self->dtype == QRX_DTYPE_F64 ? "float64" : "float32");
  json_builder_set_member_name (builder, "target-mean");
  json_builder_add_double_value (builder, self->target_mean);
  json_builder_set_member_name (builder, "target-deviation");
  json_builder_add_double_value (builder, self->target_deviation);
  qrx_model_write_annotations (self, builder);
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->slots->len; i++)
    json_builder_add_value (builder, slot_to_json (self, qrx_model_slot (self, i)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return qrx_json_to_compact_string (root);
}

static gboolean
qrx_model_write (gpointer predictor, QrxSafetensorsWriter *writer, GError **error)
{
  QrxModel *self = QRX_MODEL (predictor);
  g_autofree char *layers = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (self, i);
      g_auto (GStrv) captured = slot->captured != NULL ? qrx_bundle_dup_ports (slot->captured) : NULL;

      if (captured != NULL && captured[0] != NULL)
        {
          g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                       "%s: what came in at `%s` cannot be written into a model file", slot->id, captured[0]);
          return FALSE;
        }
      for (guint p = 0; p < slot->raw->len; p++)
        {
          g_autofree char *name = tensor_name (slot, slot->plan->parameters->pdata[p]);

          qrx_safetensors_writer_add (writer, name, slot->raw->pdata[p]);
        }
      for (guint b = 0; b < slot->buffers->len; b++)
        {
          g_autofree char *name = buffer_name (slot, b);

          qrx_safetensors_writer_add (writer, name, slot->buffers->pdata[b]);
        }
    }
  layers = layers_to_json (self);
  qrx_safetensors_writer_set_metadata (writer, QRX_MODEL_KEY_LAYERS, layers);
  return TRUE;
}

/* Copies a tensor of the file over one of the model's; its size must be right and its numbers finite. */
static gboolean
read_tensor (QrxSafetensors *file, const char *name, QrxTensor *to, GError **error)
{
  g_autoptr (QrxTensor) from = qrx_safetensors_get (file, name, error);

  if (from == NULL)
    return FALSE;
  if (qrx_tensor_get_n_elements (from) != qrx_tensor_get_n_elements (to))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the tensor `%s` has %" G_GSIZE_FORMAT " elements where its layer needs %" G_GSIZE_FORMAT, name,
                   qrx_tensor_get_n_elements (from), qrx_tensor_get_n_elements (to));
      return FALSE;
    }
  for (gsize i = 0; i < qrx_tensor_get_n_elements (from); i++)
    if (!isfinite (qrx_tensor_get (from, i)))
      {
        g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "the tensor `%s` has %g at place %" G_GSIZE_FORMAT, name,
                     qrx_tensor_get (from, i), i);
        return FALSE;
      }
  qrx_tensor_copy_from (to, from);
  return TRUE;
}

static gboolean
read_slot_tensors (QrxSlot *slot, QrxSafetensors *file, GError **error)
{
  for (guint p = 0; p < slot->raw->len; p++)
    {
      g_autofree char *name = tensor_name (slot, slot->plan->parameters->pdata[p]);

      if (!read_tensor (file, name, slot->raw->pdata[p], error))
        return FALSE;
    }
  for (guint b = 0; b < slot->buffers->len; b++)
    {
      g_autofree char *name = buffer_name (slot, b);

      if (!read_tensor (file, name, slot->buffers->pdata[b], error))
        return FALSE;
    }
  qrx_slot_refresh (slot);
  slot->fitted = TRUE;
  return TRUE;
}

static const char *
string_member (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static gboolean
number_member (JsonObject *object, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

/* A model on its way in: its layers so far by id, and what flows out of each. */
typedef struct {
  QrxModel *model;
  QrxRegistry *registry;
  QrxSafetensors *file;
  QrxFlow *source;
  GPtrArray *flows;   /* a QrxFlow for each slot */
  GHashTable *places; /* id → slot */
} Reading;

/* Null is the table, a number one of the model's annotations, and a text the layer of that id. */
static gboolean
read_input (const Reading *reading, JsonNode *item, int *slot)
{
  GType type = JSON_NODE_HOLDS_VALUE (item) ? json_node_get_value_type (item) : G_TYPE_INVALID;
  gpointer place;
  gint64 i;

  *slot = QRX_SLOT_TABLE;
  if (JSON_NODE_HOLDS_NULL (item))
    return TRUE;
  if (type == G_TYPE_INT64)
    {
      i = json_node_get_int (item);
      *slot = QRX_SLOT_ANNOTATION (i);
      return i >= 0 && i < (gint64) reading->model->annotations->len;
    }
  if (type != G_TYPE_STRING || !g_hash_table_lookup_extended (reading->places, json_node_get_string (item), NULL, &place))
    return FALSE;
  *slot = GPOINTER_TO_INT (place);
  return TRUE;
}

/* The slots that a layer reads, which must come before it, and what flows out of them. */
static gboolean
read_inputs (const Reading *reading, JsonObject *object, GArray *inputs, GPtrArray *flows, GError **error)
{
  JsonNode *from = json_object_get_member (object, "from");
  JsonArray *array = from != NULL && JSON_NODE_HOLDS_ARRAY (from) ? json_node_get_array (from) : NULL;

  for (guint k = 0; array != NULL && k < json_array_get_length (array); k++)
    {
      JsonNode *item = json_array_get_element (array, k);
      int slot;

      if (!read_input (reading, item, &slot))
        return qrx_model_set_malformed ("`from`", error);
      g_array_append_val (inputs, slot);
      if (slot == QRX_SLOT_TABLE)
        g_ptr_array_add (flows, g_object_ref (reading->source));
      else if (slot >= 0)
        g_ptr_array_add (flows, g_object_ref (reading->flows->pdata[slot]));
      else
        g_ptr_array_add (flows, qrx_flow_imagine_annotation (
                                  reading->source->table, reading->model->annotations->pdata[QRX_SLOT_ANNOTATION (slot)]));
    }
  return inputs->len > 0 || qrx_model_set_malformed ("`from`", error);
}

static void
keep_first_fault (const char *property G_GNUC_UNUSED, const GError *fault, const char *suggestion G_GNUC_UNUSED, gpointer data)
{
  GError **error = data;

  if (*error == NULL)
    g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, fault->message);
}

static QrxLayer *
read_layer (JsonObject *object, QrxRegistry *registry, GError **error)
{
  const char *id = string_member (object, "id"), *type = string_member (object, "type");
  JsonNode *properties = json_object_get_member (object, "properties");
  g_autoptr (QrxNode) node = NULL;
  GError *fault = NULL;

  if (id == NULL || type == NULL || properties == NULL || !JSON_NODE_HOLDS_OBJECT (properties))
    {
      qrx_model_set_malformed ("layer", error);
      return NULL;
    }
  if (g_str_equal (type, "affine"))
    return g_object_new (QRX_TYPE_AFFINE, "id", id, NULL);
  if (g_str_equal (type, "pick"))
    return qrx_pick_new_from_json (id, json_node_get_object (properties), error);
  if (g_str_equal (type, "trees"))
    return qrx_trees_new_from_json (id, json_node_get_object (properties), error);
  node = qrx_registry_build_node (registry, type, id, NULL, json_node_get_object (properties), NULL, keep_first_fault,
                                  &fault);
  if (node != NULL && fault == NULL && QRX_IS_LAYER (node))
    return QRX_LAYER (g_steal_pointer (&node));
  if (fault == NULL)
    fault = g_error_new (QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "`%s` is no layer", type);
  g_propagate_prefixed_error (error, fault, "the layer `%s`: ", id);
  return NULL;
}

static gboolean
read_slot (const Reading *reading, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GPtrArray) in = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxLayer) layer = NULL;
  const char *quantity;
  double width = 0;
  QrxFlow *flow;
  QrxSlot *slot;

  if (object == NULL || !number_member (object, "width", &width) || !(width >= 1 && width <= G_MAXINT) ||
      (quantity = string_member (object, "quantity")) == NULL)
    return qrx_model_set_malformed ("layer", error);
  layer = read_layer (object, reading->registry, error);
  if (layer == NULL || !read_inputs (reading, object, inputs, in, error))
    return FALSE;
  flow = qrx_retrace_layer (layer, in, quantity, (gsize) width, error);
  if (flow == NULL)
    return FALSE;
  g_ptr_array_add (reading->flows, flow);
  slot = qrx_model_add_slot (reading->model, NULL, layer, NULL, (const int *) inputs->data, inputs->len, (gsize) width, quantity,
                             error);
  if (slot == NULL || !read_slot_tensors (slot, reading->file, error))
    return FALSE;
  g_hash_table_insert (reading->places, g_strdup (qrx_node_get_id (QRX_NODE (layer))),
                       GINT_TO_POINTER ((int) reading->model->slots->len - 1));
  return TRUE;
}

static gboolean
read_slots (const Reading *reading, JsonArray *layers, GError **error)
{
  QrxFlow *last;

  if (reading->source == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (layers); i++)
    if (!read_slot (reading, json_array_get_element (layers, i), error))
      return FALSE;
  last = reading->flows->pdata[reading->flows->len - 1];
  if (last->width == 1 && g_str_equal (last->quantity, "prediction"))
    return TRUE;
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
               "the last layer, `%s`, gives %s[%" G_GSIZE_FORMAT "], expected prediction[1]",
               qrx_node_get_id (QRX_NODE (last->layer)), last->quantity, last->width);
  return FALSE;
}

static gboolean
read_scaling (QrxModel *self, JsonObject *object, GError **error)
{
  const char *precision = string_member (object, "precision");

  if (g_strcmp0 (precision, "float32") != 0 && g_strcmp0 (precision, "float64") != 0)
    return qrx_model_set_malformed ("`precision`", error);
  if (!number_member (object, "target-mean", &self->target_mean) ||
      !number_member (object, "target-deviation", &self->target_deviation) || !(self->target_deviation > 0))
    return qrx_model_set_malformed ("target scaling: `target-mean` and a positive `target-deviation`", error);
  self->dtype = g_str_equal (precision, "float64") ? QRX_DTYPE_F64 : QRX_DTYPE_F32;
  return TRUE;
}

static gboolean
qrx_model_read (gpointer predictor, QrxSafetensors *file, QrxRegistry *registry, GError **error)
{
  QrxModel *self = QRX_MODEL (predictor);
  const char *text = qrx_safetensors_get_metadata (file, QRX_MODEL_KEY_LAYERS);
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) flows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxFlow) source = NULL;
  JsonObject *object;
  JsonNode *layers;

  if (text == NULL)
    return qrx_model_set_malformed ("text", error);
  document = qrx_json_document_parse (text, strlen (text), QRX_MODEL_KEY_LAYERS, error);
  if (document == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (qrx_json_document_get_root (document)))
    return qrx_model_set_malformed ("object", error);
  object = json_node_get_object (qrx_json_document_get_root (document));
  layers = json_object_get_member (object, "layers");
  if (layers == NULL || !JSON_NODE_HOLDS_ARRAY (layers) || json_array_get_length (json_node_get_array (layers)) == 0)
    return qrx_model_set_malformed ("`layers`", error);
  if (!read_scaling (self, object, error) || !qrx_model_read_annotations (self, object, error))
    return FALSE;
  source = qrx_retrace_source (qrx_predictor_get_columns (QRX_PREDICTOR (self)), error);
  if (!read_slots (&(Reading){ self, registry, file, source, flows, places }, json_node_get_array (layers), error))
    return FALSE;
  qrx_model_find_constants (self, NULL);
  return TRUE;
}

const QrxPredictorFile qrx_model_file = { qrx_model_write, qrx_model_read };
