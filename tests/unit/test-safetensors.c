/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-safetensors.h>

#include <glib/gstdio.h>
#include <string.h>

/* A file of the header and n_bytes of data 0, 1, 2, … */
static GBytes *
make_file (const char *header, gsize n_bytes)
{
  GByteArray *array = g_byte_array_new ();
  guint64 length = strlen (header);

  g_byte_array_append (array, (const guint8 *) &length, 8);
  g_byte_array_append (array, (const guint8 *) header, (guint) length);
  for (gsize i = 0; i < n_bytes; i++)
    {
      guint8 byte = (guint8) i;

      g_byte_array_append (array, &byte, 1);
    }
  return g_byte_array_free_to_bytes (array);
}

static void
assert_refused (GBytes *bytes, const char *fragment)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_safetensors_new (bytes, "m.safetensors", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
  g_assert_true (g_str_has_prefix (error->message, "m.safetensors: "));
  if (strstr (error->message, fragment) == NULL)
    g_error ("\"%s\", expected \"%s\"", error->message, fragment);
}

static void
test_headers_that_lie_are_refused (void)
{
  static const struct {
    const char *header;
    gsize n_bytes;
    const char *fragment;
  } cases[] = {
    { "", 0, "header:1:1: found an empty text" },
    { "{\"a\":", 0, "header:1:6: found the end of the text" },
    { "[]", 0, "header: found an array, expected an object" },
    { "{\"a\":1}", 0, "tensor \"a\": found an integer, expected an object" },
    { "{\"a\":{}}", 0, "tensor \"a\": found no \"dtype\"" },
    { "{\"a\":{\"dtype\":4,\"shape\":[],\"data_offsets\":[0,4]}}", 4, "tensor \"a\": found no \"dtype\"" },
    { "{\"a\":{\"dtype\":\"F31\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, "found the type \"F31\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8, "no usable \"shape\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "no usable \"shape\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, "no usable \"shape\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "no usable \"shape\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "no usable \"data_offsets\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "no usable \"data_offsets\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "no usable \"data_offsets\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4, "unknown key \"x\"" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "offsets 0 to 8, expected some within the 4" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "offsets 4 to 0" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9223372036854775803,9223372036854775807]}}", 4, "offsets" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "found 8 bytes, expected 12" },
    { "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "found 8 bytes, expected 16" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905,4],\"data_offsets\":[0,16]}}", 16, "no memory holds" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
      "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "tensors overlap" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
      "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12, "tensors leave a hole" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "tensors leave a hole" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, "found 5 bytes of data, expected 4" },
    { "{}", 1, "found 1 bytes of data, expected 0" },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
      "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}", 8, "found the key \"a\" again" },
    { "{\"__metadata__\":[]}", 0, "found an array as \"__metadata__\"" },
    { "{\"__metadata__\":{\"k\":1}}", 0, "metadata \"k\": found an integer, expected a string" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = make_file (cases[i].header, cases[i].n_bytes);

      assert_refused (bytes, cases[i].fragment);
    }
}

static void
test_lengths_beyond_the_file_are_refused (void)
{
  static const guint64 lengths[] = { 3, 100, G_MAXINT64, G_MAXUINT64, G_MAXUINT64 - 7 };
  g_autoptr (GBytes) tiny = g_bytes_new_static ("\2\0\0\0\0\0\0", 7);

  assert_refused (tiny, "found 7 bytes, expected a safetensors file");
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      char content[10] = "........{}";
      g_autoptr (GBytes) bytes = NULL;

      memcpy (content, &lengths[i], 8);
      bytes = g_bytes_new (content, sizeof content);
      assert_refused (bytes, "bytes announced in a file of 10");
    }
}

