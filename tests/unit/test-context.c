/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <qrx/qrx-context.h>
#include <qrx/qrx-error.h>
#include <string.h>

typedef struct {
  char *root, *base, *data, *environment;
} Folders;

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  folders->root = g_dir_make_tmp ("qrx-context-XXXXXX", NULL);
  folders->base = g_build_filename (folders->root, "base", NULL);
  folders->data = g_build_filename (folders->root, "data", NULL);
  folders->environment = g_build_filename (folders->root, "environment", NULL);
  g_assert_cmpint (g_mkdir (folders->base, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (folders->data, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (folders->environment, 0700), ==, 0);
  g_setenv ("QRX_DATA", folders->environment, TRUE);
}

static void
remove_all (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_dir_close (dir);
  g_rmdir (folder);
}

static void
tear_down (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  remove_all (folders->root);
  g_free (folders->root);
  g_free (folders->base);
  g_free (folders->data);
  g_free (folders->environment);
}

static void
assert_found_in (QrxContext *context, const char *name, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = qrx_context_find_file (context, name, &error);
  g_autofree char *expected = g_build_filename (folder, name, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
}

static void
test_folders_are_searched_in_the_documented_order (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, folders->base, folders->data);

  put (folders->environment, "a.csv", "1");
  assert_found_in (context, "a.csv", folders->environment);
  put (folders->data, "a.csv", "2");
  assert_found_in (context, "a.csv", folders->data);
  put (folders->base, "a.csv", "3");
  assert_found_in (context, "a.csv", folders->base);
}

static void
test_an_absolute_path_is_taken_as_it_is (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, folders->base, NULL);
  g_autofree char *outside = g_build_filename (folders->root, "b.csv", NULL);
  g_autofree char *missing = g_build_filename (folders->root, "a.csv", NULL);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  put (folders->root, "b.csv", "1");
  put (folders->base, "a.csv", "1");
  found = qrx_context_find_file (context, outside, NULL);
  g_assert_cmpstr (found, ==, outside);
  g_assert_null (qrx_context_find_file (context, missing, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_assert_null (strstr (error->message, folders->base));
}

static void
test_a_missing_file_lists_every_place (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, folders->base, folders->data);
  const char *const places[] = { folders->base, folders->data, folders->environment };
  g_autofree char *folder = g_build_filename (folders->data, "no.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_null (qrx_context_find_file (context, "no.csv", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *place = g_build_filename (places[i], "no.csv", NULL);

      g_assert_nonnull (strstr (error->message, place));
    }
  g_assert_nonnull (strstr (error->message, "no regular file"));
  g_clear_error (&error);
  g_assert_null (qrx_context_find_file (context, "", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "found an empty name, expected that of a file");
}

static void
test_what_was_found_is_recorded_with_its_digest (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, folders->base, NULL);
  g_auto (GStrv) paths = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *again = NULL;

  put (folders->base, "z.csv", "abc");
  put (folders->base, "a.csv", "");
  first = qrx_context_find_file (context, "z.csv", NULL);
  second = qrx_context_find_file (context, "a.csv", NULL);
  again = qrx_context_find_file (context, "../base/./z.csv", NULL);
  paths = qrx_context_dup_input_paths (context);
  g_assert_cmpstrv (paths, ((const char *const[]){ second, first, NULL }));
  g_assert_cmpstr (again, ==, first);
  /* FIPS 180-2, appendix B.1, and the digest of no bytes */
  g_assert_cmpstr (qrx_context_get_input_digest (context, first), ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpstr (qrx_context_get_input_digest (context, second), ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_null (qrx_context_get_input_digest (context, "z.csv"));
}

#define N_FILES 20

static gpointer
find_all (gpointer data)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.csv", i);
      g_autofree char *path = qrx_context_find_file (data, name, NULL);

      g_assert_nonnull (path);
      g_assert_nonnull (qrx_context_get_input_digest (data, path));
    }
  return NULL;
}

static void
test_threads_may_record_at_once (Folders *folders, gconstpointer unused G_GNUC_UNUSED)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, folders->base, NULL);
  GThread *threads[4];
  g_auto (GStrv) paths = NULL;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.csv", i);

      put (folders->base, name, name);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("find", find_all, context);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  paths = qrx_context_dup_input_paths (context);
  g_assert_cmpuint (g_strv_length (paths), ==, N_FILES);
}

