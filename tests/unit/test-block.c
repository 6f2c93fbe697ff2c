/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-dense-block.h>
#include <string.h>

/* A block whose read() does what the test tells it. */
typedef enum {
  MUTE,      /* fails without an error */
  TALKATIVE, /* sets an error, and says that it succeeded */
} Behaviour;

#define TEST_TYPE_BLOCK (test_block_get_type ())
G_DECLARE_FINAL_TYPE (TestBlock, test_block, TEST, BLOCK, QrxBlock)

struct _TestBlock {
  QrxBlock parent_instance;
  Behaviour behaviour;
  guint n_reads;
};

G_DEFINE_FINAL_TYPE (TestBlock, test_block, QRX_TYPE_BLOCK)

static gboolean
test_block_read (QrxBlock *block, QrxIndex *rows G_GNUC_UNUSED, QrxTensor *out G_GNUC_UNUSED, GError **error)
{
  TestBlock *self = TEST_BLOCK (block);

  self->n_reads++;
  if (self->behaviour == MUTE)
    return FALSE;
  g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "the disk is on fire");
  return TRUE;
}

static void
test_block_class_init (TestBlockClass *klass)
{
  QRX_BLOCK_CLASS (klass)->read = test_block_read;
}

static void
test_block_init (TestBlock *self G_GNUC_UNUSED)
{
}

static const char *const columns[] = { "TP53", "KRAS", NULL };

static TestBlock *
new_test_block (Behaviour behaviour)
{
  TestBlock *block = g_object_new (TEST_TYPE_BLOCK, "name", "mutation", "columns", columns, "n-rows", (guint64) 3, NULL);

  block->behaviour = behaviour;
  return block;
}

/* Element (i, j) is 10 i + j + 0.1, which is not the same in single precision. */
static QrxBlock *
new_dense_block (QrxDtype dtype)
{
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (dtype, 3, 2);
  g_autoptr (GError) error = NULL;
  QrxBlock *block;

  for (gsize i = 0; i < 6; i++)
    qrx_tensor_set (values, i, 10.0 * (double) (i / 2) + (double) (i % 2) + 0.1);
  block = qrx_dense_block_new ("expression", columns, values, &error);
  g_assert_no_error (error);
  g_assert_true (qrx_tensor_is_read_only (values));
  return block;
}

static void
test_rows_are_gathered_in_every_pair_of_types (void)
{
  const guint numbers[] = { 2, 0, 2 };
  g_autoptr (QrxIndex) rows = qrx_index_new (numbers, 3);

  for (guint from = 0; from < 2; from++)
    for (guint to = 0; to < 2; to++)
      {
        g_autoptr (QrxBlock) block = new_dense_block ((QrxDtype) from);
        g_autoptr (QrxTensor) out = qrx_tensor_new_matrix ((QrxDtype) to, 3, 2);
        g_autoptr (GError) error = NULL;

        g_assert_true (qrx_block_read (block, rows, out, &error));
        g_assert_no_error (error);
        for (gsize i = 0; i < 6; i++)
          {
            double exact = 10.0 * numbers[i / 2] + (double) (i % 2) + 0.1;
            gboolean single = from == QRX_DTYPE_F32 || to == QRX_DTYPE_F32;

            g_assert_cmpfloat (qrx_tensor_get (out, i), ==, single ? (double) (float) exact : exact);
          }
      }
}

static void
test_a_row_that_is_not_there_is_named (void)
{
  g_autoptr (QrxBlock) block = new_dense_block (QRX_DTYPE_F64);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (2, 2);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 2);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_block_read (block, rows, out, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "\"expression\": row 3"));
}

static void
test_read_sees_only_tensors_that_fit (void)
{
  g_autoptr (TestBlock) block = new_test_block (TALKATIVE);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, 2);
  g_autoptr (QrxTensor) narrow = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
  g_autoptr (QrxTensor) flat = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 4 }, 1);
  g_autoptr (QrxTensor) read_only = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 2);
  QrxTensor *const bad[] = { narrow, flat, read_only };

  qrx_tensor_set_read_only (read_only);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_block_read (QRX_BLOCK (block), rows, bad[i], &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "\"mutation\""));
    }
  g_assert_cmpuint (block->n_reads, ==, 0);
}

static void
test_a_failure_without_an_error_becomes_one (void)
{
  g_autoptr (TestBlock) block = new_test_block (MUTE);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, 1);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_block_read (QRX_BLOCK (block), rows, out, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "\"mutation\" failed without saying why"));
}

static void
test_success_with_an_error_is_a_failure (void)
{
  g_autoptr (TestBlock) block = new_test_block (TALKATIVE);
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, 1);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 2);
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_block_read (QRX_BLOCK (block), rows, out, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
}

static void
test_bad_column_names_are_named (void)
{
  const char *const twice[] = { "TP53", "TP53", NULL }, *const empty[] = { "TP53", "", NULL };
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F32, 3, 2);
  g_autoptr (GError) repeated = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_null (qrx_dense_block_new ("expression", twice, values, &repeated));
  g_assert_error (repeated, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (repeated->message, "\"TP53\""));
  g_assert_null (qrx_dense_block_new ("expression", empty, values, &missing));
  g_assert_error (missing, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_nonnull (strstr (missing->message, "column 2"));
}

static void
test_values_of_another_width_are_refused (void)
{
  g_autoptr (QrxTensor) values = qrx_tensor_new_matrix (QRX_DTYPE_F32, 2, 3);
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_dense_block_new ("expression", columns, values, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_false (qrx_tensor_is_read_only (values));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block/gathers", test_rows_are_gathered_in_every_pair_of_types);
  g_test_add_func ("/block/row-not-there", test_a_row_that_is_not_there_is_named);
  g_test_add_func ("/block/fitting-tensors-only", test_read_sees_only_tensors_that_fit);
  g_test_add_func ("/block/mute-failure", test_a_failure_without_an_error_becomes_one);
  g_test_add_func ("/block/success-with-an-error", test_success_with_an_error_is_a_failure);
  g_test_add_func ("/block/bad-column-names", test_bad_column_names_are_named);
  g_test_add_func ("/block/another-width", test_values_of_another_width_are_refused);
  return g_test_run ();
}
