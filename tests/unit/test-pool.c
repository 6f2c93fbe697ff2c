/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-pool.h>

typedef struct
{
  QrxPool *pool;
  gint counts[4096];
  gint total;
} Tally;

static void
count_block (gsize block, gpointer data)
{
  Tally *tally = data;

  g_atomic_int_inc (&tally->counts[block]);
  g_atomic_int_inc (&tally->total);
}

static void
test_each_block_runs_once (gconstpointer n_threads)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (GPOINTER_TO_UINT (n_threads));
  static const gsize sizes[] = { 0, 1, 2, 3, 17, 1000, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Tally tally = { 0 };

      qrx_pool_run (pool, sizes[i], count_block, &tally);
      g_assert_cmpint (tally.total, ==, sizes[i]);
      for (gsize block = 0; block < sizes[i]; block++)
        g_assert_cmpint (tally.counts[block], ==, 1);
    }
}

/* Alternating jobs of few blocks: a late thread that ran a block of the wrong job would miscount. */
static void
test_late_threads_never_touch_the_next_job (void)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (4);

  for (guint run = 0; run < 20000; run++)
    {
      Tally tally = { 0 };
      gsize n = 2 + run % 5;

      qrx_pool_run (pool, n, count_block, &tally);
      g_assert_cmpint (tally.total, ==, n);
      for (gsize block = 0; block < n + 3; block++)
        g_assert_cmpint (tally.counts[block], ==, block < n);
      if (run % 500 == 0)
        g_usleep (200); /* long enough for the threads to fall asleep */
    }
}

static void
run_nested (gsize block, gpointer data)
{
  Tally *tally = data;

  qrx_pool_run (tally->pool, 8, count_block, tally);
  g_atomic_int_inc (&tally->counts[100 + block]);
}

static void
test_a_nested_run_completes_inline (void)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (3);
  Tally tally = { .pool = pool };

  qrx_pool_run (pool, 50, run_nested, &tally);
  g_assert_cmpint (tally.total, ==, 400);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpint (tally.counts[100 + i], ==, 1);
}

static gpointer
run_many (gpointer data)
{
  QrxPool *pool = data;

  for (guint run = 0; run < 2000; run++)
    {
      Tally tally = { 0 };

      qrx_pool_run (pool, 6, count_block, &tally);
      g_assert_cmpint (tally.total, ==, 6);
    }
  return NULL;
}

static void
test_two_callers_share_a_pool (void)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (2);
  GThread *other = g_thread_new ("other-caller", run_many, pool);

  run_many (pool);
  g_thread_join (other);
}

static void
note_thread (gsize block, gpointer data)
{
  GThread **threads = data;

  threads[block] = g_thread_self ();
  g_usleep (1000); /* so that no thread can take all the blocks before another wakes */
}

static void
test_several_threads_take_part (void)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (2);
  GThread *threads[64] = { NULL };
  guint n_own = 0;

  qrx_pool_run (pool, 64, note_thread, threads);
  for (guint i = 0; i < 64; i++)
    n_own += threads[i] == g_thread_self ();
  g_assert_cmpuint (n_own, >, 0);
  g_assert_cmpuint (n_own, <, 64);
}

static void
test_no_pool_means_the_callers_thread (void)
{
  GThread *threads[4] = { NULL };

  qrx_pool_run (NULL, 4, note_thread, threads);
  for (guint i = 0; i < 4; i++)
    g_assert_true (threads[i] == g_thread_self ());
  g_assert_cmpuint (qrx_pool_get_n_threads (NULL), ==, 1);
}

/* No bound: what a run costs depends on the machine's load; the number is printed for people. */
static void
test_report_overhead (void)
{
  g_autoptr (QrxPool) pool = qrx_pool_new (2);
  Tally tally = { 0 };
  gint64 start = g_get_monotonic_time ();

  for (guint run = 0; run < 10000; run++)
    qrx_pool_run (pool, 4, count_block, &tally);
  g_test_message ("%.2f µs per run of 4 empty blocks on 2 threads",
                  (double) (g_get_monotonic_time () - start) / 10000);
  g_assert_cmpint (tally.total, ==, 40000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/pool/each-block-once/1", GUINT_TO_POINTER (1), test_each_block_runs_once);
  g_test_add_data_func ("/pool/each-block-once/2", GUINT_TO_POINTER (2), test_each_block_runs_once);
  g_test_add_data_func ("/pool/each-block-once/5", GUINT_TO_POINTER (5), test_each_block_runs_once);
  g_test_add_func ("/pool/late-threads", test_late_threads_never_touch_the_next_job);
  g_test_add_func ("/pool/nested", test_a_nested_run_completes_inline);
  g_test_add_func ("/pool/two-callers", test_two_callers_share_a_pool);
  g_test_add_func ("/pool/several-threads", test_several_threads_take_part);
  g_test_add_func ("/pool/no-pool", test_no_pool_means_the_callers_thread);
  g_test_add_func ("/pool/overhead", test_report_overhead);
  return g_test_run ();
}
