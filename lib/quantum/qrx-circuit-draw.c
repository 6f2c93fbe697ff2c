/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit as lines of text. */
#include <string.h>

#include "quantum/qrx-diagram-private.h"

static void
append_many (GString *line, const char *piece, guint n)
{
  for (; n > 0; n--)
    g_string_append (line, piece);
}

/* A piece in the middle of so many places. */
static void
append_centred (GString *line, const char *piece, guint width, const char *filling)
{
  guint length = (guint) g_utf8_strlen (piece, -1), before = (width - length) / 2;

  append_many (line, filling, before);
  g_string_append (line, piece);
  append_many (line, filling, width - length - before);
}

static const QrxDiagramGate *
find_gate (QrxDiagram *self, guint column, guint wire)
{
  guint end = g_array_index (self->firsts, guint, column + 1);

  for (guint i = g_array_index (self->firsts, guint, column); i < end; i++)
    {
      const QrxDiagramGate *gate = &g_array_index (self->gates, QrxDiagramGate, i);

      if (gate->low <= wire && wire <= gate->high)
        return gate;
    }
  return NULL;
}

static const char *
get_piece (const QrxDiagramGate *gate, guint wire)
{
  if (gate == NULL)
    return "─";
  switch (qrx_diagram_gate_get_mark (gate, wire))
    {
    case QRX_MARK_CONTROL:
      return "●";
    case QRX_MARK_CROSS:
      return "×";
    case QRX_MARK_PASS:
      return "┼";
    case QRX_MARK_BOX:
    default:
      return gate->label;
    }
}

static void
append_wire (QrxDiagram *self, guint wire, guint first, guint end, guint margin, GString *text)
{
  g_autofree char *name = g_strdup_printf ("q%u: ", wire);

  append_many (text, " ", margin - (guint) g_utf8_strlen (name, -1));
  g_string_append (text, name);
  for (guint column = first; column < end; column++)
    {
      g_string_append (text, "─");
      append_centred (text, get_piece (find_gate (self, column, wire), wire), g_array_index (self->widths, guint, column),
                      "─");
    }
  g_string_append (text, "─\n");
}

/* What connects a wire with the next one. */
static void
append_between (QrxDiagram *self, guint wire, guint first, guint end, guint margin, GString *text)
{
  g_autoptr (GString) line = g_string_new (NULL);

  append_many (line, " ", margin);
  for (guint column = first; column < end; column++)
    {
      const QrxDiagramGate *gate = find_gate (self, column, wire);

      g_string_append_c (line, ' ');
      append_centred (line, gate != NULL && wire < gate->high ? "│" : " ", g_array_index (self->widths, guint, column), " ");
    }
  g_string_append (text, g_strchomp (line->str));
  g_string_append_c (text, '\n');
}

/* As many in a line as fit, each with its comma. */
static void
append_observables (QrxCircuit *self, guint width, GString *text)
{
  gsize line = text->len;

  for (guint i = 0; i < self->n_observables; i++)
    {
      g_autofree char *observable = qrx_circuit_dup_observable (self, i);

      if (i == 0)
        g_string_append (text, "measured:");
      else if (width > 0 && text->len - line + strlen (observable) + 2 > width)
        {
          g_string_append_c (text, '\n');
          line = text->len;
        }
      g_string_append_printf (text, " %s%s", observable, i + 1 < self->n_observables ? "," : "\n");
    }
}

/**
 * qrx_circuit_to_diagram:
 * @self: a circuit
 * @width: how many characters a line may have, where labels allow it; 0 is any number
 *
 * Draws a circuit as text, a line for each qubit, in as many parts below each other as the width makes necessary.
 * Inputs are `x0`, `x1`, …, weights `w0`, `w1`, …; other numbers are rounded.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_circuit_to_diagram (QrxCircuit *self, guint width)
{
  g_autoptr (QrxDiagram) diagram = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint margin, n_columns, first = 0;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  diagram = qrx_diagram_new (self);
  n_columns = diagram->widths->len;
  margin = self->n_qubits > 10 ? 5 : 4;
  do
    {
      guint end = width == 0 ? n_columns : qrx_diagram_fit (diagram, first, width - MIN (width, margin + 1), 1);

      if (first > 0)
        g_string_append_c (text, '\n');
      for (guint wire = 0; wire < self->n_qubits; wire++)
        {
          append_wire (diagram, wire, first, end, margin, text);
          if (wire + 1 < self->n_qubits)
            append_between (diagram, wire, first, end, margin, text);
        }
      first = end;
    }
  while (first < n_columns);
  append_observables (self, width, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
