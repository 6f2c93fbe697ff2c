/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-delimited.h>

#include <math.h>
#include <string.h>

static QrxDelimited *
try_parse (const char *text, gssize length, QrxDelimitedFlags flags, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);

  return qrx_delimited_new (bytes, "t.csv", flags, error);
}

static QrxDelimited *
parse (const char *text, QrxDelimitedFlags flags)
{
  g_autoptr (GError) error = NULL;
  QrxDelimited *table = try_parse (text, -1, flags, &error);

  g_assert_no_error (error);
  return table;
}

static void
assert_cell (QrxDelimited *table, gsize row, gsize column, const char *expected)
{
  g_autofree char *text = qrx_delimited_dup (table, row, column);
  gsize length;
  const char *peeked = qrx_delimited_peek (table, row, column, &length);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpmem (peeked, length, expected, strlen (expected));
}

static void
test_quotes_and_line_ends_are_those_of_rfc_4180 (void)
{
  g_autoptr (QrxDelimited) table = parse ("\xef\xbb\xbf" "id,\"the \"\"name\"\"\",x\r\n"
                                          "1,\"a,b\",\r\n"
                                          "2,\"line\nbreak \"\"q\"\"\",5\" end\r\n"
                                          ",\"\",\"\"\"\"\r\n"
                                          "3,é,last",
                                          QRX_DELIMITED_DEFAULT);

  g_assert_cmpuint (qrx_delimited_get_n_columns (table), ==, 3);
  g_assert_cmpuint (qrx_delimited_get_n_rows (table), ==, 4);
  g_assert_cmpstr (qrx_delimited_get_column_name (table, 0), ==, "id");
  g_assert_cmpstr (qrx_delimited_get_column_name (table, 1), ==, "the \"name\"");
  assert_cell (table, 0, 1, "a,b");
  assert_cell (table, 0, 2, "");
  assert_cell (table, 1, 0, "2");
  assert_cell (table, 1, 1, "line\nbreak \"q\"");
  assert_cell (table, 1, 2, "5\" end");
  assert_cell (table, 2, 0, "");
  assert_cell (table, 2, 1, "");
  assert_cell (table, 2, 2, "\"");
  assert_cell (table, 3, 1, "é");
  assert_cell (table, 3, 2, "last");
  g_assert_cmpuint (qrx_delimited_get_line (table, 2), ==, 5);
}

static void
test_the_delimiter_is_the_most_frequent_in_the_header (void)
{
  static const struct {
    const char *text;
    char delimiter;
    gsize n_columns;
  } cases[] = {
    { "a,b\n1,2\n", ',', 2 }, { "a\tb\n1\t2\n", '\t', 2 }, { "a;b\n1;2\n", ';', 2 }, { "a\n1\n", ',', 1 },
    { "a\tb, c\td\n1\t2\t3\n", '\t', 3 }, { "\"a,b,c\";d\n1;2\n", ';', 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrxDelimited) table = parse (cases[i].text, QRX_DELIMITED_DEFAULT);

      g_assert_cmpint (qrx_delimited_get_delimiter (table), ==, cases[i].delimiter);
      g_assert_cmpuint (qrx_delimited_get_n_columns (table), ==, cases[i].n_columns);
    }
}

static void
test_a_forced_delimiter_leaves_the_others_alone (void)
{
  g_autoptr (QrxDelimited) table = parse ("a,b;c\n1,2;3\n", QRX_DELIMITED_SEMICOLON);

  g_assert_cmpuint (qrx_delimited_get_n_columns (table), ==, 2);
  assert_cell (table, 0, 0, "1,2");
}

