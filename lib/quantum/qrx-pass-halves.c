/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cuts a state in two where little ties its halves together. After the first rotations that commute, a place can be written
 * as one of a lower half's exclusive or one of an upper half's, so that most of these rotations act on one half alone. What
 * the product state before them ties together across the cut are parities: for each value of those, a branch, the state is a
 * product of two vectors; CZs across the cut only make signs. Of the turns that follow, diagonals and rotations along one half
 * stay there, too, if all they have of the other half is the Z of a parity that nothing changes any more: for each value of that,
 * the half has a vector of its own. So each half is a program over its places, the branches' bits and the one that it sees; the
 * state is the sum of the branches' products, and the first passes over all of it are those of the turns after these. (States of
 * a few branches across a cut are those of low Schmidt rank, Vidal 2003, doi:10.1103/PhysRevLett.91.147902.) */
#include "quantum/qrx-cut-private.h"
#include "quantum/qrx-masks-private.h"

/* A half, with the masks over its coordinates and the branches' bits that its own bits are the parities of. What it sees of the
 * other half is one more bit, the highest. */
typedef struct {
  guint list[QRX_CIRCUIT_MAX_QUBITS]; /* coordinates; one that the other half sees is the last */
  guint n;
  guint n_bits; /* with the branches' */
  gboolean sees;
  guint32 masks[QRX_CIRCUIT_MAX_QUBITS];
  int qubits[QRX_CIRCUIT_MAX_QUBITS]; /* whose rotations act on each of its bits, or BRANCH or FREE */
  guint n_masks;
  guint32 columns[QRX_CIRCUIT_MAX_QUBITS];
  guint32 links[QRX_CIRCUIT_MAX_QUBITS]; /* of each of its coordinates to branches' bits */
} Half;

#define BRANCH -1 /* a bit that is zero: a parity is the branch's */
#define FREE -2   /* a bit that may be either */

static guint32
gather (const Half *half, guint32 coordinates)
{
  guint32 gathered = 0;

  for (guint i = 0; i < half->n; i++)
    gathered |= (coordinates >> half->list[i] & 1) << i;
  return gathered;
}

static void
add_mask (Half *half, guint32 mask, int qubit)
{
  half->qubits[half->n_masks] = qubit;
  half->masks[half->n_masks++] = mask;
}

/* Parities on one side of the cut as sums of those that branches are for. */
typedef struct {
  guint32 rows[QRX_CUT_MAX_BRANCH_BITS + 1];
  guint32 sums[QRX_CUT_MAX_BRANCH_BITS + 1];
  guint n;
} Branches;

/* Which branches' bits a parity is the sum of; what is new becomes one. */
static guint32
find_branches (Branches *self, Half *half, guint32 parity)
{
  guint32 left = parity, sum = 0;

  for (guint i = 0; i < self->n; i++)
    if ((left ^ self->rows[i]) < left)
      {
        left ^= self->rows[i];
        sum ^= self->sums[i];
      }
  if (left == 0)
    return sum;
  self->rows[self->n] = left;
  self->sums[self->n] = sum ^ (guint32) 1 << self->n;
  add_mask (half, gather (half, parity) | (guint32) 1 << (half->n + self->n), BRANCH);
  return (guint32) 1 << self->n++;
}

/* Qubits and links across the cut: what their parities on the side of the branches are sums of, and what is left to the other. */
static void
add_ties (const QrxCut *cut, guint32 branch_side, Half *half, Half *other)
{
  Branches branches = { .n = 0 };

  for (guint q = 0; q < cut->n; q++)
    {
      guint32 parity = cut->qubits[q] & branch_side, rest = cut->qubits[q] & ~branch_side;

      if (parity != 0 && rest != 0)
        add_mask (other, gather (other, rest) | find_branches (&branches, half, parity) << other->n, (int) q);
    }
  for (guint i = 0; i < other->n; i++)
    other->links[i] = find_branches (&branches, half, cut->links[other->list[i]] & branch_side) << other->n;
}

