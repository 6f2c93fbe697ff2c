/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates in columns, each as far to the left as it can stand without crossing another, and their labels. Draws nothing. */
#include "quantum/qrx-diagram-private.h"

#include <math.h>

/* 0.785398 is π/4. */
static gboolean
append_multiple_of_pi (GString *text, double number)
{
  static const guint divisors[] = { 1, 2, 3, 4, 6, 8, 16 };

  for (gsize i = 0; number != 0 && i < G_N_ELEMENTS (divisors); i++)
    {
      double times = number * divisors[i] / G_PI;

      if (fabs (times) > 64 || fabs (times - rint (times)) > 1e-12)
        continue;
      if (rint (times) == -1)
        g_string_append_c (text, '-');
      else if (rint (times) != 1)
        g_string_append_printf (text, "%.0f", rint (times));
      g_string_append (text, "π");
      if (divisors[i] > 1)
        g_string_append_printf (text, "/%u", divisors[i]);
      return TRUE;
    }
  return FALSE;
}

/* Four digits, which is enough to know a circuit by. */
static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!append_multiple_of_pi (text, number))
    g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, "%.4g", number));
}

static void
append_angle (GString *text, const QrxAngle *angle)
{
  if (angle->source == QRX_ANGLE_SOURCE_CONSTANT)
    {
      append_number (text, angle->offset);
      return;
    }
  if (angle->scale == -1)
    g_string_append_c (text, '-');
  else if (angle->scale != 1)
    {
      append_number (text, angle->scale);
      g_string_append (text, "·");
    }
  g_string_append_printf (text, "%c%u", angle->source == QRX_ANGLE_SOURCE_INPUT ? 'x' : 'w', angle->index);
  if (angle->offset != 0)
    {
      g_string_append_c (text, angle->offset < 0 ? '-' : '+');
      append_number (text, fabs (angle->offset));
    }
}

static char *
make_label (const QrxOperation *operation)
{
  g_autofree char *name = g_ascii_strup (operation->gate->name + operation->gate->n_controls, -1);
  g_autoptr (GString) text = g_string_new (name);

  for (guint i = 0; i < operation->gate->n_parameters; i++)
    {
      g_string_append (text, i == 0 ? "(" : ", ");
      append_angle (text, &operation->angles[i]);
    }
  if (operation->gate->n_parameters > 0)
    g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
gate_clear (QrxDiagramGate *gate)
{
  g_free (gate->label);
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  const QrxDiagramGate *one = a, *other = b;

  return one->column != other->column ? (one->column < other->column ? -1 : 1) : (one->low < other->low ? -1 : 1);
}

static QrxDiagramGate
place (const QrxOperation *operation, guint *ends)
{
  QrxDiagramGate gate = { operation, 0, G_MAXUINT, 0, make_label (operation), 0 };

  for (guint i = 0; i < operation->gate->n_wires; i++)
    {
      gate.low = MIN (gate.low, operation->wires[i]);
      gate.high = MAX (gate.high, operation->wires[i]);
    }
  gate.width = (guint) g_utf8_strlen (gate.label, -1);
  for (guint wire = gate.low; wire <= gate.high; wire++)
    gate.column = MAX (gate.column, ends[wire]);
  for (guint wire = gate.low; wire <= gate.high; wire++)
    ends[wire] = gate.column + 1;
  return gate;
}

QrxDiagram *
qrx_diagram_new (QrxCircuit *circuit)
{
  QrxDiagram *self = g_new0 (QrxDiagram, 1);
  guint ends[QRX_CIRCUIT_MAX_QUBITS] = { 0 }, n;

  self->circuit = g_object_ref (circuit);
  self->gates = g_array_new (FALSE, FALSE, sizeof (QrxDiagramGate));
  g_array_set_clear_func (self->gates, (GDestroyNotify) gate_clear);
  self->firsts = g_array_new (FALSE, FALSE, sizeof (guint));
  self->widths = g_array_new (FALSE, TRUE, sizeof (guint));
  for (guint i = 0; i < circuit->operations->len; i++)
    {
      QrxDiagramGate gate = place (&g_array_index (circuit->operations, QrxOperation, i), ends);

      g_array_append_val (self->gates, gate);
    }
  g_array_sort (self->gates, compare_columns);
  n = self->gates->len;
  for (guint i = 0; i < n; i++)
    {
      const QrxDiagramGate *gate = &g_array_index (self->gates, QrxDiagramGate, i);

      if (gate->column == self->firsts->len)
        g_array_append_val (self->firsts, i);
      g_array_set_size (self->widths, gate->column + 1);
      g_array_index (self->widths, guint, gate->column) =
        MAX (g_array_index (self->widths, guint, gate->column), gate->width);
    }
  g_array_append_val (self->firsts, n);
  return self;
}

void
qrx_diagram_free (QrxDiagram *self)
{
  g_object_unref (self->circuit);
  g_array_unref (self->gates);
  g_array_unref (self->firsts);
  g_array_unref (self->widths);
  g_free (self);
}

QrxMark
qrx_diagram_gate_get_mark (const QrxDiagramGate *gate, guint wire)
{
  const QrxOperation *operation = gate->operation;

  for (guint i = 0; i < operation->gate->n_wires; i++)
    if (operation->wires[i] == wire)
      {
        if (i < operation->gate->n_controls)
          return QRX_MARK_CONTROL;
        return g_str_equal (operation->gate->name + operation->gate->n_controls, "swap") ? QRX_MARK_CROSS : QRX_MARK_BOX;
      }
  return QRX_MARK_PASS;
}

guint
qrx_diagram_fit (QrxDiagram *self, guint first, guint width, guint spacing)
{
  guint end = first, used = 0;

  for (; end < self->widths->len; end++)
    {
      used += g_array_index (self->widths, guint, end) + spacing;
      if (end > first && used > width)
        break;
    }
  return end;
}
