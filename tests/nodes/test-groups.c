/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Annotations as inputs of layers: drugs as features, a head for each drug, targets without the drugs' means. */
#include "model-fixture.h"

#include <string.h>

#define N_LINES 24
#define N_GENES 2

static const char *const drugs[] = { "Cisplatin", "Erlotinib", "Docetaxel" };

/* What a drug's response is made of: exactly its mean and a weighted sum of the genes. */
static const double truth[][1 + N_GENES] = { { 3, 1, -0.5 }, { -1, 0.25, 2 }, { 0.5, -1, 1 } };

typedef struct {
  const char *left_out;  /* a drug that only test rows have; NULL for none */
  double disturb;        /* added to Erlotinib's training targets */
  gboolean zero;         /* all features are zero */
  gboolean anonymous;    /* there is no annotation of drugs */
  gsize n_lines;
} Recipe;

static double
gene (gsize line, gsize g)
{
  QrxRandom random;

  qrx_random_init (&random, 11, "genes", "values", line * N_GENES + g);
  return qrx_random_normal (&random);
}

static double
response (gsize drug, gsize line)
{
  double sum = truth[drug][0];

  for (gsize g = 0; g < N_GENES; g++)
    sum += truth[drug][1 + g] * gene (line, g);
  return sum;
}

/* Rows "L0/Cisplatin", …; every fourth line tests, or the drug that is left out. */
static QrxTable *
make_table (const Recipe *recipe)
{
  gsize n_lines = recipe->n_lines > 0 ? recipe->n_lines : N_LINES, n = n_lines * G_N_ELEMENTS (drugs);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), lines = g_strv_builder_new (), names = g_strv_builder_new ();
  g_autoptr (QrxTensor) x = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, N_GENES), y = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autofree guint8 *roles = g_new (guint8, n);
  g_auto (GStrv) id_list = NULL, line_list = NULL, name_list = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (GError) error = NULL;
  QrxTable *split;

  for (gsize i = 0; i < n; i++)
    {
      gsize line = i / G_N_ELEMENTS (drugs), drug = i % G_N_ELEMENTS (drugs);
      g_autofree char *id = g_strdup_printf ("L%" G_GSIZE_FORMAT "/%s", line, drugs[drug]);
      g_autofree char *name = g_strdup_printf ("L%" G_GSIZE_FORMAT, line);

      gboolean tests = recipe->left_out != NULL ? g_str_equal (recipe->left_out, drugs[drug]) : line % 4 == 0;

      roles[i] = tests ? QRX_ROLE_TEST : QRX_ROLE_TRAIN;
      g_strv_builder_add (ids, id);
      g_strv_builder_add (lines, name);
      g_strv_builder_add (names, drugs[drug]);
      for (gsize g = 0; g < N_GENES; g++)
        qrx_tensor_set (x, i * N_GENES + g, recipe->zero ? 0 : gene (line, g));
      qrx_tensor_set (y, i, response (drug, line) + (drug == 1 && roles[i] == QRX_ROLE_TRAIN ? recipe->disturb : 0));
    }
  id_list = g_strv_builder_end (ids);
  line_list = g_strv_builder_end (lines);
  name_list = g_strv_builder_end (names);
  table = qrx_table_new ((const char *const *) id_list, &error);
  block = qrx_dense_block_new ("expression", (const char *const[]){ "G0", "G1", NULL }, x, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_table_add_block (table, block, NULL, &error));
  g_assert_true (qrx_table_add_annotation (table, QRX_ANNOTATION_LINE, (const char *const *) line_list, &error));
  g_assert_true (recipe->anonymous ||
                 qrx_table_add_annotation (table, QRX_ANNOTATION_DRUG, (const char *const *) name_list, &error));
  g_assert_true (qrx_table_add_target (table, "ln_ic50", "ln µM", QRX_ORIENTATION_LOW_IS_SENSITIVE, y, &error));
  if (recipe->left_out != NULL)
    qrx_table_set_unseen (table, QRX_UNSEEN_DRUGS);
  bytes = g_bytes_new (roles, n);
  split = qrx_table_with_roles (table, bytes, &error);
  g_assert_no_error (error);
  qrx_value_freeze (QRX_VALUE (split));
  return split;
}

static void
hear (GString *heard, const char *node, const char *text)
{
  g_string_append_printf (heard, "%s: %s\n", node, text);
}

