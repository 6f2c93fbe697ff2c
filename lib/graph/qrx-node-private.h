/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of a node type, for those who read it: registry, pipeline, schema. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-node.h>

G_BEGIN_DECLS

typedef struct {
  char *name;
  char *properties; /* JSON */
  char *summary;
} QrxPreset;

typedef struct {
  char **properties;
  char **others;
} QrxExclusion;

typedef struct {
  char *name;
  int better; /* 1: more is, -1: less is, 0: neither */
  char *blurb;
} QrxScoreKind;

/* Valid until the class is declared on; for good once it is sealed. */
guint qrx_node_class_get_n_presets (QrxNodeClass *klass);
const QrxPreset *qrx_node_class_get_preset (QrxNodeClass *klass, guint i);
guint qrx_node_class_get_n_exclusions (QrxNodeClass *klass);
const QrxExclusion *qrx_node_class_get_exclusion (QrxNodeClass *klass, guint i);
guint qrx_node_class_get_n_scores (QrxNodeClass *klass);
const QrxScoreKind *qrx_node_class_get_score (QrxNodeClass *klass, guint i);
const QrxScoreKind *qrx_node_class_find_score (QrxNodeClass *klass, const char *name); /* nullable */
/* Whether two properties must not both be given. */
gboolean qrx_node_class_excludes (QrxNodeClass *klass, const char *a, const char *b);

/* The properties that a pipeline file may set: all but "id" and "position", in the order of declaration.
 * (transfer container) */
GParamSpec **qrx_node_class_list_properties (QrxNodeClass *klass, guint *n_properties);
GParamSpec *qrx_node_class_find_property (QrxNodeClass *klass, const char *name); /* nullable */
char **qrx_node_class_dup_property_names (QrxNodeClass *klass);

/* What was declared wrongly, as one text, or NULL. */
char *qrx_node_class_dup_faults (QrxNodeClass *klass);
/* After this, declaring more is a programmer error. */
void qrx_node_class_seal (QrxNodeClass *klass);

/* Every property's value against its range and choices. */
gboolean qrx_node_validate_properties (QrxNode *self, GError **error);
/* Makes of a vfunc's return and error (taken) one result: FALSE without an error becomes QRX_RUN_ERROR_FAILED, an error
 * beside TRUE is one, an exception's domain becomes QRX_RUN_ERROR; the message gets the prefix. */
gboolean qrx_node_check_call (QrxNode *self, gboolean done, GError *reason, GError **error);
/* Presence and kinds of a node's values; outputs are frozen. Messages have no prefix yet. */
gboolean qrx_node_check_inputs (QrxNode *self, QrxBundle *in, GError **error);
gboolean qrx_node_check_outputs (QrxNode *self, QrxBundle *in, QrxBundle *out, GError **error);
/* Puts "position: id: " before a message, once. */
void qrx_node_prefix_error (QrxNode *self, GError **error);
/* What follows that prefix, where a message has it. */
const char *qrx_node_strip_prefix (QrxNode *self, const char *message);

G_END_DECLS
