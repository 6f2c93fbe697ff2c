/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value and a node type with a property of every kind, for the tests of the graph floor. Included by programs of one
 * file each, hence the definitions. */
#pragma once

#include "graph/qrx-node-private.h"
#include "graph/qrx-property-private.h"

#include <math.h>

typedef struct {
  QrxValue parent_instance;
  const char *quantity;
} ToyValue;

typedef struct {
  QrxValueClass parent_class;
} ToyValueClass;

GType toy_value_get_type (void);
G_DEFINE_TYPE (ToyValue, toy_value, QRX_TYPE_VALUE)

static const char *
toy_value_get_quantity (QrxValue *value)
{
  return ((ToyValue *) value)->quantity;
}

static void
toy_value_class_init (ToyValueClass *klass)
{
  QRX_VALUE_CLASS (klass)->kind = "flow";
  QRX_VALUE_CLASS (klass)->get_quantity = toy_value_get_quantity;
}

static void
toy_value_init (ToyValue *self G_GNUC_UNUSED)
{
}

G_GNUC_UNUSED static QrxValue *
toy_value_new (const char *quantity)
{
  ToyValue *self = g_object_new (toy_value_get_type (), NULL);

  self->quantity = quantity;
  return QRX_VALUE (self);
}

typedef struct {
  QrxNode parent_instance;
  double factor;
  gint64 count;
  gboolean on;
  char *label;
  char *mode;
  char *data;
  char *circuit;
  QrxScalar *a;
  GVariant *hidden;
  GVariant *weights;
  char **genes;
  double limit;
} ToyNode;

typedef struct {
  QrxNodeClass parent_class;
} ToyNodeClass;

GType toy_node_get_type (void);
G_DEFINE_TYPE (ToyNode, toy_node, QRX_TYPE_NODE)

#define TOY_NODE(object) ((ToyNode *) (object))

/* What run() and resolve() do, set by a test. */
typedef enum {
  TOY_WORKS,
  TOY_FAILS,
  TOY_FAILS_SILENTLY,
  TOY_SUCCEEDS_WITH_ERROR,
  TOY_THROWS,
  TOY_SETS_NOTHING,
  TOY_SETS_WRONG_QUANTITY,
  TOY_SETS_TOO_MUCH,
} ToyBehaviour;

static ToyBehaviour toy_behaviour;

static gboolean
toy_behave (GError **error)
{
  switch (toy_behaviour)
    {
    case TOY_FAILS:
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "no rows are left");
      return FALSE;
    case TOY_FAILS_SILENTLY:
      return FALSE;
    case TOY_SUCCEEDS_WITH_ERROR:
      g_set_error_literal (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "no rows are left");
      return TRUE;
    case TOY_THROWS:
      g_set_error_literal (error, g_quark_from_static_string ("gjs-js-error-quark"), 3, "x is not a function");
      return FALSE;
    case TOY_WORKS:
    case TOY_SETS_NOTHING:
    case TOY_SETS_WRONG_QUANTITY:
    case TOY_SETS_TOO_MUCH:
    default:
      return TRUE;
    }
}

static gboolean
toy_node_resolve (QrxNode *self G_GNUC_UNUSED, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  return toy_behave (error);
}

static gboolean
toy_node_run (QrxNode *self G_GNUC_UNUSED, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
              GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  g_autoptr (QrxValue) value = toy_value_new (toy_behaviour == TOY_SETS_WRONG_QUANTITY ? "activation" : "angle");

  if (!toy_behave (error))
    return FALSE;
  if (toy_behaviour != TOY_SETS_NOTHING)
    qrx_bundle_set (out, "out", value);
  if (toy_behaviour == TOY_SETS_TOO_MUCH)
    qrx_bundle_set (out, "more", value);
  return TRUE;
}

static void
toy_node_class_init (ToyNodeClass *toy_class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (toy_class);

  klass->resolve = toy_node_resolve;
  klass->run = toy_node_run;
  qrx_node_class_set_name (klass, "toy");
  qrx_node_class_set_category (klass, "test");
  qrx_node_class_set_summary (klass, "Turns activations into angles.");
  qrx_node_class_add_citation (klass, "doi:10.1000/182");
  qrx_node_class_set_example (klass, "{\"properties\": {\"factor\": 2}}");
  qrx_node_class_add_input (klass, "in", "flow:activation[B, Q]", "what comes");
  qrx_node_class_add_input (klass, "extra", "flow*", NULL);
  qrx_node_class_add_input (klass, "features", "flow:feature[B, G]?", NULL);
  qrx_node_class_add_output (klass, "out", "flow:angle[B, Q]", "what goes");
  qrx_node_class_add_double (klass, "factor", G_STRUCT_OFFSET (ToyNode, factor), G_MINDOUBLE, INFINITY, 1e-3, "µM", "a factor");
  qrx_node_class_add_integer (klass, "count", G_STRUCT_OFFSET (ToyNode, count), 1, 64, 3, NULL, "how many");
  qrx_node_class_add_boolean (klass, "on", G_STRUCT_OFFSET (ToyNode, on), TRUE, "a switch");
  qrx_node_class_add_string (klass, "label", G_STRUCT_OFFSET (ToyNode, label), "none", "a text");
  qrx_node_class_add_choice (klass, "mode", G_STRUCT_OFFSET (ToyNode, mode), "ring|chain|product", "a choice");
  qrx_node_class_add_file (klass, "data", G_STRUCT_OFFSET (ToyNode, data), "a data file");
  qrx_node_class_add_document (klass, "circuit", G_STRUCT_OFFSET (ToyNode, circuit), "a whole circuit");
  qrx_node_class_add_scalar (klass, "a", G_STRUCT_OFFSET (ToyNode, a), G_MINDOUBLE, 100, 20, NULL, "a slope");
  qrx_node_class_add_integers (klass, "hidden", G_STRUCT_OFFSET (ToyNode, hidden), 1, 4096, "512, 128", NULL, "widths");
  qrx_node_class_add_doubles (klass, "weights", G_STRUCT_OFFSET (ToyNode, weights), 0, nextafter (1, 0), NULL, NULL, "weights");
  qrx_node_class_add_strings (klass, "genes", G_STRUCT_OFFSET (ToyNode, genes), "names");
  qrx_node_class_add_double (klass, "limit", G_STRUCT_OFFSET (ToyNode, limit), -1, 1, NAN, NULL, "a limit, if set");
  qrx_node_class_add_preset (klass, "toy-pi", "{\"a\": \"pi\", \"count\": 1}", "With a slope of pi.");
  qrx_node_class_add_exclusion (klass, "circuit", "mode, count");
}

static void
toy_node_init (ToyNode *self G_GNUC_UNUSED)
{
}
