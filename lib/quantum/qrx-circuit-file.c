/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits from and to text of JSON. */
#include "quantum/qrx-circuit-json-private.h"

/**
 * qrx_circuit_new_from_json:
 * @text: a circuit as JSON, `{"qubits", "ops", "observables"}`
 * @length: its length in bytes, or -1 if it ends in a zero
 * @error: return location for an error
 *
 * Reads a circuit. Fails with a #QrxPipelineError that names the operation or observable.
 *
 * Returns: (transfer full): the circuit
 */
QrxCircuit *
qrx_circuit_new_from_json (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  root = qrx_json_scan (text, length < 0 ? strlen (text) : (gsize) length, "circuit", NULL, error);
  return root != NULL ? qrx_circuit_new_from_json_node (root, "circuit", NULL, error) : NULL;
}

void
qrx_circuit_prefix_place (GError **error, QrxJsonDocument *document, JsonNode *node, const char *path)
{
  QrxPosition position = { 1, 1 };

  qrx_json_document_locate_node (document, node, FALSE, &position);
  g_prefix_error (error, "%s:%u:%u: ", path, position.line, position.column);
}

static JsonNode *
angle_to_node (const QrxAngle *angle)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (angle->source == QRX_ANGLE_SOURCE_CONSTANT)
    json_object_set_double_member (object, "value", angle->offset);
  else
    {
      json_object_set_int_member (object, angle->source == QRX_ANGLE_SOURCE_INPUT ? "input" : "weight", angle->index);
      if (angle->scale != 1)
        json_object_set_double_member (object, "scale", angle->scale);
      if (angle->offset != 0)
        json_object_set_double_member (object, "offset", angle->offset);
    }
  json_node_take_object (node, object);
  return node;
}

static JsonArray *
operations_to_array (QrxCircuit *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (self->operations, QrxOperation, i);
      JsonObject *object = json_object_new ();
      JsonArray *wires = json_array_new (), *angles;

      json_object_set_string_member (object, "gate", operation->gate->name);
      for (guint j = 0; j < operation->gate->n_wires; j++)
        json_array_add_int_element (wires, operation->wires[j]);
      json_object_set_array_member (object, "wires", wires);
      if (operation->gate->n_parameters > 0)
        {
          angles = json_array_new ();
          for (guint j = 0; j < operation->gate->n_parameters; j++)
            json_array_add_element (angles, angle_to_node (&operation->angles[j]));
          json_object_set_array_member (object, "params", angles);
        }
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
observables_to_array (QrxCircuit *self)
{
  JsonArray *array = json_array_new ();
  const QrxObservableTerm *terms = (gpointer) self->terms->data;

  for (guint i = 0, end; i < self->terms->len; i = end)
    {
      JsonArray *sum;

      for (end = i + 1; end < self->terms->len && terms[end].observable == terms[i].observable; end++)
        ;
      if (end == i + 1 && terms[i].coefficient == 1)
        {
          g_autofree char *pauli = qrx_pauli_to_string (terms[i].x, terms[i].z, self->n_qubits);

          json_array_add_string_element (array, pauli);
          continue;
        }
      sum = json_array_new ();
      for (guint j = i; j < end; j++)
        {
          g_autofree char *pauli = qrx_pauli_to_string (terms[j].x, terms[j].z, self->n_qubits);
          JsonObject *term = json_object_new ();

          json_object_set_string_member (term, "pauli", pauli);
          json_object_set_double_member (term, "coefficient", terms[j].coefficient);
          json_array_add_object_element (sum, term);
        }
      json_array_add_array_element (array, sum);
    }
  return array;
}

/* Whether the operations alone would give fewer inputs or weights. */
static gboolean
is_reserved (QrxCircuit *self)
{
  guint n_inputs = 0, n_weights = 0;

  for (guint i = 0; i < self->operations->len; i++)
    {
      const QrxOperation *operation = &g_array_index (self->operations, QrxOperation, i);

      for (guint j = 0; j < operation->gate->n_parameters; j++)
        if (operation->angles[j].source == QRX_ANGLE_SOURCE_INPUT)
          n_inputs = MAX (n_inputs, operation->angles[j].index + 1);
        else if (operation->angles[j].source == QRX_ANGLE_SOURCE_WEIGHT)
          n_weights = MAX (n_weights, operation->angles[j].index + 1);
    }
  return n_inputs < self->n_inputs || n_weights < self->n_weights;
}

JsonNode *
qrx_circuit_to_json_node (QrxCircuit *self)
{
  JsonObject *object = json_object_new (), *reserve;
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "qubits", self->n_qubits);
  json_object_set_array_member (object, "ops", operations_to_array (self));
  json_object_set_array_member (object, "observables", observables_to_array (self));
  if (is_reserved (self))
    {
      reserve = json_object_new ();
      json_object_set_int_member (reserve, "inputs", self->n_inputs);
      json_object_set_int_member (reserve, "weights", self->n_weights);
      json_object_set_object_member (object, "reserve", reserve);
    }
  json_node_take_object (node, object);
  return node;
}

/**
 * qrx_circuit_to_json:
 * @self: a circuit
 *
 * Writes a circuit as JSON, `{"qubits", "ops", "observables"}`; what was reserved beyond the operations' inputs and
 * weights stands in "reserve". Numbers read back the same.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_circuit_to_json (QrxCircuit *self)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  node = qrx_circuit_to_json_node (self);
  return qrx_json_to_string (node);
}
