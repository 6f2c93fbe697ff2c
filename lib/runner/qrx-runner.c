/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a graph: each node after those it depends on, each value no longer than it is needed. Knows nodes and values in
 * general, no type of either. */
#include "graph/qrx-infer-private.h"
#include "runner/qrx-runner-private.h"

#include "base/qrx-context-private.h"

enum {
  PROP_0,
  PROP_PIPELINE,
  PROP_CONTEXT,
  PROP_KEEP_VALUES,
  PROP_CACHE,
  N_PROPERTIES,
};

enum {
  NODE_STARTED,
  NODE_FINISHED,
  MESSAGE,
  PROGRESS,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (QrxRunner, qrx_runner, G_TYPE_OBJECT)

static void
emit_report (const char *node, GQuark kind, double fraction, const char *text, gpointer data)
{
  QrxRunner *self = data;
  double n_nodes = MAX (qrx_pipeline_get_n_nodes (self->pipeline), 1);

  if (kind != 0)
    {
      if (self->messages != NULL)
        qrx_run_messages_add (self->messages, node, kind, text);
      g_signal_emit (self, signals[MESSAGE], kind, node, text);
    }
  else
    g_signal_emit (self, signals[PROGRESS], 0, node, fraction, MIN ((self->n_done + fraction) / n_nodes, 1), text);
}

static void
on_message (QrxRunner *self, const char *node, const char *text)
{
  qrx_reports_take (self->reports, node, g_signal_get_invocation_hint (self->context)->detail, 0, text);
}

static void
on_progress (QrxRunner *self, const char *node, double fraction, const char *text)
{
  qrx_reports_take (self->reports, node, 0, CLAMP (fraction, 0, 1), text);
}

static void
qrx_runner_constructed (GObject *object)
{
  QrxRunner *self = QRX_RUNNER (object);

  G_OBJECT_CLASS (qrx_runner_parent_class)->constructed (object);
  if (self->context == NULL)
    self->context = qrx_context_new (qrx_pipeline_get_seed (self->pipeline), 0,
                                     qrx_pipeline_get_base_directory (self->pipeline), NULL);
}

static void
qrx_runner_finalize (GObject *object)
{
  QrxRunner *self = QRX_RUNNER (object);

  g_clear_object (&self->pipeline);
  g_clear_object (&self->context);
  g_clear_object (&self->cache);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_clear_pointer (&self->reports, qrx_reports_free);
  G_OBJECT_CLASS (qrx_runner_parent_class)->finalize (object);
}

static void
qrx_runner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QrxRunner *self = QRX_RUNNER (object);

