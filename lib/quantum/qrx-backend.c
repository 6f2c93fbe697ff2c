/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The door of every backend: shapes, types and numbers are checked here, and no backend's return is trusted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <qrx/qrx-kernels.h>

#include "base/qrx-tensor-private.h"
#include "quantum/qrx-backend-private.h"
#include "quantum/qrx-workspace-private.h"

#define ALIGNMENT 64
#define HUGE_PAGE ((gsize) 1 << 21)

G_DEFINE_ABSTRACT_TYPE (QrxBackend, qrx_backend, G_TYPE_OBJECT)

/* What a class leaves out. */
static void
lack (QrxBackend *self, const char *what, GError **error)
{
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "%s has no %s", G_OBJECT_TYPE_NAME (self), what);
}

static QrxWorkspace *
lack_workspace (QrxBackend *self, QrxProgram *program G_GNUC_UNUSED, guint64 max_rows G_GNUC_UNUSED,
                QrxDtype dtype G_GNUC_UNUSED, GError **error)
{
  lack (self, "create_workspace", error);
  return NULL;
}

static gboolean
lack_expectations (QrxBackend *self, QrxProgram *program G_GNUC_UNUSED, QrxTensor *inputs G_GNUC_UNUSED,
                   QrxTensor *weights G_GNUC_UNUSED, QrxWorkspace *workspace G_GNUC_UNUSED,
                   QrxTensor *expectations G_GNUC_UNUSED, QrxPool *pool G_GNUC_UNUSED, GError **error)
{
  lack (self, "expectations", error);
  return FALSE;
}

static gboolean
lack_gradient (QrxBackend *self, QrxProgram *program G_GNUC_UNUSED, QrxWorkspace *workspace G_GNUC_UNUSED,
               QrxTensor *cotangents G_GNUC_UNUSED, QrxTensor *grad_inputs G_GNUC_UNUSED,
               QrxTensor *grad_weights G_GNUC_UNUSED, QrxPool *pool G_GNUC_UNUSED, GError **error)
{
  lack (self, "gradient of its own; qrx_backend_with_gradient() takes one from its expectations", error);
  return FALSE;
}

static void
qrx_backend_class_init (QrxBackendClass *klass)
{
  klass->create_workspace = lack_workspace;
  klass->expectations = lack_expectations;
  klass->vjp = lack_gradient;
}

static void
qrx_backend_init (QrxBackend *self G_GNUC_UNUSED)
{
}

gpointer
qrx_backend_allocate (gsize n_bytes, GError **error)
{
  gsize alignment = n_bytes < HUGE_PAGE / 2 ? ALIGNMENT : HUGE_PAGE;
  gsize size = (MAX (n_bytes, 1) + alignment - 1) / alignment * alignment;
  gpointer memory = aligned_alloc (alignment, size);

  if (memory == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES, "%.3f GiB of memory could not be had",
                   (double) n_bytes / 0x1p30);
      return NULL;
    }
#ifdef MADV_HUGEPAGE
  if (alignment == HUGE_PAGE)
    madvise (memory, size, MADV_HUGEPAGE); /* a wish: far strides then miss fewer translations of addresses */
#endif
  return memset (memory, 0, size);
}

/* What a method that returned nothing useful left in place of an error. */
static void
ensure_error (QrxBackend *self, const char *method, GError **error)
{
  if (error != NULL && *error == NULL)
    g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "%s failed in %s without saying why",
                 G_OBJECT_TYPE_NAME (self), method);
}

/**
 * qrx_backend_create_workspace:
 * @self: a backend
 * @program: a compiled circuit
 * @max_rows: the most rows of a batch, at least 1
 * @dtype: the element type of every tensor used with it
 * @error: return location for an error
 *
 * Makes the memory that expectations and gradients of @program work in, for one thread of calls at a time.
 * Fails with %QRX_RUN_ERROR_RESOURCES, stating the figures, if it needs more memory than is available.
 *
 * Returns: (transfer full): the workspace
 */
