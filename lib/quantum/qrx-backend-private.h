/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What backends of this library share. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

/* Refuses with the figures where n_bytes are more than the machine has available; n_bytes may be more than 2^64 holds. */
gboolean qrx_backend_check_memory (double n_bytes, const char *what, GError **error);
/* Aligned and zeroed, or an error in place of NULL. */
gpointer qrx_backend_allocate (gsize n_bytes, GError **error);

G_END_DECLS
