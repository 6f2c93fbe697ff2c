/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fitted model may know, and that it says the same wherever it is asked. */
#include "model-fixture.h"

#include <string.h>

#define FIT "{'epochs': 3, 'batch-size': 16, 'learning-rate': 0.01}"

static void
test_no_fitted_number_depends_on_test_rows (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const selectors[] = { "{'n': 5, 'by': 'variance'}", "{'n': 5, 'by': 'correlation'}" };

  for (guint k = 0; k < G_N_ELEMENTS (selectors); k++)
    {
      g_autoptr (GBytes) first = NULL;

      for (guint pass = 0; pass < 2; pass++)
        {
          TableRecipe recipe = TABLE_RECIPE;
          g_autoptr (QrxTable) table = NULL;
          g_autoptr (QrxModel) model = NULL;
          g_autoptr (GBytes) bytes = NULL;
          QrxFlow *flow;

          recipe.disturb = pass * 1000;
          table = model_fixture_table (&recipe);
          flow = model_fixture_then (fixture, qrx_flow_new_source (table), "select-genes", "select", selectors[k]);
          flow = model_fixture_then (fixture, flow, "standardize", "scale", "{}");
          flow = model_fixture_then (fixture, flow, "pca", "pca", "{'components': 4}");
          flow = model_fixture_then (fixture, flow, "linear", "encode", "{'width': 3, 'quantity': 'activation'}");
          flow = model_fixture_then (fixture, flow, "min-max", "normalize", "{}");
          flow = model_fixture_then (fixture, flow, "quantum-layer", "quantum", "{'layers': 1}");
          flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
          model = model_fixture_fit (fixture, flow, "{'epochs': 3, 'batch-size': 16, 'patience': 2}");
          bytes = model_fixture_save (fixture, QRX_PREDICTOR (model));
          if (pass == 0)
            first = g_steal_pointer (&bytes);
          else
            g_assert_true (g_bytes_equal (first, bytes));
        }
    }
}

static void
test_predictions_do_not_depend_on_order_or_company (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  static const char *const precisions[] = { "{'epochs': 2, 'precision': 'float32'}", "{'epochs': 2, 'precision': 'float64'}" };

  for (guint p = 0; p < G_N_ELEMENTS (precisions); p++)
    {
      g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), precisions[p]);
      g_autoptr (QrxTensor) all = model_fixture_predict (QRX_PREDICTOR (model), table, 2);
      guint rows[96];
      gsize counts[] = { 96, 5, 1 };

      for (guint i = 0; i < 96; i++)
        rows[i] = (i * 31 + 7) % 96;
      for (guint c = 0; c < G_N_ELEMENTS (counts); c++)
        {
          g_autoptr (QrxTable) other = model_fixture_rearrange (table, rows, counts[c], TRUE);
          g_autoptr (QrxTensor) values = model_fixture_predict (QRX_PREDICTOR (model), other, 1);

          for (gsize i = 0; i < counts[c]; i++)
            g_assert_cmpfloat (qrx_tensor_get (values, i), ==, qrx_tensor_get (all, rows[i]));
        }
    }
}

/* Validation rows take part where they stop the fit or lower its rate, and only there. */
static void
test_a_model_knows_the_rows_that_made_it (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const selecting[] = { "'patience': 1", "'schedule': 'plateau'" };
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);

  for (gsize c = 0; c < G_N_ELEMENTS (selecting); c++)
    {
      g_autofree char *properties = g_strdup_printf ("{'epochs': 2, %s}", selecting[c]);
      g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), properties);

      for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
        g_assert_cmpint (qrx_predictor_was_fitted_on (QRX_PREDICTOR (model), table, i), ==,
                         qrx_table_get_role (table, i) != QRX_ROLE_TEST);
    }
}

static void
test_a_file_alone_predicts_the_same (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), FIT);
  g_autoptr (QrxTensor) before = model_fixture_predict (QRX_PREDICTOR (model), table, 1);
  g_autoptr (GBytes) bytes = model_fixture_save (fixture, QRX_PREDICTOR (model));
  g_autofree char *path = g_build_filename (fixture->directory, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxPredictor) again = qrx_predictor_load (fixture->registry, path, &error);
  g_autoptr (QrxTensor) after = NULL;
  g_autoptr (GBytes) saved_again = NULL;

  g_assert_no_error (error);
  after = model_fixture_predict (again, table, 2);
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    g_assert_cmpfloat (qrx_tensor_get (before, i), ==, qrx_tensor_get (after, i));
  g_assert_cmpstr (qrx_predictor_get_target_unit (again), ==, "ln µM");
  g_assert_cmpfloat (qrx_predictor_get_threshold (again), ==, qrx_predictor_get_threshold (QRX_PREDICTOR (model)));
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    g_assert_cmpint (qrx_predictor_was_fitted_on (again, table, i), ==, qrx_table_get_role (table, i) == QRX_ROLE_TRAIN);
  saved_again = model_fixture_save (fixture, again);
  g_assert_true (g_bytes_equal (bytes, saved_again));
}

