/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a node class keeps its description; for the files that write it. */
#pragma once

#include "graph/qrx-node-private.h"

G_BEGIN_DECLS

/* GObject copies a parent's class struct into its children's: a description belongs to one type, and a child that
 * declares something gets its own. Ports, exclusions, citations and category are inherited; name, summary, example,
 * presets and scores are a type's own. */
struct _QrxNodeInfo {
  GType owner;
  gboolean sealed;
  char *name;
  char *category;
  char *summary;
  char *example;
  GPtrArray *citations; /* char *, with a NULL at the end */
  GPtrArray *ports;
  guint n_inherited_ports;
  GPtrArray *presets;
  GPtrArray *scores; /* QrxScoreKind * */
  GPtrArray *exclusions;
  GPtrArray *faults; /* char *: what was declared wrongly, told when the type is registered */
  guint n_properties;
};

/* The description of this class itself, to be written; NULL, with a critical message, once it is sealed. */
QrxNodeInfo *qrx_node_class_edit (QrxNodeClass *klass);
/* The description if it is this class' own, to be read. */
const QrxNodeInfo *qrx_node_class_get_own_info (QrxNodeClass *klass);
void qrx_score_kind_free (QrxScoreKind *self);
QrxExclusion *qrx_exclusion_new (char **properties, char **others); /* takes both lists */
void qrx_node_info_add_fault (QrxNodeInfo *info, const char *format, ...) G_GNUC_PRINTF (2, 3);

void qrx_node_set_stored_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec);
void qrx_node_get_stored_property (GObject *object, guint id, GValue *value, GParamSpec *pspec);
void qrx_node_free_stored_properties (GObject *object);

G_END_DECLS
