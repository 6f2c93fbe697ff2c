/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares backward() of every registered layer type, and of variants that examples do not reach, with differences of
 * forward() in float64: by inputs, parameters and scalars, in training and in evaluation. */
#include "layer-case.h"

#include <math.h>
#include <string.h>

/* Central differences of fourth order: their error is of the order of STEP⁴ times a fifth derivative, here below 1e-9,
 * and rounding adds about 1e-16 / STEP. Batch norm of five rows has the sharpest bends. */
#define STEP 2e-4
#define TOLERANCE 1e-8

#define N_ROWS 5

typedef struct {
  char *type;
  char *properties;
  guint n_inputs;
  gsize widths[3];
  gsize output_width;
} Subject;

static QrxRegistry *registry;

static void
subject_free (Subject *self)
{
  g_free (self->type);
  g_free (self->properties);
  g_free (self);
}

/* A fixed cotangent without symmetries; the loss is its product with the output. */
static double
cotangent (gsize i)
{
  return cos (0.53 * (double) i + 0.7);
}

static double
take_loss (LayerCase *layer_case)
{
  QrxTensor *output = qrx_step_get_output (layer_case->step);
  double loss = 0;

  layer_case_forward (layer_case);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (output); i++)
    loss += cotangent (i) * qrx_tensor_get (output, i);
  return loss;
}

static double
loss_at (LayerCase *layer_case, QrxTensor *tensor, gsize i, double value)
{
  double before = qrx_tensor_get (tensor, i), loss;

  qrx_tensor_set (tensor, i, value);
  loss = take_loss (layer_case);
  qrx_tensor_set (tensor, i, before);
  return loss;
}

static double
difference (LayerCase *layer_case, QrxTensor *tensor, gsize i)
{
  double x = qrx_tensor_get (tensor, i);
  double near = loss_at (layer_case, tensor, i, x + STEP) - loss_at (layer_case, tensor, i, x - STEP);
  double far = loss_at (layer_case, tensor, i, x + 2 * STEP) - loss_at (layer_case, tensor, i, x - 2 * STEP);

  return (8 * near - far) / (12 * STEP);
}

static void
compare (LayerCase *layer_case, const Subject *subject, const char *what, QrxTensor *tensor, QrxTensor *gradient)
{
  for (gsize i = 0; i < qrx_tensor_get_n_elements (tensor); i++)
    {
      double found = qrx_tensor_get (gradient, i), wanted = difference (layer_case, tensor, i);

      if (!(fabs (found - wanted) <= TOLERANCE * (1 + fabs (wanted))))
        g_error ("%s %s: gradient by %s, element %" G_GSIZE_FORMAT " is %.12g, differences give %.12g", subject->type,
                 subject->properties, what, i, found, wanted);
    }
}

static GPtrArray *
draw_inputs (const Subject *subject)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func (g_object_unref);
  QrxRandom random;

  qrx_random_init (&random, 3, subject->type, "gradient-test", 0);
  for (guint i = 0; i < subject->n_inputs; i++)
    {
      g_ptr_array_add (inputs, qrx_tensor_new_matrix (QRX_DTYPE_F64, N_ROWS, subject->widths[i]));
      qrx_random_fill_normal (&random, inputs->pdata[i], 0.2, 1.5);
    }
  return inputs;
}

