/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "quantum/qrx-gate-private.h"

#include <math.h>
#include <string.h>

/* Rounding of some twenty products of numbers at most 1. */
#define TOLERANCE 1e-14

static const double angles[QRX_GATE_MAX_PARAMETERS] = { 0.7, -1.9, 2.3 };

static void
multiply (gsize size, const double complex *a, const double complex *b, double complex *out)
{
  for (gsize i = 0; i < size; i++)
    for (gsize j = 0; j < size; j++)
      {
        out[i * size + j] = 0;
        for (gsize k = 0; k < size; k++)
          out[i * size + j] += a[i * size + k] * b[k * size + j];
      }
}

/* The Kronecker product of the string's letters. */
static void
pauli_matrix (const char *letters, double complex *out)
{
  static const double complex factors[4][4] = { { 1, 0, 0, 1 }, { 0, 1, 1, 0 }, { 0, -I, I, 0 }, { 1, 0, 0, -1 } };
  gsize n = strlen (letters), size = (gsize) 1 << n;

  for (gsize i = 0; i < size; i++)
    for (gsize j = 0; j < size; j++)
      {
        out[i * size + j] = 1;
        for (gsize w = 0; w < n; w++)
          out[i * size + j] *= factors[strchr ("IXYZ", letters[w]) - "IXYZ"][(i >> (n - 1 - w) & 1) * 2 +
                                                                              (j >> (n - 1 - w) & 1)];
      }
}

static void
test_rotations_equal_the_matrix_up_to_a_phase (void)
{
  const char *const *names = qrx_gate_list_names ();

  for (gsize g = 0; names[g] != NULL; g++)
    {
      const QrxGate *gate = qrx_gate_find (names[g]);
      gsize size = (gsize) 1 << gate->n_wires;
      double complex matrix[64], product[64] = { 0 }, factor[64], next[64], overlap = 0;

      qrx_gate_get_matrix (gate, angles, matrix);
      for (gsize i = 0; i < size; i++)
        product[i * size + i] = 1;
      for (guint r = 0; r < gate->n_rotations; r++)
        {
          const QrxGateRotation *rotation = &gate->rotations[r];
          double angle = rotation->factor * (rotation->parameter < 0 ? G_PI_2 : angles[rotation->parameter]);

          g_assert_cmpuint (strlen (rotation->pauli), ==, gate->n_wires);
          pauli_matrix (rotation->pauli, factor);
          for (gsize i = 0; i < size * size; i++)
            factor[i] = (i % (size + 1) == 0 ? cos (angle / 2) : 0) - I * sin (angle / 2) * factor[i];
          multiply (size, factor, product, next);
          memcpy (product, next, sizeof next);
        }
      for (gsize i = 0; i < size * size; i++)
        overlap += conj (product[i]) * matrix[i];
      g_assert_cmpfloat_with_epsilon (cabs (overlap), (double) size, TOLERANCE);
    }
}

/* Both rules that the table states are exact, so a derivative by them must equal a fine central difference. */
static void
test_entries_obey_the_stated_derivative_rule (void)
{
  const char *const *names = qrx_gate_list_names ();

  for (gsize g = 0; names[g] != NULL; g++)
    {
      const QrxGate *gate = qrx_gate_find (names[g]);
      gsize size = (gsize) 1 << (2 * gate->n_wires);

      for (guint k = 0; k < gate->n_parameters; k++)
        {
          gboolean half = gate->parameters[k].entries == QRX_ENTRY_HALF;
          double shift = half ? G_PI : G_PI_2, step = 1e-5;
          double complex m[4][64];

          for (guint s = 0; s < 4; s++)
            {
              double p[QRX_GATE_MAX_PARAMETERS];

              memcpy (p, angles, sizeof p);
              p[k] += (s % 2 == 0 ? 1 : -1) * (s < 2 ? shift : step);
              qrx_gate_get_matrix (gate, p, m[s]);
            }
          for (gsize i = 0; i < size; i++) /* a difference of step 1e-5 errs by about 1e-10 */
            g_assert_cmpfloat (cabs ((m[0][i] - m[1][i]) / (half ? 4 : 2) - (m[2][i] - m[3][i]) / (2 * step)), <, 1e-9);
        }
    }
}

static void
test_controls_are_the_first_wires (void)
{
  double complex m[64];

  qrx_gate_get_matrix (qrx_gate_find ("cx"), NULL, m);
  g_assert_true (m[0] == 1 && m[5] == 1 && m[11] == 1 && m[14] == 1 && m[10] == 0);
  qrx_gate_get_matrix (qrx_gate_find ("ccx"), NULL, m);
  g_assert_true (m[5 * 8 + 5] == 1 && m[6 * 8 + 7] == 1 && m[7 * 8 + 6] == 1 && m[6 * 8 + 6] == 0);
  qrx_gate_get_matrix (qrx_gate_find ("cswap"), NULL, m);
  g_assert_true (m[3 * 8 + 3] == 1 && m[5 * 8 + 6] == 1 && m[6 * 8 + 5] == 1);
  g_assert_null (qrx_gate_find ("cnot"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gate/rotations-equal-the-matrix-up-to-a-phase", test_rotations_equal_the_matrix_up_to_a_phase);
  g_test_add_func ("/gate/entries-obey-the-stated-derivative-rule", test_entries_obey_the_stated_derivative_rule);
  g_test_add_func ("/gate/controls-are-the-first-wires", test_controls_are_the_first_wires);
  return g_test_run ();
}
