/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings and layouts as lists of steps. A step puts gates on every place of a pattern: on a qubit, or on a pair of
 * qubits, where a gate of one wire goes on both. */
#pragma once

#include "quantum/qrx-circuit-private.h"

G_BEGIN_DECLS

#define QRX_STEP_MAX_GATES 3
#define QRX_LAYOUT_MAX_STEPS 6

typedef enum {
  QRX_PATTERN_NONE,         /* no step */
  QRX_PATTERN_EACH,         /* every qubit */
  QRX_PATTERN_INNER,        /* every qubit that climb-odd pairs */
  QRX_PATTERN_LINE,         /* (0, 1), (1, 2), … */
  QRX_PATTERN_RING,         /* line, then (n − 1, 0) */
  QRX_PATTERN_RING_ONCE,    /* as ring, but two qubits once */
  QRX_PATTERN_GROWING_RING, /* (i, i + r mod n) with r = 1 + layer mod (n − 1) */
  QRX_PATTERN_ALL,          /* (i, j) for all i < j */
  QRX_PATTERN_PAIRWISE,     /* (0, 1), (2, 3), …, then (1, 2), (3, 4), … */
  QRX_PATTERN_TREE,         /* (0, 1), (2, 3), …, then the second ones of these alike, up to one pair */
  QRX_PATTERN_CLIMB,        /* (n − 1, n − 2), …, (1, 0) */
  QRX_PATTERN_CLIMB_CLOSED, /* climb, then (0, n − 1) if there are more than two */
  QRX_PATTERN_CLIMB_EVEN,   /* (1, 0), (3, 2), … */
  QRX_PATTERN_CLIMB_ODD,    /* (2, 1), (4, 3), … */
  QRX_PATTERN_CLIMB_RING,   /* (n − 1, n − 2), (0, n − 1), (1, 0), …, (n − 2, n − 3) */
  QRX_PATTERN_DESCEND_RING, /* (n − 1, 0), (n − 2, n − 1), …, (0, 1) */
  QRX_PATTERN_MUTUAL,       /* (i, j) for all i ≠ j, both from the last one on */
  QRX_PATTERN_MULTIPLEX,    /* qubit k under every setting of qubits 0 to k − 1: rotations parted by controlled gates */
} QrxPattern;

typedef struct {
  QrxPattern pattern;
  const char *gates[QRX_STEP_MAX_GATES];
} QrxLayoutStep;

typedef struct {
  const char *name;
  QrxLayoutStep steps[QRX_LAYOUT_MAX_STEPS];
  double scale;    /* of an input */
  guint n_repeats; /* with the same inputs */
  const char *summary;
  const char *citation;
} QrxEncoding;

typedef struct {
  const char *name;
  QrxLayoutStep first; /* before the first layer, not repeated */
  QrxLayoutStep steps[QRX_LAYOUT_MAX_STEPS];
  gboolean open; /* its pattern may be another: line, ring, all, pairwise */
  const char *summary;
  const char *citation;
} QrxLayout;

const QrxEncoding *qrx_encoding_find (const char *name);
const QrxLayout *qrx_layout_find (const char *name);

/* Appends a step. Gates with a parameter take the next index of the source; @pattern, unless it is none, stands in for
 * the step's own where that joins pairs. */
void qrx_layout_step_append (const QrxLayoutStep *step, QrxPattern pattern, guint layer, QrxAngleSource source,
                             double scale, guint *index, QrxCircuit *circuit);

G_END_DECLS
