/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory that the statevector backend's kernels work on. */
#pragma once

#include <qrx/qrx-backend.h>

#include <stdatomic.h>

#include "quantum/qrx-statevector-memory-private.h"

G_BEGIN_DECLS

#define QRX_TYPE_STATEVECTOR_WORKSPACE (qrx_statevector_workspace_get_type ())
G_DECLARE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX, STATEVECTOR_WORKSPACE, QrxWorkspace)

#define QRX_MAX_PIECES 5 /* a program, its halves, and their stems */

struct _QrxStatevectorWorkspace {
  QrxWorkspace parent_instance;
  const QrxKernel *kernel;
  QrxPiece pieces[QRX_MAX_PIECES]; /* that of the whole program first */
  guint n_pieces;
  _Atomic gboolean *taken; /* which scratches are in use */
  gsize n_scratches;
  double *totals;   /* for each weight */
  gpointer memory;
};

/* Takes the memory for batches of up to max_rows. */
QrxWorkspace *qrx_statevector_workspace_new (const QrxKernel *kernel, QrxProgram *program, guint64 max_rows,
                                             QrxDtype dtype, GError **error);

/* The blocks of the present batch, each with a row for each lane, or, where amplitudes are there, one. */
gsize qrx_statevector_workspace_count_blocks (QrxStatevectorWorkspace *self);
/* The teams that these make. */
gsize qrx_statevector_workspace_count_teams (QrxStatevectorWorkspace *self);

void qrx_statevector_workspace_set_batch (QrxStatevectorWorkspace *self, gconstpointer inputs, gconstpointer weights,
                                          gsize n_rows);

/* The memory of a team's blocks together with scratch that no other thread uses until it is given back, and their first
 * row. */
const QrxBlockMemory *qrx_statevector_workspace_take (QrxStatevectorWorkspace *self, gsize team, gsize *first_row,
                                                      gsize *scratch);
void qrx_statevector_workspace_give_back (QrxStatevectorWorkspace *self, gsize scratch);

G_END_DECLS
