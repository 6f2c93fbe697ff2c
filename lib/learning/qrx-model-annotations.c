/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a model file says of annotations: the categories that training had, and the mean target of each where it was centred. */
#include "learning/qrx-model-private.h"

gboolean
qrx_model_set_malformed (const char *what, GError **error)
{
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "the header's `%s` has no usable %s", QRX_MODEL_KEY_LAYERS, what);
  return FALSE;
}

/* {"annotation": which, "means": of its categories} */
static void
write_centres (QrxModel *self, JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "target-centres");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "annotation");
  json_builder_add_int_value (builder, self->target_annotation);
  json_builder_set_member_name (builder, "means");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ((QrxAnnotation *) self->annotations->pdata[self->target_annotation])->n; i++)
    json_builder_add_double_value (builder, self->target_centres[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
qrx_model_write_annotations (QrxModel *self, JsonBuilder *builder)
{
  if (self->target_annotation >= 0)
    write_centres (self, builder);
  if (self->annotations->len == 0)
    return;
  json_builder_set_member_name (builder, "annotations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->annotations->len; i++)
    json_builder_add_value (builder, qrx_annotation_to_json (self->annotations->pdata[i]));
  json_builder_end_array (builder);
}

/* Only models whose layers go by annotations have them. */
static gboolean
read_annotations (QrxModel *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "annotations");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && array == NULL)
    return qrx_model_set_malformed ("`annotations`", error);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autoptr (QrxAnnotation) annotation = qrx_annotation_new_from_json (json_array_get_element (array, i));

      if (annotation == NULL)
        return qrx_model_set_malformed ("`annotations`: each has a name, categories that differ, and whether rows must be known",
                                        error);
      g_ptr_array_add (self->annotations, g_steal_pointer (&annotation));
    }
  return TRUE;
}

static const QrxAnnotation *
read_target_annotation (QrxModel *self, JsonObject *centres)
{
  JsonNode *node = centres != NULL ? json_object_get_member (centres, "annotation") : NULL;
  gint64 which = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;

  if (which < 0 || which >= (gint64) self->annotations->len)
    return NULL;
  self->target_annotation = (int) which;
  return self->annotations->pdata[which];
}

/* Only targets that were centred by groups have them. */
static gboolean
read_centres (QrxModel *self, JsonObject *object, GError **error)
{
  static const char what[] = "`target-centres`: an annotation, and a mean for each of its categories";
  JsonNode *node = json_object_get_member (object, "target-centres");
  JsonObject *centres = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *means = centres != NULL ? json_object_get_member (centres, "means") : NULL;
  const QrxAnnotation *annotation = read_target_annotation (self, centres);

  if (node == NULL)
    return TRUE;
  if (annotation == NULL || means == NULL || !JSON_NODE_HOLDS_ARRAY (means) ||
      json_array_get_length (json_node_get_array (means)) != annotation->n)
    return qrx_model_set_malformed (what, error);
  self->target_centres = g_new0 (double, annotation->n);
  for (guint i = 0; i < annotation->n; i++)
    {
      JsonNode *mean = json_array_get_element (json_node_get_array (means), i);
      GType type = json_node_get_value_type (mean);

      if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
        return qrx_model_set_malformed (what, error);
      self->target_centres[i] = json_node_get_double (mean);
    }
  return TRUE;
}

gboolean
qrx_model_read_annotations (QrxModel *self, JsonObject *object, GError **error)
{
  return read_annotations (self, object, error) && read_centres (self, object, error);
}
