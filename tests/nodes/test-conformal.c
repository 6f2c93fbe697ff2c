/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Split conformal prediction holds what it promises: over many draws of exchangeable rows, intervals hold the target at
 * the rate that finite samples allow, whatever the model. */
#include <math.h>
#include <qrx/qrx-random.h>

#include "evaluators/conformal.h"

static void
test_ranks_are_those_of_finite_samples (void)
{
  /* ⌈(n + 1) · level⌉ by hand; 10 · 0.7 and 3 · 0.1 are not whole in binary. */
  g_assert_cmpuint (conformal_rank (9, 0.9), ==, 9);
  g_assert_cmpuint (conformal_rank (10, 0.9), ==, 10);
  g_assert_cmpuint (conformal_rank (19, 0.9), ==, 18);
  g_assert_cmpuint (conformal_rank (9, 0.7), ==, 7);
  g_assert_cmpuint (conformal_rank (99, 0.95), ==, 95);
  g_assert_cmpuint (conformal_rank (8, 0.9), ==, 0);
  g_assert_cmpuint (conformal_rank (0, 0.5), ==, 0);
}

static void
test_needed_rows_are_the_fewest (void)
{
  static const double levels[] = { 0.01, 0.1, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999 };

  g_assert_cmpuint (conformal_needed (0.5), ==, 1);
  g_assert_cmpuint (conformal_needed (0.9), ==, 9);
  g_assert_cmpuint (conformal_needed (0.95), ==, 19);
  g_assert_cmpuint (conformal_needed (0.99), ==, 99);
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      gsize needed = conformal_needed (levels[i]);

      g_assert_cmpuint (conformal_rank (needed, levels[i]), >, 0);
      g_assert_cmpuint (conformal_rank (needed - 1, levels[i]), ==, 0);
    }
}

static void
test_too_few_scores_have_no_quantile (void)
{
  double scores[] = { 3, 1, 2 };

  g_assert_true (isnan (conformal_quantile (scores, 3, 0.9)));
  g_assert_cmpfloat (conformal_quantile (scores, 3, 0.5), ==, 2);
  g_assert_cmpfloat (conformal_quantile (scores, 3, 0.75), ==, 3);
}

/* A residual like those of a heavy-tailed model: no shape is assumed. */
static double
draw (QrxRandom *random)
{
  double z = qrx_random_normal (random);

  return z * exp (qrx_random_normal (random));
}

/* The n + 1 scores are exchangeable, so that the last has each rank alike: it is covered in rank / (n + 1) of all draws,
 * exactly. Over 20,000 independent draws the rate has a standard error of at most 0.0036; four are allowed. */
static void
test_coverage_is_nominal_over_many_seeds (void)
{
  static const struct {
    gsize n;
    double level;
  } cases[] = { { 9, 0.9 }, { 19, 0.9 }, { 30, 0.9 }, { 25, 0.5 }, { 39, 0.95 } };
  const guint n_draws = 20000;

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      gsize n = cases[c].n;
      double expected = (double) conformal_rank (n, cases[c].level) / (double) (n + 1);
      double error = sqrt (expected * (1 - expected) / n_draws);
      guint hits = 0;

      for (guint seed = 0; seed < n_draws; seed++)
        {
          double scores[64];
          QrxRandom random;

          qrx_random_init (&random, seed, "conformal", "draw", c);
          for (gsize i = 0; i < n; i++)
            scores[i] = fabs (draw (&random));
          hits += fabs (draw (&random)) <= conformal_quantile (scores, n, cases[c].level);
        }
      g_test_message ("n %" G_GSIZE_FORMAT ", level %g: %g of %g", n, cases[c].level, hits / (double) n_draws,
                      expected);
      g_assert_cmpfloat_with_epsilon (hits / (double) n_draws, expected, 4 * error);
      g_assert_cmpfloat (expected, >=, cases[c].level - 1e-12);
    }
}

/* Scaling by a function that was not fitted to the calibration rows leaves them exchangeable. Rows whose predictions are
 * high are ten times as far off as others; 4 standard errors over 4,000 draws are 0.019. */
