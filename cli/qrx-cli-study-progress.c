/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trials done, the best so far and the time left. The estimate comes from the pace of the trials that this process has
 * seen end, without the first of each thread, which wait for data, and of the latter ones where there are many: trials
 * come arm by arm, and baselines are quick. */
#include "qrx-cli-study-progress.h"

#include "qrx-cli-text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
#define LATE 5 /* seconds that nobody minds */

/* When how many trials had ended. */
typedef struct {
  guint n;
  gint64 time;
} Mark;

struct _QrxCliStudyProgress {
  QrxStudyRunner *runner;
  QrxStudy *study;
  gulong handler;
  gint64 n_known;
  gint64 n_trials;
  guint n_done;
  guint n_failed;
  Mark since; /* the pace is that from here on; n is 0 until each thread has ended a trial */
  Mark next;  /* where it will be taken from later */
  gint64 told; /* when the end was said to be, 0 before; and how many seconds were left then */
  double told_left;
  double best;
  char *best_arm;
  gboolean draws;
};

char *
qrx_cli_format_duration (double seconds)
{
  double minutes = round (seconds / 60);

  if (seconds < 9.5)
    return g_strdup_printf ("%.2g s", seconds);
  if (seconds < 99.5)
    return g_strdup_printf ("%.0f s", seconds);
  if (minutes < 60)
    return g_strdup_printf ("%.0f min", minutes);
  return g_strdup_printf ("%.0f h %.0f min", floor (minutes / 60), fmod (minutes, 60));
}

/* How long after one trial the next one ends, on average. */
static double
seconds_each (QrxCliStudyProgress *self)
{
  double elapsed = (double) (g_get_monotonic_time () - self->since.time) / G_USEC_PER_SEC;

  return elapsed / MAX (self->n_done - self->since.n, 1);
}

static double
seconds_left (QrxCliStudyProgress *self)
{
  return seconds_each (self) * (double) (self->n_trials - self->n_known - self->n_done);
}

/* The pace is taken anew once each thread has ended a trial, and at least from the latter half of those that ended. */
static void
move_marks (QrxCliStudyProgress *self)
{
  Mark now = { self->n_done, g_get_monotonic_time () };

  if (self->since.n == 0 && self->n_done >= qrx_study_runner_get_n_threads (self->runner))
    self->since = self->next = now;
  else if (self->since.n > 0 && self->n_done >= 2 * self->next.n)
    {
      self->since = self->next;
      self->next = now;
    }
}

static void
draw (QrxCliStudyProgress *self)
{
  struct winsize size;
  gsize width = ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : DEFAULT_WIDTH;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *left = qrx_cli_format_duration (seconds_left (self)), *shown = NULL;

  g_string_append_printf (line, "%" G_GINT64_FORMAT " of %s%" G_GINT64_FORMAT " trials", self->n_known + self->n_done,
                          qrx_study_is_adaptive (self->study) ? "at most " : "", self->n_trials);
  if (self->n_failed > 0)
    g_string_append_printf (line, " (%u failed)", self->n_failed);
  if (!isnan (self->best))
    g_string_append_printf (line, ", best %.3f %s", self->best, self->best_arm);
  g_string_append_printf (line, ", %s left", left);
  shown = qrx_cli_text_shorten (line->str, width - 1);
  fprintf (stderr, "\r%s\033[K", shown);
  fflush (stderr);
}

/* For those who read a log: the trials and the time, from a second trial of each thread; again where it ends later
 * than was told by as much as was told. */
static void
estimate (QrxCliStudyProgress *self)
{
  gint64 n_left = self->n_trials - self->n_known - self->n_done;
  guint n_threads = qrx_study_runner_get_n_threads (self->runner), n_measured = self->n_done - self->since.n;
  double left = seconds_left (self);
  gint64 end = g_get_monotonic_time () + (gint64) (left * G_USEC_PER_SEC);
  g_autofree char *one = qrx_cli_format_duration (seconds_each (self) * n_threads);
  g_autofree char *all = qrx_cli_format_duration (left);

  if (self->since.n == 0 || n_measured < MAX (3, n_threads) || n_left <= 0 ||
      (self->told > 0 && end - self->told < MAX (self->told_left, LATE) * G_USEC_PER_SEC))
    return;
  self->told = end;
  self->told_left = left;
  fprintf (stderr, "a trial takes %s, the mean of %u; %" G_GINT64_FORMAT " more on %u thread%s: about %s if all are alike\n",
           one, n_measured, n_left, n_threads, n_threads == 1 ? "" : "s", all);
}

static void
on_finished (QrxCliStudyProgress *self, gint64 trial, const char *arm, double objective, const char *error,
             double seconds G_GNUC_UNUSED)
{
  gboolean minimize = qrx_study_is_minimized (self->study);

  self->n_done++;
  if (!isnan (objective) && (isnan (self->best) || (minimize ? objective < self->best : objective > self->best)))
    {
      self->best = objective;
      g_free (self->best_arm);
      self->best_arm = g_strdup (arm);
    }
  if (self->draws)
    fputs ("\r\033[K", stderr);
  if (error != NULL)
    {
      self->n_failed++;
      fprintf (stderr, "trial %" G_GINT64_FORMAT " (%s) failed: %s\n", trial, arm, error);
    }
  else
    estimate (self);
  if (self->draws)
    draw (self);
  move_marks (self);
}

QrxCliStudyProgress *
qrx_cli_study_progress_new (QrxStudyRunner *runner, QrxStudy *study, gint64 n_known)
{
  QrxCliStudyProgress *self = g_new0 (QrxCliStudyProgress, 1);

  self->runner = g_object_ref (runner);
  self->study = g_object_ref (study);
  self->n_known = n_known;
  self->n_trials = qrx_study_get_n_trials (study);
  self->best = NAN;
  self->since.time = g_get_monotonic_time ();
  self->draws = isatty (STDERR_FILENO) && g_strcmp0 (getenv ("TERM"), "dumb") != 0;
  self->handler = g_signal_connect_swapped (runner, "trial-finished", G_CALLBACK (on_finished), self);
  return self;
}

void
qrx_cli_study_progress_free (QrxCliStudyProgress *self)
{
  g_signal_handler_disconnect (self->runner, self->handler);
  if (self->draws)
    fputs ("\r\033[K", stderr);
  g_object_unref (self->runner);
  g_object_unref (self->study);
  g_free (self->best_arm);
  g_free (self);
}
