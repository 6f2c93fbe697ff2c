/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands between a step's tensors and a backend. Knows neither where the circuit came from nor what is learned. */
#include "quantum/quantum-scratch.h"

struct _QrxQuantumScratch {
  GObject parent_instance;
  QrxProgram *program;
  QrxBackend *backend;
  QrxWorkspace *workspace;
  QrxTensor *weights;
  QrxTensor *weight_gradient;
};

G_DEFINE_FINAL_TYPE (QrxQuantumScratch, qrx_quantum_scratch, G_TYPE_OBJECT)

static void
quantum_scratch_finalize (GObject *object)
{
  QrxQuantumScratch *self = QRX_QUANTUM_SCRATCH (object);

  g_clear_object (&self->program);
  g_clear_object (&self->backend);
  g_clear_object (&self->workspace);
  g_clear_object (&self->weights);
  g_clear_object (&self->weight_gradient);
  G_OBJECT_CLASS (qrx_quantum_scratch_parent_class)->finalize (object);
}

static void
qrx_quantum_scratch_class_init (QrxQuantumScratchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = quantum_scratch_finalize;
}

static void
qrx_quantum_scratch_init (QrxQuantumScratch *self G_GNUC_UNUSED)
{
}

QrxQuantumScratch *
qrx_quantum_scratch_new (QrxBackend *backend, QrxProgram *program, QrxStep *step, GError **error)
{
  g_autoptr (QrxQuantumScratch) self = g_object_new (QRX_TYPE_QUANTUM_SCRATCH, NULL);
  gsize n_weights = qrx_circuit_get_n_weights (qrx_program_get_circuit (program));
  QrxDtype dtype = qrx_plan_get_dtype (qrx_step_get_plan (step));

  self->program = g_object_ref (program);
  self->backend = g_object_ref (backend);
  self->workspace =
    qrx_backend_create_workspace (self->backend, program, MAX (qrx_step_get_n_rows (step), 1), dtype, error);
  if (self->workspace == NULL)
    return NULL;
  self->weights = qrx_tensor_new (dtype, &n_weights, 1);
  self->weight_gradient = qrx_tensor_new (dtype, &n_weights, 1);
  return g_steal_pointer (&self);
}

gboolean
qrx_quantum_scratch_forward (QrxQuantumScratch *self, QrxStep *step, QrxTensor *weights, GError **error)
{
  if (weights != NULL)
    qrx_tensor_copy_from (self->weights, weights);
  return qrx_backend_expectations (self->backend, self->program, qrx_step_get_input (step, 0), self->weights,
                                   self->workspace, qrx_step_get_output (step), qrx_step_get_pool (step), error);
}

gboolean
qrx_quantum_scratch_backward (QrxQuantumScratch *self, QrxStep *step, QrxTensor *input_gradient,
                              QrxTensor *weight_gradient, GError **error)
{
  qrx_workspace_set_random (self->workspace, qrx_step_get_random (step));
  if (!qrx_backend_vjp (self->backend, self->program, self->workspace, qrx_step_get_output_gradient (step),
                        input_gradient, weight_gradient != NULL ? self->weight_gradient : NULL,
                        qrx_step_get_pool (step), error))
    return FALSE;
  if (weight_gradient != NULL)
    qrx_tensor_copy_from (weight_gradient, self->weight_gradient);
  return TRUE;
}
