/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fits the layers of a prediction flow by gradient descent: properties in, model, predictions and history out. */
#include <qrx/qrx.h>

struct _QrxTrainer {
  QrxNode parent_instance;
  char *target, *centre_target_by;
  char *loss, *optimizer, *schedule, *precision, *history, *initial;
  double huber_delta, learning_rate, beta1, beta2, epsilon, momentum, weight_decay, decay, clip_norm, min_delta;
  gint64 epochs, batch_size, warmup, step_epochs, patience;
  gboolean restore_best, shuffle, scale_target, allow_leakage;
};

#define QRX_TYPE_TRAINER (qrx_trainer_get_type ())
G_DECLARE_FINAL_TYPE (QrxTrainer, qrx_trainer, QRX, TRAINER, QrxNode)
G_DEFINE_FINAL_TYPE (QrxTrainer, qrx_trainer, QRX_TYPE_NODE)

static QrxFitOptions
options_of (QrxTrainer *self, const char *initial, QrxContext *context)
{
  return (QrxFitOptions){
    .loss = self->loss,
    .huber_delta = self->huber_delta,
    .optimizer = self->optimizer,
    .learning_rate = self->learning_rate,
    .beta1 = self->beta1,
    .beta2 = self->beta2,
    .epsilon = self->epsilon,
    .momentum = self->momentum,
    .weight_decay = self->weight_decay,
    .schedule = self->schedule,
    .warmup = (guint) self->warmup,
    .step_epochs = (guint) self->step_epochs,
    .decay = self->decay,
    .clip_norm = self->clip_norm,
    .epochs = (guint) self->epochs,
    .batch_size = (guint) self->batch_size,
    .patience = (guint) self->patience,
    .min_delta = self->min_delta,
    .restore_best = self->restore_best,
    .shuffle = self->shuffle,
    .scale_target = self->scale_target,
    .centre_by = self->centre_target_by != NULL && *self->centre_target_by != '\0' ? self->centre_target_by : NULL,
    .record_steps = g_str_equal (self->history, "step"),
    .dtype = g_str_equal (self->precision, "float64") ? QRX_DTYPE_F64 : QRX_DTYPE_F32,
    .seed = qrx_context_get_seed (context),
    .node = qrx_node_get_id (QRX_NODE (self)),
    .initial = initial,
  };
}

static void
say_size (QrxTrainer *self, QrxModel *model, QrxContext *context)
{
  g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT " parameters learned", qrx_model_get_n_parameters (model));

  qrx_context_message (context, qrx_node_get_id (QRX_NODE (self)), text);
}

/* Classes have no mean that could be taken off. */
static gboolean
qrx_trainer_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxTrainer *self = QRX_TRAINER (node);

  if (self->centre_target_by == NULL || *self->centre_target_by == '\0' || !g_str_equal (self->loss, "binary-cross-entropy"))
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"centre-target-by\": found \"%s\" with the loss binary-cross-entropy, which learns classes; expected "
               "the loss mse or huber",
               self->centre_target_by);
  return FALSE;
}

static gboolean
qrx_trainer_run (QrxNode *node, QrxBundle *in, QrxBundle *out, QrxContext *context, GCancellable *cancellable,
                 GError **error)
{
  QrxTrainer *self = QRX_TRAINER (node);
  g_autoptr (QrxFlow) flow = qrx_flow_from_value (qrx_bundle_get (in, "in"), error);
  g_autoptr (GPtrArray) monitors = g_ptr_array_new ();
  g_autoptr (QrxHistory) history = qrx_history_new ();
  g_autoptr (QrxModel) model = NULL;
  g_autoptr (QrxPredictions) predictions = NULL;
  g_autofree char *initial = NULL;
  QrxFitOptions options;
  gsize target;

  if (flow == NULL || !qrx_table_choose_target (qrx_flow_get_table (flow), self->target, &target, error))
    return FALSE;
  if (self->initial != NULL && *self->initial != '\0')
    {
      initial = qrx_context_find_file (context, self->initial, error);
      if (initial == NULL)
        return FALSE;
    }
  for (guint i = 0; i < qrx_bundle_get_length (in, "monitors"); i++)
    g_ptr_array_add (monitors, qrx_bundle_get_nth (in, "monitors", i));
  options = options_of (self, initial, context);
  model = qrx_fit (flow, target, &options, monitors, history, context, cancellable, error);
  if (model == NULL)
    return FALSE;
  say_size (self, model, context);
  qrx_value_freeze (QRX_VALUE (model));
  predictions = qrx_predictor_predict (QRX_PREDICTOR (model), qrx_flow_get_table (flow), self->allow_leakage, context,
                                       cancellable, error);
  if (predictions == NULL)
    return FALSE;
  qrx_bundle_set (out, "predictions", QRX_VALUE (predictions));
  qrx_bundle_set (out, "model", QRX_VALUE (model));
  qrx_bundle_set (out, "history", QRX_VALUE (history));
  return TRUE;
}

