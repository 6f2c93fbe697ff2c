/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-input.h>

#include "base/qrx-inflate-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  int fd = g_file_open_tmp ("qrx-input-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static GBytes *
compress (const char *text, gsize length)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GInputStream) raw = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GInputStream) converted = g_converter_input_stream_new (raw, G_CONVERTER (compressor));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (out, converted, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >=, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
store (Fixture *fixture, gconstpointer data, gsize length)
{
  g_assert_true (g_file_set_contents (fixture->path, data, (gssize) length, NULL));
}

static void
assert_read (Fixture *fixture, const char *expected, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = qrx_input_read (fixture->path, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, length);
}

static void
assert_refused (Fixture *fixture, const char *fragment)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_input_read (fixture->path, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
  if (strstr (error->message, fragment) == NULL)
    g_error ("%s, expected %s", error->message, fragment);
}

static void
test_plain_empty_and_large_files_arrive_whole (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  gsize size = (16u << 20) + 17; /* large enough to be mapped */
  g_autofree char *large = g_strnfill (size, 'q');

  store (fixture, "a,b\n\0x", 6);
  assert_read (fixture, "a,b\n\0x", 6);
  store (fixture, "", 0);
  assert_read (fixture, "", 0);
  store (fixture, "\x1f", 1);
  assert_read (fixture, "\x1f", 1);
  large[size / 2] = '!';
  store (fixture, large, size);
  assert_read (fixture, large, size);
}

static void
test_all_members_of_a_gzip_file_are_read (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = g_strnfill (3000000, 'x');
  g_autoptr (GBytes) first = compress ("a,b\n", 4), second = compress (text, 3000000), empty = compress ("", 0);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GString) expected = g_string_new ("a,b\n");

  g_byte_array_append (all, g_bytes_get_data (first, NULL), (guint) g_bytes_get_size (first));
  g_byte_array_append (all, g_bytes_get_data (empty, NULL), (guint) g_bytes_get_size (empty));
  g_byte_array_append (all, g_bytes_get_data (second, NULL), (guint) g_bytes_get_size (second));
  g_byte_array_append (all, (const guint8 *) "\0\0\0\0", 4); /* padding, as tapes have */
  g_string_append_len (expected, text, 3000000);
  store (fixture, all->data, all->len);
  assert_read (fixture, expected->str, expected->len);
}

static void
test_every_truncation_of_a_gzip_file_is_refused (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) bytes = compress ("id,value\n1,0.5\n2,0.25\n", 22);

  for (gsize n = 2; n < g_bytes_get_size (bytes); n++)
    {
      store (fixture, g_bytes_get_data (bytes, NULL), n);
      assert_refused (fixture, "found the end");
    }
}

static void
test_every_flipped_byte_of_a_gzip_file_is_refused_or_harmless (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *text = "id,value\n1,0.5\n2,0.25\n";
  g_autoptr (GBytes) bytes = compress (text, strlen (text));
  gsize size = g_bytes_get_size (bytes), n_refused = 0;

  for (gsize i = 2; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) read = NULL;

      copy[i] ^= 0xff;
      store (fixture, copy, size);
      read = qrx_input_read (fixture->path, &error);
      if (read == NULL)
        n_refused++;
      else /* time stamp and operating system of the header */
        g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), text, strlen (text));
    }
  g_assert_cmpuint (n_refused, >=, size - 2 - 6);
}

static void
test_what_follows_a_gzip_member_is_refused (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) bytes = compress ("x", 1);
  g_autoptr (GByteArray) all = g_byte_array_new ();

  g_byte_array_append (all, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  g_byte_array_append (all, (const guint8 *) "\0rubbish", 8);
  store (fixture, all->data, all->len);
  assert_refused (fixture, "bytes of no gzip member");
}

static void
test_content_beyond_the_limit_is_refused (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (GBytes) bytes = compress (text, 100000), read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_inflate (bytes, "bomb.gz", 99999, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_clear_error (&error);
  read = qrx_inflate (bytes, "bomb.gz", 100001, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), text, 100000);
}

static void
test_what_is_no_file_is_refused (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_input_read ("/nonexistent/x.csv", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (qrx_input_read ("/", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, "/: found a folder, expected a file");
  g_clear_error (&error);
  g_assert_null (qrx_input_read ("/dev/zero", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
  g_clear_error (&error);
  g_unlink (fixture->path);
  g_assert_null (qrx_input_digest (fixture->path, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
}

/* FIPS 180-2's vector, and the same through gzip magic: stored bytes count, not content. */
static void
test_the_digest_is_of_the_file_as_stored (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) bytes = compress ("abc", 3);
  g_autofree char *plain = NULL, *stored = NULL, *expected = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  store (fixture, "abc", 3);
  plain = qrx_input_digest (fixture->path, NULL);
  g_assert_cmpstr (plain, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  store (fixture, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  stored = qrx_input_digest (fixture->path, NULL);
  g_assert_cmpstr (stored, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/input/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("plain", test_plain_empty_and_large_files_arrive_whole);
  ADD ("gzip-members", test_all_members_of_a_gzip_file_are_read);
  ADD ("gzip-truncated", test_every_truncation_of_a_gzip_file_is_refused);
  ADD ("gzip-corrupt", test_every_flipped_byte_of_a_gzip_file_is_refused_or_harmless);
  ADD ("gzip-trailing", test_what_follows_a_gzip_member_is_refused);
  g_test_add_func ("/input/gzip-limit", test_content_beyond_the_limit_is_refused);
  ADD ("no-file", test_what_is_no_file_is_refused);
  ADD ("digest", test_the_digest_is_of_the_file_as_stored);
  return g_test_run ();
}
