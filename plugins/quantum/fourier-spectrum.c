/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which functions of its inputs a circuit can be: their frequencies, and how large coefficients are. */
#include <qrx/qrx-circuit-frequencies.h>
#include <qrx/qrx-random.h>

#include <math.h>

#include "quantum/circuit-sample.h"

/* Coefficients up to this size are rounding. */
#define PRESENT 1e-10

struct _QrxFourierSpectrum {
  QrxNode parent_instance;
  QrxCircuitDescription described;
  char *backend;
  gint64 qubits;
  gint64 samples;
};

#define QRX_TYPE_FOURIER_SPECTRUM (qrx_fourier_spectrum_get_type ())
G_DECLARE_FINAL_TYPE (QrxFourierSpectrum, qrx_fourier_spectrum, QRX, FOURIER_SPECTRUM, QrxNode)
G_DEFINE_FINAL_TYPE (QrxFourierSpectrum, qrx_fourier_spectrum, QRX_TYPE_NODE)

/* The spectrum in one input: c_k for k = 0 … n_steps, in units of the step. */
typedef struct {
  QrxTensor *reachable; /* frequencies that the circuit's structure allows */
  double step;
  gsize n_steps;
  double *re, *im; /* sums of the coefficients over draws, for each observable and k */
  double *squares; /* sums of |c_k|², over draws and observables */
  double *largest; /* of |c_k| */
} Spectrum;

static void
spectrum_clear (Spectrum *self)
{
  g_clear_object (&self->reachable);
  g_free (self->re);
  g_free (self->im);
  g_free (self->squares);
  g_free (self->largest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Spectrum, spectrum_clear)

static gboolean
fourier_spectrum_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxFourierSpectrum *self = QRX_FOURIER_SPECTRUM (node);
  g_autoptr (QrxCircuit) circuit =
      qrx_circuit_description_build_function (&self->described, (guint) self->qubits, error);

  for (guint i = 0; circuit != NULL && i < qrx_circuit_get_n_inputs (circuit); i++)
    {
      g_autoptr (QrxTensor) frequencies = qrx_circuit_dup_frequencies (circuit, i, NULL, error);

      if (frequencies == NULL)
        return FALSE;
    }
  return circuit != NULL;
}

static gboolean
spectrum_begin (Spectrum *self, QrxCircuit *circuit, guint input, GError **error)
{
  gsize n, n_observables = qrx_circuit_get_n_observables (circuit);

  self->reachable = qrx_circuit_dup_frequencies (circuit, input, &self->step, error);
  if (self->reachable == NULL)
    return FALSE;
  n = qrx_tensor_get_n_elements (self->reachable);
  self->n_steps = (gsize) (qrx_tensor_get (self->reachable, n - 1) / self->step + 0.5);
  self->re = g_new0 (double, n_observables *(self->n_steps + 1));
  self->im = g_new0 (double, n_observables *(self->n_steps + 1));
  self->squares = g_new0 (double, self->n_steps + 1);
  self->largest = g_new0 (double, self->n_steps + 1);
  return TRUE;
}

/* One draw, with the input going once through its period in as many places as a function without higher frequencies
 * needs. */
static QrxTensor *
sweep_input (const Spectrum *self, const QrxSample *sample, guint input, QrxRandom *random, GError **error)
{
  gsize n = 2 * self->n_steps + 1, width = sample->n_inputs + sample->n_weights;
  g_autoptr (QrxTensor) drawn = qrx_sample_draw (sample, random, 1);
  g_autoptr (QrxTensor) rows = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);
  g_autoptr (QrxTensor) values =
      qrx_tensor_new_matrix (QRX_DTYPE_F64, n, qrx_circuit_get_n_observables (sample->circuit));
  g_autoptr (QrxWorkspace) workspace =
      qrx_backend_create_workspace (sample->backend, sample->program, n, QRX_DTYPE_F64, error);

  if (workspace == NULL)
    return NULL;
  for (gsize row = 0; row < n; row++)
    for (gsize i = 0; i < width; i++)
      qrx_tensor_set (rows, row * width + i,
                      i == input ? 2 * G_PI * (double) row / (double) n / self->step : qrx_tensor_get (drawn, i));
  if (!qrx_backend_expectations (sample->backend, sample->program, rows, sample->no_weights, workspace, values,
                                 sample->pool, error))
    return NULL;
  return g_steal_pointer (&values);
}

