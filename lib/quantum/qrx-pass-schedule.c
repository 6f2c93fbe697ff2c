/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From turns to layers: turns that commute are gathered into stages, each either diagonal or not, so that a stage's
 * gradients can all be read from one state; a diagonal stage and the stage after it make a layer. */
#include "quantum/qrx-program-private.h"

#define LOOK_BACK 8          /* stages that a turn may move over, so that scheduling stays linear */
#define KEPT_BYTES (1 << 18) /* of the states of a row, in float64: what the second cache has room for, or nearly */
#define MAX_TANGENTS 32      /* each may grow amplitudes by sqrt 2; squares of 2^16 are far from overflow in float32 */

typedef struct {
  guint32 x;
  guint32 z;
  gboolean per_row;
  GArray *turns; /* QrxTurn, all around this string */
} Slot;

typedef struct {
  gboolean diagonal;
  QrxPauliSpan span;
  GArray *slots; /* Slot */
  GHashTable *by_string;
} Stage;

static void
slot_clear (Slot *slot)
{
  g_array_unref (slot->turns);
}

static void
stage_free (Stage *stage)
{
  g_array_unref (stage->slots);
  g_hash_table_unref (stage->by_string);
  g_free (stage);
}

static Stage *
stage_new (gboolean diagonal)
{
  Stage *stage = g_new0 (Stage, 1);

  stage->diagonal = diagonal;
  stage->slots = g_array_new (FALSE, FALSE, sizeof (Slot));
  g_array_set_clear_func (stage->slots, (GDestroyNotify) slot_clear);
  stage->by_string = g_hash_table_new_full (qrx_pauli_hash, g_int64_equal, g_free, NULL);
  return stage;
}

/* Turns around one string add their angles. In a diagonal, those of inputs stay apart: the others share a table. */
static void
stage_add (Stage *stage, const QrxTurn *turn)
{
  gboolean per_row = turn->source == QRX_ANGLE_SOURCE_INPUT;
  guint64 apart = stage->diagonal && per_row ? (guint64) 1 << 63 : 0;
  gint64 key = (gint64) (apart | (guint64) turn->x << 32 | turn->z);
  gpointer found;
  Slot *slot;

  if (g_hash_table_lookup_extended (stage->by_string, &key, NULL, &found))
    slot = &g_array_index (stage->slots, Slot, GPOINTER_TO_UINT (found));
  else
    {
      Slot fresh = { turn->x, turn->z, FALSE, g_array_new (FALSE, FALSE, sizeof (QrxTurn)) };

      g_hash_table_insert (stage->by_string, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (stage->slots->len));
      g_array_append_val (stage->slots, fresh);
      slot = &g_array_index (stage->slots, Slot, stage->slots->len - 1);
      qrx_pauli_span_add (&stage->span, turn->x, turn->z);
    }
  slot->per_row |= per_row;
  g_array_append_vals (slot->turns, turn, 1);
}

/* The earliest stage that the turn can move back to, or NULL. */
static Stage *
find_stage (GPtrArray *stages, const QrxTurn *turn)
{
  Stage *best = NULL;

  for (guint i = stages->len; i > 0 && i + LOOK_BACK > stages->len; i--)
    {
      Stage *stage = g_ptr_array_index (stages, i - 1);

      if (!qrx_pauli_span_commutes (&stage->span, turn->x, turn->z))
        break;
      if (stage->diagonal == (turn->x == 0))
        best = stage;
    }
  return best;
}

static GPtrArray *
make_stages (QrxProgram *self, GArray *turns)
{
  GPtrArray *stages = g_ptr_array_new_with_free_func ((GDestroyNotify) stage_free);

  for (guint i = 0; i < turns->len; i++)
    {
      const QrxTurn *turn = &g_array_index (turns, QrxTurn, i);
      Stage *stage = (self->passes & QRX_PASS_SCHEDULE) != 0 ? find_stage (stages, turn) : NULL;

      if (stage == NULL)
        {
          stage = stage_new (turn->x == 0);
          g_ptr_array_add (stages, stage);
        }
      stage_add (stage, turn);
    }
  return stages;
}

static void
append_rotation (QrxProgram *self, const Slot *slot)
{
  qrx_program_append_rotation (self, (const QrxTurn *) (gpointer) slot->turns->data, slot->turns->len);
}

static void
append_slots (QrxProgram *self, const Stage *stage, gboolean per_row, guint *n)
{
  for (guint i = 0; i < stage->slots->len; i++)
    {
      const Slot *slot = &g_array_index (stage->slots, Slot, i);

      if (slot->per_row != per_row)
        continue;
      append_rotation (self, slot);
      (*n)++;
    }
}

