/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* compile-circuits SORT N: circuits of a sort, of N gates or N observables; without arguments, the names of the sorts.
 * Asserts nothing; test_growth.py does. */
#include <stdlib.h>
#include <string.h>

#include <qrx/qrx-program.h>

#define N_WEIGHTS 64

static void
append (QrxCircuit *circuit, GRand *rand, const char *gate)
{
  guint n = qrx_circuit_get_n_qubits (circuit), first = (guint) g_rand_int_range (rand, 0, (gint) n);
  guint wires[2] = { first, (first + (guint) g_rand_int_range (rand, 1, (gint) n)) % n };
  gboolean turns = strchr (gate, 'r') != NULL, input = g_str_has_suffix (gate, "!");
  g_autofree char *name = g_strndup (gate, strlen (gate) - input);
  g_autoptr (QrxAngle) angle = input ? qrx_angle_new_input (first, 2, 0.5)
                                     : qrx_angle_new_weight ((guint) g_rand_int_range (rand, 0, N_WEIGHTS), 1, 0.1);

  if (!qrx_circuit_append (circuit, name, wires, name[0] == 'c' ? 2 : 1, turns ? angle : NULL, NULL))
    abort ();
}

static void
spread_out (QrxCircuit *circuit)
{
  for (guint i = 0; i < qrx_circuit_get_n_qubits (circuit); i++)
    qrx_circuit_append (circuit, "h", &i, 1, NULL, NULL);
}

/* Gates of a list in turn, between H on each qubit if asked for, so that diagonals are seen. */
static QrxCircuit *
make (guint n_qubits, gsize n, gboolean spread, const char *const *gates)
{
  QrxCircuit *circuit = qrx_circuit_new (n_qubits);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  if (spread)
    spread_out (circuit);
  for (gsize i = 0; i < n; i++)
    append (circuit, rand, gates[i % g_strv_length ((char **) gates)]);
  if (spread)
    spread_out (circuit);
  qrx_circuit_measure_each_qubit (circuit);
  return circuit;
}

static void
compile (QrxCircuit *circuit)
{
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, NULL);

  if (program == NULL)
    abort ();
}

#define GROWING(name, n_qubits, spread, ...) \
  static void grow_##name (gsize n) \
  { \
    g_autoptr (QrxCircuit) circuit = make (n_qubits, n, spread, (const char *[]){ __VA_ARGS__, NULL }); \
\
    compile (circuit); \
  }

GROWING (random_gates_of_8_qubits, 8, FALSE, "rx", "cx", "ry", "t", "cz", "rz", "h", "crx")
GROWING (random_gates_of_20_qubits, 20, FALSE, "rx", "cx", "ry", "t", "cz", "rz", "h", "crx")
GROWING (random_gates_of_inputs, 14, FALSE, "rx!", "cx", "rz!", "ry!")
GROWING (gates_of_single_qubits, 8, FALSE, "rx", "rz", "ry", "h")
GROWING (cnots, 20, FALSE, "cx")
GROWING (diagonals, 20, TRUE, "rz", "cz", "crz", "t")
GROWING (distinct_diagonals, 20, TRUE, "rz", "cx")
GROWING (distinct_rotations_that_commute, 20, FALSE, "rx", "cx")

static void
grow_observables (gsize n)
{
  g_autoptr (QrxCircuit) circuit = make (20, 20, TRUE, (const char *[]){ "rx", "cx", "ry", NULL });
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  char pauli[21] = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      for (guint q = 0; q < 20; q++)
        pauli[q] = (i % 2 == 0 ? "IZZI" : "IXYZ")[g_rand_int_range (rand, 0, 4)];
      qrx_circuit_add_observable (circuit, pauli, 1, NULL);
    }
  compile (circuit);
}

static void
grow_files (gsize n)
{
  g_autoptr (QrxCircuit) circuit = make (20, n, TRUE, (const char *[]){ "rx", "cx", "rz!", NULL });
  g_autofree char *qasm = NULL, *json = NULL;
  g_autoptr (QrxCircuit) from_qasm = NULL, from_json = NULL;

  for (guint i = 0; i < n / 20; i++)
    qrx_circuit_measure_each_qubit (circuit);
  qasm = qrx_circuit_to_qasm (circuit, 3, NULL);
  json = qrx_circuit_to_json (circuit);
  from_qasm = qrx_circuit_new_from_qasm (qasm, -1, NULL);
  from_json = qrx_circuit_new_from_json (json, -1, NULL);
  if (from_qasm == NULL || from_json == NULL)
    abort ();
}

static void
grow_drawings (gsize n)
{
  g_autoptr (QrxCircuit) circuit = make (8, n, FALSE, (const char *[]){ "rx", "cx", "rz!", NULL });
  g_autofree char *text = qrx_circuit_to_diagram (circuit, 100), *svg = qrx_circuit_to_svg (circuit);

  if (qrx_circuit_get_depth (circuit, 1) > n || text == NULL || svg == NULL)
    abort ();
}

#define SORT(name) { #name, grow_##name }

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*grow) (gsize);
  } sorts[] = {
    SORT (random_gates_of_8_qubits), SORT (random_gates_of_20_qubits), SORT (random_gates_of_inputs),
    SORT (gates_of_single_qubits),   SORT (cnots),                     SORT (diagonals),
    SORT (distinct_diagonals),       SORT (distinct_rotations_that_commute),
    SORT (observables),              SORT (files),                     SORT (drawings),
  };

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      if (argc < 3)
        g_print ("%s\n", sorts[i].name);
      else if (g_str_equal (argv[1], sorts[i].name))
        sorts[i].grow ((gsize) g_ascii_strtoull (argv[2], NULL, 10));
    }
  return 0;
}