static void
add_optimizer_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_choice (node_class, "optimizer", G_STRUCT_OFFSET (QrxTrainer, optimizer), "adam|adamw|sgd",
                             "How gradients move parameters: adam adds weight decay to the gradient, adamw to the step");
  qrx_node_class_add_double (node_class, "learning-rate", G_STRUCT_OFFSET (QrxTrainer, learning_rate), G_MINDOUBLE, 1e6,
                             1e-3, NULL, "Step size");
  qrx_node_class_add_double (node_class, "beta1", G_STRUCT_OFFSET (QrxTrainer, beta1), 0, 0.999999, 0.9, NULL,
                             "Decay of Adam's first moment");
  qrx_node_class_add_double (node_class, "beta2", G_STRUCT_OFFSET (QrxTrainer, beta2), 0, 0.999999999, 0.999, NULL,
                             "Decay of Adam's second moment");
  qrx_node_class_add_double (node_class, "epsilon", G_STRUCT_OFFSET (QrxTrainer, epsilon), G_MINDOUBLE, 1, 1e-8, NULL,
                             "Added to the root of Adam's second moment");
  qrx_node_class_add_double (node_class, "momentum", G_STRUCT_OFFSET (QrxTrainer, momentum), 0, 0.999999, 0.9, NULL,
                             "Momentum of sgd");
  qrx_node_class_add_double (node_class, "weight-decay", G_STRUCT_OFFSET (QrxTrainer, weight_decay), 0, 1e3, 0, NULL,
                             "Decay of the weights of dense layers; biases, gains, scalars and circuit angles are left alone");
  qrx_node_class_add_double (node_class, "clip-norm", G_STRUCT_OFFSET (QrxTrainer, clip_norm), 0, G_MAXDOUBLE, 0, NULL,
                             "Gradients longer than this, over all parameters, are shortened to it; 0 leaves them");
}

static void
add_schedule_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_integer (node_class, "epochs", G_STRUCT_OFFSET (QrxTrainer, epochs), 1, 1000000, 100, "epochs",
                              "How often the training rows are gone through, at most");
  qrx_node_class_add_integer (node_class, "batch-size", G_STRUCT_OFFSET (QrxTrainer, batch_size), 2, 1000000, 32, "rows",
                              "Rows in a minibatch; a last one of a single row joins the one before");
  qrx_node_class_add_boolean (node_class, "shuffle", G_STRUCT_OFFSET (QrxTrainer, shuffle), TRUE,
                              "Whether each epoch takes the rows in another order");
  qrx_node_class_add_choice (node_class, "schedule", G_STRUCT_OFFSET (QrxTrainer, schedule),
                             "constant|cosine|step|exponential|plateau", "How the learning rate goes over the epochs");
  qrx_node_class_add_integer (node_class, "warmup", G_STRUCT_OFFSET (QrxTrainer, warmup), 0, 1000000, 0, "epochs",
                              "Epochs over which the learning rate first rises");
  qrx_node_class_add_integer (node_class, "step-epochs", G_STRUCT_OFFSET (QrxTrainer, step_epochs), 1, 1000000, 30,
                              "epochs",
                              "Epochs between two reductions of `step`; epochs without progress before one of `plateau`");
  qrx_node_class_add_double (node_class, "decay", G_STRUCT_OFFSET (QrxTrainer, decay), G_MINDOUBLE, 1, 0.5, NULL,
                             "Factor of a reduction; of `exponential`, each epoch's");
  qrx_node_class_add_integer (node_class, "patience", G_STRUCT_OFFSET (QrxTrainer, patience), 0, 1000000, 0, "epochs",
                              "Stops after this many epochs without a better validation loss; 0 never does");
  qrx_node_class_add_double (node_class, "min-delta", G_STRUCT_OFFSET (QrxTrainer, min_delta), 0, G_MAXDOUBLE, 0, NULL,
                             "How much lower a validation loss must be to count as better");
  qrx_node_class_add_boolean (node_class, "restore-best", G_STRUCT_OFFSET (QrxTrainer, restore_best), TRUE,
                              "With patience, whether the parameters of the best epoch are kept rather than the last");
}

