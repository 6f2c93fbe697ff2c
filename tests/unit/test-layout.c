/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-layout.h>

static char *
list_pairs (QrxCircuit *circuit)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < qrx_circuit_get_n_operations (circuit); i++)
    {
      gsize n_wires;
      const guint *wires = qrx_circuit_get_wires (circuit, i, &n_wires);

      if (n_wires == 2)
        g_string_append_printf (text, "%s%u%u ", qrx_circuit_get_gate (circuit, i), wires[0], wires[1]);
    }
  return g_string_free (text, FALSE);
}

static char *
list_entanglers (const char *layout, guint n_qubits, guint n_layers)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("ry", layout, n_qubits, n_layers, FALSE, NULL);

  return list_pairs (circuit);
}

static void
test_entanglers_follow_the_published_patterns (void)
{
  static const struct {
    const char *layout;
    guint n_qubits, n_layers;
    const char *entanglers;
  } cases[] = {
    { "strongly-entangling", 4, 4,
      "cx01 cx12 cx23 cx30 cx02 cx13 cx20 cx31 cx03 cx10 cx21 cx32 cx01 cx12 cx23 cx30 " },
    { "strongly-entangling", 2, 2, "cx01 cx10 cx01 cx10 " },
    { "strongly-entangling", 1, 3, "" },
    { "ring-entangling", 3, 2, "cx01 cx12 cx20 cx01 cx12 cx20 " },
    { "basic-entangler", 3, 1, "cx01 cx12 cx20 " },
    { "basic-entangler", 2, 1, "cx01 " },
    { "hardware-efficient", 3, 1, "cz01 cz12 " },
    { "hardware-efficient", 1, 1, "" },
    { "product", 3, 2, "" },
    { "matrix-product", 4, 1, "cx01 cx12 cx23 " },
    { "tree", 4, 1, "cx01 cx23 cx13 " },
    { "tree", 7, 1, "cx01 cx23 cx45 cx13 cx56 cx36 " },
    { "sim-11", 5, 1, "cx10 cx32 cx21 cx43 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = list_entanglers (cases[i].layout, cases[i].n_qubits, cases[i].n_layers);

      g_assert_cmpstr (found, ==, cases[i].entanglers);
    }
}

/* Operations whose angle is a weight. */
static guint
count_weighted (QrxCircuit *circuit)
{
  guint n = 0;

  for (guint i = 0; i < qrx_circuit_get_n_operations (circuit); i++)
    if (qrx_circuit_get_n_angles (circuit, i) == 1 &&
        qrx_angle_get_source (qrx_circuit_get_angle (circuit, i, 0)) == QRX_ANGLE_SOURCE_WEIGHT)
      n++;
  return n;
}

static void
test_every_layout_uses_each_weight_once (void)
{
  const char *const *names = qrx_layout_list_names ();
  const char *const *encodings = qrx_encoding_list_names ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint j = 0; encodings[j] != NULL; j++)
      for (guint n = 1; n <= 4; n++)
        {
          g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout (encodings[j], names[i], n, 2, j == 1, NULL);

          guint n_inputs = qrx_encoding_get_n_inputs (encodings[j], n);

          g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, count_weighted (circuit));
          g_assert_cmpuint (qrx_circuit_get_n_inputs (circuit), ==, n_inputs);
          g_assert_cmpuint (qrx_encoding_get_n_qubits (encodings[j], n_inputs), ==, n);
          g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, n);
          g_assert_nonnull (qrx_layout_get_summary (names[i]));
          g_assert_nonnull (qrx_layout_get_citation (names[i]));
          g_assert_nonnull (qrx_encoding_get_summary (encodings[j]));
        }
}

/* The figures and the table of Sim, Johnson & Aspuru-Guzik 2019 for four qubits and one layer: parameters, and two-qubit
 * gates with the control first. */
