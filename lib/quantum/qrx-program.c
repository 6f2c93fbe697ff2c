/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the passes over a circuit and keeps what they make. Knows no backend. */
#include "quantum/qrx-program-private.h"

#include <string.h>

#define LEAST_GROUP 4 /* strings: fewer take less one by one than a field and its tree */

G_DEFINE_FINAL_TYPE (QrxProgram, qrx_program, G_TYPE_OBJECT)

static void
tree_clear (QrxTree *tree)
{
  g_free (tree->members);
  g_free (tree->lanes);
  g_free (tree->low);
  g_free (tree->high);
}

void
qrx_seam_free (QrxSeam *seam)
{
  for (guint h = 0; h < 2; h++)
    {
      g_object_unref (seam->halves[h]);
      g_free (seam->places[h]);
      g_free (seam->cells[h]);
      g_free (seam->signs[h]);
    }
  g_free (seam);
}

static void
qrx_program_finalize (GObject *object)
{
  QrxProgram *self = QRX_PROGRAM (object);

  g_clear_object (&self->circuit);
  g_array_unref (self->rotations);
  g_array_unref (self->input_terms);
  g_array_unref (self->weight_terms);
  g_array_unref (self->layers);
  g_array_unref (self->stages);
  g_array_unref (self->sweeps);
  g_array_unref (self->trees);
  g_array_unref (self->strings);
  g_array_unref (self->readout);
  g_array_unref (self->groups);
  g_clear_pointer (&self->seam, qrx_seam_free);
  g_clear_object (&self->stem);
  G_OBJECT_CLASS (qrx_program_parent_class)->finalize (object);
}

static void
qrx_program_class_init (QrxProgramClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_program_finalize;
}

static void
qrx_program_init (QrxProgram *self)
{
  self->rotations = g_array_new (FALSE, FALSE, sizeof (QrxRotation));
  self->input_terms = g_array_new (FALSE, FALSE, sizeof (QrxAngleTerm));
  self->weight_terms = g_array_new (FALSE, FALSE, sizeof (QrxAngleTerm));
  self->layers = g_array_new (FALSE, FALSE, sizeof (QrxLayer));
  self->stages = g_array_new (FALSE, FALSE, sizeof (QrxStage));
  self->sweeps = g_array_new (FALSE, FALSE, sizeof (QrxSweep));
  self->trees = g_array_new (FALSE, FALSE, sizeof (QrxTree));
  g_array_set_clear_func (self->trees, (GDestroyNotify) tree_clear);
  self->strings = g_array_new (FALSE, FALSE, sizeof (QrxString));
  self->readout = g_array_new (FALSE, FALSE, sizeof (QrxReadoutTerm));
  self->groups = g_array_new (FALSE, FALSE, sizeof (QrxReadoutGroup));
}

void
qrx_program_append_rotation (QrxProgram *self, const QrxTurn *turns, guint n)
{
  QrxRotation rotation = { turns[0].x, turns[0].z, 0, 0, FALSE, QRX_FORM_UNITARY, 0 };

  for (guint i = 0; i < n; i++)
    {
      QrxAngleTerm term = { self->rotations->len, turns[i].index, turns[i].scale };

      rotation.offset += turns[i].offset;
      if (turns[i].source == QRX_ANGLE_SOURCE_CONSTANT)
        continue;
      rotation.n_terms++;
      rotation.per_row |= turns[i].source == QRX_ANGLE_SOURCE_INPUT;
      g_array_append_val (turns[i].source == QRX_ANGLE_SOURCE_INPUT ? self->input_terms : self->weight_terms, term);
    }
  g_array_append_val (self->rotations, rotation);
}

/* The product state's turns, bit by bit and in the order of time within each. */
static void
add_chains (QrxProgram *self, GArray *product)
{
  for (guint bit = 0; bit < self->n_qubits; bit++)
    {
      self->chain[bit] = self->chain_ends[bit] = self->rotations->len;
      for (guint i = 0; i < product->len; i++)
        {
          const QrxTurn *turn = &g_array_index (product, QrxTurn, i);

          if (((turn->x | turn->z) >> bit & 1) == 0)
            continue;
          qrx_program_append_rotation (self, turn, 1);
          if (turn->source == QRX_ANGLE_SOURCE_INPUT)
            self->chain_ends[bit] = self->rotations->len;
        }
    }
  self->chain[self->n_qubits] = self->rotations->len;
}

