/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where amplitudes lie in memory. A small state has one row of the batch in each lane of a vector. A large one is
 * simulated row by row, its amplitudes in the lanes: places are then coordinates of the index in which the lowest
 * bits go along directions that few rotations take, so that hardly any has its partners within one vector. One that has its
 * row in a lane, but not all of it in the first cache, is scattered over the cache's sets. */
#include "quantum/qrx-program-private.h"

#define LEAST_QUBITS 14 /* below, a block of rows is faster, though from 12 qubits on the second cache does not hold it */

typedef struct {
  guint32 directions[QRX_LANE_BITS];
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

/* The cheapest direction of up to three bits, the simplest of those. */
static guint32
find_direction (const Choice *choice, GHashTable *counts, guint n_qubits)
{
  guint32 best = 0;
  guint least = G_MAXUINT;

  for (guint n_bits = 1; n_bits <= 3 && least > 0; n_bits++)
    for (guint a = 0; a < n_qubits && least > 0; a++)
      for (guint b = n_bits > 1 ? a + 1 : a; b < (n_bits > 1 ? n_qubits : a + 1) && least > 0; b++)
        for (guint c = n_bits > 2 ? b + 1 : b; c < (n_bits > 2 ? n_qubits : b + 1) && least > 0; c++)
          {
            guint32 direction = (guint32) 1 << a | (guint32) 1 << b | (guint32) 1 << c;
            guint cost = cost_of (choice, counts, direction);

            if (cost < least)
              {
                least = cost;
                best = direction;
              }
          }
  return best;
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

static void
move (const QrxProgram *self, const Choice *choice, guint32 *x, guint32 *z)
{
  guint32 from_x = *x, new_x = 0, new_z = 0;

  for (guint i = 0; i < QRX_LANE_BITS; i++)
    {
      if ((*x >> self->bits[i] & 1) != 0)
        {
          new_x |= (guint32) 1 << i;
          from_x ^= choice->directions[i];
        }
      new_z |= qrx_parity (*z & choice->directions[i]) << i;
    }
  for (guint i = QRX_LANE_BITS; i < self->n_qubits; i++)
    {
      new_x |= (from_x >> self->bits[i] & 1) << i;
      new_z |= (*z >> self->bits[i] & 1) << i;
    }
  *x = new_x;
  *z = new_z;
}

static void
choose (QrxProgram *self, GArray *turns, Choice *choice)
{
  g_autoptr (GHashTable) counts = count_directions (turns);
  guint32 taken;
  guint n = QRX_LANE_BITS;

  while (choice->n < QRX_LANE_BITS)
    {
      guint32 direction = find_direction (choice, counts, self->n_qubits);

      choice->directions[choice->n] = direction;
      for (guint i = 0; i < 1u << choice->n; i++)
        choice->span[i | 1u << choice->n] = choice->span[i] ^ direction;
      choice->n++;
    }
  taken = reduce (choice, self->bits);
  for (guint bit = 0; bit < self->n_qubits; bit++)
    if ((taken >> bit & 1) == 0)
      self->bits[n++] = bit;
}

static void
place_lanes (QrxProgram *self, GArray *turns)
{
  Choice choice = { .n = 0 };

  self->n_lane_bits = QRX_LANE_BITS;
  choose (self, turns, &choice);
  for (guint i = 0; i < self->n_qubits; i++)
    self->parities[self->bits[i]] = (guint32) 1 << i;
  for (guint i = 0; i < QRX_LANE_BITS; i++)
    for (guint bit = 0; bit < self->n_qubits; bit++)
      if ((choice.directions[i] >> bit & 1) != 0)
        self->parities[bit] |= (guint32) 1 << i;
  for (guint i = 0; i < turns->len; i++)
    move (self, &choice, &g_array_index (turns, QrxTurn, i).x, &g_array_index (turns, QrxTurn, i).z);
  for (guint i = 0; i < self->strings->len; i++)
    move (self, &choice, &g_array_index (self->strings, QrxString, i).x,
          &g_array_index (self->strings, QrxString, i).z);
}

/* A bit of an index is a parity of its place: masks of z change accordingly. */
static guint32
scatter_parities (const QrxProgram *self, guint32 z)
{
  guint32 parities = 0;

  for (guint bit = 0; bit < self->n_qubits; bit++)
    if ((z >> bit & 1) != 0)
      parities ^= self->parities[bit];
  return parities;
}

static void
scatter (QrxProgram *self, GArray *turns)
{
  self->is_scattered = TRUE;
  for (guint bit = 0; bit < QRX_SCATTER_BITS && bit + QRX_SCATTER_BITS < self->n_qubits; bit++)
    self->parities[bit] |= (guint32) 1 << (bit + QRX_SCATTER_BITS);
  for (guint i = 0; i < turns->len; i++)
    {
      QrxTurn *turn = &g_array_index (turns, QrxTurn, i);

      turn->x = qrx_scatter (turn->x);
      turn->z = scatter_parities (self, turn->z);
    }
  for (guint i = 0; i < self->strings->len; i++)
    {
      QrxString *string = &g_array_index (self->strings, QrxString, i);

      string->x = qrx_scatter (string->x);
      string->z = scatter_parities (self, string->z);
    }
}

/* Decides about places, and moves turns and strings there. */
void
qrx_pass_place (QrxProgram *self, GArray *turns)
{
  guint least = (self->passes & QRX_PASS_LANES_SOON) != 0 ? QRX_LANE_BITS + 1 : LEAST_QUBITS;

  for (guint bit = 0; bit < self->n_qubits; bit++)
    {
      self->bits[bit] = bit;
      self->parities[bit] = (guint32) 1 << bit;
    }
  if ((self->passes & QRX_PASS_LANES) != 0 && self->n_qubits >= least)
    place_lanes (self, turns);
  else if ((self->passes & QRX_PASS_SCATTER) != 0 && self->n_qubits >= QRX_LEAST_FAR)
    scatter (self, turns);
}
