/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of a workspace that every backend needs: for what it was made, and what it holds. */
#include "quantum/qrx-workspace-private.h"

typedef struct {
  QrxProgram *program;
  guint64 max_rows;
  guint64 n_rows;
  guint64 size;
  QrxDtype dtype;
  QrxRandom random;
} QrxWorkspacePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QrxWorkspace, qrx_workspace, G_TYPE_OBJECT)

enum { PROP_0, PROP_PROGRAM, PROP_MAX_ROWS, PROP_DTYPE, N_PROPERTIES };

static void
qrx_workspace_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (QRX_WORKSPACE (object));

  if (id == PROP_PROGRAM)
    priv->program = g_value_dup_object (value);
  else if (id == PROP_MAX_ROWS)
    priv->max_rows = g_value_get_uint64 (value);
  else if (id == PROP_DTYPE)
    priv->dtype = (QrxDtype) g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qrx_workspace_finalize (GObject *object)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (QRX_WORKSPACE (object));

  g_clear_object (&priv->program);
  G_OBJECT_CLASS (qrx_workspace_parent_class)->finalize (object);
}

static void
qrx_workspace_class_init (QrxWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = qrx_workspace_set_property;
  object_class->finalize = qrx_workspace_finalize;
  g_object_class_install_property (
    object_class, PROP_PROGRAM,
    g_param_spec_object ("program", "Program", "The program it is for", QRX_TYPE_PROGRAM, flags));
  g_object_class_install_property (
    object_class, PROP_MAX_ROWS,
    g_param_spec_uint64 ("max-rows", "Most rows", "The most rows of a batch", 0, G_MAXUINT64, 1, flags));
  g_object_class_install_property (
    object_class, PROP_DTYPE,
    g_param_spec_int ("dtype", "Element type", "The element type, a QrxDtype", QRX_DTYPE_F32, QRX_DTYPE_F64,
                      QRX_DTYPE_F64, flags));
}

static void
qrx_workspace_init (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  qrx_random_init (&priv->random, 0, "", "workspace", 0);
}

/**
 * qrx_workspace_get_program:
 * @self: a workspace
 *
 * Returns: (transfer none): the program that it was made for
 */
QrxProgram *
qrx_workspace_get_program (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), NULL);
  return priv->program;
}

/**
 * qrx_workspace_get_max_rows:
 * @self: a workspace
 *
 * Returns: the most rows that a batch may have
 */
guint64
qrx_workspace_get_max_rows (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), 0);
  return priv->max_rows;
}

/**
 * qrx_workspace_get_dtype:
 * @self: a workspace
 *
 * Returns: the element type of every tensor used with it
 */
QrxDtype
qrx_workspace_get_dtype (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), QRX_DTYPE_F64);
  return priv->dtype;
}

/**
 * qrx_workspace_get_size:
 * @self: a workspace
 *
 * Returns: the memory it holds, in bytes
 */
guint64
qrx_workspace_get_size (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), 0);
  return priv->size;
}

/**
 * qrx_workspace_set_size:
 * @self: a workspace
 * @n_bytes: the memory it holds
 *
 * States the size of a workspace; for backends.
 */
void
qrx_workspace_set_size (QrxWorkspace *self, guint64 n_bytes)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_if_fail (QRX_IS_WORKSPACE (self));
  priv->size = n_bytes;
}

/**
 * qrx_workspace_get_n_rows:
 * @self: a workspace
 *
 * Gets how many rows' states it holds for a gradient: those of the last expectations, 0 after the gradient.
 *
 * Returns: the number of rows
 */
guint64
qrx_workspace_get_n_rows (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), 0);
  return priv->n_rows;
}

/**
 * qrx_workspace_set_random:
 * @self: a workspace
 * @random: a stream, which is copied
 *
 * Sets what a backend draws random numbers from, at its position; a backend without chance draws none. Unless it is set
 * again, a next call goes on where the one before it stopped.
 */
void
qrx_workspace_set_random (QrxWorkspace *self, const QrxRandom *random)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_if_fail (QRX_IS_WORKSPACE (self) && random != NULL);
  priv->random = *random;
}

/**
 * qrx_workspace_get_random:
 * @self: a workspace
 *
 * Gets what a backend draws random numbers from; for backends.
 *
 * Returns: (transfer none): the stream
 */
QrxRandom *
qrx_workspace_get_random (QrxWorkspace *self)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_WORKSPACE (self), NULL);
  return &priv->random;
}

void
qrx_workspace_set_n_rows (QrxWorkspace *self, guint64 n_rows)
{
  QrxWorkspacePrivate *priv = qrx_workspace_get_instance_private (self);

  priv->n_rows = n_rows;
}
