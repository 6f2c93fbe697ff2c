/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory that the statevector backend's kernels work on. */
#pragma once

#include <qrx/qrx-backend.h>

#include <stdatomic.h>

#include "quantum/qrx-kernel-private.h"

G_BEGIN_DECLS

#define QRX_TYPE_STATEVECTOR_WORKSPACE (qrx_statevector_workspace_get_type ())
G_DECLARE_FINAL_TYPE (QrxStatevectorWorkspace, qrx_statevector_workspace, QRX, STATEVECTOR_WORKSPACE, QrxWorkspace)

struct _QrxStatevectorWorkspace {
  QrxWorkspace parent_instance;
  const QrxKernel *kernel;
  QrxEvaluation evaluation;
  QrxEvaluation halves[2]; /* if the program has any */
  QrxBlockMemory *blocks;
  QrxBlockMemory *scratches;
  QrxBlockMemory *half_blocks[2];
  QrxBlockMemory *half_scratches[2];
  _Atomic gboolean *taken; /* which of these are in use */
  gsize n_scratches;
  double *totals;   /* for each weight */
  gpointer memory;
};

/* Takes the memory for batches of up to max_rows. */
QrxWorkspace *qrx_statevector_workspace_new (const QrxKernel *kernel, QrxProgram *program, guint64 max_rows,
                                             QrxDtype dtype, GError **error);

/* How many rows a block has: one for each lane, unless amplitudes are there. */
gsize qrx_statevector_workspace_count_block_rows (QrxStatevectorWorkspace *self);
/* The blocks of the present batch. */
gsize qrx_statevector_workspace_count_blocks (QrxStatevectorWorkspace *self);

void qrx_statevector_workspace_set_batch (QrxStatevectorWorkspace *self, gconstpointer inputs, gconstpointer weights,
                                          gsize n_rows);

/* A block's memory together with scratch that no other thread uses until it is given back. */
const QrxBlockMemory *qrx_statevector_workspace_take (QrxStatevectorWorkspace *self, gsize block, gsize *scratch);
void qrx_statevector_workspace_give_back (QrxStatevectorWorkspace *self, gsize scratch);

G_END_DECLS
