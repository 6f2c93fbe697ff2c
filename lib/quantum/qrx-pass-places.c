/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where amplitudes lie in memory. A small state has one row of the batch in each lane of a vector. A large one is
 * simulated row by row, its amplitudes in the lanes: places are then coordinates of the index in which the lowest
 * bits go along directions that few rotations take, so that hardly any has its partners within one vector. One that has its
 * row in a lane, but not all of it in the first cache, is scattered over the cache's sets, unless halves are joined in it. */
#include <string.h>

#include "quantum/qrx-masks-private.h"
#include "quantum/qrx-program-private.h"

#define LEAST_SCATTERED 9 /* qubits: the first cache does not hold a block of rows' states */
#define LEAST_QUBITS 14 /* below, a block of rows is faster, though from 12 qubits on the second cache does not hold it */

/* Directions of the lanes, each the sum of up to three candidates. */
typedef struct {
  const guint32 *candidates;
  guint n_candidates;
  guint32 directions[QRX_LANE_BITS];
  guint32 sums[QRX_LANE_BITS]; /* bit i: candidate i takes part */
  guint32 span[1 << QRX_LANE_BITS];
  guint n;
} Choice;

static GHashTable *
count_directions (GArray *turns)
{
  GHashTable *counts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < turns->len; i++)
    {
      gpointer key = GUINT_TO_POINTER (g_array_index (turns, QrxTurn, i).x);

      g_hash_table_insert (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1));
    }
  return counts;
}

/* How many rotations would lie within the lanes; G_MAXUINT if the direction is not independent. */
static guint
cost_of (const Choice *choice, GHashTable *counts, guint32 direction)
{
  guint cost = 0;

  for (guint i = 0; i < 1u << choice->n; i++)
    {
      if ((direction ^ choice->span[i]) == 0)
        return G_MAXUINT;
      cost += GPOINTER_TO_UINT (g_hash_table_lookup (counts, GUINT_TO_POINTER (direction ^ choice->span[i])));
    }
  return cost;
}

/* The cheapest direction, the simplest of those: which candidates it is the sum of. */
static guint32
find_direction (const Choice *choice, GHashTable *counts)
{
  guint32 best = 0;
  guint least = G_MAXUINT, n = choice->n_candidates;

  for (guint n_bits = 1; n_bits <= 3 && least > 0; n_bits++)
    for (guint a = 0; a < n && least > 0; a++)
      for (guint b = n_bits > 1 ? a + 1 : a; b < (n_bits > 1 ? n : a + 1) && least > 0; b++)
        for (guint c = n_bits > 2 ? b + 1 : b; c < (n_bits > 2 ? n : b + 1) && least > 0; c++)
          {
            guint32 sum = (guint32) 1 << a | (guint32) 1 << b | (guint32) 1 << c;
            guint cost = cost_of (choice, counts, qrx_masks_combine (choice->candidates, sum));

            if (cost < least)
              {
                least = cost;
                best = sum;
              }
          }
  return best;
}

static void
choose (Choice *choice, GArray *turns)
{
  g_autoptr (GHashTable) counts = count_directions (turns);

  for (; choice->n < QRX_LANE_BITS; choice->n++)
    {
      guint32 sum = find_direction (choice, counts), direction = qrx_masks_combine (choice->candidates, sum);

      choice->sums[choice->n] = sum;
      choice->directions[choice->n] = direction;
      for (guint i = 0; i < 1u << choice->n; i++)
        choice->span[i | 1u << choice->n] = choice->span[i] ^ direction;
    }
}

/* Reduces the directions, so that each has a bit that no other has; returns these bits. */
static guint32
reduce (Choice *choice, guint *pivots)
{
  guint32 taken = 0;

  for (guint i = 0; i < QRX_LANE_BITS; i++)
    {
      pivots[i] = (guint) __builtin_ctz (choice->directions[i]);
      for (guint j = 0; j < QRX_LANE_BITS; j++)
        if (j != i && (choice->directions[j] >> pivots[i] & 1) != 0)
          choice->directions[j] ^= choice->directions[i];
    }
  for (guint i = 0; i < QRX_LANE_BITS; i++)
    taken |= (guint32) 1 << pivots[i];
  return taken;
}

/* Places become coordinates along a basis. */
typedef struct {
  guint n;
  guint32 basis[QRX_CIRCUIT_MAX_QUBITS];
  guint32 duals[QRX_CIRCUIT_MAX_QUBITS];
} Move;

static void
move (const Move *move, guint32 *x, guint32 *z)
{
  *x = qrx_masks_multiply (move->duals, move->n, *x);
  *z = qrx_masks_multiply (move->basis, move->n, *z);
}

static void
move_seam (const Move *how, QrxSeam *seam)
{
  for (guint h = 0; h < 2; h++)
    {
      for (gsize i = 0; i < (gsize) 1 << seam->n_bits[h]; i++)
        seam->places[h][i] = qrx_masks_multiply (how->duals, how->n, seam->places[h][i]);
      for (guint i = 0; i < seam->halves[h]->n_qubits; i++)
        move (how, &seam->strings[h][i].x, &seam->strings[h][i].z);
      seam->seen[h] = qrx_masks_multiply (how->basis, how->n, seam->seen[h]);
    }
}

