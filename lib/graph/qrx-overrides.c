/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Overrides from a command line. They change JSON, so that all that holds for a file holds for them. Types are set first:
 * what is asked for by name is not dropped by a type that is set after it. */
#include "graph/qrx-overrides-private.h"

#include "base/qrx-json-private.h"
#include "graph/qrx-json-edit-private.h"
#include "graph/qrx-property-private.h"

#include <string.h>

/* One text, taken apart. */
typedef struct {
  const char *text;
  char *node; /* NULL for "seed" */
  char **path;
  const char *value;
  JsonObject *members; /* of the node */
} Override;

static void
override_clear (Override *self)
{
  g_free (self->node);
  g_strfreev (self->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Override, override_clear)

static void G_GNUC_PRINTF (5, 6)
fail (QrxOverrides *self, const Override *override, QrxPipelineError code, const char *suggestion, const char *format, ...)
{
  QrxPlace place = { .file = (char *) self->file, .override = (char *) override->text };
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  qrx_diagnostics_add (self->faults, code, &place, override->node, suggestion, "%s", message);
}

static void
fail_unknown (QrxOverrides *self, const Override *override, const char *what, const char *found, char **known)
{
  g_autofree char *hint = qrx_suggest_text (found, (const char *const *) known);

  fail (self, override, QRX_PIPELINE_ERROR_UNKNOWN, qrx_suggest (found, (const char *const *) known),
        "found \"%s\", there is no such %s%s", found, what, hint);
}

/* Takes a text apart and finds its node, or adds a fault. */
static gboolean
override_parse (QrxOverrides *self, const char *text, Override *override)
{
  const char *equals = strchr (text, '=');
  g_autofree char *key = NULL;
  JsonObject *nodes = qrx_json_object_peek_object (self->root, "nodes");
  g_auto (GStrv) parts = NULL, ids = NULL;

  override->text = text;
  if (equals != NULL)
    key = g_strndup (text, equals - text);
  parts = g_strsplit (key != NULL ? key : "", ".", -1);
  if (key == NULL || parts[0] == NULL || g_strv_contains ((const char *const *) parts, "") ||
      (parts[1] == NULL && !g_str_equal (key, "seed")))
    {
      fail (self, override, QRX_PIPELINE_ERROR_VALUE, NULL, "expected \"node.property=value\" or \"seed=number\"");
      return FALSE;
    }
  override->value = equals + 1;
  override->path = g_strdupv (parts[1] != NULL ? parts + 1 : parts);
  if (parts[1] == NULL)
    return TRUE;
  override->node = g_strdup (parts[0]);
  override->members = nodes != NULL ? qrx_json_object_peek_object (nodes, parts[0]) : NULL;
  if (nodes == NULL || json_object_has_member (nodes, parts[0]))
    return override->members != NULL; /* what is there is reported as wrong */
  ids = qrx_json_object_dup_names (nodes);
  fail_unknown (self, override, "node", parts[0], ids);
  return FALSE;
}

static void
mark (QrxOverrides *self, const Override *override)
{
  g_autofree char *pointer = g_strdup (override->node != NULL ? "/nodes" : "");

  if (override->node != NULL)
    {
      char *below = qrx_json_pointer_append (pointer, override->node);

      g_free (pointer);
      pointer = below;
    }
  for (guint i = 0; override->path[i] != NULL; i++)
    {
      char *below = qrx_json_pointer_append (pointer, override->path[i]);

      g_free (pointer);
      pointer = below;
    }
  g_hash_table_replace (self->overridden, g_steal_pointer (&pointer), g_strdup (override->text));
}

static void
drop (QrxOverrides *self, const Override *override, const char *key)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", override->node, key);

  json_object_remove_member (override->members, key);
  if (!g_ptr_array_find_with_equal_func (self->dropped, name, g_str_equal, NULL))
    g_ptr_array_add (self->dropped, g_steal_pointer (&name));
}

static QrxNodeClass *
peek_class (QrxOverrides *self, const Override *override)
{
  const char *type = qrx_json_object_peek_string (override->members, "type");

  return type != NULL ? qrx_registry_peek_class (self->registry, type) : NULL;
}

/* JSON if it is, else a string. */
static JsonNode *
read_value (const char *text)
{
  JsonNode *value = qrx_json_scan (text, strlen (text), NULL, NULL, NULL);

  return value != NULL ? value : qrx_json_new_string (text);
}

static gboolean
is_fixed_by (QrxNodeClass *klass, JsonObject *preset, const char *key)
{
  g_auto (GStrv) fixed = preset != NULL ? qrx_json_object_dup_names (preset) : NULL;

  for (guint i = 0; fixed != NULL && fixed[i] != NULL; i++)
    if (g_str_equal (fixed[i], key) || qrx_node_class_excludes (klass, fixed[i], key))
      return TRUE;
  return FALSE;
}

static void
set_type (QrxOverrides *self, const Override *override)
{
  QrxNodeClass *old = peek_class (self, override), *klass;
  g_auto (GStrv) keys = qrx_json_object_dup_names (override->members);
  g_autoptr (JsonNode) preset = NULL;
  const char *fixed = NULL;

  json_object_set_member (override->members, "type", qrx_json_new_string (override->value));
  mark (self, override);
  klass = peek_class (self, override);
  if (klass == NULL)
    return;
  qrx_registry_lookup (self->registry, override->value, &fixed);
  preset = fixed != NULL ? qrx_json_scan (fixed, strlen (fixed), NULL, NULL, NULL) : NULL;
  for (guint i = 0; keys[i] != NULL; i++)
    {
      if (g_str_equal (keys[i], "type") || g_str_equal (keys[i], "from"))
        continue;
      if (old != NULL && qrx_node_class_find_property (old, keys[i]) == NULL)
        continue; /* wrong before, and still to be reported */
      if (qrx_node_class_find_property (klass, keys[i]) == NULL ||
          is_fixed_by (klass, preset != NULL ? json_node_get_object (preset) : NULL, keys[i]))
        drop (self, override, keys[i]);
    }
}

