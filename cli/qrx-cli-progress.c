/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows how a run gets on. The runner emits in the thread that runs it, which is the one that writes here. */
#include "qrx-cli-progress.h"

#include "qrx-cli-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR 20               /* places between the brackets */
#define PAUSE (50 * 1000)    /* microseconds between two drawings */
#define DEFAULT_WIDTH 80

struct _QrxCliProgress {
  QrxRunner *runner;
  gulong handlers[4];
  gboolean draws;
  gboolean drawn;
  gint64 drawn_at;
  double whole;
};

static gsize
terminal_width (void)
{
  struct winsize size;

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : DEFAULT_WIDTH;
}

static void
clear (QrxCliProgress *self)
{
  if (self->drawn)
    fputs ("\r\033[K", stderr);
  self->drawn = FALSE;
}

static void
draw (QrxCliProgress *self, const char *node, const char *text)
{
  int full = (int) (BAR * self->whole + 0.5);
  g_autoptr (GString) line = g_string_new ("[");
  g_autofree char *shown = NULL;
  gint64 now = g_get_monotonic_time ();

  if (!self->draws || (self->drawn && now - self->drawn_at < PAUSE))
    return;
  for (int i = 0; i < BAR; i++)
    g_string_append_c (line, i < full ? '#' : '.');
  g_string_append_printf (line, "] %3.0f %%  %s%s%s", 100 * self->whole, node, *text != '\0' ? ": " : "", text);
  shown = qrx_cli_text_shorten (line->str, terminal_width () - 1); /* in the last column some terminals break the line */
  fprintf (stderr, "\r%s\033[K", shown);
  fflush (stderr);
  self->drawn = TRUE;
  self->drawn_at = now;
}

static void
on_started (QrxCliProgress *self, QrxNode *node)
{
  draw (self, qrx_node_get_id (node), "");
}

static void
on_note (QrxCliProgress *self, const char *node, const char *text)
{
  clear (self);
  fprintf (stderr, "%s: %s\n", node, text);
}

static void
on_warning (QrxCliProgress *self, const char *node, const char *text)
{
  clear (self);
  fprintf (stderr, "%s: warning: %s\n", node, text);
}

static void
on_progress (QrxCliProgress *self, const char *node, double fraction G_GNUC_UNUSED, double whole, const char *text)
{
  self->whole = whole;
  draw (self, node, text);
}

QrxCliProgress *
qrx_cli_progress_new (QrxRunner *runner)
{
  QrxCliProgress *self = g_new0 (QrxCliProgress, 1);

  self->runner = g_object_ref (runner);
  self->draws = isatty (STDERR_FILENO) && g_strcmp0 (getenv ("TERM"), "dumb") != 0;
  self->handlers[0] = g_signal_connect_swapped (runner, "node-started", G_CALLBACK (on_started), self);
  self->handlers[1] = g_signal_connect_swapped (runner, "message::note", G_CALLBACK (on_note), self);
  self->handlers[2] = g_signal_connect_swapped (runner, "message::warning", G_CALLBACK (on_warning), self);
  self->handlers[3] = g_signal_connect_swapped (runner, "progress", G_CALLBACK (on_progress), self);
  return self;
}

void
qrx_cli_progress_free (QrxCliProgress *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_signal_handler_disconnect (self->runner, self->handlers[i]);
  clear (self);
  g_object_unref (self->runner);
  g_free (self);
}
