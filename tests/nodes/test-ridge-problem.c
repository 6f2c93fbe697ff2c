/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mathematics of ridge against slow, plain algebra: normal equations by Gaussian elimination, and folds refitted one
 * by one. */
#include "baselines/ridge-problem.h"

#include <math.h>
#include <qrx/qrx-random.h>
#include <string.h>

typedef struct {
  gsize n, p;
  QrxTensor *features;
  double *targets;
} Data;

static Data
make_data (gsize n, gsize p, guint64 seed)
{
  Data data = { n, p, qrx_tensor_new_matrix (QRX_DTYPE_F64, n, p), g_new (double, n) };
  QrxRandom random;

  qrx_random_init (&random, seed, "ridge", "data", 0);
  /* Means far from zero, so that an intercept matters. */
  qrx_random_fill_normal (&random, data.features, 3, 1);
  for (gsize i = 0; i < n; i++)
    {
      const double *row = qrx_tensor_peek_f64 (data.features) + i * p;

      data.targets[i] = 10 + row[0] - 2 * row[p - 1] + 0.5 * qrx_random_normal (&random);
    }
  return data;
}

static void
clear_data (Data *data)
{
  g_object_unref (data->features);
  g_free (data->targets);
}

/* Solves A x = b in place, by elimination with row exchanges. */
static void
eliminate (double *a, double *b, gsize n)
{
  for (gsize k = 0; k < n; k++)
    {
      gsize pivot = k;

      for (gsize i = k + 1; i < n; i++)
        if (fabs (a[i * n + k]) > fabs (a[pivot * n + k]))
          pivot = i;
      for (gsize j = 0; j < n && pivot != k; j++)
        {
          double swap = a[k * n + j];

          a[k * n + j] = a[pivot * n + j];
          a[pivot * n + j] = swap;
        }
      if (pivot != k)
        {
          double swap = b[k];

          b[k] = b[pivot];
          b[pivot] = swap;
        }
      for (gsize i = k + 1; i < n; i++)
        {
          double factor = a[i * n + k] / a[k * n + k];

          for (gsize j = k; j < n; j++)
            a[i * n + j] -= factor * a[k * n + j];
          b[i] -= factor * b[k];
        }
    }
  for (gsize k = n; k-- > 0;)
    {
      for (gsize j = k + 1; j < n; j++)
        b[k] -= a[k * n + j] * b[j];
      b[k] /= a[k * n + k];
    }
}

/* The weights, and behind them the intercept, of the rows that are not of the fold. */
static double *
solve_plainly (const Data *data, double lambda, const guint *folds, guint left_out)
{
  gsize p = data->p, n = 0;
  const double *x = qrx_tensor_peek_f64 (data->features);
  g_autofree double *means = g_new0 (double, p + 1);
  g_autofree double *scatter = g_new0 (double, p * p);
  double *solution = g_new0 (double, p + 1), trace = 0;

  for (gsize i = 0; i < data->n; i++)
    {
      if (folds != NULL && folds[i] == left_out)
        continue;
      for (gsize j = 0; j < p; j++)
        means[j] += x[i * p + j];
      means[p] += data->targets[i];
      n++;
    }
  for (gsize j = 0; j <= p; j++)
    means[j] /= (double) n;
  for (gsize i = 0; i < data->n; i++)
    for (gsize j = 0; j < p && (folds == NULL || folds[i] != left_out); j++)
      {
        for (gsize k = 0; k < p; k++)
          scatter[j * p + k] += (x[i * p + j] - means[j]) * (x[i * p + k] - means[k]);
        solution[j] += (x[i * p + j] - means[j]) * (data->targets[i] - means[p]);
      }
  for (gsize j = 0; j < p; j++)
    trace += scatter[j * p + j];
  for (gsize j = 0; j < p; j++)
    scatter[j * p + j] += lambda * trace / (double) MIN (n - 1, p);
  eliminate (scatter, solution, p);
  solution[p] = means[p];
  for (gsize j = 0; j < p; j++)
    solution[p] -= means[j] * solution[j];
  return solution;
}

static void
check_solution (gsize n, gsize p, double lambda)
{
  Data data = make_data (n, p, 11);
  g_autofree double *expected = solve_plainly (&data, lambda, NULL, 0);
  g_autoptr (QrxPool) pool = qrx_pool_new (1);
  g_autoptr (RidgeProblem) problem = ridge_problem_new (data.features, data.targets, pool);
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, p);
  g_autoptr (GError) error = NULL;
  double intercept = NAN;

  ridge_problem_solve (problem, lambda, weights, &intercept, &error);
  g_assert_no_error (error);
  /* Rounding of the eigendecomposition, magnified by the system's condition: at most 1 + 1 / λ, or the features' own. */
  for (gsize j = 0; j < p; j++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (weights, j), expected[j], 1e-11);
  g_assert_cmpfloat_with_epsilon (intercept, expected[p], 1e-9);
  clear_data (&data);
}

