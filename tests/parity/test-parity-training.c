/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole training run against reference values: every loss, every final parameter, the running statistics and what the
 * fitted model then predicts. The run has batch norm, a trainable normalizer, a circuit and Adam, so an error in any
 * gradient shows here. */
#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx.h>

/* The reference is float64 as this is; what differs is the order of sums. */
#define TOLERANCE 1e-9
/* The last RZs see no observable, and biases stand before batch norm: their gradient is zero but for rounding, whose sign decides
 * Adam's steps of size 0.01. Six steps cannot move them further than this. */
#define LOOSE 0.061

typedef struct {
  JsonObject *golden;
  JsonParser *parser;
  QrxRegistry *registry;
  QrxTable *table;
  QrxContext *context;
} Fixture;

static void
flatten (JsonNode *node, GArray *numbers)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        flatten (json_array_get_element (array, i), numbers);
    }
  else
    g_array_append_val (numbers, (double){ json_node_get_double (node) });
}

/* Numbers of a member, whatever their nesting. */
static GArray *
numbers_of (JsonObject *object, const char *name)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));

  g_assert_true (json_object_has_member (object, name));
  flatten (json_object_get_member (object, name), numbers);
  return numbers;
}

static QrxTensor *
tensor_of (JsonObject *object, const char *name, gsize rows, gsize columns)
{
  g_autoptr (GArray) numbers = numbers_of (object, name);
  QrxTensor *tensor = qrx_tensor_new_matrix (QRX_DTYPE_F64, rows, columns);

  g_assert_cmpuint (numbers->len, ==, rows * columns);
  for (guint i = 0; i < numbers->len; i++)
    qrx_tensor_set (tensor, i, g_array_index (numbers, double, i));
  return tensor;
}

/* Parameters: their name in the reference, ours, shape, and whether their gradient is structurally zero. */
static const struct {
  const char *theirs, *ours;
  gsize rows, columns;
  gboolean loose;
} parameters[] = {
  { "W1", "encode.weight0", 8, 12, FALSE },   { "b1", "encode.bias0", 1, 8, TRUE },
  { "bn1_gain", "encode.gain0", 1, 8, FALSE }, { "bn1_shift", "encode.shift0", 1, 8, FALSE },
  { "W2", "encode.weight1", 6, 8, FALSE },    { "b2", "encode.bias1", 1, 6, TRUE },
  { "bn2_gain", "encode.gain1", 1, 6, FALSE }, { "bn2_shift", "encode.shift1", 1, 6, FALSE },
  { "W3", "encode.weight2", 4, 6, FALSE },    { "b3", "encode.bias2", 1, 4, FALSE },
  { "a", "normalize.a", 1, 1, FALSE },        { "r", "normalize.r", 1, 1, FALSE },
  { "theta", "quantum.weights", 1, 24, FALSE }, { "W4", "head.weight", 1, 4, FALSE },
  { "b4", "head.bias", 1, 1, FALSE },
};

static void
make_table (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new (), genes = g_strv_builder_new ();
  g_autoptr (QrxTensor) x = tensor_of (fixture->golden, "x", 48, 12);
  g_autoptr (QrxTensor) y = tensor_of (fixture->golden, "y", 48, 1);
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (GBytes) roles = NULL;
  g_auto (GStrv) id_list = NULL, gene_list = NULL;
  guint8 train[48];

  memset (train, QRX_ROLE_TRAIN, sizeof train);
  for (guint i = 0; i < 48; i++)
    {
      g_autofree char *id = g_strdup_printf ("row-%u", i);

      g_strv_builder_add (ids, id);
    }
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *gene = g_strdup_printf ("G%u", i);

      g_strv_builder_add (genes, gene);
    }
  id_list = g_strv_builder_end (ids);
  gene_list = g_strv_builder_end (genes);
  table = qrx_table_new ((const char *const *) id_list, &error);
  g_assert_no_error (error);
  block = qrx_dense_block_new ("expression", (const char *const *) gene_list, x, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_table_add_block (table, block, NULL, &error));
  g_assert_true (qrx_table_add_target (table, "y", "", QRX_ORIENTATION_LOW_IS_SENSITIVE, y, &error));
  roles = g_bytes_new (train, sizeof train);
  fixture->table = qrx_table_with_roles (table, roles, &error);
  g_assert_no_error (error);
  qrx_value_freeze (QRX_VALUE (fixture->table));
}

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "training.json", NULL);

  fixture->parser = json_parser_new ();
  json_parser_load_from_file (fixture->parser, path, &error);
  g_assert_no_error (error);
  fixture->golden = json_node_get_object (json_parser_get_root (fixture->parser));
  fixture->registry = qrx_registry_new ();
  qrx_registry_load_plugins (fixture->registry, NULL, &error);
  g_assert_no_error (error);
  fixture->context = qrx_context_new (1, 1, NULL, NULL);
  make_table (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_object_unref (fixture->parser);
  g_object_unref (fixture->registry);
  g_object_unref (fixture->context);
  g_object_unref (fixture->table);
}

