/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports are made by class declarations only. */
#pragma once

#include <qrx/qrx-port.h>

G_BEGIN_DECLS

QrxPort *qrx_port_new (const char *name, gboolean output, QrxPortSpec *spec, const char *blurb);

G_END_DECLS
