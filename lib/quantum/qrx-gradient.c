/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes expectations from another backend, and gradients by a method that needs nothing but these: so they come from
 * anything that measures. Knows which method; the methods have files of their own. */
#include <qrx/qrx-suggest.h>

#include "quantum/qrx-gradient-private.h"

typedef enum {
  METHOD_ADJOINT,
  METHOD_PARAMETER_SHIFT,
  METHOD_FINITE_DIFFERENCE,
  METHOD_SPSA,
} Method;

static const char *const method_names[] = { "adjoint", "parameter-shift", "finite-difference", "spsa", NULL };

#define QRX_TYPE_GRADIENT_BACKEND (qrx_gradient_backend_get_type ())
G_DECLARE_FINAL_TYPE (QrxGradientBackend, qrx_gradient_backend, QRX, GRADIENT_BACKEND, QrxBackend)

struct _QrxGradientBackend {
  QrxBackend parent_instance;
  QrxBackend *backend;
  Method method;
  double step;
  guint averages;
  guint64 seed;
};

G_DEFINE_FINAL_TYPE (QrxGradientBackend, qrx_gradient_backend, QRX_TYPE_BACKEND)

#define QRX_TYPE_GRADIENT_WORKSPACE (qrx_gradient_workspace_get_type ())
G_DECLARE_FINAL_TYPE (QrxGradientWorkspace, qrx_gradient_workspace, QRX, GRADIENT_WORKSPACE, QrxWorkspace)

struct _QrxGradientWorkspace {
  QrxWorkspace parent_instance;
  QrxWorkspace *inner;
  QrxShifts *shifts; /* of the parameter-shift rule */
  QrxTensor *inputs; /* of the last expectations */
  QrxTensor *weights;
};

G_DEFINE_FINAL_TYPE (QrxGradientWorkspace, qrx_gradient_workspace, QRX_TYPE_WORKSPACE)

static void
qrx_gradient_workspace_finalize (GObject *object)
{
  QrxGradientWorkspace *self = QRX_GRADIENT_WORKSPACE (object);

  g_clear_object (&self->inner);
  g_clear_pointer (&self->shifts, qrx_shifts_free);
  g_clear_object (&self->inputs);
  g_clear_object (&self->weights);
  G_OBJECT_CLASS (qrx_gradient_workspace_parent_class)->finalize (object);
}

static void
qrx_gradient_workspace_class_init (QrxGradientWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_gradient_workspace_finalize;
}

static void
qrx_gradient_workspace_init (QrxGradientWorkspace *self G_GNUC_UNUSED)
{
}

static QrxWorkspace *
qrx_gradient_backend_create_workspace (QrxBackend *backend, QrxProgram *program, guint64 max_rows, QrxDtype dtype,
                                       GError **error)
{
  QrxGradientBackend *self = QRX_GRADIENT_BACKEND (backend);
  g_autoptr (QrxGradientWorkspace) workspace =
      g_object_new (QRX_TYPE_GRADIENT_WORKSPACE, "program", program, "max-rows", max_rows, "dtype", (int) dtype, NULL);
  g_autoptr (QrxRandom) random = qrx_random_new (self->seed, "gradient", "spsa", 0);
  guint64 size;

  workspace->inner = qrx_backend_create_workspace (self->backend, program, max_rows, dtype, error);
  if (workspace->inner == NULL)
    return NULL;
  size = qrx_workspace_get_size (workspace->inner);
  if (self->method == METHOD_PARAMETER_SHIFT)
    {
      workspace->shifts = qrx_shifts_new (self->backend, qrx_program_get_circuit (program), max_rows, dtype, error);
      if (workspace->shifts == NULL)
        return NULL;
      size += qrx_shifts_get_size (workspace->shifts);
    }
  qrx_workspace_set_size (QRX_WORKSPACE (workspace), size);
  qrx_workspace_set_random (QRX_WORKSPACE (workspace), random);
  return QRX_WORKSPACE (g_steal_pointer (&workspace));
}

static gboolean
qrx_gradient_backend_expectations (QrxBackend *backend, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                                   QrxWorkspace *workspace, QrxTensor *expectations, QrxPool *pool, GError **error)
{
  QrxGradientWorkspace *self = QRX_GRADIENT_WORKSPACE (workspace);
  QrxDtype dtype = qrx_workspace_get_dtype (workspace);

  g_clear_object (&self->inputs);
  g_clear_object (&self->weights);
  self->inputs = qrx_tensor_dup_as (inputs, dtype);
  self->weights = qrx_tensor_dup_as (weights, dtype);
  return qrx_backend_expectations (QRX_GRADIENT_BACKEND (backend)->backend, program, inputs, weights, self->inner,
                                   expectations, pool, error);
}

static gboolean
qrx_gradient_backend_states (QrxBackend *backend, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights,
                             QrxTensor *states, QrxPool *pool, GError **error)
{
  return qrx_backend_states (QRX_GRADIENT_BACKEND (backend)->backend, program, inputs, weights, states, pool, error);
}

static gboolean
run_method (QrxGradientBackend *self, QrxGradientWorkspace *workspace, const QrxGradientJob *job, GError **error)
{
  switch (self->method)
    {
    case METHOD_PARAMETER_SHIFT:
      return qrx_gradient_shift (job, workspace->shifts, error);
    case METHOD_FINITE_DIFFERENCE:
      return qrx_gradient_difference (job, error);
    case METHOD_SPSA:
    case METHOD_ADJOINT: /* never: that is a backend without this one */
    default:
      return qrx_gradient_perturb (job, error);
    }
}

static void
write_out (const double *values, QrxTensor *tensor)
{
  for (gsize i = 0; values != NULL && i < qrx_tensor_get_n_elements (tensor); i++)
    qrx_tensor_set (tensor, i, values[i]);
}

