/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-fixture.h"

#include <glib/gstdio.h>
#include <math.h>

static const char *const tissues[] = { "lung", "skin", "breast" };

static QrxRole
role_of (const TableRecipe *recipe, guint row)
{
  guint place = (row + recipe->n_rows - recipe->first_test) % recipe->n_rows;

  if (place < recipe->n_rows / 4)
    return QRX_ROLE_TEST;
  return place < recipe->n_rows * 3 / 8 ? QRX_ROLE_VALIDATION : QRX_ROLE_TRAIN;
}

static void
fill (const TableRecipe *recipe, QrxTensor *x, QrxTensor *y)
{
  QrxRandom random;
  g_autofree gsize *order = g_new (gsize, recipe->n_rows);
  g_autofree double *response = g_new (double, recipe->n_rows);

  qrx_random_init (&random, recipe->seed, "table", "values", 0);
  for (guint i = 0; i < recipe->n_rows; i++)
    {
      double sum = 0;

      for (guint g = 0; g < recipe->n_genes; g++)
        {
          double value = qrx_random_normal (&random);

          qrx_tensor_set (x, i * recipe->n_genes + g, value);
          sum += g < 3 ? value : 0;
        }
      response[i] = sin (sum) + 0.5 * sum + 0.2 * qrx_random_normal (&random);
      order[i] = i;
    }
  if (recipe->permute)
    qrx_random_shuffle (&random, order, recipe->n_rows);
  for (guint i = 0; i < recipe->n_rows; i++)
    qrx_tensor_set (y, i, response[order[i]]);
  for (guint i = 0; i < recipe->n_rows; i++)
    if (role_of (recipe, i) == QRX_ROLE_TEST)
      {
        qrx_tensor_set (y, i, qrx_tensor_get (y, i) + recipe->disturb);
        for (guint g = 0; g < recipe->n_genes; g++)
          qrx_tensor_set (x, i * recipe->n_genes + g, qrx_tensor_get (x, i * recipe->n_genes + g) + recipe->disturb * (g + 1));
      }
}

static char **
names (const char *prefix, guint n)
{
  char **list = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    list[i] = g_strdup_printf ("%s%u", prefix, i);
  return list;
}

static char **
tissue_names (guint n)
{
  char **list = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    list[i] = g_strdup (tissues[i % G_N_ELEMENTS (tissues)]);
  return list;
}

QrxTable *
model_fixture_table (const TableRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxTensor) x = qrx_tensor_new_matrix (QRX_DTYPE_F64, recipe->n_rows, recipe->n_genes);
  g_autoptr (QrxTensor) y = qrx_tensor_new_matrix (QRX_DTYPE_F64, recipe->n_rows, 1);
  g_auto (GStrv) ids = names ("row-", recipe->n_rows), genes = names ("G", recipe->n_genes);
  g_auto (GStrv) donors = names ("donor-", recipe->n_rows), tissue = tissue_names (recipe->n_rows);
  g_autofree guint8 *roles = g_new (guint8, recipe->n_rows);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxBlock) block = NULL;
  QrxTable *split;

  fill (recipe, x, y);
  for (guint i = 0; i < recipe->n_rows; i++)
    roles[i] = (guint8) role_of (recipe, i);
  table = qrx_table_new ((const char *const *) ids, &error);
  g_assert_no_error (error);
  block = qrx_dense_block_new ("expression", (const char *const *) genes, x, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_table_add_block (table, block, NULL, &error));
  g_assert_true (qrx_table_add_annotation (table, QRX_ANNOTATION_TISSUE, (const char *const *) tissue, &error));
  g_assert_true (qrx_table_add_annotation (table, QRX_ANNOTATION_DONOR, (const char *const *) donors, &error));
  g_assert_true (qrx_table_add_target (table, "response", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, y, &error));
  bytes = g_bytes_new (roles, recipe->n_rows);
  split = qrx_table_with_roles (table, bytes, &error);
  g_assert_no_error (error);
  qrx_value_freeze (QRX_VALUE (split));
  return split;
}

