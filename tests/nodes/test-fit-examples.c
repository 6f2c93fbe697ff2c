/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the example of every node type that fits, predicts, scores, reads or writes; docs/writing-nodes.md says how such an
 * example is written. */
#include "example-values.h"

#include <math.h>
#include <qrx/qrx-attributions.h>
#include <qrx/qrx-history.h>
#include <qrx/qrx-layer.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictor.h>

typedef struct {
  NodeFixture *fixture;
  const char *type;
  JsonObject *input;
  QrxTable *table; /* nullable */
  double tolerance;
} Example;

static QrxBundle *
run (NodeFixture *fixture, const char *type, const char *properties, QrxBundle *in)
{
  g_autoptr (GError) error = NULL;
  QrxBundle *out = node_fixture_run_bundle (fixture, type, properties, in, &error);

  g_assert_no_error (error);
  return out;
}

/* One node on one value, as {"type", "properties"} say; its output of a port. */
static QrxValue *
run_described (Example *example, JsonObject *described, QrxValue *value, const char *port)
{
  g_autofree char *properties = example_dup_properties (described);
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxBundle) out = NULL;

  qrx_bundle_set (in, "in", value);
  out = run (example->fixture, json_object_get_string_member (described, "type"), properties, in);
  g_assert_nonnull (qrx_bundle_get (out, port));
  return g_object_ref (qrx_bundle_get (out, port));
}

/* The table, pushed through the example's "layers". */
static QrxValue *
make_flow (Example *example)
{
  JsonArray *layers = json_object_has_member (example->input, "layers")
                          ? json_object_get_array_member (example->input, "layers") : NULL;
  QrxValue *flow = g_object_ref (QRX_VALUE (example->table));

  for (guint i = 0; layers != NULL && i < json_array_get_length (layers); i++)
    {
      g_autoptr (QrxValue) before = flow;

      flow = run_described (example, json_array_get_object_element (layers, i), before, "out");
    }
  return flow;
}

static QrxValue *
make_predictions (Example *example)
{
  JsonArray *array = json_object_get_array_member (example->input, "predictions");
  const gsize n = json_array_get_length (array);
  g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  g_autoptr (GError) error = NULL;
  QrxPredictions *predictions;

  for (guint i = 0; i < n; i++)
    qrx_tensor_set (values, i, example_get_number (array, i));
  predictions = qrx_predictions_new (example->table, 0, values, "fit", NAN, &error);
  g_assert_no_error (error);
  return QRX_VALUE (predictions);
}

static QrxValue *
make_metrics (Example *example)
{
  JsonObject *roles = json_object_get_object_member (example->input, "metrics");
  g_autoptr (GList) names = json_object_get_members (roles);
  QrxMetrics *metrics = qrx_metrics_new ();

  qrx_metrics_set_producer (metrics, "evaluate");
  for (GList *role = names; role != NULL; role = role->next)
    {
      JsonObject *scores = json_object_get_object_member (roles, role->data);
      g_autoptr (GList) score_names = json_object_get_members (scores);

      for (GList *score = score_names; score != NULL; score = score->next)
        qrx_metrics_set_number (metrics, role->data, score->data, json_object_get_double_member (scores, score->data));
    }
  return QRX_VALUE (metrics);
}

static QrxValue *
make_history (Example *example)
{
  JsonObject *columns = json_object_get_object_member (example->input, "history");
  g_autoptr (GList) names = json_object_get_members (columns);
  QrxHistory *history = qrx_history_new ();

  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonArray *values = json_object_get_array_member (columns, name->data);

      for (guint epoch = 0; epoch < json_array_get_length (values); epoch++)
        qrx_history_set (history, epoch, name->data, json_array_get_double_element (values, epoch));
    }
  return QRX_VALUE (history);
}

