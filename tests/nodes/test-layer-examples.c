/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the example of every registered layer type and compares with the output that the type itself promises. */
#include "layer-case.h"

#include <math.h>
#include <string.h>

static QrxRegistry *registry;

static void
set_parameters (LayerCase *layer_case, JsonObject *parameters)
{
  g_autoptr (GList) names = json_object_get_members (parameters);

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autoptr (QrxTensor) value = layer_case_read_matrix (json_object_get_member (parameters, name->data));

      qrx_tensor_copy_from (qrx_step_get_parameter (layer_case->step, name->data), value);
    }
}

static void
fit (LayerCase *layer_case, JsonObject *example)
{
  g_autoptr (GError) error = NULL;

  if (json_object_has_member (example, "target"))
    {
      g_autoptr (QrxTensor) target = layer_case_read_matrix (json_object_get_member (example, "target"));

      qrx_tensor_copy_from (qrx_step_get_target (layer_case->step), target);
    }
  qrx_layer_fit (layer_case->layer, layer_case->step, &error);
  g_assert_no_error (error);
}

static LayerCase *
prepare_example (const char *type, JsonObject *example, QrxTensor *expected, QrxDtype dtype)
{
  g_autofree char *properties = json_to_string (json_object_get_member (example, "properties"), FALSE);
  g_autoptr (GPtrArray) inputs = layer_case_read_inputs (example);
  QrxLayer *layer = layer_case_create (registry, type, properties);
  gboolean training = json_object_has_member (example, "mode") &&
                      strcmp (json_object_get_string_member (example, "mode"), "train") == 0;
  QrxMode mode = training ? QRX_MODE_TRAIN : qrx_layer_has_fit (layer) ? QRX_MODE_FIT : QRX_MODE_EVALUATE;
  LayerCase *layer_case = layer_case_new (layer, inputs, qrx_tensor_get_columns (expected), mode, dtype);

  if (json_object_has_member (example, "parameters"))
    set_parameters (layer_case, json_object_get_object_member (example, "parameters"));
  if (mode == QRX_MODE_FIT)
    fit (layer_case, example);
  return layer_case;
}

static void
run_example (const char *type, JsonObject *example, QrxDtype dtype, double tolerance)
{
  JsonObject *expect = json_object_get_object_member (example, "expect");
  g_autoptr (QrxTensor) expected = layer_case_read_matrix (json_object_get_member (expect, "output"));
  g_autoptr (LayerCase) layer_case = prepare_example (type, example, expected, dtype);
  QrxTensor *output = qrx_step_get_output (layer_case->step);

  layer_case_forward (layer_case);
  g_assert_cmpuint (qrx_tensor_get_n_elements (output), ==, qrx_tensor_get_n_elements (expected));
  for (gsize i = 0; i < qrx_tensor_get_n_elements (output); i++)
    {
      double found = qrx_tensor_get (output, i), wanted = qrx_tensor_get (expected, i);

      if (!(fabs (found - wanted) <= tolerance * (1 + fabs (wanted))))
        g_error ("%s in %s: element %" G_GSIZE_FORMAT " is %.17g, expected %.17g", type, qrx_dtype_get_name (dtype), i,
                 found, wanted);
    }
}

static void
test_example_in_both_precisions (gconstpointer data)
{
  const char *type = data;
  QrxNodeClass *klass = layer_case_ref_class (registry, type);
  g_autoptr (JsonObject) example = NULL;

  g_assert_nonnull (qrx_node_class_get_example (klass));
  example = layer_case_parse (qrx_node_class_get_example (klass));
  run_example (type, example, QRX_DTYPE_F64, json_object_get_double_member (example, "tolerance"));
  run_example (type, example, QRX_DTYPE_F32, 1e-6); /* a few units in the last place of float32 */
  g_type_class_unref (klass);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;
  guint n = 0;
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  names = qrx_registry_dup_names (registry, FALSE);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/layers/%s/example", names[i]);
      QrxNodeClass *klass = layer_case_ref_class (registry, names[i]);

      if (klass == NULL)
        continue;
      g_test_add_data_func (path, names[i], test_example_in_both_precisions);
      g_type_class_unref (klass);
      n++;
    }
  g_assert_cmpuint (n, >=, 19); /* the layers of this repository's plugins; fewer means that a plugin was not loaded */
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
