/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of what a layer needs. It allocates nothing: models own parameters and buffers, steps own workspace. */
#include "learning/qrx-plan-private.h"

#include <qrx/qrx-memory.h>

G_DEFINE_FINAL_TYPE (QrxPlan, qrx_plan, G_TYPE_OBJECT)

static void
qrx_plan_finalize (GObject *object)
{
  QrxPlan *self = QRX_PLAN (object);

  g_free (self->input_widths);
  g_strfreev (self->input_names);
  g_clear_object (&self->captured);
  g_ptr_array_unref (self->parameters);
  g_array_unref (self->buffers);
  g_array_unref (self->workspaces);
  g_clear_object (&self->kept);
  G_OBJECT_CLASS (qrx_plan_parent_class)->finalize (object);
}

static void
qrx_plan_class_init (QrxPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_plan_finalize;
}

static void
storage_clear (gpointer data)
{
  g_free (((QrxStorage *) data)->name);
}

static void
qrx_plan_init (QrxPlan *self)
{
  self->parameters = g_ptr_array_new_with_free_func (g_object_unref);
  self->buffers = g_array_new (FALSE, FALSE, sizeof (QrxStorage));
  self->workspaces = g_array_new (FALSE, FALSE, sizeof (QrxStorage));
  g_array_set_clear_func (self->buffers, storage_clear);
  g_array_set_clear_func (self->workspaces, storage_clear);
}

QrxPlan *
qrx_plan_new (QrxDtype dtype, const gsize *input_widths, guint n_inputs, gsize output_width,
              const char *const *input_names, QrxBundle *captured)
{
  QrxPlan *self = g_object_new (QRX_TYPE_PLAN, NULL);

  self->dtype = dtype;
  self->n_inputs = n_inputs;
  self->input_widths = g_memdup2 (input_widths, n_inputs * sizeof *input_widths);
  self->output_width = output_width;
  self->input_names = g_strdupv ((char **) input_names);
  self->captured = captured != NULL ? g_object_ref (captured) : NULL;
  return self;
}

int
qrx_plan_find_parameter (QrxPlan *self, const char *name)
{
  for (guint i = 0; i < self->parameters->len; i++)
    if (g_str_equal (((QrxParameter *) self->parameters->pdata[i])->name, name))
      return (int) i;
  return -1;
}

int
qrx_storage_find (GArray *storages, const char *name)
{
  for (guint i = 0; i < storages->len; i++)
    if (g_str_equal (g_array_index (storages, QrxStorage, i).name, name))
      return (int) i;
  return -1;
}

/* Copies of a parameter in a fit: learned and effective values, their gradients, and an optimizer's two moments. */
#define N_COPIES 6

static double
count_elements (GArray *storages, gsize n_rows)
{
  double n = 0;

  for (guint i = 0; i < storages->len; i++)
    {
      const QrxStorage *storage = &g_array_index (storages, QrxStorage, i);

      n += (double) (storage->rows > 0 ? storage->rows : n_rows) * (double) storage->columns;
    }
  return n;
}

gboolean
qrx_plan_check_model_memory (QrxPlan *self, GError **error)
{
  double n = 0;

  for (guint i = 0; i < self->parameters->len; i++)
    {
      const QrxParameter *parameter = self->parameters->pdata[i];

      n += (double) parameter->rows * (double) parameter->columns;
    }
  return qrx_memory_check (n * N_COPIES * (double) qrx_dtype_get_size (self->dtype) +
                             count_elements (self->buffers, 0) * sizeof (double),
                           "the model of this layer", error);
}

gboolean
qrx_plan_check_step_memory (QrxPlan *self, gsize n_rows, GError **error)
{
  double n = count_elements (self->workspaces, n_rows) + 2 * (double) n_rows * (double) self->output_width;
  g_autofree char *what = g_strdup_printf ("a batch of %" G_GSIZE_FORMAT " rows in this layer", n_rows);

  for (guint i = 0; i < self->n_inputs; i++)
    n += 2 * (double) n_rows * (double) self->input_widths[i];
  return qrx_memory_check (n * (double) qrx_dtype_get_size (self->dtype), what, error);
}

/**
 * qrx_plan_get_dtype:
 * @self: a plan
 *
 * Returns: the element type of inputs, outputs and parameters
 */
QrxDtype
qrx_plan_get_dtype (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), QRX_DTYPE_F64);
  return self->dtype;
}

/**
 * qrx_plan_get_n_inputs:
 * @self: a plan
 *
 * Returns: how many flows come in
 */
guint
qrx_plan_get_n_inputs (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), 0);
  return self->n_inputs;
}

/**
 * qrx_plan_get_input_width:
 * @self: a plan
 * @i: which input
 *
 * Returns: the number of columns of an input
 */
gsize
qrx_plan_get_input_width (QrxPlan *self, guint i)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), 0);
  g_return_val_if_fail (i < self->n_inputs, 0);
  return self->input_widths[i];
}

/**
 * qrx_plan_get_output_width:
 * @self: a plan
 *
 * Returns: the number of columns of the output
 */
gsize
qrx_plan_get_output_width (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), 0);
  return self->output_width;
}

/**
 * qrx_plan_get_input_names:
 * @self: a plan
 *
 * Gets the names of the columns that come in, where the first input is the table or comes from layers that keep columns.
 *
 * Returns: (nullable) (transfer none) (array zero-terminated=1): the names
 */
const char *const *
qrx_plan_get_input_names (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  return (const char *const *) self->input_names;
}

