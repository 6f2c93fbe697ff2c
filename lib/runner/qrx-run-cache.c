/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values are immutable and a node's values follow from what its key says, so that runs may share them, in several
 * threads at once. A file that changed since it was read makes its node run again. */
#include "runner/qrx-run-cache-private.h"

#include "base/qrx-context-private.h"
#include "base/qrx-json-private.h"
#include "graph/qrx-node-private.h"

#include <glib/gstdio.h>

typedef struct {
  char *path;
  char *digest;
  gint64 size;
  gint64 changed; /* nanoseconds */
} InputFile;

struct _QrxRunCacheEntry {
  gatomicrefcount references;
  QrxBundle *outputs;
  GPtrArray *messages; /* of QrxRunMessage */
  GArray *files;       /* of InputFile */
  guint64 number;      /* no other entry of the cache has had it */
  guint64 used;        /* when it was asked for last, in questions */
};

struct _QrxRunCache {
  GObject parent_instance;
  GMutex mutex;
  GHashTable *entries; /* key → QrxRunCacheEntry */
  guint n_nodes;
  guint n_hits;
  guint64 n_questions;
};

G_DEFINE_FINAL_TYPE (QrxRunCache, qrx_run_cache, G_TYPE_OBJECT)

static void
input_file_clear (gpointer data)
{
  InputFile *file = data;

  g_free (file->path);
  g_free (file->digest);
}

static void
message_free (gpointer data)
{
  QrxRunMessage *message = data;

  g_free (message->node);
  g_free (message->text);
  g_free (message);
}

GPtrArray *
qrx_run_messages_new (void)
{
  return g_ptr_array_new_with_free_func (message_free);
}

void
qrx_run_messages_add (GPtrArray *self, const char *node, GQuark kind, const char *text)
{
  QrxRunMessage *message = g_new (QrxRunMessage, 1);

  *message = (QrxRunMessage){ g_strdup (node), kind, g_strdup (text) };
  g_ptr_array_add (self, message);
}

void
qrx_run_cache_entry_unref (QrxRunCacheEntry *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->outputs);
  g_ptr_array_unref (self->messages);
  g_array_unref (self->files);
  g_free (self);
}

static void
qrx_run_cache_finalize (GObject *object)
{
  QrxRunCache *self = QRX_RUN_CACHE (object);

  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (qrx_run_cache_parent_class)->finalize (object);
}

static void
qrx_run_cache_class_init (QrxRunCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_run_cache_finalize;
}

static void
qrx_run_cache_init (QrxRunCache *self)
{
  g_mutex_init (&self->mutex);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) qrx_run_cache_entry_unref);
}

/**
 * qrx_run_cache_new:
 * @n_nodes: how many nodes' values it keeps
 *
 * Makes a cache. Given to several runners, nodes that are the same in their pipelines, with the same inputs and, where
 * they use it, the same seed, run once.
 *
 * Returns: (transfer full): the cache
 */
QrxRunCache *
qrx_run_cache_new (guint n_nodes)
{
  QrxRunCache *self;

  g_return_val_if_fail (n_nodes > 0, NULL);
  self = g_object_new (QRX_TYPE_RUN_CACHE, NULL);
  self->n_nodes = n_nodes;
  return self;
}

/**
 * qrx_run_cache_get_n_hits:
 * @self: a cache
 *
 * Returns: how often a node did not have to run
 */
guint
qrx_run_cache_get_n_hits (QrxRunCache *self)
{
  guint n;

  g_return_val_if_fail (QRX_IS_RUN_CACHE (self), 0);
  g_mutex_lock (&self->mutex);
  n = self->n_hits;
  g_mutex_unlock (&self->mutex);
  return n;
}

static void
update (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *) (text != NULL ? text : ""),
                     text != NULL ? (gssize) strlen (text) + 1 : 1);
}

char *
qrx_run_cache_make_key (QrxNode *node, const char *inputs, QrxContext *context)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (JsonObject) properties = qrx_node_properties_to_json (node);
  g_autoptr (JsonNode) json = json_node_init_object (json_node_alloc (), properties);
  g_autofree char *text = qrx_json_to_compact_string (json);

  update (checksum, qrx_node_get_type_name (node));
  update (checksum, qrx_node_get_id (node));
  update (checksum, text);
  update (checksum, inputs);
  update (checksum, context->base_directory);
  update (checksum, context->data_directory);
  update (checksum, context->environment_directory);
  return g_strdup (g_checksum_get_string (checksum));
}

