/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the files of a run lie: those that it reads, which are recorded, and those that it writes. */
#include "base/qrx-context-private.h"

#include <qrx/qrx-error.h>
#include <qrx/qrx-input.h>

#include <string.h>

/* The places where @name may lie, absolute, in the order in which they are looked at, each once. */
static char **
list_candidates (QrxContext *self, const char *name)
{
  const char *folders[] = { self->base_directory != NULL ? self->base_directory : ".", self->data_directory,
                            self->environment_directory };
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (g_path_is_absolute (name))
    g_ptr_array_add (paths, g_canonicalize_filename (name, NULL));
  for (gsize i = 0; !g_path_is_absolute (name) && i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = NULL;
      g_autofree char *path = NULL;

      if (folders[i] == NULL || folders[i][0] == '\0')
        continue;
      folder = g_canonicalize_filename (folders[i], NULL);
      path = g_canonicalize_filename (name, folder);
      if (!g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

static void
set_not_found (GError **error, const char *name, char **candidates)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (*name == '\0')
    {
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, "found an empty name, expected that of a file");
      return;
    }
  g_string_append_printf (text, "There is no file \"%s\"; looked for", name);
  for (gsize i = 0; candidates[i] != NULL; i++)
    g_string_append_printf (text, "%s %s%s", i > 0 ? "," : "", candidates[i],
                            g_file_test (candidates[i], G_FILE_TEST_EXISTS) ? " (which is no regular file)" : "");
  if (!g_path_is_absolute (name))
    g_string_append (text, "; --data (a script's data=) and $QRX_DATA name other folders");
  g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, text->str);
}

/* Files are read outside of the lock: two nodes may digest two files at once, or, at worst, one file twice. */
static gboolean
record_input (QrxContext *self, const char *path, GError **error)
{
  g_autofree char *digest = NULL;
  gboolean known;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->found, g_strdup (path));
  known = g_hash_table_contains (self->inputs, path);
  g_mutex_unlock (&self->mutex);
  if (known)
    return TRUE;

  digest = qrx_input_digest (path, error);
  if (digest == NULL)
    return FALSE;
  g_mutex_lock (&self->mutex);
  if (!g_hash_table_contains (self->inputs, path))
    g_hash_table_insert (self->inputs, g_strdup (path), g_steal_pointer (&digest));
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

void
qrx_context_watch (QrxContext *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->found, 0);
  g_mutex_unlock (&self->mutex);
  g_atomic_int_set (&self->seed_read, FALSE);
}

gboolean
qrx_context_was_seed_read (QrxContext *self)
{
  return g_atomic_int_get (&self->seed_read);
}

char **
qrx_context_dup_found (QrxContext *self)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->found->len; i++)
    g_strv_builder_add (paths, self->found->pdata[i]);
  g_mutex_unlock (&self->mutex);
  return g_strv_builder_end (paths);
}

void
qrx_context_add_input (QrxContext *self, const char *path, const char *digest)
{
  g_mutex_lock (&self->mutex);
  if (!g_hash_table_contains (self->inputs, path))
    g_hash_table_insert (self->inputs, g_strdup (path), g_strdup (digest));
  g_mutex_unlock (&self->mutex);
}

/**
 * qrx_context_find_file:
 * @self: a context
 * @name: (type filename): the path of a data file, absolute or not
 * @error: return location for an error
 *
 * Finds a data file: as it is if the path is absolute; else below the base directory, the data directory and the folder
 * in the environment variable `QRX_DATA`, in that order. Records its path and SHA-256 among the inputs of the run.
 *
 * Fails with %QRX_DATA_ERROR_NOT_FOUND, which lists every place that was looked at, and if the file cannot be read.
 *
 * Returns: (transfer full) (type filename): the absolute path
 */
char *
qrx_context_find_file (QrxContext *self, const char *name, GError **error)
{
  g_auto (GStrv) candidates = NULL;

  g_return_val_if_fail (QRX_IS_CONTEXT (self) && name != NULL, NULL);

  candidates = list_candidates (self, name);
  for (gsize i = 0; candidates[i] != NULL; i++)
    if (g_file_test (candidates[i], G_FILE_TEST_IS_REGULAR))
      return record_input (self, candidates[i], error) ? g_strdup (candidates[i]) : NULL;
  set_not_found (error, name, candidates);
  return NULL;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/**
 * qrx_context_dup_input_paths:
 * @self: a context
 *
 * Lists the files that were found so far. The order does not depend on which node found its file first.
 *
 * Returns: (transfer full) (array zero-terminated=1) (element-type filename): absolute paths, in the order of their
 * bytes
 */
char **
qrx_context_dup_input_paths (QrxContext *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer path;

  g_return_val_if_fail (QRX_IS_CONTEXT (self), NULL);

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->inputs);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_ptr_array_add (paths, g_strdup (path));
  g_mutex_unlock (&self->mutex);
  g_ptr_array_sort (paths, compare_paths);
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

/**
 * qrx_context_get_input_digest:
 * @self: a context
 * @path: (type filename): a path that qrx_context_find_file() returned
 *
 * Gets the checksum of a file that was found.
 *
 * Returns: (nullable): its SHA-256 in hexadecimal, %NULL if it is not among the inputs
 */
const char *
qrx_context_get_input_digest (QrxContext *self, const char *path)
{
  const char *digest;

  g_return_val_if_fail (QRX_IS_CONTEXT (self) && path != NULL, NULL);
  g_mutex_lock (&self->mutex);
  digest = g_hash_table_lookup (self->inputs, path);
  g_mutex_unlock (&self->mutex);
  return digest;
}

/**
 * qrx_context_get_output_directory:
 * @self: a context
 *
 * Gets the folder that files go to.
 *
 * Returns: (nullable) (type filename): the folder, %NULL for the working directory
 */
const char *
qrx_context_get_output_directory (QrxContext *self)
{
  g_return_val_if_fail (QRX_IS_CONTEXT (self), NULL);
  return self->output_directory;
}

/**
 * qrx_context_dup_output_path:
 * @self: a context
 * @name: (type filename): the path of a file that a node writes, absolute or not
 *
 * Says where a file is to be written: as it is if the path is absolute, else below the output folder.
 *
 * Returns: (transfer full) (type filename): the absolute path
 */
char *
qrx_context_dup_output_path (QrxContext *self, const char *name)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (QRX_IS_CONTEXT (self) && name != NULL, NULL);
  folder = g_canonicalize_filename (self->output_directory != NULL ? self->output_directory : ".", NULL);
  return g_canonicalize_filename (name, folder);
}
