/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single layers promise beyond their examples: state over several steps, errors, controls. */
#include "layer-case.h"

#include <math.h>
#include <string.h>

static QrxRegistry *registry;

static LayerCase *
new_case (const char *type, const char *properties, const char *input, gsize output_width, QrxMode mode)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = g_strdup_printf ("{\"input\": %s}", input);
  g_autoptr (JsonObject) object = layer_case_parse (text);

  g_ptr_array_add (inputs, layer_case_read_matrix (json_object_get_member (object, "input")));
  return layer_case_new (layer_case_create (registry, type, properties), inputs, output_width, mode, QRX_DTYPE_F64);
}

static double
output_at (LayerCase *layer_case, gsize i)
{
  return qrx_tensor_get (qrx_step_get_output (layer_case->step), i);
}

static double
buffer_at (LayerCase *layer_case, const char *name, gsize i)
{
  return qrx_tensor_get (qrx_step_get_buffer (layer_case->step, name), i);
}

static void
copy_buffers (LayerCase *from, LayerCase *to)
{
  g_auto (GStrv) names = qrx_plan_dup_buffer_names (qrx_step_get_plan (from->step));

  for (gsize i = 0; names[i] != NULL; i++)
    qrx_tensor_copy_from (qrx_step_get_buffer (to->step, names[i]), qrx_step_get_buffer (from->step, names[i]));
}

static void
test_min_max_follows_extremes_and_goes_by_them_in_evaluation (void)
{
  g_autoptr (LayerCase) training = new_case ("min-max", "{\"lo\": 0, \"hi\": 1}", "[[1], [5]]", 1, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) clipped
      = new_case ("min-max", "{\"lo\": 0, \"hi\": 1}", "[[3], [100], [-9]]", 1, QRX_MODE_EVALUATE);
  g_autoptr (LayerCase) open =
    new_case ("min-max", "{\"lo\": 0, \"hi\": 1, \"clip\": false}", "[[3], [6]]", 1, QRX_MODE_EVALUATE);

  layer_case_forward (training);
  g_assert_cmpfloat (buffer_at (training, "low", 0), ==, 1); /* the first minibatch sets them */
  g_assert_cmpfloat (buffer_at (training, "high", 0), ==, 5);
  qrx_tensor_set (qrx_step_get_input (training->step, 0), 0, 2);
  layer_case_forward (training);
  g_assert_cmpfloat_with_epsilon (buffer_at (training, "low", 0), 1.1, 1e-15); /* momentum 0.1 */

  qrx_tensor_set (qrx_step_get_buffer (training->step, "low"), 0, 1);
  copy_buffers (training, clipped);
  copy_buffers (training, open);
  layer_case_forward (clipped);
  layer_case_forward (open);
  g_assert_cmpfloat (output_at (clipped, 0), ==, 0.5);
  g_assert_cmpfloat (output_at (clipped, 1), ==, 1);
  g_assert_cmpfloat (output_at (clipped, 2), ==, 0);
  g_assert_cmpfloat (output_at (open, 1), ==, 1.25);
}

static void
test_batch_norm_keeps_pytorch_running_statistics (void)
{
  g_autoptr (LayerCase) training = new_case ("batch-norm", "{}", "[[1], [3], [8]]", 1, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) evaluation = new_case ("batch-norm", "{}", "[[2]]", 1, QRX_MODE_EVALUATE);

  layer_case_forward (training);
  g_assert_cmpfloat_with_epsilon (buffer_at (training, "mean", 0), 0.4, 1e-15);      /* 0.9·0 + 0.1·4 */
  g_assert_cmpfloat_with_epsilon (buffer_at (training, "variance", 0), 2.2, 1e-15);  /* 0.9·1 + 0.1·(26/2) */
  copy_buffers (training, evaluation);
  layer_case_forward (evaluation);
  g_assert_cmpfloat_with_epsilon (output_at (evaluation, 0), 1.6 / sqrt (2.2 + 1e-5), 1e-15);
  g_assert_cmpfloat_with_epsilon (buffer_at (evaluation, "mean", 0), 0.4, 1e-15); /* evaluation learns nothing */
}

