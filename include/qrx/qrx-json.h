/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints JSON that reads back the same: json-glib's own generator writes numbers such as 1e-13 as what is not JSON.
 * For C only: scripts have JSON of their own, and the typelib does not depend on json-glib. */
#pragma once

#include <qrx/qrx-macros.h>

#ifndef __GI_SCANNER__

G_BEGIN_DECLS

/* json-glib's; who prints a tree has included its header. */
typedef struct _JsonNode JsonNode;

QRX_API char *qrx_json_to_string (JsonNode *node);
QRX_API char *qrx_json_to_compact_string (JsonNode *node);

G_END_DECLS

#endif
