/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A parameterized circuit as a layer: angles in, expectations out, its weights learned. */
#include <qrx/qrx-layer.h>
#include <qrx/qrx-gradient.h>

#include "quantum/circuit-description.h"
#include "quantum/quantum-scratch.h"

#include <string.h>

struct _QrxQuantumLayer {
  QrxLayer parent_instance;
  QrxCircuitDescription described;
  char *initial_weights;
  double initial_deviation;
  gboolean train;
  char *backend;
  char *gradient;
  double gradient_step;
  gint64 gradient_averages;
};

#define QRX_TYPE_QUANTUM_LAYER (qrx_quantum_layer_get_type ())
G_DECLARE_FINAL_TYPE (QrxQuantumLayer, qrx_quantum_layer, QRX, QUANTUM_LAYER, QrxLayer)
G_DEFINE_FINAL_TYPE (QrxQuantumLayer, qrx_quantum_layer, QRX_TYPE_LAYER)

static gboolean
has_circuit (QrxQuantumLayer *self)
{
  return qrx_circuit_description_is_whole (&self->described);
}

/* Of the first Pauli string; -1 where there is none. */
static gint64
count_letters (const char *observable)
{
  const char *string = strpbrk (observable, "IXYZ");

  return string != NULL ? (gint64) strspn (string, "IXYZ") : -1;
}

/* The number of qubits before any circuit is built, −1 while it is open: it follows from the number of angles, and a
 * Pauli string has a letter for each. 0 where no circuit takes so many angles. */
static gint64
count_qubits (QrxQuantumLayer *self, QrxShapeScope *scope)
{
  gint64 n_angles = qrx_shape_scope_get (scope, "Q");

  if (n_angles >= 0)
    return qrx_encoding_get_n_qubits (self->described.encoding, (guint64) n_angles);
  if (!qrx_circuit_description_has_observables (&self->described))
    return -1;
  return count_letters (self->described.observables[0]);
}

static gboolean
refuse_angles (QrxQuantumLayer *self, gint64 n_angles, GError **error)
{
  const char *encoding = self->described.encoding;

  if (qrx_encoding_get_n_inputs (encoding, 2) == 2)
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                 "%" G_GINT64_FORMAT " angles come in, each for a qubit of its own; a circuit has 1 to %d qubits",
                 n_angles, QRX_CIRCUIT_MAX_QUBITS);
  else
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK,
                 "%" G_GINT64_FORMAT " angles come in, which fit no number of qubits: the encoding \"%s\" takes %u "
                 "angles for 2 qubits, %u for 3, %u for 4",
                 n_angles, encoding, qrx_encoding_get_n_inputs (encoding, 2),
                 qrx_encoding_get_n_inputs (encoding, 3), qrx_encoding_get_n_inputs (encoding, 4));
  return FALSE;
}

/* Weights that make each pair of layers the identity need pairs of layers that can be one. */
static gboolean
check_blocks (QrxQuantumLayer *self, GError **error)
{
  if (!g_str_equal (self->initial_weights, "identity-blocks") ||
      (!has_circuit (self) && self->described.mirrored && self->described.layers % 2 == 0))
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"initial-weights\": \"identity-blocks\" needs a layout with \"mirrored\": true and an even number "
               "of \"layers\"");
  return FALSE;
}

static gboolean
quantum_layer_resolve (QrxNode *node, QrxShapeScope *scope, GError **error)
{
  QrxQuantumLayer *self = QRX_QUANTUM_LAYER (node);
  gint64 n_qubits = count_qubits (self, scope);
  g_autoptr (QrxCircuit) circuit = NULL;
  g_autofree char *inputs = NULL, *outputs = NULL;

  if (!check_blocks (self, error))
    return FALSE;
  if (!has_circuit (self) && n_qubits < 0)
    return TRUE;
  if (!has_circuit (self) && (n_qubits == 0 || n_qubits > QRX_CIRCUIT_MAX_QUBITS))
    return refuse_angles (self, qrx_shape_scope_get (scope, "Q"), error);
  circuit = qrx_circuit_description_build_function (&self->described, (guint) MAX (n_qubits, 1), error);
  if (circuit == NULL)
    return FALSE;
  inputs = g_strdup_printf ("inputs of the circuit: %u", qrx_circuit_get_n_inputs (circuit));
  outputs = g_strdup_printf ("observables of the circuit: %u", qrx_circuit_get_n_observables (circuit));
  return qrx_shape_scope_set (scope, "Q", qrx_circuit_get_n_inputs (circuit), inputs, error) &&
         qrx_shape_scope_set (scope, "M", qrx_circuit_get_n_observables (circuit), outputs, error);
}