static void
test_the_solution_is_that_of_the_normal_equations (void)
{
  check_solution (60, 7, 0.1);
  check_solution (60, 7, 1e-6);
  check_solution (60, 60, 0.5);
}

static void
test_more_features_than_rows_give_the_same_solution (void)
{
  check_solution (20, 70, 0.1);
  check_solution (20, 21, 1);
  check_solution (2, 5, 1);
}

static void
check_errors (gsize n, gsize p)
{
  Data data = make_data (n, p, 13);
  const double lambdas[] = { 1e-3, 0.3, 100 };
  g_autofree guint *folds = g_new (guint, n);
  g_autofree double *expected = g_new0 (double, G_N_ELEMENTS (lambdas));
  double errors[G_N_ELEMENTS (lambdas)];
  g_autoptr (QrxPool) pool = qrx_pool_new (2);
  g_autoptr (RidgeProblem) problem = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    folds[i] = (guint) (i * 7 % 4);
  for (guint l = 0; l < G_N_ELEMENTS (lambdas); l++)
    for (guint fold = 0; fold < 4; fold++)
      {
        g_autofree double *solution = solve_plainly (&data, lambdas[l], folds, fold);

        for (gsize i = 0; i < n; i++)
          if (folds[i] == fold)
            {
              double prediction = solution[p];

              for (gsize j = 0; j < p; j++)
                prediction += solution[j] * qrx_tensor_get (data.features, i * p + j);
              expected[l] += (prediction - data.targets[i]) * (prediction - data.targets[i]) / (double) n;
            }
      }
  problem = ridge_problem_new (data.features, data.targets, pool);
  ridge_problem_validate (problem, folds, 4, lambdas, G_N_ELEMENTS (lambdas), errors, NULL, &error);
  g_assert_no_error (error);
  for (guint l = 0; l < G_N_ELEMENTS (lambdas); l++)
    g_assert_cmpfloat_with_epsilon (errors[l], expected[l], 1e-9 * expected[l]);
  clear_data (&data);
}

static void
test_errors_are_those_of_folds_refitted_one_by_one (void)
{
  check_errors (40, 6);
  check_errors (24, 50);
}

/* Fills weights at one λ for features in another unit. */
static void
solve_scaled (double factor, double *first, double *intercept)
{
  Data data = make_data (30, 50, 17);
  g_autoptr (QrxPool) pool = qrx_pool_new (1);
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 50);
  g_autoptr (RidgeProblem) problem = NULL;

  for (gsize i = 0; i < 30 * 50; i++)
    qrx_tensor_set (data.features, i, factor * qrx_tensor_get (data.features, i));
  problem = ridge_problem_new (data.features, data.targets, pool);
  g_assert_true (ridge_problem_solve (problem, 0.7, weights, intercept, NULL));
  *first = qrx_tensor_get (weights, 0) * factor;
  clear_data (&data);
}

static void
test_a_penalty_means_the_same_in_any_unit (void)
{
  double first, intercept, scaled, scaled_intercept;

  solve_scaled (1, &first, &intercept);
  solve_scaled (1000, &scaled, &scaled_intercept);
  g_assert_cmpfloat_with_epsilon (first, scaled, 1e-12);
  g_assert_cmpfloat_with_epsilon (intercept, scaled_intercept, 1e-10);
}

static void
test_features_that_do_not_vary_leave_the_mean (void)
{
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, 3, 2);
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (QrxPool) pool = qrx_pool_new (1);
  const double targets[] = { 1, 2, 6 };
  g_autoptr (RidgeProblem) problem = NULL;
  double intercept = NAN;

  qrx_tensor_fill (features, 4);
  problem = ridge_problem_new (features, targets, pool);
  g_assert_true (ridge_problem_solve (problem, 1, weights, &intercept, NULL));
  g_assert_cmpfloat (intercept, ==, 3);
  g_assert_cmpfloat (qrx_tensor_get (weights, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ridge-problem/solution", test_the_solution_is_that_of_the_normal_equations);
  g_test_add_func ("/ridge-problem/dual", test_more_features_than_rows_give_the_same_solution);
  g_test_add_func ("/ridge-problem/folds", test_errors_are_those_of_folds_refitted_one_by_one);
  g_test_add_func ("/ridge-problem/units", test_a_penalty_means_the_same_in_any_unit);
  g_test_add_func ("/ridge-problem/constant", test_features_that_do_not_vary_leave_the_mean);
  return g_test_run ();
}
