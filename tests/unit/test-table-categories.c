/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-table.h>

/* "y" is of a test row alone, and "" is unknown. */
static void
test_categories_are_those_of_training_rows (void)
{
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", NULL };
  static const char *const drugs[] = { "z", "y", "x", "z", "", "Z", NULL };
  static const char *const nothing[] = { "", "1", "", "", "", "", NULL };
  const guint8 roles[] = { QRX_ROLE_TRAIN, QRX_ROLE_TEST,  QRX_ROLE_TRAIN,
                           QRX_ROLE_TRAIN, QRX_ROLE_TRAIN, QRX_ROLE_TRAIN };
  g_autoptr (GError) error = NULL, column = NULL, empty = NULL;
  g_autoptr (QrxTable) table = qrx_table_new (names, &error), parted = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (roles, sizeof roles);
  g_auto (GStrv) categories = NULL;

  g_assert_true (qrx_table_add_annotation (table, "drug", drugs, &error));
  g_assert_true (qrx_table_add_annotation (table, "batch", nothing, &error));
  parted = qrx_table_with_roles (table, bytes, &error);
  g_assert_no_error (error);
  categories = qrx_table_dup_categories (parted, "drug", &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (categories, ((const char *const[]){ "Z", "x", "z", NULL }));
  g_assert_null (qrx_table_dup_categories (parted, "drugs", &column));
  g_assert_error (column, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_cmpstr (column->message, ==, "the table has no annotation \"drugs\"; did you mean \"drug\"?");
  g_assert_null (qrx_table_dup_categories (parted, "batch", &empty));
  g_assert_error (empty, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY);
}

/* A table that is not split trains nothing. */
static void
test_a_table_without_roles_has_no_categories (void)
{
  static const char *const names[] = { "a", "b", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxTable) table = qrx_table_new (names, &error);

  g_assert_true (qrx_table_add_annotation (table, "drug", names, &error));
  g_assert_null (qrx_table_dup_categories (table, "drug", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY);
}

#define N_THREADS 8
#define N_TABLES 20000 /* of each */

static gpointer
annotate_tables (gpointer data)
{
  static const char *const names[] = { "a", "b", "c", NULL };
  static const char *const drugs[] = { "x", "y", "x", NULL };
  guint *n_right = data;

  for (guint i = 0; i < N_TABLES; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxTable) table = qrx_table_new (names, &error);

      g_assert_true (qrx_table_add_annotation (table, "drug", drugs, &error));
      *n_right += g_strcmp0 (qrx_table_get_annotation (table, "drug", 1), "y") == 0 &&
                  qrx_table_get_annotation (table, "drug", 0) == qrx_table_get_annotation (table, "drug", 2);
    }
  return NULL;
}

/* Threads that come and go with the same annotations do not take them from each other; in a column each exists once. */
static void
test_threads_keep_their_annotations (void)
{
  GThread *threads[N_THREADS];
  guint n_right[N_THREADS] = { 0 };

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("annotate", annotate_tables, &n_right[i]);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (n_right[i], ==, N_TABLES);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table-categories/training", test_categories_are_those_of_training_rows);
  g_test_add_func ("/table-categories/no-roles", test_a_table_without_roles_has_no_categories);
  g_test_add_func ("/table-categories/threads", test_threads_keep_their_annotations);
  return g_test_run ();
}
