/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Baselines with a flow of features differ in what they append to its layers, and in nothing else. */
#include "flow-fit.h"

#include "known-rows.h"

/* A layer that learns by gradient has nothing to learn from here. */
static gboolean
check_layers (QrxModel *model, const char *type, GError **error)
{
  if (qrx_model_get_n_parameters (model) == 0)
    return TRUE;
  for (guint i = 0; i < qrx_model_get_n_layers (model); i++)
    {
      const char *id = qrx_node_get_id (QRX_NODE (qrx_model_get_layer (model, i)));

      if (qrx_model_get_n_layer_parameters (model, id) == 0)
        continue;
      g_set_error (
          error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
          "%s takes features that are given or fitted once, but \"%s\" learns by gradient: use `trainer`, or freeze "
          "it in `apply-model`",
          type, id);
      return FALSE;
    }
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
               "%s takes features that are given or fitted once, but layers before it learn by gradient: use "
               "`trainer`, or freeze them in `apply-model`",
               type);
  return FALSE;
}

static double *
gather_targets (QrxTable *table, gsize target, QrxIndex *rows, GError **error)
{
  QrxTensor *values = qrx_table_get_target_values (table, target);
  gsize n = qrx_index_get_length (rows);
  g_autofree double *targets = g_new (double, n);
  gboolean varies = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      targets[i] = qrx_tensor_get (values, qrx_index_get (rows, i));
      varies = varies || targets[i] != targets[0];
    }
  if (varies)
    return g_steal_pointer (&targets);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
               "The target \"%s\" is %g in all %" G_GSIZE_FORMAT " training rows that have it; there is nothing to fit",
               qrx_table_get_target_name (table, target), targets[0], n);
  return NULL;
}

gboolean
flow_fit_begin (FlowFit *self, QrxNode *node, QrxBundle *in, const char *target, QrxContext *context,
                GCancellable *cancellable, GError **error)
{
  g_autoptr (QrxFlow) flow = qrx_flow_from_value (qrx_bundle_get (in, "in"), error);

  if (flow == NULL || !qrx_table_choose_target (qrx_flow_get_table (flow), target, &self->target, error))
    return FALSE;
  self->table = g_object_ref (qrx_flow_get_table (flow));
  self->model = qrx_model_new (flow, self->target, QRX_DTYPE_F64, qrx_context_get_seed (context), error);
  if (self->model == NULL || !check_layers (self->model, qrx_node_get_type_name (node), error))
    return FALSE;
  qrx_predictor_set_producer (QRX_PREDICTOR (self->model), qrx_node_get_id (node));
  self->rows = known_rows_find (self->table, self->target, error);
  self->targets = self->rows != NULL ? gather_targets (self->table, self->target, self->rows, error) : NULL;
  if (self->targets == NULL || !qrx_model_fit_buffers (self->model, self->table, context, error))
    return FALSE;
  self->features = qrx_model_evaluate (self->model, self->table, self->rows, context, cancellable, error);
  return self->features != NULL;
}

gboolean
flow_fit_end (FlowFit *self, gboolean allow_leakage, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (QrxPredictions) predictions =
      qrx_predictor_predict (QRX_PREDICTOR (self->model), self->table, allow_leakage, context, cancellable, error);

  if (predictions == NULL)
    return FALSE;
  qrx_bundle_set (out, "predictions", QRX_VALUE (predictions));
  qrx_bundle_set (out, "model", QRX_VALUE (self->model));
  return TRUE;
}

double
flow_fit_centre_targets (FlowFit *self)
{
  gsize n = qrx_index_get_length (self->rows);
  double mean = 0;

  for (gsize i = 0; i < n; i++)
    mean += self->targets[i];
  mean /= (double) n;
  for (gsize i = 0; i < n; i++)
    self->targets[i] -= mean;
  return mean;
}

void
flow_fit_clear (FlowFit *self)
{
  g_clear_object (&self->table);
  g_clear_object (&self->model);
  g_clear_object (&self->rows);
  g_clear_object (&self->features);
  g_clear_pointer (&self->targets, g_free);
}

void
flow_fit_declare (QrxNodeClass *klass, gsize target_offset, gsize allow_leakage_offset, const char *model_blurb)
{
  qrx_node_class_add_input (klass, "in", "flow:feature[B, W]",
                            "the features; layers before it are fitted once, not by gradient");
  qrx_node_class_add_output (klass, "predictions", "predictions", "of every row, in the target's unit");
  qrx_node_class_add_output (klass, "model", "model", model_blurb);
  qrx_node_class_add_string (klass, "target", target_offset, "",
                             "which of the table's targets is learned; empty for the only one");
  qrx_node_class_add_boolean (
      klass, "allow-leakage", allow_leakage_offset, FALSE,
      "whether rows that took part in making a grafted model may be scored; such scores are marked");
}
