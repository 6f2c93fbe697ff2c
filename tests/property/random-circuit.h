/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits at random: every gate, on any wires, with constants, inputs and weights. */
#pragma once

#include <math.h>
#include <qrx/qrx-layout.h>
#include <string.h>

#include "quantum/qrx-circuit-private.h"

#define USUAL_CIRCUITS 320

/* How many circuits a test takes: as many as it usually does, or in proportion to QRX_CIRCUITS in the environment. */
G_GNUC_UNUSED static guint
count_circuits (guint usual)
{
  const char *asked = g_getenv ("QRX_CIRCUITS");

  return asked != NULL ? (guint) (g_ascii_strtoull (asked, NULL, 10) * usual / USUAL_CIRCUITS) : usual;
}

static QrxAngle
random_angle (GRand *rand, guint n_qubits)
{
  double scale = g_rand_boolean (rand) ? 1 : g_rand_double_range (rand, -3, 3);
  double offset = g_rand_double_range (rand, -4, 4);

  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      return (QrxAngle){ QRX_ANGLE_SOURCE_CONSTANT, 0, 0, offset };
    case 1: /* a Clifford gate in disguise */
      return (QrxAngle){ QRX_ANGLE_SOURCE_CONSTANT, 0, 0, G_PI_2 * g_rand_int_range (rand, -4, 5) };
    case 2:
      return (QrxAngle){ QRX_ANGLE_SOURCE_INPUT, (guint) g_rand_int_range (rand, 0, (gint) n_qubits), scale, offset };
    default:
      return (QrxAngle){ QRX_ANGLE_SOURCE_WEIGHT, (guint) g_rand_int_range (rand, 0, 8), scale, offset };
    }
}

static void
append_random (QrxCircuit *circuit, GRand *rand)
{
  const char *const *names = qrx_gate_list_names ();
  const QrxGate *gate = qrx_gate_find (names[g_rand_int_range (rand, 0, (gint) g_strv_length ((char **) names))]);
  guint n = qrx_circuit_get_n_qubits (circuit), wires[QRX_GATE_MAX_WIRES] = { 0 }, taken = 0;
  QrxAngle angles[QRX_GATE_MAX_PARAMETERS];
  gboolean done;

  if (gate->n_wires > n)
    return;
  for (guint i = 0; i < gate->n_wires;)
    {
      wires[i] = (guint) g_rand_int_range (rand, 0, (gint) n);
      if ((taken >> wires[i] & 1) == 0)
        taken |= 1u << wires[i++];
    }
  for (guint i = 0; i < gate->n_parameters; i++)
    angles[i] = random_angle (rand, n);
  done = qrx_circuit_append_angles (circuit, gate->name, wires, gate->n_wires, angles, gate->n_parameters, NULL);
  g_assert_true (done);
}

static void
add_random_observables (QrxCircuit *circuit, GRand *rand)
{
  guint n = qrx_circuit_get_n_qubits (circuit);
  char pauli[QRX_CIRCUIT_MAX_QUBITS + 1] = { 0 };

  if (g_rand_int_range (rand, 0, 4) == 0)
    qrx_circuit_measure_each_qubit (circuit);
  for (gint i = g_rand_int_range (rand, 1, 5); i > 0; i--)
    for (gint j = g_rand_int_range (rand, 1, 4), first = j; j > 0; j--)
      {
        double coefficient = g_rand_double_range (rand, -2, 2);
        gboolean local = g_rand_boolean (rand); /* so that parts of the circuit are not seen */
        guint last = qrx_circuit_get_n_observables (circuit) - 1;

        for (guint q = 0; q < n; q++)
          pauli[q] = local && g_rand_int_range (rand, 0, 4) != 0 ? 'I' : "IXYZ"[g_rand_int_range (rand, 0, 4)];
        g_assert_true (j == first ? qrx_circuit_add_observable (circuit, pauli, coefficient, NULL)
                                  : qrx_circuit_add_observable_term (circuit, last, pauli, coefficient, NULL));
      }
}

/* A layout in layers. Of amplitudes there are too many on many qubits for what is slow. */
G_GNUC_UNUSED static QrxCircuit *
random_layers (GRand *rand, guint n_qubits)
{
  const char *const *encodings = qrx_encoding_list_names (), *const *layouts = qrx_layout_list_names ();
  const char *encoding = encodings[g_rand_int_range (rand, 0, (gint) g_strv_length ((char **) encodings))];
  const char *layout = layouts[g_rand_int_range (rand, 0, (gint) g_strv_length ((char **) layouts))];
  QrxLayoutOptions options = (QrxLayoutOptions) g_rand_int_range (rand, 0, 4);
  guint n_layers = (guint) g_rand_int_range (rand, 1, n_qubits < 6 ? 4 : 3);
  QrxCircuit *circuit;

  if (n_qubits > 4 && qrx_encoding_get_n_inputs (encoding, n_qubits) > n_qubits * n_qubits)
    encoding = encodings[0];
  circuit = qrx_circuit_new_from_layout_full (encoding, layout, "layout", n_qubits, n_layers, options, NULL);
  g_assert_nonnull (circuit);
  qrx_circuit_clear_observables (circuit);
  add_random_observables (circuit, rand);
  return circuit;
}

static QrxCircuit *
random_circuit (GRand *rand, guint n_qubits, guint n_operations)
{
  QrxCircuit *circuit = qrx_circuit_new (n_qubits);

  for (guint i = 0; i < n_operations; i++)
    append_random (circuit, rand);
  add_random_observables (circuit, rand);
  g_assert_true (qrx_circuit_reserve (circuit, n_qubits, 9, NULL));
  return circuit;
}
