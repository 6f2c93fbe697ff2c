/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Node types from shared modules. No cache: what the folders hold now is what is there. */
#include "graph/qrx-registry-private.h"

#include <gmodule.h>
#include <string.h>

typedef gboolean (*RegisterFunc) (QrxRegistry *registry, GError **error);

/* What GObject says only to the log: that a type of this name is there already. */
#define CLASH "cannot register existing type '"

typedef struct {
  GThread *thread;
  char *clash; /* the first type that was declared twice */
  guint handlers[3];
} Watch;

static const char *const watched_domains[] = { "GLib-GObject", "GLib", "Qrx" };

/* After a clash the plugin goes on with a type that it does not have, and more is said, which is all of that. */
static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  Watch *watch = data;
  const char *name = strstr (message, CLASH);

  if (g_thread_self () != watch->thread || (name == NULL && watch->clash == NULL))
    g_log_default_handler (domain, level, message, NULL);
  else if (watch->clash == NULL)
    watch->clash = g_strndup (name + strlen (CLASH), strcspn (name + strlen (CLASH), "'"));
}

static void
start_watching (Watch *watch)
{
  watch->thread = g_thread_self ();
  for (gsize i = 0; i < G_N_ELEMENTS (watched_domains); i++)
    watch->handlers[i] =
        g_log_set_handler (watched_domains[i], G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING, on_log, watch);
}

static void
stop_watching (Watch *watch)
{
  for (gsize i = 0; i < G_N_ELEMENTS (watched_domains); i++)
    g_log_remove_handler (watched_domains[i], watch->handlers[i]);
}

static GQuark
get_path_quark (void)
{
  return g_quark_from_static_string ("qrx-plugin-path");
}

/* Remembers where types come from, with the types in between that only the plugin knows. */
static void
note_types (QrxRegistry *self, const char *path)
{
  g_auto (GStrv) names = qrx_registry_dup_names (self, FALSE);

  for (char **name = names; *name != NULL; name++)
    for (GType type = G_TYPE_FROM_CLASS (qrx_registry_peek_class (self, *name));
         type != QRX_TYPE_NODE && g_type_get_qdata (type, get_path_quark ()) == NULL; type = g_type_parent (type))
      g_type_set_qdata (type, get_path_quark (), (gpointer) g_intern_string (path));
}

static void
set_clash (GError **error, const char *path, const char *name)
{
  const char *first = g_type_get_qdata (g_type_from_name (name), get_path_quark ());

  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
               "the plugin %s declares the type %s, which %s has declared already, and a process can have once only: two "
               "builds of one plugin? Take one of them off the plugin path",
               path, name, first != NULL ? first : "this program or another plugin");
}

static gboolean
register_types (QrxRegistry *self, RegisterFunc function, const char *path, GError **error)
{
  Watch watch = { NULL };
  g_autoptr (GError) reason = NULL;
  g_autofree char *clash = NULL;
  gboolean success;

  start_watching (&watch);
  success = function (self, &reason);
  stop_watching (&watch);
  clash = watch.clash;
  if (clash != NULL)
    set_clash (error, path, clash);
  else if (success)
    note_types (self, path);
  else
    g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "the plugin %s failed: %s", path,
                 reason != NULL ? reason->message : "it did not say why");
  return success && clash == NULL;
}

static gboolean
load_module (QrxRegistry *self, const char *path, GError **error)
{
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL);
  gpointer symbol;
  RegisterFunc function;

  if (module == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "cannot load the plugin %s: %s", path, g_module_error ());
      return FALSE;
    }
  /* Its types stay known to GObject for good. */
  g_module_make_resident (module);
  if (!g_module_symbol (module, "qrx_plugin_register", &symbol) || symbol == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
                   "cannot load the plugin %s: it does not have the function qrx_plugin_register", path);
      return FALSE;
    }
  memcpy (&function, &symbol, sizeof symbol);
  return register_types (self, function, path, error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_modules (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (dir == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "cannot read the plugin folder %s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, "." G_MODULE_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_texts);
  return g_steal_pointer (&names);
}

/* A module hides those of its name in later folders, as programs do on $PATH: two builds of one plugin declare the same
 * types, which a process can have once only. */
static gboolean
load_folder (QrxRegistry *self, const char *folder, GHashTable *seen, GError **error)
{
  g_autoptr (GPtrArray) names = list_modules (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_hash_table_add (seen, g_strdup (name)) && !load_module (self, path, error))
        return FALSE;
    }
  return names != NULL;
}

static gboolean
load_path (QrxRegistry *self, const char *path, GHashTable *seen, GError **error)
{
  g_auto (GStrv) folders = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);

  for (guint i = 0; folders[i] != NULL; i++)
    if (*folders[i] != '\0' && !load_folder (self, folders[i], seen, error))
      return FALSE;
  return TRUE;
}

/**
 * qrx_registry_load_plugins:
 * @self: a registry
 * @path: (nullable): folders, separated by colons
 * @error: return location for an error
 *
 * Loads the modules of the folders in @path, then of those in `$QRX_PLUGIN_PATH`, then of the installed folder. A module
 * hides others of its file name in later folders.
 *
 * Fails with %QRX_RUN_ERROR_RESOURCES where a folder that is named does not exist, a module cannot be loaded or its
 * types not registered, or where there is no folder at all. The installed folder need not exist if another is named.
 *
 * Returns: whether all were loaded
 */
gboolean
qrx_registry_load_plugins (QrxRegistry *self, const char *path, GError **error)
{
  const char *environment = g_getenv ("QRX_PLUGIN_PATH");
  g_autoptr (GHashTable) seen = NULL;
  gboolean named = (path != NULL && *path != '\0') || (environment != NULL && *environment != '\0');

  g_return_val_if_fail (QRX_IS_REGISTRY (self), FALSE);

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!load_path (self, path, seen, error) || !load_path (self, environment, seen, error))
    return FALSE;
  if (named && !g_file_test (QRX_PLUGIN_DIR, G_FILE_TEST_IS_DIR))
    return TRUE;
  return load_folder (self, QRX_PLUGIN_DIR, seen, error);
}
