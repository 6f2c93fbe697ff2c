/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes over the whole state that rotate it, with amplitudes in the lanes. A sweep takes one coset of cells after the
 * other: half of its rotations on the way into a small buffer, the other half on the way out, up to three of them on cells
 * in registers. Cells change their lanes on the way in, so that rotations meet their partners lane by lane. */
#include "quantum/kernel/steps.h"

/* What a step can be, for each number of rotations in a group and each variant. */
#define ACTIONS(DO, n, variant) \
  DO (n, variant, both, TRUE, ROTATE, TRUE, TRUE, FALSE, FALSE, FALSE) \
  DO (n, variant, both_in, TRUE, ROTATE, TRUE, TRUE, TRUE, FALSE, FALSE) \
  DO (n, variant, in, FALSE, ROTATE, TRUE, FALSE, FALSE, FALSE, FALSE) \
  DO (n, variant, in_table, FALSE, ROTATE, TRUE, FALSE, TRUE, FALSE, FALSE) \
  DO (n, variant, out, FALSE, ROTATE, FALSE, TRUE, FALSE, FALSE, FALSE) \
  DO (n, variant, overlap, FALSE, OVERLAP, TRUE, FALSE, FALSE, FALSE, FALSE) \
  DO (n, variant, first_overlap, FALSE, OVERLAP, TRUE, FALSE, FALSE, FALSE, TRUE) \
  DO (n, variant, undo, FALSE, UNDO, FALSE, FALSE, FALSE, FALSE, FALSE) \
  DO (n, variant, unwind, FALSE, UNWIND, FALSE, TRUE, FALSE, FALSE, FALSE) \
  DO (n, variant, unwind_out, FALSE, UNWIND, FALSE, TRUE, FALSE, TRUE, FALSE)
#define ALL_ACTIONS(DO) \
  ACTIONS (DO, 1, ALL_REAL) ACTIONS (DO, 2, ALL_REAL) ACTIONS (DO, 3, ALL_REAL) \
  ACTIONS (DO, 1, ALL_IMAGINARY) ACTIONS (DO, 2, ALL_IMAGINARY) ACTIONS (DO, 3, ALL_IMAGINARY) \
  ACTIONS (DO, 1, MIXED) ACTIONS (DO, 2, MIXED) ACTIONS (DO, 3, MIXED)

#define DEFINE(n, variant, name, alone, action, changes_in, changes_out, table_in, table_out, weighs) \
  static void name##_##variant##_##n (const Pass *pass, const Step *step) \
  { \
    run_step (action, (Mode){ alone, n, variant, changes_in, changes_out, table_in, table_out, weighs }, pass, step); \
  }
ALL_ACTIONS (DEFINE)

/* The same in a table. */
typedef void (*StepFunc) (const Pass *pass, const Step *step);
#define ENTRY(n, variant, name, alone, action, changes_in, changes_out, table_in, table_out, weighs) \
  [alone][action][variant][n - 1][changes_in][changes_out][table_in || table_out][weighs] = name##_##variant##_##n,
static const StepFunc functions[2][UNWIND + 1][N_VARIANTS][GROUP_MAX][2][2][2][2] = { ALL_ACTIONS (ENTRY) };

/* What a sweep consists of. */
typedef struct {
  guint n;
  StepFunc funcs[3];
  Step steps[3];
} Plan;

typedef struct {
  Action action;
  gboolean changes_in; /* the cells' lanes */
  gboolean changes_out;
  gboolean table;
  gboolean weighs;
} Task;

/* A part of a sweep's cosets. */
typedef struct {
  const Pass *pass;
  gsize k; /* where the first one begins */
  gsize n;
  Cell *buffers; /* of two cosets */
  Vector *sums;
} Part;

/* The n rotations from first on. */
static Step *
plan (Plan *self, const Part *part, Task task, guint first, guint n)
{
  const Pass *pass = part->pass;
  gboolean alone = n == pass->sweep->n && task.changes_in == task.changes_out;
  Step *step = &self->steps[self->n];

  step->first = first;
  step->n_groups = 1u << (pass->sweep->n - n);
  step->group_step = first == 0 ? 1u << n : 1;
  step->k = part->k;
  step->n_cosets = part->n;
  step->sums = part->sums;
  self->funcs[self->n++] = functions[alone][task.action][pass->sweep->sort][n - 1][task.changes_in][task.changes_out]
                                    [task.table][task.weighs];
  return step;
}

/* The steps take turns on each coset: what one leaves in the buffers is in the first cache for the next. */
static void
run_plan (Plan *self, const Part *part)
{
  const Pass *pass = part->pass;
  gsize k = part->k;

  if (self->n == 1)
    {
      self->funcs[0](pass, &self->steps[0]);
      return;
    }
  for (gsize left = part->n; left > 0; left--)
    {
      gsize next = ((k | pass->pivots) + 1) & ~pass->pivots;

      for (guint i = 0; i < self->n; i++)
        {
          self->steps[i].k = k;
          self->steps[i].next = next;
          self->funcs[i](pass, &self->steps[i]);
        }
      k = next;
    }
}

static void
rotate_part (const Part *part, Cell *to, const Cell *from)
{
  const Pass *pass = part->pass;
  guint n = pass->sweep->n, n_first = n <= GROUP_MAX ? n : (n + 1) / 2;
  gboolean ends = n_first == n, table = pass->table != NULL;
  const Side in = { (char *) from, pass->hops }, out = { (char *) to, pass->hops };
  const Side middle = { (char *) part->buffers, NULL };
  Plan whole;
  Step *step;

  whole.n = 0;
  step = plan (&whole, part, (Task){ ROTATE, TRUE, ends, table, FALSE }, 0, n_first);
  step->in = in;
  step->out = ends ? out : middle;
  if (!ends)
    {
      step = plan (&whole, part, (Task){ ROTATE, FALSE, TRUE, FALSE, FALSE }, n_first, n - n_first);
      step->in = middle;
      step->out = out;
    }
  run_plan (&whole, part);
}

