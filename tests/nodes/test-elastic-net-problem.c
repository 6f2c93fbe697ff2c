/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mathematics of the elastic net against scikit-learn 1.2.1 (ElasticNet, tol = 1e-16), closed forms, and the
 * conditions that hold at a minimum. */
#include "baselines/elastic-net-problem.h"

#include <math.h>

#define TIGHT 1e-30 /* of the variance: sweeps go on until rounding is all that is left */

static QrxTensor *
make_features (guint n, guint p)
{
  QrxTensor *features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, p);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < p; j++)
      qrx_tensor_set (features, i * p + j, 3 + sin (1.0 + 0.7 * i + 1.3 * j + 0.11 * i * j));
  return features;
}

static double *
make_targets (QrxTensor *features)
{
  gsize n = qrx_tensor_get_rows (features), p = qrx_tensor_get_columns (features);
  double *targets = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    targets[i] =
        2 * qrx_tensor_get (features, i * p) - qrx_tensor_get (features, i * p + 3) + 0.5 * cos (2.3 * (double) i);
  return targets;
}

static ElasticNet *
make_net (QrxTensor *features, const double *targets)
{
  guint n = (guint) qrx_tensor_get_rows (features);
  g_autofree guint *rows = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    rows[i] = i;
  return elastic_net_new (features, targets, rows, n);
}

static void
solve (ElasticNet *net, double mix, double lambda)
{
  const ElasticNetGrid grid = { .tolerance = TIGHT, .max_sweeps = 10000000 };
  g_autoptr (GError) error = NULL;

  elastic_net_descend (net, &grid, mix, lambda, NULL, &error);
  g_assert_no_error (error);
}

static void
test_weights_are_those_of_scikit_learn (void)
{
  static const struct {
    guint n, p;
    double lambda, mix, intercept, weights[6], sum;
    guint n_used;
  } cases[] = {
    { 20, 6, 0.05, 0.5, 0.160564474653714, { 1.89517765980809, 0, 0, -0.93636103722476, 0, 0 }, 2.83153869703285, 2 },
    { 20,
      6,
      0.01,
      1.0,
      0.117540871376948,
      { 2.01853315875658, 0.00744794448903991, 0, -1.02172768988715, -0.0356987457050584, 0 },
      3.08340753883783,
      4 },
    { 20,
      6,
      0.2,
      0.1,
      0.432842125355721,
      { 1.37734814200093, -0.229666180645599, 0.0181041477513981, -0.649808279957665, 0.24740135128433,
        0.115474544299471 },
      2.63780264593939,
      6 },
    { 12,
      30,
      0.05,
      0.5,
      -2.32233724939708,
      { 1.64108695524487, 0, -0.118901786942802, -0.5552465902254, 0.127334653089706, 0.321824857475848 },
      3.60296044366377,
      11 },
    { 12, 30, 0.01, 1.0, -0.210339914922313, { 1.9835007967764, 0, 0, -0.992447648904735, 0, 0 }, 3.57658848270977, 8 },
    { 12,
      30,
      0.2,
      0.1,
      0.0134972728623568,
      { 1.07991293058424, 0, -0.348730187667825, -0.190388679019308, 0.080215823116559, 0.439405530077416 },
      3.769034929673,
      19 },
  };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (QrxTensor) features = make_features (cases[c].n, cases[c].p);
      g_autofree double *targets = make_targets (features);
      g_autoptr (ElasticNet) net = make_net (features, targets);
      const double *weights = elastic_net_get_weights (net);
      double sum = 0;
      guint n_used = 0;

      solve (net, cases[c].mix, cases[c].lambda);
      for (guint j = 0; j < 6; j++)
        g_assert_cmpfloat_with_epsilon (weights[j], cases[c].weights[j], 1e-9);
      for (guint j = 0; j < cases[c].p; j++)
        {
          sum += fabs (weights[j]);
          n_used += weights[j] != 0;
        }
      g_assert_cmpfloat_with_epsilon (sum, cases[c].sum, 1e-8);
      g_assert_cmpuint (n_used, ==, cases[c].n_used);
      g_assert_cmpfloat_with_epsilon (elastic_net_get_intercept (net), cases[c].intercept, 1e-8);
    }
}

