/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries on disk: a header, and a content that is mapped. An entry is written under a name of its own and renamed when
 * it is whole, so that several writers do no harm and readers see all or nothing; its header has the content's size and
 * checksum, so that what a crash of the machine or a fault of the disk left is recognized. */
#include "base/qrx-cache-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAGIC "QRXCACHE"
#define VERSION 1
#define WINDOW (4u << 20) /* a multiple of every page's size */

/* 64 bytes, so that the content is aligned for vectors. */
typedef struct {
  char magic[8];
  guint64 version;
  guint64 size;
  guint64 checksum;
  guint64 unused[4];
} Header;

struct _QrxCacheEntry {
  char *path;      /* NULL where nobody is to find it */
  char *temporary; /* NULL where it has no name any more */
  int fd;
  char *map; /* header and content, while they are written in place */
  gsize size;
  XXH3_state_t *state; /* of what was appended */
};

char *
qrx_cache_dup_path (const char *name)
{
  const char *folder = g_getenv ("QRX_CACHE");

  if (g_strcmp0 (folder, "off") == 0)
    return NULL;
  if (folder != NULL && *folder != '\0')
    return g_build_filename (folder, name, NULL);
  return g_build_filename (g_get_user_cache_dir (), "qrx", name, NULL);
}

gboolean
qrx_cache_is_on (void)
{
  g_autofree char *folder = qrx_cache_dup_path ("tables");

  return folder != NULL && g_mkdir_with_parents (folder, 0700) == 0;
}

static char *
dup_entry_path (const char *name)
{
  g_autofree char *file = g_build_filename ("tables", name, NULL);

  return qrx_cache_dup_path (file);
}

static void
unmap_bytes (gpointer data)
{
  Header *header = data;

  munmap (header, sizeof *header + header->size);
}

/* Takes the mapping. */
static GBytes *
wrap (char *map, gsize size)
{
  return g_bytes_new_with_free_func (map + sizeof (Header), size, unmap_bytes, map);
}

/* The checksum of what follows a header. Pages are let go behind: whoever wants them finds them in memory still. */
static guint64
checksum (char *map, gsize size)
{
  XXH3_state_t *state = XXH3_createState ();
  gsize whole = sizeof (Header) + size;
  guint64 sum;

  XXH3_64bits_reset (state);
  for (gsize first = 0; first < whole; first += WINDOW)
    {
      gsize n = MIN (WINDOW, whole - first), skipped = first == 0 ? sizeof (Header) : 0;

      XXH3_64bits_update (state, map + first + skipped, n - skipped);
      madvise (map + first, n, MADV_DONTNEED);
    }
  sum = XXH3_64bits_digest (state);
  XXH3_freeState (state);
  return sum;
}

static gboolean
is_sound (char *map, gsize size)
{
  const Header *header = (const Header *) map;

  return memcmp (header->magic, MAGIC, sizeof header->magic) == 0 && header->version == VERSION &&
         header->size == size && header->checksum == checksum (map, size);
}

GBytes *
qrx_cache_find (const char *name)
{
  g_autofree char *path = dup_entry_path (name);
  int fd = path != NULL ? g_open (path, O_RDONLY | O_CLOEXEC, 0) : -1;
  GStatBuf status;
  char *map = MAP_FAILED;
  gsize size = 0;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &status) == 0 && status.st_size >= (off_t) sizeof (Header))
    {
      size = (gsize) status.st_size - sizeof (Header);
      map = mmap (NULL, (gsize) status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    }
  if (map != MAP_FAILED && is_sound (map, size))
    {
      futimens (fd, NULL); /* what is used stays longest */
      close (fd);
      return wrap (map, size);
    }
  if (map != MAP_FAILED)
    munmap (map, sizeof (Header) + size);
  close (fd);
  g_unlink (path);
  return NULL;
}

static QrxCacheEntry *
open_entry (const char *name)
{
  QrxCacheEntry *self;
  g_autofree char *path = name != NULL ? dup_entry_path (name) : NULL;
  g_autofree char *temporary = NULL;
  int fd;

  if (name != NULL && (path == NULL || !qrx_cache_is_on ()))
    return NULL;
  temporary =
      path != NULL ? g_strconcat (path, ".XXXXXX", NULL) : g_build_filename (g_get_tmp_dir (), "qrx-XXXXXX", NULL);
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return NULL;
  if (path == NULL)
    {
      g_unlink (temporary);
      g_clear_pointer (&temporary, g_free);
    }
  self = g_new0 (QrxCacheEntry, 1);
  self->path = g_steal_pointer (&path);
  self->temporary = g_steal_pointer (&temporary);
  self->fd = fd;
  return self;
}

QrxCacheEntry *
qrx_cache_begin (const char *name, gsize size)
{
  QrxCacheEntry *self = open_entry (name);
  static const Header empty;

  if (self == NULL)
    return NULL;
  self->size = size;
  if (size == 0)
    {
      self->state = XXH3_createState ();
      XXH3_64bits_reset (self->state);
      if (write (self->fd, &empty, sizeof empty) == (gssize) sizeof empty)
        return self;
    }
  /* Room is taken before the mapping is written to: a disk that is full would end the process. */
  else if (posix_fallocate (self->fd, 0, (off_t) (sizeof (Header) + size)) == 0)
    {
      self->map = mmap (NULL, sizeof (Header) + size, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
      if (self->map != MAP_FAILED)
        return self;
      self->map = NULL;
    }
  qrx_cache_abandon (self);
  return NULL;
}

gpointer
qrx_cache_entry_peek (QrxCacheEntry *self)
{
  return self->map + sizeof (Header);
}

gboolean
qrx_cache_append (QrxCacheEntry *self, gconstpointer data, gsize length)
{
  const char *p = data;

  XXH3_64bits_update (self->state, data, length);
  self->size += length;
  while (length > 0)
    {
      gssize n = write (self->fd, p, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      p += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static void
entry_free (QrxCacheEntry *self)
{
  close (self->fd);
  XXH3_freeState (self->state);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

void
qrx_cache_abandon (QrxCacheEntry *self)
{
  if (self->map != NULL)
    munmap (self->map, sizeof (Header) + self->size);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  entry_free (self);
}

GBytes *
qrx_cache_commit (QrxCacheEntry *self)
{
  Header header = { MAGIC, VERSION, self->size, 0, { 0 } };
  gsize whole = sizeof header + self->size;
  char *map;

  if (self->map == NULL)
    {
      header.checksum = XXH3_64bits_digest (self->state);
      self->map = mmap (NULL, whole, PROT_READ, MAP_SHARED, self->fd, 0);
      if (self->map == MAP_FAILED)
        self->map = NULL;
    }
  else
    header.checksum = checksum (self->map, self->size);
  if (self->map == NULL || pwrite (self->fd, &header, sizeof header, 0) != (gssize) sizeof header ||
      mprotect (self->map, whole, PROT_READ) != 0)
    {
      qrx_cache_abandon (self);
      return NULL;
    }
  map = g_steal_pointer (&self->map);
  if (self->path != NULL && g_rename (self->temporary, self->path) == 0)
    qrx_cache_shrink ();
  else if (self->temporary != NULL)
    g_unlink (self->temporary);
  entry_free (self);
  return wrap (map, header.size);
}