/* The number of weights of one layer, which a pair of mirrored layers has twice. */
static gsize
count_layer_weights (QrxQuantumLayer *self, guint n_qubits)
{
  const char *encoding = self->described.encoding, *layout = self->described.layout;
  g_autoptr (QrxCircuit) two = qrx_circuit_new_from_layout (encoding, layout, n_qubits, 2, FALSE, NULL);
  g_autoptr (QrxCircuit) one = qrx_circuit_new_from_layout (encoding, layout, n_qubits, 1, FALSE, NULL);

  return qrx_circuit_get_n_weights (two) - qrx_circuit_get_n_weights (one);
}

static gboolean
quantum_layer_prepare (QrxLayer *layer, QrxPlan *plan, GError **error)
{
  QrxQuantumLayer *self = QRX_QUANTUM_LAYER (layer);
  gsize n_angles = qrx_plan_get_input_width (plan, 0);
  guint n_qubits = has_circuit (self) ? 1 : qrx_encoding_get_n_qubits (self->described.encoding, n_angles);
  g_autoptr (QrxCircuit) circuit = NULL;
  g_autoptr (QrxProgram) program = NULL;
  QrxParameter *weights;

  if (!check_blocks (self, error))
    return FALSE;
  if (n_qubits == 0)
    return refuse_angles (self, (gint64) n_angles, error);
  circuit = qrx_circuit_description_build_function (&self->described, n_qubits, error);
  program = circuit != NULL ? qrx_program_compile (circuit, error) : NULL;
  if (program == NULL)
    return FALSE;
  qrx_plan_keep (plan, G_OBJECT (program));
  if (qrx_circuit_get_n_weights (circuit) == 0)
    return TRUE;
  weights = qrx_plan_add_parameter (plan, "weights", 1, qrx_circuit_get_n_weights (circuit));
  if (g_str_equal (self->initial_weights, "uniform"))
    qrx_parameter_start_uniform (weights, 0, 2 * G_PI);
  else if (g_str_equal (self->initial_weights, "normal"))
    qrx_parameter_start_normal (weights, 0, self->initial_deviation);
  else if (g_str_equal (self->initial_weights, "identity-blocks"))
    qrx_parameter_start_twice (weights, 0, 2 * G_PI, count_layer_weights (self, n_qubits));
  if (!self->train)
    qrx_parameter_set_rate (weights, 0);
  return TRUE;
}

static gboolean
quantum_layer_start (QrxLayer *layer, QrxStep *step, GError **error)
{
  QrxProgram *program = QRX_PROGRAM (qrx_plan_get_kept (qrx_step_get_plan (step)));
  QrxQuantumLayer *self = QRX_QUANTUM_LAYER (layer);
  g_autoptr (QrxBackend) simulator = qrx_simulator_new (self->backend);
  g_autoptr (QrxBackend) backend = qrx_backend_with_gradient (simulator, self->gradient, self->gradient_step,
                                                              (guint) self->gradient_averages, 0, error);
  g_autoptr (QrxQuantumScratch) scratch =
    backend != NULL ? qrx_quantum_scratch_new (backend, program, step, error) : NULL;

  if (scratch == NULL)
    return FALSE;
  qrx_step_keep (step, G_OBJECT (scratch));
  return TRUE;
}

static gboolean
has_weights (QrxStep *step)
{
  QrxProgram *program = QRX_PROGRAM (qrx_plan_get_kept (qrx_step_get_plan (step)));

  return qrx_circuit_get_n_weights (qrx_program_get_circuit (program)) > 0;
}

static gboolean
quantum_layer_forward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error)
{
  return qrx_quantum_scratch_forward (QRX_QUANTUM_SCRATCH (qrx_step_get_kept (step)), step,
                                      has_weights (step) ? qrx_step_get_parameter (step, "weights") : NULL, error);
}

static gboolean
quantum_layer_backward (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, GError **error)
{
  gboolean by_weights = has_weights (step) && qrx_step_needs_parameter_gradient (step, "weights");
  gboolean by_inputs = qrx_step_needs_input_gradient (step, 0);

  return qrx_quantum_scratch_backward (QRX_QUANTUM_SCRATCH (qrx_step_get_kept (step)), step,
                                       by_inputs ? qrx_step_get_input_gradient (step, 0) : NULL,
                                       by_weights ? qrx_step_get_parameter_gradient (step, "weights") : NULL, error);
}

static gboolean
quantum_layer_get_range (QrxLayer *layer G_GNUC_UNUSED, QrxStep *step, QrxTensor *low, QrxTensor *high)
{
  QrxProgram *program = QRX_PROGRAM (qrx_plan_get_kept (qrx_step_get_plan (step)));

  for (gsize i = 0; i < qrx_tensor_get_n_elements (low); i++)
    {
      double bounds[2];

      qrx_circuit_get_observable_range (qrx_program_get_circuit (program), (guint) i, &bounds[0], &bounds[1]);
      qrx_tensor_set (low, i, bounds[0]);
      qrx_tensor_set (high, i, bounds[1]);
    }
  return TRUE;
}