/* Genes in their order, with numbers each. */
static QrxValue *
make_attributions (Example *example)
{
  static const char *const columns[] = { "mean_abs", "mean", NULL };
  JsonObject *object = json_object_get_object_member (example->input, "attributions");
  g_autoptr (GList) names = json_object_get_members (object);
  g_autoptr (GPtrArray) genes = g_ptr_array_new ();
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F64, json_object_get_size (object), 2);
  g_autoptr (GError) error = NULL;
  QrxAttributions *attributions;

  for (GList *name = names; name != NULL; name = name->next)
    {
      for (guint k = 0; k < 2; k++)
        qrx_tensor_set (values, genes->len * 2 + k,
                        example_get_number (json_object_get_array_member (object, name->data), k));
      g_ptr_array_add (genes, name->data);
    }
  g_ptr_array_add (genes, NULL);
  attributions = qrx_attributions_new ("a-method", (const char *const *) genes->pdata, columns, values, &error);
  g_assert_no_error (error);
  return QRX_VALUE (attributions);
}

/* The value for a port of a kind, NULL if the example has none. */
static QrxValue *
make_value (Example *example, const char *kind)
{
  if ((g_str_equal (kind, "table") || g_str_equal (kind, "flow")) && example->table != NULL)
    return make_flow (example);
  if (example->input == NULL || !json_object_has_member (example->input, kind))
    return NULL;
  if (g_str_equal (kind, "predictions"))
    return make_predictions (example);
  if (g_str_equal (kind, "metrics"))
    return make_metrics (example);
  if (g_str_equal (kind, "history"))
    return make_history (example);
  if (g_str_equal (kind, "attributions"))
    return make_attributions (example);
  if (g_str_equal (kind, "model"))
    return run_described (example, json_object_get_object_member (example->input, "model"), QRX_VALUE (example->table), "model");
  g_error ("the example of %s has a %s, which examples cannot write", example->type, kind);
}

static QrxBundle *
make_inputs (Example *example, QrxNodeClass *klass)
{
  QrxBundle *in = qrx_bundle_new ();

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      g_autoptr (QrxValue) value = NULL;

      if (qrx_port_is_output (port))
        continue;
      value = make_value (example, qrx_port_spec_get_kind (qrx_port_get_spec (port)));
      if (value != NULL)
        qrx_bundle_append (in, qrx_port_get_name (port), value);
    }
  return in;
}

/* The model files that the example needs are those of other nodes, fitted on its table. */
static void
write_models (Example *example)
{
  JsonObject *models = json_object_get_object_member (example->input, "models");
  g_autoptr (GList) names = json_object_get_members (models);

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autoptr (QrxValue) model = run_described (example, json_object_get_object_member (models, name->data),
                                                  QRX_VALUE (example->table), "model");
      g_autofree char *path = g_build_filename (example->fixture->directory, (const char *) name->data, NULL);
      g_autoptr (GError) error = NULL;

      qrx_predictor_save (QRX_PREDICTOR (model), path, &error);
      g_assert_no_error (error);
    }
}

static void
check_number (Example *example, const char *what, double found, double expected)
{
  if (!(fabs (found - expected) <= example->tolerance * (1 + fabs (expected))))
    g_error ("%s: %s is %.17g, expected %.17g", example->type, what, found, expected);
}

static void
check_predictions (Example *example, QrxPredictions *predictions, JsonArray *expect)
{
  QrxTensor *values = qrx_predictions_get_values (predictions);

  g_assert_cmpuint (qrx_tensor_get_n_elements (values), ==, json_array_get_length (expect));
  for (guint i = 0; i < json_array_get_length (expect); i++)
    check_number (example, "a prediction", qrx_tensor_get (values, i), example_get_number (expect, i));
}

static void
check_metrics (Example *example, QrxMetrics *metrics, JsonObject *expect)
{
  g_autoptr (GList) roles = json_object_get_members (expect);

  for (GList *role = roles; role != NULL; role = role->next)
    {
      JsonObject *scores = json_object_get_object_member (expect, role->data);
      g_autoptr (GList) names = json_object_get_members (scores);

      for (GList *name = names; name != NULL; name = name->next)
        {
          double value = NAN;

          qrx_metrics_get_number (metrics, role->data, name->data, &value);
          check_number (example, name->data, value, json_object_get_double_member (scores, name->data));
        }
    }
}