/* At the greatest penalty no weight is left, just below it one is. */
static void
test_the_greatest_penalty_is_where_weights_begin (void)
{
  g_autoptr (QrxTensor) features = make_features (15, 8);
  g_autofree double *targets = make_targets (features);

  for (double mix = 0.1; mix <= 1; mix += 0.3)
    {
      g_autoptr (ElasticNet) net = make_net (features, targets);
      double greatest = elastic_net_find_greatest (net, mix), mean = 0;
      guint n_used = 0;

      solve (net, mix, greatest * (1 + 1e-12));
      for (guint j = 0; j < 8; j++)
        g_assert_cmpfloat (elastic_net_get_weights (net)[j], ==, 0);
      for (guint i = 0; i < 15; i++)
        mean += targets[i] / 15;
      g_assert_cmpfloat_with_epsilon (elastic_net_get_intercept (net), mean, 1e-12);
      solve (net, mix, greatest * 0.999);
      for (guint j = 0; j < 8; j++)
        n_used += elastic_net_get_weights (net)[j] != 0;
      g_assert_cmpuint (n_used, ==, 1);
    }
}

/* Where a weight is zero the gradient of the squares is at most λ mix; elsewhere the penalty's balances it. */
static void
test_the_gradient_vanishes_at_the_solution (void)
{
  g_autoptr (QrxTensor) features = make_features (30, 50);
  g_autofree double *targets = make_targets (features);
  g_autoptr (ElasticNet) net = make_net (features, targets);
  const double *weights = elastic_net_get_weights (net), *x = qrx_tensor_peek_f64 (features);
  const double mix = 0.4, lambda = 0.03;

  solve (net, mix, 0.2); /* a start elsewhere changes nothing */
  solve (net, mix, lambda);
  for (guint j = 0; j < 50; j++)
    {
      double slope = 0;

      for (guint i = 0; i < 30; i++)
        {
          double fit = elastic_net_get_intercept (net);

          for (guint k = 0; k < 50; k++)
            fit += weights[k] * x[i * 50 + k];
          slope += x[i * 50 + j] * (targets[i] - fit) / 30;
        }
      slope -= lambda * (1 - mix) * weights[j];
      if (weights[j] == 0)
        g_assert_cmpfloat (fabs (slope), <=, lambda * mix + 1e-10);
      else
        g_assert_cmpfloat_with_epsilon (slope, copysign (lambda * mix, weights[j]), 1e-10);
    }
}

/* Of each fold and penalty on its own, from weights of zero. */
static void
test_validation_refits_every_fold (void)
{
  const double mixes[] = { 0.3, 1 };
  double lambdas[] = { 0.3, 0.1, 0.02, 0.3, 0.1, 0.02 }, errors[6];
  const ElasticNetGrid grid = { mixes, 2, lambdas, 3, TIGHT, 10000000 };
  g_autoptr (QrxTensor) features = make_features (21, 5);
  g_autofree double *targets = make_targets (features);
  g_autoptr (GError) error = NULL;
  guint folds[21];

  for (guint i = 0; i < 21; i++)
    folds[i] = i * 5 % 3;
  g_assert_true (elastic_net_validate (features, targets, folds, 3, &grid, errors, NULL, NULL, &error));
  g_assert_no_error (error);
  for (guint c = 0; c < 6; c++)
    {
      double sum = 0;

      for (guint fold = 0; fold < 3; fold++)
        {
          guint rows[21], n = 0;
          g_autoptr (ElasticNet) net = NULL;

          for (guint i = 0; i < 21; i++)
            if (folds[i] != fold)
              rows[n++] = i;
          net = elastic_net_new (features, targets, rows, n);
          solve (net, mixes[c / 3], lambdas[c]);
          for (guint i = 0; i < 21; i++)
            {
              double fit = elastic_net_get_intercept (net);

              for (guint k = 0; k < 5; k++)
                fit += elastic_net_get_weights (net)[k] * qrx_tensor_get (features, i * 5 + k);
              sum += folds[i] == fold ? (targets[i] - fit) * (targets[i] - fit) : 0;
            }
        }
      g_assert_cmpfloat_with_epsilon (errors[c], sum / 21, 1e-10);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elastic-net-problem/scikit-learn", test_weights_are_those_of_scikit_learn);
  g_test_add_func ("/elastic-net-problem/greatest", test_the_greatest_penalty_is_where_weights_begin);
  g_test_add_func ("/elastic-net-problem/gradient", test_the_gradient_vanishes_at_the_solution);
  g_test_add_func ("/elastic-net-problem/folds", test_validation_refits_every_fold);
  return g_test_run ();
}
