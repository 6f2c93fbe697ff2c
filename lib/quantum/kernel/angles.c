/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From inputs and weights to the numbers that rotations multiply by. */
#include "quantum/kernel/sincos.h"

#include <string.h>

static void
sincos_all (const double *angles, double *sines, double *cosines, gsize n)
{
  gsize i = 0;
  Doubles x = { 0 }, s, c;

  for (; i + STEP <= n; i += STEP)
    {
      memcpy (&x, angles + i, sizeof x);
      sincos_any (x, &s, &c);
      memcpy (sines + i, &s, sizeof s);
      memcpy (cosines + i, &c, sizeof c);
    }
  if (i == n)
    return;
  for (gsize j = i; j < n; j++)
    x[j - i] = angles[j];
  sincos_any (x, &s, &c);
  for (gsize j = i; j < n; j++)
    {
      sines[j] = s[j - i];
      cosines[j] = c[j - i];
    }
}

/* Half of what all rows share of each rotation's angle. */
static void
add_weights (const QrxEvaluation *evaluation, double *angles)
{
  const QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->weight_terms, QrxAngleTerm, 0);
  const Real *weights = evaluation->weights;

  for (guint i = 0; i < program->rotations->len; i++)
    angles[i] = g_array_index (program->rotations, QrxRotation, i).offset / 2;
  for (guint t = 0; t < program->weight_terms->len; t++)
    angles[terms[t].rotation] += terms[t].scale / 2 * (double) weights[terms[t].index];
}

static void
set_factors (QrxEvaluation *evaluation, const QrxRotation *rotation, guint32 lanes, double cosine, double sine)
{
  Vector *factors = (Vector *) evaluation->factors + (gsize) QRX_KERNEL_FACTORS * rotation->slot;

  factors[0] = splat ((Real) cosine);
  factors[1] = splat ((Real) sine);
  if (lanes != 0)
    factors[1] *= signs_of (lanes);
  factors[2] = -factors[1];
}

/* Half turns that tangents leave out: a Pauli string that moves through what follows, turning what anticommutes. */
typedef struct {
  guint32 x;
  guint32 z;
  double scale; /* the state is this times a unit vector */
} Progress;

INLINE double
flip_of (const Progress *progress, guint32 x, guint32 z)
{
  return qrx_pauli_commutes (progress->x, progress->z, x, z) ? 1 : -1;
}

/* exp(-i a P) = cos a (1 - i tan a P) = sin a (-i P) (1 + i cot a P): whichever has the smaller coefficient. */
static double
prepare_rotation (QrxEvaluation *evaluation, const QrxRotation *rotation, double sine, double cosine,
                  Progress *progress)
{
  double scale = 1 / progress->scale;
  guint32 lanes = lane_mask (evaluation, rotation->z);

  if (rotation->form == QRX_FORM_UNITARY)
    {
      set_factors (evaluation, rotation, lanes, cosine * scale, sine * scale);
      progress->scale = 1;
      return scale;
    }
  if (fabs (sine) <= fabs (cosine))
    {
      set_factors (evaluation, rotation, lanes, 1, sine / cosine);
      scale = 1 / fabs (cosine);
    }
  else
    {
      set_factors (evaluation, rotation, lanes, 1, -cosine / sine);
      progress->x ^= rotation->x;
      progress->z ^= rotation->z;
      scale = 1 / fabs (sine);
    }
  progress->scale *= scale;
  return scale;
}

#define PIECE 256 /* angles at once, so that their sines and cosines stay in the first cache */

static void
fill_piece (const QrxEvaluation *evaluation, const double *angles, gsize n, double scale, Real *phases)
{
  double sines[PIECE], cosines[PIECE];

  sincos_all (angles, sines, cosines, n);
  if (evaluation->lane_bits == 0)
    for (gsize k = 0; k < n; k++)
      {
        phases[2 * k] = (Real) (cosines[k] * scale);
        phases[2 * k + 1] = (Real) (-sines[k] * scale);
      }
  else
    for (gsize k = 0; k < n; k += LANES)
      for (gsize i = 0; i < LANES; i++)
        {
          phases[2 * k + i] = (Real) (cosines[k + i] * scale);
          phases[2 * k + LANES + i] = (Real) (-sines[k + i] * scale);
        }
}

