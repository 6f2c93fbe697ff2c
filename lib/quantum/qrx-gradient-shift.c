/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parameter-shift rule: exact derivatives from expectations at a few shifted angles. An expectation is a
 * trigonometric polynomial of each angle of each gate, and the gate table says of which frequencies. Every use of an
 * input or a weight is shifted on its own, in one batch with all others; the chain rule then sums over uses and
 * multiplies by scales. */
#include <math.h>

#include "quantum/qrx-gradient-private.h"

#define PANEL_AMPLITUDES (1 << 20) /* of all rows that are evaluated at once, */
#define PANEL_ROWS 256             /* which are no more than these */

/* What stands before f (angle + shift) in the derivative. */
typedef struct {
  double shift;
  double coefficient;
} Shift;

#define C_PLUS ((G_SQRT2 + 1) / (4 * G_SQRT2))
#define C_MINUS ((G_SQRT2 - 1) / (4 * G_SQRT2))

static const Shift two_terms[] = { { G_PI_2, 0.5 }, { -G_PI_2, -0.5 } };
static const Shift four_terms[] = {
  { G_PI_2, C_PLUS }, { -G_PI_2, -C_PLUS }, { 3 * G_PI_2, -C_MINUS }, { -3 * G_PI_2, C_MINUS }
};

typedef struct {
  QrxAngle angle;
  const Shift *shifts;
  guint n_shifts;
} Use;

struct _QrxShifts {
  GArray *uses; /* Use: the inputs of the program, in their order */
  QrxProgram *program;
  QrxWorkspace *workspace;
  QrxTensor *angles; /* (panel, uses) */
  QrxTensor *no_weights;
  QrxTensor *expectations; /* (panel, observables) */
};

/* A row of the panel: which use is shifted, and how, in which row of the batch. */
typedef struct {
  guint use;
  guint shift;
  gsize row;
} Place;

static void
take_use (GArray *uses, QrxOperation *operation, guint parameter)
{
  gboolean four = operation->gate->parameters[parameter].shift == QRX_SHIFT_FOUR_TERM;
  Use use = { operation->angles[parameter], four ? four_terms : two_terms,
              four ? G_N_ELEMENTS (four_terms) : G_N_ELEMENTS (two_terms) };

  operation->angles[parameter] = (QrxAngle){ QRX_ANGLE_SOURCE_INPUT, uses->len, 1, 0 };
  g_array_append_val (uses, use);
}

static QrxCircuit *
unroll (QrxCircuit *circuit, GArray *uses)
{
  QrxCircuit *unrolled = qrx_circuit_dup (circuit);

  for (guint i = 0; i < unrolled->operations->len; i++)
    {
      QrxOperation *operation = &g_array_index (unrolled->operations, QrxOperation, i);

      for (guint j = 0; j < operation->gate->n_parameters; j++)
        if (operation->angles[j].source != QRX_ANGLE_SOURCE_CONSTANT)
          take_use (uses, operation, j);
    }
  unrolled->n_inputs = uses->len;
  unrolled->n_weights = 0;
  return unrolled;
}

static gsize
count_panel_rows (QrxShifts *self, guint n_qubits, guint64 max_rows)
{
  gsize most = CLAMP ((gsize) PANEL_AMPLITUDES >> n_qubits, 1, PANEL_ROWS), n_shifts = 0;

  for (guint i = 0; i < self->uses->len && n_shifts * max_rows < most; i++)
    n_shifts += g_array_index (self->uses, Use, i).n_shifts;
  return MIN (most, MAX (n_shifts * max_rows, 1));
}

QrxShifts *
qrx_shifts_new (QrxBackend *backend, QrxCircuit *circuit, guint64 max_rows, QrxDtype dtype, GError **error)
{
  g_autoptr (QrxShifts) self = g_new0 (QrxShifts, 1);
  g_autoptr (QrxCircuit) unrolled = NULL;
  gsize n_rows;

  self->uses = g_array_new (FALSE, FALSE, sizeof (Use));
  unrolled = unroll (circuit, self->uses);
  self->program = qrx_program_compile (unrolled, error);
  if (self->program == NULL)
    return NULL;
  n_rows = count_panel_rows (self, qrx_circuit_get_n_qubits (circuit), max_rows);
  self->workspace = qrx_backend_create_workspace (backend, self->program, n_rows, dtype, error);
  if (self->workspace == NULL)
    return NULL;
  self->angles = qrx_tensor_new_matrix (dtype, n_rows, self->uses->len);
  self->no_weights = qrx_tensor_new (dtype, (gsize[]){ 0 }, 1);
  self->expectations = qrx_tensor_new_matrix (dtype, n_rows, qrx_circuit_get_n_observables (circuit));
  return g_steal_pointer (&self);
}

