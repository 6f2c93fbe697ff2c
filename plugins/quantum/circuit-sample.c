/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draws rows and runs them. Knows nothing of what is measured. */
#include "quantum/circuit-sample.h"

#include <qrx/qrx-circuit-opened.h>
#include <qrx/qrx-memory.h>
#include <qrx/qrx-random.h>

#define MAX_STATES 256
/* Numbers, 64 MiB of them. */
#define STATES_LIMIT ((gsize) 1 << 23)

void
qrx_sampling_add_properties (QrxNodeClass *node_class, gsize offset)
{
  qrx_node_class_add_choice (node_class, "angles", offset + G_STRUCT_OFFSET (QrxSampling, angles), "zero|uniform",
                             "the circuit's inputs: 0, which for ry and rx leaves the layers alone, or uniform in "
                             "0..2π for each draw as the weights are");
  qrx_node_class_add_choice (node_class, "backend", offset + G_STRUCT_OFFSET (QrxSampling, backend),
                             "statevector|reference",
                             "what runs the circuit: exact simulation, or slow dense algebra for tests");
}

void
qrx_sampling_add_qubits (QrxNodeClass *node_class, gsize offset)
{
  qrx_node_class_add_integer (node_class, "qubits", offset, 1, QRX_CIRCUIT_MAX_QUBITS, 4, "qubits",
                              "number of qubits of a layout; a whole circuit has its own");
}

void
qrx_sampling_describe (QrxNodeClass *node_class, const char *name, const char *summary, const char *output)
{
  qrx_node_class_set_name (node_class, name);
  qrx_node_class_set_category (node_class, "diagnostic");
  qrx_node_class_set_summary (node_class, summary);
  qrx_node_class_add_output (node_class, "out", "metrics", output);
}

gboolean
qrx_sampling_check (const QrxCircuitDescription *described, gint64 n_qubits, GError **error)
{
  g_autoptr (QrxCircuit) circuit = qrx_circuit_description_build (described, (guint) n_qubits, error);

  return circuit != NULL;
}

QrxSample *
qrx_sample_new (const QrxSampling *self, QrxCircuit *circuit, QrxContext *context, GError **error)
{
  g_autoptr (QrxSample) sample = g_new0 (QrxSample, 1);
  g_autoptr (QrxCircuit) opened = qrx_circuit_with_weights_as_inputs (circuit);
  const gsize none = 0;

  sample->circuit = g_object_ref (circuit);
  sample->program = qrx_program_compile (opened, error);
  if (sample->program == NULL)
    return NULL;
  sample->backend = qrx_simulator_new (self->backend);
  sample->no_weights = qrx_tensor_new (QRX_DTYPE_F64, &none, 1);
  sample->pool = qrx_context_get_pool (context);
  sample->turns_inputs = g_str_equal (self->angles, "uniform");
  sample->n_inputs = qrx_circuit_get_n_inputs (circuit);
  sample->n_weights = qrx_circuit_get_n_weights (circuit);
  return g_steal_pointer (&sample);
}

void
qrx_sample_free (QrxSample *self)
{
  g_clear_object (&self->circuit);
  g_clear_object (&self->program);
  g_clear_object (&self->backend);
  g_clear_object (&self->no_weights);
  g_free (self);
}

QrxTensor *
qrx_sample_draw (const QrxSample *self, QrxRandom *random, gsize n)
{
  gsize width = self->n_inputs + self->n_weights;
  QrxTensor *rows = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, width);

  qrx_random_fill_uniform (random, rows, 0, 2 * G_PI);
  for (gsize row = 0; row < n && !self->turns_inputs; row++)
    for (gsize i = 0; i < self->n_inputs; i++)
      qrx_tensor_set (rows, row * width + i, 0);
  return rows;
}

gsize
qrx_sample_fit_states (const QrxSample *self, gsize n)
{
  gsize fitting = STATES_LIMIT >> (qrx_circuit_get_n_qubits (self->circuit) + 1);

  return MIN (n, CLAMP (fitting, 1, MAX_STATES));
}

QrxTensor *
qrx_sample_make_states (const QrxSample *self, QrxTensor *rows, GError **error)
{
  gsize columns = (gsize) 2 << qrx_circuit_get_n_qubits (self->circuit);
  g_autofree char *what = g_strdup_printf ("a state of %u qubits", qrx_circuit_get_n_qubits (self->circuit));
  g_autoptr (QrxTensor) states = NULL;

  if (!qrx_memory_check ((double) (qrx_tensor_get_rows (rows) * columns * sizeof (double)), what, error))
    return NULL;
  states = qrx_tensor_new_matrix (QRX_DTYPE_F64, qrx_tensor_get_rows (rows), columns);
  if (!qrx_backend_states (self->backend, self->program, rows, self->no_weights, states, self->pool, error))
    return NULL;
  return g_steal_pointer (&states);
}
