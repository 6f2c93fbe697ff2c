/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every gate as its matrix times the identity on all other qubits, every derivative through the product of all of them.
 * It shares with the fast backends only the gates' matrices: it reads the circuit, not what the compiler made of it. */
#include <qrx/qrx-reference-backend.h>
#include <string.h>

#include "quantum/qrx-backend-private.h"
#include "quantum/qrx-program-private.h"

struct _QrxReferenceBackend {
  QrxBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (QrxReferenceBackend, qrx_reference_backend, QRX_TYPE_BACKEND)

#define QRX_TYPE_REFERENCE_WORKSPACE (qrx_reference_workspace_get_type ())
G_DECLARE_FINAL_TYPE (QrxReferenceWorkspace, qrx_reference_workspace, QRX, REFERENCE_WORKSPACE, QrxWorkspace)

struct _QrxReferenceWorkspace {
  QrxWorkspace parent_instance;
  QrxTensor *inputs;
  QrxTensor *weights;
};

G_DEFINE_FINAL_TYPE (QrxReferenceWorkspace, qrx_reference_workspace, QRX_TYPE_WORKSPACE)

static void
qrx_reference_workspace_finalize (GObject *object)
{
  QrxReferenceWorkspace *self = QRX_REFERENCE_WORKSPACE (object);

  g_clear_object (&self->inputs);
  g_clear_object (&self->weights);
  G_OBJECT_CLASS (qrx_reference_workspace_parent_class)->finalize (object);
}

static void
qrx_reference_workspace_class_init (QrxReferenceWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_reference_workspace_finalize;
}

static void
qrx_reference_workspace_init (QrxReferenceWorkspace *self G_GNUC_UNUSED)
{
}

/* One row's inputs, and all weights. */
typedef struct {
  QrxCircuit *circuit;
  gsize size; /* 2^n */
  const double *inputs;
  const double *weights;
} Row;

static double
angle_of (const Row *row, const QrxAngle *angle)
{
  if (angle->source == QRX_ANGLE_SOURCE_INPUT)
    return angle->scale * row->inputs[angle->index] + angle->offset;
  if (angle->source == QRX_ANGLE_SOURCE_WEIGHT)
    return angle->scale * row->weights[angle->index] + angle->offset;
  return angle->offset;
}

/* A gate's matrix, or its derivative by one of its parameters: exact, from how its entries depend on the parameter. */
static void
small_matrix (const QrxGate *gate, const double *parameters, int by, double complex *matrix)
{
  gboolean half = by >= 0 && gate->parameters[by].entries == QRX_ENTRY_HALF;
  double shifted[QRX_GATE_MAX_PARAMETERS];
  double complex minus[64];
  gsize n = (gsize) 1 << (2 * gate->n_wires);

  if (by < 0)
    {
      qrx_gate_get_matrix (gate, parameters, matrix);
      return;
    }
  memcpy (shifted, parameters, sizeof shifted);
  shifted[by] += half ? G_PI : G_PI_2;
  qrx_gate_get_matrix (gate, shifted, matrix);
  shifted[by] -= half ? 2 * G_PI : G_PI;
  qrx_gate_get_matrix (gate, shifted, minus);
  for (gsize i = 0; i < n; i++)
    matrix[i] = (matrix[i] - minus[i]) / (half ? 4 : 2);
}

/* The index of a gate's own basis state within the register's index k, and what is left of k. */
static gsize
split_index (const QrxOperation *operation, guint n_qubits, gsize k, gsize *rest)
{
  gsize inner = 0;

  *rest = k;
  for (guint i = 0; i < operation->gate->n_wires; i++)
    {
      gsize bit = n_qubits - 1 - operation->wires[i];

      inner = inner << 1 | (k >> bit & 1);
      *rest &= ~((gsize) 1 << bit);
    }
  return inner;
}

/* What split_index() took out of an index. */
static gsize
join_index (const QrxOperation *operation, guint n_qubits, gsize inner, gsize rest)
{
  for (guint i = operation->gate->n_wires; i-- > 0; inner >>= 1)
    rest |= (inner & 1) << (n_qubits - 1 - operation->wires[i]);
  return rest;
}

/* The gate on its wires, times the identity on the others, times the state, row by row. */
static void
apply (const Row *row, const QrxOperation *operation, int by, double complex *state)
{
  guint n_qubits = qrx_circuit_get_n_qubits (row->circuit);
  gsize inner_size = (gsize) 1 << operation->gate->n_wires;
  double parameters[QRX_GATE_MAX_PARAMETERS] = { 0 };
  double complex small[64];
  g_autofree double complex *out = g_new0 (double complex, row->size);

  for (guint i = 0; i < operation->gate->n_parameters; i++)
    parameters[i] = angle_of (row, &operation->angles[i]);
  small_matrix (operation->gate, parameters, by, small);
  for (gsize i = 0; i < row->size; i++)
    {
      gsize rest, inner_i = split_index (operation, n_qubits, i, &rest);

      for (gsize inner_j = 0; inner_j < inner_size; inner_j++)
        out[i] += small[inner_i * inner_size + inner_j] * state[join_index (operation, n_qubits, inner_j, rest)];
    }
  memcpy (state, out, row->size * sizeof *state);
}

/* The final state, or its derivative by parameter by of operation at (none if at is negative). */
static double complex *
run (const Row *row, gint at, int by)
{
  const QrxOperation *operations = qrx_circuit_peek_operations (row->circuit);
  guint n = qrx_circuit_get_n_operations (row->circuit);
  double complex *state = g_new0 (double complex, row->size);

  state[0] = 1;
  for (guint i = 0; i < n; i++)
    apply (row, &operations[i], (gint) i == at ? by : -1, state);
  return state;
}

/* <a| P |b>, P the Kronecker product of the string's letters. */
static double complex
sandwich (gsize size, const double complex *a, const QrxObservableTerm *term, const double complex *b)
{
  static const double complex powers[4] = { 1, I, -1, -I };
  double complex sum = 0;

  for (gsize k = 0; k < size; k++)
    {
      double sign = qrx_parity ((guint32) k & term->z) ? -1 : 1;

      sum += conj (a[k ^ term->x]) * powers[__builtin_popcount (term->x & term->z) & 3] * sign * b[k];
    }
  return sum;
}

static void
row_init (Row *row, QrxProgram *program, QrxTensor *inputs, QrxTensor *weights, gsize index)
{
  row->circuit = qrx_program_get_circuit (program);
  row->size = (gsize) 1 << qrx_circuit_get_n_qubits (row->circuit);
  row->inputs = qrx_tensor_peek_f64 (inputs) + index * qrx_circuit_get_n_inputs (row->circuit);
  row->weights = qrx_tensor_peek_f64 (weights);
}

static void
add_to (QrxTensor *tensor, gsize index, double value)
{
  qrx_tensor_set (tensor, index, qrx_tensor_get (tensor, index) + value);
}

static gboolean
check_size (QrxProgram *program, GError **error)
{
  guint n_qubits = qrx_circuit_get_n_qubits (qrx_program_get_circuit (program));

  if (n_qubits <= QRX_REFERENCE_BACKEND_MAX_QUBITS)
    return TRUE;
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES,
               "the reference backend takes circuits of at most %d qubits, for it is plain and slow; this one "
               "has %u", QRX_REFERENCE_BACKEND_MAX_QUBITS, n_qubits);
  return FALSE;
}

