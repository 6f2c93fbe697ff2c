/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The door to a node's vfuncs: what goes in is checked before, what comes out after, whatever language wrote them. */
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-property-private.h"

#include <string.h>

typedef struct {
  char *id;
  char *position;
} QrxNodePrivate;

enum {
  PROP_ID = 1,
  PROP_POSITION,
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QrxNode, qrx_node, G_TYPE_OBJECT)

static void
qrx_node_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QrxNodePrivate *priv = qrx_node_get_instance_private (QRX_NODE (object));

  switch (id)
    {
    case PROP_ID:
      priv->id = g_value_dup_string (value);
      break;
    case PROP_POSITION:
      priv->position = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_node_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QrxNode *self = QRX_NODE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, qrx_node_get_id (self));
      break;
    case PROP_POSITION:
      g_value_set_string (value, qrx_node_get_position (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qrx_node_finalize (GObject *object)
{
  QrxNodePrivate *priv = qrx_node_get_instance_private (QRX_NODE (object));

  qrx_node_free_stored_properties (object);
  g_free (priv->id);
  g_free (priv->position);
  G_OBJECT_CLASS (qrx_node_parent_class)->finalize (object);
}

static void
qrx_node_class_init (QrxNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = qrx_node_set_property;
  object_class->get_property = qrx_node_get_property;
  object_class->finalize = qrx_node_finalize;

  /**
   * QrxNode:id:
   *
   * The name of the node in its pipeline.
   */
  g_object_class_install_property (object_class, PROP_ID, g_param_spec_string ("id", NULL, NULL, NULL, flags));
  /**
   * QrxNode:position:
   *
   * Where the node is written, as "file:line:column".
   */
  g_object_class_install_property (object_class, PROP_POSITION,
                                   g_param_spec_string ("position", NULL, NULL, NULL, flags));
}

static void
qrx_node_init (QrxNode *self G_GNUC_UNUSED)
{
}

/**
 * qrx_node_get_id:
 * @self: a node
 *
 * Returns: the name of the node in its pipeline; its type's name if it was given none
 */
const char *
qrx_node_get_id (QrxNode *self)
{
  QrxNodePrivate *priv = qrx_node_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_NODE (self), NULL);
  return priv->id != NULL ? priv->id : qrx_node_get_type_name (self);
}

/**
 * qrx_node_get_position:
 * @self: a node
 *
 * Returns: (nullable): where the node is written, as "file:line:column"
 */
const char *
qrx_node_get_position (QrxNode *self)
{
  QrxNodePrivate *priv = qrx_node_get_instance_private (self);

  g_return_val_if_fail (QRX_IS_NODE (self), NULL);
  return priv->position;
}

/**
 * qrx_node_get_type_name:
 * @self: a node
 *
 * Returns: the type as pipeline files write it; the name of the GType where the class has none
 */
const char *
qrx_node_get_type_name (QrxNode *self)
{
  const char *name;

  g_return_val_if_fail (QRX_IS_NODE (self), NULL);
  name = qrx_node_class_get_name (QRX_NODE_GET_CLASS (self));
  return name != NULL ? name : G_OBJECT_TYPE_NAME (self);
}

gboolean
qrx_node_validate_properties (QrxNode *self, GError **error)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (QRX_NODE_GET_CLASS (self), &n);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, pspecs[i]->value_type);
      g_object_get_property (G_OBJECT (self), pspecs[i]->name, &value);
      if (!qrx_property_validate (pspecs[i], &value, error))
        {
          qrx_node_prefix_error (self, error);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * qrx_node_resolve:
 * @self: a node
 * @scope: the sizes that are known, which grow
 * @error: return location for an error
 *
 * Checks every property against its range and choices, then lets the node check them together and settle sizes.
 *
 * Fails with %QRX_PIPELINE_ERROR_VALUE or what the node's type reports; messages begin with position and id.
 *
 * Returns: whether nothing is wrong
 */
gboolean
qrx_node_resolve (QrxNode *self, QrxShapeScope *scope, GError **error)
{
  QrxNodeClass *klass;
  GError *reason = NULL;
  gboolean done;

  g_return_val_if_fail (QRX_IS_NODE (self), FALSE);

  if (!qrx_node_validate_properties (self, error))
    return FALSE;
  klass = QRX_NODE_GET_CLASS (self);
  if (klass->resolve == NULL)
    return TRUE;
  done = klass->resolve (self, scope, &reason);
  return qrx_node_check_call (self, done, reason, error);
}

/**
 * qrx_node_run:
 * @self: a node
 * @in: the values at its inputs
 * @out: an empty bundle that gets the outputs
 * @context: the run
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Runs a node: checks its properties and inputs, lets it work, checks what it made and freezes it.
 *
 * Fails with what the node's type reports, %QRX_RUN_ERROR_FAILED where it failed without saying why,
 * %QRX_RUN_ERROR_OUTPUT where it claims success without the outputs that it declares, or %G_IO_ERROR_CANCELLED.
 * Messages begin with position and id.
 *
 * Returns: whether @out has every output
 */
gboolean
qrx_node_run (QrxNode *self, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable, GError **error)
{
  QrxNodeClass *klass;
  GError *reason = NULL;
  gboolean done;

  g_return_val_if_fail (QRX_IS_NODE (self), FALSE);
  g_return_val_if_fail (QRX_IS_BUNDLE (in) && QRX_IS_BUNDLE (out) && QRX_IS_CONTEXT (context), FALSE);

  klass = QRX_NODE_GET_CLASS (self);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      qrx_node_prefix_error (self, error);
      return FALSE;
    }
  if (!qrx_node_validate_properties (self, error))
    return FALSE;
  if (!qrx_node_check_inputs (self, in, error))
    {
      qrx_node_prefix_error (self, error);
      return FALSE;
    }
  if (klass->run == NULL)
    {
      g_set_error_literal (&reason, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "its type has no run()");
      return qrx_node_check_call (self, FALSE, reason, error);
    }
  done = klass->run (self, in, out, context, cancellable, &reason);
  if (!qrx_node_check_call (self, done, reason, error))
    return FALSE;
  if (!qrx_node_check_outputs (self, in, out, error))
    {
      qrx_node_prefix_error (self, error);
      return FALSE;
    }
  return TRUE;
}
