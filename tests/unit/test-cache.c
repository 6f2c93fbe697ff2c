/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cache of parsed tables: what it returns is what the file says, whatever happened to file or cache. */
#include "base/qrx-cache-private.h"

#include <qrx/qrx-delimited.h>
#include <qrx/qrx-input.h>

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <utime.h>

#define N_ROWS 900
#define N_COLUMNS 101
#define N_THREADS 8

static char *folder;

static double
value_of (gsize row, gsize column, guint version)
{
  return 0.25 * (double) ((row * 31 + column * 7 + version) % 1000);
}

static char *
write_table (const char *name, guint version)
{
  g_autoptr (GString) text = g_string_new ("id,\"the \"\"note\"\"\"");
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize column = 0; column < N_COLUMNS; column++)
    g_string_append_printf (text, ",x%" G_GSIZE_FORMAT, column);
  for (gsize row = 0; row < N_ROWS; row++)
    {
      g_string_append_printf (text, "\nrow%" G_GSIZE_FORMAT ",\"a \"\"%" G_GSIZE_FORMAT "\"\"\"", row, row);
      for (gsize column = 0; column < N_COLUMNS; column++)
        g_string_append_printf (text, ",%.9f", value_of (row, column, version));
    }
  g_file_set_contents (path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (text->len, >, QRX_CACHE_MIN_FILE);
  return path;
}

static QrxTensor *
read_table (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxDelimited) table = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, &error);
  g_autofree gsize *columns = g_new (gsize, N_COLUMNS);
  gsize rows[] = { N_ROWS - 1, 0, 5 };
  QrxDelimitedSelection selection = { columns, N_COLUMNS, rows, G_N_ELEMENTS (rows), TRUE };
  g_autofree char *note = NULL;
  QrxTensor *matrix;

  g_assert_no_error (error);
  for (gsize i = 0; i < N_COLUMNS; i++)
    columns[i] = 2 + i;
  matrix = qrx_delimited_read_matrix (table, &selection, QRX_MISSING_REFUSE, &error);
  g_assert_no_error (error);
  note = qrx_delimited_dup (table, 7, 1);
  g_assert_cmpstr (note, ==, "a \"7\"");
  g_assert_cmpstr (qrx_delimited_get_column_name (table, 1), ==, "the \"note\"");
  g_assert_cmpuint (qrx_delimited_get_line (table, 7), ==, 9);
  return matrix;
}

static void
check_table (const char *path, guint version)
{
  const gsize rows[] = { N_ROWS - 1, 0, 5 };
  g_autoptr (QrxTensor) matrix = read_table (path);

  g_assert_true (qrx_tensor_is_read_only (matrix));
  for (gsize column = 0; column < N_COLUMNS; column++)
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
      g_assert_cmpfloat (qrx_tensor_get (matrix, column * G_N_ELEMENTS (rows) + i), ==,
                         value_of (rows[i], column, version));
}

static GPtrArray *
list_entries (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *tables = qrx_cache_dup_path ("tables");
  g_autoptr (GDir) dir = tables != NULL ? g_dir_open (tables, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (tables, name, NULL));
  return paths;
}

static void
clear_entries (void)
{
  g_autoptr (GPtrArray) paths = list_entries ();

  for (guint i = 0; i < paths->len; i++)
    g_assert_cmpint (g_unlink (paths->pdata[i]), ==, 0);
}

/* With a name that ends so; NULL for all. */
static guint
count_entries (const char *suffix)
{
  g_autoptr (GPtrArray) paths = list_entries ();
  guint n = 0;

  for (guint i = 0; i < paths->len; i++)
    n += suffix == NULL || g_str_has_suffix (paths->pdata[i], suffix);
  return n;
}

static void
test_a_table_is_found_again_under_any_name (void)
{
  g_autofree char *path = write_table ("first.csv", 1);
  g_autofree char *other = g_build_filename (folder, "other.csv", NULL);

  clear_entries ();
  check_table (path, 1);
  g_assert_cmpuint (count_entries (".index"), ==, 1);
  g_assert_cmpuint (count_entries (".numbers"), ==, 1);
  g_assert_cmpint (g_rename (path, other), ==, 0);
  check_table (other, 1);
  g_assert_cmpuint (count_entries (".index"), ==, 1);
  g_assert_cmpuint (count_entries (".numbers"), ==, 1);
}