/* Runs a layer over the table at one port, and over a flow or the table at another; its flow, or NULL with an error. */
static QrxFlow *
run_layer (NodeFixture *fixture, const char *type, const char *port, QrxTable *table, QrxValue *in, GString *heard,
           GError **error)
{
  g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, type, type, "{}", error);
  g_autoptr (QrxContext) context = qrx_context_new (1, 1, NULL, NULL);
  g_autoptr (QrxBundle) inputs = qrx_bundle_new (), outputs = qrx_bundle_new ();

  g_assert_nonnull (node);
  if (heard != NULL)
    g_signal_connect_swapped (context, "message::warning", G_CALLBACK (hear), heard);
  if (in != NULL)
    qrx_bundle_set (inputs, "in", in);
  qrx_bundle_set (inputs, port, QRX_VALUE (table));
  if (!qrx_node_run (node, inputs, outputs, context, NULL, error))
    return NULL;
  return g_object_ref (QRX_FLOW (qrx_bundle_get (outputs, "out")));
}

/* Heads straight over the genes. */
static QrxFlow *
make_heads (NodeFixture *fixture, QrxTable *table)
{
  g_autoptr (GError) error = NULL;
  QrxFlow *flow = run_layer (fixture, "head-per-group", "group", table, QRX_VALUE (table), NULL, &error);

  g_assert_no_error (error);
  return flow;
}

/* One-hot drugs beside the genes, and a linear head. */
static QrxFlow *
make_features (NodeFixture *fixture, QrxTable *table, GString *heard)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxFlow) drug = run_layer (fixture, "one-hot", "in", table, NULL, heard, &error);
  g_autoptr (QrxNode) concat = qrx_registry_create (fixture->registry, "concat", "both", "{}", NULL);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  QrxFlow *flow;

  g_assert_no_error (error);
  qrx_bundle_append (in, "in", QRX_VALUE (drug));
  qrx_bundle_append (in, "in", QRX_VALUE (table));
  flow = qrx_flow_compose (QRX_LAYER (concat), in, &error);
  g_assert_no_error (error);
  return model_fixture_then (fixture, flow, "linear", "head", "{'quantity': 'prediction'}");
}

#define FULL_BATCH "'epochs': 1500, 'learning-rate': 0.05, 'batch-size': 100, 'precision': 'float64'"

static void
test_each_head_fits_its_own_drug (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { 0 };
  g_autoptr (QrxTable) table = make_table (&recipe);
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, make_heads (fixture, table), "{" FULL_BATCH "}");
  g_autoptr (QrxTensor) values = model_fixture_predict (QRX_PREDICTOR (model), table, 1);

  /* The truth is linear in each drug and has no noise, so that the least squares of each are zero, test rows included. */
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, i), response (i % 3, i / 3), 1e-4);
  g_assert_cmpuint (qrx_model_get_n_parameters (model), ==, G_N_ELEMENTS (drugs) * (N_GENES + 1));
}

/* Without scaling, which goes over all rows, nothing but a drug's own rows may move its head. */
static void
test_a_row_teaches_no_other_head (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { 0 }, disturbed = { .disturb = 5 };
  g_autoptr (QrxTable) table = make_table (&recipe), other = make_table (&disturbed);
  const char *properties = "{'epochs': 20, 'learning-rate': 0.05, 'batch-size': 7, 'scale-target': false}";
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, make_heads (fixture, table), properties);
  g_autoptr (QrxModel) moved = model_fixture_fit (fixture, make_heads (fixture, other), properties);
  g_autoptr (QrxTensor) from = qrx_model_get_parameter (model, "head-per-group.weight");
  g_autoptr (QrxTensor) to = qrx_model_get_parameter (moved, "head-per-group.weight");

  for (gsize g = 0; g < N_GENES; g++)
    {
      g_assert_cmpfloat (qrx_tensor_get (from, 0 * N_GENES + g), ==, qrx_tensor_get (to, 0 * N_GENES + g)); /* Cisplatin */
      g_assert_cmpfloat (qrx_tensor_get (from, 1 * N_GENES + g), ==, qrx_tensor_get (to, 1 * N_GENES + g)); /* Docetaxel */
      g_assert_cmpfloat (qrx_tensor_get (from, 2 * N_GENES + g), !=, qrx_tensor_get (to, 2 * N_GENES + g)); /* Erlotinib */
    }
}

static void
test_heads_refuse_a_split_that_leaves_drugs_out (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { .left_out = "Docetaxel" };
  g_autoptr (QrxTable) table = make_table (&recipe);
  g_autoptr (GError) error = NULL;

  g_assert_null (run_layer (fixture, "head-per-group", "group", table, QRX_VALUE (table), NULL, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "24 of 72 rows, the first of them `L0/Docetaxel`, have a drug"));
  g_assert_nonnull (strstr (error->message, "(Docetaxel)"));
  g_assert_nonnull (strstr (error->message, "the split leaves drugs out"));
}

static void
test_a_table_without_drugs_is_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { .anonymous = TRUE };
  g_autoptr (QrxTable) table = make_table (&recipe);
  g_autoptr (GError) error = NULL;

  g_assert_null (run_layer (fixture, "one-hot", "in", table, NULL, NULL, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (error->message, "the table has no annotation \"drug\"; known are \"line\""));
}

