/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What backends of this library share. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

/* Aligned and zeroed, or an error in place of NULL. */
gpointer qrx_backend_allocate (gsize n_bytes, GError **error);

G_END_DECLS
