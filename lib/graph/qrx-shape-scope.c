/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node's view on the sizes of a graph: its own symbols, and what its links carry. Knows one node's class, not the graph. */
#include "graph/qrx-shape-scope-private.h"

G_DEFINE_FINAL_TYPE (QrxShapeScope, qrx_shape_scope, G_TYPE_OBJECT)

static void
qrx_shape_scope_finalize (GObject *object)
{
  QrxShapeScope *self = QRX_SHAPE_SCOPE (object);

  g_clear_pointer (&self->klass, g_type_class_unref);
  g_clear_object (&self->node);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->sizes, qrx_unify_unref);
  g_clear_pointer (&self->symbols, g_hash_table_unref);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  G_OBJECT_CLASS (qrx_shape_scope_parent_class)->finalize (object);
}

static void
qrx_shape_scope_class_init (QrxShapeScopeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_shape_scope_finalize;
}

static void
qrx_shape_scope_init (QrxShapeScope *self)
{
  self->symbols = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_scope_link_free);
  self->blamed = -1;
}

/* A symbol's size from the property it is bound to; 0 and less leave it open. */
static void
settle_from_property (QrxShapeScope *self, guint size, const char *property)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_CLASS (self->klass), property);
  g_auto (GValue) value = G_VALUE_INIT, number = G_VALUE_INIT;
  g_autofree char *origin = NULL;

  if (self->node == NULL || pspec == NULL || !g_value_type_transformable (pspec->value_type, G_TYPE_INT64))
    return;
  g_value_init (&value, pspec->value_type);
  g_value_init (&number, G_TYPE_INT64);
  g_object_get_property (G_OBJECT (self->node), property, &value);
  if (!g_value_transform (&value, &number) || g_value_get_int64 (&number) <= 0)
    return;
  origin = g_strdup_printf ("%s.%s = %" G_GINT64_FORMAT, self->id, property, g_value_get_int64 (&number));
  qrx_unify_settle (self->sizes, size, g_value_get_int64 (&number), origin);
}

/* The key of an axis in the table of symbols. */
static const char *
axis_key (const QrxPortSpec *spec, guint axis, char number[32])
{
  const char *symbol = qrx_port_spec_get_symbol (spec, axis);

  if (symbol != NULL)
    return symbol;
  g_snprintf (number, 32, "%" G_GINT64_FORMAT, qrx_port_spec_get_size (spec, axis));
  return number;
}

guint
qrx_shape_scope_new_axis_size (QrxShapeScope *self, const QrxPortSpec *spec, guint axis)
{
  guint size = qrx_unify_add (self->sizes);

  if (qrx_port_spec_get_symbol_property (spec, axis) != NULL)
    settle_from_property (self, size, qrx_port_spec_get_symbol_property (spec, axis));
  else if (qrx_port_spec_get_symbol (spec, axis) == NULL)
    qrx_unify_settle (self->sizes, size, qrx_port_spec_get_size (spec, axis), NULL);
  return size;
}

guint
qrx_shape_scope_get_axis_size (QrxShapeScope *self, const QrxPortSpec *spec, guint axis)
{
  char number[32];

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->symbols, axis_key (spec, axis, number)));
}

guint
qrx_shape_scope_get_rank (const QrxPortSpec *spec)
{
  return MIN (qrx_port_spec_get_rank (spec), QRX_SOURCE_MAX_RANK);
}

static void
add_symbols (QrxShapeScope *self, const QrxPortSpec *spec, gboolean bound)
{
  char number[32];

  for (guint axis = 0; axis < qrx_shape_scope_get_rank (spec); axis++)
    {
      const char *key = axis_key (spec, axis, number);

      if ((qrx_port_spec_get_symbol_property (spec, axis) != NULL) != bound || g_hash_table_contains (self->symbols, key))
        continue;
      g_hash_table_insert (self->symbols, g_strdup (key), GUINT_TO_POINTER (qrx_shape_scope_new_axis_size (self, spec, axis)));
    }
}

QrxShapeScope *
qrx_shape_scope_new (QrxNodeClass *klass, QrxNode *node, const char *id, QrxUnify *sizes)
{
  QrxShapeScope *self = g_object_new (QRX_TYPE_SHAPE_SCOPE, NULL);

  self->klass = g_type_class_ref (G_TYPE_FROM_CLASS (klass));
  self->node = node != NULL ? g_object_ref (node) : NULL;
  self->id = g_strdup (id);
  self->sizes = qrx_unify_ref (sizes);
  /* A symbol bound in one port is bound in all. */
  for (int bound = TRUE; bound >= FALSE; bound--)
    for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
      add_symbols (self, qrx_port_get_spec (qrx_node_class_get_port (klass, i)), bound);
  return self;
}

