/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a circuit's gradients shrink as it grows. */
#include <qrx/qrx-random.h>

#include <math.h>
#include <string.h>

#include "quantum/circuit-sample.h"

/* A mean square of derivatives up to this is rounding: the observable does not depend on the angle. */
#define NO_EFFECT 1e-24
/* Rows whose gradients are taken at once. */
#define MAX_ROWS 128

struct _QrxBarrenPlateau {
  QrxNode parent_instance;
  QrxCircuitDescription described;
  QrxSampling sampling;
  GVariant *qubits;
  GVariant *depths;
  char *observable;
  gint64 samples;
};

#define QRX_TYPE_BARREN_PLATEAU (qrx_barren_plateau_get_type ())
G_DECLARE_FINAL_TYPE (QrxBarrenPlateau, qrx_barren_plateau, QRX, BARREN_PLATEAU, QrxNode)
G_DEFINE_FINAL_TYPE (QrxBarrenPlateau, qrx_barren_plateau, QRX_TYPE_NODE)

/* Variances over draws, mean over the angles that have an effect; NaN where none has. */
typedef struct {
  double weights;
  double inputs;
} Variances;

static gint64
get_integer (GVariant *list, gsize i)
{
  gint64 value;

  g_variant_get_child (list, i, "x", &value);
  return value;
}

static gboolean
measure_observable (QrxBarrenPlateau *self, QrxCircuit *circuit, GError **error)
{
  guint n = qrx_circuit_get_n_qubits (circuit);
  g_autofree char *pauli = g_strnfill (n, g_str_equal (self->observable, "all-qubits") ? 'Z' : 'I');

  qrx_circuit_clear_observables (circuit);
  if (!g_str_equal (self->observable, "mean"))
    {
      pauli[0] = 'Z';
      return qrx_circuit_add_observable (circuit, pauli, 1, error);
    }
  for (guint i = 0; i < n; i++)
    {
      memset (pauli, 'I', n);
      pauli[i] = 'Z';
      if (!(i == 0 ? qrx_circuit_add_observable (circuit, pauli, 1.0 / n, error)
                   : qrx_circuit_add_observable_term (circuit, 0, pauli, 1.0 / n, error)))
        return FALSE;
    }
  return TRUE;
}

static QrxCircuit *
build_circuit (QrxBarrenPlateau *self, gint64 n_qubits, gint64 n_layers, GError **error)
{
  QrxCircuitDescription described = self->described;
  g_autoptr (QrxCircuit) circuit = NULL;

  described.layers = n_layers;
  circuit = qrx_circuit_description_build (&described, (guint) n_qubits, error);
  if (circuit == NULL || !measure_observable (self, circuit, error))
    return NULL;
  return g_steal_pointer (&circuit);
}