static QrxWorkspace *
qrx_reference_backend_create_workspace (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program, guint64 max_rows,
                                        QrxDtype dtype, GError **error)
{
  guint n_qubits = qrx_circuit_get_n_qubits (qrx_program_get_circuit (program));
  QrxWorkspace *workspace;

  if (!check_size (program, error))
    return NULL;
  workspace = g_object_new (QRX_TYPE_REFERENCE_WORKSPACE, "program", program, "max-rows", max_rows, "dtype",
                            (int) dtype, NULL);
  qrx_workspace_set_size (workspace, (guint64) 64 << n_qubits);
  return workspace;
}

static gboolean
qrx_reference_backend_expectations (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program, QrxTensor *inputs,
                                    QrxTensor *weights, QrxWorkspace *workspace, QrxTensor *expectations,
                                    QrxPool *pool G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  QrxReferenceWorkspace *self = QRX_REFERENCE_WORKSPACE (workspace);
  guint n_terms, n_observables = qrx_circuit_get_n_observables (qrx_program_get_circuit (program));
  const QrxObservableTerm *terms = qrx_circuit_peek_terms (qrx_program_get_circuit (program), &n_terms);

  g_set_object (&self->inputs, NULL);
  g_set_object (&self->weights, NULL);
  self->inputs = qrx_tensor_dup_as (inputs, QRX_DTYPE_F64);
  self->weights = qrx_tensor_dup_as (weights, QRX_DTYPE_F64);
  qrx_tensor_fill (expectations, 0);
  for (gsize i = 0; i < qrx_tensor_get_rows (inputs); i++)
    {
      g_autofree double complex *state = NULL;
      Row row;

      row_init (&row, program, self->inputs, self->weights, i);
      state = run (&row, -1, -1);
      for (guint t = 0; t < n_terms; t++)
        add_to (expectations, i * n_observables + terms[t].observable,
                terms[t].coefficient * creal (sandwich (row.size, state, &terms[t], state)));
    }
  return TRUE;
}

