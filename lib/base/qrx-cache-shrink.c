/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the entries of the cache below a size: those used last stay. */
#include "base/qrx-cache-private.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define DEFAULT_LIMIT (G_GUINT64_CONSTANT (8) << 30)

typedef struct {
  char *path;
  guint64 size;
  gint64 used;
} Entry;

static void
clear_entry (gpointer data)
{
  g_free (((Entry *) data)->path);
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  return (x->used > y->used) - (x->used < y->used);
}

/* Bytes: $QRX_CACHE_SIZE in MiB. */
static guint64
find_limit (void)
{
  const char *text = g_getenv ("QRX_CACHE_SIZE");
  guint64 limit;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64 >> 20, &limit, NULL))
    return limit << 20;
  return DEFAULT_LIMIT;
}

/* Temporary files that a killed process left are entries like any other. */
static GArray *
list_entries (const char *folder, guint64 *total)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (entries, clear_entry);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Entry entry = { .path = g_build_filename (folder, name, NULL) };
      GStatBuf status;

      if (g_stat (entry.path, &status) == 0)
        {
          entry.size = (guint64) status.st_size;
          entry.used = (gint64) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
          *total += entry.size;
        }
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_use);
  return entries;
}

void
qrx_cache_shrink (void)
{
  g_autofree char *folder = qrx_cache_dup_path ("tables");
  g_autoptr (GArray) entries = NULL;
  guint64 total = 0, limit = find_limit ();

  if (folder == NULL)
    return;
  entries = list_entries (folder, &total);
  for (guint i = 0; i < entries->len && total > limit; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);

      if (g_unlink (entry->path) == 0)
        total -= MIN (entry->size, total);
    }
}
