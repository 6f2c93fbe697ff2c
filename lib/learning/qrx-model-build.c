/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a flow to a model: walks back to the table, prepares each layer once, and fits what is fitted once. */
#include "learning/qrx-execution-private.h"

#include <math.h>

void
qrx_slot_free (gpointer data)
{
  QrxSlot *slot = data;

  g_free (slot->id);
  g_clear_object (&slot->layer);
  g_clear_object (&slot->captured);
  g_clear_object (&slot->plan);
  g_free (slot->inputs);
  g_free (slot->quantity);
  g_clear_pointer (&slot->raw, g_ptr_array_unref);
  g_clear_pointer (&slot->effective, g_ptr_array_unref);
  g_clear_pointer (&slot->buffers, g_ptr_array_unref);
  g_free (slot);
}

void
qrx_slot_refresh (QrxSlot *slot)
{
  for (guint p = 0; p < slot->raw->len; p++)
    if (slot->raw->pdata[p] != slot->effective->pdata[p])
      qrx_parameter_expand (slot->plan->parameters->pdata[p], slot->raw->pdata[p], slot->effective->pdata[p]);
}

/* Names of the columns that come in: the table's, an annotation's categories, or those of a layer that keeps them. */
static char **
input_names (QrxModel *self, int source)
{
  QrxSlot *slot;
  QrxLayerClass *klass;

  if (source == QRX_SLOT_TABLE)
    return g_strdupv ((char **) qrx_predictor_get_columns (QRX_PREDICTOR (self)));
  if (source < 0)
    return g_strdupv (((QrxAnnotation *) self->annotations->pdata[QRX_SLOT_ANNOTATION (source)])->categories);
  slot = qrx_model_slot (self, (guint) source);
  klass = QRX_LAYER_GET_CLASS (slot->layer);
  if (klass->name_outputs == NULL || slot->plan->input_names == NULL)
    return NULL;
  return klass->name_outputs (slot->layer, NULL, (const char *const *) slot->plan->input_names);
}

guint
qrx_model_add_annotation (QrxModel *self, QrxAnnotation *annotation)
{
  for (guint i = 0; i < self->annotations->len; i++)
    if (qrx_annotation_equal (self->annotations->pdata[i], annotation))
      return i;
  g_ptr_array_add (self->annotations, qrx_annotation_ref (annotation));
  qrx_predictor_add_annotation (QRX_PREDICTOR (self), annotation->name);
  return self->annotations->len - 1;
}

gsize
qrx_model_get_source_width (QrxModel *self, int source)
{
  if (source >= 0)
    return qrx_model_slot (self, (guint) source)->plan->output_width;
  if (source == QRX_SLOT_TABLE)
    return g_strv_length ((char **) qrx_predictor_get_columns (QRX_PREDICTOR (self)));
  return ((QrxAnnotation *) self->annotations->pdata[QRX_SLOT_ANNOTATION (source)])->n;
}

QrxSlot *
qrx_model_add_slot (QrxModel *self, const char *id, QrxLayer *layer, QrxBundle *captured, const int *inputs, guint n_inputs,
                    gsize width, const char *quantity, GError **error)
{
  g_autofree gsize *widths = g_new (gsize, n_inputs);
  g_auto (GStrv) names = n_inputs == 1 ? input_names (self, inputs[0]) : NULL;
  QrxSlot *slot = g_new0 (QrxSlot, 1);

  for (guint k = 0; k < n_inputs; k++)
    widths[k] = qrx_model_get_source_width (self, inputs[k]);
  slot->id = g_strdup (id != NULL ? id : qrx_node_get_id (QRX_NODE (layer)));
  slot->layer = g_object_ref (layer);
  slot->captured = captured != NULL ? g_object_ref (captured) : NULL;
  slot->n_inputs = n_inputs;
  slot->inputs = g_memdup2 (inputs, n_inputs * sizeof *inputs);
  slot->quantity = g_strdup (quantity);
  slot->reads_angles = inputs[0] >= 0 && g_strcmp0 (qrx_model_slot (self, (guint) inputs[0])->quantity, "angle") == 0;
  slot->plan = qrx_plan_new (self->dtype, widths, n_inputs, width, (const char *const *) names, captured);
  if (!qrx_layer_prepare (layer, slot->plan, error))
    {
      qrx_slot_free (slot);
      return NULL;
    }
  slot->raw = qrx_plan_create_raw (slot->plan, self->seed, slot->id);
  slot->effective = qrx_plan_create_effective (slot->plan, slot->raw);
  slot->buffers = qrx_plan_create_buffers (slot->plan);
  for (guint p = 0; p < slot->raw->len; p++)
    slot->trainable = slot->trainable || ((QrxParameter *) slot->plan->parameters->pdata[p])->trainable;
  g_ptr_array_add (self->slots, slot);
  return slot;
}