void
KERNEL (fill_phases) (const QrxEvaluation *evaluation, const double *angles, gsize n, double scale, Real *phases)
{
  for (gsize k = 0; k < n; k += PIECE)
    fill_piece (evaluation, angles + k, MIN (PIECE, n - k), scale, phases + 2 * k);
}

/* exp(-i Σ a_j (-1)^|k & z_j|) for all k, by a Walsh-Hadamard transform of the angles. */
static void
transform_table (const QrxEvaluation *evaluation, const QrxLayer *layer, double scale)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  gsize size = (gsize) 1 << evaluation->program->n_qubits;
  double *angles = evaluation->angles + 3 * evaluation->program->rotations->len;
  Real *table = (Real *) table_of (evaluation, layer);

  memset (angles, 0, size * sizeof *angles);
  for (guint i = layer->first_diagonal; i < layer->first_diagonal + layer->n_shared_diagonals; i++)
    angles[rotations[i].z] = evaluation->angles[i] * evaluation->flips[i];
  KERNEL (hadamard) (angles, size);
  KERNEL (fill_phases) (evaluation, angles, size, scale, table);
  for (gsize done = 2 * size; done < 2 * size << evaluation->team_bits; done *= 2)
    memcpy (table + done, table, done * sizeof *table);
}

static void
prepare_layer (QrxEvaluation *evaluation, const QrxLayer *layer, Progress *progress, double *scales)
{
  const QrxRotation *rotations = &g_array_index (evaluation->program->rotations, QrxRotation, 0);
  const double *sines = evaluation->angles + evaluation->program->rotations->len;
  const double *cosines = sines + evaluation->program->rotations->len;
  guint n_diagonals = layer->n_shared_diagonals + layer->n_row_diagonals;

  scales[0] = scales[1] = 1;
  for (guint i = layer->first_diagonal; i < layer->first_diagonal + n_diagonals; i++)
    evaluation->flips[i] = flip_of (progress, 0, rotations[i].z);
  if (layer->n_shared_diagonals > 0)
    {
      scales[1] = 1 / progress->scale;
      if (evaluation->lane_bits > 0)
        KERNEL (prepare_table) (evaluation, layer, scales[1]);
      else
        transform_table (evaluation, layer, scales[1]);
      progress->scale = 1;
    }
  for (guint i = layer->first_rotation; i < layer->first_rotation + layer->n_rotations; i++)
    {
      double flip = flip_of (progress, rotations[i].x, rotations[i].z);

      evaluation->flips[i] = flip;
      if (!rotations[i].per_row)
        scales[0] *= prepare_rotation (evaluation, &rotations[i], flip * sines[i], cosines[i], progress);
    }
}

static void
set_scales (QrxEvaluation *evaluation, guint first, guint n, double undone)
{
  for (guint r = first; r < first + n; r++)
    evaluation->scales[r] = evaluation->flips[r] * undone;
}

/* A state that is taken back by the adjoints of scaled rotations has gathered their scales twice. With amplitudes in the
 * lanes all are, layer by layer. */
static void
prepare_scales_in_lanes (QrxEvaluation *evaluation, const double *layer_scales)
{
  QrxProgram *program = evaluation->program;
  double undone = 1;

  for (guint l = program->layers->len; l-- > 0;)
    {
      const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);
      const double *scales = layer_scales + 2 * l;

      set_scales (evaluation, layer->first_rotation, layer->n_rotations, undone);
      undone /= scales[0] * scales[0] * scales[1] * scales[1];
      set_scales (evaluation, layer->first_diagonal, layer->n_shared_diagonals + layer->n_row_diagonals, undone);
    }
}

