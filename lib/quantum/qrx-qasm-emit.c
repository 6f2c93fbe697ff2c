/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates of the table under any number of controls, and inverted, as gates of the table. What the table has under controls
 * is taken from it; the rest is taken apart: every gate is a phase on |1…1⟩ between changes of basis.
 * Barenco et al. 1995, arXiv quant-ph/9503016. */
#include "quantum/qrx-qasm-meaning-private.h"

#include <string.h>

typedef struct {
  QrxQasmEmitter *emitter;
  gboolean good;
} Emission;

static const QrxQasmValue *
fixed (double angle, QrxQasmValue *value)
{
  memset (value, 0, sizeof *value);
  value->constant = angle;
  return value;
}

static void
append (Emission *self, const char *gate, const QrxAngle *angles, const guint *wires)
{
  const QrxGate *found = qrx_gate_find (gate);

  if (self->good && ++self->emitter->n_calls > QRX_QASM_MAX_CALLS)
    self->good = FALSE;
  if (self->good)
    self->good = qrx_circuit_append_angles (self->emitter->circuit, gate, wires, found->n_wires, angles,
                                            found->n_parameters, NULL);
}

/* One summand of a value, with the constant or without. */
static QrxAngle
take_term (const QrxQasmValue *value, guint term, gboolean with_constant)
{
  QrxAngle angle = { QRX_ANGLE_SOURCE_CONSTANT, 0, 0, with_constant ? value->constant : 0 };

  if (term < value->n_terms)
    {
      angle.source = value->terms[term].source;
      angle.index = value->terms[term].index;
      angle.scale = value->terms[term].scale;
    }
  return angle;
}

/* Every gate of one parameter is exp(i angle A), so angles of several summands are several gates. */
static void
append_turn (Emission *self, const char *gate, const QrxQasmValue *value, const guint *wires)
{
  for (guint i = 0; i < MAX (value->n_terms, 1); i++)
    {
      QrxAngle angle = take_term (value, i, i == 0);

      append (self, gate, &angle, wires);
    }
}

/* u3(θ, φ, λ) = p(φ) ry(θ) p(λ), exactly. */
static void
append_u3 (Emission *self, const QrxQasmValue *values, guint wire)
{
  QrxAngle angles[3];

  if (MAX (MAX (values[0].n_terms, values[1].n_terms), values[2].n_terms) > 1)
    {
      append_turn (self, "p", &values[2], &wire);
      append_turn (self, "ry", &values[0], &wire);
      append_turn (self, "p", &values[1], &wire);
      return;
    }
  for (guint i = 0; i < 3; i++)
    angles[i] = take_term (&values[i], 0, TRUE);
  append (self, "u3", angles, &wire);
}