QrxWorkspace *
qrx_backend_create_workspace (QrxBackend *self, QrxProgram *program, guint64 max_rows, QrxDtype dtype, GError **error)
{
  QrxWorkspace *workspace;
  GError *local = NULL;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && QRX_IS_PROGRAM (program) && max_rows > 0, NULL);

  workspace = QRX_BACKEND_GET_CLASS (self)->create_workspace (self, program, max_rows, dtype, &local);
  if (workspace != NULL && local == NULL)
    return workspace;
  g_clear_object (&workspace);
  ensure_error (self, "create_workspace", &local);
  g_propagate_error (error, local);
  return NULL;
}

static gboolean
check_shape (QrxTensor *tensor, const char *name, guint rank, guint64 rows, guint64 columns, gboolean writable,
             GError **error)
{
  if (qrx_tensor_get_rank (tensor) != rank || qrx_tensor_get_dim (tensor, 0) != rows ||
      (rank == 2 && qrx_tensor_get_dim (tensor, 1) != columns))
    {
      g_autofree char *columns_text = rank == 2 ? g_strdup_printf (", %" G_GUINT64_FORMAT, columns) : g_strdup ("");

      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "%s have %" G_GSIZE_FORMAT " elements in %u dimensions; expected the shape (%" G_GUINT64_FORMAT "%s)",
                   name, qrx_tensor_get_n_elements (tensor), qrx_tensor_get_rank (tensor), rows, columns_text);
      return FALSE;
    }
  if (writable && qrx_tensor_is_read_only (tensor))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "%s are to be written, but read-only", name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_tensor (QrxTensor *tensor, const char *name, QrxWorkspace *workspace, guint rank, guint64 rows, guint64 columns,
              gboolean writable, GError **error)
{
  if (qrx_tensor_is_as_expected (tensor, qrx_workspace_get_dtype (workspace), rank, rows, columns, writable))
    return TRUE;
  if (qrx_tensor_get_dtype (tensor) != qrx_workspace_get_dtype (workspace))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "%s are %s; the workspace was made for %s", name,
                   qrx_dtype_get_name (qrx_tensor_get_dtype (tensor)),
                   qrx_dtype_get_name (qrx_workspace_get_dtype (workspace)));
      return FALSE;
    }
  return check_shape (tensor, name, rank, rows, columns, writable, error);
}

static gboolean
check_finite (QrxTensor *tensor, const char *name, GError **error)
{
  gsize bad = 0, columns = MAX (1, qrx_tensor_get_columns (tensor));

  if (qrx_kernels_is_finite (tensor))
    return TRUE;
  while (isfinite (qrx_tensor_get (tensor, bad)))
    bad++;
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE,
               "%s are not finite: row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT " is %g", name, bad / columns,
               bad % columns, qrx_tensor_get (tensor, bad));
  return FALSE;
}

static gboolean
check_workspace (QrxWorkspace *workspace, QrxProgram *program, guint64 n_rows, GError **error)
{
  if (qrx_workspace_get_program (workspace) != program)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "the workspace was made for another program");
      return FALSE;
    }
  if (n_rows > qrx_workspace_get_max_rows (workspace))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "a batch of %" G_GUINT64_FORMAT " rows; the workspace was made for at most %" G_GUINT64_FORMAT,
                   n_rows, qrx_workspace_get_max_rows (workspace));
      return FALSE;
    }
  return TRUE;
}

/**
 * qrx_backend_expectations:
 * @self: a backend
 * @program: a compiled circuit
 * @inputs: the inputs, of shape (rows, inputs), in radians before each angle's scale
 * @weights: the weights, of shape (weights)
 * @workspace: a workspace of this backend for @program
 * @expectations: receives the expectations of the observables, of shape (rows, observables)
 * @pool: (nullable): threads; %NULL works in the caller's
 * @error: return location for an error
 *
 * Runs a circuit for a batch and keeps in @workspace what the gradient needs. A row's expectations depend neither on
 * the other rows nor on the number of threads, bit for bit. Fails with %QRX_DATA_ERROR_SHAPE, or with
 * %QRX_RUN_ERROR_NOT_FINITE if an input, a weight or an angle made of them is not finite.
 *
 * Returns: whether @expectations were filled
 */
