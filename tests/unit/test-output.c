/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-output.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->folder = g_dir_make_tmp ("qrx-output-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
}

/* Temporary files included. */
static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_the_old_file_stays_until_the_commit (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxOutput) output = NULL;

  g_assert_true (qrx_output_write (fixture->path, "old", -1, &error));
  output = qrx_output_open (fixture->path, &error);
  g_assert_no_error (error);
  qrx_output_printf (output, "%s %d", "new", 7);
  qrx_output_append (output, "!", 1);
  assert_content (fixture->path, "old");
  g_assert_true (qrx_output_commit (output, &error));
  assert_content (fixture->path, "new 7!");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_what_is_not_committed_leaves_nothing (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  QrxOutput *output = qrx_output_open (fixture->path, NULL);

  qrx_output_append (output, "half", 4);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  qrx_output_free (output);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_folders_are_made (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "a", "b", NULL);
  g_autofree char *path = g_build_filename (folder, "c", NULL);
  g_autofree char *outer = g_path_get_dirname (folder);

  g_assert_true (qrx_output_write (path, "x\0y", 3, NULL));
  assert_content (path, "x");
  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (outer);
}

static void
test_modes_and_links_are_kept (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *link_path = g_build_filename (fixture->folder, "link", NULL);
  GStatBuf status;

  g_assert_true (qrx_output_write (fixture->path, "1", -1, NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  g_assert_cmpint (symlink ("file", link_path), ==, 0);
  g_assert_true (qrx_output_write (link_path, "2", -1, NULL));
  assert_content (fixture->path, "2");
  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
test_faults_name_the_file (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *below = g_build_filename (fixture->path, "below", NULL);

  g_assert_false (qrx_output_write (fixture->folder, "x", -1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_assert_true (g_str_has_prefix (error->message, fixture->folder));
  g_clear_error (&error);
  g_assert_true (qrx_output_write (fixture->path, "x", -1, NULL));
  g_assert_false (qrx_output_write (below, "x", -1, &error));
  g_assert_true (g_str_has_prefix (error->message, below));
}

/* A device must neither be replaced by a file nor lose the failure. */
static void
test_a_full_device_is_an_error (Fixture *fixture G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/full");
      return;
    }
  g_assert_false (qrx_output_write ("/dev/full", "x", -1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (g_stat ("/dev/full", &status), ==, 0);
  g_assert_true (S_ISCHR (status.st_mode));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/output/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("old-stays", test_the_old_file_stays_until_the_commit);
  ADD ("abandoned", test_what_is_not_committed_leaves_nothing);
  ADD ("folders", test_folders_are_made);
  ADD ("modes-and-links", test_modes_and_links_are_kept);
  ADD ("faults", test_faults_name_the_file);
  ADD ("full-device", test_a_full_device_is_an_error);
  return g_test_run ();
}
