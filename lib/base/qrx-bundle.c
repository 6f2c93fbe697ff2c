/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values by port name, kept in the order in which ports were first set. Knows nothing of specs. */
#include <qrx/qrx-bundle.h>

struct _QrxBundle {
  GObject parent_instance;
  GPtrArray *ports; /* names, in order; the hash table owns them */
  GHashTable *values; /* name → GPtrArray of QrxValue */
};

G_DEFINE_FINAL_TYPE (QrxBundle, qrx_bundle, G_TYPE_OBJECT)

static void
qrx_bundle_finalize (GObject *object)
{
  QrxBundle *self = QRX_BUNDLE (object);

  g_ptr_array_unref (self->ports);
  g_hash_table_unref (self->values);
  G_OBJECT_CLASS (qrx_bundle_parent_class)->finalize (object);
}

static void
qrx_bundle_class_init (QrxBundleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_bundle_finalize;
}

static void
qrx_bundle_init (QrxBundle *self)
{
  self->ports = g_ptr_array_new ();
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * qrx_bundle_new:
 *
 * Makes an empty bundle.
 *
 * Returns: (transfer full): the bundle
 */
QrxBundle *
qrx_bundle_new (void)
{
  return g_object_new (QRX_TYPE_BUNDLE, NULL);
}

static GPtrArray *
ensure_port (QrxBundle *self, const char *port)
{
  GPtrArray *list = g_hash_table_lookup (self->values, port);
  char *name;

  if (list != NULL)
    return list;
  name = g_strdup (port);
  list = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_insert (self->values, name, list);
  g_ptr_array_add (self->ports, name);
  return list;
}

/**
 * qrx_bundle_set:
 * @self: a bundle
 * @port: the name of a port
 * @value: the value at the port
 *
 * Sets the only value of a port, in place of any that it had.
 */
void
qrx_bundle_set (QrxBundle *self, const char *port, QrxValue *value)
{
  GPtrArray *list;

  g_return_if_fail (QRX_IS_BUNDLE (self) && port != NULL && QRX_IS_VALUE (value));

  list = ensure_port (self, port);
  g_object_ref (value); /* it may be the one that goes */
  g_ptr_array_set_size (list, 0);
  g_ptr_array_add (list, value);
}

/**
 * qrx_bundle_append:
 * @self: a bundle
 * @port: the name of a list port
 * @value: one more value at the port
 *
 * Adds a value after those that a port has.
 */
void
qrx_bundle_append (QrxBundle *self, const char *port, QrxValue *value)
{
  g_return_if_fail (QRX_IS_BUNDLE (self) && port != NULL && QRX_IS_VALUE (value));
  g_ptr_array_add (ensure_port (self, port), g_object_ref (value));
}

/**
 * qrx_bundle_get:
 * @self: a bundle
 * @port: the name of a port
 *
 * Gets the value of a port, of a list port the first.
 *
 * Returns: (transfer none) (nullable): the value, %NULL if the port has none
 */
QrxValue *
qrx_bundle_get (QrxBundle *self, const char *port)
{
  return qrx_bundle_get_nth (self, port, 0);
}

/**
 * qrx_bundle_get_length:
 * @self: a bundle
 * @port: the name of a port
 *
 * Gets how many values a port has.
 *
 * Returns: the number of values, 0 for a port that was never set
 */
guint
qrx_bundle_get_length (QrxBundle *self, const char *port)
{
  GPtrArray *list;

  g_return_val_if_fail (QRX_IS_BUNDLE (self) && port != NULL, 0);
  list = g_hash_table_lookup (self->values, port);
  return list != NULL ? list->len : 0;
}

/**
 * qrx_bundle_get_nth:
 * @self: a bundle
 * @port: the name of a port
 * @i: which value, counted from 0
 *
 * Gets one value of a list port.
 *
 * Returns: (transfer none) (nullable): the value, %NULL if the port has no more than @i
 */
QrxValue *
qrx_bundle_get_nth (QrxBundle *self, const char *port, guint i)
{
  GPtrArray *list;

  g_return_val_if_fail (QRX_IS_BUNDLE (self) && port != NULL, NULL);
  list = g_hash_table_lookup (self->values, port);
  return list != NULL && i < list->len ? list->pdata[i] : NULL;
}

/**
 * qrx_bundle_dup_ports:
 * @self: a bundle
 *
 * Lists the ports that have values.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, in the order in which they were first set
 */
char **
qrx_bundle_dup_ports (QrxBundle *self)
{
  char **ports;

  g_return_val_if_fail (QRX_IS_BUNDLE (self), NULL);
  ports = g_new0 (char *, self->ports->len + 1);
  for (guint i = 0; i < self->ports->len; i++)
    ports[i] = g_strdup (self->ports->pdata[i]);
  return ports;
}
