/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the backend's wrappers mark a workspace filled and spent. */
#pragma once

#include <qrx/qrx-backend.h>

G_BEGIN_DECLS

void qrx_workspace_set_n_rows (QrxWorkspace *self, guint64 n_rows);

G_END_DECLS
