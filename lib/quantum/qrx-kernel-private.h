/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The statevector kernels as their callers see them. lib/quantum/kernel is compiled once for each level of the
 * processor and each precision; a kernel works on blocks of as many rows as a vector register has lanes, of which some make a
 * team, or, where the program puts amplitudes there, on single rows. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

#include "quantum/qrx-program-private.h"

G_BEGIN_DECLS

/* Blocks of a team, to the power of two. */
#define QRX_TEAM_MAX_BITS 3

/* Passes over a single row are divided into so many parts at most. */
#define QRX_KERNEL_MAX_PARTS 16

/* Of a shared diagonal with amplitudes in the lanes, so many rotations' phases are kept, and so many times at once. */
#define QRX_KERNEL_CHUNK 8
#define QRX_KERNEL_PHASES (1 << QRX_KERNEL_CHUNK)
#define QRX_KERNEL_WORD_CHUNKS (64 / QRX_KERNEL_CHUNK)

/* Vectors for each rotation: its cosine, its sine (or tangent), and the same negated. */
#define QRX_KERNEL_FACTORS 3
/* Vectors for the shared rotations at the end of a chain: two complex numbers and a matrix of three by three. */
#define QRX_KERNEL_END 13

/* What all rows share. Vectors and reals are of the kernel's type. */
typedef struct _QrxEvaluation {
  QrxProgram *program;
  struct _QrxEvaluation *parts[2]; /* of the program's parts, so many of them */
  QrxPool *pool;   /* that divides passes over a single row, or NULL where rows are shared out */
  guint lane_bits; /* of an amplitude's place, how many are in the lanes: 0 if these are rows */
  gsize n_rows;
  gsize n_inputs;
  gsize n_observables;
  gconstpointer inputs;
  gconstpointer weights;
  gpointer factors;      /* vectors: QRX_KERNEL_FACTORS for each shared rotation */
  gpointer ends;         /* vectors: QRX_KERNEL_END for each bit, of the rotations that end its chain */
  gpointer tables;       /* 2^n for each shared diagonal, once for each block of a team: pairs of reals, or, with
                          * amplitudes in the lanes, cells */
  gpointer phases;       /* with amplitudes in the lanes, cells: QRX_KERNEL_PHASES of as many chunks as a word has */
  double *angles;        /* half angles, as far as rows share them, their sines and cosines; with rows in the lanes, then
                          * 2^n of a diagonal */
  double *flips;         /* for each rotation, +1 or -1 as what came before turns it */
  double *scales;        /* for each rotation, what makes the overlap of bra and ket a derivative, its flip included */
  double *string_scales; /* for each string, what makes its sum over the final state an expectation */
  gsize n_sums;          /* rotations and three for each chain's end (unless there are parts), rounded up to whole vectors */
  gsize state_stride;    /* from a state that is kept to the next, in bytes */
  guint team_bits;       /* so many blocks, to the power of two, make a team: sweeps go through them together, or, where
                          * there are halves, those of the halves do */
  double gains[2];       /* what takes a part's last state to a unit vector where this one's state begins */
  guint turned[2];       /* 1: what a half sees of the other one is turned, by half turns that this left out */
  QrxString left;        /* the half turns that tangents left out, at the end */
  double left_scale;     /* the state there is this times a unit vector */
} QrxEvaluation;

/* What one block of rows works on; vectors, a cell being two of them. */
typedef struct _QrxBlockMemory {
  struct _QrxBlockMemory *parts[2]; /* the same block in the program's parts */
  gsize n_blocks; /* of the team that begins here, a power of two; the others follow, and so do their states */
  double *sums; /* n_sums: overlaps, summed over the rows of the team that begins here */
  /* Kept between the expectations and the gradient. */
  gpointer factors;  /* QRX_KERNEL_FACTORS for each rotation of inputs */
  gpointer chains;   /* two cells for each bit: what its rotations make of |0⟩, in a product state */
  gpointer products; /* cells: products of the bits of each half of a place, and what the gradient makes of them */
  gpointer state;    /* all amplitudes, of as many states as the program keeps */
  gpointer seam[2];  /* cells: each half's last state by its places, branches innermost */
  gpointer fields;   /* with rows in the lanes, 2^n reals for each shared diagonal: its derivatives' parts, all rows' */
  /* Scratch, of whichever thread runs the block. */
  gpointer bra;       /* as many cells as a state */
  gpointer bra_before; /* likewise, with rows in the lanes */
  gpointer field;     /* as many vectors */
  gpointer work;      /* as many vectors and one */
  gpointer strings;   /* a vector for each string */
  gpointer gradients; /* n_sums vectors: overlaps of bra and ket */
  gpointer pairs;     /* two cells for each bit: what multiplies its amplitudes, a row in each lane or one in the first lane */
} QrxBlockMemory;

typedef struct {
  const char *level;
  QrxDtype dtype;
  gsize lanes;
  /* Angles, tables and scales, from the weights. */
  void (*prepare) (QrxEvaluation *evaluation);
  /* Writes the expectations of a team's rows. */
  void (*forward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                   gpointer expectations);
  /* Writes a team's rows of grad_inputs, and its sums to those of its first block. */
  void (*backward) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row,
                    gconstpointer cotangents, gpointer grad_inputs);
  /* From teams' sums, in their order, the derivatives by rotations, to the first block's. */
  void (*reduce) (const QrxEvaluation *evaluation, const QrxBlockMemory *blocks, gsize n_blocks);
} QrxKernel;

/* The blocks of the team that begins at one: as many as there are left of them make a power of two. */
static inline gsize
qrx_evaluation_count_team (const QrxEvaluation *evaluation, gsize first, gsize n_blocks)
{
  gsize n = (gsize) 1 << evaluation->team_bits;

  while (n > n_blocks - first)
    n /= 2;
  return n;
}

/* The kernel of a level, or of the best one that this processor has; NULL if there is none. */
const QrxKernel *qrx_kernel_find (const char *level, QrxDtype dtype);
/* What this processor has, best first, NULL-terminated. */
const char *const *qrx_kernel_list_levels (void);

G_END_DECLS
