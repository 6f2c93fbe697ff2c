/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plugin that fails, without saying why. */
#include <qrx/qrx-registry.h>

QRX_API gboolean qrx_plugin_register (QrxRegistry *registry, GError **error);

gboolean
qrx_plugin_register (QrxRegistry *registry G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return FALSE;
}
