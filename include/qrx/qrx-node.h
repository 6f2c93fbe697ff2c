/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every node of a graph is: ports, properties and a description, declared once on its class. */
#pragma once

#include <qrx/qrx-bundle.h>
#include <qrx/qrx-context.h>
#include <qrx/qrx-port.h>
#include <qrx/qrx-scalar.h>
#include <qrx/qrx-shape-scope.h>

G_BEGIN_DECLS

typedef struct _QrxNodeInfo QrxNodeInfo;

#define QRX_TYPE_NODE (qrx_node_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxNode, qrx_node, QRX, NODE, GObject)

/**
 * QrxNodeClass:
 * @resolve: checks the properties together and settles shape symbols, before anything runs and again when values arrive
 * @run: takes the values at the inputs and sets a value for every output
 *
 * The class of all nodes. Properties are construct-only. A node is not changed by running.
 */
struct _QrxNodeClass {
  GObjectClass parent_class;
  gboolean (*resolve) (QrxNode *self, QrxShapeScope *scope, GError **error);
  gboolean (*run) (QrxNode *self, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                   GError **error);
  /*< private >*/
  QrxNodeInfo *info;
  gpointer padding[6];
};

/* The description of a type. The first input and the first output declared are the default ones. */
QRX_API void qrx_node_class_set_name (QrxNodeClass *klass, const char *name); /* as pipeline files write the type */
QRX_API void qrx_node_class_set_category (QrxNodeClass *klass, const char *category);
QRX_API void qrx_node_class_set_summary (QrxNodeClass *klass, const char *summary);
QRX_API void qrx_node_class_add_citation (QrxNodeClass *klass, const char *citation);
/* A pipeline fragment as JSON that a generic test runs: {"properties": {…}, "input": …, "expect": …}; see docs. */
QRX_API void qrx_node_class_set_example (QrxNodeClass *klass, const char *json);
QRX_API void qrx_node_class_add_input (QrxNodeClass *klass, const char *port, const char *spec, const char *blurb);
QRX_API void qrx_node_class_add_output (QrxNodeClass *klass, const char *port, const char *spec, const char *blurb);
/* A name for property values of this type, usable wherever a type is: {"a": 1, "r": "pi"}. */
QRX_API void qrx_node_class_add_preset (QrxNodeClass *klass, const char *name, const char *properties, const char *summary);
/* A number that the type gives of each role, by which a study may go; @better: 1 where more is, -1 where less is, 0 neither. */
QRX_API void qrx_node_class_add_score (QrxNodeClass *klass, const char *name, int better, const char *blurb);
/* Properties of which only one may be given; of several set on the command line the last wins. Comma-separated groups:
 * ("circuit", "encoding, layout, layers") makes `circuit` exclude the three. */
QRX_API void qrx_node_class_add_exclusion (QrxNodeClass *klass, const char *properties, const char *others);

/* Properties for C types: stored at an offset of the instance, freed by QrxNode. All construct-only. */
QRX_API void qrx_node_class_add_double (QrxNodeClass *klass, const char *name, gsize offset, double minimum, double maximum,
                                        double value, const char *unit, const char *blurb);
QRX_API void qrx_node_class_add_integer (QrxNodeClass *klass, const char *name, gsize offset /* gint64 */, gint64 minimum,
                                         gint64 maximum, gint64 value, const char *unit, const char *blurb);
QRX_API void qrx_node_class_add_boolean (QrxNodeClass *klass, const char *name, gsize offset, gboolean value, const char *blurb);
QRX_API void qrx_node_class_add_string (QrxNodeClass *klass, const char *name, gsize offset, const char *value,
                                        const char *blurb);
/* One of "a|b|c"; the first is the default. Stored as a string. */
QRX_API void qrx_node_class_add_choice (QrxNodeClass *klass, const char *name, gsize offset, const char *choices,
                                        const char *blurb);
/* A data file, found by qrx_context_find_file() when the node runs. */
QRX_API void qrx_node_class_add_file (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb);
/* A file that run() writes at qrx_context_dup_output_path(); no two nodes of a pipeline may write the same. */
QRX_API void qrx_node_class_add_output_file (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb);
/* A small document, such as a circuit: in a pipeline file a path or an object; the property holds its text. */
QRX_API void qrx_node_class_add_document (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb);
QRX_API void qrx_node_class_add_scalar (QrxNodeClass *klass, const char *name, gsize offset /* QrxScalar* */, double minimum,
                                        double maximum, double value, const char *unit, const char *blurb);
/* Lists: GVariant of type "ax" / "ad", and GStrv. */
QRX_API void qrx_node_class_add_integers (QrxNodeClass *klass, const char *name, gsize offset, gint64 minimum, gint64 maximum,
                                          const char *value, const char *unit, const char *blurb);
QRX_API void qrx_node_class_add_doubles (QrxNodeClass *klass, const char *name, gsize offset, double minimum, double maximum,
                                         const char *value, const char *unit, const char *blurb);
QRX_API void qrx_node_class_add_strings (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb);
/* For a GObject property that a script declares: its unit, and "a|b|c" if it is a choice (both nullable). */
QRX_API void qrx_node_class_describe_property (QrxNodeClass *klass, const char *name, const char *unit, const char *choices);
/* For a boxed QrxScalar property that a script declares: its range, and its default, which is not learned. */
QRX_API void qrx_node_class_describe_scalar (QrxNodeClass *klass, const char *name, double minimum, double maximum,
                                             double value, const char *unit);

QRX_API const char *qrx_node_class_get_name (QrxNodeClass *klass);
QRX_API const char *qrx_node_class_get_category (QrxNodeClass *klass);
QRX_API const char *qrx_node_class_get_summary (QrxNodeClass *klass);
QRX_API const char *qrx_node_class_get_example (QrxNodeClass *klass);
QRX_API const char *const *qrx_node_class_get_citations (QrxNodeClass *klass);
QRX_API guint qrx_node_class_get_n_ports (QrxNodeClass *klass);
QRX_API QrxPort *qrx_node_class_get_port (QrxNodeClass *klass, guint i);
QRX_API QrxPort *qrx_node_class_find_port (QrxNodeClass *klass, const char *name, gboolean output); /* name NULL: the default */

/* Construct properties of every node: "id", and "position" ("file:line:column", nullable). */
QRX_API const char *qrx_node_get_id (QrxNode *self);
QRX_API const char *qrx_node_get_position (QrxNode *self);
QRX_API const char *qrx_node_get_type_name (QrxNode *self);
/* Checked calls: every property against its range and choices; every output set and of its kind; errors begin with the id. */
QRX_API gboolean qrx_node_resolve (QrxNode *self, QrxShapeScope *scope, GError **error);
QRX_API gboolean qrx_node_run (QrxNode *self, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                               GError **error);
/* Resolves the node against the values at its inputs: kinds, quantities and sizes; the scope then knows the outputs' sizes. */
QRX_API QrxShapeScope *qrx_node_infer (QrxNode *self, QrxBundle *in, GError **error);

#ifndef __GI_SCANNER__ /* scripts have JSON of their own */
/* json-glib's; who reads a tree has included its header. */
typedef struct _JsonObject JsonObject;
/* Every property that is set, defaults included, such that the object builds the same node: of properties that exclude
 * each other only those that are not at their default. (transfer full) */
QRX_API JsonObject *qrx_node_properties_to_json (QrxNode *self);
#endif

G_END_DECLS
