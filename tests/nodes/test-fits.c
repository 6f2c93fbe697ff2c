/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* That fits learn what is there, and only that, and end as they should. */
#include "model-fixture.h"

#include <math.h>
#include <string.h>

static double
test_auc (QrxPredictions *predictions)
{
  QrxTable *table = qrx_predictions_get_table (predictions);
  g_autoptr (QrxIndex) rows = qrx_table_rows_of_role (table, QRX_ROLE_TEST);
  gsize n = qrx_index_get_length (rows);
  g_autofree double *scores = g_new (double, n);
  g_autofree guint8 *positives = g_new (guint8, n);
  double auc;

  for (gsize i = 0; i < n; i++)
    {
      guint row = qrx_index_get (rows, i);

      scores[i] = -qrx_tensor_get (qrx_predictions_get_values (predictions), row);
      positives[i] = qrx_tensor_get (qrx_table_get_target_values (table, 0), row) <= qrx_predictions_get_threshold (predictions);
    }
  g_assert_true (qrx_statistics_auc (scores, positives, n, &auc, NULL));
  return auc;
}

/* The mean over seeds, with features chosen by their correlation with the response, which is where a leak would show. */
static double
mean_auc (NodeFixture *fixture, gboolean permute)
{
  double sum = 0;

  for (guint64 seed = 0; seed < 12; seed++)
    {
      TableRecipe recipe = { .n_rows = 160, .n_genes = 60, .seed = 100 + seed, .permute = permute };
      g_autoptr (QrxTable) table = model_fixture_table (&recipe);
      g_autoptr (QrxBundle) outputs = NULL;
      g_autoptr (GError) error = NULL;
      QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "select-genes", "select",
                                          "{'n': 6, 'by': 'correlation'}");

      flow = model_fixture_then (fixture, flow, "standardize", "scale", "{}");
      flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
      outputs = model_fixture_train (fixture, flow, "{'epochs': 60, 'learning-rate': 0.02}", &error);
      g_assert_no_error (error);
      sum += test_auc (QRX_PREDICTIONS (qrx_bundle_get (outputs, "predictions")));
    }
  return sum / 12;
}

static void
test_permuted_responses_give_half (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  /* 40 test rows: the standard error of one null AUC is about 0.09, of the mean of twelve 0.027; three of them */
  g_assert_cmpfloat_with_epsilon (mean_auc (fixture, TRUE), 0.5, 0.08);
  g_assert_cmpfloat (mean_auc (fixture, FALSE), >, 0.85);
}

/* One step of plain gradient descent over all training rows moves each parameter by the gradient of the loss, which two
 * more fits measure by differences: through branches that join, a residual connection, a shared scalar and a positive
 * one. */
static QrxFlow *
branches (NodeFixture *fixture, QrxTable *table)
{
  g_autoptr (QrxFlow) scaled = model_fixture_then (fixture, qrx_flow_new_source (table), "standardize", "scale", "{}");
  g_autoptr (QrxFlow) left = model_fixture_then (fixture, g_object_ref (scaled), "linear", "left",
                                                 "{'width': 3, 'quantity': 'activation'}");
  g_autoptr (QrxFlow) bent =
    model_fixture_then (fixture, g_object_ref (left), "moderated-tanh", "bent",
                        "{'a': {'value': 2, 'train': 'yes', 'parameterization': 'softplus'}, "
                        "'r': {'value': 1, 'train': 'per-qubit'}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) concat = qrx_registry_create (fixture->registry, "concat", "join", NULL, &error);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  QrxFlow *joined;

  g_assert_no_error (error);
  qrx_bundle_append (in, "in", QRX_VALUE (left));
  qrx_bundle_append (in, "in", QRX_VALUE (bent));
  qrx_bundle_append (in, "in", QRX_VALUE (left));
  joined = qrx_flow_compose (QRX_LAYER (concat), in, &error);
  g_assert_no_error (error);
  return model_fixture_then (fixture, joined, "linear", "head", "{'quantity': 'prediction'}");
}

#define ONE_STEP \
  "{'epochs': 1, 'batch-size': 1000, 'optimizer': 'sgd', 'momentum': 0, 'learning-rate': 1e-3, " \
  "'precision': 'float64', 'shuffle': false%s}"

/* The loss at given starting values, and the model after one step. */
static double
one_step (NodeFixture *fixture, QrxTable *table, const char *name, QrxTensor *value, QrxModel **model)
{
  g_autofree char *initial = g_strdup_printf (", 'initial': '%s/start.safetensors'", fixture->directory);
  g_autofree char *properties = g_strdup_printf (ONE_STEP, name != NULL ? initial : "");
  g_autoptr (QrxBundle) outputs = NULL;
  g_autoptr (GError) error = NULL;

  if (name != NULL)
    {
      g_autoptr (QrxSafetensorsWriter) writer = qrx_safetensors_writer_new ();
      g_autofree char *path = g_build_filename (fixture->directory, "start.safetensors", NULL);

      qrx_safetensors_writer_add (writer, name, value);
      g_assert_true (qrx_safetensors_writer_write (writer, path, &error));
    }
  outputs = model_fixture_train (fixture, branches (fixture, table), properties, &error);
  g_assert_no_error (error);
  if (model != NULL)
    *model = g_object_ref (QRX_MODEL (qrx_bundle_get (outputs, "model")));
  return qrx_history_get (QRX_HISTORY (qrx_bundle_get (outputs, "history")), 0, "train-loss");
}

static void
test_gradients_through_branches (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (QrxFlow) flow = branches (fixture, table);
  g_autoptr (GError) error = NULL;
  /* the seed is the fixture's, so this is where each fit starts */
  g_autoptr (QrxModel) start = qrx_model_new (flow, 0, QRX_DTYPE_F64, 7, &error);
  g_autoptr (QrxModel) moved = NULL;
  static const char *const checked[] = { "left.weight", "left.bias", "bent.r", "head.weight", "head.bias" };
  const double h = 1e-5;

  g_assert_no_error (error);
  one_step (fixture, table, NULL, NULL, &moved);
  for (guint c = 0; c < G_N_ELEMENTS (checked); c++)
    {
      g_autoptr (QrxTensor) from = qrx_model_get_parameter (start, checked[c]);
      g_autoptr (QrxTensor) to = qrx_model_get_parameter (moved, checked[c]);

      for (gsize i = 0; i < MIN (qrx_tensor_get_n_elements (from), 4); i++)
        {
          double value = qrx_tensor_get (from, i), gradient = (value - qrx_tensor_get (to, i)) / 1e-3, up, down;

          qrx_tensor_set (from, i, value + h);
          up = one_step (fixture, table, checked[c], from, NULL);
          qrx_tensor_set (from, i, value - h);
          down = one_step (fixture, table, checked[c], from, NULL);
          qrx_tensor_set (from, i, value);
          /* central differences: error of order h², and rounding of 1e-16 / h */
          g_assert_cmpfloat_with_epsilon (gradient, (up - down) / (2 * h), 1e-7);
        }
    }
}

static void
test_the_best_epoch_is_kept (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) outputs = model_fixture_train (
    fixture, model_fixture_hybrid (fixture, table),
    "{'epochs': 200, 'patience': 8, 'learning-rate': 0.03, 'batch-size': 16, 'precision': 'float64'}", &error);
  QrxHistory *history;
  QrxModel *model;
  QrxTensor *values;
  double best = INFINITY, sum = 0;
  guint n = 0, n_epochs;

  g_assert_no_error (error);
  history = QRX_HISTORY (qrx_bundle_get (outputs, "history"));
  model = QRX_MODEL (qrx_bundle_get (outputs, "model"));
  values = qrx_predictions_get_values (QRX_PREDICTIONS (qrx_bundle_get (outputs, "predictions")));
  n_epochs = qrx_history_get_n_epochs (history);
  g_assert_cmpuint (n_epochs, <, 200);
  for (guint epoch = 0; epoch < n_epochs; epoch++)
    best = fmin (best, qrx_history_get (history, epoch, "validation-loss"));
  g_assert_cmpfloat (qrx_history_get (history, n_epochs - 1, "validation-loss"), >, best);
  for (guint i = 0; i < qrx_table_get_n_rows (table); i++)
    if (qrx_table_get_role (table, i) == QRX_ROLE_VALIDATION)
      {
        double d = (qrx_tensor_get (values, i) - qrx_tensor_get (qrx_table_get_target_values (table, 0), i)) /
                   qrx_model_get_target_deviation (model);

        sum += d * d;
        n++;
      }
  g_assert_cmpfloat_with_epsilon (sum / n, best, 1e-9);
}