/* d/dt <psi| O |psi> = 2 Re <psi| O |d psi / dt> */
static void
add_row_gradient (const Row *row, gsize index, QrxTensor *cotangents, QrxTensor *grad_inputs, QrxTensor *grad_weights)
{
  const QrxOperation *operations = qrx_circuit_peek_operations (row->circuit);
  guint n_terms, n_observables = qrx_circuit_get_n_observables (row->circuit);
  const QrxObservableTerm *terms = qrx_circuit_peek_terms (row->circuit, &n_terms);
  g_autofree double complex *state = run (row, -1, -1);

  for (guint at = 0; at < qrx_circuit_get_n_operations (row->circuit); at++)
    for (guint by = 0; by < operations[at].gate->n_parameters; by++)
      {
        const QrxAngle *angle = &operations[at].angles[by];
        g_autofree double complex *derivative = NULL;
        double sum = 0;

        if (angle->source == QRX_ANGLE_SOURCE_CONSTANT)
          continue;
        derivative = run (row, (gint) at, (int) by);
        for (guint t = 0; t < n_terms; t++)
          sum += qrx_tensor_get (cotangents, index * n_observables + terms[t].observable) * terms[t].coefficient * 2 *
                 creal (sandwich (row->size, state, &terms[t], derivative));
        if (angle->source == QRX_ANGLE_SOURCE_INPUT && grad_inputs != NULL)
          add_to (grad_inputs, index * qrx_circuit_get_n_inputs (row->circuit) + angle->index, angle->scale * sum);
        if (angle->source == QRX_ANGLE_SOURCE_WEIGHT && grad_weights != NULL)
          add_to (grad_weights, angle->index, angle->scale * sum);
      }
}

static gboolean
qrx_reference_backend_vjp (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program, QrxWorkspace *workspace,
                           QrxTensor *cotangents, QrxTensor *grad_inputs, QrxTensor *grad_weights,
                           QrxPool *pool G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  QrxReferenceWorkspace *self = QRX_REFERENCE_WORKSPACE (workspace);

  if (grad_inputs != NULL)
    qrx_tensor_fill (grad_inputs, 0);
  if (grad_weights != NULL)
    qrx_tensor_fill (grad_weights, 0);
  for (gsize i = 0; i < qrx_tensor_get_rows (cotangents); i++)
    {
      Row row;

      row_init (&row, program, self->inputs, self->weights, i);
      add_row_gradient (&row, i, cotangents, grad_inputs, grad_weights);
    }
  return TRUE;
}

static gboolean
qrx_reference_backend_states (QrxBackend *backend G_GNUC_UNUSED, QrxProgram *program, QrxTensor *inputs,
                              QrxTensor *weights, QrxTensor *states, QrxPool *pool G_GNUC_UNUSED, GError **error)
{
  g_autoptr (QrxTensor) exact_inputs = qrx_tensor_dup_as (inputs, QRX_DTYPE_F64);
  g_autoptr (QrxTensor) exact_weights = qrx_tensor_dup_as (weights, QRX_DTYPE_F64);

  if (!check_size (program, error))
    return FALSE;
  for (gsize i = 0; i < qrx_tensor_get_rows (inputs); i++)
    {
      g_autofree double complex *state = NULL;
      Row row;

      row_init (&row, program, exact_inputs, exact_weights, i);
      state = run (&row, -1, -1);
      memcpy (qrx_tensor_peek_f64 (states) + 2 * i * row.size, state, row.size * sizeof *state);
    }
  return TRUE;
}

static void
qrx_reference_backend_class_init (QrxReferenceBackendClass *klass)
{
  QrxBackendClass *backend_class = QRX_BACKEND_CLASS (klass);

  backend_class->create_workspace = qrx_reference_backend_create_workspace;
  backend_class->expectations = qrx_reference_backend_expectations;
  backend_class->vjp = qrx_reference_backend_vjp;
  backend_class->states = qrx_reference_backend_states;
}

static void
qrx_reference_backend_init (QrxReferenceBackend *self G_GNUC_UNUSED)
{
}

/**
 * qrx_reference_backend_new:
 *
 * Makes a backend that multiplies matrices one by one: slow, plain, for at most ten qubits, to test others against.
 *
 * Returns: (transfer full): the backend
 */
QrxBackend *
qrx_reference_backend_new (void)
{
  return g_object_new (QRX_TYPE_REFERENCE_BACKEND, NULL);
}
