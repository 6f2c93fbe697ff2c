/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decimal numbers to doubles and back, exactly and in every locale alike. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/* Enough for any double that qrx_number_format() writes. */
#define QRX_NUMBER_BUFFER_SIZE 32

QRX_API const char *qrx_number_scan (const char *text, const char *end, double *value);
QRX_API gboolean qrx_number_parse (const char *text, gsize length, double *value);
QRX_API const char *qrx_number_format (double value, char *buffer);

G_END_DECLS