/* Of few columns, an index holds nothing but where the rows start. */
static void
test_a_narrow_table_is_found_again (void)
{
  g_autofree char *path = g_build_filename (folder, "narrow.csv", NULL);
  g_autoptr (GString) text = g_string_new ("id,x");
  const gsize n_rows = QRX_CACHE_MIN_FILE / 16;

  for (gsize row = 0; row < n_rows; row++)
    g_string_append_printf (text, "\n%09" G_GSIZE_FORMAT ",%08" G_GSIZE_FORMAT, row, 7 * row);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  clear_entries ();
  for (guint reading = 0; reading < 2; reading++)
    {
      g_autoptr (QrxDelimited) table = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, NULL);

      g_assert_nonnull (table);
      g_assert_cmpuint (qrx_delimited_get_n_rows (table), ==, n_rows);
      for (gsize row = 0; row < n_rows; row += n_rows / 5)
        {
          double value;

          g_assert_true (qrx_delimited_get_number (table, row, 1, QRX_MISSING_REFUSE, &value, NULL));
          g_assert_cmpfloat (value, ==, 7 * (double) row);
        }
      g_assert_cmpuint (count_entries (".index"), ==, 1);
    }
}

/* The clock of a file system ticks in milliseconds: no checksum of a file that changed just now may be remembered. */
static void
test_a_changed_file_is_read_anew (void)
{
  for (guint version = 1; version < 20; version++)
    {
      g_autofree char *path = write_table ("changing.csv", version);

      check_table (path, version);
    }
}

static void
test_a_settled_files_checksum_is_remembered_and_right (void)
{
  g_autofree char *path = write_table ("settled.csv", 3);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  struct utimbuf times;
  GStatBuf status;

  clear_entries ();
  first = qrx_input_digest (path, NULL);
  g_assert_cmpuint (count_entries (NULL), ==, 0);
  g_usleep (4 * G_USEC_PER_SEC);
  second = qrx_input_digest (path, NULL);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpuint (count_entries (NULL), ==, 1);
  /* Other numbers, the same size, and the old time of modification. */
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  times = (struct utimbuf){ .actime = status.st_atime, .modtime = status.st_mtime };
  g_free (write_table ("settled.csv", 4));
  g_assert_cmpint (utime (path, &times), ==, 0);
  third = qrx_input_digest (path, NULL);
  g_assert_cmpstr (third, !=, first);
}

static void
damage (const char *path, gboolean truncate_it)
{
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  if (truncate_it)
    size = size * 2 / 3;
  else
    data[size - 1] ^= 1;
  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

static void
test_damaged_entries_are_made_anew (void)
{
  g_autofree char *path = write_table ("damaged.csv", 5);

  for (guint truncate_it = 0; truncate_it < 2; truncate_it++)
    {
      g_autoptr (GPtrArray) entries = NULL;

      clear_entries ();
      check_table (path, 5);
      entries = list_entries ();
      for (guint i = 0; i < entries->len; i++)
        damage (entries->pdata[i], truncate_it);
      check_table (path, 5);
      for (guint i = 0; i < entries->len; i++)
        {
          g_autofree char *name = g_path_get_basename (entries->pdata[i]);
          g_autoptr (GBytes) content = qrx_cache_find (name);

          g_assert_nonnull (content);
        }
    }
}

static gpointer
read_in_thread (gpointer path)
{
  check_table (path, 6);
  return NULL;
}

static void
test_concurrent_readers_and_writers_agree (void)
{
  g_autofree char *path = write_table ("shared.csv", 6);
  GThread *threads[N_THREADS];

  clear_entries ();
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("reader", read_in_thread, path);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (count_entries (".index"), ==, 1);
  g_assert_cmpuint (count_entries (NULL), ==, 2);
}

/* At level 0, which stores: a compressed one would be too small to be kept. */
static char *
compress_table (const char *path)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 0));
  g_autofree char *data = NULL, *zipped = g_malloc (1 << 22);
  char *name = g_strconcat (path, ".gz", NULL);
  gsize size, n_read, n_written;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_assert_cmpint (
      g_converter_convert (converter, data, size, zipped, 1 << 22, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
      ==, G_CONVERTER_FINISHED);
  g_assert_true (g_file_set_contents (name, zipped, (gssize) n_written, NULL));
  return name;
}

