/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals become a cancellation. The handler does no more than a handler may; a thread does the rest. Blocking the signals and
 * waiting for them would not do: the threads that BLAS starts before main() do not block them. A process has its signals once,
 * so their state is the process's, too. */
#include "qrx-cli-interrupt.h"

#include "qrx-cli.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 0.5 /* seconds in which a further signal is the same: timeout(1) and terminals send to process and group */

static volatile sig_atomic_t received;
static struct timespec received_at; /* written before `received` */
static int ends[2] = { -1, -1 };

static double
seconds_since (const struct timespec *then)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) (now.tv_sec - then->tv_sec) + 1e-9 * (double) (now.tv_nsec - then->tv_nsec);
}

static void
on_signal (int number)
{
  int saved = errno;

  if (received == 0)
    {
      clock_gettime (CLOCK_MONOTONIC, &received_at);
      received = number;
      if (write (ends[1], "", 1) < 0)
        _exit (128 + number);
    }
  else if (seconds_since (&received_at) > PATIENCE)
    _exit (128 + number);
  errno = saved;
}

static gpointer
wait_for_signal (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  char byte;

  while (read (ends[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  g_cancellable_cancel (cancellable);
  return NULL;
}

GCancellable *
qrx_cli_interrupt_watch (void)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  GCancellable *cancellable = g_cancellable_new ();
  struct sigaction action;

  g_return_val_if_fail (ends[0] < 0, cancellable);
  memset (&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset (&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaddset (&action.sa_mask, numbers[i]);
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, NULL))
    return cancellable; /* signals keep what they do by themselves */
  g_thread_unref (g_thread_new ("qrx-signals", wait_for_signal, g_object_ref (cancellable)));
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      struct sigaction old;

      /* nohup(1) has SIGHUP ignored; shells have SIGINT ignored by what runs in the background, where kill(1) still means it. */
      if (numbers[i] != SIGHUP || (sigaction (SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN))
        sigaction (numbers[i], &action, NULL);
    }
  return cancellable;
}

int
qrx_cli_interrupt_get_signal (void)
{
  return received;
}

int
qrx_cli_interrupt_status (void)
{
  int number = received;

  qrx_cli_say ("stopped by %s", number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP");
  return 128 + number;
}
