/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the gates of a circuit stand in a drawing, and what is written on them: the same for text and pictures. */
#pragma once

#include "quantum/qrx-circuit-private.h"

G_BEGIN_DECLS

typedef enum {
  QRX_MARK_CONTROL, /* a dot */
  QRX_MARK_CROSS,   /* one of two wires that are swapped */
  QRX_MARK_BOX,     /* the gate itself */
  QRX_MARK_PASS,    /* a wire that a gate's connection passes */
} QrxMark;

typedef struct {
  const QrxOperation *operation;
  guint column;
  guint low, high; /* its first and last wire */
  char *label;     /* of its box: "RY(x0)" */
  guint width;     /* of the label, in characters */
} QrxDiagramGate;

typedef struct {
  QrxCircuit *circuit;
  GArray *gates;   /* QrxDiagramGate, by columns */
  GArray *firsts;  /* guint: the first gate of each column, and behind the last one their number */
  GArray *widths;  /* guint: of the widest label of each column */
} QrxDiagram;

QrxDiagram *qrx_diagram_new (QrxCircuit *circuit);
void qrx_diagram_free (QrxDiagram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxDiagram, qrx_diagram_free)

/* What a gate shows on a wire from its first to its last. */
QrxMark qrx_diagram_gate_get_mark (const QrxDiagramGate *gate, guint wire);
/* The columns from first on that fit into a width, at least one; each takes its label and the spacing. */
guint qrx_diagram_fit (QrxDiagram *self, guint first, guint width, guint spacing);

G_END_DECLS