/* Derivatives, and bra and ket back before the rotations and a table's diagonal. */
static void
differentiate_part (const Part *part, gboolean weighs, Cell *bra_cells, Cell *ket_cells)
{
  const Pass *pass = part->pass;
  guint n = pass->sweep->n, n_first = n <= GROUP_MAX ? 0 : (n + 1) / 2;
  const Side bra = { (char *) bra_cells, pass->hops }, ket = { (char *) ket_cells, pass->hops };
  const Side middle = { (char *) part->buffers, NULL };
  const Side middle_ket = { (char *) (part->buffers + QRX_SWEEP_MAX_CELLS), NULL };
  gboolean table = pass->table != NULL;
  Plan whole;
  Step *step;

  whole.n = 0;
  step = plan (&whole, part, (Task){ OVERLAP, TRUE, FALSE, FALSE, weighs }, n_first, n - n_first);
  step->in = bra;
  step->ket = ket;
  step->out = middle;
  step->ket_out = middle_ket;
  if (n_first > 0)
    {
      step = plan (&whole, part, (Task){ UNDO, FALSE, FALSE, FALSE, FALSE }, 0, n_first);
      step->in = step->out = middle;
      step->ket = step->ket_out = middle_ket;
    }
  step = plan (&whole, part, (Task){ UNWIND, FALSE, TRUE, table, FALSE }, n_first, n - n_first);
  step->in = middle;
  step->ket = middle_ket;
  step->out = bra;
  step->ket_out = ket;
  run_plan (&whole, part);
}

static void
pass_init (Pass *pass, const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
           gboolean adjoint)
{
  const QrxSweep *sweep = &g_array_index (evaluation->program->sweeps, QrxSweep, layer->sweep);
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, sweep->first);

  pass->evaluation = evaluation;
  pass->sweep = sweep;
  pass->negative = adjoint ? 1 : 0;
  pass->field = block->field;
  pass->pivots = (((gsize) sweep->pivots >> evaluation->lane_bits) << CELL_SHIFT) | (sizeof (Cell) - 1);
  for (guint c = 0; c < 1u << sweep->n; c++)
    pass->hops[c] = ((gsize) sweep->offsets[c] >> evaluation->lane_bits) << CELL_SHIFT;
  for (guint c = 0; c < 1u << sweep->n; c++)
    pass->lanes[c] = shuffle_of (lane_mask (evaluation, sweep->offsets[c]));
  for (guint r = 0; r < sweep->n; r++)
    {
      pass->factors[r] = factors_of (evaluation, block, &rotations[r]) + 1;
      pass->z[r] = ((gsize) rotations[r].z >> evaluation->lane_bits) << CELL_SHIFT;
    }
}

typedef struct {
  Pass pass;
  gsize part_size; /* in cosets */
  gboolean derives;
  gboolean weighs;
  Cell *to; /* or the bra */
  const Cell *from;
  Cell *ket;
  Vector sums[QRX_KERNEL_MAX_PARTS][QRX_SWEEP_MAX];
} Work;

/* Where the coset of a number begins: its bits go between the pivots. */
static gsize
find_coset (const Pass *pass, gsize number)
{
  gsize k = 0;

  for (gsize bit = 1; number != 0; bit <<= 1)
    if ((pass->pivots & bit) == 0)
      {
        k |= (number & 1) != 0 ? bit : 0;
        number >>= 1;
      }
  return k;
}

static void
run_part (gsize number, gpointer data)
{
  Work *work = data;
  Cell buffers[2 * QRX_SWEEP_MAX_CELLS];
  Part part = { &work->pass, find_coset (&work->pass, number * work->part_size), work->part_size, buffers,
                work->sums[number] };

  for (guint r = 0; r < QRX_SWEEP_MAX; r++)
    part.sums[r] = splat (0);
  if (work->derives)
    differentiate_part (&part, work->weighs, work->to, work->ket);
  else
    rotate_part (&part, work->to, work->from);
}

static gsize
run_parts (Work *work)
{
  const QrxEvaluation *evaluation = work->pass.evaluation;
  gsize n_cosets = count_cells (evaluation) >> work->pass.sweep->n, n_parts = count_parts (evaluation, n_cosets, 8);

  work->part_size = n_cosets / n_parts;
  qrx_pool_run (evaluation->pool, n_parts, run_part, work);
  return n_parts;
}

void
KERNEL (rotate_sweep) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                       gboolean adjoint, gconstpointer table, Cell *to, const Cell *from)
{
  Work work;

  pass_init (&work.pass, evaluation, block, layer, adjoint);
  work.pass.table = table;
  work.derives = work.weighs = FALSE;
  work.to = to;
  work.from = from;
  run_parts (&work);
}

void
KERNEL (differentiate_sweep) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, const QrxLayer *layer,
                              gconstpointer table, gboolean weighs, Cell *bra, Cell *ket)
{
  Vector *gradients = (Vector *) block->gradients + layer->first_rotation;
  Work work;
  gsize n_parts;

  pass_init (&work.pass, evaluation, block, layer, TRUE);
  work.pass.table = table;
  work.derives = TRUE;
  work.weighs = weighs;
  work.to = bra;
  work.ket = ket;
  n_parts = run_parts (&work);
  for (guint r = 0; r < layer->n_rotations; r++)
    {
      gradients[r] = work.sums[0][r];
      for (gsize p = 1; p < n_parts; p++)
        gradients[r] += work.sums[p][r];
    }
}
