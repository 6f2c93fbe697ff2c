/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run gives to its nodes. Nodes of one run share it and may use it from several threads at once; what it knows of
 * the world are the folders that data may lie in and that results go to. */
#include "base/qrx-context-private.h"

G_DEFINE_FINAL_TYPE (QrxContext, qrx_context, G_TYPE_OBJECT)

enum {
  PROP_SEED = 1,
  PROP_N_THREADS,
  PROP_BASE_DIRECTORY,
  PROP_DATA_DIRECTORY,
  PROP_OUTPUT_DIRECTORY,
  N_PROPERTIES
};

enum {
  SIGNAL_MESSAGE,
  SIGNAL_PROGRESS,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
qrx_context_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxContext *self = QRX_CONTEXT (object);

  switch (id)
    {
    case PROP_SEED:
      self->seed = g_value_get_uint64 (value);
      break;
    case PROP_N_THREADS:
      self->n_threads = g_value_get_uint (value);
      break;
    case PROP_BASE_DIRECTORY:
      self->base_directory = g_value_dup_string (value);
      break;
    case PROP_DATA_DIRECTORY:
      self->data_directory = g_value_dup_string (value);
      break;
    case PROP_OUTPUT_DIRECTORY:
      self->output_directory = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QrxContext *self = QRX_CONTEXT (object);

  switch (id)
    {
    case PROP_SEED:
      g_value_set_uint64 (value, self->seed);
      break;
    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;
    case PROP_BASE_DIRECTORY:
      g_value_set_string (value, self->base_directory);
      break;
    case PROP_DATA_DIRECTORY:
      g_value_set_string (value, self->data_directory);
      break;
    case PROP_OUTPUT_DIRECTORY:
      g_value_set_string (value, self->output_directory);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_context_constructed (GObject *object)
{
  QrxContext *self = QRX_CONTEXT (object);

  G_OBJECT_CLASS (qrx_context_parent_class)->constructed (object);
  if (self->n_threads == 0)
    self->n_threads = g_get_num_processors ();
  self->environment_directory = g_strdup (g_getenv ("QRX_DATA"));
  self->pool = qrx_pool_new (self->n_threads);
}

static void
qrx_context_finalize (GObject *object)
{
  QrxContext *self = QRX_CONTEXT (object);

  g_clear_pointer (&self->pool, qrx_pool_unref);
  g_hash_table_unref (self->inputs);
  g_ptr_array_unref (self->found);
  g_mutex_clear (&self->mutex);
  g_free (self->base_directory);
  g_free (self->data_directory);
  g_free (self->output_directory);
  g_free (self->environment_directory);
  G_OBJECT_CLASS (qrx_context_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * QrxContext:seed:
   *
   * The seed of the run, from which every random stream derives.
   */
  properties[PROP_SEED] = g_param_spec_uint64 ("seed", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * QrxContext:n-threads:
   *
   * The thread budget of the run; if it is constructed as 0, as many as there are processors.
   */
  properties[PROP_N_THREADS] = g_param_spec_uint ("n-threads", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  /**
   * QrxContext:base-directory:
   *
   * Where relative paths start, usually the folder of the pipeline file; %NULL is the working directory.
   */
  properties[PROP_BASE_DIRECTORY] = g_param_spec_string ("base-directory", NULL, NULL, NULL, flags);
  /**
   * QrxContext:data-directory:
   *
   * Where relative paths are looked for next, before the folder in the environment variable `QRX_DATA`.
   */
  properties[PROP_DATA_DIRECTORY] = g_param_spec_string ("data-directory", NULL, NULL, NULL, flags);
  /**
   * QrxContext:output-directory:
   *
   * Where the relative paths of files that nodes write start; %NULL is the working directory.
   */
  properties[PROP_OUTPUT_DIRECTORY] = g_param_spec_string ("output-directory", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
qrx_context_class_init (QrxContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = qrx_context_set_property;
  object_class->get_property = qrx_context_get_property;
  object_class->constructed = qrx_context_constructed;
  object_class->finalize = qrx_context_finalize;
  install_properties (object_class);

  /**
   * QrxContext::message:
   * @self: the context
   * @node: the id of the node that speaks
   * @text: what it says, one line
   *
   * Emitted in the thread of a node that has something to say to people. The detail is `note`, or `warning` where what it
   * says of a run that goes on is that something looks wrong.
   */
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", QRX_TYPE_CONTEXT, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * QrxContext::progress:
   * @self: the context
   * @node: the id of the node that works
   * @fraction: how much of its work is done, from 0 to 1
   * @text: what it is doing
   *
   * Emitted in the thread of a node that works for long.
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", QRX_TYPE_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                           3, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_STRING);
}

static void
qrx_context_init (QrxContext *self)
{
  g_mutex_init (&self->mutex);
  self->inputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->found = g_ptr_array_new_with_free_func (g_free);
}

/**
 * qrx_context_new:
 * @seed: the seed of the run
 * @n_threads: the thread budget; 0 for as many as there are processors
 * @base_directory: (nullable): where relative paths start; %NULL for the working directory
 * @data_directory: (nullable): where relative paths are looked for next
 *
 * Makes the context of one run.
 *
 * Returns: (transfer full): the context
 */
QrxContext *
qrx_context_new (guint64 seed, guint n_threads, const char *base_directory, const char *data_directory)
{
  return g_object_new (QRX_TYPE_CONTEXT, "seed", seed, "n-threads", n_threads, "base-directory", base_directory,
                       "data-directory", data_directory, NULL);
}

/**
 * qrx_context_get_seed:
 * @self: a context
 *
 * Gets the seed of the run.
 *
 * Returns: the seed
 */
guint64
qrx_context_get_seed (QrxContext *self)
{
  g_return_val_if_fail (QRX_IS_CONTEXT (self), 0);
  g_atomic_int_set (&self->seed_read, TRUE);
  return self->seed;
}

/**
 * qrx_context_get_n_threads:
 * @self: a context
 *
 * Gets the thread budget of the run.
 *
 * Returns: how many threads there are, at least one
 */
guint
qrx_context_get_n_threads (QrxContext *self)
{
  g_return_val_if_fail (QRX_IS_CONTEXT (self), 1);
  return self->n_threads;
}

/**
 * qrx_context_get_pool:
 * @self: a context
 *
 * Gets the threads of the run's budget.
 *
 * Returns: (transfer none): the pool
 */
QrxPool *
qrx_context_get_pool (QrxContext *self)
{
  g_return_val_if_fail (QRX_IS_CONTEXT (self), NULL);
  return self->pool;
}

/**
 * qrx_context_message:
 * @self: a context
 * @node: the id of the node that speaks
 * @text: what it says, one line
 *
 * Says something to people: emits [signal@Qrx.Context::message] with the detail `note`.
 */
void
qrx_context_message (QrxContext *self, const char *node, const char *text)
{
  g_return_if_fail (QRX_IS_CONTEXT (self) && node != NULL && text != NULL);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], g_quark_from_static_string ("note"), node, text);
}

/**
 * qrx_context_warn:
 * @self: a context
 * @node: the id of the node that speaks
 * @text: what looks wrong, and what would help, one line
 *
 * Tells people of what looks wrong in a run that goes on: emits [signal@Qrx.Context::message] with the detail `warning`.
 */
void
qrx_context_warn (QrxContext *self, const char *node, const char *text)
{
  g_return_if_fail (QRX_IS_CONTEXT (self) && node != NULL && text != NULL);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], g_quark_from_static_string ("warning"), node, text);
}

/**
 * qrx_context_progress:
 * @self: a context
 * @node: the id of the node that works
 * @fraction: how much of its work is done; what is beyond 0 and 1 is cut
 * @text: what it is doing
 *
 * Shows that work goes on: emits [signal@Qrx.Context::progress].
 */
void
qrx_context_progress (QrxContext *self, const char *node, double fraction, const char *text)
{
  g_return_if_fail (QRX_IS_CONTEXT (self) && node != NULL && text != NULL);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, node, CLAMP (fraction, 0.0, 1.0), text);
}
