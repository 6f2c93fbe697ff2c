/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a node type that a pipeline file may set, and their values as such a file would say them. */
#include "graph/qrx-node-private.h"
#include "graph/qrx-property-private.h"

GParamSpec **
qrx_node_class_list_properties (QrxNodeClass *klass, guint *n_properties)
{
  guint n_all, n = 0;
  GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_all);

  for (guint i = 0; i < n_all; i++)
    if (pspecs[i]->owner_type != QRX_TYPE_NODE)
      pspecs[n++] = pspecs[i];
  *n_properties = n;
  return pspecs;
}

GParamSpec *
qrx_node_class_find_property (QrxNodeClass *klass, const char *name)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_CLASS (klass), name);

  /* GObject takes "learning_rate" for "learning-rate"; files have one spelling. */
  return pspec != NULL && pspec->owner_type != QRX_TYPE_NODE && g_str_equal (pspec->name, name) ? pspec : NULL;
}

char **
qrx_node_class_dup_property_names (QrxNodeClass *klass)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    g_strv_builder_add (builder, pspecs[i]->name);
  return g_strv_builder_end (builder);
}

static gboolean
is_at_default (QrxNode *self, const char *name)
{
  GParamSpec *pspec = qrx_node_class_find_property (QRX_NODE_GET_CLASS (self), name);
  g_auto (GValue) value = G_VALUE_INIT;

  if (pspec == NULL)
    return TRUE;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (self), name, &value);
  return qrx_property_is_default (pspec, &value);
}

static gboolean
any_is_given (QrxNode *self, JsonObject *object, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (json_object_has_member (object, names[i]) && !is_at_default (self, names[i]))
      return TRUE;
  return FALSE;
}

static void
remove_defaults (QrxNode *self, JsonObject *object, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (json_object_has_member (object, names[i]) && is_at_default (self, names[i]))
      json_object_remove_member (object, names[i]);
}

/* Of two groups of which only one may be given, the one that says nothing goes. */
static void
apply_exclusion (QrxNode *self, const QrxExclusion *exclusion, JsonObject *object)
{
  if (any_is_given (self, object, exclusion->others) && !any_is_given (self, object, exclusion->properties))
    remove_defaults (self, object, exclusion->properties);
  else
    for (guint i = 0; exclusion->properties[i] != NULL; i++)
      if (json_object_has_member (object, exclusion->properties[i]))
        {
          remove_defaults (self, object, exclusion->others);
          break;
        }
}

JsonObject *
qrx_node_properties_to_json (QrxNode *self)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (self);
  JsonObject *object = json_object_new ();
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (JsonNode) node = NULL;

      g_value_init (&value, pspecs[i]->value_type);
      g_object_get_property (G_OBJECT (self), pspecs[i]->name, &value);
      node = qrx_property_to_json (pspecs[i], &value);
      if (!json_node_is_null (node))
        json_object_set_member (object, pspecs[i]->name, g_steal_pointer (&node));
    }
  for (guint i = 0; i < qrx_node_class_get_n_exclusions (klass); i++)
    apply_exclusion (self, qrx_node_class_get_exclusion (klass, i), object);
  return object;
}