static void
check_in_mode (const Subject *subject, QrxMode mode)
{
  QrxLayer *layer = layer_case_create (registry, subject->type, subject->properties);
  g_autoptr (GPtrArray) inputs = draw_inputs (subject);
  g_autoptr (LayerCase) layer_case = layer_case_new (layer, inputs, subject->output_width, mode, QRX_DTYPE_F64);
  g_auto (GStrv) names = qrx_plan_dup_parameter_names (qrx_step_get_plan (layer_case->step));
  QrxTensor *gradient = qrx_step_get_output_gradient (layer_case->step);
  g_autoptr (GError) error = NULL;

  if (mode == QRX_MODE_FIT)
    {
      for (gsize i = 0; i < N_ROWS; i++)
        qrx_tensor_set (qrx_step_get_target (layer_case->step), i, cotangent (3 * i));
      qrx_layer_fit (layer, layer_case->step, &error);
      g_assert_no_error (error);
    }
  take_loss (layer_case);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (gradient); i++)
    qrx_tensor_set (gradient, i, cotangent (i));
  layer_case_backward (layer_case);
  for (guint i = 0; i < subject->n_inputs; i++)
    compare (layer_case, subject, "input", qrx_step_get_input (layer_case->step, i),
             qrx_step_get_input_gradient (layer_case->step, i));
  for (gsize i = 0; names[i] != NULL; i++)
    if (qrx_step_needs_parameter_gradient (layer_case->step, names[i]))
      compare (layer_case, subject, names[i], qrx_step_get_parameter (layer_case->step, names[i]),
               qrx_step_get_parameter_gradient (layer_case->step, names[i]));
}

static void
test_gradients_agree_with_differences (gconstpointer data)
{
  const Subject *subject = data;
  g_autoptr (QrxLayer) layer = layer_case_create (registry, subject->type, subject->properties);

  if (qrx_layer_has_fit (layer))
    {
      check_in_mode (subject, QRX_MODE_FIT);
      return;
    }
  check_in_mode (subject, QRX_MODE_TRAIN);
  check_in_mode (subject, QRX_MODE_EVALUATE);
}

static void
add_subject (Subject *subject)
{
  static guint n = 0;
  g_autofree char *path = g_strdup_printf ("/layers/%s/gradient/%u", subject->type, n++);

  g_test_add_data_func_full (path, subject, test_gradients_agree_with_differences, (GDestroyNotify) subject_free);
}

/* The properties of an example, with every scalar learned for each column. */
static char *
dup_properties_learned (const char *type, JsonObject *properties)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (QrxLayer) layer = NULL;
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  json_node_set_object (node, properties);
  text = json_to_string (node, FALSE);
  layer = layer_case_create (registry, type, text);
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (layer), &n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QrxScalar) scalar = NULL;
      JsonObject *learned;

      if (pspecs[i]->value_type != QRX_TYPE_SCALAR)
        continue;
      g_object_get (layer, pspecs[i]->name, &scalar, NULL);
      learned = json_object_new ();
      json_object_set_double_member (learned, "value", qrx_scalar_get_value (scalar));
      json_object_set_string_member (learned, "train", "per-qubit");
      json_object_set_object_member (properties, pspecs[i]->name, learned);
    }
  return json_to_string (node, FALSE);
}

/* Widths and properties as in the type's example. */
static void
add_type (const char *type, QrxNodeClass *klass)
{
  g_autoptr (JsonObject) example = layer_case_parse (qrx_node_class_get_example (klass));
  g_autoptr (GPtrArray) inputs = layer_case_read_inputs (example);
  JsonObject *expect = json_object_get_object_member (example, "expect");
  g_autoptr (QrxTensor) output = layer_case_read_matrix (json_object_get_member (expect, "output"));
  Subject *subject = g_new0 (Subject, 1);

  g_assert_cmpuint (inputs->len, <=, G_N_ELEMENTS (subject->widths));
  subject->type = g_strdup (type);
  subject->properties = dup_properties_learned (type, json_object_get_object_member (example, "properties"));
  subject->n_inputs = inputs->len;
  for (guint i = 0; i < inputs->len; i++)
    subject->widths[i] = qrx_tensor_get_columns (inputs->pdata[i]);
  subject->output_width = qrx_tensor_get_columns (output);
  add_subject (subject);
}