gboolean
qrx_backend_expectations (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                          QrxWorkspace *workspace, QrxTensor *expectations, QrxPool *pool, GError **error)
{
  QrxCircuit *circuit;
  guint64 n_rows;
  GError *local = NULL;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && QRX_IS_PROGRAM (program) && QRX_IS_WORKSPACE (workspace), FALSE);
  g_return_val_if_fail (QRX_IS_TENSOR (inputs) && QRX_IS_TENSOR (weights) && QRX_IS_TENSOR (expectations), FALSE);

  circuit = qrx_program_get_circuit (program);
  n_rows = qrx_tensor_get_rank (inputs) == 2 ? qrx_tensor_get_rows (inputs) : 0;
  qrx_workspace_set_n_rows (workspace, 0);
  if (!check_workspace (workspace, program, n_rows, error) ||
      !check_tensor (inputs, "inputs", workspace, 2, n_rows, qrx_circuit_get_n_inputs (circuit), FALSE, error) ||
      !check_tensor (weights, "weights", workspace, 1, qrx_circuit_get_n_weights (circuit), 0, FALSE, error) ||
      !check_tensor (expectations, "expectations", workspace, 2, n_rows, qrx_circuit_get_n_observables (circuit), TRUE,
                     error) ||
      !check_finite (inputs, "inputs", error) || !check_finite (weights, "weights", error))
    return FALSE;
  if (QRX_BACKEND_GET_CLASS (self)->expectations (self, program, inputs, weights, workspace, expectations, pool,
                                                  &local) && local == NULL)
    {
      if (!check_finite (expectations, "expectations", error)) /* a scale times an input can overflow */
        return FALSE;
      qrx_workspace_set_n_rows (workspace, n_rows);
      return TRUE;
    }
  ensure_error (self, "expectations", &local);
  g_propagate_error (error, local);
  return FALSE;
}

/**
 * qrx_backend_vjp:
 * @self: a backend
 * @program: a compiled circuit
 * @workspace: the workspace that [method@Backend.expectations] filled; it is spent by this
 * @cotangents: what each expectation is multiplied by, of shape (rows, observables)
 * @grad_inputs: (nullable): receives the gradient by the inputs, of shape (rows, inputs)
 * @grad_weights: (nullable): receives the gradient by the weights, summed over the rows, of shape (weights)
 * @pool: (nullable): threads; %NULL works in the caller's
 * @error: return location for an error
 *
 * Differentiates Σ cotangent · expectation. What was in the gradients before is overwritten. The result does not
 * depend on the number of threads, bit for bit. Fails with %QRX_DATA_ERROR_SHAPE, or with %QRX_RUN_ERROR_FAILED if the
 * workspace holds no states.
 *
 * Returns: whether the gradients were filled
 */