/* Members are indices of strings; each stays by itself where they are few. */
static void
add_group (QrxProgram *self, GArray *members, guint least)
{
  g_autofree guint32 *masks = g_new (guint32, members->len + 1);
  const guint *strings = (const guint *) (gpointer) members->data;
  QrxReadoutGroup group = { members->len > 0 ? strings[0] : 0, self->trees->len, 0 };

  for (guint i = 0; i < members->len; i++)
    masks[i] = g_array_index (self->strings, QrxString, strings[i]).z;
  if (members->len >= least)
    qrx_pass_add_trees (self, masks, strings, members->len);
  group.n_trees = self->trees->len - group.first_tree;
  g_array_append_val (self->groups, group);
  for (guint i = 1; i < members->len && group.n_trees == 0; i++)
    {
      group.string = strings[i];
      g_array_append_val (self->groups, group);
    }
}

static void
add_readout (QrxProgram *self)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  g_ptr_array_add (kinds, g_array_new (FALSE, FALSE, sizeof (guint)));
  for (guint i = 0; i < self->strings->len; i++)
    {
      const QrxString *string = &g_array_index (self->strings, QrxString, i);
      gint64 key = (gint64) string->x << 1 | qrx_pauli_is_real (string->x, string->z);
      guint place = string->x == 0 ? 1 : GPOINTER_TO_UINT (g_hash_table_lookup (places, &key));

      if (string->x == 0 && string->z == 0)
        continue;
      if (place == 0)
        {
          g_ptr_array_add (kinds, g_array_new (FALSE, FALSE, sizeof (guint)));
          place = kinds->len;
          g_hash_table_insert (places, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (place));
        }
      g_array_append_val ((GArray *) kinds->pdata[place - 1], i);
    }
  self->readout_is_diagonal = kinds->len == 1;
  for (guint i = 0; i < kinds->len; i++)
    add_group (self, kinds->pdata[i], i == 0 ? 1 : LEAST_GROUP);
}

static void
number_slots (QrxProgram *self)
{
  for (guint i = 0; i < self->rotations->len; i++)
    {
      QrxRotation *rotation = &g_array_index (self->rotations, QrxRotation, i);

      rotation->slot = rotation->per_row ? self->n_row_rotations++ : self->n_shared_rotations++;
    }
}

/* Places are the circuit's indices, unless they are moved. */
static void
lay_bits (QrxProgram *self)
{
  for (guint bit = 0; bit < self->n_qubits; bit++)
    {
      self->bits[bit] = bit;
      self->parities[bit] = (guint32) 1 << bit;
    }
}

static QrxProgram *
part_new (QrxProgram *whole, guint n_qubits)
{
  QrxProgram *self = g_object_new (QRX_TYPE_PROGRAM, NULL);

  self->circuit = g_object_ref (whole->circuit);
  self->n_qubits = n_qubits;
  self->passes = whole->passes & (QRX_PASS_SCHEDULE | QRX_PASS_GROUP | QRX_PASS_KEEP);
  lay_bits (self);
  return self;
}

static void
part_fill (QrxProgram *self, GArray *turns, GArray *product)
{
  add_chains (self, product);
  qrx_pass_schedule (self, turns);
  number_slots (self);
}

/* With amplitudes where they are in the part. */
static QrxProgram *
stem_new (QrxProgram *whole, const QrxProgram *part)
{
  QrxProgram *self = part_new (whole, part->n_qubits - 1);

  self->n_lane_bits = part->n_lane_bits;
  memcpy (self->bits, part->bits, self->n_qubits * sizeof *self->bits);
  memcpy (self->parities, part->parities, self->n_qubits * sizeof *self->parities);
  return self;
}