static void
test_batch_norm_of_one_row_is_an_error (void)
{
  g_autoptr (LayerCase) training = new_case ("batch-norm", "{}", "[[1]]", 1, QRX_MODE_TRAIN);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_layer_forward (training->layer, training->step, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_true (g_str_has_prefix (error->message, "batch-norm: "));
}

static void
test_dropout_drops_in_training_alone_and_keeps_the_mean (void)
{
  static const char properties[] =
    "{\"hidden\": [4000], \"width\": 1, \"batch-norm\": false, \"activation\": \"relu\", \"dropout\": 0.25}";
  g_autoptr (LayerCase) training = new_case ("mlp-encoder", properties, "[[1], [1]]", 1, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) evaluation = new_case ("mlp-encoder", properties, "[[1], [1]]", 1, QRX_MODE_EVALUATE);
  LayerCase *both[] = { training, evaluation };

  for (guint k = 0; k < 2; k++)
    {
      qrx_tensor_fill (qrx_step_get_parameter (both[k]->step, "weight0"), 1);
      qrx_tensor_fill (qrx_step_get_parameter (both[k]->step, "bias0"), 0);
      qrx_tensor_fill (qrx_step_get_parameter (both[k]->step, "weight1"), 1.0 / 4000);
      qrx_tensor_fill (qrx_step_get_parameter (both[k]->step, "bias1"), 0);
      layer_case_forward (both[k]);
    }
  g_assert_cmpfloat_with_epsilon (output_at (evaluation, 0), 1, 1e-12);
  /* The mean of 4000 units that are 0 or 4/3: its deviation is √(1/3)/√4000 = 0.009; five of them. */
  g_assert_cmpfloat_with_epsilon (output_at (training, 0), 1, 0.045);
  g_assert_cmpfloat (output_at (training, 0), !=, 1);
  g_assert_cmpfloat (output_at (training, 0), !=, output_at (training, 1)); /* each row has its own draw */

  /* The way back passes where the way forth did: the gradient by a constant input is the sum of what was kept. */
  qrx_tensor_fill (qrx_step_get_output_gradient (training->step), 1);
  layer_case_backward (training);
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (qrx_step_get_input_gradient (training->step, 0), 1),
                                  output_at (training, 1), 1e-12);
}

