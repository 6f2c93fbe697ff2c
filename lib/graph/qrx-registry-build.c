/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes from JSON: presets expanded, every property converted and checked, every fault told. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-registry-private.h"

#include <string.h>

typedef struct {
  QrxRegistry *registry;
  const char *type;
  QrxNodeClass *klass;
  JsonNode *preset; /* NULL: no preset */
  const char *base_directory;
  QrxPropertyFault report;
  gpointer data;
  guint n_faults;
  GPtrArray *names;
  GArray *values;
} Builder;

static void G_GNUC_PRINTF (5, 6)
report_fault (Builder *builder, const char *property, QrxPipelineError code, const char *suggestion, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list arguments;

  va_start (arguments, format);
  error = g_error_new_valist (QRX_PIPELINE_ERROR, code, format, arguments);
  va_end (arguments);
  builder->report (property, error, suggestion, builder->data);
  builder->n_faults++;
}

static void
report_unknown_type (Builder *builder)
{
  const char *near = qrx_registry_suggest (builder->registry, builder->type);
  g_auto (GStrv) names = qrx_registry_dup_names (builder->registry, TRUE);
  g_autofree char *hint = qrx_suggest_text (builder->type, (const char *const *) names);

  report_fault (builder, NULL, QRX_PIPELINE_ERROR_UNKNOWN, near, "found the unknown type \"%s\"%s", builder->type,
                *hint != '\0' ? hint : "; `qrx inspect` lists all");
}

static void
report_unknown_property (Builder *builder, const char *name)
{
  g_auto (GStrv) names = qrx_node_class_dup_property_names (builder->klass);
  const char *near = qrx_suggest (name, (const char *const *) names);
  g_autofree char *hint = qrx_suggest_text (name, (const char *const *) names);

  report_fault (builder, name, QRX_PIPELINE_ERROR_UNKNOWN, near, "%s has no property \"%s\"%s", builder->type, name, hint);
}

/* What a choice was meant to be. */
static const char *
suggest_choice (GParamSpec *pspec, JsonNode *node)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);

  if (info->kind != QRX_PROPERTY_CHOICE || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return qrx_suggest (json_node_get_string (node), (const char *const *) info->choices);
}

static void
add_property (Builder *builder, const char *name, JsonNode *node)
{
  GParamSpec *pspec = qrx_node_class_find_property (builder->klass, name);
  g_autoptr (GError) error = NULL;
  GValue value = G_VALUE_INIT;

  if (pspec == NULL)
    {
      report_unknown_property (builder, name);
      return;
    }
  if (!qrx_property_from_json (pspec, node, builder->base_directory, &value, &error))
    {
      builder->report (name, error, suggest_choice (pspec, node), builder->data);
      builder->n_faults++;
      return;
    }
  g_ptr_array_add (builder->names, (gpointer) pspec->name);
  g_array_append_val (builder->values, value);
}

static gboolean
is_reserved (const char *name)
{
  return g_str_equal (name, "type") || g_str_equal (name, "from");
}

/* Each pair is told once, at the one that comes later. */
static void
check_exclusions (Builder *builder, GList *members, GList *member)
{
  for (GList *l = members; l != member; l = l->next)
    if (qrx_node_class_excludes (builder->klass, l->data, member->data))
      report_fault (builder, member->data, QRX_PIPELINE_ERROR_VALUE, NULL,
                    "property \"%s\": found beside \"%s\", expected only one of them", (char *) member->data,
                    (char *) l->data);
}

static void
add_members (Builder *builder, JsonObject *properties)
{
  g_autoptr (GList) members = json_object_get_members (properties);
  g_autoptr (GList) fixed = builder->preset != NULL ? json_object_get_members (json_node_get_object (builder->preset)) : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      if (is_reserved (l->data))
        continue;
      if (g_list_find_custom (fixed, l->data, (GCompareFunc) strcmp) != NULL)
        {
          report_fault (builder, l->data, QRX_PIPELINE_ERROR_VALUE, NULL,
                        "property \"%s\" is fixed by the preset \"%s\"; use the type \"%s\" to set it", (char *) l->data,
                        builder->type, qrx_node_class_get_name (builder->klass));
          continue;
        }
      for (GList *f = fixed; f != NULL; f = f->next)
        if (qrx_node_class_excludes (builder->klass, f->data, l->data))
          report_fault (builder, l->data, QRX_PIPELINE_ERROR_VALUE, NULL,
                        "property \"%s\": the preset \"%s\" sets \"%s\", and only one of them may be given",
                        (char *) l->data, builder->type, (char *) f->data);
      check_exclusions (builder, members, l);
      add_property (builder, l->data, json_object_get_member (properties, l->data));
    }
}

static void
add_preset (Builder *builder)
{
  JsonObject *fixed = json_node_get_object (builder->preset);
  g_autoptr (GList) members = json_object_get_members (fixed);

  for (GList *l = members; l != NULL; l = l->next)
    add_property (builder, l->data, json_object_get_member (fixed, l->data));
}

static void
add_string (Builder *builder, const char *name, const char *text)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  g_ptr_array_add (builder->names, (gpointer) name);
  g_array_append_val (builder->values, value);
}