static void
add_variants (void)
{
  static const struct {
    const char *type;
    const char *properties;
    gsize width;
    gsize output_width;
  } variants[] = {
    { "batch-norm", "{\"affine\": false}", 3, 3 },
    { "layer-norm", "{\"affine\": false}", 3, 3 },
    { "min-max", "{\"clip\": false}", 3, 3 },
    { "hard-clip",
      "{\"c\": {\"value\": -0.7, \"train\": \"per-qubit\"}, \"r\": {\"value\": 0.9, \"train\": \"per-qubit\"}}", 3, 3 },
    { "mlp-encoder", "{\"hidden\": [5, 3], \"width\": 2}", 4, 2 },
    { "mlp-encoder", "{\"hidden\": [5, 3], \"width\": 2, \"batch-norm\": false}", 4, 2 },
    { "mlp-encoder", "{\"hidden\": [5], \"width\": 2, \"activation\": \"relu\"}", 4, 2 },
    { "mlp-encoder", "{\"hidden\": [], \"width\": 2}", 4, 2 },
    { "linear", "{\"bias\": false, \"width\": 3}", 4, 3 },
    { "dense", "{\"width\": 3}", 4, 3 },
    { "dense", "{\"width\": 3, \"parameters\": 40, \"activation\": \"none\"}", 4, 3 },
    { "dense", "{\"width\": 2, \"parameters\": 40, \"activation\": \"silu\"}", 3, 2 },
    { "pca", "{\"components\": 2, \"whiten\": false}", 3, 2 },
    { "select-genes", "{\"n\": 2, \"by\": \"variance\"}", 4, 2 },
    { "quantum-layer", "{}", 3, 3 },
    { "quantum-layer",
      "{\"encoding\": \"rx\", \"layout\": \"hardware-efficient\", \"layers\": 2, \"reuploading\": true}", 3, 3 },
    { "quantum-layer", "{\"encoding\": \"rz\", \"layout\": \"basic-entangler\", \"observables\": [\"XZI\", \"IYY\"]}",
      3, 2 },
    { "quantum-layer", "{\"layout\": \"ring-entangling\", \"backend\": \"reference\", \"initial-weights\": \"normal\"}",
      2, 2 },
    { "quantum-layer", "{\"train\": false}", 2, 2 },
    { "quantum-layer", "{\"layout\": \"sim-14\", \"layers\": 1, \"gradient\": \"parameter-shift\"}", 3, 3 },
    { "quantum-layer",
      "{\"layers\": 1, \"gradient\": \"finite-difference\", \"gradient-step\": 1e-4, "
      "\"observables\": [\"0.5 XX - ZI\", \"IY\"]}", 2, 2 },
    { "quantum-layer", "{\"encoding\": \"zz\", \"layout\": \"sim-14\", \"layers\": 1}", 3, 2 },
    { "quantum-layer", "{\"encoding\": \"ry-rz\", \"entanglement\": \"all\", \"layers\": 1}", 6, 3 },
    { "quantum-layer", "{\"encoding\": \"amplitude\", \"layout\": \"tree\", \"mirrored\": true, \"layers\": 2}", 7, 3 },
    { "pair-products", "{}", 1, 1 },
    { "fourier-surrogate", "{\"width\": 2, \"degree\": 3, \"pair-degree\": 2}", 3, 2 },
    { "fourier-surrogate", "{\"width\": 3}", 4, 3 },
    { "min-max", "{\"lo\": {\"value\": -1, \"train\": \"per-qubit\"}, \"hi\": {\"value\": 2, \"train\": \"per-qubit\"}}", 3, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      Subject *subject = g_new0 (Subject, 1);

      subject->type = g_strdup (variants[i].type);
      subject->properties = g_strdup (variants[i].properties);
      subject->n_inputs = 1;
      subject->widths[0] = variants[i].width;
      subject->output_width = variants[i].output_width;
      add_subject (subject);
    }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  names = qrx_registry_dup_names (registry, FALSE);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      QrxNodeClass *klass = layer_case_ref_class (registry, names[i]);

      if (klass == NULL)
        continue;
      add_type (names[i], klass);
      g_type_class_unref (klass);
    }
  add_variants ();
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
