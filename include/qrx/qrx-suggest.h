/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody may have meant by a misspelt name. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

QRX_API const char *qrx_suggest (const char *word, const char *const *candidates);
QRX_API char *qrx_suggest_text (const char *word, const char *const *candidates);

G_END_DECLS
