/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node against the values that arrive: what is checked of a graph before it runs, with the sizes that only data know. */
#include "graph/qrx-infer-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-shape-scope-private.h"

#include <qrx/qrx-table.h>

char *
qrx_node_dup_annotation (QrxNode *node, QrxPort *port)
{
  char *annotation = NULL;

  g_object_get (node, qrx_port_spec_get_quantity_property (qrx_port_get_spec (port)), &annotation, NULL);
  return annotation != NULL ? annotation : g_strdup ("");
}

/* How many columns a table has at a port where one of its annotations flows in. */
static gboolean
measure_categories (QrxNode *node, QrxPort *port, QrxTable *table, gint64 *n_categories, GError **error)
{
  g_autofree char *annotation = qrx_node_dup_annotation (node, port);
  g_auto (GStrv) categories = qrx_table_dup_categories (table, annotation, error);

  if (categories == NULL)
    {
      g_prefix_error (error, "property \"%s\": ", qrx_port_spec_get_quantity_property (qrx_port_get_spec (port)));
      return FALSE;
    }
  *n_categories = (gint64) g_strv_length (categories);
  return TRUE;
}

/* A node that is used on its own has values at its ports, not links. */
typedef struct {
  QrxPort *port;
  QrxValue *value;
  const QrxLink *link; /* nullable */
} Arrival;

static gboolean
connect_value (QrxNode *node, QrxShapeScope *scope, QrxUnify *sizes, const Arrival *arrival, GError **error)
{
  gboolean categories = QRX_IS_TABLE (arrival->value) && qrx_port_spec_takes_categories (qrx_port_get_spec (arrival->port));
  QrxSource source = {
    .node = arrival->link != NULL ? qrx_node_get_id (arrival->link->from) : NULL,
    .port = arrival->link != NULL ? arrival->link->from_port : NULL,
    .kind = qrx_value_get_kind (arrival->value),
    .quantity = qrx_value_get_quantity (arrival->value),
  };
  gint64 size, n_categories = 0;

  if (categories && !measure_categories (node, arrival->port, QRX_TABLE (arrival->value), &n_categories, error))
    return FALSE;
  while (source.rank < QRX_SOURCE_MAX_RANK && (size = qrx_value_get_dim (arrival->value, source.rank)) >= 0)
    {
      if (categories && source.rank == 1)
        size = n_categories;
      source.sizes[source.rank] = qrx_unify_add (sizes);
      qrx_unify_settle (sizes, source.sizes[source.rank++], size, NULL);
    }
  return qrx_shape_scope_connect (scope, arrival->port, &source, NULL, error);
}

static gboolean
require_value (QrxPort *port, guint n_values, GError **error)
{
  const QrxPortSpec *spec = qrx_port_get_spec (port);

  if (n_values > 0 || qrx_port_spec_is_optional (spec) || qrx_port_spec_is_list (spec))
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
               "found no value at the input \"%s\", expected one of type %s", qrx_port_get_name (port),
               qrx_port_spec_get_text (spec));
  return FALSE;
}

/* The i-th link to a port, NULL outside of a graph. */
static const QrxLink *
find_link (QrxPipeline *pipeline, QrxNode *node, const char *port, guint i)
{
  guint n = pipeline != NULL ? qrx_pipeline_get_n_links (pipeline, node) : 0;

  for (guint k = 0; k < n; k++)
    {
      const QrxLink *link = qrx_pipeline_get_link (pipeline, node, k);

      if (g_strcmp0 (link->to_port, port) == 0 && i-- == 0)
        return link;
    }
  return NULL;
}

static gboolean
connect_values (QrxNode *node, QrxBundle *in, QrxPipeline *pipeline, QrxShapeScope *scope, QrxUnify *sizes, GError **error)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (node);

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      const char *name = qrx_port_get_name (port);
      guint n = qrx_port_is_output (port) ? 0 : qrx_bundle_get_length (in, name);

      for (guint k = 0; k < n; k++)
        {
          Arrival arrival = { port, qrx_bundle_get_nth (in, name, k), find_link (pipeline, node, name, k) };

          if (!connect_value (node, scope, sizes, &arrival, error))
            return FALSE;
        }
      if (!qrx_port_is_output (port) && !require_value (port, n, error))
        return FALSE;
    }
  return TRUE;
}

QrxShapeScope *
qrx_node_infer_in (QrxNode *node, QrxBundle *in, QrxPipeline *pipeline, GError **error)
{
  g_autoptr (QrxUnify) sizes = qrx_unify_new ();
  g_autoptr (GError) failure = NULL;
  g_autoptr (QrxShapeScope) scope = NULL;

  scope = qrx_shape_scope_new (QRX_NODE_GET_CLASS (node), node, qrx_node_get_id (node), sizes);
  if (connect_values (node, in, pipeline, scope, sizes, &failure) && qrx_node_resolve (node, scope, &failure))
    return g_steal_pointer (&scope);
  if (g_error_matches (failure, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK))
    {
      /* The graph was sound; it is the data that do not fit. */
      failure->domain = QRX_DATA_ERROR;
      failure->code = QRX_DATA_ERROR_SHAPE;
    }
  qrx_node_prefix_error (node, &failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/**
 * qrx_node_infer:
 * @self: a node
 * @in: the values at its inputs
 * @error: return location for an error
 *
 * Resolves a node against the values at its inputs: kinds, quantities and sizes, and what the node itself checks.
 * Fails with %QRX_DATA_ERROR_SHAPE where they do not fit, and as the node's resolve() does.
 *
 * Returns: (transfer full): the scope, which knows the outputs' sizes
 */
QrxShapeScope *
qrx_node_infer (QrxNode *self, QrxBundle *in, GError **error)
{
  g_return_val_if_fail (QRX_IS_NODE (self) && QRX_IS_BUNDLE (in), NULL);
  return qrx_node_infer_in (self, in, NULL, error);
}
