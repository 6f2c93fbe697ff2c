/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In evaluation a row's output must not depend on its neighbours: of every registered layer type the same rows, fewer
 * and in another order, give the same bits. */
#include "layer-case.h"

#include <math.h>

#define N_ROWS 37

static QrxRegistry *registry;

static QrxTensor *
pick_rows (QrxTensor *from, const gsize *rows, gsize n_rows)
{
  gsize width = qrx_tensor_get_columns (from);
  QrxTensor *picked = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, width);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize c = 0; c < width; c++)
      qrx_tensor_set (picked, i * width + c, qrx_tensor_get (from, rows[i] * width + c));
  return picked;
}

static LayerCase *
evaluate (const char *type, JsonObject *example, GPtrArray *inputs, gsize output_width, QrxDtype dtype)
{
  g_autofree char *properties = json_to_string (json_object_get_member (example, "properties"), FALSE);
  LayerCase *layer_case =
    layer_case_new (layer_case_create (registry, type, properties), inputs, output_width, QRX_MODE_EVALUATE, dtype);

  layer_case_forward (layer_case);
  return layer_case;
}

static void
check_rows (const char *type, JsonObject *example, QrxDtype dtype)
{
  static const gsize rows[] = { 36, 3, 0, 17, 16, 8, 7, 31, 32, 1, 2 };
  g_autoptr (GPtrArray) shapes = layer_case_read_inputs (example);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) some = g_ptr_array_new_with_free_func (g_object_unref);
  JsonObject *expect = json_object_get_object_member (example, "expect");
  g_autoptr (QrxTensor) shape = layer_case_read_matrix (json_object_get_member (expect, "output"));
  gsize width = qrx_tensor_get_columns (shape);
  g_autoptr (LayerCase) whole = NULL;
  g_autoptr (LayerCase) part = NULL;
  QrxRandom random;

  qrx_random_init (&random, 5, type, "rows-test", 0);
  for (guint i = 0; i < shapes->len; i++)
    {
      g_ptr_array_add (all, qrx_tensor_new_matrix (QRX_DTYPE_F64, N_ROWS, qrx_tensor_get_columns (shapes->pdata[i])));
      qrx_random_fill_normal (&random, all->pdata[i], 0, 2);
      g_ptr_array_add (some, pick_rows (all->pdata[i], rows, G_N_ELEMENTS (rows)));
    }
  whole = evaluate (type, example, all, width, dtype);
  part = evaluate (type, example, some, width, dtype);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize c = 0; c < width; c++)
      g_assert_cmpfloat (qrx_tensor_get (qrx_step_get_output (part->step), i * width + c), ==,
                         qrx_tensor_get (qrx_step_get_output (whole->step), rows[i] * width + c));
}

static void
test_rows_do_not_see_their_neighbours (gconstpointer data)
{
  const char *type = data;
  QrxNodeClass *klass = layer_case_ref_class (registry, type);
  g_autoptr (JsonObject) example = layer_case_parse (qrx_node_class_get_example (klass));

  check_rows (type, example, QRX_DTYPE_F64);
  check_rows (type, example, QRX_DTYPE_F32);
  g_type_class_unref (klass);
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
      g_autofree char *path = g_strdup_printf ("/layers/%s/rows", names[i]);
      QrxNodeClass *klass = layer_case_ref_class (registry, names[i]);

      if (klass == NULL)
        continue;
      g_test_add_data_func (path, names[i], test_rows_do_not_see_their_neighbours);
      g_type_class_unref (klass);
    }
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