gboolean
qrx_backend_vjp (QrxBackend *self, QrxProgram *program, QrxWorkspace *workspace, QrxTensor *cotangents,
                 QrxTensor *grad_inputs, QrxTensor *grad_weights, QrxPool *pool, GError **error)
{
  QrxCircuit *circuit;
  guint64 n_rows;
  GError *local = NULL;
  gboolean done;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && QRX_IS_PROGRAM (program) && QRX_IS_WORKSPACE (workspace), FALSE);
  g_return_val_if_fail (QRX_IS_TENSOR (cotangents), FALSE);

  circuit = qrx_program_get_circuit (program);
  n_rows = qrx_workspace_get_n_rows (workspace);
  if (n_rows == 0 && !(qrx_tensor_get_rank (cotangents) == 2 && qrx_tensor_get_rows (cotangents) == 0))
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                   "the workspace holds no states: take expectations before each gradient");
      return FALSE;
    }
  if (!check_workspace (workspace, program, n_rows, error) ||
      !check_tensor (cotangents, "cotangents", workspace, 2, n_rows, qrx_circuit_get_n_observables (circuit), FALSE,
                     error) ||
      (grad_inputs != NULL && !check_tensor (grad_inputs, "gradients by the inputs", workspace, 2, n_rows,
                                             qrx_circuit_get_n_inputs (circuit), TRUE, error)) ||
      (grad_weights != NULL && !check_tensor (grad_weights, "gradients by the weights", workspace, 1,
                                              qrx_circuit_get_n_weights (circuit), 0, TRUE, error)))
    return FALSE;
  done = QRX_BACKEND_GET_CLASS (self)->vjp (self, program, workspace, cotangents, grad_inputs, grad_weights, pool,
                                            &local);
  qrx_workspace_set_n_rows (workspace, 0);
  if (done && local == NULL)
    return TRUE;
  ensure_error (self, "vjp", &local);
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
check_states (QrxBackend *self, QrxCircuit *circuit, QrxTensor *inputs, QrxTensor *weights, QrxTensor *states,
              GError **error)
{
  guint64 n_rows = qrx_tensor_get_rank (inputs) == 2 ? qrx_tensor_get_rows (inputs) : 0;

  if (QRX_BACKEND_GET_CLASS (self)->states == NULL)
    {
      g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "%s has no pure states to show", G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }
  if (qrx_tensor_get_dtype (states) != QRX_DTYPE_F64)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "states are %s; expected float64",
                   qrx_dtype_get_name (qrx_tensor_get_dtype (states)));
      return FALSE;
    }
  return check_shape (inputs, "inputs", 2, n_rows, qrx_circuit_get_n_inputs (circuit), FALSE, error) &&
         check_shape (weights, "weights", 1, qrx_circuit_get_n_weights (circuit), 0, FALSE, error) &&
         check_shape (states, "states", 2, n_rows, G_GUINT64_CONSTANT (2) << qrx_circuit_get_n_qubits (circuit), TRUE,
                      error) &&
         check_finite (inputs, "inputs", error) && check_finite (weights, "weights", error);
}

/**
 * qrx_backend_states:
 * @self: a backend
 * @program: a compiled circuit
 * @inputs: the inputs, of shape (rows, inputs), in radians before each angle's scale
 * @weights: the weights, of shape (weights)
 * @states: receives the final states, of shape (rows, 2 · 2^qubits) and float64: real and imaginary part of each amplitude
 *   in turn, qubit 0 the most significant digit of its place
 * @pool: (nullable): threads; %NULL works in the caller's
 * @error: return location for an error
 *
 * Shows the states that a circuit makes, before any measurement. Fails with %QRX_DATA_ERROR_SHAPE, with
 * %QRX_RUN_ERROR_NOT_FINITE if an input or a weight is not finite, or with %QRX_RUN_ERROR_FAILED if the backend has no
 * pure states.
 *
 * Returns: whether @states were filled
 */
gboolean
qrx_backend_states (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights, QrxTensor *states,
                    QrxPool *pool, GError **error)
{
  GError *local = NULL;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && QRX_IS_PROGRAM (program), FALSE);
  g_return_val_if_fail (QRX_IS_TENSOR (inputs) && QRX_IS_TENSOR (weights) && QRX_IS_TENSOR (states), FALSE);

  if (!check_states (self, qrx_program_get_circuit (program), inputs, weights, states, error))
    return FALSE;
  if (QRX_BACKEND_GET_CLASS (self)->states (self, program, inputs, weights, states, pool, &local) && local == NULL)
    return check_finite (states, "states", error);
  ensure_error (self, "states", &local);
  g_propagate_error (error, local);
  return FALSE;
}
