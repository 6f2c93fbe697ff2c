/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <qrx/qrx-circuit.h>
#include <string.h>

#include "quantum/qrx-observable-private.h"

static QrxCircuit *
measure (guint n_qubits, const char *const *observables)
{
  QrxCircuit *circuit = qrx_circuit_new (n_qubits);

  for (; *observables != NULL; observables++)
    {
      g_autoptr (GError) error = NULL;

      qrx_circuit_add_observable_text (circuit, *observables, &error);
      g_assert_no_error (error);
    }
  return circuit;
}

static void
test_text_comes_back_the_same (void)
{
  static const char *const given[] = { "ZI", "0.5 XX + -1 IZ", " - XY\t- 2e-3 ZZ + II ", "-0.25 YI", "+ XX", NULL };
  static const char *const written[] = { "ZI", "0.5 XX + -1 IZ", "-1 XY + -0.002 ZZ + II", "-0.25 YI", "XX" };
  g_autoptr (QrxCircuit) circuit = measure (2, given);

  g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = qrx_circuit_dup_observable (circuit, i);
      g_autoptr (QrxCircuit) again = measure (2, (const char *[]){ text, NULL });
      g_autofree char *same = qrx_circuit_dup_observable (again, 0);

      g_assert_cmpstr (text, ==, written[i]);
      g_assert_cmpstr (same, ==, text);
    }
}

static void
test_what_is_no_observable_is_refused_and_adds_nothing (void)
{
  static const struct {
    const char *text;
    const char *message;
  } faults[] = {
    { "", "found no word in an observable" },
    { " + ", "found the end of an observable" },
    { "XX +", "found the end of an observable" },
    { "XX + 0.5", "a coefficient at the end" },
    { "0.5 0.5 XX", "\"0.5\" is not a Pauli string of 2 letters" },
    { "XX YY", "found `YY` in an observable, expected `+` or `-`" },
    { "XX + Z", "\"Z\" is not a Pauli string of 2 letters" },
    { "XX + 1e999 ZZ", "the coefficient of \"ZZ\" is not finite" },
    { "xx", "\"xx\" is not a Pauli string" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (QrxCircuit) circuit = measure (2, (const char *[]){ "ZZ", NULL });
      g_autofree char *left = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (qrx_circuit_add_observable_text (circuit, faults[i].text, &error));
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, faults[i].message));
      g_assert_cmpuint (qrx_circuit_get_n_observables (circuit), ==, 1);
      left = qrx_circuit_dup_observable (circuit, 0);
      g_assert_cmpstr (left, ==, "ZZ");
    }
}

static void
test_ranges_hold_what_coefficients_allow (void)
{
  g_autoptr (QrxCircuit) circuit = measure (2, (const char *[]){ "ZI", "0.5 XX - 2 IZ", "3 II - ZZ", NULL });
  static const double bounds[][2] = { { -1, 1 }, { -2.5, 2.5 }, { 2, 4 } };

  for (guint i = 0; i < 3; i++)
    {
      double low, high;

      qrx_circuit_get_observable_range (circuit, i, &low, &high);
      g_assert_cmpfloat (low, ==, bounds[i][0]);
      g_assert_cmpfloat (high, ==, bounds[i][1]);
    }
}

static void
assert_bases (const char *const *observables, const char *expected)
{
  g_autoptr (QrxCircuit) circuit = measure ((guint) strlen (strpbrk (observables[0], "IXYZ")), observables);
  g_auto (GStrv) bases = qrx_circuit_list_bases (circuit);
  g_autofree char *joined = g_strjoinv (" ", bases);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_strings_without_different_letters_share_a_basis (void)
{
  assert_bases ((const char *[]){ "ZII", "IZI", "IIZ", NULL }, "ZZZ");
  assert_bases ((const char *[]){ "ZII", "IXI", "IIY", "ZXI", NULL }, "ZXY");
  assert_bases ((const char *[]){ "ZZ", "XX", "YY", NULL },
                "ZZ XX YY"); /* these commute, but no product basis has two */
  assert_bases ((const char *[]){ "III", NULL }, "");
  assert_bases ((const char *[]){ "XI", "0.5 XI + IZ", "XI - ZI", NULL }, "XZ ZI");
}

/* What has the largest coefficient chooses first: XX takes IX away from ZX. */
static void
test_large_coefficients_are_placed_first (void)
{
  assert_bases ((const char *[]){ "0.1 IX", "ZI", "5 XX", NULL }, "XX ZI");
}

/* Each term's basis has its letters. */
static void
test_every_term_is_in_its_basis (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint n = 1; n <= 6; n++)
    {
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new (n);
      g_autoptr (GArray) bases = NULL;
      guint basis_of_term[60];

      for (guint i = 0; i < 60; i++)
        {
          guint32 mask = ((guint32) 1 << n) - 1;
          g_autofree char *pauli = qrx_pauli_to_string (g_rand_int (rand) & mask, g_rand_int (rand) & mask, n);

          g_assert_true (qrx_circuit_add_observable (circuit, pauli, g_rand_double_range (rand, -1, 1), NULL));
        }
      bases = qrx_circuit_find_bases (circuit, basis_of_term);
      for (guint i = 0; i < 60; i++)
        {
          const QrxObservableTerm *term = &g_array_index (circuit->terms, QrxObservableTerm, i);
          guint32 letters = term->x | term->z;
          const QrxString *basis;

          g_assert_true ((letters == 0) == (basis_of_term[i] == QRX_NO_BASIS));
          if (letters == 0)
            continue;
          g_assert_cmpuint (basis_of_term[i], <, bases->len);
          basis = &g_array_index (bases, QrxString, basis_of_term[i]);
          g_assert_cmpuint (basis->x & letters, ==, term->x);
          g_assert_cmpuint (basis->z & letters, ==, term->z);
        }
      g_assert_cmpuint (bases->len, <=, n == 1 ? 3 : 60);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/observable/text-comes-back-the-same", test_text_comes_back_the_same);
  g_test_add_func ("/observable/what-is-no-observable-is-refused-and-adds-nothing",
                   test_what_is_no_observable_is_refused_and_adds_nothing);
  g_test_add_func ("/observable/ranges-hold-what-coefficients-allow", test_ranges_hold_what_coefficients_allow);
  g_test_add_func ("/observable/strings-without-different-letters-share-a-basis",
                   test_strings_without_different_letters_share_a_basis);
  g_test_add_func ("/observable/large-coefficients-are-placed-first", test_large_coefficients_are_placed_first);
  g_test_add_func ("/observable/every-term-is-in-its-basis", test_every_term_is_in_its_basis);
  return g_test_run ();
}