void
qrx_model_find_constants (QrxModel *self, const gboolean *watched)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      QrxSlot *slot = qrx_model_slot (self, i);

      slot->constant = !slot->trainable && (slot->frozen || !slot->plan->batch_dependent) && !(watched != NULL && watched[i]);
      for (guint k = 0; k < slot->n_inputs; k++)
        slot->constant = slot->constant && (slot->inputs[k] < 0 || qrx_model_slot (self, (guint) slot->inputs[k])->constant);
    }
}

gsize
qrx_model_get_output_width (QrxModel *self)
{
  return qrx_model_get_source_width (self, (int) self->slots->len - 1);
}

QrxSlot *
qrx_model_append_layer (QrxModel *self, QrxLayer *layer, GError **error)
{
  int last = (int) self->slots->len - 1;
  QrxSlot *slot = qrx_model_add_slot (self, NULL, layer, NULL, &last, 1, 1, "prediction", error);

  if (slot == NULL)
    return NULL;
  slot->fitted = TRUE;
  qrx_model_find_constants (self, NULL);
  return slot;
}

/* A grafted slot starts with the values that it had, and keeps them if it is frozen. */
static void
adopt (QrxSlot *slot, QrxFlow *flow)
{
  QrxSlot *origin = qrx_model_slot (flow->graft, flow->graft_slot);

  for (guint p = 0; p < slot->raw->len; p++)
    {
      qrx_tensor_copy_from (slot->raw->pdata[p], origin->raw->pdata[p]);
      if (flow->frozen)
        ((QrxParameter *) slot->plan->parameters->pdata[p])->trainable = FALSE;
    }
  for (guint b = 0; b < slot->buffers->len; b++)
    qrx_tensor_copy_from (slot->buffers->pdata[b], origin->buffers->pdata[b]);
  slot->fitted = TRUE;
  slot->frozen = flow->frozen;
  slot->trainable = slot->trainable && !flow->frozen;
  qrx_slot_refresh (slot);
}

int
qrx_model_find_flow (GHashTable *places, QrxFlow *flow)
{
  gpointer place;

  if (flow->layer == NULL && flow->annotation == NULL)
    return QRX_SLOT_TABLE;
  return g_hash_table_lookup_extended (places, flow, NULL, &place) ? GPOINTER_TO_INT (place) : QRX_SLOT_NONE;
}

/* Depth first, inputs before the layer; a flow that is met again is the same slot. */
static gboolean
visit (QrxModel *self, QrxFlow *flow, GHashTable *places, GError **error)
{
  g_autofree int *inputs = NULL;
  QrxSlot *slot;

  if (qrx_model_find_flow (places, flow) != QRX_SLOT_NONE)
    return TRUE;
  if (flow->annotation != NULL)
    {
      g_hash_table_insert (places, flow,
                           GINT_TO_POINTER (QRX_SLOT_ANNOTATION (qrx_model_add_annotation (self, flow->annotation))));
      return TRUE;
    }
  inputs = g_new (int, flow->inputs->len);
  for (guint k = 0; k < flow->inputs->len; k++)
    {
      if (!visit (self, flow->inputs->pdata[k], places, error))
        return FALSE;
      inputs[k] = qrx_model_find_flow (places, flow->inputs->pdata[k]);
    }
  slot = qrx_model_add_slot (self, flow->graft_id, flow->layer, flow->captured, inputs, flow->inputs->len, flow->width,
                             flow->quantity, error);
  if (slot == NULL)
    return FALSE;
  if (flow->graft != NULL)
    {
      adopt (slot, flow);
      qrx_predictor_add_fitted_rows_of (QRX_PREDICTOR (self), QRX_PREDICTOR (flow->graft));
    }
  g_hash_table_insert (places, flow, GINT_TO_POINTER ((int) self->slots->len - 1));
  return TRUE;
}

QrxModel *
qrx_model_build (QrxFlow *flow, gsize target, QrxDtype dtype, guint64 seed, GHashTable *places, GError **error)
{
  g_autoptr (QrxModel) self = g_object_new (QRX_TYPE_MODEL, NULL);

  self->dtype = dtype;
  self->seed = seed;
  qrx_predictor_learn_from (QRX_PREDICTOR (self), flow->table, target);
  if (!visit (self, flow, places, error))
    return NULL;
  qrx_model_find_constants (self, NULL);
  return g_steal_pointer (&self);
}