/* The discrete Fourier transform of one draw, added to the sums. */
static void
spectrum_add (Spectrum *self, QrxTensor *values)
{
  gsize n = qrx_tensor_get_rows (values), n_observables = qrx_tensor_get_columns (values);

  for (gsize m = 0; m < n_observables; m++)
    for (gsize k = 0; k <= self->n_steps; k++)
      {
        gsize at = m * (self->n_steps + 1) + k;
        double re = 0, im = 0, size;

        for (gsize t = 0; t < n; t++)
          {
            double turn = 2 * G_PI * (double) (k * t % n) / (double) n;

            re += qrx_tensor_get (values, t * n_observables + m) * cos (turn) / (double) n;
            im -= qrx_tensor_get (values, t * n_observables + m) * sin (turn) / (double) n;
          }
        size = hypot (re, im);
        self->re[at] += re;
        self->im[at] += im;
        self->squares[k] += size * size;
        self->largest[k] = fmax (self->largest[k], size);
      }
}

/* The root of the mean variance over draws of c_k, as a complex number, mean over observables. */
static double
get_spread (const Spectrum *self, gsize k, gsize n_observables, double n_draws)
{
  double variance = self->squares[k] / n_draws;

  for (gsize m = 0; m < n_observables; m++)
    {
      gsize at = m * (self->n_steps + 1) + k;

      variance -= (self->re[at] * self->re[at] + self->im[at] * self->im[at]) / (n_draws * n_draws);
    }
  return sqrt (fmax (variance, 0) / (double) n_observables);
}

static void
set_scores (const Spectrum *self, QrxMetrics *metrics, guint input, gsize n_observables, double n_draws)
{
  gsize n = qrx_tensor_get_n_elements (self->reachable), n_present = 0;
  g_autofree char *role = g_strdup_printf ("input-%u", input);

  for (gsize k = 0; k <= self->n_steps; k++)
    n_present += self->largest[k] > PRESENT;
  qrx_metrics_set_number (metrics, role, "largest-frequency", qrx_tensor_get (self->reachable, n - 1));
  qrx_metrics_set_count (metrics, role, "reachable", (gint64) n);
  qrx_metrics_set_count (metrics, role, "present", (gint64) n_present);
  for (gsize i = 0; i < n; i++)
    {
      double frequency = qrx_tensor_get (self->reachable, i);
      gsize k = (gsize) (frequency / self->step + 0.5);
      g_autofree char *size = g_strdup_printf ("size-%g", frequency),
                      *spread = g_strdup_printf ("spread-%g", frequency);

      qrx_metrics_set_number (metrics, role, size, sqrt (self->squares[k] / (n_draws * (double) n_observables)));
      qrx_metrics_set_number (metrics, role, spread, get_spread (self, k, n_observables, n_draws));
    }
}

static gboolean
measure_input (QrxFourierSpectrum *self, const QrxSample *sample, guint input, QrxMetrics *metrics, QrxContext *context,
               GCancellable *cancellable, GError **error)
{
  g_autofree char *purpose = g_strdup_printf ("input %u", input);
  g_auto (Spectrum) spectrum = { 0 };

  if (!spectrum_begin (&spectrum, sample->circuit, input, error))
    return FALSE;
  for (gint64 draw = 0; draw < self->samples; draw++)
    {
      g_autoptr (QrxRandom) random =
          qrx_random_new (qrx_context_get_seed (context), qrx_node_get_id (QRX_NODE (self)), purpose, (guint64) draw);
      g_autoptr (QrxTensor) values = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      values = sweep_input (&spectrum, sample, input, random, error);
      if (values == NULL)
        return FALSE;
      spectrum_add (&spectrum, values);
    }
  set_scores (&spectrum, metrics, input, qrx_circuit_get_n_observables (sample->circuit), (double) self->samples);
  return TRUE;
}