static void
test_a_layer_beyond_all_memory_is_an_error (void)
{
  g_autoptr (QrxLayer) layer = layer_case_create (registry, "mlp-encoder", "{\"hidden\": [1048576, 1048576]}");
  g_autoptr (QrxLayer) wide = layer_case_create (registry, "identity", "{}");
  g_autoptr (GError) error = NULL;
  gsize width = 3, huge = (gsize) 1 << 40;

  g_assert_null (qrx_step_new_for_layer (layer, NULL, 2, QRX_MODE_TRAIN, &width, 1, 8, QRX_DTYPE_F64, 0, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_assert_true (g_str_has_prefix (error->message, "mlp-encoder: "));
  g_clear_error (&error);
  g_assert_null (qrx_step_new_for_layer (wide, NULL, 2, QRX_MODE_TRAIN, &huge, 1, huge, QRX_DTYPE_F64, 0, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
}

static void
test_dense_comes_nearest_to_a_number_of_parameters (void)
{
  static const struct {
    const char *properties;
    gsize n_parameters;
  } cases[] = {
    { "{\"width\": 8, \"parameters\": 72}", 72 },   /* 8·(8 + 1), no hidden units */
    { "{\"width\": 8, \"parameters\": 100}", 93 },  /* 5 hidden units; 6 would be 110 */
    { "{\"width\": 8, \"parameters\": 105}", 110 },
    { "{\"width\": 8, \"parameters\": 1}", 25 },    /* one hidden unit is less than none */
    { "{\"width\": 8}", 72 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (LayerCase) layer_case =
        new_case ("dense", cases[k].properties, "[[1, 2, 3, 4, 5, 6, 7, 8]]", 8, QRX_MODE_TRAIN);
      g_auto (GStrv) names = qrx_plan_dup_parameter_names (qrx_step_get_plan (layer_case->step));
      gsize n = 0;

      for (gsize i = 0; names[i] != NULL; i++)
        n += qrx_tensor_get_n_elements (qrx_step_get_parameter (layer_case->step, names[i]));
      g_assert_cmpuint (n, ==, cases[k].n_parameters);
    }
}

static void
test_selected_columns_of_a_file_that_lies_are_refused (void)
{
  static const double lies[] = { -1, 3, 1e300, 0.5, NAN };

  for (guint k = 0; k < G_N_ELEMENTS (lies); k++)
    {
      g_autoptr (LayerCase) layer_case = new_case ("select-genes", "{\"n\": 2}", "[[1, 2, 3]]", 2, QRX_MODE_EVALUATE);
      g_autoptr (GError) error = NULL;

      qrx_tensor_set (qrx_step_get_buffer (layer_case->step, "columns"), 1, lies[k]);
      g_assert_false (qrx_layer_forward (layer_case->layer, layer_case->step, &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
    }
}

static void
test_selection_by_name_needs_names (void)
{
  g_autoptr (QrxLayer) layer = layer_case_create (registry, "select-genes", "{\"names\": [\"TP53\"]}");
  g_autoptr (GError) error = NULL;
  gsize width = 3;

  g_assert_null (qrx_step_new_for_layer (layer, NULL, 1, QRX_MODE_FIT, &width, 1, 1, QRX_DTYPE_F64, 0, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK);
}

static void
test_pca_of_too_few_rows_is_an_error (void)
{
  g_autoptr (LayerCase) layer_case =
    new_case ("pca", "{\"components\": 3}", "[[1, 2, 3], [4, 5, 7]]", 3, QRX_MODE_FIT);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_layer_fit (layer_case->layer, layer_case->step, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "2 training rows"));
}

static void
test_frozen_quantum_weights_get_no_gradient (void)
{
  g_autoptr (LayerCase) frozen = new_case ("quantum-layer", "{\"train\": false}", "[[1, 2]]", 2, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) learned = new_case ("quantum-layer", "{}", "[[1, 2]]", 2, QRX_MODE_TRAIN);

  g_assert_false (qrx_step_needs_parameter_gradient (frozen->step, "weights"));
  g_assert_true (qrx_step_needs_parameter_gradient (learned->step, "weights"));
  g_assert_cmpuint (qrx_tensor_get_n_elements (qrx_step_get_parameter (learned->step, "weights")), ==, 18);
  g_assert_cmpfloat (qrx_tensor_get (qrx_step_get_parameter (frozen->step, "weights"), 5), !=, 0);
}

static void
test_quantum_backends_agree (void)
{
  static const char input[] = "[[0.3, -1.2, 2.5], [3.1, 0.4, -0.2]]";
  g_autoptr (LayerCase) fast = new_case ("quantum-layer", "{\"reuploading\": true}", input, 3, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) slow =
    new_case ("quantum-layer", "{\"reuploading\": true, \"backend\": \"reference\"}", input, 3, QRX_MODE_TRAIN);

  layer_case_forward (fast);
  layer_case_forward (slow);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (output_at (fast, i), output_at (slow, i), 1e-12); /* as the golden circuits */
}

static void
test_quantum_layer_takes_a_whole_circuit (void)
{
  g_autoptr (LayerCase) layer_case = new_case (
      "quantum-layer",
      "{\"circuit\": {\"qubits\": 2, \"observables\": [\"IZ\"], \"ops\": ["
      "{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 0}]}, {\"gate\": \"cx\", \"wires\": [0, 1]}]}}",
      "[[1.0471975511965976]]", 1, QRX_MODE_TRAIN);

  layer_case_forward (layer_case);
  g_assert_cmpfloat_with_epsilon (output_at (layer_case, 0), 0.5, 1e-14);
  qrx_tensor_fill (qrx_step_get_output_gradient (layer_case->step), 1);
  layer_case_backward (layer_case); /* it has no weights */
  g_assert_cmpfloat_with_epsilon (qrx_tensor_get (qrx_step_get_input_gradient (layer_case->step, 0), 0), -sqrt (0.75),
                                  1e-14);
}

/* The mean over all directions of one row is the gradient: each of four is as likely as any other. */
static void
test_quantum_layer_perturbs_by_its_stream (void)
{
  static const char circuit[] =
      "{\"circuit\": {\"qubits\": 1, \"ops\": [{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"input\": 0}]}, "
      "{\"gate\": \"rx\", \"wires\": [0], \"params\": [{\"weight\": 0}]}], \"observables\": [\"Z\"]}, "
      "\"gradient\": \"spsa\", \"gradient-averages\": 400, \"initial-weights\": \"zeros\"}";
  g_autoptr (LayerCase) one = new_case ("quantum-layer", circuit, "[[0.5]]", 1, QRX_MODE_TRAIN);
  g_autoptr (LayerCase) same = new_case ("quantum-layer", circuit, "[[0.5]]", 1, QRX_MODE_TRAIN);
  double slopes[2];

  for (guint i = 0; i < 2; i++)
    {
      LayerCase *layer_case = i == 0 ? one : same;

      qrx_tensor_fill (qrx_step_get_output_gradient (layer_case->step), 1);
      layer_case_forward (layer_case);
      layer_case_backward (layer_case);
      slopes[i] = qrx_tensor_get (qrx_step_get_parameter_gradient (layer_case->step, "weights"), 0);
    }
  g_assert_cmpfloat (slopes[0], ==, slopes[1]);
  /* Four hundred coins that each add or take away the input's share: five deviations are a quarter of it. */
  g_assert_cmpfloat (fabs (slopes[0] + sin (0.5)), <=, sin (0.5) / 4);
  g_assert_cmpfloat (slopes[0], !=, -sin (0.5));
}

static void
test_quantum_layer_knows_the_range_of_sums (void)
{
  g_autoptr (LayerCase) layer_case =
    new_case ("quantum-layer", "{\"observables\": [\"ZI\", \"0.5 XX - 2 IZ\", \"II + YY\"]}", "[[1, 2]]", 3, QRX_MODE_TRAIN);
  g_autoptr (QrxTensor) low = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  g_autoptr (QrxTensor) high = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 3);
  static const double bounds[] = { -1, 1, -2.5, 2.5, 0, 2 };

  g_assert_true (qrx_layer_get_range (layer_case->layer, layer_case->step, low, high));
  for (gsize i = 0; i < 3; i++)
    {
      g_assert_cmpfloat (qrx_tensor_get (low, i), ==, bounds[2 * i]);
      g_assert_cmpfloat (qrx_tensor_get (high, i), ==, bounds[2 * i + 1]);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  g_test_add_func ("/layers/min-max/extremes", test_min_max_follows_extremes_and_goes_by_them_in_evaluation);
  g_test_add_func ("/layers/batch-norm/running-statistics", test_batch_norm_keeps_pytorch_running_statistics);
  g_test_add_func ("/layers/batch-norm/one-row", test_batch_norm_of_one_row_is_an_error);
  g_test_add_func ("/layers/mlp-encoder/dropout", test_dropout_drops_in_training_alone_and_keeps_the_mean);
  g_test_add_func ("/layers/memory", test_a_layer_beyond_all_memory_is_an_error);
  g_test_add_func ("/layers/dense/parameters", test_dense_comes_nearest_to_a_number_of_parameters);
  g_test_add_func ("/layers/select-genes/lying-columns", test_selected_columns_of_a_file_that_lies_are_refused);
  g_test_add_func ("/layers/select-genes/without-names", test_selection_by_name_needs_names);
  g_test_add_func ("/layers/pca/few-rows", test_pca_of_too_few_rows_is_an_error);
  g_test_add_func ("/layers/quantum-layer/frozen", test_frozen_quantum_weights_get_no_gradient);
  g_test_add_func ("/layers/quantum-layer/backends", test_quantum_backends_agree);
  g_test_add_func ("/layers/quantum-layer/circuit", test_quantum_layer_takes_a_whole_circuit);
  g_test_add_func ("/layers/quantum-layer/spsa", test_quantum_layer_perturbs_by_its_stream);
  g_test_add_func ("/layers/quantum-layer/range", test_quantum_layer_knows_the_range_of_sums);
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
