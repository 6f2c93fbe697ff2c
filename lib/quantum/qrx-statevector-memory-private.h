/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the arrays of the statevector backend's kernels lie. */
#pragma once

#include "quantum/qrx-kernel-private.h"

G_BEGIN_DECLS

/* Hands out pieces of one allocation; before there is one, it measures. Sizes are doubles, for they may overflow. */
typedef struct {
  char *memory;
  double used;
} QrxArena;

/* What one program works on: the whole one, or a part. */
typedef struct {
  QrxEvaluation evaluation;
  QrxBlockMemory *blocks;    /* NULL while measuring */
  QrxBlockMemory *scratches; /* a team for each thread */
  guint parts[2];            /* which pieces are those of the program's parts */
} QrxPiece;

gpointer qrx_arena_take (QrxArena *arena, double n_bytes);

/* How many blocks go together, to the power of two. */
guint qrx_evaluation_choose_team (QrxProgram *program, const QrxKernel *kernel, gsize n_blocks);
void qrx_evaluation_init (QrxEvaluation *self, QrxProgram *program, const QrxKernel *kernel, guint team_bits);

/* Scratch is for so many threads. The evaluation has been initialized. */
void qrx_piece_lay_out (QrxPiece *piece, const QrxKernel *kernel, gsize n_threads, gsize n_blocks, QrxArena *arena);

G_END_DECLS
