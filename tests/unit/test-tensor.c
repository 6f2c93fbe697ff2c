/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-tensor.h>

static void
test_is_zeroed_aligned_and_shaped (void)
{
  g_autoptr (QrxTensor) tensor = qrx_tensor_new (QRX_DTYPE_F32, (gsize[]){ 3, 5, 2 }, 3);

  g_assert_cmpuint (qrx_tensor_get_rows (tensor), ==, 3);
  g_assert_cmpuint (qrx_tensor_get_columns (tensor), ==, 10);
  g_assert_cmpuint (qrx_tensor_get_address (tensor) % 64, ==, 0);
  for (gsize i = 0; i < 30; i++)
    g_assert_cmpfloat (qrx_tensor_get (tensor, i), ==, 0);
}

static void
test_conversion_rounds_to_the_element_type (void)
{
  g_autoptr (QrxTensor) wide = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (QrxTensor) narrow = NULL;

  qrx_tensor_set (wide, 0, 0.1);
  qrx_tensor_set (wide, 1, -3);
  narrow = qrx_tensor_dup_as (wide, QRX_DTYPE_F32);
  g_assert_cmpfloat (qrx_tensor_get (narrow, 0), ==, (double) 0.1f);
  g_assert_cmpfloat (qrx_tensor_get (narrow, 1), ==, -3);
}

static void
test_bytes_outlive_the_tensor_without_a_copy (void)
{
  QrxTensor *tensor = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 2);
  gconstpointer address = qrx_tensor_peek (tensor);
  g_autoptr (GBytes) bytes = qrx_tensor_ref_bytes (tensor);

  qrx_tensor_set (tensor, 3, 7);
  g_object_unref (tensor);
  g_assert_true (g_bytes_get_data (bytes, NULL) == address);
  g_assert_cmpfloat (((const double *) address)[3], ==, 7);
}

static void
test_bytes_of_another_size_are_refused (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("1234567", 7);
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_tensor_new_from_bytes (QRX_DTYPE_F64, (gsize[]){ 1 }, 1, bytes, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
}

static void
on_owner_gone (gpointer data, GObject *object G_GNUC_UNUSED)
{
  *(gboolean *) data = TRUE;
}

static void
test_foreign_memory_is_used_in_place_and_its_owner_kept (void)
{
  double numbers[6] = { 0, 1, 2, 3, 4, 5 };
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  gboolean gone = FALSE;
  QrxTensor *tensor = qrx_tensor_new_over (QRX_DTYPE_F64, (gsize[]){ 2, 3 }, 2, (guint64) (gsize) numbers, FALSE, owner, NULL);

  g_object_weak_ref (owner, on_owner_gone, &gone);
  g_object_unref (owner);
  g_assert_false (gone);
  g_assert_cmpfloat (qrx_tensor_get (tensor, 5), ==, 5);
  qrx_tensor_set (tensor, 0, 9);
  g_assert_cmpfloat (numbers[0], ==, 9);
  g_assert_false (qrx_tensor_is_read_only (tensor));
  g_object_unref (tensor);
  g_assert_true (gone);
}

static void
test_foreign_memory_that_cannot_be_a_tensor_is_refused (void)
{
  static const struct {
    gsize dims[5];
    guint rank;
    guint64 offset;
  } cases[] = {
    { { 1 }, 1, 4 },                         /* between two doubles */
    { { 1, 1, 1, 1, 1 }, 5, 0 },             /* too many dimensions */
    { { G_MAXSIZE / 8, 8 }, 2, 0 },          /* more bytes than there are addresses */
  };
  double numbers[2] = { 0 };
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 address = (guint64) (gsize) numbers + cases[i].offset;

      g_assert_null (qrx_tensor_new_over (QRX_DTYPE_F64, cases[i].dims, cases[i].rank, address, TRUE, owner, &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
    }
  g_assert_null (qrx_tensor_new_over (QRX_DTYPE_F64, (gsize[]){ 1 }, 1, 0, TRUE, owner, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tensor/zeroed-aligned-shaped", test_is_zeroed_aligned_and_shaped);
  g_test_add_func ("/tensor/conversion", test_conversion_rounds_to_the_element_type);
  g_test_add_func ("/tensor/bytes-outlive", test_bytes_outlive_the_tensor_without_a_copy);
  g_test_add_func ("/tensor/bytes-size", test_bytes_of_another_size_are_refused);
  g_test_add_func ("/tensor/foreign-memory", test_foreign_memory_is_used_in_place_and_its_owner_kept);
  g_test_add_func ("/tensor/foreign-memory-refused", test_foreign_memory_that_cannot_be_a_tensor_is_refused);
  return g_test_run ();
}