/* Training rows alone say which columns there are. */
static void
test_an_unseen_drug_is_zero_and_told (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { .left_out = "Docetaxel" };
  g_autoptr (QrxTable) table = make_table (&recipe);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxFlow) flow = run_layer (fixture, "one-hot", "in", table, NULL, heard, &error);
  g_autoptr (QrxModel) model = NULL;
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, qrx_table_get_n_rows (table));
  g_autoptr (QrxContext) context = qrx_context_new (1, 1, NULL, NULL);
  g_autoptr (QrxTensor) columns = NULL;
  static const double expected[3][2] = { { 1, 0 }, { 0, 1 }, { 0, 0 } };

  g_assert_no_error (error);
  g_assert_cmpuint (qrx_flow_get_width (flow), ==, 2);
  model = qrx_model_new (flow, 0, QRX_DTYPE_F64, 1, &error);
  columns = qrx_model_evaluate (model, table, rows, context, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    for (gsize k = 0; k < 2; k++)
      g_assert_cmpfloat (qrx_tensor_get (columns, i * 2 + k), ==, expected[i % 3][k]);
  g_assert_nonnull (strstr (heard->str, "one-hot: 24 of 72 rows have a drug that no training row has (Docetaxel)"));
  g_assert_nonnull (strstr (heard->str, "leaves drugs out"));
}

static void
test_a_split_by_lines_is_not_warned_of (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { 0 };
  g_autoptr (QrxTable) table = make_table (&recipe);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (QrxFlow) flow = make_features (fixture, table, heard);

  g_assert_cmpstr (heard->str, ==, "");
  g_assert_cmpuint (qrx_flow_get_width (flow), ==, 1);
}

/* A model from its file alone meets rows that it has not seen. */
static void
test_a_saved_model_goes_by_drug (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { 0 }, wider = { .n_lines = 40 }, anonymous = { .anonymous = TRUE };
  g_autoptr (QrxTable) table = make_table (&recipe), more = make_table (&wider), without = make_table (&anonymous);
  g_autoptr (QrxContext) context = qrx_context_new (0, 1, NULL, NULL);

  for (guint heads = 0; heads < 2; heads++)
    {
      QrxFlow *flow = heads ? make_heads (fixture, table) : make_features (fixture, table, NULL);
      g_autoptr (QrxModel) model = model_fixture_fit (fixture, flow, "{'epochs': 3, 'centre-target-by': 'drug'}");
      g_autoptr (GBytes) bytes = model_fixture_save (fixture, QRX_PREDICTOR (model)), again = NULL;
      g_autofree char *path = g_build_filename (fixture->directory, "model.safetensors", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxPredictor) read = qrx_predictor_load (fixture->registry, path, &error);
      g_autoptr (QrxTensor) before = NULL, after = NULL;

      g_assert_no_error (error);
      before = model_fixture_predict (QRX_PREDICTOR (model), more, 1);
      after = model_fixture_predict (read, more, 2);
      for (gsize i = 0; i < qrx_tensor_get_n_elements (before); i++)
        g_assert_cmpfloat (qrx_tensor_get (before, i), ==, qrx_tensor_get (after, i));
      again = model_fixture_save (fixture, read);
      g_assert_true (g_bytes_equal (bytes, again));
      g_assert_null (qrx_predictor_predict_values (read, without, context, NULL, &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
      g_assert_nonnull (strstr (error->message, "needs to know each row's drug: the table has no annotation \"drug\""));
    }
}

/* Heads know no more drugs than they were trained on; features are zero. */
static void
test_a_new_drug_at_prediction (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { .left_out = "Docetaxel" }, all = { 0 };
  g_autoptr (QrxTable) whole = make_table (&all), left = make_table (&recipe);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (QrxContext) context = qrx_context_new (0, 1, NULL, NULL);
  g_autoptr (QrxIndex) index = NULL;
  g_autoptr (QrxTable) two = NULL;
  g_autoptr (QrxModel) heads = NULL, features = NULL;
  g_autoptr (QrxTensor) values = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < qrx_table_get_n_rows (whole); i++)
    if (i % 3 != 2)
      g_array_append_val (rows, i);
  index = qrx_index_new ((const guint *) (gpointer) rows->data, rows->len);
  two = qrx_table_select_rows (whole, index);
  heads = model_fixture_fit (fixture, make_heads (fixture, two), "{'epochs': 2}");
  g_assert_null (qrx_predictor_predict_values (QRX_PREDICTOR (heads), whole, context, NULL, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "24 of 72 rows, the first of them `L0/Docetaxel`"));
  features = model_fixture_fit (fixture, make_features (fixture, left, NULL), "{'epochs': 2}");
  values = model_fixture_predict (QRX_PREDICTOR (features), whole, 1);
  g_assert_cmpuint (qrx_tensor_get_n_elements (values), ==, 72);
}

/* With nothing to learn from, what is left of a prediction is the mean of the drug's training rows, or of all. */
static void
test_targets_are_centred_by_drug (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { .left_out = "Docetaxel", .zero = TRUE };
  g_autoptr (QrxTable) table = make_table (&recipe);
  QrxFlow *flow = model_fixture_then (fixture, qrx_flow_new_source (table), "linear", "head",
                                      "{'quantity': 'prediction', 'bias': false}");
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, flow, "{'epochs': 1, 'centre-target-by': 'drug'}");
  g_autoptr (QrxTensor) values = model_fixture_predict (QRX_PREDICTOR (model), table, 1);
  double sums[3] = { 0 }, squares = 0;
  guint n = 0;

  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN)
      {
        sums[i % 3] += response (i % 3, i / 3);
        n++;
      }
  sums[2] = (sums[0] + sums[1]) / n;
  sums[0] /= n / 2.0;
  sums[1] /= n / 2.0;
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    {
      g_assert_cmpfloat_with_epsilon (qrx_tensor_get (values, i), sums[i % 3], 1e-12);
      if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN)
        squares += (response (i % 3, i / 3) - sums[i % 3]) * (response (i % 3, i / 3) - sums[i % 3]);
    }
  /* Two means were taken off. */
  g_assert_cmpfloat_with_epsilon (qrx_model_get_target_deviation (model) * qrx_model_get_target_deviation (model),
                                  squares / (n - 2), 1e-12);
}

