/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/qrx-port-private.h"

static QrxPortSpec *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  QrxPortSpec *spec = qrx_port_spec_parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (qrx_port_spec_get_text (spec), ==, text);
  return spec;
}

static void
test_a_kind_alone_is_a_spec (void)
{
  g_autoptr (QrxPortSpec) spec = parse ("table");

  g_assert_cmpstr (qrx_port_spec_get_kind (spec), ==, "table");
  g_assert_null (qrx_port_spec_get_quantity (spec));
  g_assert_cmpuint (qrx_port_spec_get_rank (spec), ==, 0);
  g_assert_false (qrx_port_spec_is_optional (spec));
  g_assert_false (qrx_port_spec_is_list (spec));
}

static void
test_all_parts_are_read (void)
{
  g_autoptr (QrxPortSpec) spec = parse ("flow:any=quantity[B, W=width, 3]*");

  g_assert_cmpstr (qrx_port_spec_get_kind (spec), ==, "flow");
  g_assert_cmpstr (qrx_port_spec_get_quantity (spec), ==, "any");
  g_assert_cmpstr (qrx_port_spec_get_quantity_property (spec), ==, "quantity");
  g_assert_cmpuint (qrx_port_spec_get_rank (spec), ==, 3);
  g_assert_cmpstr (qrx_port_spec_get_symbol (spec, 0), ==, "B");
  g_assert_null (qrx_port_spec_get_symbol_property (spec, 0));
  g_assert_cmpint (qrx_port_spec_get_size (spec, 0), ==, -1);
  g_assert_cmpstr (qrx_port_spec_get_symbol_property (spec, 1), ==, "width");
  g_assert_null (qrx_port_spec_get_symbol (spec, 2));
  g_assert_cmpint (qrx_port_spec_get_size (spec, 2), ==, 3);
  g_assert_true (qrx_port_spec_is_list (spec));
  g_assert_false (qrx_port_spec_is_optional (spec));
}

static void
test_optional_is_read (void)
{
  g_autoptr (QrxPortSpec) spec = parse ("circuit ?");

  g_assert_true (qrx_port_spec_is_optional (spec));
}

static void
test_what_is_no_spec_is_refused_at_its_character (void)
{
  static const struct {
    const char *text;
    const char *message;
  } cases[] = {
    { "", "character 1: found the end, expected a kind" },
    { "Table", "character 1: found \"Table\", expected a kind" },
    { "flow:", "character 6: found the end, expected a quantity" },
    { "flow:angle[", "character 12: found the end, expected a symbol or a size" },
    { "flow:angle[B, ]", "character 15: found \"]\", expected a symbol or a size" },
    { "flow:angle[B Q]", "character 14: found \"Q]\", expected \",\" or \"]\"" },
    { "flow:angle[B, Q=]", "character 17: found \"]\", expected the name of a property" },
    { "flow[0]", "character 6: found \"0]\", expected a size from 1" },
    { "flow[99999999999999999999]", "expected a size from 1" },
    { "flow[A, B, C, D, E]", "expected at most four dimensions" },
    { "model?*", "character 7: found \"*\", expected the end" },
    { "model [B] x", "character 11: found \"x\", expected the end" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qrx_port_spec_parse (cases[i].text, &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

static void
test_two_quantities_take_an_annotation (void)
{
  static const struct {
    const char *text;
    gboolean takes;
  } cases[] = {
    { "flow:category=by[B, C]", TRUE }, { "flow:known-category=by[B, C]?", TRUE }, { "flow:feature[B, C]", FALSE },
    { "flow:any[B, C]", FALSE },        { "flow[B, C]", FALSE },                   { "table:category", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrxPortSpec) spec = parse (cases[i].text);

      g_assert_cmpint (qrx_port_spec_takes_categories (spec), ==, cases[i].takes);
    }
}

static void
test_a_port_keeps_its_spec_alive (void)
{
  QrxPortSpec *spec = parse ("model");
  g_autoptr (QrxPort) port = qrx_port_new ("model", TRUE, spec, "the fitted model");

  qrx_port_spec_unref (spec);
  g_assert_cmpstr (qrx_port_spec_get_kind (qrx_port_get_spec (port)), ==, "model");
  g_assert_cmpstr (qrx_port_get_name (port), ==, "model");
  g_assert_cmpstr (qrx_port_get_blurb (port), ==, "the fitted model");
  g_assert_true (qrx_port_is_output (port));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/port/kind-alone", test_a_kind_alone_is_a_spec);
  g_test_add_func ("/port/all-parts", test_all_parts_are_read);
  g_test_add_func ("/port/optional", test_optional_is_read);
  g_test_add_func ("/port/refused", test_what_is_no_spec_is_refused_at_its_character);
  g_test_add_func ("/port/categories", test_two_quantities_take_an_annotation);
  g_test_add_func ("/port/spec-alive", test_a_port_keeps_its_spec_alive);
  return g_test_run ();
}
