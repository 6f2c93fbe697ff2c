/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "attribution-runs.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-metrics.h>
#include <string.h>

static QrxRegistry *registry;

QrxRunner *
attribution_run (const char *nodes, const char *const *overrides, guint n_threads, GError **error)
{
  g_autofree char *json = g_strdelimit (g_strdup_printf ("{'qrx': '1', 'nodes': {%s}}", nodes), "'", '"');
  g_autoptr (GError) failure = NULL;
  g_autoptr (QrxPipeline) pipeline = NULL;
  g_autoptr (QrxContext) context = qrx_context_new (7, n_threads, NULL, NULL);
  g_autoptr (QrxRunner) runner = NULL;

  pipeline = qrx_pipeline_parse (registry, json, "test", NULL, overrides, NULL, &failure);
  g_assert_no_error (failure);
  runner = g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "context", context, "keep-values", TRUE, NULL);
  return qrx_runner_run (runner, NULL, error) ? g_steal_pointer (&runner) : NULL;
}

QrxRunner *
attribution_run_well (const char *nodes, const char *const *overrides)
{
  g_autoptr (GError) error = NULL;
  QrxRunner *runner = attribution_run (nodes, overrides, 1, &error);

  g_assert_no_error (error);
  return runner;
}

double
attribution_get_score (QrxRunner *runner, const char *node, const char *name)
{
  double value = NAN;

  g_assert_true (
      qrx_metrics_get_number (QRX_METRICS (qrx_runner_get_value (runner, node, "metrics")), "test", name, &value));
  return value;
}

QrxAttributions *
attribution_get (QrxRunner *runner, const char *node)
{
  return QRX_ATTRIBUTIONS (qrx_runner_get_value (runner, node, "out"));
}

double
attribution_get_value (QrxAttributions *attributions, const char *gene, guint column)
{
  const char *const *genes = qrx_attributions_get_genes (attributions);

  for (guint i = 0; genes[i] != NULL; i++)
    if (g_str_equal (genes[i], gene))
      return qrx_tensor_get (qrx_attributions_get_values (attributions), i * 2 + column);
  g_assert_not_reached ();
}

QrxTensor *
attribution_read_rows (QrxTable *table, gsize n)
{
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, n);
  QrxTensor *features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, qrx_table_get_n_features (table));
  g_autoptr (GError) error = NULL;

  qrx_table_read_features (table, rows, features, &error);
  g_assert_no_error (error);
  return features;
}

QrxTensor *
attribution_predict (QrxPredictor *model, QrxTensor *features, QrxContext *context)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QrxTensor) copy = qrx_tensor_dup_as (features, QRX_DTYPE_F64);
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (GError) error = NULL;
  QrxTensor *values;

  for (gsize i = 0; i < qrx_tensor_get_rows (features); i++)
    g_ptr_array_add (ids, g_strdup_printf ("row-%" G_GSIZE_FORMAT, i));
  g_ptr_array_add (ids, NULL);
  table = qrx_table_new ((const char *const *) ids->pdata, &error);
  block = qrx_dense_block_new ("x", qrx_predictor_get_columns (model), copy, &error);
  qrx_table_add_block (table, block, NULL, &error);
  g_assert_no_error (error);
  values = qrx_predictor_predict_values (model, table, context, NULL, &error);
  g_assert_no_error (error);
  return values;
}

void
attribution_refuse (const char *nodes, const char *const *overrides, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxRunner) runner = attribution_run (nodes, overrides, 1, &error);

  g_assert_null (runner);
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("found \"%s\", expected \"%s\" in it", error->message, part);
}

int
attribution_main (int argc, char **argv, void (*add) (void))
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = qrx_registry_new ();
  qrx_registry_load_plugins (registry, NULL, &error);
  g_assert_no_error (error);
  add ();
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