/* A value as the property takes it: texts need no quotes, files are looked for in the working directory. */
static JsonNode *
fit_value (GParamSpec *pspec, const char *text)
{
  QrxPropertyKind kind = pspec != NULL ? qrx_property_get_info (pspec)->kind : QRX_PROPERTY_UNSUPPORTED;
  g_autoptr (JsonNode) value = read_value (text);
  gboolean is_string = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
  gboolean is_file = kind == QRX_PROPERTY_FILE || kind == QRX_PROPERTY_DOCUMENT;

  if (!is_string && !JSON_NODE_HOLDS_NULL (value) &&
      (kind == QRX_PROPERTY_STRING || kind == QRX_PROPERTY_CHOICE || kind == QRX_PROPERTY_FILE))
    {
      json_node_unref (value);
      value = qrx_json_new_string (text);
      is_string = TRUE;
    }
  if (is_file && is_string && !g_path_is_absolute (json_node_get_string (value)) &&
      g_file_test (json_node_get_string (value), G_FILE_TEST_EXISTS))
    {
      g_autofree char *path = g_canonicalize_filename (json_node_get_string (value), NULL);

      json_node_set_string (value, path);
    }
  return g_steal_pointer (&value);
}

/* A trainable number that the file writes as a number, or not at all, as the object that paths lead into. */
static JsonNode *
spell_out_scalar (GParamSpec *pspec, JsonNode *member)
{
  g_autoptr (JsonObject) object = NULL;

  if (member != NULL && !JSON_NODE_HOLDS_VALUE (member))
    return json_node_ref (member);
  object = json_object_new ();
  if (member != NULL)
    json_object_set_member (object, "value", json_node_ref (member));
  else
    json_object_set_double_member (object, "value", qrx_scalar_get_value (qrx_property_get_info (pspec)->scalar));
  return qrx_json_new_object (object);
}

static void
set_property (QrxOverrides *self, const Override *override)
{
  const char *key = override->path[0];
  QrxNodeClass *klass = peek_class (self, override);
  GParamSpec *pspec = klass != NULL ? qrx_node_class_find_property (klass, key) : NULL;
  g_auto (GStrv) names = NULL;
  g_autoptr (JsonNode) member = json_object_dup_member (override->members, key);
  g_autoptr (JsonNode) value = NULL, whole = NULL;

  if (klass == NULL && !g_str_equal (key, "from"))
    return; /* the type is reported */
  if (pspec == NULL && !g_str_equal (key, "from"))
    {
      names = qrx_node_class_dup_property_names (klass);
      fail_unknown (self, override, "property", key, names);
      return;
    }
  value = fit_value (override->path[1] == NULL ? pspec : NULL, override->value);
  if (override->path[1] != NULL && pspec != NULL && qrx_property_get_info (pspec)->kind == QRX_PROPERTY_SCALAR)
    {
      JsonNode *object = spell_out_scalar (pspec, member);

      g_clear_pointer (&member, json_node_unref);
      member = object;
    }
  whole = qrx_json_replace (member, override->path + 1, value);
  if (whole == NULL)
    {
      fail (self, override, QRX_PIPELINE_ERROR_UNKNOWN, NULL, "found %s at \"%s\", which has nothing of that name in it",
            member != NULL ? qrx_json_describe (member) : "nothing", key);
      return;
    }
  json_object_set_member (override->members, key, g_steal_pointer (&whole));
  mark (self, override);
  names = qrx_json_object_dup_names (override->members);
  for (guint i = 0; klass != NULL && names[i] != NULL; i++)
    if (!g_str_equal (names[i], key) && qrx_node_class_excludes (klass, key, names[i]))
      drop (self, override, names[i]);
}

void
qrx_overrides_apply (QrxOverrides *self, const char *const *texts)
{
  for (int types = TRUE; types >= FALSE; types--)
    for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
      {
        g_auto (Override) override = { 0 };
        guint n_faults = self->faults->len;
        gboolean is_type;

        if (!override_parse (self, texts[i], &override))
          {
            if (!types)
              g_ptr_array_set_size (self->faults, (gint) n_faults); /* reported in the first round */
            continue;
          }
        is_type = override.node != NULL && g_str_equal (override.path[0], "type") && override.path[1] == NULL;
        if (is_type != types)
          continue;
        if (override.node == NULL)
          {
            json_object_set_member (self->root, "seed", read_value (override.value));
            mark (self, &override);
          }
        else if (is_type)
          set_type (self, &override);
        else
          set_property (self, &override);
      }
}

static gboolean
is_at_or_above (const char *a, const char *b)
{
  gsize length = strlen (a);

  return strncmp (a, b, length) == 0 && (b[length] == '\0' || b[length] == '/');
}

/* Whether a pointer leads to a member of a node, or below it. */
static gboolean
is_of_member (const char *pointer)
{
  g_auto (GStrv) parts = g_strsplit (pointer, "/", 5);

  return g_strv_length (parts) > 3;
}

const char *
qrx_overrides_find (GHashTable *overridden, const char *pointer)
{
  const char *found = NULL;
  GHashTableIter iter;
  gpointer key, text;

  g_hash_table_iter_init (&iter, overridden);
  while (g_hash_table_iter_next (&iter, &key, &text))
    if ((is_at_or_above (key, pointer) || (is_at_or_above (pointer, key) && is_of_member (pointer))) &&
        (found == NULL || strcmp (text, found) < 0)) /* the same one in every run */
      found = text;
  return found;
}
