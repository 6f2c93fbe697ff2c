/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A port of a node type: its name, its direction and what may be linked to it. */
#include "graph/qrx-port-private.h"

struct _QrxPort {
  gatomicrefcount references;
  char *name;
  char *blurb;
  QrxPortSpec *spec;
  gboolean output;
};

G_DEFINE_BOXED_TYPE (QrxPort, qrx_port, qrx_port_ref, qrx_port_unref)

QrxPort *
qrx_port_new (const char *name, gboolean output, QrxPortSpec *spec, const char *blurb)
{
  QrxPort *self = g_new0 (QrxPort, 1);

  g_atomic_ref_count_init (&self->references);
  self->name = g_strdup (name);
  self->output = output;
  self->spec = qrx_port_spec_ref (spec);
  self->blurb = g_strdup (blurb);
  return self;
}

/**
 * qrx_port_ref:
 * @self: a port
 *
 * Returns: (transfer full): @self
 */
QrxPort *
qrx_port_ref (QrxPort *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * qrx_port_unref:
 * @self: (transfer full): a port
 *
 * Releases a reference.
 */
void
qrx_port_unref (QrxPort *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->name);
  g_free (self->blurb);
  qrx_port_spec_unref (self->spec);
  g_free (self);
}

/**
 * qrx_port_get_name:
 * @self: a port
 *
 * Returns: the name, such as "in"
 */
const char *
qrx_port_get_name (const QrxPort *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->name;
}

/**
 * qrx_port_is_output:
 * @self: a port
 *
 * Returns: whether values leave here
 */
gboolean
qrx_port_is_output (const QrxPort *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->output;
}

/**
 * qrx_port_get_spec:
 * @self: a port
 *
 * Returns: (transfer none): what may be linked here
 */
QrxPortSpec *
qrx_port_get_spec (const QrxPort *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->spec;
}

/**
 * qrx_port_get_blurb:
 * @self: a port
 *
 * Returns: (nullable): what the value is, for people
 */
const char *
qrx_port_get_blurb (const QrxPort *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->blurb;
}