static void
test_normalized_intervals_cover_and_fit_where_residuals_differ (void)
{
  const gsize n_train = 200, n = 39;
  const guint n_draws = 4000;
  guint hits = 0, hits_high = 0, n_high = 0, plain_high = 0;
  double width_low = 0, width_high = 0;

  for (guint seed = 0; seed < n_draws; seed++)
    {
      double predictions[200], residuals[200], scores[39], absolute[39], quantile, plain, at, residual;
      g_autoptr (ConformalSpread) spread = NULL;
      QrxRandom random;

      qrx_random_init (&random, seed, "conformal", "spread", 0);
      for (gsize i = 0; i < n_train; i++)
        {
          predictions[i] = qrx_random_uniform (&random);
          residuals[i] = qrx_random_normal (&random) * (predictions[i] > 0.5 ? 10 : 1);
        }
      spread = conformal_spread_new (predictions, residuals, n_train, 20, 0.1);
      for (gsize i = 0; i < n; i++)
        {
          at = qrx_random_uniform (&random);
          absolute[i] = fabs (qrx_random_normal (&random)) * (at > 0.5 ? 10 : 1);
          scores[i] = absolute[i] / conformal_spread_at (spread, at);
        }
      quantile = conformal_quantile (scores, n, 0.9);
      plain = conformal_quantile (absolute, n, 0.9);
      at = qrx_random_uniform (&random);
      residual = fabs (qrx_random_normal (&random)) * (at > 0.5 ? 10 : 1);
      hits += residual <= quantile * conformal_spread_at (spread, at);
      if (at > 0.5)
        {
          n_high++;
          hits_high += residual <= quantile * conformal_spread_at (spread, at);
          plain_high += residual <= plain;
        }
      width_low += conformal_spread_at (spread, 0.2) * quantile / n_draws;
      width_high += conformal_spread_at (spread, 0.8) * quantile / n_draws;
    }
  g_test_message ("covered %g, of high ones %g (plain %g); widths %g and %g", hits / (double) n_draws,
                  hits_high / (double) n_high, plain_high / (double) n_high, width_low, width_high);
  g_assert_cmpfloat_with_epsilon (hits / (double) n_draws, 0.9, 0.019);
  g_assert_cmpfloat (plain_high / (double) n_high, <, 0.85);
  g_assert_cmpfloat (fabs (hits_high / (double) n_high - 0.9), <, fabs (plain_high / (double) n_high - 0.9));
  g_assert_cmpfloat (width_high, >, 3 * width_low);
}

/* Against looking at all rows. */
static void
test_neighbours_are_the_nearest (void)
{
  QrxRandom random;

  qrx_random_init (&random, 5, "conformal", "neighbours", 0);
  for (guint round = 0; round < 200; round++)
    {
      double predictions[12], residuals[12], mean = 0;
      gsize n = 1 + qrx_random_below (&random, 12), k = 1 + qrx_random_below (&random, n);
      double at = qrx_random_normal (&random), sum = 0, cut;
      double distances[12], sorted[12];
      g_autoptr (ConformalSpread) spread = NULL;

      for (gsize i = 0; i < n; i++)
        {
          predictions[i] = qrx_random_normal (&random);
          residuals[i] = qrx_random_normal (&random);
          mean += fabs (residuals[i]) / (double) n;
          distances[i] = sorted[i] = fabs (predictions[i] - at);
        }
      for (gsize i = 0; i < n; i++)
        for (gsize j = i + 1; j < n; j++)
          if (sorted[j] < sorted[i])
            {
              double swapped = sorted[i];

              sorted[i] = sorted[j];
              sorted[j] = swapped;
            }
      cut = sorted[k - 1];
      for (gsize i = 0; i < n; i++)
        sum += distances[i] <= cut ? fabs (residuals[i]) : 0;
      spread = conformal_spread_new (predictions, residuals, n, k, 0.25);
      g_assert_cmpfloat_with_epsilon (conformal_spread_at (spread, at), sum / (double) k + 0.25 * mean, 1e-12);
    }
}

static void
test_a_rate_has_wilsons_interval (void)
{
  double low, high;

  /* 9 of 10, by the formula in exact decimals. */
  conformal_rate_interval (9, 10, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.5958499732047615, 1e-12);
  g_assert_cmpfloat_with_epsilon (high, 0.9821237869049271, 1e-12);
  conformal_rate_interval (10, 10, &low, &high);
  g_assert_cmpfloat_with_epsilon (high, 1, 1e-12);
  g_assert_cmpfloat (low, <, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conformal/ranks", test_ranks_are_those_of_finite_samples);
  g_test_add_func ("/conformal/needed", test_needed_rows_are_the_fewest);
  g_test_add_func ("/conformal/too-few", test_too_few_scores_have_no_quantile);
  g_test_add_func ("/conformal/coverage", test_coverage_is_nominal_over_many_seeds);
  g_test_add_func ("/conformal/normalized", test_normalized_intervals_cover_and_fit_where_residuals_differ);
  g_test_add_func ("/conformal/neighbours", test_neighbours_are_the_nearest);
  g_test_add_func ("/conformal/rate", test_a_rate_has_wilsons_interval);
  return g_test_run ();
}
