/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the gates of a step on the places of its pattern. Knows no layout by name. */
#include "quantum/qrx-layout-private.h"

typedef struct {
  guint wires[2];
} Place;

static void
add_place (GArray *places, guint first, guint second)
{
  Place place = { { first, second } };

  g_array_append_val (places, place);
}

static void
add_line (GArray *places, guint n, guint from, guint by)
{
  for (guint i = from; i + 1 < n; i += by)
    add_place (places, i, i + 1);
}

static void
add_climb (GArray *places, guint n, guint from)
{
  for (guint i = from; i + 1 < n; i += 2)
    add_place (places, i + 1, i);
}

static void
add_tree (GArray *places, guint n)
{
  guint left[QRX_CIRCUIT_MAX_QUBITS], n_left = n;

  for (guint i = 0; i < n; i++)
    left[i] = i;
  while (n_left > 1)
    {
      guint kept = 0;

      for (guint i = 0; i + 1 < n_left; i += 2)
        {
          add_place (places, left[i], left[i + 1]);
          left[kept++] = left[i + 1];
        }
      if (n_left % 2 == 1)
        left[kept++] = left[n_left - 1];
      n_left = kept;
    }
}

static void
add_all (GArray *places, guint n, gboolean mutual)
{
  for (guint i = 0; i < n; i++)
    for (guint j = mutual ? 0 : i + 1; j < n; j++)
      if (!mutual)
        add_place (places, i, j);
      else if (i != j)
        add_place (places, n - 1 - i, n - 1 - j);
}

/* The pairs that a pattern joins; more than one qubit. */
static void
add_pairs (GArray *places, QrxPattern pattern, guint n, guint layer)
{
  guint range = pattern == QRX_PATTERN_GROWING_RING ? 1 + layer % (n - 1) : 1;

  switch (pattern)
    {
    case QRX_PATTERN_LINE:
      add_line (places, n, 0, 1);
      break;
    case QRX_PATTERN_RING:
    case QRX_PATTERN_GROWING_RING:
    case QRX_PATTERN_RING_ONCE:
      for (guint i = 0; i < (pattern == QRX_PATTERN_RING_ONCE && n == 2 ? 1 : n); i++)
        add_place (places, i, (i + range) % n);
      break;
    case QRX_PATTERN_ALL:
    case QRX_PATTERN_MUTUAL:
      add_all (places, n, pattern == QRX_PATTERN_MUTUAL);
      break;
    case QRX_PATTERN_PAIRWISE:
      add_line (places, n, 0, 2);
      add_line (places, n, 1, 2);
      break;
    case QRX_PATTERN_TREE:
      add_tree (places, n);
      break;
    case QRX_PATTERN_CLIMB:
    case QRX_PATTERN_CLIMB_CLOSED:
      for (guint i = n - 1; i > 0; i--)
        add_place (places, i, i - 1);
      if (pattern == QRX_PATTERN_CLIMB_CLOSED && n > 2)
        add_place (places, 0, n - 1);
      break;
    case QRX_PATTERN_CLIMB_EVEN:
      add_climb (places, n, 0);
      break;
    case QRX_PATTERN_CLIMB_ODD:
      add_climb (places, n, 1);
      break;
    case QRX_PATTERN_CLIMB_RING:
      for (guint i = 0; i < n; i++)
        add_place (places, (n - 1 + i) % n, (n - 2 + i) % n);
      break;
    case QRX_PATTERN_DESCEND_RING:
      for (guint i = n; i > 0; i--)
        add_place (places, i - 1, i % n);
      break;
    default:
      g_assert_not_reached ();
    }
}

typedef struct {
  QrxAngleSource source;
  double scale;
  guint *index;
  QrxCircuit *circuit;
} Target;

/* The tables hold no mistakes, so appending does not fail. */
static void
append (Target *target, const char *name, const guint *wires)
{
  const QrxGate *gate = qrx_gate_find (name);
  QrxAngle angle = { target->source, *target->index, target->scale, 0 };
  gboolean done =
    qrx_circuit_append_angles (target->circuit, name, wires, gate->n_wires, &angle, gate->n_parameters, NULL);

  g_assert (done);
  *target->index += gate->n_parameters;
}

static void
append_place (Target *target, const QrxLayoutStep *step, const guint *wires, guint n_wires)
{
  for (guint i = 0; i < QRX_STEP_MAX_GATES && step->gates[i] != NULL; i++)
    for (guint wire = 0; wire < n_wires; wire += qrx_gate_find (step->gates[i])->n_wires)
      append (target, step->gates[i], wires + wire);
}

/* A rotation of qubit k that differs with the setting of the qubits before it, as rotations alone parted by controlled
 * gates in the order of a Gray code (Möttönen, Vartiainen, Bergholm & Salomaa 2004, arXiv quant-ph/0407010). */
static void
append_multiplexed (Target *target, const QrxLayoutStep *step)
{
  for (guint k = 0; k < target->circuit->n_qubits; k++)
    for (guint i = 0; i < 1u << k; i++)
      {
        guint next = MIN ((guint) __builtin_ctz (i + 1), k > 0 ? k - 1 : 0);

        append (target, step->gates[0], &k);
        if (k > 0)
          append (target, step->gates[1], (guint[]){ k - 1 - next, k });
      }
}

void
qrx_layout_step_append (const QrxLayoutStep *step, QrxPattern pattern, guint layer, QrxAngleSource source,
                        double scale, guint *index, QrxCircuit *circuit)
{
  Target target = { source, scale, index, circuit };
  guint n = circuit->n_qubits;
  g_autoptr (GArray) places = NULL;

  if (step->pattern == QRX_PATTERN_NONE)
    return;
  if (step->pattern == QRX_PATTERN_MULTIPLEX)
    {
      append_multiplexed (&target, step);
      return;
    }
  if (step->pattern == QRX_PATTERN_EACH || step->pattern == QRX_PATTERN_INNER)
    {
      guint first = step->pattern == QRX_PATTERN_INNER, end = first == 0 ? n : n - (n + 1) % 2;

      for (guint i = first; i < end; i++)
        append_place (&target, step, &i, 1);
      return;
    }
  if (n == 1)
    return;
  places = g_array_new (FALSE, FALSE, sizeof (Place));
  add_pairs (places, pattern != QRX_PATTERN_NONE ? pattern : step->pattern, n, layer);
  for (guint i = 0; i < places->len; i++)
    append_place (&target, step, g_array_index (places, Place, i).wires, 2);
}