static void
add_learning_properties (QrxNodeClass *node_class)
{
  qrx_node_class_add_choice (node_class, "initial-weights", G_STRUCT_OFFSET (QrxQuantumLayer, initial_weights),
                             "uniform|normal|zeros|identity-blocks",
                             "how weights start: uniform in 0..2π, normal around 0, 0, or uniform such that each pair of "
                             "mirrored layers is the identity");
  qrx_node_class_add_double (node_class, "initial-deviation", G_STRUCT_OFFSET (QrxQuantumLayer, initial_deviation), 0,
                             1000, 0.1, "radian", "deviation of weights that start normal");
  qrx_node_class_add_boolean (node_class, "train", G_STRUCT_OFFSET (QrxQuantumLayer, train), TRUE,
                              "learn the weights; false keeps them as they start, as a control");
  qrx_node_class_add_choice (
      node_class, "backend", G_STRUCT_OFFSET (QrxQuantumLayer, backend), "statevector|reference",
      "what runs the circuit: exact simulation, or slow dense algebra for tests");
}

static void
add_gradient_properties (QrxNodeClass *node_class)
{
  g_autofree char *methods = g_strjoinv ("|", (char **) qrx_backend_list_gradients ());

  qrx_node_class_add_choice (
      node_class, "gradient", G_STRUCT_OFFSET (QrxQuantumLayer, gradient), methods,
      "how gradients are taken: adjoint is exact and by far the fastest; parameter-shift is exact, and like the others "
      "needs nothing but expectations, as a device gives them; finite-difference and spsa are approximate");
  qrx_node_class_add_double (node_class, "gradient-step", G_STRUCT_OFFSET (QrxQuantumLayer, gradient_step), 1e-9, G_PI,
                             1e-3, "radian", "how far finite-difference and spsa move angles");
  qrx_node_class_add_integer (node_class, "gradient-averages", G_STRUCT_OFFSET (QrxQuantumLayer, gradient_averages), 1,
                              1000000, 1, "directions", "how many random directions spsa averages for each gradient");
}

static void
qrx_quantum_layer_class_init (QrxQuantumLayerClass *klass)
{
  QrxLayerClass *layer_class = QRX_LAYER_CLASS (klass);
  QrxNodeClass *node_class = QRX_NODE_CLASS (klass);

  node_class->resolve = quantum_layer_resolve;
  layer_class->prepare = quantum_layer_prepare;
  layer_class->start = quantum_layer_start;
  layer_class->forward = quantum_layer_forward;
  layer_class->backward = quantum_layer_backward;
  layer_class->get_range = quantum_layer_get_range;
  qrx_node_class_set_name (node_class, "quantum-layer");
  qrx_node_class_set_category (node_class, "quantum");
  qrx_node_class_set_summary (node_class,
                              "A parameterized circuit: angles in, expectations of observables out, weights learned.");
  qrx_node_class_add_citation (node_class, "Mitarai, Negoro, Kitagawa, Fujii 2018, arXiv:1803.00745");
  qrx_node_class_add_citation (node_class, "Jones, Gacon 2020, arXiv:2009.02823 (adjoint gradients)");
  qrx_node_class_add_citation (node_class, "Wierichs, Izaac, Wang, Lin 2022, arXiv:2107.12390 (parameter-shift)");
  qrx_node_class_add_citation (node_class, "Spall 1992, doi:10.1109/9.119632 (spsa)");
  qrx_node_class_add_citation (node_class, "Pérez-Salinas et al. 2020, arXiv:1907.02085 (reuploading)");
  qrx_node_class_add_citation (node_class, "Grant, Wossnig, Ostaszewski, Benedetti 2019, arXiv:1903.05076 (identity-blocks)");
  qrx_node_class_add_input (node_class, "in", "flow:angle[B, Q]",
                            "angles in radians, one for each input of the circuit");
  qrx_node_class_add_output (node_class, "out", "flow:expectation[B, M]", "one expectation for each observable");
  qrx_circuit_description_add_properties (node_class, G_STRUCT_OFFSET (QrxQuantumLayer, described));
  qrx_circuit_description_add_observables (node_class, G_STRUCT_OFFSET (QrxQuantumLayer, described));
  add_learning_properties (node_class);
  add_gradient_properties (node_class);
  qrx_node_class_set_example (node_class,
                              "{\"properties\": {\"encoding\": \"ry\", \"layout\": \"product\", \"layers\": 1},"
                              " \"parameters\": {\"weights\": [[0.5, 0, 0.25, 0, 1.0471975511965976, 0]]},"
                              " \"input\": [[0, 0], [1.0471975511965976, 1.0471975511965976]],"
                              " \"expect\": {\"output\": [[1, 0.5], [0.5, -0.5]]}, \"tolerance\": 1e-12}");
}

static void
qrx_quantum_layer_init (QrxQuantumLayer *self G_GNUC_UNUSED)
{
}