static void
test_tensors_lie_where_the_header_says (void)
{
  g_autoptr (GBytes) bytes = make_file ("{\"second\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]},\"first\":"
                                        "{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},\"none\":{\"dtype\":"
                                        "\"F64\",\"shape\":[0,3],\"data_offsets\":[8,8]},\"__metadata__\":{\"k\":\"v\"}}  ",
                                        16);
  g_autoptr (GError) error = NULL;
  QrxSafetensors *file = qrx_safetensors_new (bytes, "m.safetensors", &error);
  g_autoptr (QrxTensor) second = NULL, none = NULL;
  const guint8 raw[] = { 8, 9, 10, 11, 12, 13, 14, 15 };

  g_assert_no_error (error);
  g_assert_cmpstr (qrx_safetensors_get_names (file)[0], ==, "second");
  g_assert_cmpstr (qrx_safetensors_get_names (file)[2], ==, "none");
  g_assert_null (qrx_safetensors_get_names (file)[3]);
  g_assert_cmpstr (qrx_safetensors_get_metadata (file, "k"), ==, "v");
  g_assert_null (qrx_safetensors_get_metadata (file, "x"));

  g_assert_null (qrx_safetensors_get (file, "first", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, "m.safetensors: tensor \"first\": found the type I64, expected F32 or F64");
  g_clear_error (&error);
  g_assert_null (qrx_safetensors_get (file, "secnod", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_cmpstr (error->message, ==, "m.safetensors: found no tensor \"secnod\"; did you mean \"second\"?");
  g_clear_error (&error);
  g_assert_null (qrx_safetensors_get_shaped (file, "second", (gsize[]){ 1, 2 }, 2, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE);
  g_assert_cmpstr (error->message, ==, "m.safetensors: tensor \"second\": found the shape [2, 1], expected [1, 2]");

  second = qrx_safetensors_get_shaped (file, "second", (gsize[]){ 2, 1 }, 2, NULL);
  none = qrx_safetensors_get (file, "none", NULL);
  qrx_safetensors_free (file);
  g_assert_cmpmem (qrx_tensor_peek (second), 8, raw, 8); /* which outlives the file */
  g_assert_cmpuint (qrx_tensor_get_n_elements (none), ==, 0);
}

static QrxSafetensorsWriter *
make_writer (void)
{
  QrxSafetensorsWriter *writer = qrx_safetensors_writer_new ();
  g_autoptr (QrxTensor) narrow = qrx_tensor_new (QRX_DTYPE_F32, (gsize[]){ 3 }, 1);
  g_autoptr (QrxTensor) wide = qrx_tensor_new (QRX_DTYPE_F64, (gsize[]){ 2, 1, 2 }, 3);
  g_autoptr (QrxTensor) scalar = qrx_tensor_new (QRX_DTYPE_F64, NULL, 0);

  for (gsize i = 0; i < 3; i++)
    qrx_tensor_set (narrow, i, 0.1 * (double) i);
  for (gsize i = 0; i < 4; i++)
    qrx_tensor_set (wide, i, 0.1 * (double) i);
  qrx_tensor_set (scalar, 0, -0.0);
  qrx_safetensors_writer_add (writer, "encode/weight \"é\"", narrow);
  qrx_safetensors_writer_add (writer, "b", wide);
  qrx_safetensors_writer_add (writer, "a", scalar);
  qrx_safetensors_writer_set_metadata (writer, "z", "1");
  qrx_safetensors_writer_set_metadata (writer, "pipeline", "{\n\"seed\": 7}");
  return writer;
}

static void
test_what_is_written_reads_back_aligned (void)
{
  g_autoptr (QrxSafetensorsWriter) writer = make_writer ();
  g_autoptr (QrxSafetensors) file = NULL;
  g_autoptr (QrxTensor) narrow = NULL, wide = NULL, scalar = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("qrx-XXXXXX.safetensors", &path, NULL);

  g_close (fd, NULL);
  g_assert_true (qrx_safetensors_writer_write (writer, path, &error));
  file = qrx_safetensors_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qrx_safetensors_get_names (file)[0], ==, "encode/weight \"é\"");
  g_assert_cmpstr (qrx_safetensors_get_metadata_keys (file)[0], ==, "pipeline");
  g_assert_cmpstr (qrx_safetensors_get_metadata (file, "pipeline"), ==, "{\n\"seed\": 7}");
  narrow = qrx_safetensors_get_shaped (file, "encode/weight \"é\"", (gsize[]){ 3 }, 1, NULL);
  wide = qrx_safetensors_get_shaped (file, "b", (gsize[]){ 2, 1, 2 }, 3, NULL);
  scalar = qrx_safetensors_get_shaped (file, "a", NULL, 0, NULL);
  g_assert_cmpfloat (qrx_tensor_get (narrow, 1), ==, (double) 0.1f);
  g_assert_cmpfloat (qrx_tensor_get (wide, 3), ==, 0.1 * 3);
  g_assert_cmpfloat (1 / qrx_tensor_get (scalar, 0), <, 0);
  g_assert_true (qrx_tensor_is_read_only (wide));
  g_unlink (path);
}

/* Metadata set in another order, and bytes of an earlier writer, change nothing. */
static void
test_the_same_tensors_give_the_same_bytes (void)
{
  g_autoptr (QrxSafetensorsWriter) first = make_writer (), second = make_writer ();
  g_autoptr (GBytes) one = NULL, two = NULL;
  guint64 length;

  qrx_safetensors_writer_set_metadata (first, "m", "x");
  qrx_safetensors_writer_set_metadata (first, "n", "y");
  qrx_safetensors_writer_set_metadata (second, "n", "?");
  qrx_safetensors_writer_set_metadata (second, "m", "x");
  qrx_safetensors_writer_set_metadata (second, "n", "y");
  one = qrx_safetensors_writer_to_bytes (first);
  two = qrx_safetensors_writer_to_bytes (second);
  g_assert_true (g_bytes_equal (one, two));
  memcpy (&length, g_bytes_get_data (one, NULL), 8);
  g_assert_cmpuint (length % 8, ==, 0);
}

static void
test_a_missing_file_is_not_found (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_safetensors_read ("/nonexistent/m.safetensors", &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/lies", test_headers_that_lie_are_refused);
  g_test_add_func ("/safetensors/lengths", test_lengths_beyond_the_file_are_refused);
  g_test_add_func ("/safetensors/tensors", test_tensors_lie_where_the_header_says);
  g_test_add_func ("/safetensors/round-trip", test_what_is_written_reads_back_aligned);
  g_test_add_func ("/safetensors/deterministic", test_the_same_tensors_give_the_same_bytes);
  g_test_add_func ("/safetensors/missing-file", test_a_missing_file_is_not_found);
  return g_test_run ();
}
