/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node types that a program knows, by name. Types and their presets share one name space. A registry belongs to
 * who made it: there is no global one. Not for several threads while it grows. */
#include "graph/qrx-registry-private.h"

#include <qrx/qrx-suggest.h>
#include <string.h>

typedef struct {
  GType type;
  QrxNodeClass *klass; /* referenced for good: a registered type is never unloaded */
  const char *name;
  const QrxPreset *preset; /* NULL: the type itself */
} Entry;

struct _QrxRegistry {
  GObject parent_instance;
  GHashTable *entries; /* Entry by its name */
};

G_DEFINE_FINAL_TYPE (QrxRegistry, qrx_registry, G_TYPE_OBJECT)

static void
qrx_registry_finalize (GObject *object)
{
  g_hash_table_unref (QRX_REGISTRY (object)->entries);
  G_OBJECT_CLASS (qrx_registry_parent_class)->finalize (object);
}

static void
qrx_registry_class_init (QrxRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_registry_finalize;
}

static void
qrx_registry_init (QrxRegistry *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

/**
 * qrx_registry_new:
 *
 * Makes a registry that knows nothing yet.
 *
 * Returns: (transfer full): the registry
 */
QrxRegistry *
qrx_registry_new (void)
{
  return g_object_new (QRX_TYPE_REGISTRY, NULL);
}

static void
add_entry (QrxRegistry *self, QrxNodeClass *klass, const char *name, const QrxPreset *preset)
{
  Entry *entry = g_new (Entry, 1);

  entry->type = G_TYPE_FROM_CLASS (klass);
  entry->klass = klass;
  entry->name = name;
  entry->preset = preset;
  g_hash_table_insert (self->entries, (gpointer) name, entry);
}

static gboolean
check_is_free (QrxRegistry *self, const char *name, GError **error)
{
  const Entry *entry = g_hash_table_lookup (self->entries, name);

  if (entry == NULL)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "the name \"%s\" is taken by %s%s", name,
               entry->preset != NULL ? "a preset of " : "", g_type_name (entry->type));
  return FALSE;
}

static gboolean
check_names_are_free (QrxRegistry *self, QrxNodeClass *klass, GError **error)
{
  const char *name = qrx_node_class_get_name (klass);

  if (!check_is_free (self, name, error))
    return FALSE;
  for (guint i = 0; i < qrx_node_class_get_n_presets (klass); i++)
    {
      const char *preset = qrx_node_class_get_preset (klass, i)->name;

      if (!check_is_free (self, preset, error))
        return FALSE;
      for (guint j = 0; j <= i; j++)
        if (g_str_equal (preset, j == 0 ? name : qrx_node_class_get_preset (klass, j - 1)->name))
          {
            g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "the name \"%s\" is declared twice", preset);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
is_known (QrxRegistry *self, QrxNodeClass *klass)
{
  const char *name = qrx_node_class_get_name (klass);
  const Entry *entry = name != NULL ? g_hash_table_lookup (self->entries, name) : NULL;

  return entry != NULL && entry->type == G_TYPE_FROM_CLASS (klass);
}

/**
 * qrx_registry_add:
 * @self: a registry
 * @type: a type that derives from [class@Node] and is not abstract
 * @error: return location for an error
 *
 * Makes a node type and its presets known by their names, and freezes the description of its class.
 * A type that is known already stays as it is.
 *
 * Fails with %QRX_PIPELINE_ERROR_VALUE where the description is wrong or a name is taken.
 *
 * Returns: whether the type is known
 */
gboolean
qrx_registry_add (QrxRegistry *self, GType type, GError **error)
{
  QrxNodeClass *klass;

  g_return_val_if_fail (QRX_IS_REGISTRY (self), FALSE);

  if (!g_type_is_a (type, QRX_TYPE_NODE) || G_TYPE_IS_ABSTRACT (type))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "cannot register %s: expected a type that derives from QrxNode and is not abstract",
                   type != G_TYPE_INVALID ? g_type_name (type) : "an invalid type");
      return FALSE;
    }
  klass = g_type_class_ref (type);
  if (is_known (self, klass))
    return TRUE;
  if (!qrx_registry_check_class (klass, error) || !check_names_are_free (self, klass, error))
    {
      g_prefix_error (error, "cannot register %s: ", g_type_name (type));
      return FALSE;
    }
  qrx_node_class_seal (klass);
  add_entry (self, klass, qrx_node_class_get_name (klass), NULL);
  for (guint i = 0; i < qrx_node_class_get_n_presets (klass); i++)
    add_entry (self, klass, qrx_node_class_get_preset (klass, i)->name, qrx_node_class_get_preset (klass, i));
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = *(const Entry *const *) a, *right = *(const Entry *const *) b;
  int order = g_strcmp0 (qrx_node_class_get_category (left->klass), qrx_node_class_get_category (right->klass));

  return order != 0 ? order : strcmp (left->name, right->name);
}

/**
 * qrx_registry_dup_names:
 * @self: a registry
 * @presets: whether to list presets too
 *
 * Lists what can be written as a node's type.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, sorted by category, then name
 */
char **
qrx_registry_dup_names (QrxRegistry *self, gboolean presets)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer entry;

  g_return_val_if_fail (QRX_IS_REGISTRY (self), NULL);

  entries = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (presets || ((const Entry *) entry)->preset == NULL)
      g_ptr_array_add (entries, entry);
  g_ptr_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    g_strv_builder_add (builder, ((const Entry *) g_ptr_array_index (entries, i))->name);
  return g_strv_builder_end (builder);
}

/**
 * qrx_registry_lookup:
 * @self: a registry
 * @name: the name of a type or preset
 * @preset: (out) (optional) (nullable) (transfer none): the preset's properties as a JSON object, or %NULL for a type
 *
 * Finds a node type by what pipeline files call it.
 *
 * Returns: the type, %G_TYPE_INVALID if it is not known
 */
GType
qrx_registry_lookup (QrxRegistry *self, const char *name, const char **preset)
{
  const Entry *entry;

  g_return_val_if_fail (QRX_IS_REGISTRY (self) && name != NULL, G_TYPE_INVALID);

  entry = g_hash_table_lookup (self->entries, name);
  if (preset != NULL)
    *preset = entry != NULL && entry->preset != NULL ? entry->preset->properties : NULL;
  return entry != NULL ? entry->type : G_TYPE_INVALID;
}

/**
 * qrx_registry_suggest:
 * @self: a registry
 * @name: a name that is not known
 *
 * Finds what somebody may have meant.
 *
 * Returns: (nullable) (transfer none): the nearest name of a type or preset
 */
const char *
qrx_registry_suggest (QrxRegistry *self, const char *name)
{
  g_auto (GStrv) names = NULL;
  const char *near;
  const Entry *entry;

  g_return_val_if_fail (QRX_IS_REGISTRY (self) && name != NULL, NULL);

  names = qrx_registry_dup_names (self, TRUE);
  near = qrx_suggest (name, (const char *const *) names);
  entry = near != NULL ? g_hash_table_lookup (self->entries, near) : NULL;
  return entry != NULL ? entry->name : NULL;
}

QrxNodeClass *
qrx_registry_peek_class (QrxRegistry *self, const char *name)
{
  const Entry *entry = g_hash_table_lookup (self->entries, name);

  return entry != NULL ? entry->klass : NULL;
}
