/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings and the nodes that make their angles, against the states that their papers define. */
#include "layer-case.h"

#include <complex.h>
#include <math.h>
#include <string.h>

static QrxRegistry *registry;

/* Rounding of some dozen operations on numbers near 1. */
#define TOLERANCE 1e-13

static const char *const observables[] = { "ZII", "IXI", "IIY", "XXX", "YZX", "XIZ" };
#define N_OBSERVABLES G_N_ELEMENTS (observables)

static LayerCase *
run_layer (const char *type, const char *properties, QrxTensor *input, gsize output_width)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  LayerCase *layer_case;

  g_ptr_array_add (inputs, g_object_ref (input));
  layer_case =
    layer_case_new (layer_case_create (registry, type, properties), inputs, output_width, QRX_MODE_TRAIN, QRX_DTYPE_F64);
  layer_case_forward (layer_case);
  return layer_case;
}

static QrxTensor *
new_row (const double *values, gsize n)
{
  QrxTensor *row = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, n);

  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (row, i, values[i]);
  return row;
}

/* Qubit 0 is the highest bit. */
static double
expect (const double complex *state, const char *pauli)
{
  double complex sum = 0;
  guint flips = 0;

  for (guint q = 0; q < 3; q++)
    flips |= (pauli[q] == 'X' || pauli[q] == 'Y') ? 4u >> q : 0;
  for (guint i = 0; i < 8; i++)
    {
      double complex factor = 1;

      for (guint q = 0; q < 3; q++)
        {
          gboolean set = (i & 4u >> q) != 0;

          if (pauli[q] == 'Z' && set)
            factor *= -1;
          if (pauli[q] == 'Y') /* Y|0⟩ = i|1⟩, Y|1⟩ = −i|0⟩ */
            factor *= set ? -I : I;
        }
      sum += conj (state[i ^ flips]) * factor * state[i];
    }
  return creal (sum);
}

/* The encoding alone: a layer of RYs by weights that stay 0. */
static void
assert_encoded (const char *encoding, QrxTensor *angles, const double complex *state)
{
  g_autofree char *list = NULL, *properties = NULL;
  g_autoptr (LayerCase) layer = NULL;

  list = g_strjoinv ("\", \"", (char *[]){ "ZII", "IXI", "IIY", "XXX", "YZX", "XIZ", NULL });
  properties = g_strdup_printf ("{\"encoding\": \"%s\", \"layout\": \"product\", \"layers\": 1,"
                                " \"initial-weights\": \"zeros\", \"observables\": [\"%s\"]}",
                                encoding, list);
  layer = run_layer ("quantum-layer", properties, angles, N_OBSERVABLES);
  for (guint i = 0; i < N_OBSERVABLES; i++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (qrx_step_get_output (layer->step), i), expect (state, observables[i]),
                                    TOLERANCE);
}

static void
test_amplitudes_are_those_given_over_their_norm (void)
{
  static const double rows[][8] = {
    { 0.3, -1.2, 0.5, 2, -0.7, 0.1, 0.9, -0.4 },
    { -1, -2, -3, -4, -5, -6, -7, -8 },
    { 0, 0, 0, 0, 0, 0, -2, 0 },
    { 0, 3, 0, 0, 0, 0, 0, -3 },
    { 1e-200, 1e-200, 0, 1e-200, 0, 0, 0, 0 },
  };

  for (gsize r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      g_autoptr (QrxTensor) input = new_row (rows[r], 8);
      g_autoptr (LayerCase) angles = run_layer ("amplitude-angles", "{}", input, 7);
      double complex state[8];
      double norm = 0;

      for (guint i = 0; i < 8; i++)
        norm = hypot (norm, rows[r][i]);
      for (guint i = 0; i < 8; i++)
        state[i] = rows[r][i] / norm;
      assert_encoded ("amplitude", qrx_step_get_output (angles->step), state);
    }
}

static void
apply_hadamards (double complex *state)
{
  for (guint bit = 1; bit < 8; bit *= 2)
    for (guint i = 0; i < 8; i++)
      if ((i & bit) == 0)
        {
          double complex a = state[i], b = state[i | bit];

          state[i] = (a + b) * M_SQRT1_2;
          state[i | bit] = (a - b) * M_SQRT1_2;
        }
}

static guint
bit_of (guint index, guint qubit)
{
  return index >> (2 - qubit) & 1;
}

/* Twice: Hadamards, then exp(i 2x) for each qubit that is 1 and exp(i 2 (π − x)(π − y)) for each pair that differs. */
static void
test_zz_is_the_feature_map_of_havlicek (void)
{
  static const double x[3] = { 0.4, -1.1, 2.3 };
  g_autoptr (QrxTensor) input = new_row (x, 3);
  g_autoptr (LayerCase) angles = run_layer ("pair-products", "{}", input, 6);
  double complex state[8] = { 1 };

  for (guint repeat = 0; repeat < 2; repeat++)
    {
      apply_hadamards (state);
      for (guint i = 0; i < 8; i++)
        {
          double phase = 0;

          for (guint q = 0; q < 3; q++)
            phase += bit_of (i, q) * 2 * x[q];
          for (guint q = 0; q < 3; q++)
            for (guint p = q + 1; p < 3; p++)
              phase += (bit_of (i, q) ^ bit_of (i, p)) * 2 * (G_PI - x[q]) * (G_PI - x[p]);
          state[i] *= cexp (I * phase);
        }
    }
  assert_encoded ("zz", qrx_step_get_output (angles->step), state);
}