/**
 * qrx_model_new:
 * @flow: a flow
 * @target: which of its table's targets is learned
 * @dtype: the element type
 * @seed: of the starting values
 * @error: return location for an error
 *
 * Makes the model of all layers of a flow, with parameters at their start and buffers not yet fitted. The flow of a table's own
 * features makes a model without layers, to which qrx_model_append_linear() adds one.
 *
 * Returns: (transfer full): the model
 */
QrxModel *
qrx_model_new (QrxFlow *flow, gsize target, QrxDtype dtype, guint64 seed, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);

  g_return_val_if_fail (QRX_IS_FLOW (flow), NULL);
  return qrx_model_build (flow, target, dtype, seed, places, error);
}

/* The training rows whose target is known. */
static GArray *
training_rows (QrxTable *table, gsize target)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));
  QrxTensor *values = qrx_table_get_target_values (table, target);

  for (guint i = 0; i < qrx_table_get_n_rows (table); i++)
    if (qrx_table_get_role (table, i) == QRX_ROLE_TRAIN && !isnan (qrx_tensor_get (values, i)))
      g_array_append_val (rows, i);
  return rows;
}

static gboolean
fit_slot (QrxModel *self, guint i, QrxFeeder *feeder, QrxTable *table, gsize target, GArray *rows, QrxPool *pool,
          GError **error)
{
  QrxSlot *slot = qrx_model_slot (self, i);
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QrxStep) step = NULL;

  for (guint k = 0; k < slot->n_inputs; k++)
    {
      QrxTensor *input;

      if (slot->inputs[k] >= 0 && !qrx_model_slot (self, (guint) slot->inputs[k])->constant)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                       "`%s` is fitted once and must come before anything that learns by gradient, but `%s` comes before it",
                       slot->id, qrx_model_slot (self, (guint) slot->inputs[k])->id);
          return FALSE;
        }
      input = qrx_feeder_evaluate (feeder, slot->inputs[k], (const guint *) rows->data, rows->len, pool, NULL, error);
      if (input == NULL)
        return FALSE;
      g_ptr_array_add (inputs, input);
    }
  step = qrx_step_new (slot->plan, QRX_MODE_FIT, rows->len, (QrxTensor *const *) inputs->pdata, slot->effective,
                       slot->buffers, pool);
  step->target = qrx_tensor_new_matrix (QRX_DTYPE_F64, rows->len, 1);
  for (guint r = 0; r < rows->len; r++)
    qrx_tensor_set (step->target, r,
                    qrx_tensor_get (qrx_table_get_target_values (table, target), g_array_index (rows, guint, r)));
  qrx_random_init (&step->random, self->seed, slot->id, "fit", 0);
  slot->fitted = TRUE;
  return qrx_layer_start (slot->layer, step, error) && qrx_layer_fit (slot->layer, step, error);
}

gboolean
qrx_model_fit_slots (QrxModel *self, QrxTable *table, gsize target, QrxPool *pool, GError **error)
{
  g_autoptr (QrxFeeder) feeder = qrx_feeder_new (self, table, error);
  g_autoptr (GArray) rows = training_rows (table, target);
  g_autoptr (QrxIndex) index = NULL;

  if (feeder == NULL)
    return FALSE;
  if (rows->len == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY, "no training row has a known target `%s`",
                   qrx_table_get_target_name (table, target));
      return FALSE;
    }
  for (guint i = 0; i < self->slots->len; i++)
    if (qrx_layer_has_fit (qrx_model_slot (self, i)->layer) && !qrx_model_slot (self, i)->fitted &&
        !fit_slot (self, i, feeder, table, target, rows, pool, error))
      return FALSE;
  index = qrx_index_new ((const guint *) rows->data, rows->len);
  qrx_predictor_add_fitted_rows (QRX_PREDICTOR (self), table, index);
  return TRUE;
}

/**
 * qrx_model_fit_buffers:
 * @self: a model that is not published
 * @table: the table that its flow begins at
 * @context: the run's context
 * @error: return location for an error
 *
 * Runs fit() of the layers that have it, in order, on the training rows whose target is known, and remembers these rows.
 * Fails with %QRX_PIPELINE_ERROR_LINK if such a layer comes after one that learns by gradient.
 *
 * Returns: whether it could
 */
gboolean
qrx_model_fit_buffers (QrxModel *self, QrxTable *table, QrxContext *context, GError **error)
{
  int target;

  g_return_val_if_fail (QRX_IS_MODEL (self) && QRX_IS_TABLE (table), FALSE);
  target = qrx_table_find_target (table, qrx_predictor_get_target_name (QRX_PREDICTOR (self)));
  g_return_val_if_fail (target >= 0, FALSE);
  return qrx_model_fit_slots (self, table, (gsize) target, qrx_context_get_pool (context), error);
}