static gboolean
fourier_spectrum_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                      GCancellable *cancellable, GError **error)
{
  QrxFourierSpectrum *self = QRX_FOURIER_SPECTRUM (node);
  const QrxSampling sampling = { .angles = (char *) "uniform", .backend = self->backend };
  g_autoptr (QrxCircuit) circuit =
      qrx_circuit_description_build_function (&self->described, (guint) self->qubits, error);
  g_autoptr (QrxSample) sample = circuit != NULL ? qrx_sample_new (&sampling, circuit, context, error) : NULL;
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();

  if (sample == NULL)
    return FALSE;
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  for (guint i = 0; i < sample->n_inputs; i++)
    {
      if (!measure_input (self, sample, i, metrics, context, cancellable, error))
        return FALSE;
      qrx_context_progress (context, qrx_node_get_id (node), (i + 1.0) / sample->n_inputs, "taking spectra");
    }
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_sampling_add_qubits (node_class, G_STRUCT_OFFSET (QrxFourierSpectrum, qubits));
  qrx_circuit_description_add_properties (node_class, G_STRUCT_OFFSET (QrxFourierSpectrum, described));
  qrx_circuit_description_add_observables (node_class, G_STRUCT_OFFSET (QrxFourierSpectrum, described));
  qrx_node_class_add_choice (node_class, "backend", G_STRUCT_OFFSET (QrxFourierSpectrum, backend),
                             "statevector|reference",
                             "what runs the circuit: exact simulation, or slow dense algebra for tests");
  qrx_node_class_add_integer (node_class, "samples", G_STRUCT_OFFSET (QrxFourierSpectrum, samples), 1, 100000000, 100,
                              "draws", "number of random settings of the weights and the other inputs, for each input");
}

static void
qrx_fourier_spectrum_class_init (QrxFourierSpectrumClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = fourier_spectrum_resolve;
  node_class->run = fourier_spectrum_run;
  qrx_sampling_describe (
      node_class, "fourier-spectrum",
      "Takes the Fourier series of a circuit's expectations in each of its inputs: which frequencies it can reach, "
      "which are there, and how large their coefficients are over random weights.",
      "scores of each role input-I: largest-frequency and reachable (how many from 0 up the structure allows), present "
      "(how many have a coefficient above 10⁻¹⁰ in any draw), and for each frequency F size-F (root mean square of "
      "|c_F| over draws and observables) and spread-F (standard deviation of c_F over draws, root mean square over "
      "observables)");
  qrx_node_class_add_citation (node_class, "Schuld, Sweke, Meyer 2021, arXiv:2008.08605");
  add_properties (node_class);
  qrx_node_class_set_example (
      node_class,
      "{\"properties\": {\"circuit\": {\"qubits\": 1, \"ops\": ["
      "{\"gate\": \"ry\", \"wires\": [0], \"params\": [{\"input\": 0, \"scale\": 2, \"offset\": 0}]}],"
      " \"observables\": [\"Z\"]}, \"samples\": 1},"
      " \"expect\": {\"metrics\": {\"input-0\": {\"largest-frequency\": 2, \"reachable\": 2, \"present\": 1,"
      " \"size-0\": 0, \"size-2\": 0.5, \"spread-2\": 0}}}, \"tolerance\": 1e-8}");
}

static void
qrx_fourier_spectrum_init (QrxFourierSpectrum *self G_GNUC_UNUSED)
{
}