static void
test_missing_genes_are_listed (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE, narrow = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), FIT);
  g_autoptr (QrxContext) context = qrx_context_new (0, 1, NULL, NULL);
  g_autoptr (QrxTable) lacking = NULL;
  g_autoptr (GError) error = NULL;

  narrow.n_genes = 8;
  lacking = model_fixture_table (&narrow);
  g_assert_null (qrx_predictor_predict_values (QRX_PREDICTOR (model), lacking, context, NULL, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (error->message, "`G8`, `G9`"));
}

/* Runs a pipeline of its own context; the bytes of the model and of the predictions. */
static GBytes *
run_with (NodeFixture *fixture, guint64 seed, guint n_threads)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (QrxFlow) flow = model_fixture_hybrid (fixture, table);
  g_autoptr (QrxContext) context = qrx_context_new (seed, n_threads, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, "trainer", "fit",
                                                  "{\"epochs\": 3, \"batch-size\": 16, \"patience\": 2}", &error);
  g_autoptr (QrxBundle) in = qrx_bundle_new (), out = qrx_bundle_new ();

  g_assert_no_error (error);
  qrx_bundle_set (in, "in", QRX_VALUE (flow));
  g_assert_true (qrx_node_run (node, in, out, context, NULL, &error));
  return model_fixture_save (fixture, QRX_PREDICTOR (qrx_bundle_get (out, "model")));
}

static void
test_threads_change_nothing_and_seeds_do (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) one = run_with (fixture, 7, 1), two = run_with (fixture, 7, 2), other = run_with (fixture, 8, 1);

  g_assert_true (g_bytes_equal (one, two));
  g_assert_false (g_bytes_equal (one, other));
}

/* Continues the table through a model and a new head; trains that head. */
static QrxBundle *
train_on_graft (NodeFixture *fixture, QrxModel *model, QrxTable *table, gboolean frozen, const char *properties, GError **error)
{
  g_autoptr (QrxFlow) source = qrx_flow_new_source (table);
  QrxFlow *flow = qrx_model_graft (model, "encode", source, "pretrained", frozen, error);

  g_assert_nonnull (flow);
  flow = model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
  return model_fixture_train (fixture, flow, properties, error);
}

static void
test_rows_that_made_a_grafted_model_are_not_scored (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE, resplit = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe), other = NULL;
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), FIT);
  g_autoptr (QrxBundle) same = NULL, leaking = NULL, refused = NULL;
  g_autoptr (GError) error = NULL;

  same = train_on_graft (fixture, model, table, TRUE, FIT, &error);
  g_assert_no_error (error);
  g_assert_false (qrx_predictions_is_leaking (QRX_PREDICTIONS (qrx_bundle_get (same, "predictions"))));

  resplit.first_test = 48;
  other = model_fixture_table (&resplit);
  leaking = train_on_graft (fixture, model, other, TRUE, "{'epochs': 1, 'allow-leakage': true}", &error);
  g_assert_no_error (error);
  g_assert_true (qrx_predictions_is_leaking (QRX_PREDICTIONS (qrx_bundle_get (leaking, "predictions"))));

  refused = train_on_graft (fixture, model, other, TRUE, FIT, &error);
  g_assert_null (refused);
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_LEAKAGE);
}

static void
test_a_frozen_graft_stays_and_a_free_one_learns (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  TableRecipe recipe = TABLE_RECIPE;
  g_autoptr (QrxTable) table = model_fixture_table (&recipe);
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, model_fixture_hybrid (fixture, table), FIT);
  g_autoptr (QrxTensor) before = qrx_model_get_parameter (model, "encode.weight0");

  for (guint frozen = 0; frozen < 2; frozen++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxBundle) outputs = train_on_graft (fixture, model, table, frozen == 1, FIT, &error);
      g_autoptr (QrxTensor) after = NULL;
      gboolean same = TRUE;

      g_assert_no_error (error);
      after = qrx_model_get_parameter (QRX_MODEL (qrx_bundle_get (outputs, "model")), "pretrained.encode.weight0");
      g_assert_nonnull (after);
      for (gsize i = 0; i < qrx_tensor_get_n_elements (before); i++)
        same = same && qrx_tensor_get (before, i) == qrx_tensor_get (after, i);
      g_assert_cmpint (same, ==, frozen == 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/models/test-rows-unseen", test_no_fitted_number_depends_on_test_rows);
  NODE_TEST ("/models/order-and-company", test_predictions_do_not_depend_on_order_or_company);
  NODE_TEST ("/models/known-rows", test_a_model_knows_the_rows_that_made_it);
  NODE_TEST ("/models/file-alone", test_a_file_alone_predicts_the_same);
  NODE_TEST ("/models/missing-genes", test_missing_genes_are_listed);
  NODE_TEST ("/models/threads-and-seeds", test_threads_change_nothing_and_seeds_do);
  NODE_TEST ("/models/graft-leakage", test_rows_that_made_a_grafted_model_are_not_scored);
  NODE_TEST ("/models/graft-frozen", test_a_frozen_graft_stays_and_a_free_one_learns);
  return g_test_run ();
}
