/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a node type's description must be before anybody can use the type; said in full when it is registered. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"
#include "graph/qrx-registry-private.h"

/* The members of a node in a pipeline file that are not properties, and what QrxNode itself has. */
static const char *const reserved[] = { "type", "from", "id", "position", NULL };

static gboolean G_GNUC_PRINTF (2, 3)
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_clear_error (error);
  if (error != NULL)
    *error = g_error_new_valist (QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* Lower-case words of letters and digits, joined by single hyphens. */
static gboolean
is_kebab_case (const char *name)
{
  if (!g_ascii_islower (*name))
    return FALSE;
  for (const char *p = name + 1; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && !(*p == '-' && g_ascii_isalnum (p[1]) && p[-1] != '-'))
      return FALSE;
  return TRUE;
}

static gboolean
check_name (const char *what, const char *name, const char *summary, GError **error)
{
  if (name == NULL)
    return refuse (error, "the %s has no name", what);
  if (!is_kebab_case (name))
    return refuse (error, "the %s's name is \"%s\", expected kebab-case such as \"quantum-layer\"", what, name);
  if (summary == NULL || *summary == '\0')
    return refuse (error, "the %s \"%s\" has no summary", what, name);
  return TRUE;
}

static gboolean
check_bound_property (QrxNodeClass *klass, QrxPort *port, const char *name, gboolean size, GError **error)
{
  GParamSpec *pspec = name != NULL ? qrx_node_class_find_property (klass, name) : NULL;
  QrxPropertyKind kind;

  if (name == NULL)
    return TRUE;
  if (pspec == NULL)
    return refuse (error, "port \"%s\": \"%s\" names the property \"%s\", which is not declared", qrx_port_get_name (port),
                   qrx_port_spec_get_text (qrx_port_get_spec (port)), name);
  kind = qrx_property_get_info (pspec)->kind;
  if (size ? kind == QRX_PROPERTY_INTEGER : kind == QRX_PROPERTY_STRING || kind == QRX_PROPERTY_CHOICE)
    return TRUE;
  return refuse (error, "port \"%s\": \"%s\" names the property \"%s\", which is no %s", qrx_port_get_name (port),
                 qrx_port_spec_get_text (qrx_port_get_spec (port)), name, size ? "integer" : "string or choice");
}

static gboolean
check_ports (QrxNodeClass *klass, GError **error)
{
  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      QrxPortSpec *spec = qrx_port_get_spec (port);

      if (!check_bound_property (klass, port, qrx_port_spec_get_quantity_property (spec), FALSE, error))
        return FALSE;
      if (!qrx_port_is_output (port) && qrx_port_spec_takes_categories (spec) &&
          qrx_port_spec_get_quantity_property (spec) == NULL)
        return refuse (error, "port \"%s\": \"%s\" does not say which property names the annotation, as in "
                       "\"flow:category=by[B, C]\"", qrx_port_get_name (port), qrx_port_spec_get_text (spec));
      for (guint axis = 0; axis < qrx_port_spec_get_rank (spec); axis++)
        if (!check_bound_property (klass, port, qrx_port_spec_get_symbol_property (spec, axis), TRUE, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
check_property (GParamSpec *pspec, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) reason = NULL;

  if (g_strv_contains (reserved, pspec->name))
    return refuse (error, "property \"%s\": the name is taken in every node", pspec->name);
  if ((pspec->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
    return refuse (error, "property \"%s\" cannot be both read and written", pspec->name);
  if (qrx_property_get_info (pspec)->kind == QRX_PROPERTY_UNSUPPORTED)
    return refuse (error, "property \"%s\" is of type %s, which a pipeline file cannot hold", pspec->name,
                   g_type_name (pspec->value_type));
  qrx_property_get_default (pspec, &value);
  if (!qrx_property_validate (pspec, &value, &reason))
    return refuse (error, "the default of %s", reason->message);
  return TRUE;
}

static gboolean
check_properties (QrxNodeClass *klass, GError **error)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    if (!check_property (pspecs[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check_names_exist (QrxNodeClass *klass, char **names, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (qrx_node_class_find_property (klass, names[i]) == NULL)
      return refuse (error, "an exclusion names the property \"%s\", which is not declared", names[i]);
  return TRUE;
}

static JsonNode *
parse_object (const char *text, const char *what, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) node = qrx_json_scan (text, strlen (text), NULL, NULL, &reason);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  refuse (error, "%s: %s", what, reason != NULL ? reason->message : "expected a JSON object");
  return NULL;
}

static gboolean
check_preset_members (QrxNodeClass *klass, const char *name, JsonObject *object, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      GParamSpec *pspec = qrx_node_class_find_property (klass, l->data);
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GError) reason = NULL;

      if (pspec == NULL)
        return refuse (error, "preset \"%s\" names the property \"%s\", which is not declared", name, (char *) l->data);
      if (!qrx_property_from_json (pspec, json_object_get_member (object, l->data), NULL, &value, &reason))
        return refuse (error, "preset \"%s\": %s", name, reason->message);
      for (GList *k = members; k != l; k = k->next)
        if (qrx_node_class_excludes (klass, k->data, l->data))
          return refuse (error, "preset \"%s\": \"%s\" and \"%s\" exclude each other", name, (char *) k->data,
                         (char *) l->data);
    }
  return TRUE;
}

static gboolean
check_preset (QrxNodeClass *klass, const QrxPreset *preset, GError **error)
{
  g_autofree char *what = g_strdup_printf ("preset \"%s\"", preset->name);
  g_autoptr (JsonNode) node = NULL;

  if (!check_name ("preset", preset->name, preset->summary, error))
    return FALSE;
  node = parse_object (preset->properties, what, error);
  return node != NULL && check_preset_members (klass, preset->name, json_node_get_object (node), error);
}

gboolean
qrx_registry_check_class (QrxNodeClass *klass, GError **error)
{
  g_autofree char *faults = qrx_node_class_dup_faults (klass);
  const char *example = qrx_node_class_get_example (klass);

  if (faults != NULL)
    return refuse (error, "%s", faults);
  if (!check_name ("type", qrx_node_class_get_name (klass), qrx_node_class_get_summary (klass), error) ||
      !check_properties (klass, error) || !check_ports (klass, error))
    return FALSE;
  for (guint i = 0; i < qrx_node_class_get_n_exclusions (klass); i++)
    {
      const QrxExclusion *exclusion = qrx_node_class_get_exclusion (klass, i);

      if (!check_names_exist (klass, exclusion->properties, error) || !check_names_exist (klass, exclusion->others, error))
        return FALSE;
    }
  for (guint i = 0; i < qrx_node_class_get_n_presets (klass); i++)
    if (!check_preset (klass, qrx_node_class_get_preset (klass, i), error))
      return FALSE;
  if (example != NULL)
    {
      g_autoptr (JsonNode) node = parse_object (example, "the example", error);

      return node != NULL;
    }
  return TRUE;
}