static void
test_faults_name_file_and_line (void)
{
  static const struct {
    const char *text;
    gssize length;
    QrxDataError code;
    const char *message;
  } cases[] = {
    { "", 0, QRX_DATA_ERROR_EMPTY, "t.csv: found an empty file" },
    { "\n\n", -1, QRX_DATA_ERROR_EMPTY, "t.csv: found an empty file" },
    { "\xef\xbb\xbf", -1, QRX_DATA_ERROR_EMPTY, "t.csv: found an empty file" },
    { "a,b\n", -1, QRX_DATA_ERROR_EMPTY, "t.csv: found a header and no rows" },
    { "a,b\r\n\r\n\n", -1, QRX_DATA_ERROR_EMPTY, "t.csv: found a header and no rows" },
    { "a,b\n1,2\n3\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:3: found 1 field, expected 2" },
    { "a,b\n1,2,3\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found 3 fields, expected 2" },
    { "a,b\n1,2\n\n3,4\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:3: found 1 field, expected 2" },
    { "a,b\n\"1\n\n\",2\n3\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:5: found 1 field" },
    { "a,b\n1,\"2\n3,4\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found a quoted field without an end" },
    { "a,\"", -1, QRX_DATA_ERROR_FORMAT, "t.csv:1: found a quoted field without an end" },
    { "a,b\n\"1\"x,2\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found text behind a closing quote" },
    { "a,b\n1\rx,2\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found a carriage return" },
    { "a,b\n1,\xff\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found the byte 0xFF, expected UTF-8" },
    { "a,b\n1,12345678\xc3\n", -1, QRX_DATA_ERROR_FORMAT, "t.csv:2: found the byte 0xC3, expected UTF-8" },
    { "a,b\n1,12345678901234\0" "56789\n", 28, QRX_DATA_ERROR_FORMAT, "t.csv:2: found a NUL character" },
    { "a,b,a\n1,2,3\n", -1, QRX_DATA_ERROR_COLUMN, "t.csv:1: found the name \"a\" for columns 1 and 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      QrxDelimited *table = try_parse (cases[i].text, cases[i].length, QRX_DELIMITED_DEFAULT, &error);

      g_assert_null (table);
      g_assert_error (error, QRX_DATA_ERROR, (int) cases[i].code);
      if (!g_str_has_prefix (error->message, cases[i].message))
        g_error ("\"%s\", expected \"%s\"", error->message, cases[i].message);
    }
}

static void
test_columns_are_found_by_name (void)
{
  g_autoptr (QrxDelimited) table = parse ("x,TP53,x,\n1,2,3,4\n", QRX_DELIMITED_ALLOW_REPEATED_NAMES);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (qrx_delimited_find_column (table, "TP53"), ==, 1);
  g_assert_cmpint (qrx_delimited_find_column (table, "x"), ==, 0);
  g_assert_cmpint (qrx_delimited_find_column (table, ""), ==, 3);
  g_assert_cmpint (qrx_delimited_find_column (table, "y"), ==, -1);
  g_assert_cmpint (qrx_delimited_require_column (table, "TP35", &error), ==, -1);
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN);
  g_assert_cmpstr (error->message, ==, "t.csv:1: found no column \"TP35\"; did you mean \"TP53\"?");
}

static void
test_numbers_arrive_in_the_order_wanted (void)
{
  g_autoptr (QrxDelimited) table = parse ("id,a,b,c\nx,1.5,-2, 3e2 \ny,\"4\",+.25,0.30000000000000004\n",
                                          QRX_DELIMITED_DEFAULT);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 3);
  g_autoptr (GError) error = NULL;
  const double expected[] = { 300, 1.5, -2, 0.1 + 0.2, 4, 0.25 };

  g_assert_true (qrx_delimited_read_numbers (table, (gsize[]){ 3, 1, 2 }, 3, QRX_MISSING_REFUSE, out, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat (qrx_tensor_get (out, i), ==, expected[i]);
}

static void
test_missing_numbers_are_nan_only_where_allowed (void)
{
  g_autoptr (QrxDelimited) table = parse ("a\n\"\"\nNA\nNaN\nnull\nnan\n 7 \n", QRX_DELIMITED_DEFAULT);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F32, 6, 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_delimited_read_numbers (table, (gsize[]){ 0 }, 1, QRX_MISSING_NAN, out, &error));
  for (gsize i = 0; i < 5; i++)
    {
      g_assert_true (isnan (qrx_tensor_get (out, i)));
      g_assert_true (qrx_delimited_is_missing (table, i, 0));
    }
  g_assert_cmpfloat (qrx_tensor_get (out, 5), ==, 7);
  g_assert_false (qrx_delimited_is_missing (table, 5, 0));
  g_assert_false (qrx_delimited_read_numbers (table, (gsize[]){ 0 }, 1, QRX_MISSING_REFUSE, out, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_cmpstr (error->message, ==, "t.csv:2, column \"a\": found an empty field, expected a number");
}

static void
test_what_is_no_finite_number_is_refused (void)
{
  static const char *const cells[] = { "x", "1x", "inf", "-inf", "Infinity", "1e999", "0x10", "1 2", "1,5", "--1", "1e", "-" };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *text = g_strdup_printf ("id;v\na;1\nb;%s\n", cells[i]);
      g_autofree char *expected = g_strdup_printf ("t.csv:3, column \"v\": found \"%s\", expected a finite number", cells[i]);
      g_autoptr (QrxDelimited) table = NULL;
      g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 1);
      g_autoptr (GError) error = NULL;
      double value;

      table = parse (text, QRX_DELIMITED_DEFAULT);
      g_assert_false (qrx_delimited_read_numbers (table, (gsize[]){ 1 }, 1, QRX_MISSING_NAN, out, &error));
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
      g_assert_cmpstr (error->message, ==, expected);
      g_assert_false (qrx_delimited_get_number (table, 1, 1, QRX_MISSING_NAN, &value, NULL));
    }
}