/* A property that names a quantity, or NULL where it leaves it open. */
static char *
dup_quantity_property (QrxShapeScope *self, const char *property)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_CLASS (self->klass), property);
  g_autofree char *quantity = NULL;

  if (self->node == NULL || pspec == NULL || pspec->value_type != G_TYPE_STRING)
    return NULL;
  g_object_get (self->node, property, &quantity, NULL);
  if (quantity == NULL || *quantity == '\0' || g_str_equal (quantity, "any"))
    return NULL;
  return g_steal_pointer (&quantity);
}

static const QrxScopeLink *
find_link (QrxShapeScope *self, const char *port, guint i)
{
  for (guint k = 0; k < self->links->len; k++)
    {
      const QrxScopeLink *link = g_ptr_array_index (self->links, k);

      if (g_str_equal (qrx_port_get_name (link->port), port) && i-- == 0)
        return link;
    }
  return NULL;
}

/* What the first flow input that has a link carries. */
static const char *
first_flow_quantity (QrxShapeScope *self)
{
  for (guint i = 0; i < qrx_node_class_get_n_ports (self->klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (self->klass, i);
      const QrxScopeLink *link = qrx_port_is_output (port) ? NULL : find_link (self, qrx_port_get_name (port), 0);

      if (link != NULL && g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "flow"))
        return qrx_source_get_quantity_for (&link->source, "flow", qrx_port_spec_get_quantity (qrx_port_get_spec (port)));
    }
  return NULL;
}

/* The quantity that a port demands or carries; interned, "any" where it is open. */
const char *
qrx_shape_scope_get_port_quantity (QrxShapeScope *self, QrxPort *port)
{
  const QrxPortSpec *spec = qrx_port_get_spec (port);
  const char *quantity = qrx_port_spec_get_quantity (spec);
  g_autofree char *named = NULL;

  if (quantity == NULL || !g_str_equal (quantity, "any"))
    return quantity;
  if (qrx_port_spec_get_quantity_property (spec) != NULL)
    named = dup_quantity_property (self, qrx_port_spec_get_quantity_property (spec));
  if (named != NULL)
    return g_intern_string (named);
  if (qrx_port_is_output (port) && first_flow_quantity (self) != NULL)
    return g_intern_string (first_flow_quantity (self));
  return quantity;
}

void
qrx_shape_scope_get_source (QrxShapeScope *self, QrxPort *port, QrxSource *source)
{
  const QrxPortSpec *spec = qrx_port_get_spec (port);

  *source = (QrxSource){
    .node = self->id,
    .port = qrx_port_get_name (port),
    .kind = qrx_port_spec_get_kind (spec),
    .quantity = qrx_shape_scope_get_port_quantity (self, port),
    .rank = qrx_shape_scope_get_rank (spec),
  };
  for (guint axis = 0; axis < source->rank; axis++)
    {
      source->symbols[axis] = qrx_port_spec_get_symbol (spec, axis);
      source->sizes[axis] = qrx_shape_scope_get_axis_size (self, spec, axis);
    }
}

char *
qrx_shape_scope_dup_type (QrxShapeScope *self, QrxPort *port)
{
  QrxSource source;

  qrx_shape_scope_get_source (self, port, &source);
  return qrx_source_to_text (&source, self->sizes);
}


gint
qrx_shape_scope_get_blamed (QrxShapeScope *self)
{
  return self->blamed;
}

/* An input or, where there is none of that name, an output. */
static QrxPort *
find_port (QrxShapeScope *self, const char *name)
{
  QrxPort *port = qrx_node_class_find_port (self->klass, name, FALSE);

  return port != NULL ? port : qrx_node_class_find_port (self->klass, name, TRUE);
}

/**
 * qrx_shape_scope_get:
 * @self: a scope
 * @symbol: a symbol of the node's ports, such as "Q"
 *
 * Gets the size that a symbol of the node stands for. The links of a list port have sizes of their own,
 * see qrx_shape_scope_get_link().
 *
 * Returns: the size, or −1 while it is open
 */
gint64
qrx_shape_scope_get (QrxShapeScope *self, const char *symbol)
{
  gpointer size;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self) && symbol != NULL, -1);
  if (!g_hash_table_lookup_extended (self->symbols, symbol, NULL, &size))
    return -1;
  return qrx_unify_get_size (self->sizes, GPOINTER_TO_UINT (size));
}