QrxTable *
model_fixture_rearrange (QrxTable *table, const guint *rows, gsize n_rows, gboolean reverse_columns)
{
  g_autoptr (GError) error = NULL;
  gsize n = qrx_table_get_n_features (table);
  g_autoptr (QrxIndex) index = qrx_index_new (rows, n_rows);
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, n);
  g_autoptr (QrxTensor) moved = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, n);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), columns = g_strv_builder_new ();
  g_auto (GStrv) id_list = NULL, column_list = NULL;
  g_autoptr (QrxBlock) block = NULL;
  QrxTable *result;

  g_assert_true (qrx_table_read_features (table, index, values, &error));
  for (gsize i = 0; i < n_rows; i++)
    {
      g_strv_builder_add (ids, qrx_table_get_id (table, rows[i]));
      for (gsize g = 0; g < n; g++)
        qrx_tensor_set (moved, i * n + g, qrx_tensor_get (values, i * n + (reverse_columns ? n - 1 - g : g)));
    }
  for (gsize g = 0; g < n; g++)
    g_strv_builder_add (columns, qrx_table_get_feature_names (table)[reverse_columns ? n - 1 - g : g]);
  id_list = g_strv_builder_end (ids);
  column_list = g_strv_builder_end (columns);
  result = qrx_table_new ((const char *const *) id_list, &error);
  g_assert_no_error (error);
  block = qrx_dense_block_new ("expression", (const char *const *) column_list, moved, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_table_add_block (result, block, NULL, &error));
  return result;
}

QrxFlow *
model_fixture_then (NodeFixture *fixture, QrxFlow *flow, const char *type, const char *id, const char *properties)
{
  g_autofree char *json = g_strdelimit (g_strdup (properties), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, type, id, json, &error);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxFlow) input = flow;
  QrxFlow *result;

  g_assert_no_error (error);
  qrx_bundle_set (in, "in", QRX_VALUE (input));
  result = qrx_flow_compose (QRX_LAYER (node), in, &error);
  g_assert_no_error (error);
  return result;
}

QrxFlow *
model_fixture_hybrid (NodeFixture *fixture, QrxTable *table)
{
  QrxFlow *flow = qrx_flow_new_source (table);

  flow = model_fixture_then (fixture, flow, "standardize", "scale", "{}");
  flow = model_fixture_then (fixture, flow, "mlp-encoder", "encode", "{'hidden': [12], 'width': 3}");
  flow = model_fixture_then (fixture, flow, "moderated-tanh", "normalize",
                             "{'a': {'value': 3, 'train': 'per-qubit', 'parameterization': 'softplus'}}");
  flow = model_fixture_then (fixture, flow, "quantum-layer", "quantum", "{'layers': 2}");
  return model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
}

QrxBundle *
model_fixture_train (NodeFixture *fixture, QrxFlow *flow, const char *properties, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxFlow) input = flow;

  qrx_bundle_set (in, "in", QRX_VALUE (input));
  return node_fixture_run_bundle (fixture, "trainer", properties, in, error);
}

QrxModel *
model_fixture_fit (NodeFixture *fixture, QrxFlow *flow, const char *properties)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBundle) outputs = model_fixture_train (fixture, flow, properties, &error);

  g_assert_no_error (error);
  return g_object_ref (QRX_MODEL (qrx_bundle_get (outputs, "model")));
}

GBytes *
model_fixture_save (NodeFixture *fixture, QrxPredictor *model)
{
  g_autofree char *path = g_build_filename (fixture->directory, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  qrx_predictor_save (model, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

QrxTensor *
model_fixture_predict (QrxPredictor *model, QrxTable *table, guint n_threads)
{
  g_autoptr (QrxContext) context = qrx_context_new (0, n_threads, NULL, NULL);
  g_autoptr (GError) error = NULL;
  QrxTensor *values = qrx_predictor_predict_values (model, table, context, NULL, &error);

  g_assert_no_error (error);
  return values;
}
