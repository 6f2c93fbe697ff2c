/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tensors a layer works on. A step only holds them: who shares what with whom is the execution's business. */
#include "learning/qrx-step-private.h"

G_DEFINE_FINAL_TYPE (QrxStep, qrx_step, G_TYPE_OBJECT)

static void
qrx_step_finalize (GObject *object)
{
  QrxStep *self = QRX_STEP (object);

  for (guint i = 0; i < self->n_inputs; i++)
    {
      g_clear_object (&self->inputs[i]);
      g_clear_object (&self->input_gradients[i]);
    }
  g_free (self->inputs);
  g_free (self->input_gradients);
  g_free (self->needs_input_gradient);
  g_clear_object (&self->output);
  g_clear_object (&self->output_gradient);
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  for (guint i = 0; self->plan != NULL && i < self->plan->parameters->len; i++)
    {
      g_clear_object (&self->products[i].left);
      g_clear_object (&self->products[i].right);
    }
  g_free (self->products);
  g_clear_pointer (&self->gradients, g_ptr_array_unref);
  g_clear_pointer (&self->buffers, g_ptr_array_unref);
  g_clear_pointer (&self->workspaces, g_ptr_array_unref);
  g_clear_object (&self->target);
  g_clear_object (&self->kept);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->pool, qrx_pool_unref);
  G_OBJECT_CLASS (qrx_step_parent_class)->finalize (object);
}

static void
qrx_step_class_init (QrxStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_step_finalize;
}

static void
qrx_step_init (QrxStep *self G_GNUC_UNUSED)
{
}

static void
unref_if_set (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

QrxStep *
qrx_step_new (QrxPlan *plan, QrxMode mode, gsize n_rows, QrxTensor *const *inputs, GPtrArray *parameters,
              GPtrArray *buffers, QrxPool *pool)
{
  QrxStep *self = g_object_new (QRX_TYPE_STEP, NULL);

  self->mode = mode;
  self->n_rows = n_rows;
  self->plan = g_object_ref (plan);
  self->n_inputs = plan->n_inputs;
  self->inputs = g_new0 (QrxTensor *, plan->n_inputs);
  self->input_gradients = g_new0 (QrxTensor *, plan->n_inputs);
  self->needs_input_gradient = g_new0 (gboolean, plan->n_inputs);
  for (guint i = 0; i < plan->n_inputs; i++)
    {
      self->inputs[i] = g_object_ref (inputs[i]);
      self->needs_input_gradient[i] = mode == QRX_MODE_EVALUATE; /* backward() is called there by monitors alone */
    }
  self->output = qrx_tensor_new_matrix (plan->dtype, n_rows, plan->output_width);
  self->parameters = g_ptr_array_ref (parameters);
  self->buffers = g_ptr_array_ref (buffers);
  self->gradients = g_ptr_array_new_with_free_func (unref_if_set);
  g_ptr_array_set_size (self->gradients, (int) plan->parameters->len);
  self->products = g_new0 (QrxGradient, plan->parameters->len);
  self->workspaces = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < plan->workspaces->len; i++)
    {
      QrxStorage *storage = &g_array_index (plan->workspaces, QrxStorage, i);

      g_ptr_array_add (self->workspaces, qrx_tensor_new_matrix (plan->dtype, storage->rows > 0 ? storage->rows : n_rows,
                                                                storage->columns));
    }
  self->pool = pool != NULL ? qrx_pool_ref (pool) : NULL;
  return self;
}

/**
 * qrx_step_get_mode:
 * @self: a step
 *
 * Returns: what the step is for
 */
QrxMode
qrx_step_get_mode (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), QRX_MODE_EVALUATE);
  return self->mode;
}

/**
 * qrx_step_get_n_rows:
 * @self: a step
 *
 * Returns: the number of rows of inputs and output
 */
gsize
qrx_step_get_n_rows (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), 0);
  return self->n_rows;
}

/**
 * qrx_step_get_plan:
 * @self: a step
 *
 * Returns: (transfer none): the plan that the step follows
 */
QrxPlan *
qrx_step_get_plan (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return self->plan;
}

/**
 * qrx_step_get_input:
 * @self: a step
 * @i: which input
 *
 * Gets an input, (rows, width); it must not be written.
 *
 * Returns: (transfer none): the input
 */
QrxTensor *
qrx_step_get_input (QrxStep *self, guint i)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  g_return_val_if_fail (i < self->n_inputs, NULL);
  return self->inputs[i];
}

/**
 * qrx_step_get_output:
 * @self: a step
 *
 * Gets the output, (rows, width), which forward() fills.
 *
 * Returns: (transfer none): the output
 */