static void
add_diagonal (QrxProgram *self, QrxLayer *layer, const Stage *stage)
{
  g_autoptr (GArray) masks = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint));

  layer->first_diagonal = self->rotations->len;
  append_slots (self, stage, FALSE, &layer->n_shared_diagonals);
  append_slots (self, stage, TRUE, &layer->n_row_diagonals);
  if (layer->n_shared_diagonals > 0)
    layer->table = self->n_tables++;
  for (guint i = layer->first_diagonal; i < self->rotations->len; i++)
    {
      const QrxRotation *rotation = &g_array_index (self->rotations, QrxRotation, i);

      if (rotation->n_terms == 0) /* a constant has no gradient */
        continue;
      if (self->n_lane_bits == 0 && i < layer->first_diagonal + layer->n_shared_diagonals) /* once for all rows */
        continue;
      g_array_append_val (masks, rotation->z);
      g_array_append_val (members, i);
    }
  layer->first_tree = self->trees->len;
  qrx_pass_add_trees (self, (const guint32 *) (gpointer) masks->data, (const guint *) (gpointer) members->data,
                      masks->len);
  layer->n_trees = self->trees->len - layer->first_tree;
}

/* What all rows share is in tangent form; a table or, now and then, a rotation takes up the scale that gathers. */
static void
add_rotation (QrxProgram *self, const Slot *slot, guint *n_tangents)
{
  append_rotation (self, slot);
  if (slot->per_row)
    return;
  if (*n_tangents < MAX_TANGENTS)
    {
      g_array_index (self->rotations, QrxRotation, self->rotations->len - 1).form = QRX_FORM_TANGENT;
      (*n_tangents)++;
    }
  else
    *n_tangents = 0;
}

/* The stage's rotations in as many layers as they need sweeps; the first takes the diagonal that layer has. */
static void
add_rotations (QrxProgram *self, QrxLayer *layer, const Stage *stage, guint *n_tangents)
{
  g_autofree QrxString *masks = g_new (QrxString, stage->slots->len);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first_sweep = self->sweeps->len;

  for (guint i = 0; i < stage->slots->len; i++)
    {
      const Slot *slot = &g_array_index (stage->slots, Slot, i);

      masks[i] = (QrxString){ slot->x, slot->z };
      g_array_append_val (order, i);
    }
  for (guint first = 0; first < order->len;)
    {
      guint n = qrx_pass_select_sweep (self, masks, order, first);

      layer->first_rotation = self->rotations->len;
      layer->n_rotations = n;
      layer->sweep = self->sweeps->len;
      for (guint i = first; i < first + n; i++)
        add_rotation (self, &g_array_index (stage->slots, Slot, g_array_index (order, guint, i)), n_tangents);
      qrx_pass_add_sweep (self, layer->first_rotation, n);
      g_array_append_val (self->layers, *layer);
      *layer = (QrxLayer){ 0 };
      first += n;
    }
  if (self->n_lane_bits == 0)
    qrx_pass_lay_blocks (self, first_sweep);
}

/* With amplitudes in the lanes, states are large: none but the last is kept. */
static guint
count_kept (QrxProgram *self)
{
  gsize most = KEPT_BYTES / ((2 * sizeof (double)) << self->n_qubits);

  if (self->n_lane_bits > 0)
    return 1;
  return (self->passes & QRX_PASS_KEEP) != 0 ? MIN (self->stages->len + 1, MAX (2, (guint) most)) : 2;
}

/* Fills layers, stages, rotations, sweeps and trees. */
void
qrx_pass_schedule (QrxProgram *self, GArray *turns)
{
  g_autoptr (GPtrArray) stages = make_stages (self, turns);
  guint n_tangents = 0;

  for (guint i = 0; i < stages->len;)
    {
      QrxLayer layer = { 0 };
      QrxStage added = { self->layers->len, 0 };
      const Stage *stage = g_ptr_array_index (stages, i);

      if (stage->diagonal)
        {
          add_diagonal (self, &layer, stage);
          if (layer.n_shared_diagonals > 0)
            n_tangents = 0;
          stage = ++i < stages->len ? g_ptr_array_index (stages, i) : NULL;
        }
      if (stage != NULL && !stage->diagonal)
        {
          add_rotations (self, &layer, stage, &n_tangents);
          i++;
        }
      else
        g_array_append_val (self->layers, layer);
      added.n_layers = self->layers->len - added.first_layer;
      g_array_append_val (self->stages, added);
    }
  self->n_kept = count_kept (self);
}
