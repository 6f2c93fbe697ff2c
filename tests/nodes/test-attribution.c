/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What genes are said to matter by is what the model does: gradients against differences of predictions, attributions of
 * linear models against their weights. */
#include <math.h>
#include <string.h>

#include "attribution-runs.h"
#include "attribution/gradient-path.h"

/* The rule of n points is exact for polynomials up to the degree 2n − 1. */
static void
test_the_rule_of_gauss_is_exact_for_polynomials (void)
{
  static const guint sizes[] = { 1, 2, 3, 5, 8, 17, 32, 512 };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      guint n = sizes[s];
      g_autofree double *places = g_new (double, n), *weights = g_new (double, n);

      gradient_path_place (n, places, weights);
      for (guint degree = 0; degree <= MIN (2 * n - 1, 40); degree++)
        {
          double sum = 0;

          for (guint i = 0; i < n; i++)
            sum += weights[i] * pow (places[i], degree);
          g_assert_cmpfloat_with_epsilon (sum, 1.0 / (degree + 1), 1e-13);
        }
      for (guint i = 0; i < n; i++)
        g_assert_true (places[i] > 0 && places[i] < 1 && weights[i] > 0);
    }
}

/* Central differences of step h have an error of about h² times the third derivative, and rounding of 1e-16 / h. */
static void
check_gradients (const char *nodes, const char *const *overrides)
{
  g_autoptr (QrxRunner) runner = attribution_run_well (nodes, overrides);
  QrxModel *model = QRX_MODEL (qrx_runner_get_value (runner, "fit", "model"));
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (QrxTensor) features = attribution_read_rows (QRX_TABLE (qrx_runner_get_value (runner, "split", "out")), 9);
  gsize n = qrx_tensor_get_rows (features), width = qrx_tensor_get_columns (features);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1), expected = NULL;
  g_autoptr (QrxTensor) gradients = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);
  g_autoptr (GError) error = NULL;
  const double h = 1e-5;
  double greatest = 0;

  qrx_model_differentiate (model, features, NULL, NULL, values, gradients, context, NULL, &error);
  g_assert_no_error (error);
  expected = attribution_predict (QRX_PREDICTOR (model), features, context);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (qrx_tensor_get (values, i), ==, qrx_tensor_get (expected, i));
  for (gsize k = 0; k < width; k++)
    {
      g_autoptr (QrxTensor) up = qrx_tensor_dup_as (features, QRX_DTYPE_F64);
      g_autoptr (QrxTensor) down = qrx_tensor_dup_as (features, QRX_DTYPE_F64);
      g_autoptr (QrxTensor) above = NULL, below = NULL;

      for (gsize i = 0; i < n; i++)
        {
          qrx_tensor_set (up, i * width + k, qrx_tensor_get (up, i * width + k) + h);
          qrx_tensor_set (down, i * width + k, qrx_tensor_get (down, i * width + k) - h);
        }
      above = attribution_predict (QRX_PREDICTOR (model), up, context);
      below = attribution_predict (QRX_PREDICTOR (model), down, context);
      for (gsize i = 0; i < n; i++)
        {
          double difference = (qrx_tensor_get (above, i) - qrx_tensor_get (below, i)) / (2 * h);

          greatest = MAX (greatest, fabs (difference));
          g_assert_cmpfloat_with_epsilon (qrx_tensor_get (gradients, i * width + k), difference, 1e-7);
        }
    }
  g_assert_cmpfloat (greatest, >, 1e-3); /* there was something to compare */
}

static void
test_gradients_are_those_of_differences_through_all_layers (void)
{
  static const char *const probability[] = { "fit.loss=binary-cross-entropy", NULL };

  check_gradients (HYBRID "'score': {'type': 'evaluator', 'from': 'fit'}", NULL);
  check_gradients (HYBRID "'score': {'type': 'evaluator', 'from': 'fit'}", probability);
  check_gradients (LINEAR "'score': {'type': 'evaluator', 'from': 'fit'}", NULL);
}

