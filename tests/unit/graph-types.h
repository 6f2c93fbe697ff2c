/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small node types with the ports of real ones, for the tests of graphs. They cannot run. */
#pragma once

#include <qrx/qrx-pipeline.h>

typedef struct {
  QrxNode parent_instance;
  gint64 width;
  gint64 qubits;
  gint64 layers;
  char *layout;
  char *circuit;
  char *file;
  char *quantity;
  QrxScalar *a;
  GVariant *hidden;
} Part;
typedef struct {
  QrxNodeClass parent_class;
} PartClass;

#define DEFINE_PART(Name, name, description, summary)                                                                  \
  typedef Part Name;                                                                                                   \
  typedef PartClass Name##Class;                                                                                       \
  GType name##_get_type (void);                                                                                        \
  static void name##_declare (QrxNodeClass *klass);                                                                    \
  G_DEFINE_TYPE (Name, name, QRX_TYPE_NODE)                                                                            \
  static void name##_class_init (Name##Class *part_class)                                                              \
  {                                                                                                                    \
    QrxNodeClass *klass = QRX_NODE_CLASS (part_class);                                                                 \
    qrx_node_class_set_name (klass, description);                                                                      \
    qrx_node_class_set_category (klass, "test");                                                                       \
    qrx_node_class_set_summary (klass, summary);                                                                       \
    name##_declare (klass);                                                                                            \
  }                                                                                                                    \
  static void name##_init (Name *self G_GNUC_UNUSED)                                                                   \
  {                                                                                                                    \
  }

DEFINE_PART (PartCohort, part_cohort, "cohort", "Gives a table")
static void
part_cohort_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_output (klass, "out", "table", "the table");
  qrx_node_class_add_file (klass, "file", G_STRUCT_OFFSET (Part, file), "where it is");
}

DEFINE_PART (PartSplit, part_split, "split", "Gives roles to rows")
static void
part_split_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "table", "a table");
  qrx_node_class_add_output (klass, "out", "table:split", "with roles");
}

DEFINE_PART (PartEncoder, part_encoder, "encoder", "Maps features to activations")
static void
part_encoder_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:feature[B, G]", "features");
  qrx_node_class_add_output (klass, "out", "flow:activation[B, W=width]", "activations");
  qrx_node_class_add_integer (klass, "width", G_STRUCT_OFFSET (Part, width), 1, 64, 8, NULL, "how many activations");
  qrx_node_class_add_integers (klass, "hidden", G_STRUCT_OFFSET (Part, hidden), 1, 4096, "16", NULL, "hidden widths");
}

DEFINE_PART (PartTanh, part_tanh, "tanh", "Maps activations to angles")
static void
part_tanh_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:activation[B, Q]", "activations");
  qrx_node_class_add_output (klass, "out", "flow:angle[B, Q]", "angles");
  qrx_node_class_add_scalar (klass, "a", G_STRUCT_OFFSET (Part, a), 0, 100, 20, NULL, "moderation");
  qrx_node_class_add_preset (klass, "tanh-plain", "{\"a\": 1}", "without moderation");
}

DEFINE_PART (PartSigmoid, part_sigmoid, "sigmoid", "Maps activations to angles otherwise")
static void
part_sigmoid_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:activation[B, Q]", "activations");
  qrx_node_class_add_output (klass, "out", "flow:angle[B, Q]", "angles");
}

static gboolean
part_quantum_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  Part *self = (Part *) node;
  g_autofree char *reason = g_strdup_printf ("the circuit has %d inputs", (int) self->qubits);

  if (self->layers == 13)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"layers\": found 13, an unlucky number");
      return FALSE;
    }
  if (self->qubits > 0 && !qrx_shape_scope_set (scope, "Q", self->qubits, reason, error))
    return FALSE;
  return qrx_shape_scope_get (scope, "Q") < 0 ||
         qrx_shape_scope_set (scope, "M", qrx_shape_scope_get (scope, "Q"), "one observable for each qubit", error);
}

