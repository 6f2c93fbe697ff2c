/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants written as people write them: "pi/2", "2*pi", "1e-3". */
#pragma once

#include <qrx/qrx-error.h>

G_BEGIN_DECLS

QRX_API gboolean qrx_expression_evaluate (const char *text, double *value, GError **error);

G_END_DECLS
