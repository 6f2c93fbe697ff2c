/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything that travels between ports is built, then frozen when it is published, and never changes after. */
#include <qrx/qrx-value.h>

typedef struct {
  gint frozen;
} QrxValuePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QrxValue, qrx_value, G_TYPE_OBJECT)

static char *
qrx_value_real_describe (QrxValue *self)
{
  return g_strdup (QRX_VALUE_GET_CLASS (self)->kind);
}

static const char *
qrx_value_real_get_quantity (QrxValue *self G_GNUC_UNUSED)
{
  return NULL;
}

static gint64
qrx_value_real_get_dim (QrxValue *self G_GNUC_UNUSED, guint axis G_GNUC_UNUSED)
{
  return -1;
}

static void
qrx_value_class_init (QrxValueClass *klass)
{
  klass->get_quantity = qrx_value_real_get_quantity;
  klass->get_dim = qrx_value_real_get_dim;
  klass->kind = "value";
  klass->describe = qrx_value_real_describe;
}

static void
qrx_value_init (QrxValue *self G_GNUC_UNUSED)
{
}

/**
 * qrx_value_get_kind:
 * @self: a value
 *
 * Gets the kind of a value as port specs write it.
 *
 * Returns: the kind, such as "table"
 */
const char *
qrx_value_get_kind (QrxValue *self)
{
  g_return_val_if_fail (QRX_IS_VALUE (self), NULL);
  return QRX_VALUE_GET_CLASS (self)->kind;
}

/**
 * qrx_value_get_quantity:
 * @self: a value
 *
 * Gets what refines the kind, such as "angle" for a flow or "split" for a table whose rows have roles.
 *
 * Returns: (nullable): the quantity
 */
const char *
qrx_value_get_quantity (QrxValue *self)
{
  g_return_val_if_fail (QRX_IS_VALUE (self), NULL);
  return QRX_VALUE_GET_CLASS (self)->get_quantity (self);
}

/**
 * qrx_value_get_dim:
 * @self: a value
 * @axis: an axis; of a table and of a flow, 0 is the rows and 1 the features
 *
 * Returns: the size along @axis, or −1 where there is no such axis
 */
gint64
qrx_value_get_dim (QrxValue *self, guint axis)
{
  g_return_val_if_fail (QRX_IS_VALUE (self), -1);
  return QRX_VALUE_GET_CLASS (self)->get_dim (self, axis);
}

/**
 * qrx_value_describe:
 * @self: a value
 *
 * Describes a value in one line.
 *
 * Returns: (transfer full): the description
 */
char *
qrx_value_describe (QrxValue *self)
{
  g_return_val_if_fail (QRX_IS_VALUE (self), NULL);
  return QRX_VALUE_GET_CLASS (self)->describe (self);
}

/**
 * qrx_value_freeze:
 * @self: a value
 *
 * Publishes a value: nothing can change it afterwards. The runner does this to every output of a node.
 */
void
qrx_value_freeze (QrxValue *self)
{
  QrxValuePrivate *priv = qrx_value_get_instance_private (self);

  g_return_if_fail (QRX_IS_VALUE (self));
  if (g_atomic_int_get (&priv->frozen))
    return;
  if (QRX_VALUE_GET_CLASS (self)->freeze != NULL)
    QRX_VALUE_GET_CLASS (self)->freeze (self);
  g_atomic_int_set (&priv->frozen, TRUE);
}

/**
 * qrx_value_is_frozen:
 * @self: a value
 *
 * Returns: whether the value is published and so immutable
 */
gboolean
qrx_value_is_frozen (QrxValue *self)
{
  QrxValuePrivate *priv = qrx_value_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_VALUE (self), FALSE);
  return g_atomic_int_get (&priv->frozen);
}