DEFINE_PART (PartQuantum, part_quantum, "quantum", "Maps angles to expectations")
static void
part_quantum_declare (QrxNodeClass *klass)
{
  klass->resolve = part_quantum_resolve;
  qrx_node_class_add_input (klass, "in", "flow:angle[B, Q]", "angles");
  qrx_node_class_add_input (klass, "noise", "noise?", "noise");
  qrx_node_class_add_output (klass, "out", "flow:expectation[B, M]", "expectations");
  qrx_node_class_add_integer (klass, "qubits", G_STRUCT_OFFSET (Part, qubits), 0, 20, 0, NULL, "0: as many as inputs");
  qrx_node_class_add_integer (klass, "layers", G_STRUCT_OFFSET (Part, layers), 1, 100, 3, NULL, "how many layers");
  qrx_node_class_add_choice (klass, "layout", G_STRUCT_OFFSET (Part, layout), "ring|chain", "what entangles");
  qrx_node_class_add_document (klass, "circuit", G_STRUCT_OFFSET (Part, circuit), "a whole circuit");
  qrx_node_class_add_exclusion (klass, "circuit", "layout, layers");
}

DEFINE_PART (PartLinear, part_linear, "linear", "Maps anything to what it is asked for")
static void
part_linear_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:any[B, I]", "inputs");
  qrx_node_class_add_output (klass, "out", "flow:any=quantity[B, W=width]", "outputs");
  qrx_node_class_add_integer (klass, "width", G_STRUCT_OFFSET (Part, width), 1, 64, 1, NULL, "how many outputs");
  qrx_node_class_add_choice (klass, "quantity", G_STRUCT_OFFSET (Part, quantity), "activation|prediction", "what they are");
}

DEFINE_PART (PartSame, part_same, "same", "Passes anything on")
static void
part_same_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:any[B, W]", "inputs");
  qrx_node_class_add_output (klass, "out", "flow:any[B, W]", "the same");
}

DEFINE_PART (PartGate, part_gate, "gate", "Takes one width only")
static void
part_gate_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:any[B, W=width]", "inputs");
  qrx_node_class_add_integer (klass, "width", G_STRUCT_OFFSET (Part, width), 1, 64, 3, NULL, "the width");
}

static gboolean
part_concat_resolve (QrxNode *node G_GNUC_UNUSED, QrxShapeScope *scope, GError **error)
{
  gint64 sum = 0;

  for (guint i = 0; i < qrx_shape_scope_get_n_links (scope, "in"); i++)
    {
      if (qrx_shape_scope_get_link (scope, "in", i, 1) < 0)
        return TRUE;
      sum += qrx_shape_scope_get_link (scope, "in", i, 1);
    }
  return qrx_shape_scope_set (scope, "W", sum, "the sum of the inputs' widths", error);
}

DEFINE_PART (PartConcat, part_concat, "concat", "Joins flows")
static void
part_concat_declare (QrxNodeClass *klass)
{
  klass->resolve = part_concat_resolve;
  qrx_node_class_add_input (klass, "in", "flow:any[B, V]*", "inputs");
  qrx_node_class_add_output (klass, "out", "flow:any[B, W]", "all of them");
}

DEFINE_PART (PartMonitor, part_monitor, "crowding", "Watches a flow")
static void
part_monitor_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:any[B, W]", "what is watched");
  qrx_node_class_add_output (klass, "out", "monitor", "the watch");
}

DEFINE_PART (PartTrainer, part_trainer, "trainer", "Fits a model")
static void
part_trainer_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:prediction[B, K]", "what is fitted");
  qrx_node_class_add_input (klass, "monitors", "monitor*", "what is watched");
  qrx_node_class_add_output (klass, "predictions", "predictions", "predictions");
  qrx_node_class_add_output (klass, "model", "model", "the model");
  qrx_node_class_add_output (klass, "history", "history", "the history");
}

DEFINE_PART (PartWriter, part_writer, "writer", "Writes a model")
static void
part_writer_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "model", "model", "a model");
}

static QrxRegistry *
new_registry (void)
{
  const GType types[] = {
    part_cohort_get_type (), part_split_get_type (),   part_encoder_get_type (), part_tanh_get_type (),
    part_sigmoid_get_type (), part_quantum_get_type (), part_linear_get_type (),  part_same_get_type (),
    part_concat_get_type (), part_monitor_get_type (), part_trainer_get_type (), part_writer_get_type (),
    part_gate_get_type (),
  };
  QrxRegistry *registry = qrx_registry_new ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;

      qrx_registry_add (registry, types[i], &error);
      g_assert_no_error (error);
    }
  return registry;
}
