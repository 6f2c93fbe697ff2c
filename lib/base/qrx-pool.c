/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool for blocks of microseconds, as training steps need. Knows threads and counters, nothing of the work.
 *
 * All threads take block numbers from one atomic ticket, which holds the generation of the run in its upper
 * half and the next block in its lower half. A thread reads the ticket, then the job, then claims the block
 * by compare and exchange: that it succeeds proves that the job it read belongs to the generation of the
 * ticket. A thread that is late thus never touches a newer job, and nobody waits for threads that took no
 * block. */
#include <qrx/qrx-pool.h>

#include <stdatomic.h>

#define SPIN_MICROSECONDS 100
#define BLOCK_MASK G_GUINT64_CONSTANT (0xffffffff)
#define MAX_BLOCKS (BLOCK_MASK - 1) /* the last number closes a ticket */

struct _QrxPool
{
  gatomicrefcount ref_count;
  guint n_threads; /* the caller's included */
  GThread **threads;

  _Atomic gboolean busy;
  _Atomic guint64 ticket;
  _Atomic (QrxPoolFunc) func;
  _Atomic gpointer data;
  _Atomic gsize n_blocks;
  _Atomic gsize n_unfinished;

  GMutex mutex;
  GCond work;
  GCond finished;
  _Atomic guint n_sleepers;
  _Atomic gboolean caller_sleeps;
  _Atomic gboolean quit;
};

G_DEFINE_BOXED_TYPE (QrxPool, qrx_pool, qrx_pool_ref, qrx_pool_unref)

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Whether the ticket offers a block. */
static gboolean
has_work (QrxPool *self)
{
  return (atomic_load (&self->ticket) & BLOCK_MASK) < atomic_load (&self->n_blocks);
}

static void
finish_block (QrxPool *self)
{
  if (atomic_fetch_sub (&self->n_unfinished, 1) > 1 || !atomic_load (&self->caller_sleeps))
    return;
  g_mutex_lock (&self->mutex);
  g_cond_signal (&self->finished);
  g_mutex_unlock (&self->mutex);
}

/* Takes and runs blocks until none is left to take. */
static void
take_blocks (QrxPool *self)
{
  for (;;)
    {
      guint64 ticket = atomic_load (&self->ticket);
      gsize block = ticket & BLOCK_MASK;
      QrxPoolFunc func = atomic_load (&self->func);
      gpointer data = atomic_load (&self->data);

      if (block >= atomic_load (&self->n_blocks))
        return;
      if (!atomic_compare_exchange_strong (&self->ticket, &ticket, ticket + 1))
        continue;
      func (block, data);
      finish_block (self);
    }
}

/* Spins for a while, since the next run of a training step is microseconds away, until @done. */
static gboolean
spin_until (QrxPool *self, gboolean (*done) (QrxPool *self))
{
  gint64 deadline = g_get_monotonic_time () + SPIN_MICROSECONDS;

  do
    for (guint i = 0; i < 32; i++)
      {
        if (done (self))
          return TRUE;
        relax ();
      }
  while (g_get_monotonic_time () < deadline);
  return FALSE;
}

static gboolean
has_work_or_quits (QrxPool *self)
{
  return has_work (self) || atomic_load (&self->quit);
}

static gboolean
is_finished (QrxPool *self)
{
  return atomic_load (&self->n_unfinished) == 0;
}

static gpointer
worker_main (gpointer user_data)
{
  QrxPool *self = user_data;

  while (!atomic_load (&self->quit))
    {
      if (!spin_until (self, has_work_or_quits))
        {
          g_mutex_lock (&self->mutex);
          atomic_fetch_add (&self->n_sleepers, 1);
          while (!has_work_or_quits (self))
            g_cond_wait (&self->work, &self->mutex);
          atomic_fetch_sub (&self->n_sleepers, 1);
          g_mutex_unlock (&self->mutex);
        }
      take_blocks (self);
    }
  return NULL;
}

/**
 * qrx_pool_new:
 * @n_threads: how many threads work at once, the caller's included; 0 for one per processor
 *
 * Makes a pool; with one thread, work is done in the caller's.
 *
 * Returns: (transfer full): the pool
 */