static void
add_other_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_string (node_class, "target", G_STRUCT_OFFSET (QrxTrainer, target), "",
                             "Which of the table's targets is learned; empty for the only one");
  qrx_node_class_add_choice (node_class, "loss", G_STRUCT_OFFSET (QrxTrainer, loss), "mse|huber|binary-cross-entropy",
                             "What is minimized; binary-cross-entropy learns whether a row is sensitive at the training median");
  qrx_node_class_add_double (node_class, "huber-delta", G_STRUCT_OFFSET (QrxTrainer, huber_delta), G_MINDOUBLE, G_MAXDOUBLE,
                             1, "scaled target", "Where the Huber loss becomes linear");
  qrx_node_class_add_boolean (node_class, "scale-target", G_STRUCT_OFFSET (QrxTrainer, scale_target), TRUE,
                              "Whether targets are standardized over the training rows; predictions undo it");
  qrx_node_class_add_string (node_class, "centre-target-by", G_STRUCT_OFFSET (QrxTrainer, centre_target_by), "",
                             "An annotation, such as drug, whose groups' training means are taken from the target first and "
                             "added to predictions again, so that what is learned is how a line differs within a drug; a group "
                             "that training lacks begins at the mean of all; empty for none");
  qrx_node_class_add_choice (node_class, "precision", G_STRUCT_OFFSET (QrxTrainer, precision), "float32|float64",
                             "Element type of parameters and activations");
  qrx_node_class_add_file (node_class, "initial", G_STRUCT_OFFSET (QrxTrainer, initial),
                           "A safetensors file of starting values, \"<layer id>.<parameter>\"; what it lacks starts as usual");
  qrx_node_class_add_choice (node_class, "history", G_STRUCT_OFFSET (QrxTrainer, history), "epoch|step",
                             "Whether the history has a row an epoch, or a row a minibatch with its loss");
  qrx_node_class_add_boolean (node_class, "allow-leakage", G_STRUCT_OFFSET (QrxTrainer, allow_leakage), FALSE,
                              "Whether rows that took part in making a grafted model may be scored; such scores are marked");
}

static void
qrx_trainer_class_init (QrxTrainerClass *klass)
{
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->run = qrx_trainer_run;
  node_class->resolve = qrx_trainer_resolve;
  qrx_node_class_set_name (node_class, "trainer");
  qrx_node_class_set_category (node_class, "training");
  qrx_node_class_set_summary (node_class, "Fits the layers of a prediction by gradient descent.");
  qrx_node_class_add_citation (node_class, "Adam: Kingma, Ba 2015, arXiv:1412.6980");
  qrx_node_class_add_citation (node_class, "AdamW: Loshchilov, Hutter 2019, arXiv:1711.05101");
  qrx_node_class_add_citation (node_class, "Huber loss: Huber 1964, doi:10.1214/aoms/1177703732");
  qrx_node_class_add_citation (node_class, "Differences of potency between drugs, which say nothing of lines and which "
                                           "centre-target-by takes off: Heo 2026, arXiv:2605.20885");
  qrx_node_class_add_input (node_class, "in", "flow:prediction[B, K]", "The prediction whose layers are fitted");
  qrx_node_class_add_input (node_class, "monitors", "monitor*", "What to watch; goes into the history");
  qrx_node_class_add_output (node_class, "predictions", "predictions", "Predictions of all rows, in the target's unit");
  qrx_node_class_add_output (node_class, "model", "model", "The fitted layers");
  qrx_node_class_add_output (node_class, "history", "history",
                             "Losses, learning rate, gradient norms, recorded parameters and monitors by epoch");
  qrx_node_class_set_example (
    node_class, "{\"properties\": {\"optimizer\": \"sgd\", \"momentum\": 0, \"learning-rate\": 0.1, \"batch-size\": 2,"
                "   \"epochs\": 200, \"precision\": \"float64\"},"
                " \"input\": {\"table\": {\"ids\": [\"a\", \"b\", \"c\"], \"roles\": [\"train\", \"train\", \"test\"],"
                "   \"features\": {\"x\": [-1, 1, 3]}, \"target\": [-2, 2, null]}, \"layers\": [{\"type\": \"linear\"}]},"
                " \"expect\": {\"predictions\": [-2, 2, 6]}, \"tolerance\": 1e-12}");
  add_other_properties (node_class);
  add_optimizer_properties (node_class);
  add_schedule_properties (node_class);
}

static void
qrx_trainer_init (QrxTrainer *self G_GNUC_UNUSED)
{
}