static void
complete_half (Half *half)
{
  qrx_masks_complete (half->masks, half->n_masks, half->n_bits);
  for (guint i = half->n_masks; i < half->n_bits; i++)
    half->qubits[i] = FREE;
  qrx_masks_invert (half->masks, half->n_bits, half->columns);
}

static void
list_coordinates (const QrxCut *cut, guint h, Half *half)
{
  guint32 seen = cut->seen[1 - h];

  for (guint j = 0; j < cut->n; j++)
    if (((qrx_cut_get_side (cut, h) & ~seen) >> j & 1) != 0)
      half->list[half->n++] = j;
  if (seen != 0)
    half->list[half->n++] = (guint) __builtin_ctz (seen);
}

static void
lay_halves (const QrxCut *cut, Half halves[2], guint *n_branch_bits)
{
  guint n_lower = qrx_cut_count_ties (cut, qrx_cut_get_side (cut, 0));
  guint n_upper = qrx_cut_count_ties (cut, qrx_cut_get_side (cut, 1));
  guint branches = n_upper <= n_lower ? 1 : 0;

  *n_branch_bits = MIN (n_lower, n_upper);
  for (guint h = 0; h < 2; h++)
    {
      guint32 side = qrx_cut_get_side (cut, h);
      Half *half = &halves[h];

      list_coordinates (cut, h, half);
      half->n_bits = half->n + *n_branch_bits;
      half->sees = cut->seen[h] != 0;
      for (guint q = 0; q < cut->n; q++)
        if ((cut->qubits[q] & ~side) == 0)
          add_mask (half, gather (half, cut->qubits[q]), (int) q);
    }
  add_ties (cut, qrx_cut_get_side (cut, branches), &halves[branches], &halves[1 - branches]);
  complete_half (&halves[0]);
  complete_half (&halves[1]);
}

/* The product state's turns on a half's bits. A free bit is turned to where both its amplitudes are the same. */
static GArray *
move_product (const Half *half, GArray *product)
{
  GArray *moved = g_array_new (FALSE, FALSE, sizeof (QrxTurn));

  for (guint bit = 0; bit < half->n_bits; bit++)
    {
      const QrxTurn free = { (guint32) 1 << bit, (guint32) 1 << bit, QRX_ANGLE_SOURCE_CONSTANT, 0, 0, G_PI_2 };

      if (half->qubits[bit] == FREE)
        g_array_append_val (moved, free);
      for (guint i = 0; i < product->len && half->qubits[bit] >= 0; i++)
        {
          QrxTurn turn = g_array_index (product, QrxTurn, i);

          if (((turn.x | turn.z) >> half->qubits[bit] & 1) == 0)
            continue;
          turn.x = turn.x != 0 ? (guint32) 1 << bit : 0;
          turn.z = turn.z != 0 ? (guint32) 1 << bit : 0;
          g_array_append_val (moved, turn);
        }
    }
  return moved;
}

/* The selected turns that act on a half, over its bits. */
static GArray *
move_turns (const QrxCut *cut, const Half *half, guint h, GArray *turns, GArray *selected)
{
  GArray *moved = g_array_new (FALSE, FALSE, sizeof (QrxTurn));

  for (guint i = 0; i < selected->len; i++)
    {
      const QrxCutTurn *cut_turn = &g_array_index (selected, QrxCutTurn, i);
      QrxTurn turn = g_array_index (turns, QrxTurn, cut_turn->turn);
      guint32 all_x = qrx_masks_multiply (cut->duals, cut->n, turn.x), x = gather (half, all_x);
      guint32 all_z = qrx_masks_multiply (cut->directions, cut->n, turn.z) ^ qrx_cut_link (cut, all_x);
      guint32 z = gather (half, all_z) | qrx_masks_combine (half->links, x);

      if (cut_turn->half != h)
        continue;
      turn.x = qrx_masks_multiply (half->masks, half->n_bits, x);
      turn.z = qrx_masks_multiply (half->columns, half->n_bits, z) | (guint32) cut_turn->sees << half->n_bits;
      g_array_append_val (moved, turn);
    }
  return moved;
}