/* Two branches read the table, and one of them passes it on untouched. */
static void
test_gradients_of_branches_add_up (void)
{
  check_gradients (COHORT "'scale': {'type': 'standardize', 'from': 'split'},"
                          "'left': {'type': 'mlp-encoder', 'from': 'scale', 'hidden': [4], 'width': 3},"
                          "'right': {'type': 'mlp-encoder', 'from': 'split', 'hidden': [], 'width': 2},"
                          "'join': {'type': 'concat', 'from': ['left', 'right']},"
                          "'head': {'type': 'linear', 'from': 'join', 'width': 1, 'quantity': 'prediction'},"
                          "'fit': {'type': 'trainer', 'from': 'head', 'epochs': 3, 'precision': 'float64'},"
                          "'score': {'type': 'evaluator', 'from': 'fit'}",
                   NULL);
}

#define EXPLAIN "'ig': {'type': 'integrated-gradients', 'from': {'in': 'split', 'model': 'fit.model'}}"

/* A weighted sum attributes to a gene its weight times how far it is from the baseline, whatever the steps. */
static void
test_a_linear_model_is_told_by_its_weights (void)
{
  static const char *const overrides[][3] = { { "ig.steps=1", NULL }, { "ig.steps=7", "ig.baseline=zeros", NULL } };

  for (gsize c = 0; c < G_N_ELEMENTS (overrides); c++)
    {
      g_autoptr (QrxRunner) runner = attribution_run_well (LINEAR EXPLAIN, overrides[c]);
      QrxAttributions *attributions = attribution_get (runner, "ig");
      QrxModel *model = QRX_MODEL (qrx_runner_get_value (runner, "fit", "model"));
      QrxTable *table = QRX_TABLE (qrx_runner_get_value (runner, "split", "out"));
      g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
      gsize n = qrx_table_get_n_rows (table), width = qrx_table_get_n_features (table), n_test = 0, n_train = 0;
      g_autoptr (QrxTensor) features = attribution_read_rows (table, n),
                            origin = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, width);
      g_autoptr (QrxTensor) at_origin = NULL;

      qrx_tensor_fill (origin, 0);
      at_origin = attribution_predict (QRX_PREDICTOR (model), origin, context);
      for (gsize i = 0; i < n; i++)
        {
          n_test += qrx_table_get_role (table, i) == QRX_ROLE_TEST;
          n_train += qrx_table_get_role (table, i) == QRX_ROLE_TRAIN;
        }
      for (gsize k = 0; k < width; k++)
        {
          g_autoptr (QrxTensor) one = qrx_tensor_dup_as (origin, QRX_DTYPE_F64), moved = NULL;
          double weight, baseline = 0, size = 0, sum = 0;

          qrx_tensor_set (one, k, 1);
          moved = attribution_predict (QRX_PREDICTOR (model), one, context);
          weight = qrx_tensor_get (moved, 0) - qrx_tensor_get (at_origin, 0);
          for (gsize i = 0; c == 0 && i < n; i++)
            if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN)
              baseline += qrx_tensor_get (features, i * width + k) / (double) n_train;
          for (gsize i = 0; i < n; i++)
            if (qrx_table_get_role (table, i) == QRX_ROLE_TEST)
              {
                double one_row = weight * (qrx_tensor_get (features, i * width + k) - baseline);

                size += fabs (one_row) / (double) n_test;
                sum += one_row / (double) n_test;
              }
          g_assert_cmpfloat_with_epsilon (
              attribution_get_value (attributions, qrx_predictor_get_columns (QRX_PREDICTOR (model))[k], 0), size,
              1e-9);
          g_assert_cmpfloat_with_epsilon (
              attribution_get_value (attributions, qrx_predictor_get_columns (QRX_PREDICTOR (model))[k], 1), sum, 1e-9);
        }
      g_assert_cmpfloat (attribution_get_score (runner, "ig", "completeness_error"), <, 1e-9);
    }
}

static void
test_attributions_of_a_hybrid_are_complete (void)
{
  static const char *const few[] = { "ig.steps=1", NULL };
  g_autoptr (QrxRunner) runner = attribution_run_well (HYBRID EXPLAIN, NULL),
                        hasty = attribution_run_well (HYBRID EXPLAIN, few);
  QrxAttributions *attributions = attribution_get (runner, "ig");
  QrxTensor *values = qrx_attributions_get_values (attributions);
  QrxIndex *order = qrx_attributions_get_order (attributions);
  guint n_silent = 0;

  g_assert_cmpfloat (attribution_get_score (runner, "ig", "completeness_error"), <, 1e-6);
  g_assert_cmpfloat (attribution_get_score (hasty, "ig", "completeness_error"), >,
                     attribution_get_score (runner, "ig", "completeness_error"));
  g_assert_cmpfloat (attribution_get_score (runner, "ig", "mean_difference"), >, 0);
  for (gsize k = 0; k < qrx_tensor_get_rows (values); k++)
    n_silent += qrx_tensor_get (values, k * 2) == 0;
  g_assert_cmpuint (n_silent, ==, 4); /* of twelve genes eight were selected */
  for (gsize i = 1; i < qrx_index_get_length (order); i++)
    g_assert_cmpfloat (qrx_tensor_get (values, qrx_index_get (order, i - 1) * 2), >=,
                       qrx_tensor_get (values, qrx_index_get (order, i) * 2));
}

