/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx_node_infer() for those who know where the values come from. */
#pragma once

#include <qrx/qrx-pipeline.h>

G_BEGIN_DECLS

/* @pipeline (nullable) is the graph that the node is in; its links, in order, brought the values. */
QrxShapeScope *qrx_node_infer_in (QrxNode *node, QrxBundle *in, QrxPipeline *pipeline, GError **error);
/* The annotation that flows in at a port which takes categories, as the node's property names it. */
char *qrx_node_dup_annotation (QrxNode *node, QrxPort *port);

G_END_DECLS
