/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a scope is filled: by the checker of graphs, or from the values that meet a node. */
#pragma once

#include <qrx/qrx-node.h>

#include "graph/qrx-source-private.h"

G_BEGIN_DECLS

#define QRX_SCOPE_ROWS "B" /* one size over a whole node, list ports included */

typedef struct {
  QrxPort *port;
  QrxSource source;
  guint sizes[QRX_SOURCE_MAX_RANK]; /* of the port, for this link */
} QrxScopeLink;

struct _QrxShapeScope {
  GObject parent_instance;
  QrxNodeClass *klass;
  QrxNode *node;
  char *id;
  QrxUnify *sizes;
  GHashTable *symbols; /* of the node; a number is the symbol of itself */
  GPtrArray *links;
  gint blamed;
};

/* The symbols of a type, those bound to properties settled from @node (nullable: they stay open). @sizes is shared. */
QrxShapeScope *qrx_shape_scope_new (QrxNodeClass *klass, QrxNode *node, const char *id, QrxUnify *sizes);
/* Links what arrives to an input: kind, quantity, axes and sizes. @fit (nullable) is how kind and quantity suit; where they
 * do, the link counts although its sizes may not. Errors: QRX_PIPELINE_ERROR_LINK. */
gboolean qrx_shape_scope_connect (QrxShapeScope *self, QrxPort *port, const QrxSource *source, QrxFit *fit,
                                  GError **error);
/* Whether kind and quantity of what arrives suit an input. */
QrxFit qrx_shape_scope_fit (QrxShapeScope *self, QrxPort *port, const QrxSource *source);
/* What an output carries or an input takes, as known now; borrowed from the scope. */
void qrx_shape_scope_get_source (QrxShapeScope *self, QrxPort *port, QrxSource *source);
/* What a port takes or carries, sizes filled in: "flow:angle[B, 8]". */
char *qrx_shape_scope_dup_type (QrxShapeScope *self, QrxPort *port);
/* The link (counted over the node, in the order of connecting) that the last failed set() met, −1 if none. */
gint qrx_shape_scope_get_blamed (QrxShapeScope *self);

/* Between the two files of the scope. */
guint qrx_shape_scope_get_rank (const QrxPortSpec *spec);
guint qrx_shape_scope_get_axis_size (QrxShapeScope *self, const QrxPortSpec *spec, guint axis);
guint qrx_shape_scope_new_axis_size (QrxShapeScope *self, const QrxPortSpec *spec, guint axis);
/* The quantity that a port demands or carries; interned, "any" where it is open, NULL where there is none. */
const char *qrx_shape_scope_get_port_quantity (QrxShapeScope *self, QrxPort *port);
/* The text of a size that a node asks for and that is another already; notes the link that it came by. */
char *qrx_shape_scope_explain (QrxShapeScope *self, const char *symbol, guint size, gint64 wanted, const char *reason);
void qrx_scope_link_free (QrxScopeLink *link);

G_END_DECLS