static gboolean
barren_plateau_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxBarrenPlateau *self = QRX_BARREN_PLATEAU (node);

  if (g_variant_n_children (self->qubits) == 0 || g_variant_n_children (self->depths) == 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"%s\": found an empty list, expected at least one number",
                   g_variant_n_children (self->qubits) == 0 ? "qubits" : "depths");
      return FALSE;
    }
  for (gsize i = 0; i < g_variant_n_children (self->qubits); i++)
    {
      g_autoptr (QrxCircuit) circuit = build_circuit (self, get_integer (self->qubits, i), 1, error);

      if (circuit == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Each row's gradients, added to the sums and squares of its columns. */
static gboolean
add_gradients (const QrxSample *sample, QrxTensor *rows, double *sums, double *squares, GError **error)
{
  gsize n = qrx_tensor_get_rows (rows), width = qrx_tensor_get_columns (rows);
  g_autoptr (QrxWorkspace) workspace =
      qrx_backend_create_workspace (sample->backend, sample->program, n, QRX_DTYPE_F64, error);
  g_autoptr (QrxTensor) expectations = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autoptr (QrxTensor) ones = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autoptr (QrxTensor) gradients = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);

  qrx_tensor_fill (ones, 1);
  if (workspace == NULL ||
      !qrx_backend_expectations (sample->backend, sample->program, rows, sample->no_weights, workspace, expectations,
                                 sample->pool, error) ||
      !qrx_backend_vjp (sample->backend, sample->program, workspace, ones, gradients, NULL, sample->pool, error))
    return FALSE;
  for (gsize i = 0; i < n * width; i++)
    {
      double g = qrx_tensor_get (gradients, i);

      sums[i % width] += g;
      squares[i % width] += g * g;
    }
  return TRUE;
}

/* Mean of the unbiased variances of those of some columns that are not 0 throughout. */
static double
take_mean_variance (const double *sums, const double *squares, gsize first, gsize n_columns, double n)
{
  double total = 0;
  gsize n_effective = 0;

  for (gsize i = first; i < first + n_columns; i++)
    if (squares[i] > NO_EFFECT * n)
      {
        total += (squares[i] - sums[i] * sums[i] / n) / (n - 1);
        n_effective++;
      }
  return n_effective > 0 ? total / (double) n_effective : NAN;
}

static gboolean
measure (QrxBarrenPlateau *self, gint64 n_qubits, gint64 n_layers, QrxContext *context, GCancellable *cancellable,
         Variances *variances, GError **error)
{
  g_autoptr (QrxCircuit) circuit = build_circuit (self, n_qubits, n_layers, error);
  g_autoptr (QrxSample) sample = circuit != NULL ? qrx_sample_new (&self->sampling, circuit, context, error) : NULL;
  g_autofree char *purpose =
      g_strdup_printf ("%" G_GINT64_FORMAT " qubits, %" G_GINT64_FORMAT " layers", n_qubits, n_layers);
  gsize n = (gsize) self->samples;
  g_autofree double *sums = NULL, *squares = NULL;

  if (sample == NULL)
    return FALSE;
  sums = g_new0 (double, sample->n_inputs + sample->n_weights);
  squares = g_new0 (double, sample->n_inputs + sample->n_weights);
  for (gsize first = 0; first < n; first += MAX_ROWS)
    {
      g_autoptr (QrxRandom) random =
          qrx_random_new (qrx_context_get_seed (context), qrx_node_get_id (QRX_NODE (self)), purpose, first);
      g_autoptr (QrxTensor) rows = qrx_sample_draw (sample, random, MIN (MAX_ROWS, n - first));

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !add_gradients (sample, rows, sums, squares, error))
        return FALSE;
    }
  variances->inputs = take_mean_variance (sums, squares, 0, sample->n_inputs, (double) n);
  variances->weights = take_mean_variance (sums, squares, sample->n_inputs, sample->n_weights, (double) n);
  return TRUE;
}

/* The slope of ln variance over the number of qubits, by least squares; undefined where it cannot be. */
static void
set_decay (QrxBarrenPlateau *self, QrxMetrics *metrics, const char *role, const char *name, const double *variances)
{
  gsize n = g_variant_n_children (self->qubits);
  double x_mean = 0, y_mean = 0, xy = 0, xx = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!(variances[i] > 0))
        {
          qrx_metrics_set_undefined (metrics, role, name, "for some number of qubits no such angle has an effect");
          return;
        }
      x_mean += (double) get_integer (self->qubits, i) / (double) n;
      y_mean += log (variances[i]) / (double) n;
    }
  for (gsize i = 0; i < n; i++)
    {
      double dx = (double) get_integer (self->qubits, i) - x_mean;

      xy += dx * (log (variances[i]) - y_mean);
      xx += dx * dx;
    }
  if (xx > 0)
    qrx_metrics_set_number (metrics, role, name, xy / xx);
  else
    qrx_metrics_set_undefined (metrics, role, name, "there is a single number of qubits");
}

static void
set_variance (QrxMetrics *metrics, const char *role, const char *name, double variance)
{
  if (isnan (variance))
    qrx_metrics_set_undefined (metrics, role, name, "no such angle has an effect on the observable");
  else
    qrx_metrics_set_number (metrics, role, name, variance);
}

