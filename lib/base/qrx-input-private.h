/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of qrx-input.h share. */
#pragma once

#include <qrx/qrx-input.h>

G_BEGIN_DECLS

void qrx_input_set_error (GError **error, const char *path, int number);
/* A regular file's descriptor and size, or −1. */
int qrx_input_open (const char *path, gsize *size, GError **error);
/* Up to size bytes; fewer only at the end of the file. Returns −1 with errno set on a failure. */
gssize qrx_input_read_fully (int fd, guint8 *out, gsize size);
/* The SHA-256 of bytes in memory, in hexadecimal. */
char *qrx_input_digest_data (gconstpointer data, gsize size);
/* The largest content of a compressed file that is inflated into memory. */
gsize qrx_input_get_largest_content (void);

G_END_DECLS
