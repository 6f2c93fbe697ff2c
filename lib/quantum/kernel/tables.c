/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The diagonal that all rows share, as a table. With amplitudes in the lanes there are many entries for few angles: a chunk of up
 * to eight rotations has 256 phases, and an entry is the product of one for each chunk. */
#include "quantum/kernel/template.h"

#define PHASE_COST 2 /* in products, for each lane */
#define WORD_CHUNKS QRX_KERNEL_WORD_CHUNKS

typedef struct {
  const Cell *phases; /* for each chunk, by the parities of its masks */
  guint n_chunks;
  guint chunk; /* rotations */
  guint n_low;            /* of a cell's bits, those that low is for */
  const guint64 *low;     /* parities with all masks */
  const guint64 *high;
  gboolean first; /* entries are written; else multiplied */
  gsize part_size;
  Cell *table;
} Table;

INLINE void
multiply_entries (const Table *self, gboolean first, gsize begin, gsize end)
{
  gsize mask = ((gsize) 1 << self->n_low) - 1, chunk_mask = ((gsize) 1 << self->chunk) - 1;

  for (gsize k = begin; k < end; k++)
    {
      guint64 parities = self->low[k & mask] ^ self->high[k >> self->n_low];
      const Cell *phases = self->phases;
      Cell entry = first ? get (&phases[parities & chunk_mask]) : get (&self->table[k]);

      for (guint c = first ? 1 : 0; c < self->n_chunks; c++)
        entry = multiply (entry, get (&phases[c * QRX_KERNEL_PHASES + (parities >> self->chunk * c & chunk_mask)]));
      put (&self->table[k], entry);
    }
}

static void
multiply_part (gsize part, gpointer data)
{
  const Table *self = data;
  gsize begin = part * self->part_size, end = begin + self->part_size;

  if (self->first)
    multiply_entries (self, TRUE, begin, end);
  else
    multiply_entries (self, FALSE, begin, end);
}

/* The phases of up to eight rotations for all signs of theirs, each lane with its own. */
static void
prepare_phases (const QrxEvaluation *evaluation, guint first, guint n, double scale, Cell *phases)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, first);
  double angles[QRX_KERNEL_PHASES * LANES];

  for (gsize i = 0; i < LANES; i++)
    angles[i] = 0;
  for (guint r = 0; r < n; r++)
    for (gsize i = 0, half = LANES << r; i < half; i++)
      {
        double angle = evaluation->angles[first + r] * evaluation->flips[first + r];

        if (qrx_parity ((guint32) (i & (LANES - 1)) & rotations[r].z) != 0)
          angle = -angle;
        angles[half + i] = angles[i] - angle;
        angles[i] += angle;
      }
  KERNEL (fill_phases) (evaluation, angles, LANES << n, scale, (Real *) phases);
}

/* For each value of the n bits from first on, its parities with the masks of rotations. */
static void
prepare_parities (const QrxRotation *rotations, guint n_rotations, guint first, guint n, guint64 *parities)
{
  parities[0] = 0;
  for (guint bit = 0; bit < n; bit++)
    {
      guint64 change = 0;

      for (guint r = 0; r < n_rotations; r++)
        change |= (guint64) (rotations[r].z >> (first + bit) & 1) << r;
      for (gsize y = 0; y < (gsize) 1 << bit; y++)
        parities[((gsize) 1 << bit) + y] = parities[y] ^ change;
    }
}

/* How many rotations make a chunk, for a table of so many entries. */
static guint
choose_chunk (guint n_rotations, gsize n_entries)
{
  guint best = 1;
  gsize least = G_MAXSIZE;

  for (guint chunk = 1; chunk <= QRX_KERNEL_CHUNK; chunk++)
    {
      gsize n_chunks = (n_rotations + chunk - 1) / chunk, cost = n_chunks * ((PHASE_COST * LANES << chunk) + n_entries);

      if (cost < least)
        {
          least = cost;
          best = chunk;
        }
    }
  return best;
}

void
KERNEL (prepare_table) (const QrxEvaluation *evaluation, const QrxLayer *layer, double scale)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  guint end = layer->first_diagonal + layer->n_shared_diagonals, n_taken;
  guint n_bits = evaluation->program->n_qubits - evaluation->lane_bits, n_low = n_bits / 2;
  g_autofree guint64 *low = g_new (guint64, (gsize) 1 << n_low);
  g_autofree guint64 *high = g_new (guint64, (gsize) 1 << (n_bits - n_low));
  gsize n_parts = count_parts (evaluation, (gsize) 1 << n_bits, 64);
  guint chunk = choose_chunk (layer->n_shared_diagonals, (gsize) 1 << n_bits);
  Cell *phases = evaluation->phases;

  for (guint first = layer->first_diagonal; first < end; first += n_taken)
    {
      Table table = { phases, 0, chunk, n_low, low, high, first == layer->first_diagonal, ((gsize) 1 << n_bits) / n_parts,
                      (Cell *) table_of (evaluation, layer) };

      n_taken = MIN (end - first, chunk * WORD_CHUNKS);
      for (guint taken = 0; taken < n_taken; taken += chunk)
        prepare_phases (evaluation, first + taken, MIN (chunk, n_taken - taken), taken == 0 && table.first ? scale : 1,
                        phases + QRX_KERNEL_PHASES * table.n_chunks++);
      prepare_parities (rotations + first, n_taken, evaluation->lane_bits, n_low, low);
      prepare_parities (rotations + first, n_taken, evaluation->lane_bits + n_low, n_bits - n_low, high);
      qrx_pool_run (evaluation->pool, n_parts, multiply_part, &table);
    }
}