/* 1e39 is a double but no float. */
static void
test_what_does_not_fit_the_element_type_is_refused (void)
{
  g_autoptr (QrxDelimited) table = parse ("a,b\n1,2\n3,1e39\n", QRX_DELIMITED_DEFAULT);
  g_autoptr (QrxTensor) narrow = qrx_tensor_new_matrix (QRX_DTYPE_F32, 2, 2);
  g_autoptr (QrxTensor) wide = qrx_tensor_new_matrix (QRX_DTYPE_F64, 2, 2);
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_delimited_read_numbers (table, (gsize[]){ 0, 1 }, 2, QRX_MISSING_REFUSE, wide, NULL));
  g_assert_false (qrx_delimited_read_numbers (table, (gsize[]){ 0, 1 }, 2, QRX_MISSING_REFUSE, narrow, &error));
  g_assert_cmpstr (error->message, ==, "t.csv:3, column \"b\": found \"1e39\", expected a finite number");
}

/* Around multiples of the index' stride, in rows whose fields differ in length, and every other one in quoting. */
static void
test_wide_rows_find_every_field (void)
{
  const gsize n_columns = 200, n_rows = 5;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (QrxDelimited) table = NULL;
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, n_rows, 3);

  for (gsize j = 0; j < n_columns; j++)
    g_string_append_printf (text, "%sc%zu", j > 0 ? "\t" : "", j);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < n_columns; j++)
      g_string_append_printf (text, i % 2 == 0 && (i + j) % 7 == 0 ? "%c\"%zu\"" : "%c%zu", j > 0 ? '\t' : '\n',
                              i * 1000 + j * (j % 3));
  table = parse (text->str, QRX_DELIMITED_DEFAULT);
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = n_columns; j-- > 0;)
      {
        g_autofree char *expected = g_strdup_printf ("%zu", i * 1000 + j * (j % 3));

        assert_cell (table, i, j, expected);
      }
  g_assert_true (qrx_delimited_read_numbers (table, (gsize[]){ 199, 64, 31 }, 3, QRX_MISSING_REFUSE, out, NULL));
  g_assert_cmpfloat (qrx_tensor_get (out, 3), ==, 1000 + 199);
  g_assert_cmpfloat (qrx_tensor_get (out, 4), ==, 1000 + 64);
  g_assert_cmpfloat (qrx_tensor_get (out, 5), ==, 1000 + 31);
}

static void
test_quoting_reads_back (void)
{
  static const char *const texts[] = { "plain", "a,b", "say \"x\"", "two\nlines", "", "\"", "tab\there" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *quoted = qrx_delimited_quote (texts[i], ',');
      g_autofree char *text = g_strdup_printf ("a,b\n%s,1\n", quoted);
      g_autoptr (QrxDelimited) table = parse (text, QRX_DELIMITED_DEFAULT);

      assert_cell (table, 0, 0, texts[i]);
    }
}

static void
test_a_missing_file_is_not_found (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qrx_delimited_read ("/nonexistent/t.csv", QRX_DELIMITED_DEFAULT, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delimited/rfc-4180", test_quotes_and_line_ends_are_those_of_rfc_4180);
  g_test_add_func ("/delimited/sniffing", test_the_delimiter_is_the_most_frequent_in_the_header);
  g_test_add_func ("/delimited/forced", test_a_forced_delimiter_leaves_the_others_alone);
  g_test_add_func ("/delimited/faults", test_faults_name_file_and_line);
  g_test_add_func ("/delimited/columns", test_columns_are_found_by_name);
  g_test_add_func ("/delimited/numbers", test_numbers_arrive_in_the_order_wanted);
  g_test_add_func ("/delimited/missing", test_missing_numbers_are_nan_only_where_allowed);
  g_test_add_func ("/delimited/not-numbers", test_what_is_no_finite_number_is_refused);
  g_test_add_func ("/delimited/narrow", test_what_does_not_fit_the_element_type_is_refused);
  g_test_add_func ("/delimited/wide", test_wide_rows_find_every_field);
  g_test_add_func ("/delimited/quoting", test_quoting_reads_back);
  g_test_add_func ("/delimited/missing-file", test_a_missing_file_is_not_found);
  return g_test_run ();
}