void
qrx_shifts_free (QrxShifts *self)
{
  g_clear_pointer (&self->uses, g_array_unref);
  g_clear_object (&self->program);
  g_clear_object (&self->workspace);
  g_clear_object (&self->angles);
  g_clear_object (&self->no_weights);
  g_clear_object (&self->expectations);
  g_free (self);
}

guint64
qrx_shifts_get_size (QrxShifts *self)
{
  return qrx_workspace_get_size (self->workspace);
}

/* Moves to the first place at or behind this one that somebody wants; FALSE if there is none. */
static gboolean
find_place (const QrxGradientJob *job, QrxShifts *self, Place *place)
{
  for (; place->use < self->uses->len; *place = (Place){ place->use + 1, 0, 0 })
    {
      const QrxAngle *angle = &g_array_index (self->uses, Use, place->use).angle;

      if (angle->scale != 0 && (angle->source == QRX_ANGLE_SOURCE_INPUT ? job->by_inputs : job->by_weights) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
advance (QrxShifts *self, gsize n_rows, Place *place)
{
  if (++place->row < n_rows)
    return;
  place->row = 0;
  if (++place->shift < g_array_index (self->uses, Use, place->use).n_shifts)
    return;
  *place = (Place){ place->use + 1, 0, 0 };
}

static double
angle_at (const QrxGradientJob *job, const QrxAngle *angle, gsize row)
{
  if (angle->source == QRX_ANGLE_SOURCE_WEIGHT)
    return angle->scale * qrx_tensor_get (job->weights, angle->index) + angle->offset;
  return angle->scale * qrx_tensor_get (job->inputs, row * qrx_tensor_get_columns (job->inputs) + angle->index) +
         angle->offset;
}

static void
fill_row (const QrxGradientJob *job, QrxShifts *self, gsize panel_row, const Place *place)
{
  for (guint i = 0; i < self->uses->len; i++)
    {
      const Use *use = &g_array_index (self->uses, Use, i);
      double shift = i == place->use ? use->shifts[place->shift].shift : 0;

      qrx_tensor_set (self->angles, panel_row * self->uses->len + i, angle_at (job, &use->angle, place->row) + shift);
    }
}

static void
add_row (const QrxGradientJob *job, QrxShifts *self, gsize panel_row, const Place *place)
{
  const Use *use = &g_array_index (self->uses, Use, place->use);
  gsize n = qrx_tensor_get_columns (job->cotangents);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum +=
        qrx_tensor_get (job->cotangents, place->row * n + i) * qrx_tensor_get (self->expectations, panel_row * n + i);
  sum *= use->angle.scale * use->shifts[place->shift].coefficient;
  if (use->angle.source == QRX_ANGLE_SOURCE_WEIGHT)
    job->by_weights[use->angle.index] += sum;
  else
    job->by_inputs[place->row * qrx_tensor_get_columns (job->inputs) + use->angle.index] += sum;
}

gboolean
qrx_gradient_shift (const QrxGradientJob *job, QrxShifts *self, GError **error)
{
  gsize n_rows = qrx_tensor_get_rows (job->inputs), n_panel = qrx_tensor_get_rows (self->angles);
  g_autofree Place *places = g_new (Place, n_panel);
  Place next = { 0, 0, 0 };

  while (find_place (job, self, &next))
    {
      gsize n = 0;

      for (; n < n_panel && find_place (job, self, &next); advance (self, n_rows, &next))
        {
          fill_row (job, self, n, &next);
          places[n++] = next;
        }
      if (!qrx_backend_expectations (job->backend, self->program, self->angles, self->no_weights, self->workspace,
                                     self->expectations, job->pool, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        add_row (job, self, i, &places[i]);
    }
  return TRUE;
}