/**
 * qrx_shape_scope_set:
 * @self: a scope
 * @symbol: a symbol of the node's ports, such as "Q"
 * @size: its size
 * @reason: where the size comes from, for messages: "the circuit has 4 inputs"
 * @error: return location for an error
 *
 * Settles a symbol. Fails with %QRX_PIPELINE_ERROR_LINK where it has another size already, by a link or by a property.
 *
 * Returns: whether the size agrees with all that is known
 */
gboolean
qrx_shape_scope_set (QrxShapeScope *self, const char *symbol, gint64 size, const char *reason, GError **error)
{
  g_autofree char *origin = NULL, *message = NULL;
  gpointer which;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self) && symbol != NULL && reason != NULL, FALSE);
  self->blamed = -1;
  if (!g_hash_table_lookup_extended (self->symbols, symbol, NULL, &which) || size < 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                   "the type \"%s\" sets \"%s\" to %" G_GINT64_FORMAT ", expected a symbol of its ports and a size",
                   qrx_node_class_get_name (self->klass), symbol, size);
      return FALSE;
    }
  origin = g_strdup_printf ("%s: %s", self->id, reason);
  if (qrx_unify_settle (self->sizes, GPOINTER_TO_UINT (which), size, origin))
    return TRUE;
  message = qrx_shape_scope_explain (self, symbol, GPOINTER_TO_UINT (which), size, reason);
  g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, message);
  return FALSE;
}

/**
 * qrx_shape_scope_get_n_links:
 * @self: a scope
 * @port: an input port
 *
 * Counts the links that arrive at a port.
 *
 * Returns: the number of links
 */
guint
qrx_shape_scope_get_n_links (QrxShapeScope *self, const char *port)
{
  guint n = 0;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self) && port != NULL, 0);
  while (find_link (self, port, n) != NULL)
    n++;
  return n;
}

/**
 * qrx_shape_scope_get_link:
 * @self: a scope
 * @port: an input port
 * @i: which of its links
 * @axis: an axis
 *
 * Gets a size of what one link carries.
 *
 * Returns: the size, or −1 while it is open
 */
gint64
qrx_shape_scope_get_link (QrxShapeScope *self, const char *port, guint i, guint axis)
{
  const QrxScopeLink *link;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self) && port != NULL, -1);
  link = find_link (self, port, i);
  if (link == NULL || axis >= qrx_shape_scope_get_rank (qrx_port_get_spec (link->port)))
    return -1;
  return qrx_unify_get_size (self->sizes, link->sizes[axis]);
}

/**
 * qrx_shape_scope_get_quantity:
 * @self: a scope
 * @port: a port; of an input and an output of one name, the input
 *
 * Gets the quantity that a port carries, such as "angle".
 *
 * Returns: (nullable): the quantity, %NULL if it has none or it is not known
 */
const char *
qrx_shape_scope_get_quantity (QrxShapeScope *self, const char *port)
{
  const QrxScopeLink *link;
  const QrxPortSpec *spec;
  const char *quantity;
  QrxPort *found;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self) && port != NULL, NULL);
  found = find_port (self, port);
  if (found == NULL)
    return NULL;
  spec = qrx_port_get_spec (found);
  link = qrx_port_is_output (found) ? NULL : find_link (self, port, 0);
  quantity = link != NULL ? qrx_source_get_quantity_for (&link->source, qrx_port_spec_get_kind (spec),
                                                         qrx_port_spec_get_quantity (spec))
                          : qrx_shape_scope_get_port_quantity (self, found);
  return g_strcmp0 (quantity, "any") == 0 ? NULL : quantity;
}

/**
 * qrx_shape_scope_get_output:
 * @self: a scope
 * @port: an output port
 * @axis: an axis
 *
 * Gets a size of what an output carries.
 *
 * Returns: the size, or −1 while it is open
 */
gint64
qrx_shape_scope_get_output (QrxShapeScope *self, const char *port, guint axis)
{
  QrxPort *found;

  g_return_val_if_fail (QRX_IS_SHAPE_SCOPE (self), -1);
  found = qrx_node_class_find_port (self->klass, port, TRUE);
  if (found == NULL || axis >= qrx_shape_scope_get_rank (qrx_port_get_spec (found)))
    return -1;
  return qrx_unify_get_size (self->sizes, qrx_shape_scope_get_axis_size (self, qrx_port_get_spec (found), axis));
}
