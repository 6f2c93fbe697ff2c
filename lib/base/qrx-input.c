/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files as bytes: mapped where they are large, inflated where they are gzip. Knows nothing of what is in them. */
#include "base/qrx-input-private.h"

#include "base/qrx-inflate-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Smaller files are read: an editor that truncates a mapped file would end the process. */
#define MIN_MAPPED (16u << 20)

void
qrx_input_set_error (GError **error, const char *path, int number)
{
  if (*path == '\0')
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, "found an empty name, expected that of a file");
  else if (number == ENOENT || number == ENOTDIR)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, "%s: there is no such file", path);
  else
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number), "%s: cannot be read: %s", path,
                 g_strerror (number));
}

int
qrx_input_open (const char *path, gsize *size, GError **error)
{
  GStatBuf status;
  int fd;

  if (g_stat (path, &status) != 0)
    {
      qrx_input_set_error (error, path, errno);
      return -1;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "%s: found %s, expected a file", path,
                   S_ISDIR (status.st_mode) ? "a folder" : "a device or pipe");
      return -1;
    }
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    qrx_input_set_error (error, path, errno);
  *size = (gsize) status.st_size;
  return fd;
}

gssize
qrx_input_read_fully (int fd, guint8 *out, gsize size)
{
  gsize length = 0;

  while (length < size)
    {
      gssize n = read (fd, out + length, MIN (size - length, 1u << 30));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      length += (gsize) n;
    }
  return (gssize) length;
}

/**
 * qrx_input_read_stored: (skip)
 * @path: a file
 * @error: return location for an error
 *
 * Reads a file as it is stored. Large files are mapped, so they must not shrink while the bytes live.
 * Fails with %QRX_DATA_ERROR_NOT_FOUND, with %QRX_DATA_ERROR_FORMAT for what is no file, or as the system does.
 *
 * Returns: (transfer full): the bytes, or %NULL
 */
GBytes *
qrx_input_read_stored (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  g_autofree guint8 *data = NULL;
  gsize size = 0;
  gssize length;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = qrx_input_open (path, &size, error);
  if (fd < 0)
    return NULL;
  if (size >= MIN_MAPPED)
    {
      mapped = g_mapped_file_new_from_fd (fd, FALSE, error);
      close (fd);
      if (mapped == NULL)
        g_prefix_error (error, "%s: ", path);
      return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
    }
  data = g_malloc (size + 1);
  length = qrx_input_read_fully (fd, data, size);
  if (length < 0)
    qrx_input_set_error (error, path, errno);
  close (fd);
  return length < 0 ? NULL : g_bytes_new_take (g_steal_pointer (&data), (gsize) length);
}

/* Half of the machine's memory: a few megabytes can inflate to anything. */
gsize
qrx_input_get_largest_content (void)
{
  long pages = sysconf (_SC_PHYS_PAGES), page = sysconf (_SC_PAGESIZE);

  return pages > 0 && page > 0 ? (gsize) pages / 2 * (gsize) page : G_MAXSSIZE;
}

/**
 * qrx_input_read: (skip)
 * @path: a file
 * @error: return location for an error
 *
 * Reads a file as qrx_input_read_stored() does; one that begins like gzip is inflated, whatever its name, all its
 * members one after another. Fails also with %QRX_DATA_ERROR_FORMAT for what is no intact gzip, and with
 * %QRX_RUN_ERROR_RESOURCES where the content does not fit into memory.
 *
 * Returns: (transfer full): the content, or %NULL
 */
GBytes *
qrx_input_read (const char *path, GError **error)
{
  g_autoptr (GBytes) stored = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  stored = qrx_input_read_stored (path, error);
  if (stored == NULL)
    return NULL;
  if (qrx_inflate_is_gzip (stored))
    return qrx_inflate (stored, path, qrx_input_get_largest_content (), error);
  return g_steal_pointer (&stored);
}