static void
move_all (QrxProgram *self, GArray *turns, Move *how)
{
  how->n = self->n_qubits;
  qrx_masks_invert (how->basis, how->n, how->duals);
  for (guint bit = 0; bit < self->n_qubits; bit++)
    self->parities[bit] = qrx_masks_multiply (how->basis, how->n, (guint32) 1 << bit);
  for (guint i = 0; i < turns->len; i++)
    move (how, &g_array_index (turns, QrxTurn, i).x, &g_array_index (turns, QrxTurn, i).z);
  for (guint i = 0; i < self->strings->len; i++)
    move (how, &g_array_index (self->strings, QrxString, i).x, &g_array_index (self->strings, QrxString, i).z);
  if (self->seam != NULL)
    move_seam (how, self->seam);
}

/* Lanes, then bits; lanes go along the first n_bits. */
static void
place_lanes (QrxProgram *self, guint n_bits, GArray *turns)
{
  guint32 units[QRX_CIRCUIT_MAX_QUBITS], taken;
  Choice choice = { .candidates = units, .n_candidates = n_bits };
  guint n = QRX_LANE_BITS;
  Move how;

  for (guint bit = 0; bit < self->n_qubits; bit++)
    units[bit] = (guint32) 1 << bit;
  choose (&choice, turns);
  taken = reduce (&choice, self->bits);
  for (guint i = 0; i < QRX_LANE_BITS; i++)
    how.basis[i] = choice.directions[i];
  for (guint bit = 0; bit < self->n_qubits; bit++)
    if ((taken >> bit & 1) == 0)
      {
        self->bits[n] = bit;
        how.basis[n++] = (guint32) 1 << bit;
      }
  move_all (self, turns, &how);
}

/* The lower half, lanes first, then the upper half; what they see of each other stays where it is. */
static void
place_halves (QrxProgram *self, GArray *turns)
{
  const QrxSeam *seam = self->seam;
  guint32 directions[QRX_CIRCUIT_MAX_QUBITS], sums[QRX_CIRCUIT_MAX_QUBITS];
  guint n_lower = seam->n_bits[0];
  Choice choice = { .candidates = directions, .n_candidates = n_lower - seam->n_seen_bits[1] };
  Move how;

  for (guint i = 0; i < n_lower; i++)
    directions[i] = seam->places[0][(gsize) 1 << i];
  if (self->n_lane_bits > 0)
    choose (&choice, turns);
  for (guint i = 0; i < self->n_lane_bits; i++)
    sums[i] = choice.sums[i];
  qrx_masks_complete (sums, self->n_lane_bits, n_lower);
  for (guint i = 0; i < n_lower; i++)
    how.basis[i] = qrx_masks_combine (directions, sums[i]);
  for (guint i = 0; i < seam->n_bits[1]; i++)
    how.basis[n_lower + i] = seam->places[1][(gsize) 1 << i];
  move_all (self, turns, &how);
}

void
qrx_pass_place_part (QrxProgram *self, guint n_bits, GArray *turns)
{
  self->n_lane_bits = QRX_LANE_BITS;
  place_lanes (self, n_bits, turns);
}

void
qrx_pass_move_half (QrxSeam *seam, guint h)
{
  const QrxProgram *half = seam->halves[h];
  QrxString moved[QRX_CIRCUIT_MAX_QUBITS];
  Move how = { .n = half->n_qubits };

  for (guint bit = 0; bit < how.n; bit++)
    how.basis[bit] = qrx_masks_multiply (half->parities, how.n, (guint32) 1 << bit);
  qrx_masks_invert (how.basis, how.n, how.duals);
  for (gsize i = 0; i < (gsize) 1 << how.n; i++)
    seam->cells[h][i] = qrx_masks_multiply (how.duals, how.n, seam->cells[h][i]);
  for (guint bit = 0; bit < how.n; bit++)
    {
      moved[bit] = (QrxString){ 0, 0 };
      for (guint old = 0; old < how.n; old++)
        {
          moved[bit].x ^= (how.basis[bit] >> old & 1) != 0 ? seam->strings[h][old].x : 0;
          moved[bit].z ^= (how.duals[bit] >> old & 1) != 0 ? seam->strings[h][old].z : 0;
        }
    }
  memcpy (seam->strings[h], moved, how.n * sizeof *moved);
}

static void
scatter (QrxProgram *self, GArray *turns)
{
  Move how;

  for (guint bit = 0; bit < self->n_qubits; bit++)
    how.basis[bit] = qrx_scatter ((guint32) 1 << bit); /* the index of a place, too: its own inverse */
  move_all (self, turns, &how);
}

gboolean
qrx_pass_wants_lanes (const QrxProgram *self)
{
  guint least = (self->passes & QRX_PASS_LANES_SOON) != 0 ? QRX_LANE_BITS + 1 : LEAST_QUBITS;

  return (self->passes & QRX_PASS_LANES) != 0 && self->n_qubits >= least;
}

/* Decides about places, and moves turns, strings and the seam there. */
void
qrx_pass_place (QrxProgram *self, GArray *turns)
{
  self->n_lane_bits = qrx_pass_wants_lanes (self) ? QRX_LANE_BITS : 0;
  self->is_scattered = self->n_lane_bits == 0 && self->seam == NULL && (self->passes & QRX_PASS_SCATTER) != 0 &&
                       self->n_qubits >= LEAST_SCATTERED;
  if (self->is_scattered)
    scatter (self, turns);
  else if (self->seam != NULL)
    place_halves (self, turns);
  else if (self->n_lane_bits > 0)
    place_lanes (self, self->n_qubits, turns);
}
