/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compiler's intermediate form. A circuit becomes a list of turns exp(-i angle P / 2) around Pauli strings P, its
 * Clifford gates having moved into the observables; the turns become rotations, and these a product state, then layers.
 *
 * A kernel string of masks (x, z) is P = X^x Z^z times 1, -i, or i as |x & z| mod 4 is 0; 1; 2 or 3 would ask, up to the
 * sign that kernel form drops: with s(j) = (-1)^|j & z|,
 *   x = 0:            (-i P psi)_j = -i s(j) psi_j             "diagonal"
 *   |x & z| odd:      (-i P psi)_j =   -s(j) psi_(j ^ x)       "real"
 *   |x & z| even:     (-i P psi)_j = -i s(j) psi_(j ^ x)       "imaginary"
 * The dropped signs are folded into angles and coefficients when the circuit is lowered. */
#pragma once

#include <qrx/qrx-program.h>

#include "quantum/qrx-circuit-private.h"

G_BEGIN_DECLS

#define QRX_N_PASSES 9

typedef enum {
  QRX_PASS_CLIFFORDS = 1 << 0,  /* move quarter turns into the observables */
  QRX_PASS_LIGHT_CONE = 1 << 1, /* drop what no observable sees */
  QRX_PASS_PRODUCT = 1 << 2,    /* keep single-qubit turns before the first entangler as a product state */
  QRX_PASS_SCHEDULE = 1 << 3,   /* gather what commutes, merge what turns around the same string */
  QRX_PASS_GROUP = 1 << 4,      /* several rotations in a sweep */
  QRX_PASS_LANES = 1 << 5,      /* spread a large state over the lanes of vectors, a row at a time */
  QRX_PASS_KEEP = 1 << 6,       /* keep states for the gradient, rather than take the last one back */
  QRX_PASS_SCATTER = 1 << 7,    /* place amplitudes so that those that rotations pair do not share sets of a cache */
  QRX_PASS_HALVES = 1 << 8,     /* simulate what comes before halves of the state mix on each of them */
  QRX_PASS_ALL = (1 << QRX_N_PASSES) - 1,
  QRX_PASS_LANES_SOON = 1 << QRX_N_PASSES, /* in small states, too, where it does not pay */
  QRX_PASS_HALVES_SOON = 2 << QRX_N_PASSES, /* likewise */
} QrxPasses;

/* exp(-i angle P / 2), angle = scale * source + offset. */
typedef struct {
  guint32 x;
  guint32 z;
  QrxAngleSource source;
  guint index;
  double scale;
  double offset;
} QrxTurn;

/* A distinct kernel string among the observables. */
typedef struct {
  guint32 x;
  guint32 z;
} QrxString;

typedef struct {
  guint observable;
  guint string;
  double coefficient;
} QrxReadoutTerm;

/* Strings that pair the same amplitudes in the same way: signed sums of one field, by trees over their z. Or one string, without
 * a tree. */
typedef struct {
  guint string; /* one of them */
  guint first_tree;
  guint n_trees;
} QrxReadoutGroup;

/* Of a rotation's angle, an input's or a weight's part. */
typedef struct {
  guint rotation;
  guint index;
  double scale;
} QrxAngleTerm;

typedef enum {
  QRX_FORM_TANGENT, /* 1 - i tan(angle / 2) P, its cosine left for later */
  QRX_FORM_UNITARY, /* cosine and sine, and whatever scale has gathered */
} QrxForm;

/* exp(-i angle P / 2), angle = offset + the sum of its terms' scale times input or weight. */
typedef struct {
  guint32 x;
  guint32 z;
  double offset;
  guint n_terms;
  gboolean per_row; /* an input is among its terms */
  QrxForm form;
  guint slot; /* its place among those that are per row, or among those that are not */
} QrxRotation;

/* Independent masks, and coordinates y of the indices k in which bit j of y is the parity of k with mask j:
 * k = low[y mod 2^n_low] ^ high[y div 2^n_low]. All this on indices without their lane bits. */
typedef struct {
  guint n_members;
  guint n_whole;  /* members after those, whose masks have lane bits only */
  guint *members; /* rotations or strings */
  guint32 *lanes; /* the lane bits of each member's mask */
  guint n_low;
  guint32 *low;
  guint32 *high;
} QrxTree;

#define QRX_SWEEP_MAX 6
#define QRX_SWEEP_MAX_CELLS (1 << QRX_SWEEP_MAX)
#define QRX_SMALL_SWEEP_MAX 3 /* with rows in the lanes: what registers hold */
#define QRX_BLOCK_MAX_BITS QRX_CIRCUIT_MAX_QUBITS /* of the number of a block's cosets */