static QrxFlow *
then (Fixture *fixture, QrxFlow *flow, const char *type, const char *id, const char *properties)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, type, id, properties, &error);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxFlow) input = flow;
  QrxFlow *result;

  g_assert_no_error (error);
  qrx_bundle_set (in, "in", QRX_VALUE (input));
  result = qrx_flow_compose (QRX_LAYER (node), in, &error);
  g_assert_no_error (error);
  return result;
}

static QrxFlow *
make_flow (Fixture *fixture)
{
  QrxFlow *flow = qrx_flow_new_source (fixture->table);

  flow = then (fixture, flow, "mlp-encoder", "encode", "{\"hidden\": [8, 6], \"width\": 4}");
  flow = then (fixture, flow, "moderated-tanh", "normalize",
               "{\"a\": {\"value\": 2.5, \"train\": \"yes\"}, \"r\": {\"value\": \"pi/2\", \"train\": \"yes\"}}");
  flow = then (fixture, flow, "quantum-layer", "quantum",
               "{\"encoding\": \"ry\", \"layout\": \"ring-entangling\", \"layers\": 2}");
  return then (fixture, flow, "linear", "head", "{\"width\": 1, \"quantity\": \"prediction\"}");
}

static char *
write_initial (Fixture *fixture)
{
  JsonObject *initial = json_object_get_object_member (fixture->golden, "initial");
  g_autoptr (QrxSafetensorsWriter) writer = qrx_safetensors_writer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("qrx-parity-XXXXXX", &error);
  char *path = g_build_filename (directory, "initial.safetensors", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autoptr (QrxTensor) value = tensor_of (initial, parameters[i].theirs, parameters[i].rows, parameters[i].columns);

      qrx_safetensors_writer_add (writer, parameters[i].ours, value);
    }
  qrx_safetensors_writer_write (writer, path, &error);
  g_assert_no_error (error);
  return path;
}

static QrxModel *
fit (Fixture *fixture, QrxHistory *history)
{
  g_autoptr (QrxFlow) flow = make_flow (fixture);
  g_autofree char *initial = write_initial (fixture);
  g_autoptr (GError) error = NULL;
  QrxFitOptions options = {
    .loss = "mse", .huber_delta = 1, .optimizer = "adam", .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999,
    .epsilon = 1e-8, .schedule = "constant", .decay = 1, .step_epochs = 1, .epochs = 1, .batch_size = 8,
    .record_steps = TRUE, .dtype = QRX_DTYPE_F64, .seed = 1, .node = "fit", .initial = initial,
  };
  QrxModel *model = qrx_fit (flow, 0, &options, NULL, history, fixture->context, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
assert_close (const char *name, double found, double expected, double tolerance)
{
  if (!(fabs (found - expected) <= tolerance))
    g_test_message ("%s: found %.17g, expected %.17g", name, found, expected);
  g_assert_true (fabs (found - expected) <= tolerance);
}

static void
test_every_loss (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autoptr (QrxModel) model = fit (fixture, history);
  g_autoptr (GArray) losses = numbers_of (fixture->golden, "losses");

  g_assert_cmpuint (losses->len, ==, 6);
  for (guint i = 0; i < losses->len; i++)
    assert_close ("loss", qrx_history_get (history, i, "step-loss"), g_array_index (losses, double, i), TOLERANCE);
}

static void
test_every_final_parameter (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autoptr (QrxModel) model = fit (fixture, history);
  JsonObject *final = json_object_get_object_member (fixture->golden, "final");

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autoptr (QrxTensor) found = qrx_model_get_parameter (model, parameters[i].ours);
      g_autoptr (GArray) expected = numbers_of (final, parameters[i].theirs);

      g_assert_nonnull (found);
      for (guint k = 0; k < expected->len; k++)
        {
          /* theta is (layer, qubit, angle); the third angle of the last layer is an RZ that no Z observable sees */
          gboolean loose = parameters[i].loose || (g_str_equal (parameters[i].theirs, "theta") && k >= 12 && k % 3 == 2);

          assert_close (parameters[i].ours, qrx_tensor_get (found, k), g_array_index (expected, double, k),
                        loose ? LOOSE : TOLERANCE);
        }
    }
}

static void
test_predictions_of_the_fitted_model (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autoptr (QrxModel) model = fit (fixture, history);
  g_autoptr (GArray) expected = numbers_of (fixture->golden, "eval_predictions_on_x0");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxTensor) values =
    qrx_predictor_predict_values (QRX_PREDICTOR (model), fixture->table, fixture->context, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (expected->len, ==, 8);
  for (guint i = 0; i < expected->len; i++)
    assert_close ("prediction", qrx_tensor_get (values, i), g_array_index (expected, double, i), TOLERANCE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/parity/training/losses", Fixture, NULL, set_up, test_every_loss, tear_down);
  g_test_add ("/parity/training/parameters", Fixture, NULL, set_up, test_every_final_parameter, tear_down);
  g_test_add ("/parity/training/predictions", Fixture, NULL, set_up, test_predictions_of_the_fitted_model, tear_down);
  return g_test_run ();
}