QrxProgram *
qrx_program_new_part (QrxProgram *whole, guint n_bits, gboolean sees, GArray *turns, GArray *product)
{
  QrxProgram *self = part_new (whole, n_bits + (sees ? 1 : 0));

  if (qrx_pass_wants_lanes (whole))
    qrx_pass_place_part (self, n_bits, turns);
  if (sees)
    {
      g_autoptr (GArray) first = qrx_pass_split_stem (turns, (guint32) 1 << n_bits);

      self->stem = stem_new (whole, self);
      part_fill (self->stem, first, product);
      g_array_set_size (product, 0);
    }
  part_fill (self, turns, product);
  return self;
}

QrxProgram *
qrx_program_compile_with (QrxCircuit *circuit, QrxPasses passes, GError **error G_GNUC_UNUSED)
{
  QrxProgram *self = g_object_new (QRX_TYPE_PROGRAM, NULL);
  g_autoptr (GArray) turns = NULL, product = g_array_new (FALSE, FALSE, sizeof (QrxTurn));

  qrx_value_freeze (QRX_VALUE (circuit));
  self->circuit = g_object_ref (circuit);
  self->n_qubits = qrx_circuit_get_n_qubits (circuit);
  self->passes = passes;
  turns = qrx_pass_lower (self);
  if ((passes & QRX_PASS_LIGHT_CONE) != 0)
    qrx_pass_drop_unseen (self, turns);
  if ((passes & QRX_PASS_PRODUCT) != 0)
    qrx_pass_split_product (self, turns, product);
  lay_bits (self);
  if ((passes & QRX_PASS_HALVES) != 0)
    qrx_pass_halve (self, turns, product);
  qrx_pass_place (self, turns);
  add_chains (self, product);
  qrx_pass_schedule (self, turns);
  number_slots (self);
  add_readout (self);
  return self;
}

/**
 * qrx_program_compile:
 * @circuit: a circuit; it is frozen by this
 * @error: return location for an error
 *
 * Compiles a circuit. Gates become rotations around Pauli strings; constant quarter turns (all Clifford gates) move
 * into the observables, rotations that no observable sees are dropped, those before the first entangler stay a product
 * state, and the others are gathered into layers that commute.
 *
 * Returns: (transfer full): the program
 */
QrxProgram *
qrx_program_compile (QrxCircuit *circuit, GError **error)
{
  g_return_val_if_fail (QRX_IS_CIRCUIT (circuit), NULL);
  return qrx_program_compile_with (circuit, QRX_PASS_ALL, error);
}

/**
 * qrx_program_get_circuit:
 * @self: a program
 *
 * Returns: (transfer none): the circuit that was compiled
 */
QrxCircuit *
qrx_program_get_circuit (QrxProgram *self)
{
  g_return_val_if_fail (QRX_IS_PROGRAM (self), NULL);
  return self->circuit;
}

typedef struct {
  guint rotations;
  guint chained;
  guint layers;
  guint sweeps;
} Counts;

static void
add_counts (const QrxProgram *self, Counts *counts)
{
  for (guint i = 0; i < qrx_program_count_parts (self); i++)
    add_counts (qrx_program_get_part (self, i), counts);
  counts->rotations += self->rotations->len;
  counts->chained += self->chain[self->n_qubits];
  counts->layers += self->layers->len;
  counts->sweeps += self->sweeps->len;
}

/**
 * qrx_program_describe:
 * @self: a program
 *
 * Describes in one line what the compiler made.
 *
 * Returns: (transfer full): the description
 */
char *
qrx_program_describe (QrxProgram *self)
{
  Counts counts = { 0 };
  g_autofree char *halves = NULL;

  g_return_val_if_fail (QRX_IS_PROGRAM (self), NULL);
  add_counts (self, &counts);
  if (self->seam != NULL)
    halves = g_strdup_printf (", of which halves of %u and %u bits take what comes first, in %u branches",
                              self->seam->halves[0]->n_qubits, self->seam->halves[1]->n_qubits,
                              1u << self->seam->n_branch_bits);
  return g_strdup_printf ("program of %u qubits: %u rotations, %u of them on a product state, in %u layers and %u "
                          "sweeps%s; %u Pauli strings",
                          self->n_qubits, counts.rotations, counts.chained, counts.layers, counts.sweeps,
                          halves != NULL ? halves : "", self->strings->len);
}
