/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How entangled a circuit's states are on average over its weights. */
#include <qrx/qrx-ensemble.h>
#include <qrx/qrx-random.h>

#include <math.h>

#include "quantum/circuit-sample.h"

struct _QrxEntanglingCapability {
  QrxNode parent_instance;
  QrxCircuitDescription described;
  QrxSampling sampling;
  gint64 qubits;
  gint64 samples;
};

#define QRX_TYPE_ENTANGLING_CAPABILITY (qrx_entangling_capability_get_type ())
G_DECLARE_FINAL_TYPE (QrxEntanglingCapability, qrx_entangling_capability, QRX, ENTANGLING_CAPABILITY, QrxNode)
G_DEFINE_FINAL_TYPE (QrxEntanglingCapability, qrx_entangling_capability, QRX_TYPE_NODE)

static gboolean
entangling_capability_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxEntanglingCapability *self = QRX_ENTANGLING_CAPABILITY (node);

  return qrx_sampling_check (&self->described, self->qubits, error);
}

/* Q of every draw. */
static QrxTensor *
measure (QrxEntanglingCapability *self, const QrxSample *sample, QrxContext *context, GCancellable *cancellable,
         GError **error)
{
  const char *id = qrx_node_get_id (QRX_NODE (self));
  gsize n = (gsize) self->samples, size = qrx_sample_fit_states (sample, n);
  g_autoptr (QrxTensor) all = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);

  for (gsize first = 0; first < n; first += size)
    {
      gsize m = MIN (size, n - first);
      g_autoptr (QrxRandom) random = qrx_random_new (qrx_context_get_seed (context), id, "draws", first);
      g_autoptr (QrxTensor) rows = qrx_sample_draw (sample, random, m);
      g_autoptr (QrxTensor) states = NULL;
      g_autoptr (QrxTensor) values = qrx_tensor_new (QRX_DTYPE_F64, &m, 1);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      states = qrx_sample_make_states (sample, rows, error);
      if (states == NULL || !qrx_ensemble_meyer_wallach (states, values, error))
        return NULL;
      for (gsize i = 0; i < m; i++)
        qrx_tensor_set (all, first + i, qrx_tensor_get (values, i));
      qrx_context_progress (context, id, (double) (first + m) / (double) n, "measuring entanglement");
    }
  return g_steal_pointer (&all);
}

static void
set_scores (QrxMetrics *metrics, QrxTensor *values, guint n_qubits)
{
  gsize n = qrx_tensor_get_n_elements (values);
  double mean = 0, squares = 0, size = ldexp (1, (int) n_qubits);

  for (gsize i = 0; i < n; i++)
    mean += qrx_tensor_get (values, i) / (double) n;
  for (gsize i = 0; i < n; i++)
    squares += (qrx_tensor_get (values, i) - mean) * (qrx_tensor_get (values, i) - mean);
  qrx_metrics_set_number (metrics, "circuit", "entanglement", mean);
  qrx_metrics_set_number (metrics, "circuit", "deviation", sqrt (squares / (double) (n - 1)));
  qrx_metrics_set_number (metrics, "circuit", "standard-error", sqrt (squares / (double) (n - 1) / (double) n));
  qrx_metrics_set_number (metrics, "circuit", "haar", (size - 2) / (size + 1));
  qrx_metrics_set_count (metrics, "circuit", "qubits", n_qubits);
  qrx_metrics_set_count (metrics, "circuit", "draws", (gint64) n);
}

static gboolean
entangling_capability_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                           GCancellable *cancellable, GError **error)
{
  QrxEntanglingCapability *self = QRX_ENTANGLING_CAPABILITY (node);
  g_autoptr (QrxCircuit) circuit = qrx_circuit_description_build (&self->described, (guint) self->qubits, error);
  g_autoptr (QrxSample) sample = circuit != NULL ? qrx_sample_new (&self->sampling, circuit, context, error) : NULL;
  g_autoptr (QrxTensor) values = sample != NULL ? measure (self, sample, context, cancellable, error) : NULL;
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();

  if (values == NULL)
    return FALSE;
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  set_scores (metrics, values, qrx_circuit_get_n_qubits (circuit));
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
qrx_entangling_capability_class_init (QrxEntanglingCapabilityClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = entangling_capability_resolve;
  node_class->run = entangling_capability_run;
  qrx_sampling_describe (node_class, "entangling-capability",
                         "Measures how entangled a circuit's states are, on average over random weights: the "
                         "Meyer–Wallach measure, 0 for product states, 1 at most.",
                         "scores of the role circuit: entanglement (the mean of Q), deviation over draws, "
                         "standard-error of the mean, haar (the mean over all states, (N − 2)/(N + 1))");
  qrx_node_class_add_citation (node_class, "Meyer, Wallach 2002, doi:10.1063/1.1497700");
  qrx_node_class_add_citation (node_class, "Sim, Johnson, Aspuru-Guzik 2019, arXiv:1905.10876");
  qrx_sampling_add_qubits (node_class, G_STRUCT_OFFSET (QrxEntanglingCapability, qubits));
  qrx_circuit_description_add_properties (node_class, G_STRUCT_OFFSET (QrxEntanglingCapability, described));
  qrx_sampling_add_properties (node_class, G_STRUCT_OFFSET (QrxEntanglingCapability, sampling));
  qrx_node_class_add_integer (node_class, "samples", G_STRUCT_OFFSET (QrxEntanglingCapability, samples), 2, 100000000,
                              1000, "draws", "number of random settings of the weights");
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"circuit\": {\"qubits\": 3, \"ops\": [{\"gate\": \"h\", \"wires\": [0]},"
                  " {\"gate\": \"cx\", \"wires\": [0, 1]}, {\"gate\": \"cx\", \"wires\": [1, 2]}], \"observables\": "
                  "[]}, \"samples\": 2},"
                  " \"expect\": {\"metrics\": {\"circuit\": {\"entanglement\": 1, \"deviation\": 0,"
                  " \"haar\": 0.6666666666666666, \"draws\": 2}}}, \"tolerance\": 1e-14}");
}

static void
qrx_entangling_capability_init (QrxEntanglingCapability *self G_GNUC_UNUSED)
{
}
