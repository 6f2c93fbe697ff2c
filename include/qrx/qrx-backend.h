/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What runs a compiled circuit for a batch of rows, and the memory that it works in. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-program.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

#define QRX_TYPE_WORKSPACE (qrx_workspace_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxWorkspace, qrx_workspace, QRX, WORKSPACE, GObject)

/**
 * QrxWorkspaceClass:
 *
 * The class of a backend's memory for one program and batch size. Construct properties: "program", "max-rows", "dtype".
 */
struct _QrxWorkspaceClass {
  GObjectClass parent_class;
  gpointer padding[4];
};

QRX_API QrxProgram *qrx_workspace_get_program (QrxWorkspace *self);
QRX_API guint64 qrx_workspace_get_max_rows (QrxWorkspace *self);
QRX_API QrxDtype qrx_workspace_get_dtype (QrxWorkspace *self);
QRX_API guint64 qrx_workspace_get_size (QrxWorkspace *self);
QRX_API void qrx_workspace_set_size (QrxWorkspace *self, guint64 n_bytes);
QRX_API guint64 qrx_workspace_get_n_rows (QrxWorkspace *self);
QRX_API void qrx_workspace_set_random (QrxWorkspace *self, const QrxRandom *random);
QRX_API QrxRandom *qrx_workspace_get_random (QrxWorkspace *self);

#define QRX_TYPE_BACKEND (qrx_backend_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxBackend, qrx_backend, QRX, BACKEND, GObject)

/**
 * QrxBackendClass:
 * @create_workspace: makes the memory for batches of at most so many rows
 * @expectations: fills the expectations, and the workspace with what the gradient needs
 * @vjp: fills the gradients from the workspace
 * @states: optional: fills the final states, real and imaginary parts in turn
 *
 * The class of backends. Arguments were checked before these are called.
 */
struct _QrxBackendClass {
  GObjectClass parent_class;
  QrxWorkspace *(*create_workspace) (QrxBackend *self, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                                     GError **error);
  gboolean (*expectations) (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                            QrxWorkspace *workspace, QrxTensor *expectations, QrxPool *pool, GError **error);
  gboolean (*vjp) (QrxBackend *self, QrxProgram *program, QrxWorkspace *workspace, QrxTensor *cotangents,
                   QrxTensor *grad_inputs, QrxTensor *grad_weights, QrxPool *pool, GError **error);
  gboolean (*states) (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights, QrxTensor *states,
                      QrxPool *pool, GError **error);
  gpointer padding[7];
};

QRX_API QrxWorkspace *qrx_backend_create_workspace (QrxBackend *self, QrxProgram *program, guint64 max_rows,
                                                    QrxDtype dtype, GError **error);
QRX_API gboolean qrx_backend_expectations (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                                           QrxWorkspace *workspace, QrxTensor *expectations, QrxPool *pool,
                                           GError **error);
QRX_API gboolean qrx_backend_vjp (QrxBackend *self, QrxProgram *program, QrxWorkspace *workspace,
                                  QrxTensor *cotangents, QrxTensor *grad_inputs, QrxTensor *grad_weights,
                                  QrxPool *pool, GError **error);
QRX_API gboolean qrx_backend_states (QrxBackend *self, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                                     QrxTensor *states, QrxPool *pool, GError **error);

G_END_DECLS