/* A model of heads for each tissue: what it goes by stays on the way from the baseline, for each row its own. */
static void
test_rows_keep_their_annotations_on_the_way (void)
{
  static const char nodes[] =
      COHORT "'encode': {'type': 'mlp-encoder', 'from': 'split', 'hidden': [6], 'width': 4},"
             "'heads': {'type': 'head-per-group', 'from': {'in': 'encode', 'group': 'split'}, 'by': 'tissue'},"
             "'fit': {'type': 'trainer', 'from': 'heads', 'epochs': 5, 'precision': 'float64', 'centre-target-by': 'tissue'},"
      EXPLAIN;
  g_autoptr (QrxRunner) runner = attribution_run_well (nodes, NULL);
  QrxTable *table = QRX_TABLE (qrx_runner_get_value (runner, "split", "out"));
  QrxModel *model = QRX_MODEL (qrx_runner_get_value (runner, "fit", "model"));
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (QrxTensor) features = attribution_read_rows (table, 9);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, 9);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, 9, 1), expected = NULL;
  g_autoptr (QrxTensor) gradients = qrx_tensor_new_matrix (QRX_DTYPE_F64, 9, qrx_tensor_get_columns (features));
  g_autoptr (GError) error = NULL;

  g_assert_cmpfloat (attribution_get_score (runner, "ig", "completeness_error"), <, 1e-6);
  g_assert_cmpfloat (attribution_get_score (runner, "ig", "mean_difference"), >, 0);
  qrx_model_differentiate (model, features, table, rows, values, gradients, context, NULL, &error);
  g_assert_no_error (error);
  expected = qrx_predictor_predict_values (QRX_PREDICTOR (model), table, context, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 9; i++)
    g_assert_cmpfloat (qrx_tensor_get (values, i), ==, qrx_tensor_get (expected, i));
  g_assert_false (qrx_model_differentiate (model, features, NULL, NULL, values, gradients, context, NULL, &error));
  g_assert_nonnull (strstr (error->message, "goes by each row's tissue beside features"));
}

static void
test_what_has_no_gradient_says_so (void)
{
  static const char *const drug[] = { "ig.drug=Cisplatin", NULL }, *const role[] = { "ig.role=external", NULL };

  attribution_refuse (COHORT "'fit': {'type': 'random-forest', 'from': 'split', 'trees': 5}," EXPLAIN, NULL,
                      "of the type `trees`, which has no gradient; use permutation-importance");
  attribution_refuse (COHORT "'fit': {'type': 'mean-baseline', 'from': 'split'}," EXPLAIN, NULL, "no chain of layers");
  attribution_refuse (LINEAR EXPLAIN, drug, "no test row of the drug \"Cisplatin\"");
  attribution_refuse (LINEAR EXPLAIN, role, "no external row");
}

static void
add (void)
{
  g_test_add_func ("/attribution/gauss", test_the_rule_of_gauss_is_exact_for_polynomials);
  g_test_add_func ("/attribution/gradients", test_gradients_are_those_of_differences_through_all_layers);
  g_test_add_func ("/attribution/branches", test_gradients_of_branches_add_up);
  g_test_add_func ("/attribution/linear", test_a_linear_model_is_told_by_its_weights);
  g_test_add_func ("/attribution/complete", test_attributions_of_a_hybrid_are_complete);
  g_test_add_func ("/attribution/annotations", test_rows_keep_their_annotations_on_the_way);
  g_test_add_func ("/attribution/refused", test_what_has_no_gradient_says_so);
}

int
main (int argc, char **argv)
{
  return attribution_main (argc, argv, add);
}