static void
test_classes_are_not_centred (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char text[] = "{\"qrx\": \"1\", \"nodes\": {"
                             "\"cohort\": {\"type\": \"synthetic-cohort\"},\n"
                             "\"split\": {\"type\": \"split\", \"from\": \"cohort\"},\n"
                             "\"head\": {\"type\": \"linear\", \"from\": \"split\"},\n"
                             "\"fit\": {\"type\": \"trainer\", \"from\": \"head\", \"loss\": \"binary-cross-entropy\",\n"
                             "\"centre-target-by\": \"drug\"}}}";
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_pipeline_parse (fixture->registry, text, "test.json", NULL, NULL, NULL, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_true (g_str_has_prefix (error->message, "test.json:5:"));
}

/* The layers of a fitted model go by the annotations of another table, as the model knows them. */
static void
test_heads_are_grafted (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  Recipe recipe = { 0 }, wider = { .n_lines = 40 };
  g_autoptr (QrxTable) table = make_table (&recipe), more = make_table (&wider);
  g_autoptr (QrxModel) model = model_fixture_fit (fixture, make_heads (fixture, table), "{'epochs': 3, 'scale-target': false}");
  g_autoptr (QrxFlow) source = qrx_flow_new_source (more), flow = NULL;
  g_autoptr (QrxContext) context = qrx_context_new (0, 1, NULL, NULL);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, qrx_table_get_n_rows (more));
  g_autoptr (QrxTensor) expected = model_fixture_predict (QRX_PREDICTOR (model), more, 1), found = NULL;
  g_autoptr (QrxModel) grafted = NULL;
  g_autoptr (GError) error = NULL;

  flow = qrx_model_graft (model, NULL, source, "old", TRUE, &error);
  g_assert_no_error (error);
  grafted = qrx_model_new (flow, 0, QRX_DTYPE_F32, 1, &error);
  g_assert_no_error (error);
  found = qrx_model_evaluate (grafted, more, rows, context, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (expected); i++)
    g_assert_cmpfloat (qrx_tensor_get (found, i), ==, qrx_tensor_get (expected, i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/groups/heads/own-drug", test_each_head_fits_its_own_drug);
  NODE_TEST ("/groups/heads/no-other", test_a_row_teaches_no_other_head);
  NODE_TEST ("/groups/heads/left-out", test_heads_refuse_a_split_that_leaves_drugs_out);
  NODE_TEST ("/groups/heads/grafted", test_heads_are_grafted);
  NODE_TEST ("/groups/no-annotation", test_a_table_without_drugs_is_refused);
  NODE_TEST ("/groups/one-hot/unseen", test_an_unseen_drug_is_zero_and_told);
  NODE_TEST ("/groups/one-hot/by-lines", test_a_split_by_lines_is_not_warned_of);
  NODE_TEST ("/groups/saved", test_a_saved_model_goes_by_drug);
  NODE_TEST ("/groups/new-drug", test_a_new_drug_at_prediction);
  NODE_TEST ("/groups/centred", test_targets_are_centred_by_drug);
  NODE_TEST ("/groups/centred-classes", test_classes_are_not_centred);
  return g_test_run ();
}
