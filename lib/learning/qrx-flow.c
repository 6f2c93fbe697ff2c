/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A flow remembers how it was composed, and computes nothing. Keras' functional API is the precedent. */
#include "graph/qrx-infer-private.h"
#include "learning/qrx-flow-private.h"

G_DEFINE_FINAL_TYPE (QrxFlow, qrx_flow, QRX_TYPE_VALUE)

static void
qrx_flow_finalize (GObject *object)
{
  QrxFlow *self = QRX_FLOW (object);

  g_clear_object (&self->table);
  g_clear_object (&self->layer);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->annotation, qrx_annotation_unref);
  g_clear_object (&self->captured);
  g_clear_object (&self->graft);
  g_free (self->graft_id);
  g_free (self->quantity);
  G_OBJECT_CLASS (qrx_flow_parent_class)->finalize (object);
}

static const char *
qrx_flow_get_quantity (QrxValue *value)
{
  return QRX_FLOW (value)->quantity;
}

static gint64
qrx_flow_get_dim (QrxValue *value, guint axis)
{
  QrxFlow *self = QRX_FLOW (value);

  if (axis == 0)
    return (gint64) qrx_table_get_n_rows (self->table);
  return axis == 1 ? (gint64) self->width : -1;
}

static char *
qrx_flow_describe (QrxValue *value)
{
  QrxFlow *self = QRX_FLOW (value);

  return g_strdup_printf ("flow:%s[%" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT "]", self->quantity,
                          qrx_table_get_n_rows (self->table), self->width);
}

static void
qrx_flow_class_init (QrxFlowClass *klass)
{
  QrxValueClass *value_class = QRX_VALUE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qrx_flow_finalize;
  value_class->kind = "flow";
  value_class->get_quantity = qrx_flow_get_quantity;
  value_class->get_dim = qrx_flow_get_dim;
  value_class->describe = qrx_flow_describe;
}

static void
qrx_flow_init (QrxFlow *self)
{
  self->inputs = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * qrx_flow_new_source:
 * @table: a split table
 *
 * Makes the flow of a table's own features.
 *
 * Returns: (transfer full): the flow
 */
QrxFlow *
qrx_flow_new_source (QrxTable *table)
{
  QrxFlow *self;

  g_return_val_if_fail (QRX_IS_TABLE (table), NULL);
  self = g_object_new (QRX_TYPE_FLOW, NULL);
  self->table = g_object_ref (table);
  self->quantity = g_strdup ("feature");
  self->width = qrx_table_get_n_features (table);
  qrx_value_freeze (QRX_VALUE (self));
  return self;
}

QrxFlow *
qrx_flow_new_annotation (QrxTable *table, QrxAnnotation *annotation, GError **error)
{
  g_autofree int *codes = qrx_annotation_encode (annotation, table, error);

  return codes != NULL ? qrx_flow_imagine_annotation (table, annotation) : NULL;
}

QrxFlow *
qrx_flow_imagine_annotation (QrxTable *table, QrxAnnotation *annotation)
{
  QrxFlow *self = g_object_new (QRX_TYPE_FLOW, NULL);

  self->table = g_object_ref (table);
  self->annotation = qrx_annotation_ref (annotation);
  self->quantity = g_strdup (annotation->known ? "known-category" : "category");
  self->width = annotation->n;
  qrx_value_freeze (QRX_VALUE (self));
  return self;
}

void
qrx_flow_warn_of_unseen (QrxFlow *self, QrxContext *context)
{
  for (guint i = 0; i < self->inputs->len; i++)
    {
      QrxFlow *input = self->inputs->pdata[i];
      g_autofree int *codes = input->annotation != NULL ? qrx_annotation_encode (input->annotation, input->table, NULL) : NULL;
      g_autofree char *text = NULL;

      if (codes != NULL)
        text = qrx_annotation_describe_unseen (input->annotation, codes, input->table, "they are zero in all of its columns");
      if (text != NULL)
        qrx_context_warn (context, qrx_node_get_id (QRX_NODE (self->layer)), text);
    }
}

/**
 * qrx_flow_from_value:
 * @value: a flow or a split table
 * @error: return location for an error
 *
 * Gets the flow that a value stands for.
 *
 * Returns: (transfer full): the flow
 */
QrxFlow *
qrx_flow_from_value (QrxValue *value, GError **error)
{
  g_return_val_if_fail (QRX_IS_VALUE (value), NULL);
  if (QRX_IS_FLOW (value))
    return g_object_ref (QRX_FLOW (value));
  if (QRX_IS_TABLE (value) && qrx_table_is_split (QRX_TABLE (value)))
    return qrx_flow_new_source (QRX_TABLE (value));
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "a flow or a split table is needed, not a %s%s",
               qrx_value_get_kind (value), QRX_IS_TABLE (value) ? " without roles; put a `split` between" : "");
  return NULL;
}

