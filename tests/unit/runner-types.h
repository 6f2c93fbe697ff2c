/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value that counts its kind, and nodes that make, add, narrow, fail, forget, cancel and speak from a thread. */
#pragma once

#include <qrx/qrx-runner.h>

/* A number that travels, and that counts how many of its kind are alive. */
#define TEST_TYPE_NUMBER (test_number_get_type ())
G_DECLARE_FINAL_TYPE (TestNumber, test_number, TEST, NUMBER, QrxValue)
struct _TestNumber {
  QrxValue parent_instance;
  double value;
  gint64 width; /* of the second axis; −1: no axes */
};
G_DEFINE_FINAL_TYPE (TestNumber, test_number, QRX_TYPE_VALUE)

static guint n_alive, most_alive;

static gint64
test_number_get_dim (QrxValue *value, guint axis)
{
  gint64 width = TEST_NUMBER (value)->width;

  return width < 0 || axis > 1 ? -1 : axis == 0 ? 10 : width;
}

static void
test_number_finalize (GObject *object)
{
  n_alive--;
  G_OBJECT_CLASS (test_number_parent_class)->finalize (object);
}

static const char *
number_quantity (QrxValue *value G_GNUC_UNUSED)
{
  return "feature";
}

static void
test_number_class_init (TestNumberClass *klass)
{
  QRX_VALUE_CLASS (klass)->kind = "flow";
  QRX_VALUE_CLASS (klass)->get_quantity = number_quantity;
  QRX_VALUE_CLASS (klass)->get_dim = test_number_get_dim;
  G_OBJECT_CLASS (klass)->finalize = test_number_finalize;
}

static void
test_number_init (TestNumber *self)
{
  self->width = -1;
  n_alive++;
  most_alive = MAX (most_alive, n_alive);
}

typedef struct {
  QrxNode parent_instance;
  double value;
  gint64 width;
  gint64 takes;
} TestNode;
typedef struct {
  QrxNodeClass parent_class;
} TestNodeClass;

static void
put (QrxBundle *out, const char *port, double value, gint64 width)
{
  g_autoptr (TestNumber) number = g_object_new (TEST_TYPE_NUMBER, NULL);

  number->value = value;
  number->width = width;
  qrx_bundle_set (out, port, QRX_VALUE (number));
}

#define DEFINE_NODE(Name, name, label)                                                                                 \
  typedef TestNode Name;                                                                                               \
  typedef TestNodeClass Name##Class;                                                                                   \
  GType name##_get_type (void);                                                                                        \
  static void name##_declare (QrxNodeClass *klass);                                                                    \
  static gboolean name##_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context,                       \
                              GCancellable *cancellable, GError **error);                                              \
  G_DEFINE_TYPE (Name, name, QRX_TYPE_NODE)                                                                            \
  static void name##_class_init (Name##Class *node_class)                                                              \
  {                                                                                                                    \
    QrxNodeClass *klass = QRX_NODE_CLASS (node_class);                                                                 \
    qrx_node_class_set_name (klass, label);                                                                            \
    qrx_node_class_set_category (klass, "test");                                                                       \
    qrx_node_class_set_summary (klass, "Is a node of a test");                                                         \
    klass->run = name##_run;                                                                                           \
    name##_declare (klass);                                                                                            \
  }                                                                                                                    \
  static void name##_init (Name *self G_GNUC_UNUSED)                                                                   \
  {                                                                                                                    \
  }

DEFINE_NODE (SourceNode, source_node, "source")
static void
source_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_output (klass, "out", "flow:feature[B, W]", "a number");
  qrx_node_class_add_double (klass, "value", G_STRUCT_OFFSET (TestNode, value), -1000, 1000, 1, NULL, "the number");
  qrx_node_class_add_integer (klass, "width", G_STRUCT_OFFSET (TestNode, width), -1, 100, -1, NULL, "only data know it");
}
static gboolean
source_node_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                 GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  TestNode *self = (TestNode *) node;

  qrx_context_progress (context, qrx_node_get_id (node), 0.5, "half way");
  put (out, "out", self->value, self->width);
  return TRUE;
}

DEFINE_NODE (AdderNode, adder_node, "adder")
static void
adder_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:feature[B, V]*", "numbers");
  qrx_node_class_add_output (klass, "out", "flow:feature[B, W]", "their sum");
}
static gboolean
adder_node_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable G_GNUC_UNUSED,
                GError **error G_GNUC_UNUSED)
{
  double sum = 0;

  for (guint i = 0; i < qrx_bundle_get_length (in, "in"); i++)
    {
      QrxValue *value = qrx_bundle_get_nth (in, "in", i);

      g_assert_true (qrx_value_is_frozen (value));
      sum = 10 * sum + TEST_NUMBER (value)->value;
    }
  qrx_context_message (context, qrx_node_get_id (node), "adding");
  put (out, "out", sum, -1);
  return TRUE;
}

DEFINE_NODE (NarrowNode, narrow_node, "narrow")
static void
narrow_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:feature[B, Q=takes]", "a number");
  qrx_node_class_add_output (klass, "out", "flow:feature[B, Q]", "the same");
  qrx_node_class_add_integer (klass, "takes", G_STRUCT_OFFSET (TestNode, takes), 1, 100, 4, NULL, "the width it takes");
}
static gboolean
narrow_node_run (QrxNode *node G_GNUC_UNUSED, QrxBundle *in, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
                 GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  qrx_bundle_set (out, "out", qrx_bundle_get (in, "in"));
  return TRUE;
}

DEFINE_NODE (FailNode, fail_node, "fail")
static void
fail_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_input (klass, "in", "flow:feature[B, W]?", "a number");
}
static gboolean
fail_node_run (QrxNode *node G_GNUC_UNUSED, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out G_GNUC_UNUSED,
               QrxContext *context G_GNUC_UNUSED, GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_NOT_FINITE, "found a loss that is not finite");
  return FALSE;
}

DEFINE_NODE (ForgetNode, forget_node, "forget")
static void
forget_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_output (klass, "out", "flow:feature[B, W]", "never set");
}
static gboolean
forget_node_run (QrxNode *node G_GNUC_UNUSED, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out G_GNUC_UNUSED,
                 QrxContext *context G_GNUC_UNUSED, GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

DEFINE_NODE (StopNode, stop_node, "stop")
static void
stop_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_output (klass, "out", "flow:feature[B, W]", "a number");
}
static gboolean
stop_node_run (QrxNode *node G_GNUC_UNUSED, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context G_GNUC_UNUSED,
               GCancellable *cancellable, GError **error G_GNUC_UNUSED)
{
  g_cancellable_cancel (cancellable);
  put (out, "out", 0, -1);
  return TRUE;
}

typedef struct {
  QrxContext *context;
  const char *node;
} Speaker;

static gpointer
speak (gpointer data)
{
  Speaker *speaker = data;

  qrx_context_message (speaker->context, speaker->node, "from elsewhere");
  return NULL;
}

DEFINE_NODE (ThreadNode, thread_node, "thread")
static void
thread_node_declare (QrxNodeClass *klass)
{
  qrx_node_class_add_output (klass, "out", "flow:feature[B, W]", "a number");
}
static gboolean
thread_node_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                 GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  Speaker speaker = { context, qrx_node_get_id (node) };

  g_thread_join (g_thread_new ("speaker", speak, &speaker));
  qrx_context_message (context, qrx_node_get_id (node), "from here");
  put (out, "out", 0, -1);
  return TRUE;
}