static void
test_iqp_is_a_diagonal_of_products (void)
{
  static const double x[3] = { 0.4, -1.1, 2.3 };
  g_autoptr (QrxTensor) input = new_row (x, 3);
  g_autoptr (LayerCase) angles = run_layer ("iqp-products", "{}", input, 6);
  double complex state[8] = { 1 };

  apply_hadamards (state);
  for (guint i = 0; i < 8; i++)
    {
      double phase = 0, sign[3];

      for (guint q = 0; q < 3; q++)
        sign[q] = bit_of (i, q) ? -1 : 1;
      for (guint q = 0; q < 3; q++)
        phase -= sign[q] * x[q] / 2;
      for (guint q = 0; q < 3; q++)
        for (guint p = q + 1; p < 3; p++)
          phase -= sign[q] * sign[p] * x[q] * x[p] / 2;
      state[i] *= cexp (I * phase);
    }
  assert_encoded ("iqp", qrx_step_get_output (angles->step), state);
}

/* On each qubit RZ(arctan x²) RY(arctan x) H |0⟩. */
static void
test_ry_rz_is_the_encoding_of_chen (void)
{
  static const double x[3] = { 0.4, -1.1, 2.3 };
  g_autoptr (QrxTensor) input = new_row (x, 3);
  g_autoptr (LayerCase) angles = run_layer ("arctan-pair", "{}", input, 6);
  double complex state[8];

  for (guint i = 0; i < 8; i++)
    {
      state[i] = 1;
      for (guint q = 0; q < 3; q++)
        {
          double half = atan (x[q]) / 2, turn = atan (x[q] * x[q]) / 2;

          state[i] *= bit_of (i, q) ? M_SQRT1_2 * (sin (half) + cos (half)) * cexp (I * turn)
                                    : M_SQRT1_2 * (cos (half) - sin (half)) * cexp (-I * turn);
        }
    }
  assert_encoded ("ry-rz", qrx_step_get_output (angles->step), state);
}

/* As if there were no layers: ⟨Z⟩ is the cosine of the angle, and every weight's gradient still is not zero for all. */
static void
test_identity_blocks_start_as_the_identity (void)
{
  static const double x[3] = { 0.4, -1.1, 2.3 };
  g_autoptr (QrxTensor) input = new_row (x, 3);
  const char *const layouts[] = { "strongly-entangling", "sim-5", "sim-11", "tree", "hardware-efficient" };

  for (gsize l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      g_autofree char *properties = g_strdup_printf (
          "{\"layout\": \"%s\", \"layers\": 4, \"mirrored\": true, \"initial-weights\": \"identity-blocks\"}", layouts[l]);
      g_autoptr (LayerCase) layer = run_layer ("quantum-layer", properties, input, 3);
      QrxTensor *weights = qrx_step_get_parameter (layer->step, "weights"), *gradient;
      gsize quarter = qrx_tensor_get_n_elements (weights) / 4;
      double largest = 0;

      for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon (qrx_tensor_get (qrx_step_get_output (layer->step), i), cos (x[i]), TOLERANCE);
      g_assert_cmpfloat (qrx_tensor_get (weights, 0), ==, qrx_tensor_get (weights, quarter));
      g_assert_cmpfloat (qrx_tensor_get (weights, 0), !=, qrx_tensor_get (weights, 2 * quarter));
      qrx_tensor_fill (qrx_step_get_output_gradient (layer->step), 1);
      layer_case_backward (layer);
      gradient = qrx_step_get_parameter_gradient (layer->step, "weights");
      for (gsize i = 0; i < 4 * quarter; i++)
        largest = fmax (largest, fabs (qrx_tensor_get (gradient, i)));
      g_assert_cmpfloat (largest, >, 1e-3);
    }
}

static void
test_a_row_of_zeros_is_no_state (void)
{
  static const double zeros[4] = { 0 };
  g_autoptr (QrxTensor) input = new_row (zeros, 4);
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LayerCase) layer = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (inputs, g_object_ref (input));
  layer = layer_case_new (layer_case_create (registry, "amplitude-angles", "{}"), inputs, 3, QRX_MODE_TRAIN, QRX_DTYPE_F64);
  g_assert_false (qrx_layer_forward (layer->layer, layer->step, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "row 0"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  registry = layer_case_load_registry ();
  g_test_add_func ("/encodings/amplitude", test_amplitudes_are_those_given_over_their_norm);
  g_test_add_func ("/encodings/zz", test_zz_is_the_feature_map_of_havlicek);
  g_test_add_func ("/encodings/iqp", test_iqp_is_a_diagonal_of_products);
  g_test_add_func ("/encodings/ry-rz", test_ry_rz_is_the_encoding_of_chen);
  g_test_add_func ("/encodings/identity-blocks", test_identity_blocks_start_as_the_identity);
  g_test_add_func ("/encodings/zeros", test_a_row_of_zeros_is_no_state);
  status = g_test_run ();
  g_object_unref (registry);
  return status;
}
