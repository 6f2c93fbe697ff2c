/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the kernel what memory is left. Knows nothing of what it is for. */
#include <qrx/qrx-memory.h>

#include <string.h>
#include <unistd.h>

/* What the kernel says could be had without swapping; else all the memory there is. */
static double
available_memory (void)
{
  g_autofree char *text = NULL;
  const char *at = NULL;

  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    at = strstr (text, "MemAvailable:");
  if (at != NULL)
    return 1024.0 * g_ascii_strtod (at + strlen ("MemAvailable:"), NULL);
  return (double) sysconf (_SC_PHYS_PAGES) * (double) sysconf (_SC_PAGESIZE);
}

/**
 * qrx_memory_check: (skip)
 * @n_bytes: how much is wanted; it may be more than 2^64 holds
 * @what: what wants it, for the message
 * @error: return location for an error
 *
 * Asks before a size that somebody chose is tried, for a failed allocation ends the process.
 * Fails with %QRX_RUN_ERROR_RESOURCES, with the figures, where it is more than the machine has available.
 *
 * Returns: whether there is as much
 */
gboolean
qrx_memory_check (double n_bytes, const char *what, GError **error)
{
  double available = available_memory ();

  if (n_bytes <= available)
    return TRUE;
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "%s needs %.3f GiB of memory; %.3f GiB are available",
               what, n_bytes / 0x1p30, available / 0x1p30);
  return FALSE;
}
