/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-statistics.h>
#include <string.h>

static void
test_values_are_those_computed_by_hand (void)
{
  /* Three sets of two of five items: {0, 1}, {0, 2}, {0, 1}. */
  static const guint8 sets[] = { 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0 };
  double value = NAN;

  g_assert_true (qrx_statistics_jaccard (sets, 3, 5, &value, NULL));
  g_assert_cmpfloat_with_epsilon (value, (1.0 / 3 + 1 + 1.0 / 3) / 3, 1e-15);
  /* Variances 3/2 · p (1 − p): 0, 1/3, 1/3, 0, 0, their mean 2/15; expected 2/5 · 3/5. */
  g_assert_true (qrx_statistics_selection_stability (sets, 3, 5, &value, NULL));
  g_assert_cmpfloat_with_epsilon (value, 1 - (2.0 / 15) / (6.0 / 25), 1e-15);
}

/* Kuncheva's index of two sets of k items of d is (r d − k²) / (k (d − k)), r being what both have; its mean over pairs is
 * the stability where all sets are of one size. */
static double
compute_kuncheva (const guint8 *sets, gsize n_sets, gsize n_items, double k)
{
  double sum = 0;
  guint n_pairs = 0;

  for (gsize a = 0; a < n_sets; a++)
    for (gsize b = 0; b < a; b++, n_pairs++)
      {
        double r = 0;

        for (gsize i = 0; i < n_items; i++)
          r += sets[a * n_items + i] && sets[b * n_items + i];
        sum += (r * (double) n_items - k * k) / (k * ((double) n_items - k));
      }
  return sum / n_pairs;
}

static void
test_stability_of_sets_of_one_size_is_kunchevas_index (void)
{
  QrxRandom random;

  qrx_random_init (&random, 1, "selection", "kuncheva", 0);
  for (guint round = 0; round < 100; round++)
    {
      gsize n_items = 5 + qrx_random_below (&random, 40), n_sets = 2 + qrx_random_below (&random, 6);
      gsize k = 1 + qrx_random_below (&random, n_items - 1);
      g_autofree guint8 *sets = g_malloc0 (n_sets * n_items);
      g_autofree gsize *items = g_new (gsize, n_items);
      double value = NAN;

      for (gsize a = 0; a < n_sets; a++)
        {
          qrx_random_permutation (&random, items, n_items);
          for (gsize i = 0; i < k; i++)
            sets[a * n_items + items[i]] = 1;
        }
      g_assert_true (qrx_statistics_selection_stability (sets, n_sets, n_items, &value, NULL));
      g_assert_cmpfloat_with_epsilon (value, compute_kuncheva (sets, n_sets, n_items, (double) k), 1e-12);
    }
}

/* Sets drawn at random have a stability of 0 on average, whatever their size; Jaccard's index has not. The standard error of
 * the mean of 4,000 draws is below 0.004 here; four are allowed. */
static void
test_stability_is_corrected_for_chance (void)
{
  static const double shares[] = { 0.1, 0.5, 0.8 };
  QrxRandom random;

  qrx_random_init (&random, 2, "selection", "chance", 0);
  for (gsize s = 0; s < G_N_ELEMENTS (shares); s++)
    {
      double mean = 0, jaccard = 0;

      for (guint round = 0; round < 4000; round++)
        {
          guint8 sets[4 * 30];
          double value = NAN;

          for (gsize a = 0; a < 4; a++)
            {
              gsize items[30];

              qrx_random_permutation (&random, items, 30);
              for (gsize i = 0; i < 30; i++)
                sets[a * 30 + items[i]] = (double) i < shares[s] * 30;
            }
          g_assert_true (qrx_statistics_selection_stability (sets, 4, 30, &value, NULL));
          mean += value / 4000;
          g_assert_true (qrx_statistics_jaccard (sets, 4, 30, &value, NULL));
          jaccard += value / 4000;
        }
      g_test_message ("share %g: stability %g, Jaccard %g", shares[s], mean, jaccard);
      g_assert_cmpfloat_with_epsilon (mean, 0, 0.016);
      g_assert_cmpfloat (jaccard, >, shares[s] / 3);
    }
}

static void
test_same_sets_are_stable_and_undefined_ones_say_why (void)
{
  static const guint8 same[] = { 1, 0, 1, 0, 1, 0, 1, 0 }, empty[8] = { 0 }, full[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
  const char *reason = NULL;
  double value = NAN;

  g_assert_true (qrx_statistics_selection_stability (same, 2, 4, &value, NULL));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_true (qrx_statistics_jaccard (same, 2, 4, &value, NULL));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_false (qrx_statistics_selection_stability (same, 1, 4, &value, &reason));
  g_assert_nonnull (strstr (reason, "fewer than two"));
  g_assert_false (qrx_statistics_selection_stability (empty, 2, 4, &value, &reason));
  g_assert_nonnull (strstr (reason, "empty"));
  g_assert_false (qrx_statistics_selection_stability (full, 2, 4, &value, NULL));
  g_assert_false (qrx_statistics_jaccard (empty, 2, 4, &value, &reason));
  g_assert_nonnull (strstr (reason, "empty"));
  g_assert_cmpfloat (value, ==, 1); /* left alone */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/selection/by-hand", test_values_are_those_computed_by_hand);
  g_test_add_func ("/selection/kuncheva", test_stability_of_sets_of_one_size_is_kunchevas_index);
  g_test_add_func ("/selection/chance", test_stability_is_corrected_for_chance);
  g_test_add_func ("/selection/ends", test_same_sets_are_stable_and_undefined_ones_say_why);
  return g_test_run ();
}