/* With rows there, stage by stage, and a state that was kept has gathered none. */
static void
prepare_scales (QrxEvaluation *evaluation, const double *layer_scales)
{
  QrxProgram *program = evaluation->program;
  double undone = 1;

  for (guint s = program->stages->len; s > 0; s--)
    {
      const QrxStage *stage = &g_array_index (program->stages, QrxStage, s - 1);
      const QrxLayer *first = &g_array_index (program->layers, QrxLayer, stage->first_layer);
      double before = undone;

      for (guint l = stage->first_layer; l < stage->first_layer + stage->n_layers; l++)
        {
          const QrxLayer *layer = &g_array_index (program->layers, QrxLayer, l);
          const double *scales = layer_scales + 2 * l;

          set_scales (evaluation, layer->first_rotation, layer->n_rotations, undone);
          before /= scales[0] * scales[0] * scales[1] * scales[1];
        }
      undone = s + program->n_kept > program->stages->len + 1 ? 1 : before;
      set_scales (evaluation, first->first_diagonal, first->n_shared_diagonals + first->n_row_diagonals, undone);
    }
}

static void
prepare_half (gsize half, gpointer data)
{
  const QrxEvaluation *evaluation = data;

  KERNEL (prepare) (evaluation->parts[half]);
}

/* What halves leave behind, as strings of the whole state. */
static void
prepare_halves (QrxEvaluation *evaluation, Progress *progress)
{
  const QrxSeam *seam = evaluation->program->seam;

  qrx_pool_run (evaluation->pool, 2, prepare_half, evaluation);
  for (guint h = 0; h < 2; h++)
    {
      const QrxEvaluation *half = evaluation->parts[h];
      guint32 x = 0;

      for (guint bit = 0; bit < half->program->n_qubits; bit++)
        {
          x ^= (half->left.x >> bit & 1) != 0 ? seam->strings[h][bit].x : 0;
          progress->z ^= (half->left.z >> bit & 1) != 0 ? seam->strings[h][bit].z : 0;
        }
      progress->x ^= x;
      evaluation->gains[h] = 1 / half->left_scale;
      evaluation->turned[1 - h] = qrx_parity (x & seam->seen[1 - h]);
    }
}

/* A stem's strings are this program's, too. */
static void
prepare_stem (QrxEvaluation *evaluation, Progress *progress)
{
  QrxEvaluation *stem = evaluation->parts[0];

  KERNEL (prepare) (stem);
  progress->x = stem->left.x;
  progress->z = stem->left.z;
  evaluation->gains[0] = 1 / stem->left_scale;
}

static void
prepare_chains (QrxEvaluation *evaluation)
{
  QrxProgram *program = evaluation->program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  const double *sines = evaluation->angles + program->rotations->len, *cosines = sines + program->rotations->len;

  for (gsize i = 0; i < program->chain[program->n_qubits]; i++)
    {
      evaluation->flips[i] = evaluation->scales[i] = 1;
      if (!rotations[i].per_row)
        set_factors (evaluation, &rotations[i], 0, cosines[i], sines[i]);
    }
  KERNEL (prepare_ends) (evaluation);
}

void
KERNEL (prepare) (QrxEvaluation *evaluation)
{
  QrxProgram *program = evaluation->program;
  gsize n = program->rotations->len;
  double *angles = evaluation->angles, *sines = angles + n, *cosines = sines + n;
  g_autofree double *scales = g_new (double, 2 * program->layers->len + 1);
  Progress progress = { 0, 0, 1 };

  add_weights (evaluation, angles);
  sincos_all (angles, sines, cosines, n);
  if (program->seam != NULL)
    prepare_halves (evaluation, &progress);
  else if (program->stem != NULL)
    prepare_stem (evaluation, &progress);
  else
    prepare_chains (evaluation);
  for (guint l = 0; l < program->layers->len; l++)
    prepare_layer (evaluation, &g_array_index (program->layers, QrxLayer, l), &progress, scales + 2 * l);
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      evaluation->string_scales[i] = flip_of (&progress, string->x, string->z) / (progress.scale * progress.scale);
    }
  evaluation->left = (QrxString){ progress.x, progress.z };
  evaluation->left_scale = progress.scale;
  if (evaluation->lane_bits > 0)
    prepare_scales_in_lanes (evaluation, scales);
  else
    prepare_scales (evaluation, scales);
}