static char *
add_seed (const char *key, QrxContext *context)
{
  return g_strdup_printf ("%s seed %" G_GUINT64_FORMAT, key, context->seed);
}

/* What keys of later nodes are made of. Two runs at once may make one node's values twice, and values may refer to others, as a
 * flow does to those that it comes from: what is built on one must not meet what is built on the other. */
static void
add_number (char **key, const QrxRunCacheEntry *entry)
{
  char *numbered = g_strdup_printf ("%s number %" G_GUINT64_FORMAT, *key, entry->number);

  g_free (*key);
  *key = numbered;
}

static gboolean
stat_file (const char *path, gint64 *size, gint64 *changed)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    return FALSE;
  *size = status.st_size;
  *changed = (gint64) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  return TRUE;
}

static gboolean
is_current (const QrxRunCacheEntry *entry)
{
  gint64 size, changed;

  for (guint i = 0; i < entry->files->len; i++)
    {
      const InputFile *file = &g_array_index (entry->files, InputFile, i);

      if (!stat_file (file->path, &size, &changed) || size != file->size || changed != file->changed)
        return FALSE;
    }
  return TRUE;
}

QrxRunCacheEntry *
qrx_run_cache_find (QrxRunCache *self, char **key, QrxContext *context)
{
  g_autofree char *with_seed = add_seed (*key, context);
  QrxRunCacheEntry *entry;

  g_mutex_lock (&self->mutex);
  entry = g_hash_table_lookup (self->entries, *key);
  if (entry == NULL)
    {
      entry = g_hash_table_lookup (self->entries, with_seed);
      if (entry != NULL)
        {
          g_free (*key);
          *key = g_steal_pointer (&with_seed);
        }
    }
  if (entry != NULL && is_current (entry))
    {
      g_atomic_ref_count_inc (&entry->references);
      entry->used = ++self->n_questions;
      self->n_hits++;
      add_number (key, entry);
    }
  else
    entry = NULL;
  g_mutex_unlock (&self->mutex);
  return entry;
}

static void
drop_oldest (QrxRunCache *self)
{
  const char *oldest = NULL;
  guint64 used = G_MAXUINT64;
  GHashTableIter iter;
  gpointer key, entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &entry))
    if (((QrxRunCacheEntry *) entry)->used < used)
      {
        used = ((QrxRunCacheEntry *) entry)->used;
        oldest = key;
      }
  g_hash_table_remove (self->entries, oldest);
}

static GArray *
list_files (QrxContext *context)
{
  GArray *files = g_array_new (FALSE, FALSE, sizeof (InputFile));
  g_auto (GStrv) paths = qrx_context_dup_found (context);

  g_array_set_clear_func (files, input_file_clear);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      InputFile file = { .size = -1 };

      stat_file (paths[i], &file.size, &file.changed);
      file.path = g_strdup (paths[i]);
      file.digest = g_strdup (qrx_context_get_input_digest (context, paths[i]));
      g_array_append_val (files, file);
    }
  return files;
}

void
qrx_run_cache_add (QrxRunCache *self, char **key, QrxBundle *outputs, GPtrArray *messages, QrxContext *context)
{
  QrxRunCacheEntry *entry = g_new0 (QrxRunCacheEntry, 1);

  g_atomic_ref_count_init (&entry->references);
  entry->outputs = g_object_ref (outputs);
  entry->messages = g_ptr_array_ref (messages);
  entry->files = list_files (context);
  if (qrx_context_was_seed_read (context))
    {
      char *with_seed = add_seed (*key, context);

      g_free (*key);
      *key = with_seed;
    }
  g_mutex_lock (&self->mutex);
  entry->number = entry->used = ++self->n_questions;
  g_hash_table_replace (self->entries, g_strdup (*key), entry);
  add_number (key, entry);
  if (g_hash_table_size (self->entries) > self->n_nodes)
    drop_oldest (self);
  g_mutex_unlock (&self->mutex);
}

QrxBundle *
qrx_run_cache_entry_get_outputs (QrxRunCacheEntry *self)
{
  return self->outputs;
}

GPtrArray *
qrx_run_cache_entry_get_messages (QrxRunCacheEntry *self)
{
  return self->messages;
}

void
qrx_run_cache_entry_add_inputs (QrxRunCacheEntry *self, QrxContext *context)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      const InputFile *file = &g_array_index (self->files, InputFile, i);

      qrx_context_add_input (context, file->path, file->digest);
    }
}