static void
test_compressed_tables_are_kept_with_their_text (void)
{
  g_autofree char *path = write_table ("zipped.csv", 7);
  g_autofree char *zipped = compress_table (path);

  clear_entries ();
  check_table (zipped, 7);
  g_assert_cmpuint (count_entries (".text"), ==, 1);
  check_table (zipped, 7);
  g_assert_cmpuint (count_entries (NULL), ==, 3);
}

static void
test_a_fault_is_reported_with_and_without_entries (void)
{
  g_autofree char *path = write_table ("fault.csv", 8);
  g_autofree char *text = NULL;
  char *at;
  gsize size, column = 2;
  QrxDelimitedSelection selection = { &column, 1, NULL, 0, FALSE };

  clear_entries ();
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  at = strstr (text, "\nrow3,");
  at = strchr (strchr (at, ',') + 1, ',');
  at[1] = 'x';
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (QrxDelimited) table = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (qrx_delimited_read_matrix (table, &selection, QRX_MISSING_NAN, &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, "fault.csv:5, column \"x0\": found \"x"));
      g_assert_cmpuint (count_entries (".numbers"), ==, 0);
    }
}

static void
test_old_entries_make_room (void)
{
  g_autofree char *first = write_table ("old.csv", 9);
  g_autofree char *second = write_table ("new.csv", 10);

  clear_entries ();
  g_setenv ("QRX_CACHE_SIZE", "0", TRUE);
  check_table (first, 9);
  check_table (second, 10);
  g_unsetenv ("QRX_CACHE_SIZE");
  g_assert_cmpuint (count_entries (NULL), ==, 0);
}

static void
test_nothing_is_kept_where_the_cache_is_off (void)
{
  g_autofree char *path = write_table ("off.csv", 11);
  g_autofree char *cache = g_strdup (g_getenv ("QRX_CACHE"));

  clear_entries ();
  g_setenv ("QRX_CACHE", "off", TRUE);
  check_table (path, 11);
  g_setenv ("QRX_CACHE", "/proc/nowhere", TRUE);
  check_table (path, 11);
  g_setenv ("QRX_CACHE", cache, TRUE);
  g_assert_cmpuint (count_entries (NULL), ==, 0);
}

static void
remove_folder (void)
{
  g_autofree char *tables = qrx_cache_dup_path ("tables");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  clear_entries ();
  g_rmdir (tables);
  g_rmdir (g_getenv ("QRX_CACHE"));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("qrx-cache-XXXXXX", NULL);
  cache = g_build_filename (folder, "cache", NULL);
  g_setenv ("QRX_CACHE", cache, TRUE);
  g_test_add_func ("/cache/any-name", test_a_table_is_found_again_under_any_name);
  g_test_add_func ("/cache/narrow", test_a_narrow_table_is_found_again);
  g_test_add_func ("/cache/changed", test_a_changed_file_is_read_anew);
  g_test_add_func ("/cache/checksum", test_a_settled_files_checksum_is_remembered_and_right);
  g_test_add_func ("/cache/damaged", test_damaged_entries_are_made_anew);
  g_test_add_func ("/cache/concurrent", test_concurrent_readers_and_writers_agree);
  g_test_add_func ("/cache/compressed", test_compressed_tables_are_kept_with_their_text);
  g_test_add_func ("/cache/fault", test_a_fault_is_reported_with_and_without_entries);
  g_test_add_func ("/cache/room", test_old_entries_make_room);
  g_test_add_func ("/cache/off", test_nothing_is_kept_where_the_cache_is_off);
  status = g_test_run ();
  remove_folder ();
  g_free (folder);
  return status;
}
