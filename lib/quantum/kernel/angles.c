/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From inputs and weights to the numbers that rotations multiply by. */
#include "quantum/kernel/template.h"

#include <math.h>
#include <string.h>

/* Beyond this the reduction below loses digits. */
#define LARGEST_ANGLE 1e5
/* pi/2 in three parts, the first two of 33 bits, so that multiples up to 2^20 are exact. */
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2e037073p-69
#define ROUND_TO_INTEGER 0x1.8p52

#define STEP (sizeof (Doubles) / sizeof (double))

/* Taylor's series on [-pi/4, pi/4]: the first term left out is below 1e-17. */
INLINE void
sincos_vector (Doubles x, Doubles *sines, Doubles *cosines)
{
  Doubles shifted = x * M_2_PI + ROUND_TO_INTEGER, n = shifted - ROUND_TO_INTEGER;
  Doubles r = ((x - n * HALF_PI_1) - n * HALF_PI_2) - n * HALF_PI_3, r2 = r * r, s, c;
  Integers quadrant = (Integers) shifted, odd = -(quadrant & 1), is, ic;

  s = r2 * (1 / 355687428096000.0) - 1 / 1307674368000.0;
  s = r2 * s + 1 / 6227020800.0;
  s = r2 * s - 1 / 39916800.0;
  s = r2 * s + 1 / 362880.0;
  s = r2 * s - 1 / 5040.0;
  s = r2 * s + 1 / 120.0;
  s = r2 * s - 1 / 6.0;
  s = r + r * r2 * s;
  c = r2 * (1 / 20922789888000.0) - 1 / 87178291200.0;
  c = r2 * c + 1 / 479001600.0;
  c = r2 * c - 1 / 3628800.0;
  c = r2 * c + 1 / 40320.0;
  c = r2 * c - 1 / 720.0;
  c = r2 * c + 1 / 24.0;
  c = 1 - (r2 * 0.5 - r2 * r2 * c);
  is = ((Integers) s & ~odd) | ((Integers) c & odd);
  ic = ((Integers) c & ~odd) | ((Integers) s & odd);
  *sines = (Doubles) (is ^ ((quadrant & 2) << 62));
  *cosines = (Doubles) (ic ^ (((quadrant + 1) & 2) << 62));
}

INLINE gboolean
is_any (Integers mask)
{
  gint64 any = 0;

  for (gsize i = 0; i < STEP; i++)
    any |= mask[i];
  return any != 0;
}

/* Apart from what is inlined: where it is, the compiler calls a function for all lanes beforehand. */
static G_GNUC_NO_INLINE Doubles
replace_lanes (Integers mask, Doubles values, double (*function) (double), Doubles x)
{
  for (gsize i = 0; i < STEP; i++)
    if (mask[i])
      values[i] = function (x[i]);
  return values;
}

INLINE void
sincos_any (Doubles x, Doubles *sines, Doubles *cosines)
{
  Integers large = (x > LARGEST_ANGLE) | (x < -LARGEST_ANGLE);

  sincos_vector (x, sines, cosines);
  if (is_any (large))
    {
      *sines = replace_lanes (large, *sines, sin, x);
      *cosines = replace_lanes (large, *cosines, cos, x);
    }
}

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

