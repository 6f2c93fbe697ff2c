/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fitted model as part of a new flow: its layers begin with the values that they had, and the rows that made them go
 * with it. */
#include "learning/qrx-model-private.h"
#include "learning/qrx-pick-private.h"

#include <qrx/qrx-suggest.h>

static QrxFlow *
new_flow (QrxFlow *source, QrxLayer *layer, const char *quantity, gsize width)
{
  QrxFlow *flow = g_object_new (QRX_TYPE_FLOW, NULL);

  flow->table = g_object_ref (source->table);
  flow->layer = g_object_ref (layer);
  flow->quantity = g_strdup (quantity);
  flow->width = width;
  return flow;
}

static void
set_unknown_layer (QrxModel *self, const char *layer, GError **error)
{
  g_autofree const char **names = g_new0 (const char *, self->slots->len + 1);
  g_autofree char *hint = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    names[i] = qrx_model_slot (self, i)->id;
  hint = qrx_suggest_text (layer, names);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "the model has no layer \"%s\"%s", layer, hint);
}

/* The slot of a layer; the last one for NULL. */
static int
find_slot (QrxModel *self, const char *layer, GError **error)
{
  for (guint i = 0; layer != NULL && i < self->slots->len; i++)
    if (g_str_equal (qrx_model_slot (self, i)->id, layer))
      return (int) i;
  if (layer == NULL && self->slots->len > 0)
    return (int) self->slots->len - 1;
  set_unknown_layer (self, layer != NULL ? layer : "", error);
  return -1;
}

/* What flows into a grafted layer: from the layers before it, or from the new table as the model knows its annotations. */
static gboolean
join_inputs (QrxModel *self, QrxSlot *slot, QrxFlow *flow, GPtrArray *flows, QrxFlow *features, GError **error)
{
  for (guint k = 0; k < slot->n_inputs; k++)
    {
      int source = slot->inputs[k];
      QrxFlow *input;

      if (source >= 0)
        input = g_object_ref (flows->pdata[source]);
      else if (source == QRX_SLOT_TABLE)
        input = g_object_ref (features);
      else
        input = qrx_flow_new_annotation (flow->table, self->annotations->pdata[QRX_SLOT_ANNOTATION (source)], error);
      if (input == NULL)
        return FALSE;
      g_ptr_array_add (flow->inputs, input);
    }
  return TRUE;
}

/**
 * qrx_model_graft:
 * @self: a fitted model
 * @layer: (nullable): the id of the layer whose output is wanted; %NULL for the last
 * @source: the flow of a table's own features; columns are matched by name
 * @id: the id of the node that grafts; the layers' ids follow it
 * @frozen: whether parameters and buffers stay as they are
 * @error: return location for an error
 *
 * Continues a flow through the layers of a fitted model. Whatever is fitted on the flow then counts the rows that made
 * @self as its own.
 *
 * Returns: (transfer full): the flow of the layer's output
 */
QrxFlow *
qrx_model_graft (QrxModel *self, const char *layer, QrxFlow *source, const char *id, gboolean frozen, GError **error)
{
  g_autoptr (GPtrArray) flows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxLayer) pick = NULL;
  g_autoptr (QrxFlow) features = NULL;
  const char *const *columns;
  int last;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_FLOW (source) && id != NULL, NULL);
  last = find_slot (self, layer, error);
  if (last < 0)
    return NULL;
  if (source->layer != NULL)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                   "a model is grafted onto a table's own features, whose columns have names; `%s` comes between",
                   qrx_node_get_id (QRX_NODE (source->layer)));
      return NULL;
    }
  columns = qrx_predictor_get_columns (QRX_PREDICTOR (self));
  pick = qrx_pick_new (id, columns);
  features = new_flow (source, pick, "feature", g_strv_length ((char **) columns));
  g_ptr_array_add (features->inputs, g_object_ref (source));
  for (int i = 0; i <= last; i++)
    {
      QrxSlot *slot = qrx_model_slot (self, (guint) i);
      QrxFlow *flow = new_flow (source, slot->layer, slot->quantity, slot->plan->output_width);

      flow->captured = slot->captured != NULL ? g_object_ref (slot->captured) : NULL;
      flow->graft = g_object_ref (self);
      flow->graft_slot = (guint) i;
      flow->graft_id = g_strconcat (id, ".", slot->id, NULL);
      flow->frozen = frozen;
      g_ptr_array_add (flows, flow);
      if (!join_inputs (self, slot, flow, flows, features, error))
        return NULL;
    }
  return g_object_ref (flows->pdata[last]);
}
