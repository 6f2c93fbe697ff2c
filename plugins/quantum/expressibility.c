/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How evenly a circuit's states fill the space of all states. */
#include <qrx/qrx-ensemble.h>
#include <qrx/qrx-random.h>

#include "quantum/circuit-sample.h"

struct _QrxExpressibility {
  QrxNode parent_instance;
  QrxCircuitDescription described;
  QrxSampling sampling;
  gint64 qubits;
  gint64 pairs;
  gint64 bins;
};

#define QRX_TYPE_EXPRESSIBILITY (qrx_expressibility_get_type ())
G_DECLARE_FINAL_TYPE (QrxExpressibility, qrx_expressibility, QRX, EXPRESSIBILITY, QrxNode)
G_DEFINE_FINAL_TYPE (QrxExpressibility, qrx_expressibility, QRX_TYPE_NODE)

static gboolean
expressibility_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxExpressibility *self = QRX_EXPRESSIBILITY (node);

  return qrx_sampling_check (&self->described, self->qubits, error);
}

/* Fidelities of m pairs; the two states of a pair are drawn from streams of their own. */
static QrxTensor *
measure_pairs (const char *id, const QrxSample *sample, gsize first, gsize m, QrxContext *context, GError **error)
{
  static const char *const purposes[] = { "first", "second" };
  g_autoptr (QrxTensor) fidelities = qrx_tensor_new (QRX_DTYPE_F64, &m, 1);
  QrxTensor *states[2] = { NULL, NULL };
  gboolean done = TRUE;

  for (guint k = 0; done && k < 2; k++)
    {
      g_autoptr (QrxRandom) random = qrx_random_new (qrx_context_get_seed (context), id, purposes[k], first);
      g_autoptr (QrxTensor) rows = qrx_sample_draw (sample, random, m);

      states[k] = qrx_sample_make_states (sample, rows, error);
      done = states[k] != NULL;
    }
  done = done && qrx_ensemble_fidelities (states[0], states[1], fidelities, error);
  g_clear_object (&states[0]);
  g_clear_object (&states[1]);
  return done ? g_steal_pointer (&fidelities) : NULL;
}

static QrxTensor *
measure (QrxExpressibility *self, const QrxSample *sample, QrxContext *context, GCancellable *cancellable,
         GError **error)
{
  const char *id = qrx_node_get_id (QRX_NODE (self));
  gsize n = (gsize) self->pairs, size = qrx_sample_fit_states (sample, n);
  g_autoptr (QrxTensor) all = qrx_tensor_new (QRX_DTYPE_F64, &n, 1);

  for (gsize first = 0; first < n; first += size)
    {
      gsize m = MIN (size, n - first);
      g_autoptr (QrxTensor) fidelities = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      fidelities = measure_pairs (id, sample, first, m, context, error);
      if (fidelities == NULL)
        return NULL;
      for (gsize i = 0; i < m; i++)
        qrx_tensor_set (all, first + i, qrx_tensor_get (fidelities, i));
      qrx_context_progress (context, id, (double) (first + m) / (double) n, "comparing pairs of states");
    }
  return g_steal_pointer (&all);
}

static gboolean
expressibility_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                    GCancellable *cancellable, GError **error)
{
  QrxExpressibility *self = QRX_EXPRESSIBILITY (node);
  g_autoptr (QrxCircuit) circuit = qrx_circuit_description_build (&self->described, (guint) self->qubits, error);
  g_autoptr (QrxSample) sample = circuit != NULL ? qrx_sample_new (&self->sampling, circuit, context, error) : NULL;
  g_autoptr (QrxTensor) fidelities = sample != NULL ? measure (self, sample, context, cancellable, error) : NULL;
  g_autoptr (QrxMetrics) metrics = qrx_metrics_new ();
  guint n_qubits, n_occupied;

  if (fidelities == NULL)
    return FALSE;
  n_qubits = qrx_circuit_get_n_qubits (circuit);
  qrx_metrics_set_producer (metrics, qrx_node_get_id (node));
  qrx_metrics_set_number (metrics, "circuit", "divergence",
                          qrx_ensemble_haar_divergence (fidelities, n_qubits, (guint) self->bins, &n_occupied));
  qrx_metrics_set_number (metrics, "circuit", "bias", (n_occupied - 1) / (2.0 * (double) self->pairs));
  qrx_metrics_set_count (metrics, "circuit", "qubits", n_qubits);
  qrx_metrics_set_count (metrics, "circuit", "pairs", self->pairs);
  qrx_metrics_set_count (metrics, "circuit", "bins", self->bins);
  qrx_bundle_set (out, "out", QRX_VALUE (metrics));
  return TRUE;
}

static void
qrx_expressibility_class_init (QrxExpressibilityClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = expressibility_resolve;
  node_class->run = expressibility_run;
  qrx_sampling_describe (
      node_class, "expressibility",
      "Measures how evenly a circuit with random weights fills the space of states: the divergence of its states' "
      "fidelities from those of Haar-random states, 0 at best.",
      "scores of the role circuit: divergence (Kullback–Leibler, nats), bias (what so few pairs make it too large by, "
      "about), and the numbers of qubits, pairs and bins, on which it depends");
  qrx_node_class_add_citation (node_class, "Sim, Johnson, Aspuru-Guzik 2019, arXiv:1905.10876");
  qrx_sampling_add_qubits (node_class, G_STRUCT_OFFSET (QrxExpressibility, qubits));
  qrx_circuit_description_add_properties (node_class, G_STRUCT_OFFSET (QrxExpressibility, described));
  qrx_sampling_add_properties (node_class, G_STRUCT_OFFSET (QrxExpressibility, sampling));
  qrx_node_class_add_integer (node_class, "pairs", G_STRUCT_OFFSET (QrxExpressibility, pairs), 1, 100000000, 5000,
                              "pairs", "number of pairs of states");
  qrx_node_class_add_integer (node_class, "bins", G_STRUCT_OFFSET (QrxExpressibility, bins), 2, 100000, 75, "bins",
                              "bins of the fidelities' histogram: one below a thousandth of the mean of Haar-random "
                              "states, the others of even width in the logarithm, with masses integrated");
  qrx_node_class_set_example (
      node_class, "{\"properties\": {\"circuit\": {\"qubits\": 1, \"ops\": [{\"gate\": \"h\", \"wires\": [0]}], "
                  "\"observables\": []},"
                  " \"pairs\": 2, \"bins\": 3},"
                  " \"expect\": {\"metrics\": {\"circuit\": {\"divergence\": 0.022614470194234983, \"bias\": 0,"
                  " \"pairs\": 2, \"bins\": 3}}}, \"tolerance\": 1e-12}");
}

static void
qrx_expressibility_init (QrxExpressibility *self G_GNUC_UNUSED)
{
}