/* Half of what all rows share of a rotation's angle. */
static double
half_angle (const QrxEvaluation *evaluation, const QrxRotation *rotation)
{
  const QrxAngleTerm *terms = &g_array_index (evaluation->program->terms, QrxAngleTerm, 0);
  const Real *weights = evaluation->weights;
  double angle = rotation->offset;

  for (guint t = rotation->first_term; t < rotation->first_term + rotation->n_terms; t++)
    if (terms[t].source == QRX_ANGLE_SOURCE_WEIGHT)
      angle += terms[t].scale * (double) weights[terms[t].index];
  return angle / 2;
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

  memset (angles, 0, size * sizeof *angles);
  for (guint i = layer->first_diagonal; i < layer->first_diagonal + layer->n_shared_diagonals; i++)
    angles[rotations[i].z] = evaluation->angles[i] * evaluation->flips[i];
  KERNEL (hadamard) (angles, size);
  KERNEL (fill_phases) (evaluation, angles, size, scale, (Real *) table_of (evaluation, layer));
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

void
KERNEL (prepare) (QrxEvaluation *evaluation)
{
  QrxProgram *program = evaluation->program;
  const QrxRotation *rotations = &g_array_index (program->rotations, QrxRotation, 0);
  gsize n = program->rotations->len;
  double *angles = evaluation->angles, *sines = angles + n, *cosines = sines + n;
  g_autofree double *scales = g_new (double, 2 * program->layers->len + 1);
  Progress progress = { 0, 0, 1 };

  for (gsize i = 0; i < n; i++)
    angles[i] = half_angle (evaluation, &rotations[i]);
  sincos_all (angles, sines, cosines, n);
  for (gsize i = 0; i < program->chain[program->n_qubits]; i++)
    {
      evaluation->flips[i] = evaluation->scales[i] = 1;
      if (!rotations[i].per_row)
        set_factors (evaluation, &rotations[i], 0, cosines[i], sines[i]);
    }
  KERNEL (prepare_ends) (evaluation);
  for (guint l = 0; l < program->layers->len; l++)
    prepare_layer (evaluation, &g_array_index (program->layers, QrxLayer, l), &progress, scales + 2 * l);
  for (guint i = 0; i < program->strings->len; i++)
    {
      const QrxString *string = &g_array_index (program->strings, QrxString, i);

      evaluation->string_scales[i] = flip_of (&progress, string->x, string->z) / (progress.scale * progress.scale);
    }
  if (evaluation->lane_bits > 0)
    prepare_scales_in_lanes (evaluation, scales);
  else
    prepare_scales (evaluation, scales);
}

INLINE Doubles
gather (const Real *from, const gsize *places)
{
  Doubles v;

  for (gsize i = 0; i < STEP; i++)
    v[i] = (double) from[places[i]];
  return v;
}

/* A lane's sine and cosine may change their sign with the lane. */
INLINE void
store_lanes (const double *sines, const double *cosines, guint32 lanes, Vector *factors)
{
  Vector sine, cosine;

  for (gsize i = 0; i < LANES; i++)
    {
      sine[i] = (Real) sines[i];
      cosine[i] = (Real) cosines[i];
    }
  if (lanes != 0)
    sine *= signs_of (lanes);
  factors[0] = cosine;
  factors[1] = sine;
  factors[2] = -sine;
}

/* The factors of rotations that follow inputs; lanes beyond the batch follow its last row. */
void
KERNEL (prepare_rows) (const QrxEvaluation *evaluation, const QrxBlockMemory *block, gsize first_row)
{
  QrxProgram *program = evaluation->program;
  const QrxAngleTerm *terms = &g_array_index (program->terms, QrxAngleTerm, 0);
  const Real *inputs = (const Real *) evaluation->inputs + first_row * evaluation->n_inputs;
  guint n_chained = program->chain[program->n_qubits];
  Vector *factors = block->factors;
  gsize rows[LANES];

  for (gsize i = 0; i < LANES; i++)
    rows[i] = MIN (i, count_rows (evaluation, first_row) - 1) * evaluation->n_inputs;
  for (guint slot = 0; slot < program->row_rotations->len; slot++, factors += QRX_KERNEL_FACTORS)
    {
      guint r = g_array_index (program->row_rotations, guint, slot);
      const QrxRotation *rotation = &g_array_index (program->rotations, QrxRotation, r);
      double sines[LANES], cosines[LANES];

      for (gsize first = 0; first < LANES; first += STEP)
        {
          Doubles x = (evaluation->flips[r] * evaluation->angles[r]) - (Doubles){ 0 }, s, c;

          for (guint t = rotation->first_term; t < rotation->first_term + rotation->n_terms; t++)
            if (terms[t].source == QRX_ANGLE_SOURCE_INPUT)
              x += evaluation->flips[r] / 2 * terms[t].scale * gather (inputs + terms[t].index, rows + first);
          sincos_any (x, &s, &c);
          memcpy (sines + first, &s, sizeof s);
          memcpy (cosines + first, &c, sizeof c);
        }
      store_lanes (sines, cosines, r < n_chained ? 0 : lane_mask (evaluation, rotation->z), factors);
    }
}