static const struct {
  guint n_weights;
  const char *singles, *entanglers;
} sims[19] = {
  { 8, "rx4 rz4", "" },
  { 8, "rx4 rz4", "cx32 cx21 cx10 " },
  { 11, "rx4 rz4", "crz32 crz21 crz10 " },
  { 11, "rx4 rz4", "crx32 crx21 crx10 " },
  { 28, "rx8 rz8", "crz32 crz31 crz30 crz23 crz21 crz20 crz13 crz12 crz10 crz03 crz02 crz01 " },
  { 28, "rx8 rz8", "crx32 crx31 crx30 crx23 crx21 crx20 crx13 crx12 crx10 crx03 crx02 crx01 " },
  { 19, "rx8 rz8", "crz10 crz32 crz21 " },
  { 19, "rx8 rz8", "crx10 crx32 crx21 " },
  { 4, "h4 rx4", "cz32 cz21 cz10 " },
  { 8, "ry8", "cz32 cz21 cz10 cz03 " },
  { 12, "ry6 rz6", "cx10 cx32 cx21 " },
  { 12, "ry6 rz6", "cz10 cz32 cz21 " },
  { 16, "ry8", "crz30 crz23 crz12 crz01 crz32 crz03 crz10 crz21 " },
  { 16, "ry8", "crx30 crx23 crx12 crx01 crx32 crx03 crx10 crx21 " },
  { 8, "ry8", "cx30 cx23 cx12 cx01 cx32 cx03 cx10 cx21 " },
  { 11, "rx4 rz4", "crz10 crz32 crz21 " },
  { 11, "rx4 rz4", "crx10 crx32 crx21 " },
  { 12, "rx4 rz4", "crz30 crz23 crz12 crz01 " },
  { 12, "rx4 rz4", "crx30 crx23 crx12 crx01 " },
};

/* "ry8", "h4 rx4": gates of one qubit by kind, without the first @skip operations. */
static char *
count_singles (QrxCircuit *circuit, guint skip)
{
  static const char *const kinds[] = { "h", "rx", "ry", "rz" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      guint n = 0;

      for (guint i = skip; i < qrx_circuit_get_n_operations (circuit); i++)
        n += g_str_equal (qrx_circuit_get_gate (circuit, i), kinds[k]);
      if (n > 0)
        g_string_append_printf (text, "%s%s%u", text->len > 0 ? " " : "", kinds[k], n);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_sims_circuits_are_as_in_the_paper (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sims); i++)
    {
      g_autofree char *name = g_strdup_printf ("sim-%u", i + 1);
      g_autoptr (QrxCircuit) one = qrx_circuit_new_from_layout ("rx", name, 4, 1, FALSE, NULL);
      g_autoptr (QrxCircuit) three = qrx_circuit_new_from_layout ("rx", name, 4, 3, FALSE, NULL);
      g_autofree char *singles = count_singles (one, 4), *entanglers = list_entanglers (name, 4, 1);
      guint once = i + 1 == 10 ? 4 : 0; /* the first RYs of circuit 10 are not repeated */

      g_assert_cmpuint (qrx_circuit_get_n_weights (one), ==, sims[i].n_weights);
      g_assert_cmpuint (qrx_circuit_get_n_weights (three), ==, 3 * (sims[i].n_weights - once) + once);
      g_assert_cmpstr (singles, ==, sims[i].singles);
      g_assert_cmpstr (entanglers, ==, sims[i].entanglers);
    }
}

/* The formulas of the table, at other even sizes. */
static void
test_sims_circuits_grow_as_the_table_says (void)
{
  for (guint n = 2; n <= 8; n += 2)
    {
      const guint expected[19] = { 2 * n, 2 * n, 3 * n - 1, 3 * n - 1, n * n + 3 * n, n * n + 3 * n, 5 * n - 1, 5 * n - 1, n,
                                   2 * n, 4 * n - 4, 4 * n - 4, 4 * n, 4 * n, 2 * n, 3 * n - 1, 3 * n - 1, 3 * n, 3 * n };

      for (guint i = 0; i < 19; i++)
        {
          g_autofree char *name = g_strdup_printf ("sim-%u", i + 1);
          g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("rx", name, n, 1, FALSE, NULL);

          g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, expected[i]);
        }
    }
}

static void
test_open_layouts_take_other_patterns (void)
{
  static const struct {
    const char *entanglement, *entanglers;
  } cases[] = {
    { "layout", "cz01 cz12 cz23 " },
    { "line", "cz01 cz12 cz23 " },
    { "ring", "cz01 cz12 cz23 cz30 " },
    { "all", "cz01 cz02 cz03 cz12 cz13 cz23 " },
    { "pairwise", "cz01 cz23 cz12 " },
  };
  g_autoptr (GError) error = NULL, unknown = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout_full (
          "ry", "hardware-efficient", cases[i].entanglement, 4, 1, QRX_LAYOUT_PLAIN, NULL);
      g_autofree char *found = list_pairs (circuit);

      g_assert_cmpstr (found, ==, cases[i].entanglers);
    }
  g_assert_null (qrx_circuit_new_from_layout_full ("ry", "sim-2", "all", 4, 1, QRX_LAYOUT_PLAIN, &error));
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_null (qrx_circuit_new_from_layout_full ("ry", "product", "rings", 4, 1, QRX_LAYOUT_PLAIN, &unknown));
  g_assert_error (unknown, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
}