QrxTensor *
qrx_step_get_output (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return self->output;
}

/**
 * qrx_step_get_output_gradient:
 * @self: a step
 *
 * Gets the gradient of the loss with respect to the output, (rows, width), which backward() reads.
 *
 * Returns: (transfer none): the gradient
 */
QrxTensor *
qrx_step_get_output_gradient (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  if (self->output_gradient == NULL)
    self->output_gradient = qrx_tensor_new_matrix (self->plan->dtype, self->n_rows, self->plan->output_width);
  return self->output_gradient;
}

/**
 * qrx_step_get_input_gradient:
 * @self: a step
 * @i: which input
 *
 * Gets the gradient with respect to an input, (rows, width), which backward() writes.
 *
 * Returns: (transfer none): the gradient
 */
QrxTensor *
qrx_step_get_input_gradient (QrxStep *self, guint i)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  g_return_val_if_fail (i < self->n_inputs, NULL);
  if (self->input_gradients[i] == NULL)
    self->input_gradients[i] = qrx_tensor_new_matrix (self->plan->dtype, self->n_rows, self->plan->input_widths[i]);
  return self->input_gradients[i];
}

/**
 * qrx_step_needs_input_gradient:
 * @self: a step
 * @i: which input
 *
 * Returns: whether anybody reads the gradient with respect to this input
 */
gboolean
qrx_step_needs_input_gradient (QrxStep *self, guint i)
{
  g_return_val_if_fail (QRX_IS_STEP (self), FALSE);
  g_return_val_if_fail (i < self->n_inputs, FALSE);
  return self->needs_input_gradient[i];
}

/**
 * qrx_step_get_parameter:
 * @self: a step
 * @name: a parameter or scalar of the plan
 *
 * Gets the present values: (rows, columns) of a parameter, (1, output width) of a scalar.
 *
 * Returns: (transfer none): the values, not to be written
 */
QrxTensor *
qrx_step_get_parameter (QrxStep *self, const char *name)
{
  int i;

  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  i = qrx_plan_find_parameter (self->plan, name);
  g_return_val_if_fail (i >= 0, NULL);
  return self->parameters->pdata[i];
}

/**
 * qrx_step_get_buffer:
 * @self: a step
 * @name: a buffer of the plan
 *
 * Gets state of the model, float64. fit() writes it, and forward() in training mode may.
 *
 * Returns: (transfer none): the buffer
 */
QrxTensor *
qrx_step_get_buffer (QrxStep *self, const char *name)
{
  int i;

  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  i = qrx_storage_find (self->plan->buffers, name);
  g_return_val_if_fail (i >= 0, NULL);
  return self->buffers->pdata[i];
}

/**
 * qrx_step_get_workspace:
 * @self: a step
 * @name: a workspace of the plan
 *
 * Gets scratch memory; what forward() leaves there, backward() finds.
 *
 * Returns: (transfer none): the workspace
 */
QrxTensor *
qrx_step_get_workspace (QrxStep *self, const char *name)
{
  int i;

  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  i = qrx_storage_find (self->plan->workspaces, name);
  g_return_val_if_fail (i >= 0, NULL);
  return self->workspaces->pdata[i];
}

/**
 * qrx_step_get_target:
 * @self: a step for fit()
 *
 * Gets the training rows' targets, float64 (rows, 1), in the target's own unit.
 *
 * Returns: (nullable) (transfer none): the targets; %NULL in any other mode
 */
QrxTensor *
qrx_step_get_target (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return self->target;
}

/**
 * qrx_step_get_random:
 * @self: a step
 *
 * Gets a stream of random numbers that depends on seed, layer and step number alone.
 *
 * Returns: (transfer none): the stream
 */
QrxRandom *
qrx_step_get_random (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return &self->random;
}

/**
 * qrx_step_get_pool:
 * @self: a step
 *
 * Returns: (nullable) (transfer none): the threads to share work with
 */
QrxPool *
qrx_step_get_pool (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return self->pool;
}

/**
 * qrx_step_keep:
 * @self: a step
 * @object: what start() made for the step
 *
 * Keeps an object for as long as the step, such as a simulator's workspace.
 */
void
qrx_step_keep (QrxStep *self, GObject *object)
{
  g_return_if_fail (QRX_IS_STEP (self) && G_IS_OBJECT (object));
  g_set_object (&self->kept, object);
}

/**
 * qrx_step_get_kept:
 * @self: a step
 *
 * Returns: (nullable) (transfer none): what qrx_step_keep() was given
 */
GObject *
qrx_step_get_kept (QrxStep *self)
{
  g_return_val_if_fail (QRX_IS_STEP (self), NULL);
  return self->kept;
}
