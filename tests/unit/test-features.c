/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Features that are not finite are refused where a table takes them in. */
#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-table.h>
#include <string.h>

#define N_LINES 30000
#define N_GENES 3

static QrxBlock *
make_block (QrxDtype dtype, gsize line, gsize gene, double value)
{
  const char *const genes[] = { "TP53", "EGFR", "KRAS", NULL };
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (dtype, N_LINES, N_GENES);
  g_autoptr (GError) error = NULL;
  QrxBlock *block;

  qrx_tensor_fill (values, 1);
  qrx_tensor_set (values, line * N_GENES + gene, value);
  block = qrx_dense_block_new ("expression", genes, values, &error);
  g_assert_no_error (error);
  return block;
}

/* Three rows of two lines: the last of the block, which is in its second batch, and the first. */
static gboolean
add (QrxBlock *block, GError **error)
{
  const char *const ids[] = { "a", "b", "c", NULL };
  const guint lines[] = { N_LINES - 1, 0, N_LINES - 1 };
  g_autoptr (QrxIndex) rows = qrx_index_new (lines, 3);
  g_autoptr (QrxTable) table = qrx_table_new (ids, NULL);

  return qrx_table_add_block (table, block, rows, error);
}

static void
test_a_value_that_is_not_finite_is_named (void)
{
  const double values[] = { NAN, INFINITY, -INFINITY };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint wide = 0; wide < 2; wide++)
      {
        g_autoptr (QrxBlock) block = make_block (wide ? QRX_DTYPE_F64 : QRX_DTYPE_F32, N_LINES - 1, 1, values[i]);
        g_autoptr (GError) error = NULL;

        g_assert_false (add (block, &error));
        g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
        g_assert_nonnull (strstr (error->message, "column \"EGFR\" of row \"a\" is"));
        g_assert_nonnull (strstr (error->message, isnan (values[i]) ? "missing" : "infinite"));
      }
}

/* Blocks are shared by tables of which some leave rows out. */
static void
test_rows_that_no_row_of_the_table_points_to_may_lack_values (void)
{
  g_autoptr (QrxBlock) block = make_block (QRX_DTYPE_F64, 5, 0, NAN);
  g_autoptr (GError) error = NULL;

  g_assert_true (add (block, &error));
  g_assert_no_error (error);
}

static void
test_every_row_without_an_index_is_looked_through (void)
{
  for (gsize line = 0; line < N_LINES; line += 3701)
    {
      g_autoptr (QrxBlock) block = make_block (QRX_DTYPE_F32, line, 2, NAN);
      g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
      g_autofree char *expected = g_strdup_printf ("column \"KRAS\" of row \"line %" G_GSIZE_FORMAT "\"", line);
      g_autoptr (QrxTable) table = NULL;
      g_autoptr (GError) error = NULL;

      for (gsize i = 0; i < N_LINES; i++)
        g_ptr_array_add (ids, g_strdup_printf ("line %" G_GSIZE_FORMAT, i));
      g_ptr_array_add (ids, NULL);
      table = qrx_table_new ((const char *const *) ids->pdata, NULL);
      g_assert_false (qrx_table_add_block (table, block, NULL, &error));
      g_assert_nonnull (strstr (error->message, expected));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/features/not-finite", test_a_value_that_is_not_finite_is_named);
  g_test_add_func ("/features/unused", test_rows_that_no_row_of_the_table_points_to_may_lack_values);
  g_test_add_func ("/features/all", test_every_row_without_an_index_is_looked_through);
  return g_test_run ();
}