/* All numbers of qubits at one depth. */
static gboolean
scan_depth (QrxBarrenPlateau *self, gsize depth, QrxMetrics *metrics, QrxContext *context, GCancellable *cancellable,
            GError **error)
{
  gsize n = g_variant_n_children (self->qubits), n_depths = g_variant_n_children (self->depths);
  gint64 n_layers = get_integer (self->depths, depth);
  g_autofree char *whole = g_strdup_printf ("layers-%" G_GINT64_FORMAT, n_layers);
  g_autofree double *weights = g_new (double, n), *inputs = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      gint64 n_qubits = get_integer (self->qubits, i);
      g_autofree char *role = g_strdup_printf ("%s.qubits-%" G_GINT64_FORMAT, whole, n_qubits);
      Variances variances;

      if (!measure (self, n_qubits, n_layers, context, cancellable, &variances, error))
        return FALSE;
      weights[i] = variances.weights;
      inputs[i] = variances.inputs;
      set_variance (metrics, role, "weight-variance", variances.weights);
      set_variance (metrics, role, "input-variance", variances.inputs);
      qrx_context_progress (context, qrx_node_get_id (QRX_NODE (self)),
                            (double) (depth * n + i + 1) / (double) (n * n_depths), role);
    }
  set_decay (self, metrics, whole, "weight-decay-per-qubit", weights);
  set_decay (self, metrics, whole, "input-decay-per-qubit", inputs);
  return TRUE;
}

static gboolean
barren_plateau_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                    GCancellable *cancellable, GError **error)
{
  QrxBarrenPlateau *self = QRX_BARREN_PLATEAU (node);
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();

  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  for (gsize depth = 0; depth < g_variant_n_children (self->depths); depth++)
    if (!scan_depth (self, depth, metrics, context, cancellable, error))
      return FALSE;
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
add_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integers (node_class, "qubits", G_STRUCT_OFFSET (QrxBarrenPlateau, qubits), 1,
                               QRX_CIRCUIT_MAX_QUBITS, "2, 4, 6, 8", "qubits", "numbers of qubits to go through");
  qrx_node_class_add_integers (node_class, "depths", G_STRUCT_OFFSET (QrxBarrenPlateau, depths), 1,
                               QRX_LAYOUT_MAX_LAYERS, "1, 2, 4, 8, 16", "layers", "numbers of layers to go through");
  qrx_circuit_description_add_layout (node_class, G_STRUCT_OFFSET (QrxBarrenPlateau, described));
  qrx_sampling_add_properties (node_class, G_STRUCT_OFFSET (QrxBarrenPlateau, sampling));
  qrx_node_class_add_choice (node_class, "observable", G_STRUCT_OFFSET (QrxBarrenPlateau, observable),
                             "first-qubit|mean|all-qubits",
                             "whose gradient is taken: Z on the first qubit, the mean of Z over the qubits, or the "
                             "product of Z on all, a global one");
  qrx_node_class_add_integer (node_class, "samples", G_STRUCT_OFFSET (QrxBarrenPlateau, samples), 2, 100000000, 500,
                              "draws", "number of random settings of the weights for each circuit");
}

static void
qrx_barren_plateau_class_init (QrxBarrenPlateauClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = barren_plateau_resolve;
  node_class->run = barren_plateau_run;
  qrx_sampling_describe (
      node_class, "barren-plateau",
      "Scans how an expectation's gradient shrinks as a circuit gets wider and deeper: its variance over random "
      "weights.",
      "scores of each role layers-L.qubits-N: weight-variance (of the derivative by a weight, mean over those that the "
      "observable depends on) and input-variance (by an input); of each role layers-L: weight-decay-per-qubit and "
      "input-decay-per-qubit (the slope of the variance's logarithm; −0.69 halves it with every qubit)");
  qrx_node_class_add_citation (node_class, "McClean, Boixo, Smelyanskiy, Babbush, Neven 2018, arXiv:1803.11173");
  qrx_node_class_add_citation (node_class, "Cerezo, Sone, Volkoff, Cincio, Coles 2021, arXiv:2001.00550 (observables)");
  add_properties (node_class);
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"qubits\": [1, 2], \"depths\": [1], \"layout\": \"sim-1\","
                  " \"observable\": \"all-qubits\", \"samples\": 20000},"
                  " \"expect\": {\"metrics\": {\"layers-1.qubits-1\": {\"weight-variance\": 0.5},"
                  " \"layers-1.qubits-2\": {\"weight-variance\": 0.25}, \"layers-1\": {\"weight-decay-per-qubit\":"
                  " -0.6931471805599453}}}, \"tolerance\": 0.02}");
}

static void
qrx_barren_plateau_init (QrxBarrenPlateau *self G_GNUC_UNUSED)
{
}
