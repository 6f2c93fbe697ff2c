/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store of a study: any number may make it at once, and what is no store is named for what it is. */
#include <qrx/qrx-error.h>
#include <qrx/qrx-store.h>

#include <glib/gstdio.h>
#include <sys/stat.h>

#define N_THREADS 8
#define N_ROUNDS 100

static char *folder;
static int waiting;

static gpointer
open_in_thread (gpointer path)
{
  g_autoptr (QrxStore) store = NULL;
  GError *error = NULL;

  /* All begin at once: a store is made within a fraction of what starting a thread takes. */
  g_atomic_int_inc (&waiting);
  while (g_atomic_int_get (&waiting) % N_THREADS != 0)
    g_thread_yield ();
  store = qrx_store_open_or_create (path, &error);
  return error;
}

static void
test_a_store_is_made_by_many_at_once (void)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *name = g_strdup_printf ("%u.db", round), *path = g_build_filename (folder, name, NULL);
      GThread *threads[N_THREADS];

      for (guint i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("open", open_in_thread, path);
      for (guint i = 0; i < N_THREADS; i++)
        {
          g_autoptr (GError) error = g_thread_join (threads[i]);

          g_assert_no_error (error);
        }
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
assert_no_store (const char *path, GQuark domain, int code, const char *found)
{
  g_autofree char *expected = g_strdup_printf ("%s: %s", path, found);

  for (guint create = 0; create < 2; create++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxStore) store = create ? qrx_store_open_or_create (path, &error) : qrx_store_open (path, &error);

      g_assert_null (store);
      g_assert_error (error, domain, code);
      g_assert_cmpstr (error->message, ==, expected);
    }
}

static void
test_what_is_no_store_is_named (void)
{
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL), *text = g_build_filename (folder, "text", NULL);

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_true (g_file_set_contents (text, "id,auc\n", -1, NULL));
  assert_no_store (folder, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT, "found a folder, expected a store");
  assert_no_store (pipe, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT, "found a device or pipe, expected a store");
  assert_no_store (text, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT, "this is no store of a study");
  g_assert_cmpint (g_unlink (pipe), ==, 0);
  g_assert_cmpint (g_unlink (text), ==, 0);
}

static void
test_a_store_that_is_not_there_is_made_only_where_asked (void)
{
  g_autofree char *path = g_build_filename (folder, "none.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxStore) none = qrx_store_open (path, &error);

  g_assert_null (none);
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("qrx-store-XXXXXX", NULL);
  g_test_add_func ("/store/many", test_a_store_is_made_by_many_at_once);
  g_test_add_func ("/store/none", test_what_is_no_store_is_named);
  g_test_add_func ("/store/absent", test_a_store_that_is_not_there_is_made_only_where_asked);
  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