/* Of one kind in tangent form, all pairs that a coset's first signs, or any. */
typedef enum { QRX_SWEEP_REAL, QRX_SWEEP_IMAGINARY, QRX_SWEEP_MIXED } QrxSweepSort;

/* Rotations of one pass over the state, their x independent (lane bits aside). The pass takes cosets of 2^n indices
 * k ^ offsets[c]; rotation r pairs those that differ in bit r of c. */
typedef struct {
  guint n;
  guint first;                    /* rotation */
  guint32 z[QRX_SWEEP_MAX];
  guint64 signs[QRX_SWEEP_MAX];   /* bit c: the sign of the pair that begins at c, against that at 0 */
  guint32 kinds[QRX_SWEEP_MAX];   /* bit 0: real; bit 1: not in tangent form */
  QrxSweepSort sort;
  gboolean within_lanes;          /* a single rotation whose x has nothing but lane bits */
  guint32 offsets[QRX_SWEEP_MAX_CELLS];
  guint32 pivots; /* bits that are zero in every k that begins a coset */
  /* With rows in the lanes, cosets come by blocks, which begin at places with zeros at these bits: row by row, from the place's
   * exclusive or with the row's on, by steps that Gray's code takes one by one. In a row all signs are the same: those of the
   * place, exclusive or with the row's. */
  guint32 block_pivots;
  guint n_rows;
  guint32 rows[1 << QRX_SMALL_SWEEP_MAX];
  guint32 row_signs[1 << QRX_SMALL_SWEEP_MAX];
  guint n_steps;
  guint32 steps[QRX_BLOCK_MAX_BITS + 1]; /* a zero after them */
  gboolean joins; /* the next sweep has the same blocks, whose cells it turns while they are near */
} QrxSweep;

/* Sweeps that so many rotations take at least, with rows in the lanes. */
static inline guint
qrx_count_small_sweeps (guint n_rotations)
{
  return (n_rotations + QRX_SMALL_SWEEP_MAX - 1) / QRX_SMALL_SWEEP_MAX;
}

/* The signs of a sweep's rotations at a place, a bit each. */
static inline guint32
qrx_sweep_find_signs (const QrxSweep *self, guint32 place)
{
  guint32 signs = 0;

  for (guint r = 0; r < self->n; r++)
    signs |= (guint32) qrx_parity (place & self->z[r]) << r;
  return signs;
}

/* A diagonal, then a sweep of rotations that commute with each other. */
typedef struct {
  guint first_diagonal;
  guint n_shared_diagonals; /* one table for all rows */
  guint n_row_diagonals;    /* after the shared ones */
  guint first_rotation;
  guint n_rotations;
  guint sweep;      /* if there are rotations */
  guint first_tree; /* over the diagonal's masks; with rows in the lanes, over those of inputs */
  guint n_trees;
  guint table; /* which of the shared tables */
} QrxLayer;

/* Layers of which the rotations commute, the first alone has a diagonal: derivatives by all its rotations can be read from
 * the bra and the ket after it. */
typedef struct {
  guint first_layer;
  guint n_layers;
} QrxStage;

#define QRX_LANE_BITS 4

/* Amplitudes 64 apart, and multiples of that, would share a set of a cache's lines: the bits above turn those below. */
#define QRX_SCATTER_BITS 6

static inline guint32
qrx_scatter (guint32 index)
{
  return index ^ (index >> QRX_SCATTER_BITS & ((1u << QRX_SCATTER_BITS) - 1));
}

/* What a state begins as the sum of: a product of two halves' vectors for each branch. A half is a program over the bits of its
 * places, of the branches, and of what it sees of the other half, without observables. */
typedef struct {
  QrxProgram *halves[2];
  guint n_branch_bits;
  guint n_bits[2];      /* of each half's places */
  guint n_seen_bits[2]; /* 0, or 1: each half sees the highest bit of the other's places */
  guint32 seen[2];      /* what a place in the state has as its parity with this */
  guint32 *places[2]; /* of a half in the state: the lower half has the lower bits, in order unless amplitudes are in the lanes */
  guint32 *cells[2];  /* of each place and branch, branches innermost, what it sees outermost, in the half's state */
  double gains[2];    /* what multiplies each half's amplitudes, */
  gint8 *signs[2];    /* and of each of these, in the order of cells, 1 or -1; NULL if there is none */
  QrxString strings[2][QRX_CIRCUIT_MAX_QUBITS]; /* what X and Z of each of a half's bits are in the state */
} QrxSeam;