/* The gate of the table that is @base under so many controls, or NULL. */
static const char *
find_controlled (const char *base, guint n_controls)
{
  static const struct {
    const char *base;
    guint n_controls;
    const char *gate;
  } controlled[] = {
    { "x", 1, "cx" },   { "y", 1, "cy" },   { "z", 1, "cz" },   { "h", 1, "ch" },   { "swap", 1, "cswap" }, { "x", 2, "ccx" },
    { "rx", 1, "crx" }, { "ry", 1, "cry" }, { "rz", 1, "crz" }, { "p", 1, "cp" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (controlled); i++)
    if (controlled[i].n_controls == n_controls && g_str_equal (controlled[i].base, base))
      return controlled[i].gate;
  return n_controls == 0 ? base : NULL;
}

static void put (Emission *self, const char *base, const QrxQasmValue *values, const guint *wires, guint n_controls);

static void
put_fixed (Emission *self, const char *base, double angle, const guint *wires, guint n_controls)
{
  QrxQasmValue value;

  put (self, base, fixed (angle, &value), wires, n_controls);
}

/* A phase on |1…1⟩ of the controls and one more wire, of which any may be the last: halves of it on the last two, and
 * on the others. */
static void
put_phase (Emission *self, const QrxQasmValue *value, const guint *wires, guint n_controls)
{
  QrxQasmValue half = qrx_qasm_value_scale (value, 0.5), opposite = qrx_qasm_value_scale (value, -0.5);
  guint others[QRX_QASM_MAX_CONTROLS + 3];

  put (self, "p", &half, wires + n_controls - 1, 1);
  put (self, "x", NULL, wires, n_controls - 1);
  put (self, "p", &opposite, wires + n_controls - 1, 1);
  put (self, "x", NULL, wires, n_controls - 1);
  memcpy (others, wires, (n_controls - 1) * sizeof *wires);
  others[n_controls - 1] = wires[n_controls];
  put (self, "p", &half, others, n_controls - 1);
}

/* @outer, @inner under the controls, @outer's inverse on the target. */
static void
put_between (Emission *self, const char *before, const char *inner, const QrxQasmValue *values, const char *after,
             const guint *wires, guint n_controls)
{
  put (self, before, NULL, wires + n_controls, 0);
  put (self, inner, values, wires, n_controls);
  put (self, after, NULL, wires + n_controls, 0);
}

/* exp(-i angle PP / 2) on the two targets. */
static void
put_pair_turn (Emission *self, const char *base, const QrxQasmValue *value, const guint *wires, guint n_controls)
{
  const guint *a = wires + n_controls, *b = a + 1;
  guint turned[QRX_QASM_MAX_CONTROLS + 3];
  const char *before = g_str_equal (base, "ryy") ? "sdg" : "h", *after = g_str_equal (base, "ryy") ? "s" : "h";

  if (g_str_equal (base, "rzz"))
    {
      memcpy (turned, wires, n_controls * sizeof *wires);
      turned[n_controls] = *b;
      put (self, "x", NULL, a, 1);
      put (self, "rz", value, turned, n_controls);
      put (self, "x", NULL, a, 1);
      return;
    }
  put (self, before, NULL, a, 0);
  put (self, before, NULL, b, 0);
  put (self, g_str_equal (base, "ryy") ? "rxx" : "rzz", value, wires, n_controls);
  put (self, after, NULL, a, 0);
  put (self, after, NULL, b, 0);
}

/* A gate with a parameter that the table lacks under so many controls. */
static void
take_turn_apart (Emission *self, const char *base, const QrxQasmValue *values, const guint *wires, guint n)
{
  QrxQasmValue back;

  if (g_str_equal (base, "p"))
    put_phase (self, values, wires, n);
  else if (g_str_equal (base, "rx"))
    put_between (self, "h", "rz", values, "h", wires, n);
  else if (g_str_equal (base, "ry"))
    put_between (self, "sdg", "rx", values, "s", wires, n);
  else if (g_str_equal (base, "rz"))
    {
      back = qrx_qasm_value_scale (values, -0.5);
      put (self, "p", values, wires, n);
      put (self, "p", &back, wires, n - 1);
    }
  else if (g_str_equal (base, "u3"))
    {
      put (self, "p", &values[2], wires, n);
      put (self, "ry", &values[0], wires, n);
      put (self, "p", &values[1], wires, n);
    }
  else
    put_pair_turn (self, base, values, wires, n);
}

static void
take_apart (Emission *self, const char *base, const guint *wires, guint n)
{
  static const struct {
    const char *name;
    double phase;
  } phases[] = { { "z", G_PI }, { "s", G_PI_2 }, { "sdg", -G_PI_2 }, { "t", G_PI_4 }, { "tdg", -G_PI_4 } };

  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    if (g_str_equal (base, phases[i].name))
      {
        put_fixed (self, "p", phases[i].phase, wires, n);
        return;
      }
  if (g_str_equal (base, "x"))
    put_between (self, "h", "z", NULL, "h", wires, n);
  else if (g_str_equal (base, "y"))
    put_between (self, "sdg", "x", NULL, "s", wires, n);
  else if (g_str_equal (base, "h"))
    {
      put_fixed (self, "ry", -G_PI_4, wires + n, 0);
      put (self, "z", NULL, wires, n);
      put_fixed (self, "ry", G_PI_4, wires + n, 0);
    }
  else if (g_str_equal (base, "sx"))
    {
      put_fixed (self, "rx", G_PI_2, wires, n);
      put_fixed (self, "p", G_PI_4, wires, n - 1);
    }
  else if (g_str_equal (base, "swap"))
    {
      const guint reversed[] = { wires[n + 1], wires[n] };

      put (self, "x", NULL, reversed, 1);
      put (self, "x", NULL, wires, n + 1);
      put (self, "x", NULL, reversed, 1);
    }
}

/* A gate without controls of its own, under those that its first wires are. The identity is what remains. */
static void
put (Emission *self, const char *base, const QrxQasmValue *values, const guint *wires, guint n_controls)
{
  const char *gate = find_controlled (base, n_controls);

  if (!self->good)
    return;
  if (gate != NULL && g_str_equal (gate, "u3"))
    append_u3 (self, values, wires[0]);
  else if (gate != NULL && qrx_gate_find (gate)->n_parameters == 1)
    append_turn (self, gate, values, wires);
  else if (gate != NULL)
    append (self, gate, NULL, wires);
  else if (qrx_gate_find (base)->n_parameters > 0)
    take_turn_apart (self, base, values, wires, n_controls);
  else
    take_apart (self, base, wires, n_controls);
}

/* What a gate does on its targets: cx is x. */
static const char *
get_base (const QrxGate *gate)
{
  return gate->name + gate->n_controls;
}

/* Inverts in place; sx is left, whose inverse the table has not. */
static const char *
invert (const char *base, QrxQasmValue *values, guint n_values)
{
  static const char *const pairs[][2] = { { "s", "sdg" }, { "sdg", "s" }, { "t", "tdg" }, { "tdg", "t" } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_str_equal (base, pairs[i][0]))
      return pairs[i][1];
  for (guint i = 0; i < n_values; i++)
    values[i] = qrx_qasm_value_scale (&values[i], -1);
  if (n_values == 3)
    {
      QrxQasmValue phi = values[1];

      values[1] = values[2];
      values[2] = phi;
    }
  return base;
}

gboolean
qrx_qasm_emit (QrxQasmEmitter *self, const QrxGate *gate, const QrxQasmValue *parameters, const guint *wires,
               const QrxQasmControls *controls, gboolean inverse)
{
  Emission emission = { self, TRUE };
  guint all[QRX_QASM_MAX_CONTROLS + QRX_GATE_MAX_WIRES];
  guint n_controls = controls->n + gate->n_controls;
  QrxQasmValue values[QRX_GATE_MAX_PARAMETERS] = { 0 }, phase;
  const char *base = get_base (gate);

  memcpy (all, controls->wires, controls->n * sizeof *all);
  memcpy (all + controls->n, wires, gate->n_wires * sizeof *all);
  for (guint i = 0; i < gate->n_parameters; i++)
    values[i] = parameters[i];
  if (inverse && g_str_equal (base, "sx"))
    {
      put_fixed (&emission, "rx", -G_PI_2, all, n_controls);
      return emission.good && qrx_qasm_emit_phase (self, fixed (-G_PI_4, &phase), controls, FALSE);
    }
  if (inverse)
    base = invert (base, values, gate->n_parameters);
  put (&emission, base, values, all, n_controls);
  return emission.good;
}

gboolean
qrx_qasm_emit_phase (QrxQasmEmitter *self, const QrxQasmValue *value, const QrxQasmControls *controls, gboolean inverse)
{
  Emission emission = { self, TRUE };
  QrxQasmValue phase = qrx_qasm_value_scale (value, inverse ? -1 : 1);

  if (controls->n == 0)
    self->phase += phase.constant;
  else
    put (&emission, "p", &phase, controls->wires, controls->n - 1);
  return emission.good;
}
