/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports are made by class declarations only; and the quantities that mean an annotation of a table. */
#pragma once

#include <qrx/qrx-port.h>

G_BEGIN_DECLS

/* "category" or "known-category"; @quantity may be NULL. */
gboolean qrx_quantity_is_category (const char *quantity);
QrxPort *qrx_port_new (const char *name, gboolean output, QrxPortSpec *spec, const char *blurb);

G_END_DECLS
