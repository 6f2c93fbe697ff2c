/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The normalizers against values that another program computed: outputs, slopes, and the gradient of the softmax. */
#include "layer-case.h"

#include <math.h>

/* Values reach 2π and were computed in double precision by other formulas: a few units in the last place. */
#define TOLERANCE 1e-13

static QrxRegistry *registry;
static JsonObject *golden;

static void
assert_near (const char *what, gsize i, double found, double wanted)
{
  if (!(fabs (found - wanted) <= TOLERANCE))
    g_error ("%s: element %" G_GSIZE_FORMAT " is %.17g, expected %.17g", what, i, found, wanted);
}

/* "moderated-tanh(a=20,r=pi/2)" → the type, and {"a": "20", "r": "pi/2"}: numbers may be expressions in strings. */
static QrxLayer *
create_case (const char *name)
{
  g_auto (GStrv) parts = g_strsplit_set (name, "(,)", -1);
  g_autoptr (GString) properties = g_string_new ("{");

  for (gsize i = 1; parts[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (parts[i], "=", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        g_string_append_printf (properties, "%s\"%s\": \"%s\"", properties->len > 1 ? ", " : "", pair[0], pair[1]);
    }
  g_string_append_c (properties, '}');
  return layer_case_create (registry, parts[0], properties->str);
}

static void
test_pointwise_values_and_slopes (gconstpointer data)
{
  const char *name = data;
  JsonObject *expect = json_object_get_object_member (json_object_get_object_member (golden, "pointwise"), name);
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxTensor) y = layer_case_read_matrix (json_object_get_member (expect, "y"));
  g_autoptr (QrxTensor) dy = layer_case_read_matrix (json_object_get_member (expect, "dy"));
  g_autoptr (LayerCase) layer_case = NULL;

  g_ptr_array_add (inputs, layer_case_read_matrix (json_object_get_member (golden, "x")));
  layer_case = layer_case_new (create_case (name), inputs, 1, QRX_MODE_TRAIN, QRX_DTYPE_F64);
  layer_case_forward (layer_case);
  qrx_tensor_fill (qrx_step_get_output_gradient (layer_case->step), 1);
  layer_case_backward (layer_case);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (y); i++)
    {
      assert_near (name, i, qrx_tensor_get (qrx_step_get_output (layer_case->step), i), qrx_tensor_get (y, i));
      assert_near (name, i, qrx_tensor_get (qrx_step_get_input_gradient (layer_case->step, 0), i),
                   qrx_tensor_get (dy, i));
    }
}

static void
test_softmax_and_its_gradient (void)
{
  JsonObject *expect = json_object_get_object_member (golden, "softmax-pi");
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxTensor) y = layer_case_read_matrix (json_object_get_member (expect, "y"));
  g_autoptr (QrxTensor) cotangent = layer_case_read_matrix (json_object_get_member (expect, "cotangent"));
  g_autoptr (QrxTensor) gradient = layer_case_read_matrix (json_object_get_member (expect, "grad_x"));
  g_autoptr (LayerCase) layer_case = NULL;

  g_ptr_array_add (inputs, layer_case_read_matrix (json_object_get_member (expect, "x")));
  layer_case = layer_case_new (create_case ("softmax-pi"), inputs, qrx_tensor_get_columns (y), QRX_MODE_TRAIN,
                               QRX_DTYPE_F64);
  layer_case_forward (layer_case);
  qrx_tensor_copy_from (qrx_step_get_output_gradient (layer_case->step), cotangent);
  layer_case_backward (layer_case);
  for (gsize i = 0; i < qrx_tensor_get_n_elements (y); i++)
    {
      assert_near ("softmax-pi", i, qrx_tensor_get (qrx_step_get_output (layer_case->step), i), qrx_tensor_get (y, i));
      assert_near ("softmax-pi gradient", i, qrx_tensor_get (qrx_step_get_input_gradient (layer_case->step, 0), i),
                   qrx_tensor_get (gradient, i));
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GList) names = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "normalizers.json", NULL);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  golden = layer_case_parse (text);
  registry = layer_case_load_registry ();
  names = json_object_get_members (json_object_get_object_member (golden, "pointwise"));
  g_assert_cmpuint (g_list_length (names), ==, 12);
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *test = g_strdup_printf ("/parity/normalizers/%s", (const char *) name->data);

      g_test_add_data_func (test, name->data, test_pointwise_values_and_slopes);
    }
  g_test_add_func ("/parity/normalizers/softmax-pi", test_softmax_and_its_gradient);
  status = g_test_run ();
  json_object_unref (golden);
  g_object_unref (registry);
  return status;
}
