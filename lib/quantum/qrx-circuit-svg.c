/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A circuit as a picture. */
#include "quantum/qrx-diagram-private.h"

#include <string.h>

/* All lengths in pixels. */
#define CHARACTER 7
#define PADDING 12 /* of a box, both sides together */
#define GAP 8      /* between columns */
#define ROW 40
#define BOX 26
#define MARGIN 44
#define WIDTH 1100
#define PART_GAP 24
#define LINE_HEIGHT 20

/* Where a part of the drawing stands. */
typedef struct {
  GString *text;
  guint top;
} Part;

static guint
column_width (QrxDiagram *self, guint column)
{
  return MAX (g_array_index (self->widths, guint, column) * CHARACTER + PADDING, BOX);
}

static guint
wire_y (const Part *part, guint wire)
{
  return part->top + ROW * wire + ROW / 2;
}

/* What depends on data, what is learned, and what is fixed. */
static const char *
get_colour (const QrxOperation *operation)
{
  const char *colour = "#eeeeee";

  for (guint i = 0; i < operation->gate->n_parameters; i++)
    if (operation->angles[i].source == QRX_ANGLE_SOURCE_INPUT)
      return "#ffe0b2";
    else if (operation->angles[i].source == QRX_ANGLE_SOURCE_WEIGHT)
      colour = "#c8e1f5";
  return colour;
}

static void
append_mark (const Part *part, const QrxDiagramGate *gate, guint wire, guint x)
{
  guint y = wire_y (part, wire), width = MAX (gate->width * CHARACTER + PADDING, BOX);

  switch (qrx_diagram_gate_get_mark (gate, wire))
    {
    case QRX_MARK_CONTROL:
      g_string_append_printf (part->text, "<circle cx=\"%u\" cy=\"%u\" r=\"4\"/>\n", x, y);
      break;
    case QRX_MARK_CROSS:
      g_string_append_printf (part->text, "<path d=\"M%u %ul10 10m0 -10l-10 10\"/>\n", x - 5, y - 5);
      break;
    case QRX_MARK_BOX:
      g_string_append_printf (part->text,
                              "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"3\" fill=\"%s\"/>"
                              "<text x=\"%u\" y=\"%u\">%s</text>\n",
                              x - width / 2, y - BOX / 2, width, BOX, get_colour (gate->operation), x, y + 4, gate->label);
      break;
    case QRX_MARK_PASS:
    default:
      break;
    }
}

static void
append_column (QrxDiagram *self, guint column, const Part *part, guint x)
{
  guint end = g_array_index (self->firsts, guint, column + 1);

  for (guint i = g_array_index (self->firsts, guint, column); i < end; i++)
    {
      const QrxDiagramGate *gate = &g_array_index (self->gates, QrxDiagramGate, i);

      if (gate->low < gate->high)
        g_string_append_printf (part->text, "<path d=\"M%u %uV%u\"/>\n", x, wire_y (part, gate->low),
                                wire_y (part, gate->high));
      for (guint wire = gate->low; wire <= gate->high; wire++)
        append_mark (part, gate, wire, x);
    }
}

/* The columns that fit, at least one; returns how wide they are. */
static guint
fit (QrxDiagram *self, guint first, guint *end)
{
  guint used = MARGIN;

  for (*end = first; *end < self->widths->len; ++*end)
    {
      guint width = column_width (self, *end) + GAP;

      if (*end > first && used + width > WIDTH)
        break;
      used += width;
    }
  return used + GAP;
}

static guint
append_part (QrxDiagram *self, guint first, guint *end, const Part *part)
{
  guint width = fit (self, first, end), x = MARGIN;

  for (guint wire = 0; wire < self->circuit->n_qubits; wire++)
    g_string_append_printf (part->text,
                            "<text class=\"q\" x=\"%u\" y=\"%u\">q%u</text><path d=\"M%u %uH%u\" class=\"w\"/>\n",
                            MARGIN - 10, wire_y (part, wire) + 4, wire, MARGIN - 4, wire_y (part, wire), width);
  for (guint column = first; column < *end; column++)
    {
      guint size = column_width (self, column) + GAP;

      append_column (self, column, part, x + size / 2);
      x += size;
    }
  return width;
}

/* The observables below, as many in a line as fit; returns where they end. */
static guint
append_observables (QrxCircuit *circuit, GString *text, guint top)
{
  g_autoptr (GString) line = g_string_new ("measured:");

  for (guint i = 0; i < circuit->n_observables; i++)
    {
      g_autofree char *observable = qrx_circuit_dup_observable (circuit, i);

      if (line->len > 9 && (line->len + strlen (observable)) * CHARACTER > WIDTH - MARGIN)
        {
          g_string_append_printf (text, "<text class=\"m\" x=\"12\" y=\"%u\">%s</text>\n", top += LINE_HEIGHT, line->str);
          g_string_assign (line, "");
        }
      g_string_append_printf (line, " %s%s", observable, i + 1 < circuit->n_observables ? "," : "");
    }
  if (circuit->n_observables > 0)
    g_string_append_printf (text, "<text class=\"m\" x=\"12\" y=\"%u\">%s</text>\n", top += LINE_HEIGHT, line->str);
  return top;
}

/**
 * qrx_circuit_to_svg:
 * @self: a circuit
 *
 * Draws a circuit as a picture in SVG, in as many parts below each other as its length makes necessary. Gates that
 * depend on inputs are orange, those that depend on weights alone blue.
 *
 * Returns: (transfer full): the text of the picture
 */
char *
qrx_circuit_to_svg (QrxCircuit *self)
{
  g_autoptr (QrxDiagram) diagram = NULL;
  g_autoptr (GString) text = g_string_new (NULL), svg = g_string_new (NULL);
  guint width = 0, first = 0, end = 0, height = 8;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  diagram = qrx_diagram_new (self);
  do
    {
      const Part part = { text, height };
      guint used = append_part (diagram, first, &end, &part);

      width = MAX (width, used);
      height += ROW * self->n_qubits + PART_GAP;
      first = end;
    }
  while (first < diagram->widths->len);
  height = append_observables (self, text, height - PART_GAP) + 14;
  if (self->n_observables > 0)
    width = MAX (width, self->n_observables * (self->n_qubits + 2) * CHARACTER > WIDTH - 120
                          ? WIDTH
                          : 120 + self->n_observables * (self->n_qubits + 2) * CHARACTER);
  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\">\n"
                          "<style>text { font: 12px monospace; text-anchor: middle; } .q { text-anchor: end; }"
                          " .m { text-anchor: start; } path { fill: none; } path, rect { stroke: #333333; }"
                          " .w { stroke: #888888; }</style>\n"
                          "<rect x=\"0\" y=\"0\" width=\"%u\" height=\"%u\" style=\"fill: #ffffff; stroke: none\"/>\n",
                          width, height, width, height, width, height);
  g_string_append_len (svg, text->str, (gssize) text->len);
  g_string_append (svg, "</svg>\n");
  return g_string_free (g_steal_pointer (&svg), FALSE);
}