static void
test_a_diverging_fit_says_where (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "linear", "head", "{'quantity': 'prediction'}");
  g_autoptr (GError) error = NULL;

  g_assert_null (model_fixture_train (fixture, flow, "{'epochs': 400, 'optimizer': 'sgd', 'learning-rate': 1000}", &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE);
  g_assert_nonnull (strstr (error->message, "epoch"));
  g_assert_nonnull (strstr (error->message, "learning-rate"));
}

static void
test_fitting_once_after_learning_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (GError) error = NULL;
  QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "mlp-encoder", "encode",
                                      "{'hidden': [4], 'width': 3}");

  flow = model_fixture_then (fixture, flow, "standardize", "late", "{}");
  flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
  g_assert_null (model_fixture_train (fixture, flow, "{'epochs': 1}", &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
  g_assert_nonnull (strstr (error->message, "`late`"));
  g_assert_nonnull (strstr (error->message, "`encode`"));
}

static void
test_cross_entropy_predicts_probabilities (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = { .n_rows = 160, .n_genes = 10, .seed = 5 };
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) outputs = model_fixture_train (fixture, model_fixture_hybrid (fixture, table),
                                                       "{'epochs': 30, 'learning-rate': 0.01, "
                                                       "'loss': 'binary-cross-entropy'}", &error);
  QrxPredictions *predictions;
  double sensitive = 0, resistant = 0;
  guint n_sensitive = 0, n = 160;

  g_assert_no_error (error);
  predictions = QRX_PREDICTIONS (qrx_bundle_get (outputs, "predictions"));
  g_assert_true (qrx_predictions_is_probability (predictions));
  for (guint i = 0; i < n; i++)
    {
      double p = qrx_tensor_get (qrx_predictions_get_values (predictions), i);
      gboolean low = qrx_tensor_get (qrx_table_get_target_values (table, 0), i) <= qrx_predictions_get_threshold (predictions);

      g_assert_true (p >= 0 && p <= 1);
      *(low ? &sensitive : &resistant) += p;
      n_sensitive += low;
    }
  g_assert_cmpfloat (sensitive / n_sensitive, >, resistant / (n - n_sensitive) + 0.3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/fits/null-control", test_permuted_responses_give_half);
  NODE_TEST ("/fits/gradients-through-branches", test_gradients_through_branches);
  NODE_TEST ("/fits/best-epoch", test_the_best_epoch_is_kept);
  NODE_TEST ("/fits/diverging", test_a_diverging_fit_says_where);
  NODE_TEST ("/fits/fit-after-learning", test_fitting_once_after_learning_is_refused);
  NODE_TEST ("/fits/cross-entropy", test_cross_entropy_predicts_probabilities);
  return g_test_run ();
}
