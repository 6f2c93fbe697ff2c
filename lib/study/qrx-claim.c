/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who runs a trial: a process is known by its host, its number and when it started, for numbers are used
 * again. */
#include "study/qrx-store-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A process on another host is believed to be gone after this time without a sign of life. */
#define SILENCE_SECONDS 600

/* When a process started, in the kernel's ticks; 0 where there is none. */
static guint64
read_start (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *text = NULL;
  const char *behind;
  guint64 start = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  behind = strrchr (text, ')'); /* the command before it may hold anything */
  if (behind == NULL || sscanf (behind,
                                ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                                "%" G_GUINT64_FORMAT,
                                &start) != 1)
    return 0;
  return behind[2] == 'Z' ? 0 : start; /* a zombie runs nothing */
}

char *
qrx_claim_dup_own (void)
{
  gint64 pid = getpid ();

  return g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%" G_GUINT64_FORMAT, g_get_host_name (), pid, read_start (pid));
}

gboolean
qrx_claim_is_dead (const char *claim, gint64 heartbeat)
{
  const char *start = strrchr (claim, ':');
  const char *pid = start != NULL ? g_strrstr_len (claim, start - claim, ":") : NULL;
  g_autofree char *host = pid != NULL ? g_strndup (claim, pid - claim) : NULL;

  if (host == NULL)
    return TRUE;
  if (!g_str_equal (host, g_get_host_name ()))
    return g_get_real_time () / G_USEC_PER_SEC - heartbeat > SILENCE_SECONDS;
  return read_start (g_ascii_strtoll (pid + 1, NULL, 10)) != g_ascii_strtoull (start + 1, NULL, 10);
}