static void
hear_message (QrxContext *context G_GNUC_UNUSED, const char *node, const char *text, GString *heard)
{
  g_string_append_printf (heard, "%s: %s\n", node, text);
}

static void
hear_progress (QrxContext *context G_GNUC_UNUSED, const char *node, double fraction, const char *text, GString *heard)
{
  g_string_append_printf (heard, "%s %g %s\n", node, fraction, text);
}

static void
test_messages_and_progress_are_heard (void)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (GString) heard = g_string_new (NULL);

  g_signal_connect (context, "message", G_CALLBACK (hear_message), heard);
  g_signal_connect (context, "progress", G_CALLBACK (hear_progress), heard);
  qrx_context_message (context, "cohort", "604 lines");
  qrx_context_progress (context, "fit", 0.5, "epoch 50");
  qrx_context_progress (context, "fit", 1.5, "done");
  g_assert_cmpstr (heard->str, ==, "cohort: 604 lines\nfit 0.5 epoch 50\nfit 1 done\n");
}

static void
test_warnings_are_messages_that_can_be_told_apart (void)
{
  g_autoptr (QrxContext) context = qrx_context_new (7, 1, NULL, NULL);
  g_autoptr (GString) all = g_string_new (NULL), warnings = g_string_new (NULL);

  g_signal_connect (context, "message", G_CALLBACK (hear_message), all);
  g_signal_connect (context, "message::warning", G_CALLBACK (hear_message), warnings);
  qrx_context_message (context, "fit", "81 parameters");
  qrx_context_warn (context, "watch", "crowded");
  g_assert_cmpstr (all->str, ==, "fit: 81 parameters\nwatch: crowded\n");
  g_assert_cmpstr (warnings->str, ==, "watch: crowded\n");
}

static void
test_the_budget_is_counted_in_threads (void)
{
  g_autoptr (QrxContext) three = qrx_context_new (G_MAXUINT64, 3, NULL, NULL);
  g_autoptr (QrxContext) any = qrx_context_new (0, 0, NULL, NULL);

  g_assert_cmpuint (qrx_context_get_seed (three), ==, G_MAXUINT64);
  g_assert_cmpuint (qrx_context_get_n_threads (three), ==, 3);
  g_assert_cmpuint (qrx_pool_get_n_threads (qrx_context_get_pool (three)), ==, 3);
  g_assert_cmpuint (qrx_context_get_n_threads (any), ==, g_get_num_processors ());
}

static void
test_output_paths_start_at_the_output_folder (void)
{
  g_autoptr (QrxContext) context = g_object_new (QRX_TYPE_CONTEXT, "n-threads", 1, "output-directory", "/tmp/out", NULL);
  g_autoptr (QrxContext) plain = qrx_context_new (7, 1, "/base", NULL);
  g_autofree char *here = g_canonicalize_filename ("a.csv", NULL);
  g_autofree char *relative = qrx_context_dup_output_path (context, "runs/../a.csv");
  g_autofree char *absolute = qrx_context_dup_output_path (context, "/tmp/b.csv");
  g_autofree char *unset = qrx_context_dup_output_path (plain, "a.csv");

  g_assert_cmpstr (qrx_context_get_output_directory (context), ==, "/tmp/out");
  g_assert_cmpstr (relative, ==, "/tmp/out/a.csv");
  g_assert_cmpstr (absolute, ==, "/tmp/b.csv");
  g_assert_null (qrx_context_get_output_directory (plain));
  g_assert_cmpstr (unset, ==, here);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/context/" name, Folders, NULL, set_up, func, tear_down)
  ADD ("order", test_folders_are_searched_in_the_documented_order);
  ADD ("absolute", test_an_absolute_path_is_taken_as_it_is);
  ADD ("missing", test_a_missing_file_lists_every_place);
  ADD ("recorded", test_what_was_found_is_recorded_with_its_digest);
  ADD ("threads", test_threads_may_record_at_once);
  g_test_add_func ("/context/signals", test_messages_and_progress_are_heard);
  g_test_add_func ("/context/warnings", test_warnings_are_messages_that_can_be_told_apart);
  g_test_add_func ("/context/budget", test_the_budget_is_counted_in_threads);
  g_test_add_func ("/context/output", test_output_paths_start_at_the_output_folder);
  return g_test_run ();
}