/* Every second layer undoes the one before it: the same gates backwards, with opposite angles and other weights. */
static void
test_mirrored_layers_undo_each_other (void)
{
  const char *const *names = qrx_layout_list_names ();

  for (guint l = 0; names[l] != NULL; l++)
    {
      g_autoptr (QrxCircuit) circuit =
        qrx_circuit_new_from_layout_full ("rx", names[l], "layout", 4, 2, QRX_LAYOUT_MIRRORED, NULL);
      guint first = g_str_equal (names[l], "sim-10") ? 8 : 4, n = qrx_circuit_get_n_operations (circuit);
      guint half = (qrx_circuit_get_n_weights (circuit) - (first - 4)) / 2;

      for (guint i = first, j = n - 1; i < j; i++, j--)
        {
          gsize n_wires;
          const guint *wires = qrx_circuit_get_wires (circuit, i, &n_wires), *back = qrx_circuit_get_wires (circuit, j, &n_wires);

          g_assert_cmpstr (qrx_circuit_get_gate (circuit, i), ==, qrx_circuit_get_gate (circuit, j));
          g_assert_cmpmem (wires, n_wires * sizeof *wires, back, n_wires * sizeof *back);
          if (qrx_circuit_get_n_angles (circuit, i) == 0)
            continue;
          g_assert_cmpuint (qrx_angle_get_index (qrx_circuit_get_angle (circuit, j, 0)), ==,
                            half + qrx_angle_get_index (qrx_circuit_get_angle (circuit, i, 0)));
          g_assert_cmpfloat (qrx_angle_get_scale (qrx_circuit_get_angle (circuit, j, 0)), ==, -1);
        }
    }
}

static void
test_encodings_count_their_angles (void)
{
  static const struct {
    const char *encoding;
    guint n_qubits, n_inputs;
  } cases[] = {
    { "ry", 5, 5 }, { "ry-rz", 5, 10 }, { "zz", 5, 15 }, { "iqp", 4, 10 }, { "amplitude", 5, 31 }, { "zz", 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (qrx_encoding_get_n_inputs (cases[i].encoding, cases[i].n_qubits), ==, cases[i].n_inputs);
  g_assert_cmpuint (qrx_encoding_get_n_qubits ("zz", 4), ==, 0);
  g_assert_cmpuint (qrx_encoding_get_n_qubits ("amplitude", 8), ==, 0);
  g_assert_cmpuint (qrx_encoding_get_n_qubits ("ry", 31), ==, 0);
  g_assert_cmpuint (qrx_encoding_get_n_qubits ("none", 3), ==, 0);
  g_assert_null (qrx_circuit_new_from_layout ("amplitude", "product", 17, 1, FALSE, NULL));
}

/* On |0⟩ an RZ carries nothing, so an encoding by RZ starts with H. */
static void
test_rz_is_encoded_after_h (void)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_layout ("rz", "product", 1, 2, TRUE, NULL);

  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 0), ==, "h");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 1), ==, "rz");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 5), ==, "h");
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 10);
}

static void
test_unknown_names_and_sizes_are_refused (void)
{
  g_autoptr (GError) unknown = NULL, misspelt = NULL, large = NULL;

  g_assert_null (qrx_circuit_new_from_layout ("rw", "product", 2, 1, FALSE, &unknown));
  g_assert_error (unknown, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_null (qrx_circuit_new_from_layout ("ry", "strongly-entangled", 2, 1, FALSE, &misspelt));
  g_assert_error (misspelt, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN);
  g_assert_nonnull (g_strrstr (misspelt->message, "did you mean \"strongly-entangling\""));
  g_assert_null (qrx_circuit_new_from_layout ("ry", "product", 31, 1, FALSE, &large));
  g_assert_error (large, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/entanglers-follow-the-published-patterns", test_entanglers_follow_the_published_patterns);
  g_test_add_func ("/layout/every-layout-uses-each-weight-once", test_every_layout_uses_each_weight_once);
  g_test_add_func ("/layout/rz-is-encoded-after-h", test_rz_is_encoded_after_h);
  g_test_add_func ("/layout/unknown-names-and-sizes-are-refused", test_unknown_names_and_sizes_are_refused);
  g_test_add_func ("/layout/sims-circuits-are-as-in-the-paper", test_sims_circuits_are_as_in_the_paper);
  g_test_add_func ("/layout/sims-circuits-grow-as-the-table-says", test_sims_circuits_grow_as_the_table_says);
  g_test_add_func ("/layout/open-layouts-take-other-patterns", test_open_layouts_take_other_patterns);
  g_test_add_func ("/layout/mirrored-layers-undo-each-other", test_mirrored_layers_undo_each_other);
  g_test_add_func ("/layout/encodings-count-their-angles", test_encodings_count_their_angles);
  return g_test_run ();
}