/* What a value is at a port: the features of a table, or the annotation that the port takes. */
static QrxFlow *
flow_for_port (QrxFlow *self, QrxPort *port, QrxValue *value, GError **error)
{
  const QrxPortSpec *spec = qrx_port_get_spec (port);
  g_autofree char *name = NULL;
  g_auto (GStrv) categories = NULL;
  g_autoptr (QrxAnnotation) annotation = NULL;

  if (!QRX_IS_TABLE (value) || !qrx_port_spec_takes_categories (spec))
    return qrx_flow_from_value (value, error);
  name = qrx_node_dup_annotation (QRX_NODE (self->layer), port);
  categories = qrx_table_dup_categories (QRX_TABLE (value), name, error);
  if (categories == NULL)
    return NULL;
  annotation = qrx_annotation_new (name, (const char *const *) categories,
                                   g_str_equal (qrx_port_spec_get_quantity (spec), "known-category"));
  return qrx_flow_new_annotation (QRX_TABLE (value), annotation, error);
}

/* Appends the flow of a value, holding it to the table of those before it. */
static gboolean
add_input (QrxFlow *self, QrxPort *port, QrxValue *value, GError **error)
{
  g_autoptr (QrxFlow) flow = flow_for_port (self, port, value, error);

  if (flow == NULL)
    return FALSE;
  if (self->table == NULL)
    self->table = g_object_ref (flow->table);
  else if (self->table != flow->table)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "flows join only over the same table; these begin at different ones (%" G_GSIZE_FORMAT
                   " and %" G_GSIZE_FORMAT " rows): split once, and let both begin there",
                   qrx_table_get_n_rows (self->table), qrx_table_get_n_rows (flow->table));
      return FALSE;
    }
  g_ptr_array_add (self->inputs, g_steal_pointer (&flow));
  return TRUE;
}

static gboolean
collect (QrxFlow *self, QrxBundle *in, GError **error)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (self->layer);

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      const char *name = qrx_port_get_name (port);
      gboolean is_flow = g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "flow");

      if (qrx_port_is_output (port))
        continue;
      for (guint k = 0; k < qrx_bundle_get_length (in, name); k++)
        {
          QrxValue *value = qrx_bundle_get_nth (in, name, k);

          if (!is_flow)
            qrx_bundle_append (self->captured, name, value);
          else if (!add_input (self, port, value, error))
            return FALSE;
        }
    }
  if (self->inputs->len == 0)
    {
      g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED, "nothing flows in");
      return FALSE;
    }
  return TRUE;
}

/**
 * qrx_flow_compose:
 * @layer: a layer
 * @in: the values at its inputs
 * @error: return location for an error
 *
 * Composes the flows at a layer's inputs with the layer.
 *
 * Returns: (transfer full): the flow that comes out
 */
QrxFlow *
qrx_flow_compose (QrxLayer *layer, QrxBundle *in, GError **error)
{
  g_autoptr (QrxShapeScope) scope = NULL;
  g_autoptr (QrxFlow) self = NULL;
  const char *quantity;
  gint64 width;

  g_return_val_if_fail (QRX_IS_LAYER (layer) && QRX_IS_BUNDLE (in), NULL);

  scope = qrx_node_infer (QRX_NODE (layer), in, error);
  if (scope == NULL)
    return NULL;
  self = g_object_new (QRX_TYPE_FLOW, NULL);
  self->layer = g_object_ref (layer);
  self->captured = qrx_bundle_new ();
  if (!collect (self, in, error))
    return NULL;
  width = qrx_shape_scope_get_output (scope, "out", 1);
  quantity = qrx_shape_scope_get_quantity (scope, "out");
  if (width < 1)
    {
      g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                           "the width of the output is still open when data arrive: resolve() must settle it");
      return NULL;
    }
  self->width = (gsize) width;
  self->quantity = g_strdup (quantity != NULL ? quantity : "any");
  return g_steal_pointer (&self);
}

/**
 * qrx_flow_get_table:
 * @self: a flow
 *
 * Returns: (transfer none): the table at which the flow begins
 */
QrxTable *
qrx_flow_get_table (QrxFlow *self)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), NULL);
  return self->table;
}

/**
 * qrx_flow_get_layer:
 * @self: a flow
 *
 * Returns: (nullable) (transfer none): the last layer; %NULL for a table's own features
 */
QrxLayer *
qrx_flow_get_layer (QrxFlow *self)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), NULL);
  return self->layer;
}

/**
 * qrx_flow_get_n_inputs:
 * @self: a flow
 *
 * Returns: how many flows the last layer takes
 */
guint
qrx_flow_get_n_inputs (QrxFlow *self)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), 0);
  return self->inputs->len;
}

/**
 * qrx_flow_get_input:
 * @self: a flow
 * @i: which input of the last layer
 *
 * Returns: (transfer none): the flow that comes in there
 */
QrxFlow *
qrx_flow_get_input (QrxFlow *self, guint i)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), NULL);
  g_return_val_if_fail (i < self->inputs->len, NULL);
  return self->inputs->pdata[i];
}

/**
 * qrx_flow_get_captured:
 * @self: a flow
 * @port: an input port of the last layer that is not a flow
 *
 * Returns: (nullable) (transfer none): the value there
 */
QrxValue *
qrx_flow_get_captured (QrxFlow *self, const char *port)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), NULL);
  return self->captured != NULL ? qrx_bundle_get (self->captured, port) : NULL;
}

/**
 * qrx_flow_get_width:
 * @self: a flow
 *
 * Returns: the number of columns
 */
gsize
qrx_flow_get_width (QrxFlow *self)
{
  g_return_val_if_fail (QRX_IS_FLOW (self), 0);
  return self->width;
}