/**
 * qrx_plan_get_captured:
 * @self: a plan
 * @port: an input port that is not a flow
 *
 * Gets a captured input, such as a circuit.
 *
 * Returns: (nullable) (transfer none): the value
 */
QrxValue *
qrx_plan_get_captured (QrxPlan *self, const char *port)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  return self->captured != NULL ? qrx_bundle_get (self->captured, port) : NULL;
}

/**
 * qrx_plan_add_parameter:
 * @self: a plan
 * @name: a name of its own within the layer
 * @rows: the number of rows
 * @columns: the number of columns
 *
 * Asks for a parameter; its start, rate and so on are set on what is returned.
 *
 * Returns: (transfer none): the parameter
 */
QrxParameter *
qrx_plan_add_parameter (QrxPlan *self, const char *name, gsize rows, gsize columns)
{
  QrxParameter *parameter;

  g_return_val_if_fail (QRX_IS_PLAN (self) && name != NULL, NULL);
  g_return_val_if_fail (qrx_plan_find_parameter (self, name) < 0, NULL);
  parameter = qrx_parameter_new (name, rows, columns);
  g_ptr_array_add (self->parameters, parameter);
  return parameter;
}

/**
 * qrx_plan_add_scalar:
 * @self: a plan
 * @name: a name of its own within the layer
 * @scalar: the property's value
 *
 * Asks for a scalar that may be learned: the step has it as a (1, output width) tensor.
 */
void
qrx_plan_add_scalar (QrxPlan *self, const char *name, const QrxScalar *scalar)
{
  g_return_if_fail (QRX_IS_PLAN (self) && name != NULL && scalar != NULL);
  g_return_if_fail (qrx_plan_find_parameter (self, name) < 0);
  g_ptr_array_add (self->parameters, qrx_parameter_new_scalar (name, self->output_width, scalar));
}

static void
add_storage (GArray *storages, const char *name, gsize rows, gsize columns, double value)
{
  QrxStorage storage = { g_strdup (name), rows, columns, value };

  g_array_append_val (storages, storage);
}

/**
 * qrx_plan_add_buffer:
 * @self: a plan
 * @name: a name of its own within the layer
 * @rows: the number of rows
 * @columns: the number of columns
 * @value: what every element starts at
 *
 * Asks for float64 state that belongs to the model but is not learned by gradient.
 */
void
qrx_plan_add_buffer (QrxPlan *self, const char *name, gsize rows, gsize columns, double value)
{
  g_return_if_fail (QRX_IS_PLAN (self) && name != NULL);
  g_return_if_fail (qrx_storage_find (self->buffers, name) < 0);
  add_storage (self->buffers, name, rows, columns, value);
}

/**
 * qrx_plan_add_workspace:
 * @self: a plan
 * @name: a name of its own within the layer
 * @rows: the number of rows; 0 = as many as a step has
 * @columns: the number of columns
 *
 * Asks for scratch memory that lives with each step, in the element type of the plan.
 */
void
qrx_plan_add_workspace (QrxPlan *self, const char *name, gsize rows, gsize columns)
{
  g_return_if_fail (QRX_IS_PLAN (self) && name != NULL);
  g_return_if_fail (qrx_storage_find (self->workspaces, name) < 0);
  add_storage (self->workspaces, name, rows, columns, 0);
}

/**
 * qrx_plan_set_batch_dependent:
 * @self: a plan
 *
 * Says that in training a row's output depends on the other rows of the minibatch, or on chance.
 */
void
qrx_plan_set_batch_dependent (QrxPlan *self)
{
  g_return_if_fail (QRX_IS_PLAN (self));
  self->batch_dependent = TRUE;
}

/**
 * qrx_plan_dup_parameter_names:
 * @self: a plan
 *
 * Lists the parameters and scalars that a step has, in the order of declaration.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
qrx_plan_dup_parameter_names (QrxPlan *self)
{
  char **names;

  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  names = g_new0 (char *, self->parameters->len + 1);
  for (guint i = 0; i < self->parameters->len; i++)
    names[i] = g_strdup (((QrxParameter *) self->parameters->pdata[i])->name);
  return names;
}

static char **
dup_storage_names (GArray *storages)
{
  char **names = g_new0 (char *, storages->len + 1);

  for (guint i = 0; i < storages->len; i++)
    names[i] = g_strdup (g_array_index (storages, QrxStorage, i).name);
  return names;
}

/**
 * qrx_plan_dup_buffer_names:
 * @self: a plan
 *
 * Lists the buffers that a step has, in the order of declaration.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
qrx_plan_dup_buffer_names (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  return dup_storage_names (self->buffers);
}

/**
 * qrx_plan_dup_workspace_names:
 * @self: a plan
 *
 * Lists the workspaces that a step has, in the order of declaration.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
qrx_plan_dup_workspace_names (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  return dup_storage_names (self->workspaces);
}

/**
 * qrx_plan_keep:
 * @self: a plan
 * @object: an immutable object
 *
 * Keeps one object for the whole model, such as a compiled circuit.
 */
void
qrx_plan_keep (QrxPlan *self, GObject *object)
{
  g_return_if_fail (QRX_IS_PLAN (self) && G_IS_OBJECT (object));
  g_set_object (&self->kept, object);
}

/**
 * qrx_plan_get_kept:
 * @self: a plan
 *
 * Returns: (nullable) (transfer none): what qrx_plan_keep() was given
 */
GObject *
qrx_plan_get_kept (QrxPlan *self)
{
  g_return_val_if_fail (QRX_IS_PLAN (self), NULL);
  return self->kept;
}
