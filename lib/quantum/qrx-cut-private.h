/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a state is cut into halves. */
#pragma once

#include "quantum/qrx-program-private.h"

G_BEGIN_DECLS

#define QRX_CUT_MAX_BRANCH_BITS 2
#define QRX_CUT_MAX_BITS 20 /* of a half, with the branches': there are tables of its places */

/* Coordinates of places: along the directions of rotations, as many as there are independent ones. */
typedef struct {
  guint n;
  guint32 directions[QRX_CIRCUIT_MAX_QUBITS];
  guint32 duals[QRX_CIRCUIT_MAX_QUBITS];    /* a coordinate is a place's parity with this */
  guint32 qubits[QRX_CIRCUIT_MAX_QUBITS];   /* of the product state: coordinates that each one's bit is the parity of */
  guint32 links[QRX_CIRCUIT_MAX_QUBITS];    /* other coordinates whose Z the rotation along each one has, and the reverse */
  guint32 lower;                            /* coordinates of the lower half */
  guint32 seen[2];                          /* of each half's other one, the coordinate that its turns see, as a mask; or 0 */
} QrxCut;

/* A turn that acts on a half, and whether it sees the other one. */
typedef struct {
  guint turn; /* its index */
  guint half;
  gboolean sees;
} QrxCutTurn;

/* Looks for a cut across which few branches tie the halves; FALSE if there is none. */
gboolean qrx_cut_find (QrxCut *self, const QrxProgram *program, GArray *turns);
/* What each half had best see of the other one, if turns want to: those that are left may depend on one parity of its places
 * that none of its turns changes from then on. The coordinates of that, or 0. The upper half sees nothing of a lower one that
 * has fewer bits than that. */
void qrx_cut_look_across (const QrxCut *self, GArray *turns, guint least_lower, guint32 parities[2]);
/* Lets a half see a parity, which becomes a coordinate of the other one. */
void qrx_cut_see (QrxCut *self, guint half, guint32 parity);
/* The turns that can come before all others and act on one half each: QrxCutTurn, in their order. */
GArray *qrx_cut_select_turns (const QrxCut *self, GArray *turns);
/* The independent parities that qubits and links across the cut have on one side of it. */
guint qrx_cut_count_ties (const QrxCut *self, guint32 side);

/* Links across the cut are CZs that the state is seen through: which coordinates' Z they add where x is turned, and whether they
 * change a string's sign. */
guint32 qrx_cut_link (const QrxCut *self, guint32 x);
gboolean qrx_cut_link_negates (const QrxCut *self, guint32 x);

/* Cycles that a program's passes before a cut would take, less those that its halves and the seam take instead. */
double qrx_seam_find_gain (const QrxSeam *self, const QrxProgram *program);

static inline guint32
qrx_cut_get_side (const QrxCut *self, guint half)
{
  return half == 0 ? self->lower : (guint32) (((guint64) 1 << self->n) - 1) & ~self->lower;
}

G_END_DECLS
