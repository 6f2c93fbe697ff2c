/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which library this is, for programs and scripts that use it. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

QRX_API const char *qrx_get_version (void);

G_END_DECLS