/* A half's among the cut's vectors; none for the branches' bits. */
static void
list_vectors (const Half *half, const guint32 *from, guint32 *vectors)
{
  for (guint i = 0; i < half->n_bits; i++)
    vectors[i] = i < half->n ? from[half->list[i]] : 0;
}

/* CZs between a half's places and branches. */
static void
seam_add_signs (QrxSeam *seam, const Half *half, guint h)
{
  guint n_bits = half->n_bits + seam->n_seen_bits[h];
  guint32 linked = 0;

  for (guint i = 0; i < half->n; i++)
    linked |= half->links[i];
  if (linked == 0)
    return;
  seam->signs[h] = g_new (gint8, (gsize) 1 << n_bits);
  for (guint32 i = 0; i < (guint32) 1 << n_bits; i++)
    {
      guint32 branch = i & ((1u << seam->n_branch_bits) - 1), links = qrx_masks_combine (half->links, i >> seam->n_branch_bits);

      seam->signs[h][i] = qrx_parity (links & branch << half->n) != 0 ? -1 : 1;
    }
}

static void
seam_add_half (QrxSeam *seam, const QrxCut *cut, const Half *half, guint h)
{
  guint32 vectors[QRX_CIRCUIT_MAX_QUBITS], units[QRX_CIRCUIT_MAX_QUBITS];
  guint n_branch_bits = seam->n_branch_bits, n_bits = half->n_bits + (half->sees ? 1 : 0);

  seam->n_bits[h] = half->n;
  seam->n_seen_bits[h] = half->sees ? 1 : 0;
  seam->gains[h] = 1;
  seam->seen[h] = qrx_masks_combine (cut->duals, cut->seen[h]);
  for (guint i = 0; i < half->n_bits; i++)
    {
      guint coordinate = i < n_branch_bits ? half->n + i : i - n_branch_bits; /* the branches' bits come first */


      units[i] = qrx_masks_multiply (half->masks, half->n_bits, (guint32) 1 << coordinate);
      seam->gains[h] *= half->qubits[i] == FREE ? G_SQRT2 : 1;
    }
  units[half->n_bits] = (guint32) 1 << half->n_bits;
  seam->cells[h] = qrx_masks_span (units, n_bits);
  seam_add_signs (seam, half, h);
  list_vectors (half, cut->directions, vectors);
  seam->places[h] = qrx_masks_span (vectors, half->n);
  for (guint i = 0; i < half->n_bits; i++)
    seam->strings[h][i].x = qrx_masks_combine (vectors, half->columns[i]);
  list_vectors (half, cut->duals, vectors);
  for (guint i = 0; i < half->n_bits; i++)
    seam->strings[h][i].z = qrx_masks_combine (vectors, half->masks[i]);
  seam->strings[h][half->n_bits] = (QrxString){ 0, seam->seen[h] };
}

static void
remove_selected (GArray *turns, GArray *selected)
{
  guint kept = 0;

  for (guint i = 0, next = 0; i < turns->len; i++)
    if (next < selected->len && g_array_index (selected, QrxCutTurn, next).turn == i)
      next++;
    else
      g_array_index (turns, QrxTurn, kept++) = g_array_index (turns, QrxTurn, i);
  g_array_set_size (turns, kept);
}

