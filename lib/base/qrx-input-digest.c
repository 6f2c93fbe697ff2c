/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checksums of files. That of a large file is remembered for the file as it is: for its device, inode, size, and times
 * of modification and of change. No program sets the latter, so a file with another content has another; one that
 * changed just now could change once more within the clock's grain, and is not remembered yet. */
#include "base/qrx-input-private.h"

#include "base/qrx-cache-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <nettle/sha2.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SETTLED_SECONDS 2
#define CHUNK (1u << 18)
#define N_DIGITS (2 * SHA256_DIGEST_SIZE)

static void
print_digits (const guint8 *digest, char *digits)
{
  for (guint i = 0; i < SHA256_DIGEST_SIZE; i++)
    g_snprintf (digits + 2 * i, 3, "%02x", digest[i]);
}

char *
qrx_input_digest_data (gconstpointer data, gsize size)
{
  struct sha256_ctx context;
  guint8 digest[SHA256_DIGEST_SIZE];
  char digits[N_DIGITS + 1];

  sha256_init (&context);
  sha256_update (&context, size, data);
  sha256_digest (&context, sizeof digest, digest);
  print_digits (digest, digits);
  return g_strdup (digits);
}

static char *
digest_descriptor (int fd, const char *path, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  struct sha256_ctx context;
  guint8 digest[SHA256_DIGEST_SIZE];
  char digits[N_DIGITS + 1];
  gssize n;

  sha256_init (&context);
  while ((n = qrx_input_read_fully (fd, buffer, CHUNK)) > 0)
    sha256_update (&context, (gsize) n, buffer);
  if (n < 0)
    {
      qrx_input_set_error (error, path, errno);
      return NULL;
    }
  sha256_digest (&context, sizeof digest, digest);
  print_digits (digest, digits);
  return g_strdup (digits);
}

/* What a checksum is remembered by. */
static char *
dup_state_name (const GStatBuf *status)
{
  return g_strdup_printf ("state-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER
                          "x-%" G_GINT64_MODIFIER "x.%lx-%" G_GINT64_MODIFIER "x.%lx",
                          (guint64) status->st_dev, (guint64) status->st_ino, (guint64) status->st_size,
                          (guint64) status->st_mtim.tv_sec, status->st_mtim.tv_nsec, (guint64) status->st_ctim.tv_sec,
                          status->st_ctim.tv_nsec);
}

static char *
recall (const char *name)
{
  g_autoptr (GBytes) bytes = qrx_cache_find (name);

  return bytes != NULL && g_bytes_get_size (bytes) == N_DIGITS ? g_strndup (g_bytes_get_data (bytes, NULL), N_DIGITS)
                                                               : NULL;
}

static void
remember (const char *name, const char *digits)
{
  QrxCacheEntry *entry = qrx_cache_begin (name, 0);
  g_autoptr (GBytes) bytes = NULL;

  if (entry == NULL)
    return;
  if (qrx_cache_append (entry, digits, N_DIGITS))
    bytes = qrx_cache_commit (entry);
  else
    qrx_cache_abandon (entry);
}

static gboolean
is_settled (const GStatBuf *status)
{
  return (gint64) time (NULL) - status->st_ctim.tv_sec > SETTLED_SECONDS;
}

/**
 * qrx_input_digest:
 * @path: a file
 * @error: return location for an error
 *
 * Computes the SHA-256 of a file as it is stored, or recalls it where a large file has not changed. Fails as
 * qrx_input_read() does.
 *
 * Returns: (transfer full): 64 hexadecimal digits, or %NULL
 */
char *
qrx_input_digest (const char *path, GError **error)
{
  g_autofree char *name = NULL;
  char *digits;
  GStatBuf before, after;
  gsize size = 0;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = qrx_input_open (path, &size, error);
  if (fd < 0)
    return NULL;
  if (size >= QRX_CACHE_MIN_FILE && fstat (fd, &before) == 0 && is_settled (&before))
    name = dup_state_name (&before);
  digits = name != NULL ? recall (name) : NULL;
  if (digits == NULL)
    {
      digits = digest_descriptor (fd, path, error);
      if (digits != NULL && name != NULL && fstat (fd, &after) == 0 && before.st_ctim.tv_sec == after.st_ctim.tv_sec &&
          before.st_ctim.tv_nsec == after.st_ctim.tv_nsec)
        remember (name, digits);
    }
  close (fd);
  return digits;
}
