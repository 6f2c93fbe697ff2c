/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing files so that a crash, a full disk or Ctrl-C leaves the old one or the new one, never a half. Knows paths and
 * bytes only. */
#include <qrx/qrx-output.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct _QrxOutput {
  char *path;      /* the file itself, links followed */
  char *temporary; /* NULL when writing straight into a device or a pipe, and when committed */
  FILE *stream;
  int failure; /* errno of the first failure */
};

static void
set_error (GError **error, const char *path, int number)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number), "%s: cannot be written: %s", path,
               g_strerror (number));
}

/* The mode of a file that is replaced is kept; a new one gets what the umask leaves. */
static int
open_temporary (QrxOutput *self, const GStatBuf *old)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *base = g_path_get_basename (self->path);
  g_autofree char *name = NULL;
  int fd;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    return -1;
  /* A name may have 255 bytes, and ours adds eight. */
  name = g_strdup_printf (".%.*s.XXXXXX", 240, base);
  self->temporary = g_build_filename (folder, name, NULL);
  fd = g_mkstemp_full (self->temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd >= 0 && old != NULL && fchmod (fd, old->st_mode & 07777) != 0 && errno != EPERM)
    {
      int failure = errno;

      close (fd);
      g_unlink (self->temporary);
      errno = failure;
      fd = -1;
    }
  if (fd < 0)
    g_clear_pointer (&self->temporary, g_free);
  return fd;
}

/**
 * qrx_output_open: (skip)
 * @path: where the file will be; missing folders are made
 * @error: return location for an error
 *
 * Begins to write a file. A symbolic link is followed; a device or a pipe is written to directly.
 *
 * Returns: (transfer full): the output, or %NULL
 */
QrxOutput *
qrx_output_open (const char *path, GError **error)
{
  g_autoptr (QrxOutput) self = g_new0 (QrxOutput, 1);
  g_autofree char *resolved = NULL;
  GStatBuf old;
  gboolean exists;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  resolved = realpath (path, NULL);
  self->path = g_strdup (resolved != NULL ? resolved : path);
  exists = g_stat (self->path, &old) == 0;
  if (exists && S_ISDIR (old.st_mode))
    {
      set_error (error, path, EISDIR);
      return NULL;
    }
  if (exists && !S_ISREG (old.st_mode))
    fd = g_open (self->path, O_WRONLY | O_CLOEXEC, 0);
  else
    fd = open_temporary (self, exists ? &old : NULL);
  if (fd >= 0)
    self->stream = fdopen (fd, "w");
  if (self->stream == NULL)
    {
      set_error (error, path, errno);
      return NULL;
    }
  return g_steal_pointer (&self);
}

static void
note_failure (QrxOutput *self, gboolean failed)
{
  if (failed && self->failure == 0)
    self->failure = errno != 0 ? errno : EIO;
}

/**
 * qrx_output_append: (skip)
 * @self: an output
 * @data: (array length=length): bytes
 * @length: how many
 *
 * Appends bytes.
 */
void
qrx_output_append (QrxOutput *self, gconstpointer data, gsize length)
{
  g_return_if_fail (self != NULL && self->stream != NULL);
  if (self->failure == 0 && length > 0)
    note_failure (self, fwrite (data, 1, length, self->stream) != length);
}

/**
 * qrx_output_printf: (skip)
 * @self: an output
 * @format: a format of printf(); numbers with a fraction go through qrx_number_format(), which knows no locale
 * @...: its arguments
 *
 * Appends text.
 */
void
qrx_output_printf (QrxOutput *self, const char *format, ...)
{
  va_list args;

  g_return_if_fail (self != NULL && self->stream != NULL);
  va_start (args, format);
  if (self->failure == 0)
    note_failure (self, vfprintf (self->stream, format, args) < 0);
  va_end (args);
}

/* So that the rename itself outlives a power cut; not every file system can. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd >= 0)
    {
      (void) fsync (fd);
      close (fd);
    }
}

/**
 * qrx_output_commit: (skip)
 * @self: an output
 * @error: return location for an error
 *
 * Ends the file and gives it its name. After a failure the file is as it was before.
 *
 * Returns: whether all that was appended is on the disk
 */
gboolean
qrx_output_commit (QrxOutput *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->stream != NULL, FALSE);

  note_failure (self, fflush (self->stream) != 0);
  note_failure (self, self->temporary != NULL && fsync (fileno (self->stream)) != 0);
  note_failure (self, fclose (g_steal_pointer (&self->stream)) != 0);
  if (self->temporary != NULL && self->failure == 0)
    {
      note_failure (self, g_rename (self->temporary, self->path) != 0);
      if (self->failure == 0)
        {
          g_clear_pointer (&self->temporary, g_free);
          sync_folder (self->path);
        }
    }
  if (self->failure != 0)
    set_error (error, self->path, self->failure);
  return self->failure == 0;
}

/**
 * qrx_output_free: (skip)
 * @self: (nullable): an output
 *
 * Frees an output; what was not committed is gone.
 */
void
qrx_output_free (QrxOutput *self)
{
  if (self == NULL)
    return;
  if (self->stream != NULL)
    fclose (self->stream);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

/**
 * qrx_output_write: (skip)
 * @path: where the file will be; missing folders are made
 * @data: (array length=length): bytes
 * @length: how many, or −1 if @data ends with a NUL
 * @error: return location for an error
 *
 * Writes a whole file, or nothing.
 *
 * Returns: whether the file is on the disk
 */
gboolean
qrx_output_write (const char *path, const char *data, gssize length, GError **error)
{
  g_autoptr (QrxOutput) output = qrx_output_open (path, error);

  if (output == NULL)
    return FALSE;
  qrx_output_append (output, data, length < 0 ? strlen (data) : (gsize) length);
  return qrx_output_commit (output, error);
}
