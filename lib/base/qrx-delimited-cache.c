/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table's text and index as they are kept in the cache. Names hold the SHA-256 of the file as it is stored, which
 * every run records anyway, and how it is read; so a file that is renamed is found, and one that changed is not. */
#include "base/qrx-delimited-private.h"

#include "base/qrx-cache-private.h"
#include "base/qrx-inflate-private.h"
#include "base/qrx-input-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FORMAT 1               /* of what is kept, and of the reader: another number, other names */
#define MIN_MAPPED (16u << 20) /* from which qrx_input_read_stored() maps */

/* What an index begins with; starts, places of fields with doubled quotes, and strides follow. */
typedef struct {
  guint64 text_size;
  guint64 n_rows;
  guint64 n_columns;
  guint64 n_doubled;
  guint64 delimiter;
} Head;

static gboolean
append_sink (gconstpointer bytes, gsize length, gpointer entry)
{
  return qrx_cache_append (entry, bytes, length);
}

/* Inflates into an entry, or, where none can be kept, into a file without a name, so that memory is left for numbers.
 */
static GBytes *
inflate_to_disk (GBytes *stored, const char *path, const char *name)
{
  QrxCacheEntry *entry = qrx_cache_begin (name, 0);

  if (entry == NULL)
    return NULL;
  if (qrx_inflate_into (stored, path, qrx_input_get_largest_content (), append_sink, entry, NULL))
    return qrx_cache_commit (entry);
  qrx_cache_abandon (entry);
  return NULL;
}

static GBytes *
inflate_text (GBytes *stored, const char *path, const char *digest, gboolean *is_mapped, GError **error)
{
  g_autofree char *name = digest != NULL ? g_strdup_printf ("%s-%d.text", digest, FORMAT) : NULL;
  GBytes *text = name != NULL ? qrx_cache_find (name) : NULL;

  if (text == NULL && (name != NULL || g_bytes_get_size (stored) >= MIN_MAPPED))
    text = inflate_to_disk (stored, path, name);
  *is_mapped = text != NULL;
  return text != NULL ? text : qrx_inflate (stored, path, qrx_input_get_largest_content (), error);
}

static gboolean
is_same (const GStatBuf *a, const GStatBuf *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

GBytes *
qrx_delimited_load_text (const char *path, QrxDelimitedFlags flags, char **digest, gboolean *is_mapped, GError **error)
{
  GStatBuf before, after;
  gboolean is_large = g_stat (path, &before) == 0 && before.st_size >= (off_t) QRX_CACHE_MIN_FILE && qrx_cache_is_on ();
  g_autofree char *found = is_large ? qrx_input_digest (path, NULL) : NULL;
  g_autoptr (GBytes) stored = qrx_input_read_stored (path, error);
  g_autoptr (GBytes) text = NULL;

  if (stored == NULL)
    return NULL;
  if (found != NULL && (g_stat (path, &after) != 0 || !is_same (&before, &after)))
    g_clear_pointer (&found, g_free); /* of another content, perhaps */
  *is_mapped = g_bytes_get_size (stored) >= MIN_MAPPED;
  text =
      qrx_inflate_is_gzip (stored) ? inflate_text (stored, path, found, is_mapped, error) : g_steal_pointer (&stored);
  if (found != NULL)
    *digest = g_strdup_printf ("%s-%d-%x", found, FORMAT, (guint) flags);
  return g_steal_pointer (&text);
}

static gsize
count_strides (gsize n_rows, gsize n_columns)
{
  return n_rows * ((n_columns - 1) / QRX_DELIMITED_STRIDE);
}

static gsize
measure (const Head *head)
{
  return sizeof *head + (head->n_rows + 1 + head->n_doubled) * sizeof (guint64) +
         count_strides (head->n_rows, head->n_columns) * sizeof (guint32);
}

gboolean
qrx_delimited_load_index (QrxDelimited *self)
{
  g_autofree char *name = g_strconcat (self->digest, ".index", NULL);
  g_autoptr (GBytes) bytes = qrx_cache_find (name);
  gsize size = 0;
  const Head *head = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  const guint64 *doubled;

  if (size < sizeof *head || measure (head) != size || head->text_size != self->size)
    return FALSE;
  self->delimiter = (char) head->delimiter;
  self->n_rows = head->n_rows;
  self->starts = (const guint64 *) (head + 1);
  doubled = self->starts + self->n_rows + 1;
  self->strides = (const guint32 *) (doubled + head->n_doubled);
  for (gsize i = 0; i < head->n_doubled; i++)
    qrx_delimited_note_doubled (self, self->data + doubled[i], qrx_delimited_field_end (self, self->data + doubled[i]));
  self->index[0] = g_steal_pointer (&bytes);
  return qrx_delimited_index_header (self, NULL);
}

/* @from may be NULL where there is nothing to put: a narrow table has no strides. */
static char *
put (char *to, gconstpointer from, gsize size)
{
  if (size > 0)
    memcpy (to, from, size);
  return to + size;
}

void
qrx_delimited_save_index (QrxDelimited *self)
{
  g_autofree char *name = g_strconcat (self->digest, ".index", NULL);
  Head head = { self->size, self->n_rows, self->n_columns, g_hash_table_size (self->doubled),
                (guchar) self->delimiter };
  QrxCacheEntry *entry = qrx_cache_begin (name, measure (&head));
  g_autoptr (GBytes) bytes = NULL;
  GHashTableIter iter;
  gpointer field;
  char *to;

  if (entry == NULL)
    return;
  to = put (qrx_cache_entry_peek (entry), &head, sizeof head);
  to = put (to, self->starts, (self->n_rows + 1) * sizeof *self->starts);
  g_hash_table_iter_init (&iter, self->doubled);
  while (g_hash_table_iter_next (&iter, &field, NULL))
    to = put (to, &(guint64){ (guint64) ((const char *) field - self->data) }, sizeof (guint64));
  put (to, self->strides, count_strides (self->n_rows, self->n_columns) * sizeof *self->strides);
  bytes = qrx_cache_commit (entry);
}

void
qrx_delimited_forget (QrxDelimited *self, const char *from, const char *to)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE), first = ((gsize) from + page - 1) / page * page,
        last = (gsize) to / page * page;
  gsize end = ((gsize) self->data + self->size) / page * page;

  if (!self->is_mapped || last <= first)
    return;
  madvise ((gpointer) first, last - first, MADV_DONTNEED);
#ifdef MADV_POPULATE_READ
  /* One call for all pages of what comes next, where the kernel knows it; else they are faulted in. */
  if (end > last)
    madvise ((gpointer) last, MIN (end - last, QRX_DELIMITED_WINDOW), MADV_POPULATE_READ);
#endif
}
