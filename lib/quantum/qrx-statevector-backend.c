/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hands the blocks of a batch to the kernels, and adds up what they return in a fixed order. Knows no mathematics. */
#include <qrx/qrx-statevector-backend.h>
#include <qrx/qrx-suggest.h>
#include <string.h>

#include "quantum/qrx-statevector-states-private.h"
#include "quantum/qrx-statevector-workspace-private.h"

struct _QrxStatevectorBackend {
  QrxBackend parent_instance;
  char *level;
};

G_DEFINE_FINAL_TYPE (QrxStatevectorBackend, qrx_statevector_backend, QRX_TYPE_BACKEND)

static QrxWorkspace *
qrx_statevector_backend_create_workspace (QrxBackend *backend, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                                          GError **error)
{
  const QrxKernel *kernel = qrx_kernel_find (QRX_STATEVECTOR_BACKEND (backend)->level, dtype);

  return qrx_statevector_workspace_new (kernel, program, max_rows, dtype, error);
}

typedef struct {
  QrxStatevectorWorkspace *workspace;
  gpointer expectations;
  gconstpointer cotangents;
  gpointer grad_inputs;
} Work;

static void
forward_team (gsize index, gpointer data)
{
  const Work *work = data;
  QrxStatevectorWorkspace *self = work->workspace;
  gsize first_row, scratch;
  const QrxBlockMemory *memory = qrx_statevector_workspace_take (self, index, &first_row, &scratch);

  self->kernel->forward (&self->pieces[0].evaluation, memory, first_row, work->expectations);
  qrx_statevector_workspace_give_back (self, scratch);
}

static void
backward_team (gsize index, gpointer data)
{
  const Work *work = data;
  QrxStatevectorWorkspace *self = work->workspace;
  gsize first_row, scratch;
  const QrxBlockMemory *memory = qrx_statevector_workspace_take (self, index, &first_row, &scratch);

  self->kernel->backward (&self->pieces[0].evaluation, memory, first_row, work->cotangents, work->grad_inputs);
  qrx_statevector_workspace_give_back (self, scratch);
}

/* Teams side by side; where they are single rows, those that would leave threads idle come after the others, and all
 * threads work on each of them. */
static void
run_teams (QrxStatevectorWorkspace *self, QrxPool *pool, QrxPoolFunc func, Work *work)
{
  gsize n_teams = qrx_statevector_workspace_count_teams (self), n_threads = qrx_pool_get_n_threads (pool);
  gsize n_together = self->pieces[0].evaluation.lane_bits > 0 ? n_teams - n_teams % n_threads : n_teams;

  self->pieces[0].evaluation.pool = NULL;
  qrx_pool_run (pool, n_together, func, work);
  self->pieces[0].evaluation.pool = pool;
  for (gsize i = n_together; i < n_teams; i++)
    func (i, work);
  self->pieces[0].evaluation.pool = NULL;
}

static gboolean
qrx_statevector_backend_expectations (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program G_GNUC_UNUSED,
                                      QrxTensor *inputs, QrxTensor *weights, QrxWorkspace *workspace,
                                      QrxTensor *expectations, QrxPool *pool, GError **error G_GNUC_UNUSED)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (workspace);
  Work work = { self, qrx_tensor_peek (expectations), NULL, NULL };
  gsize n_rows = qrx_tensor_get_rows (inputs);

  qrx_statevector_workspace_set_batch (self, qrx_tensor_peek (inputs), qrx_tensor_peek (weights), n_rows);
  self->pieces[0].evaluation.pool = pool;
  self->kernel->prepare (&self->pieces[0].evaluation);
  run_teams (self, pool, forward_team, &work);
  qrx_statevector_workspace_set_batch (self, NULL, NULL, n_rows); /* the factors hold all that the gradient needs */
  return TRUE;
}

static void
add_totals (const QrxPiece *piece, double *totals)
{
  const QrxProgram *program = piece->evaluation.program;
  const QrxAngleTerm *terms = &g_array_index (program->weight_terms, QrxAngleTerm, 0);
  const double *sums = piece->blocks[0].sums;

  for (guint t = 0; t < program->weight_terms->len; t++)
    totals[terms[t].index] += terms[t].scale * sums[terms[t].rotation];
}