static gboolean
qrx_gradient_backend_vjp (QrxBackend *backend, QrxProgram *program, QrxWorkspace *workspace, QrxTensor *cotangents,
                          QrxTensor *grad_inputs, QrxTensor *grad_weights, QrxPool *pool, GError **error)
{
  QrxGradientBackend *self = QRX_GRADIENT_BACKEND (backend);
  QrxGradientWorkspace *own = QRX_GRADIENT_WORKSPACE (workspace);
  QrxDtype dtype = qrx_workspace_get_dtype (workspace);
  g_autoptr (QrxTensor) expectations = NULL;
  g_autofree double *by_inputs = NULL, *by_weights = NULL;

  if (qrx_tensor_get_rows (cotangents) == 0)
    {
      if (grad_weights != NULL)
        qrx_tensor_fill (grad_weights, 0);
      return TRUE;
    }
  expectations = qrx_tensor_new_matrix (dtype, qrx_tensor_get_rows (cotangents), qrx_tensor_get_columns (cotangents));
  by_inputs = grad_inputs != NULL ? g_new0 (double, qrx_tensor_get_n_elements (grad_inputs) + 1) : NULL;
  by_weights = grad_weights != NULL ? g_new0 (double, qrx_tensor_get_n_elements (grad_weights) + 1) : NULL;

  const QrxGradientJob job = { self->backend,
                               program,
                               own->inner,
                               own->inputs,
                               own->weights,
                               cotangents,
                               expectations,
                               pool,
                               self->step,
                               self->averages,
                               qrx_workspace_get_random (workspace),
                               by_inputs,
                               by_weights };

  if (!run_method (self, own, &job, error))
    return FALSE;
  write_out (by_inputs, grad_inputs);
  write_out (by_weights, grad_weights);
  return TRUE;
}

static void
qrx_gradient_backend_finalize (GObject *object)
{
  g_clear_object (&QRX_GRADIENT_BACKEND (object)->backend);
  G_OBJECT_CLASS (qrx_gradient_backend_parent_class)->finalize (object);
}

static void
qrx_gradient_backend_class_init (QrxGradientBackendClass *klass)
{
  QrxBackendClass *backend_class = QRX_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = qrx_gradient_backend_finalize;
  backend_class->create_workspace = qrx_gradient_backend_create_workspace;
  backend_class->expectations = qrx_gradient_backend_expectations;
  backend_class->vjp = qrx_gradient_backend_vjp;
  backend_class->states = qrx_gradient_backend_states;
}

static void
qrx_gradient_backend_init (QrxGradientBackend *self G_GNUC_UNUSED)
{
}

/**
 * qrx_backend_list_gradients:
 *
 * Lists the methods of [method@Backend.with_gradient].
 *
 * Returns: (transfer none) (array zero-terminated=1): their names
 */
const char *const *
qrx_backend_list_gradients (void)
{
  return method_names;
}

static gboolean
find_method (const char *name, Method *method, GError **error)
{
  g_autofree char *hint = NULL;

  for (guint i = 0; method_names[i] != NULL; i++)
    if (g_str_equal (method_names[i], name))
      {
        *method = (Method) i;
        return TRUE;
      }
  hint = qrx_suggest_text (name, method_names);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "there is no gradient \"%s\"%s", name, hint);
  return FALSE;
}

/**
 * qrx_backend_with_gradient:
 * @self: a backend
 * @gradient: how gradients are taken, see [func@Backend.list_gradients]
 * @step: how far `finite-difference` and `spsa` move inputs and weights, in radians, above 0 and at most π
 * @averages: how many directions `spsa` draws for each gradient, at least 1
 * @seed: of these directions, unless [method@Workspace.set_random] gives a workspace a stream of its own
 * @error: return location for an error
 *
 * Gets a backend with the expectations of another and gradients by a method:
 *
 * - `adjoint` is the backend's own exact gradient, and this returns the backend itself. The others need nothing but
 *   expectations.
 * - `parameter-shift` is exact: two evaluations for each use of an input or a weight in a gate, four in `crx`,
 *   `cry` and `crz` (Mitarai et al. 2018, arXiv:1803.00745; Anselmetti et al. 2021, arXiv:2104.05695; Wierichs et
 *   al. 2022, arXiv:2107.12390).
 * - `finite-difference` is central, two evaluations for each input and each weight. Its error is step²/6 times the
 *   third derivative, and what rounding leaves of an expectation divided by step.
 * - `spsa` moves all at once in random directions, two evaluations for each direction. Its mean over directions is what
 *   `finite-difference` gives, up to terms as small as its error (Spall 1992, doi:10.1109/9.119632).
 *
 * Fails with %QRX_PIPELINE_ERROR_UNKNOWN if there is no such method, or with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_backend_with_gradient (QrxBackend *self, const char *gradient, double step, guint averages, guint64 seed,
                           GError **error)
{
  QrxGradientBackend *backend;
  Method method;

  g_return_val_if_fail (QRX_IS_BACKEND (self) && gradient != NULL, NULL);

  if (!find_method (gradient, &method, error))
    return NULL;
  if (!(step > 0 && step <= G_PI) || averages == 0)
    {
      g_set_error (
          error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
          "a gradient of step %g and %u averages; expected a step above 0 and at most pi, and at least 1 average", step,
          averages);
      return NULL;
    }
  if (method == METHOD_ADJOINT)
    return g_object_ref (self);
  backend = g_object_new (QRX_TYPE_GRADIENT_BACKEND, NULL);
  backend->backend = g_object_ref (self);
  backend->method = method;
  backend->step = step;
  backend->averages = averages;
  backend->seed = seed;
  return QRX_BACKEND (backend);
}
