/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which frequencies an expectation can have in an input: a use of the input through a gate with eigenvalues ±1/2 of
 * its generator adds −1, 0 or 1 of them, and uses add up (Schuld, Sweke & Meyer 2021, arXiv 2008.08605). */
#include <qrx/qrx-circuit-frequencies.h>

#include <math.h>

#include "quantum/qrx-circuit-private.h"

/* Differences of frequencies below this part of the largest are rounding. */
#define TOLERANCE 1e-9
#define MAX_STEPS 65536

/* The frequencies that each use adds: s, or s/2 and s for controlled rotations. */
static GArray *
list_uses (QrxCircuit *self, guint input)
{
  GArray *uses = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (self->operations, QrxOperation, i);

      for (guint p = 0; p < operation->gate->n_parameters; p++)
        {
          const QrxAngle *angle = &operation->angles[p];
          double scale = fabs (angle->scale), half = scale / 2;

          if (angle->source != QRX_ANGLE_SOURCE_INPUT || angle->index != input || scale == 0)
            continue;
          if (operation->gate->parameters[p].shift == QRX_SHIFT_TWO_TERM)
            g_array_append_val (uses, scale);
          else /* −1, −1/2, 0, 1/2 and 1 are what two halves make */
            g_array_append_vals (uses, (double[]){ half, half }, 2);
        }
    }
  return uses;
}

/* The greatest number that all are multiples of, by Euclid; 0 where there are none. */
static double
find_unit (GArray *uses)
{
  double unit = 0, largest = 0;

  for (guint i = 0; i < uses->len; i++)
    largest = fmax (largest, g_array_index (uses, double, i));
  for (guint i = 0; i < uses->len; i++)
    {
      double a = g_array_index (uses, double, i), b = unit;

      while (b > TOLERANCE * largest)
        {
          double rest = fmod (a, b);

          a = b;
          b = b - rest < TOLERANCE * largest ? 0 : rest;
        }
      unit = a;
    }
  return unit;
}

/* Marks the sums of −u, 0 or u over all uses u, in steps of the unit; place 0 is in the middle. */
static gboolean *
add_up (GArray *uses, double unit, gsize n_steps)
{
  gsize n = 2 * n_steps + 1;
  gboolean *marks = g_new0 (gboolean, n);

  marks[n_steps] = TRUE;
  for (guint i = 0; i < uses->len; i++)
    {
      gsize by = (gsize) (g_array_index (uses, double, i) / unit + 0.5);
      gboolean *next = g_memdup2 (marks, n * sizeof *marks);

      for (gsize k = 0; k < n; k++)
        next[k] = marks[k] || (k >= by && marks[k - by]) || (k + by < n && marks[k + by]);
      g_free (marks);
      marks = next;
    }
  return marks;
}

/**
 * qrx_circuit_dup_frequencies:
 * @self: a circuit
 * @input: one of its inputs
 * @unit: (out) (optional): the greatest frequency of which all others are multiples, 1 if there is only 0
 * @error: return location for an error
 *
 * Lists the angular frequencies, from 0 up, that expectations can have in an input, whatever the weights and
 * observables are. Those that are really there are among them. Fails with %QRX_PIPELINE_ERROR_VALUE if the
 * input's scales have no common measure.
 *
 * Returns: (transfer full): the frequencies, of shape (frequencies)
 */
QrxTensor *
qrx_circuit_dup_frequencies (QrxCircuit *self, guint input, double *unit, GError **error)
{
  g_autoptr (GArray) uses = NULL, found = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree gboolean *marks = NULL;
  double step, total = 0;
  gsize n_steps, n;
  QrxTensor *frequencies;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && input < self->n_inputs, NULL);
  uses = list_uses (self, input);
  step = uses->len > 0 ? find_unit (uses) : 1;
  for (guint i = 0; i < uses->len; i++)
    total += g_array_index (uses, double, i);
  if (!(total / step < MAX_STEPS))
    {
      g_set_error (
          error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
          "input %u: its scales have no common measure above %g of their sum, so there is no period to look at", input,
          1.0 / MAX_STEPS);
      return NULL;
    }
  n_steps = (gsize) (total / step + 0.5);
  marks = add_up (uses, step, n_steps);
  for (gsize k = 0; k <= n_steps; k++)
    if (marks[n_steps + k])
      g_array_append_vals (found, (double[]){ (double) k * step }, 1);
  n = found->len;
  frequencies = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);
  for (gsize k = 0; k < n; k++)
    qrx_tensor_set (frequencies, k, g_array_index (found, double, k));
  if (unit != NULL)
    *unit = step;
  return frequencies;
}