static void
add_weight_gradients (QrxStatevectorWorkspace *self, QrxPool *pool, QrxTensor *gradient)
{
  gsize n = qrx_tensor_get_n_elements (gradient);
  double *totals = self->totals;

  for (gsize i = 0; i < n; i++)
    totals[i] = 0;
  self->pieces[0].evaluation.pool = pool;
  self->kernel->reduce (&self->pieces[0].evaluation, self->pieces[0].blocks, qrx_statevector_workspace_count_blocks (self));
  self->pieces[0].evaluation.pool = NULL;
  for (guint p = 0; p < self->n_pieces; p++)
    add_totals (&self->pieces[p], totals);
  if (self->kernel->dtype == QRX_DTYPE_F64)
    memcpy (qrx_tensor_peek (gradient), totals, n * sizeof (double));
  else
    for (gsize i = 0; i < n; i++)
      ((float *) qrx_tensor_peek (gradient))[i] = (float) totals[i];
}

static gboolean
qrx_statevector_backend_vjp (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program G_GNUC_UNUSED,
                             QrxWorkspace *workspace, QrxTensor *cotangents, QrxTensor *grad_inputs,
                             QrxTensor *grad_weights, QrxPool *pool, GError **error G_GNUC_UNUSED)
{
  QrxStatevectorWorkspace *self = QRX_STATEVECTOR_WORKSPACE (workspace);
  Work work = { self, NULL, qrx_tensor_peek (cotangents), grad_inputs != NULL ? qrx_tensor_peek (grad_inputs) : NULL };

  qrx_statevector_workspace_set_batch (self, NULL, NULL, qrx_tensor_get_rows (cotangents));
  run_teams (self, pool, backward_team, &work);
  if (grad_weights != NULL)
    add_weight_gradients (self, pool, grad_weights);
  return TRUE;
}

static void
qrx_statevector_backend_finalize (GObject *object)
{
  g_free (QRX_STATEVECTOR_BACKEND (object)->level);
  G_OBJECT_CLASS (qrx_statevector_backend_parent_class)->finalize (object);
}

static void
qrx_statevector_backend_class_init (QrxStatevectorBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  QrxBackendClass *backend_class = QRX_BACKEND_CLASS (klass);

  object_class->finalize = qrx_statevector_backend_finalize;
  backend_class->create_workspace = qrx_statevector_backend_create_workspace;
  backend_class->expectations = qrx_statevector_backend_expectations;
  backend_class->vjp = qrx_statevector_backend_vjp;
  backend_class->states = qrx_statevector_states;
}

static void
qrx_statevector_backend_init (QrxStatevectorBackend *self)
{
  self->level = g_strdup (qrx_kernel_list_levels ()[0]);
}

/**
 * qrx_statevector_backend_new:
 *
 * Makes a backend that simulates the state with the best kernels that this processor can run.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_statevector_backend_new (void)
{
  return g_object_new (QRX_TYPE_STATEVECTOR_BACKEND, NULL);
}

/**
 * qrx_statevector_backend_new_for_level:
 * @level: a kernel level, see [func@StatevectorBackend.list_kernel_levels]
 * @error: return location for an error
 *
 * Makes a backend with the kernels of one level. Fails with %QRX_RUN_ERROR_RESOURCES if this processor has not got it.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_statevector_backend_new_for_level (const char *level, GError **error)
{
  QrxStatevectorBackend *self;

  g_return_val_if_fail (level != NULL, NULL);

  if (qrx_kernel_find (level, QRX_DTYPE_F64) == NULL)
    {
      g_autofree char *hint = qrx_suggest_text (level, qrx_kernel_list_levels ());

      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "this processor has no kernels of level \"%s\"%s",
                   level, hint);
      return NULL;
    }
  self = g_object_new (QRX_TYPE_STATEVECTOR_BACKEND, NULL);
  g_free (self->level);
  self->level = g_strdup (level);
  return QRX_BACKEND (self);
}

/**
 * qrx_statevector_backend_get_kernel_level:
 * @self: a backend
 *
 * Gets the level of its kernels: results are the same bit for bit on one level only.
 *
 * Returns: the level, such as "avx512"
 */
const char *
qrx_statevector_backend_get_kernel_level (QrxStatevectorBackend *self)
{
  g_return_val_if_fail (QRX_IS_STATEVECTOR_BACKEND (self), NULL);
  return self->level;
}

/**
 * qrx_statevector_backend_list_kernel_levels:
 *
 * Lists the kernel levels that this processor can run, best first.
 *
 * Returns: (transfer none) (array zero-terminated=1): the levels
 */
const char *const *
qrx_statevector_backend_list_kernel_levels (void)
{
  return qrx_kernel_list_levels ();
}
