/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a cut pays: what parts and their seam cost against passes over all of the state. */
#include <math.h>

#include "quantum/qrx-cut-private.h"

/* What passes over the state cost or save, both ways, in processor cycles a vector cell, and what a half costs besides: as
 * measured on AVX2. */
#define COST_BRANCH 6.0
#define COST_JOIN 4.0
#define COST_SEEN 3.0
#define COST_PASS 6.0
#define COST_ROTATION 4.5
#define COST_PRODUCT 10.0
#define COST_DIAGONAL 7.0
#define COST_GATHER 10.0
#define COST_COPY 3.0
#define COST_HALF 1500.0

/* What parts hold. */
typedef struct {
  guint n_rotations;
  guint n_passes; /* that these take */
  guint n_tables;
} Counts;

static Counts
count (const QrxProgram *part)
{
  Counts counts = { 0, 0, part->n_tables };

  for (guint l = 0; l < part->layers->len; l++)
    {
      counts.n_rotations += g_array_index (part->layers, QrxLayer, l).n_rotations;
      counts.n_passes += g_array_index (part->layers, QrxLayer, l).n_rotations > 0 ? 1 : 0;
    }
  return counts;
}

static double
find_cell_cost (const Counts *counts)
{
  return COST_ROTATION * counts->n_rotations + COST_PASS * counts->n_passes + COST_DIAGONAL * counts->n_tables;
}

/* Cells, of vectors: amplitudes are in the lanes, or rows. */
static double
count_cells (guint n_qubits, gboolean lanes)
{
  return ldexp (1, (int) n_qubits - (lanes ? 2 : 0));
}

/* Cycles that a part takes, and its own stem; all that they hold is added to the counts. */
static double
find_cost (const QrxProgram *part, Counts *all)
{
  Counts here = count (part);
  double begin = part->stem != NULL ? find_cost (part->stem, all) : 0;

  all->n_rotations += here.n_rotations;
  all->n_tables += here.n_tables;
  return begin + count_cells (part->n_qubits, part->n_lane_bits > 0) *
                   (find_cell_cost (&here) + (part->stem != NULL ? COST_COPY : COST_PRODUCT));
}

double
qrx_seam_find_gain (const QrxSeam *self, const QrxProgram *program)
{
  double halves = 2 * COST_HALF, size = count_cells (program->n_qubits, qrx_pass_wants_lanes (program));
  Counts all[2] = { { 0 }, { 0 } }, whole;

  for (guint h = 0; h < 2; h++)
    halves += find_cost (self->halves[h], &all[h]) + ldexp (COST_GATHER, (int) self->halves[h]->n_qubits);
  whole.n_rotations = all[0].n_rotations + all[1].n_rotations;
  whole.n_passes = qrx_count_small_sweeps (whole.n_rotations);
  whole.n_tables = MAX (all[0].n_tables, all[1].n_tables);
  return size * (find_cell_cost (&whole) + COST_PRODUCT) -
         (halves + size * (COST_JOIN + COST_SEEN * (self->n_seen_bits[0] + self->n_seen_bits[1]) +
                           ldexp (COST_BRANCH, (int) self->n_branch_bits)));
}