/* What links across the cut make of the other turns, and of what is measured. */
static void
move_others (QrxProgram *self, const QrxCut *cut, GArray *turns)
{
  g_autofree gboolean *negated = g_new (gboolean, self->strings->len);

  for (guint i = 0; i < turns->len; i++)
    {
      QrxTurn *turn = &g_array_index (turns, QrxTurn, i);
      guint32 x = qrx_masks_multiply (cut->duals, cut->n, turn->x);

      turn->z ^= qrx_masks_combine (cut->duals, qrx_cut_link (cut, x));
      turn->scale *= qrx_cut_link_negates (cut, x) ? -1 : 1;
      turn->offset *= qrx_cut_link_negates (cut, x) ? -1 : 1;
    }
  for (guint i = 0; i < self->strings->len; i++)
    {
      QrxString *string = &g_array_index (self->strings, QrxString, i);
      guint32 x = qrx_masks_multiply (cut->duals, cut->n, string->x);

      string->z ^= qrx_masks_combine (cut->duals, qrx_cut_link (cut, x));
      negated[i] = qrx_cut_link_negates (cut, x);
    }
  for (guint t = 0; t < self->readout->len; t++)
    {
      QrxReadoutTerm *term = &g_array_index (self->readout, QrxReadoutTerm, t);

      term->coefficient *= negated[term->string] ? -1 : 1;
    }
}

/* A way to cut. */
typedef struct {
  QrxCut cut;
  QrxSeam *seam;
  GArray *selected; /* the turns that halves take */
  double gain;      /* cycles */
} Plan;

static void
plan_clear (Plan *self)
{
  g_clear_pointer (&self->seam, qrx_seam_free);
  g_clear_pointer (&self->selected, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

static void
plan_swap (Plan *one, Plan *other)
{
  Plan swap = *one;

  *one = *other;
  *other = swap;
}

static void
make_plan (Plan *plan, QrxProgram *self, GArray *turns, GArray *product)
{
  const QrxCut *cut = &plan->cut;
  Half halves[2] = { { .n = 0 }, { .n = 0 } };

  plan->selected = qrx_cut_select_turns (cut, turns);
  plan->seam = g_new0 (QrxSeam, 1);
  lay_halves (cut, halves, &plan->seam->n_branch_bits);
  for (guint h = 0; h < 2; h++)
    {
      g_autoptr (GArray) moved_product = move_product (&halves[h], product);
      g_autoptr (GArray) moved_turns = move_turns (cut, &halves[h], h, turns, plan->selected);

      seam_add_half (plan->seam, cut, &halves[h], h);
      plan->seam->halves[h] = qrx_program_new_part (self, halves[h].n_bits, halves[h].sees, moved_turns, moved_product);
      if (plan->seam->halves[h]->n_lane_bits > 0)
        qrx_pass_move_half (plan->seam, h);
    }
  plan->gain = (self->passes & QRX_PASS_HALVES_SOON) != 0 ? plan->selected->len : qrx_seam_find_gain (plan->seam, self);
}

/* Gives the program halves, which take all of the product state and some of the turns, if that is cheaper; of such that see the
 * other one or do not, the cheapest. */
void
qrx_pass_halve (QrxProgram *self, GArray *turns, GArray *product)
{
  guint least = qrx_pass_wants_lanes (self) ? QRX_LANE_BITS + 1 : 1; /* bits of the lower half: two cells and more */
  g_auto (Plan) best = { .gain = (self->passes & QRX_PASS_HALVES_SOON) != 0 ? -1 : 0 };
  guint32 parities[2];
  QrxCut cut;

  if (!qrx_cut_find (&cut, self, turns) || (guint) __builtin_popcount (cut.lower) < least)
    return;
  qrx_cut_look_across (&cut, turns, least + 1, parities);
  for (guint seeing = 0; seeing < 4; seeing++)
    {
      g_auto (Plan) plan = { .cut = cut };

      if (((seeing & 1) != 0 && parities[0] == 0) || ((seeing & 2) != 0 && parities[1] == 0))
        continue;
      for (guint h = 0; h < 2; h++)
        if ((seeing >> h & 1) != 0)
          qrx_cut_see (&plan.cut, h, parities[h]);
      make_plan (&plan, self, turns, product);
      if (plan.gain > best.gain)
        plan_swap (&plan, &best);
    }
  if (best.seam == NULL)
    return;
  self->seam = g_steal_pointer (&best.seam);
  remove_selected (turns, best.selected);
  move_others (self, &best.cut, turns);
  g_array_set_size (product, 0);
}