/* A script's GParamSpec cannot hold the default of a trainable number, so it is set as if it had been written. */
static void
add_scalar_defaults (Builder *builder)
{
  guint n;
  g_autofree GParamSpec **pspecs = qrx_node_class_list_properties (builder->klass, &n);

  for (guint i = 0; i < n; i++)
    {
      const QrxPropertyInfo *info = qrx_property_get_info (pspecs[i]);
      GValue value = G_VALUE_INIT;

      if (info->kind != QRX_PROPERTY_SCALAR || info->scalar == NULL || info->offset != 0 ||
          g_ptr_array_find (builder->names, pspecs[i]->name, NULL))
        continue;
      qrx_property_get_default (pspecs[i], &value);
      g_ptr_array_add (builder->names, (gpointer) pspecs[i]->name);
      g_array_append_val (builder->values, value);
    }
}

static G_DEFINE_QUARK (qrx-node-registry, registry)

/* A node holds its registry; a registry holds no nodes. */
static QrxNode *
remember (QrxRegistry *self, QrxNode *node)
{
  g_object_set_qdata_full (G_OBJECT (node), registry_quark (), g_object_ref (self), g_object_unref);
  return node;
}

QrxNode *
qrx_registry_build_node (QrxRegistry *self, const char *type, const char *id, const char *position, JsonObject *properties,
                         const char *base_directory, QrxPropertyFault report, gpointer data)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (GValue));
  g_autoptr (JsonNode) fixed = NULL;
  Builder builder = { self, type, NULL, NULL, base_directory, report, data, 0, names, values };
  const char *preset;
  GType gtype = qrx_registry_lookup (self, type, &preset);

  g_array_set_clear_func (values, (GDestroyNotify) g_value_unset);
  if (gtype == G_TYPE_INVALID)
    {
      report_unknown_type (&builder);
      return NULL;
    }
  builder.klass = qrx_registry_peek_class (self, type);
  if (preset != NULL)
    builder.preset = fixed = qrx_json_scan (preset, strlen (preset), NULL, NULL, NULL);
  if (fixed != NULL)
    add_preset (&builder);
  if (properties != NULL)
    add_members (&builder, properties);
  if (builder.n_faults > 0)
    return NULL;
  add_scalar_defaults (&builder);
  add_string (&builder, "id", id);
  add_string (&builder, "position", position);
  return remember (self, QRX_NODE (g_object_new_with_properties (gtype, names->len, (const char **) names->pdata,
                                                                 (const GValue *) (gpointer) values->data)));
}

/**
 * qrx_node_get_registry:
 * @node: a node
 *
 * Gets the registry that made a node, for nodes that make others: a model file names the types of its layers.
 *
 * Returns: (nullable) (transfer none): the registry, %NULL for a node that was not made by one
 */
QrxRegistry *
qrx_node_get_registry (QrxNode *node)
{
  g_return_val_if_fail (QRX_IS_NODE (node), NULL);
  return g_object_get_qdata (G_OBJECT (node), registry_quark ());
}

typedef struct {
  GString *text;
  GError *first;
  guint n;
} Faults;

static void
collect_fault (const char *property G_GNUC_UNUSED, const GError *error, const char *suggestion G_GNUC_UNUSED, gpointer data)
{
  Faults *faults = data;

  if (faults->n++ == 0)
    faults->first = g_error_copy (error);
  else
    g_string_append_c (faults->text, '\n');
  g_string_append (faults->text, error->message);
}

static void
check_members (JsonObject *members, QrxNodeClass *klass, Faults *faults)
{
  const char *const names[] = { "type", "from" };

  for (guint i = 0; members != NULL && klass != NULL && i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (members, names[i]))
      {
        g_autoptr (GError) error = g_error_new (QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "%s has no property \"%s\"",
                                                qrx_node_class_get_name (klass), names[i]);

        collect_fault (names[i], error, NULL, faults);
      }
}

/**
 * qrx_registry_create:
 * @self: a registry
 * @type: the name of a type or preset
 * @id: (nullable): the node's id
 * @properties: (nullable): its properties as a JSON object, written as in a pipeline file
 * @error: return location for an error
 *
 * Makes one node. Documents are looked for relative to the working directory.
 *
 * Fails with %QRX_PIPELINE_ERROR_UNKNOWN, %QRX_PIPELINE_ERROR_VALUE or %QRX_PIPELINE_ERROR_SYNTAX; with
 * %QRX_PIPELINE_ERROR_INVALID and one line each where there are several faults.
 *
 * Returns: (transfer full): the node
 */
QrxNode *
qrx_registry_create (QrxRegistry *self, const char *type, const char *id, const char *properties, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (QrxNode) node = NULL;
  JsonObject *members = NULL;
  Faults faults = { NULL, NULL, 0 };

  g_return_val_if_fail (QRX_IS_REGISTRY (self) && type != NULL, NULL);

  if (properties != NULL)
    {
      root = qrx_json_scan (properties, strlen (properties), "properties", NULL, error);
      if (root == NULL)
        return NULL;
      if (!JSON_NODE_HOLDS_OBJECT (root))
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "found %s, expected an object of properties",
                       qrx_json_describe (root));
          return NULL;
        }
      members = json_node_get_object (root);
    }
  faults.text = g_string_new (NULL);
  check_members (members, qrx_registry_peek_class (self, type), &faults);
  node = qrx_registry_build_node (self, type, id, NULL, members, NULL, collect_fault, &faults);
  if (faults.n > 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, faults.n == 1 ? faults.first->code : (int) QRX_PIPELINE_ERROR_INVALID,
                   "%s%s%s", id != NULL ? id : "", id != NULL ? ": " : "", faults.text->str);
      g_error_free (faults.first);
      g_clear_object (&node);
    }
  g_string_free (faults.text, TRUE);
  return g_steal_pointer (&node);
}