struct _QrxProgram {
  GObject parent_instance;
  QrxCircuit *circuit;
  guint n_qubits;
  QrxPasses passes;
  GArray *rotations;   /* QrxRotation: those of the product state by qubit, then layer by layer */
  GArray *input_terms;  /* QrxAngleTerm, in the order of rotations */
  GArray *weight_terms; /* likewise */
  GArray *layers;      /* QrxLayer */
  GArray *stages;      /* QrxStage */
  GArray *sweeps;      /* QrxSweep */
  GArray *trees;       /* QrxTree: the layers', then the readout's */
  GArray *strings;     /* QrxString */
  GArray *readout;     /* QrxReadoutTerm, in the order of observables */
  guint chain[QRX_CIRCUIT_MAX_QUBITS + 1]; /* rotations chain[b] … chain[b + 1] - 1 act on bit b of the product state */
  guint chain_ends[QRX_CIRCUIT_MAX_QUBITS];    /* from here on, they follow no input */
  gboolean is_scattered;                       /* places are qrx_scatter() of the circuit's indices, and the reverse */
  guint n_lane_bits;                           /* 0: rows in the lanes; else QRX_LANE_BITS, amplitudes in the lanes */
  guint bits[QRX_CIRCUIT_MAX_QUBITS];          /* the circuit's bit at each bit of a place in the state */
  guint32 parities[QRX_CIRCUIT_MAX_QUBITS];    /* each of the circuit's bits is the parity of a place with this */
  GArray *groups;               /* QrxReadoutGroup: the diagonal strings', which may be without a tree; then others' */
  gboolean readout_is_diagonal; /* all strings */
  guint n_kept; /* of the states before stages and after all, how many there is room for: the last ones */
  guint n_tables;
  guint n_row_rotations;
  guint n_shared_rotations;
  QrxSeam *seam;    /* or NULL */
  QrxProgram *stem; /* or NULL: with one bit less, whose last state the state begins as two copies of, one after the other.
                     * With neither of them, it begins as the product state */
};

/* The programs whose last states the state begins as: two halves, a stem, or none. */
static inline guint
qrx_program_count_parts (const QrxProgram *self)
{
  return self->seam != NULL ? 2 : self->stem != NULL ? 1 : 0;
}

static inline QrxProgram *
qrx_program_get_part (const QrxProgram *self, guint i)
{
  return self->seam != NULL ? self->seam->halves[i] : self->stem;
}

/* Turns around one string become one rotation, after the others. */
void qrx_program_append_rotation (QrxProgram *self, const QrxTurn *turns, guint n);

/* A part of a program with these turns and this product state; if it sees, there is one bit more that turns have Z of, and what
 * comes before these is a stem. */
QrxProgram *qrx_program_new_part (QrxProgram *whole, guint n_bits, gboolean sees, GArray *turns, GArray *product);
void qrx_seam_free (QrxSeam *seam);

QrxProgram *qrx_program_compile_with (QrxCircuit *circuit, QrxPasses passes, GError **error);

/* The passes, in their order; turns is a GArray of QrxTurn. */
GArray *qrx_pass_lower (QrxProgram *self);
void qrx_pass_drop_unseen (QrxProgram *self, GArray *turns);
void qrx_pass_split_product (QrxProgram *self, GArray *turns, GArray *product);
void qrx_pass_halve (QrxProgram *self, GArray *turns, GArray *product);
/* Takes out the turns that can come before all that have this bit. */
GArray *qrx_pass_split_stem (GArray *turns, guint32 bit);
void qrx_pass_place (QrxProgram *self, GArray *turns);
gboolean qrx_pass_wants_lanes (const QrxProgram *self);
/* Puts a part's amplitudes into the lanes, along directions of its first bits; and moves there what a seam knows of a half. */
void qrx_pass_place_part (QrxProgram *self, guint n_bits, GArray *turns);
void qrx_pass_move_half (QrxSeam *seam, guint h);
void qrx_pass_schedule (QrxProgram *self, GArray *turns);
/* Takes from masks (x, z), as order lists them from first on, what one sweep can hold; order is rearranged. */
guint qrx_pass_select_sweep (QrxProgram *self, const QrxString *masks, GArray *order, guint first);
/* A sweep of the n rotations from first on. */
void qrx_pass_add_sweep (QrxProgram *self, guint first, guint n);
/* Lays the blocks of a stage's sweeps, of those from first on. */
void qrx_pass_lay_blocks (QrxProgram *self, guint first);
void qrx_pass_add_trees (QrxProgram *self, const guint32 *masks, const guint *members, guint n);

static inline gboolean
qrx_pauli_is_real (guint32 x, guint32 z)
{
  return qrx_parity (x & z) != 0;
}

G_END_DECLS
