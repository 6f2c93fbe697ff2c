/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether there is memory for what somebody asks for, before it is tried. */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

QRX_API gboolean qrx_memory_check (double n_bytes, const char *what, GError **error);

G_END_DECLS