  switch (id)
    {
    case PROP_PIPELINE:
      g_value_set_object (value, self->pipeline);
      break;
    case PROP_CONTEXT:
      g_value_set_object (value, self->context);
      break;
    case PROP_KEEP_VALUES:
      g_value_set_boolean (value, self->keep_values);
      break;
    case PROP_CACHE:
      g_value_set_object (value, self->cache);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_runner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxRunner *self = QRX_RUNNER (object);

  switch (id)
    {
    case PROP_PIPELINE:
      self->pipeline = g_value_dup_object (value);
      break;
    case PROP_CONTEXT:
      self->context = g_value_dup_object (value);
      break;
    case PROP_KEEP_VALUES:
      self->keep_values = g_value_get_boolean (value);
      break;
    case PROP_CACHE:
      self->cache = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_signals (GType type)
{
  /**
   * QrxRunner::node-started:
   * @self: the runner
   * @node: the node that runs next
   *
   * Emitted before a node runs.
   */
  signals[NODE_STARTED] =
      g_signal_new ("node-started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, QRX_TYPE_NODE);
  /**
   * QrxRunner::node-finished:
   * @self: the runner
   * @node: the node that ran
   * @outputs: the values at its outputs
   *
   * Emitted after a node has run.
   */
  signals[NODE_FINISHED] = g_signal_new ("node-finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         QRX_TYPE_NODE, QRX_TYPE_BUNDLE);
  /**
   * QrxRunner::message:
   * @self: the runner
   * @node: the id of the node that speaks
   * @text: what it says
   *
   * Emitted when a node has something to say, with the detail of [signal@Qrx.Context::message]: connect to
   * `message::warning` to hear of what looks wrong alone.
   */
  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * QrxRunner::progress:
   * @self: the runner
   * @node: the id of the node that runs
   * @fraction: how much of it is done, 0 to 1
   * @whole: how much of the pipeline is done, 0 to 1
   * @text: what it is doing
   *
   * Emitted as a node gets on.
   */
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                                    G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_STRING);
}

static void
qrx_runner_class_init (QrxRunnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = qrx_runner_constructed;
  object_class->finalize = qrx_runner_finalize;
  object_class->get_property = qrx_runner_get_property;
  object_class->set_property = qrx_runner_set_property;
  /**
   * QrxRunner:pipeline:
   *
   * What is run.
   */
  properties[PROP_PIPELINE] = g_param_spec_object ("pipeline", NULL, NULL, QRX_TYPE_PIPELINE, flags);
  /**
   * QrxRunner:context:
   *
   * Seed, threads and data folders; if not given, the pipeline's seed and folder and all processors.
   */
  properties[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, QRX_TYPE_CONTEXT, flags);
  /**
   * QrxRunner:keep-values:
   *
   * Whether every value stays until the runner is freed or run again.
   */
  properties[PROP_KEEP_VALUES] = g_param_spec_boolean ("keep-values", NULL, NULL, FALSE, flags);
  /**
   * QrxRunner:cache:
   *
   * What other runs computed that this one may take, and leaves for others.
   */
  properties[PROP_CACHE] = g_param_spec_object ("cache", NULL, NULL, QRX_TYPE_RUN_CACHE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
qrx_runner_init (QrxRunner *self)
{
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->reports = qrx_reports_new (emit_report, self);
}

/**
 * qrx_runner_new:
 * @pipeline: what to run
 * @context: (nullable): seed, threads and data folders; %NULL for the pipeline's seed and folder, and all processors
 *
 * Makes a runner.
 *
 * Returns: (transfer full): the runner
 */
QrxRunner *
qrx_runner_new (QrxPipeline *pipeline, QrxContext *context)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (pipeline), NULL);
  g_return_val_if_fail (context == NULL || QRX_IS_CONTEXT (context), NULL);
  return g_object_new (QRX_TYPE_RUNNER, "pipeline", pipeline, "context", context, NULL);
}

static QrxBundle *
compute (QrxRunner *self, QrxNode *node, char **key, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_runner_collect_inputs (self, node);
  g_autoptr (QrxBundle) out = qrx_bundle_new ();
  g_autoptr (QrxShapeScope) scope = NULL;
  g_autoptr (GPtrArray) messages = qrx_run_messages_new ();
  gboolean ran;

  /* What only data know is checked here, where a message can name where they come from. */
  scope = qrx_node_infer_in (node, in, self->pipeline, error);
  if (scope == NULL)
    return NULL;
  qrx_context_watch (self->context);
  self->messages = messages;
  ran = qrx_node_run (node, in, out, self->context, cancellable, error);
  qrx_reports_deliver (self->reports);
  self->messages = NULL;
  if (!ran)
    return NULL;
  if (*key != NULL)
    qrx_run_cache_add (self->cache, key, out, messages, self->context);
  return g_steal_pointer (&out);
}

static gboolean
run_node (QrxRunner *self, QrxNode *node, GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxBundle) out = NULL;
  g_autofree char *key = qrx_runner_make_cache_key (self, node);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_signal_emit (self, signals[NODE_STARTED], 0, node);
  out = qrx_runner_take_from_cache (self, &key);
  if (out == NULL)
    out = compute (self, node, &key, cancellable, error);
  if (out == NULL)
    return FALSE;
  if (key != NULL)
    g_hash_table_replace (self->keys, g_strdup (qrx_node_get_id (node)), g_steal_pointer (&key));
  qrx_runner_keep_outputs (self, node, out);
  qrx_runner_release_inputs (self, node);
  self->n_done++;
  g_signal_emit (self, signals[NODE_FINISHED], 0, node, out);
  return TRUE;
}

static gboolean
run_all (QrxRunner *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (self->pipeline); i++)
    if (!run_node (self, qrx_pipeline_get_node (self->pipeline, i), cancellable, error))
      return FALSE;
  return TRUE;
}

/**
 * qrx_runner_run:
 * @self: a runner
 * @cancellable: (nullable): to stop the run from elsewhere
 * @error: return location for an error
 *
 * Validates the pipeline and runs its nodes, each after those that it depends on, in the thread of the caller, where
 * all signals are emitted, too. Values are let go when no node needs them any more, but for those that no link takes,
 * which are the results. Fails as the validation or the first failing node does, and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether all nodes have run
 */
gboolean
qrx_runner_run (QrxRunner *self, GCancellable *cancellable, GError **error)
{
  gulong message, progress;
  gboolean success;

  g_return_val_if_fail (QRX_IS_RUNNER (self), FALSE);
  g_return_val_if_fail (!self->running, FALSE);
  if (!qrx_pipeline_validate (self->pipeline, NULL, error))
    return FALSE;
  g_hash_table_remove_all (self->values);
  self->n_done = 0;
  self->running = TRUE;
  qrx_runner_count_links (self);
  qrx_reports_set_thread (self->reports, g_thread_self ());
  message = g_signal_connect_swapped (self->context, "message", G_CALLBACK (on_message), self);
  progress = g_signal_connect_swapped (self->context, "progress", G_CALLBACK (on_progress), self);
  success = run_all (self, cancellable, error);
  g_signal_handler_disconnect (self->context, message);
  g_signal_handler_disconnect (self->context, progress);
  qrx_reports_deliver (self->reports);
  self->running = FALSE;
  return success;
}

/**
 * qrx_runner_get_value:
 * @self: a runner
 * @node: a node's id
 * @port: the name of one of its outputs
 *
 * Gets a value that is still there: one that no link takes, or any with #QrxRunner:keep-values.
 *
 * Returns: (transfer none) (nullable): the value
 */
QrxValue *
qrx_runner_get_value (QrxRunner *self, const char *node, const char *port)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (QRX_IS_RUNNER (self) && node != NULL && port != NULL, NULL);
  key = g_strconcat (node, ".", port, NULL);
  return g_hash_table_lookup (self->values, key);
}

/**
 * qrx_runner_get_context:
 * @self: a runner
 *
 * Gets the context of its runs.
 *
 * Returns: (transfer none): the context
 */
QrxContext *
qrx_runner_get_context (QrxRunner *self)
{
  g_return_val_if_fail (QRX_IS_RUNNER (self), NULL);
  return self->context;
}

/**
 * qrx_runner_get_pipeline:
 * @self: a runner
 *
 * Returns: (transfer none): the pipeline that it runs
 */
QrxPipeline *
qrx_runner_get_pipeline (QrxRunner *self)
{
  g_return_val_if_fail (QRX_IS_RUNNER (self), NULL);
  return self->pipeline;
}