QrxPool *
qrx_pool_new (guint n_threads)
{
  QrxPool *self = g_new0 (QrxPool, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->n_threads = n_threads > 0 ? n_threads : g_get_num_processors ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->work);
  g_cond_init (&self->finished);
  atomic_store (&self->ticket, BLOCK_MASK);
  self->threads = g_new0 (GThread *, self->n_threads);
  for (guint i = 1; i < self->n_threads; i++)
    self->threads[i] = g_thread_new ("qrx-pool", worker_main, self);
  return self;
}

/**
 * qrx_pool_ref:
 * @self: a pool
 *
 * Returns: (transfer full): @self with one reference more
 */
QrxPool *
qrx_pool_ref (QrxPool *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * qrx_pool_unref:
 * @self: (transfer full): a pool
 *
 * Drops a reference; the last one ends the threads. It must not be dropped from within a block.
 */
void
qrx_pool_unref (QrxPool *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_lock (&self->mutex);
  atomic_store (&self->quit, TRUE);
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->mutex);
  for (guint i = 1; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  g_free (self->threads);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->work);
  g_cond_clear (&self->finished);
  g_free (self);
}

/**
 * qrx_pool_get_n_threads:
 * @self: (nullable): a pool, or %NULL for the caller's thread alone
 *
 * Returns: how many threads work at once, the caller's included
 */
guint
qrx_pool_get_n_threads (QrxPool *self)
{
  return self != NULL ? self->n_threads : 1;
}

/* Opens a run: the ticket is closed while the job is written, so that no thread can claim a block of a torn
 * job. */
static void
publish (QrxPool *self, gsize n_blocks, QrxPoolFunc func, gpointer data)
{
  guint64 generation = (atomic_load (&self->ticket) & ~BLOCK_MASK) + (BLOCK_MASK + 1);
  guint n_sleepers;

  atomic_store (&self->ticket, generation | BLOCK_MASK);
  atomic_store (&self->func, func);
  atomic_store (&self->data, data);
  atomic_store (&self->n_blocks, n_blocks);
  atomic_store (&self->n_unfinished, n_blocks);
  atomic_store (&self->ticket, generation);

  n_sleepers = atomic_load (&self->n_sleepers);
  if (n_sleepers == 0)
    return;
  g_mutex_lock (&self->mutex);
  for (gsize i = 0; i < MIN (n_sleepers, n_blocks - 1); i++)
    g_cond_signal (&self->work);
  g_mutex_unlock (&self->mutex);
}

static void
wait_until_finished (QrxPool *self)
{
  if (spin_until (self, is_finished))
    return;
  g_mutex_lock (&self->mutex);
  atomic_store (&self->caller_sleeps, TRUE);
  while (!is_finished (self))
    g_cond_wait (&self->finished, &self->mutex);
  atomic_store (&self->caller_sleeps, FALSE);
  g_mutex_unlock (&self->mutex);
}

/**
 * qrx_pool_run: (skip)
 * @self: (nullable): a pool, or %NULL for the caller's thread alone
 * @n_blocks: how many blocks, below 2³² - 1
 * @func: (scope call): does one block
 * @data: what @func is given
 *
 * Runs @func for every block from 0 to @n_blocks - 1 and returns when all are done; the caller's thread takes
 * part.
 *
 * A call from within a block, or while another thread uses the pool, runs in the caller's thread. What @func
 * wrote is visible to the caller afterwards.
 */
void
qrx_pool_run (QrxPool *self, gsize n_blocks, QrxPoolFunc func, gpointer data)
{
  g_return_if_fail (func != NULL);
  g_return_if_fail (n_blocks < MAX_BLOCKS);

  if (self == NULL || self->n_threads == 1 || n_blocks < 2 || atomic_exchange (&self->busy, TRUE))
    {
      for (gsize block = 0; block < n_blocks; block++)
        func (block, data);
      return;
    }
  publish (self, n_blocks, func, data);
  take_blocks (self);
  wait_until_finished (self);
  atomic_store (&self->busy, FALSE);
}