/* A text is the file's; null only wants that there is one. */
static void
check_files (Example *example, JsonObject *expect)
{
  g_autoptr (GList) names = json_object_get_members (expect);

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *path = g_build_filename (example->fixture->directory, (const char *) name->data, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_file_get_contents (path, &text, NULL, &error);
      g_assert_no_error (error);
      if (!json_object_get_null_member (expect, name->data))
        g_assert_cmpstr (text, ==, json_object_get_string_member (expect, name->data));
    }
}

static QrxValue *
find_output (Example *example, QrxBundle *out, QrxNodeClass *klass, const char *kind)
{
  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);

      if (qrx_port_is_output (port) && g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), kind))
        return qrx_bundle_get (out, qrx_port_get_name (port));
    }
  g_error ("the example of %s expects %s, which it does not put out", example->type, kind);
}

/* Every key is known and holds. */
static void
check_outputs (Example *example, QrxBundle *out, QrxNodeClass *klass, JsonObject *expect)
{
  g_autoptr (GList) keys = json_object_get_members (expect);

  g_assert_nonnull (keys);
  for (GList *member = keys; member != NULL; member = member->next)
    {
      const char *key = member->data;
      QrxValue *value = g_str_equal (key, "files") ? NULL : find_output (example, out, klass, key);

      if (g_str_equal (key, "files"))
        check_files (example, json_object_get_object_member (expect, key));
      else if (g_str_equal (key, "predictions"))
        check_predictions (example, QRX_PREDICTIONS (value), json_object_get_array_member (expect, key));
      else if (g_str_equal (key, "metrics"))
        check_metrics (example, QRX_METRICS (value), json_object_get_object_member (expect, key));
      else
        {
          g_autofree char *description = qrx_value_describe (value);

          g_assert_cmpstr (description, ==, json_object_get_string_member (expect, key));
        }
    }
}

static void
run_example (NodeFixture *fixture, const char *type, QrxNodeClass *klass)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *properties = NULL;
  g_autoptr (QrxTable) table = NULL;
  g_autoptr (QrxBundle) in = NULL, out = NULL;
  Example example = { .fixture = fixture, .type = type };
  JsonObject *object;

  if (qrx_node_class_get_example (klass) == NULL)
    g_error ("%s has no example", type);
  object = example_parse (qrx_node_class_get_example (klass), parser);
  properties = example_dup_properties (object);
  example.tolerance = json_object_get_double_member_with_default (object, "tolerance", 0);
  if (json_object_has_member (object, "input"))
    example.input = json_object_get_object_member (object, "input");
  if (example.input != NULL && json_object_has_member (example.input, "table"))
    example.table = table = example_read_table (json_object_get_object_member (example.input, "table"));
  if (example.input != NULL && json_object_has_member (example.input, "models"))
    write_models (&example);
  in = make_inputs (&example, klass);
  out = run (fixture, type, properties, in);
  check_outputs (&example, out, klass, json_object_get_object_member (object, "expect"));
}

/* Tables, layers and monitors have tests of their own. */
static gboolean
is_ours (GType type, QrxNodeClass *klass)
{
  QrxPort *port = qrx_node_class_find_port (klass, NULL, TRUE);
  const char *kind = port != NULL ? qrx_port_spec_get_kind (qrx_port_get_spec (port)) : "";

  return !g_type_is_a (type, QRX_TYPE_LAYER) && !g_str_equal (kind, "table") && !g_str_equal (kind, "monitor");
}

static void
test_every_example_holds (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GStrv) names = qrx_registry_dup_names (fixture->registry, FALSE);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      GType type = qrx_registry_lookup (fixture->registry, names[i], NULL);
      g_autoptr (GTypeClass) klass = g_type_class_ref (type);

      if (!is_ours (type, QRX_NODE_CLASS (klass)))
        continue;
      g_test_message ("%s", names[i]);
      run_example (fixture, names[i], QRX_NODE_CLASS (klass));
      n++;
    }
  g_assert_cmpuint (n, >=, 11); /* two baselines, the evaluator, four writers, and four that train or take models */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/fit-examples/every-example-holds", test_every_example_holds);
  return g_test_run ();
}
