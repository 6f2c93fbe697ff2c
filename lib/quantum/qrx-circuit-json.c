/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Circuits as JSON, {"qubits", "ops", "observables"}, read strictly. Knows the format; the circuit checks its meaning. */
#include "quantum/qrx-circuit-json-private.h"

#include <math.h>

#include "base/qrx-json-private.h"

static gboolean
fail (GError **error, int code, const char *where, const char *what, JsonNode *found, const char *expected)
{
  g_set_error (error, QRX_PIPELINE_ERROR, code, "%s: %s is %s; expected %s", where, what,
               found != NULL ? qrx_json_describe (found) : "missing", expected);
  return FALSE;
}

/* An object with no other members than those allowed. */
static gboolean
check_object (JsonNode *node, const char *where, const char *what, const char *const *allowed,
              const char *const *also_allowed, GError **error)
{
  JsonObjectIter iter;
  const char *key;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, what, node, "an object");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, NULL))
    {
      g_autofree char *hint = NULL;

      if (g_strv_contains (allowed, key) || (also_allowed != NULL && g_strv_contains (also_allowed, key)))
        continue;
      hint = qrx_suggest_text (key, allowed);
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_UNKNOWN, "%s: %s has an unknown key \"%s\"%s", where,
                   what, key, hint);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_number (JsonNode *node, const char *where, const char *what, double *value, GError **error)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, what, node, "a number");
  *value = json_node_get_double (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  if (isfinite (*value))
    return TRUE;
  return fail (error, QRX_PIPELINE_ERROR_VALUE, where, what, node, "a finite number");
}

static gboolean
read_index (JsonNode *node, const char *where, const char *what, guint largest, guint *value, GError **error)
{
  gint64 found;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, what, node, "a whole number");
  found = json_node_get_int (node);
  if (found < 0 || found > largest)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "%s: %s is %" G_GINT64_FORMAT "; expected 0 to %u", where, what, found, largest);
      return FALSE;
    }
  *value = (guint) found;
  return TRUE;
}

static gboolean
read_angle (JsonNode *node, const char *where, QrxAngle *angle, GError **error)
{
  static const char *const keys[] = { "value", "input", "weight", "scale", "offset", NULL };
  JsonObject *object;
  gboolean input, weight;

  if (!check_object (node, where, "a parameter", keys, NULL, error))
    return FALSE;
  object = json_node_get_object (node);
  input = json_object_has_member (object, "input");
  weight = json_object_has_member (object, "weight");
  if (json_object_has_member (object, "value") + input + weight != 1)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "%s: a parameter needs exactly one of \"value\", \"input\", \"weight\"", where);
      return FALSE;
    }
  if (!input && !weight)
    {
      if (json_object_get_size (object) > 1)
        {
          g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "%s: a \"value\" stands alone, without \"scale\" or \"offset\"", where);
          return FALSE;
        }
      *angle = (QrxAngle){ QRX_ANGLE_SOURCE_CONSTANT, 0, 0, 0 };
      return read_number (json_object_get_member (object, "value"), where, "\"value\"", &angle->offset, error);
    }
  *angle = (QrxAngle){ input ? QRX_ANGLE_SOURCE_INPUT : QRX_ANGLE_SOURCE_WEIGHT, 0, 1, 0 };
  if (!read_index (json_object_get_member (object, input ? "input" : "weight"), where,
                   input ? "\"input\"" : "\"weight\"", QRX_ANGLE_MAX_INDEX, &angle->index, error))
    return FALSE;
  if (json_object_has_member (object, "scale") &&
      !read_number (json_object_get_member (object, "scale"), where, "\"scale\"", &angle->scale, error))
    return FALSE;
  return !json_object_has_member (object, "offset") ||
         read_number (json_object_get_member (object, "offset"), where, "\"offset\"", &angle->offset, error);
}

/* The array at key, or NULL where it is absent and may be. */
static gboolean
get_array (JsonObject *object, const char *key, const char *where, gboolean required, JsonArray **array, GError **error)
{
  JsonNode *node = json_object_get_member (object, key);
  g_autofree char *what = g_strdup_printf ("\"%s\"", key);

  *array = NULL;
  if (node == NULL && !required)
    return TRUE;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, what, node, "an array");
  *array = json_node_get_array (node);
  return TRUE;
}

static gboolean
read_operation (QrxCircuit *self, JsonNode *node, const char *where, GError **error)
{
  static const char *const keys[] = { "gate", "wires", "params", NULL };
  guint wires[QRX_GATE_MAX_WIRES] = { 0 };
  QrxAngle angles[QRX_GATE_MAX_PARAMETERS] = { { 0, 0, 0, 0 } };
  guint n_wires, n_angles;
  JsonNode *gate;
  JsonArray *array;

  if (!check_object (node, where, "an operation", keys, NULL, error))
    return FALSE;
  gate = json_object_get_member (json_node_get_object (node), "gate");
  if (gate == NULL || !JSON_NODE_HOLDS_VALUE (gate) || json_node_get_value_type (gate) != G_TYPE_STRING)
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, "\"gate\"", gate, "the name of a gate");
  if (!get_array (json_node_get_object (node), "wires", where, TRUE, &array, error))
    return FALSE;
  n_wires = json_array_get_length (array);
  for (guint i = 0; i < MIN (n_wires, QRX_GATE_MAX_WIRES); i++)
    if (!read_index (json_array_get_element (array, i), where, "a wire", QRX_ANGLE_MAX_INDEX, &wires[i], error))
      return FALSE;
  if (!get_array (json_node_get_object (node), "params", where, FALSE, &array, error))
    return FALSE;
  n_angles = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < MIN (n_angles, QRX_GATE_MAX_PARAMETERS); i++)
    if (!read_angle (json_array_get_element (array, i), where, &angles[i], error))
      return FALSE;
  if (qrx_circuit_append_angles (self, json_node_get_string (gate), wires, n_wires, angles, n_angles, error))
    return TRUE;
  return FALSE;
}

/* A Pauli string, or an array of {"pauli", "coefficient"}. */
static gboolean
read_observable (QrxCircuit *self, JsonNode *node, const char *where, GError **error)
{
  static const char *const keys[] = { "pauli", "coefficient", NULL };
  JsonArray *array;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return qrx_circuit_add_observable (self, json_node_get_string (node), 1, error);
  if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return fail (error, QRX_PIPELINE_ERROR_VALUE, where, "an observable", node,
                 "a Pauli string, or a non-empty array of {\"pauli\", \"coefficient\"}");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *term = json_array_get_element (array, i), *pauli;
      double coefficient = 1;

      if (!check_object (term, where, "a term of an observable", keys, NULL, error))
        return FALSE;
      pauli = json_object_get_member (json_node_get_object (term), "pauli");
      if (pauli == NULL || !JSON_NODE_HOLDS_VALUE (pauli) || json_node_get_value_type (pauli) != G_TYPE_STRING)
        return fail (error, QRX_PIPELINE_ERROR_VALUE, where, "\"pauli\"", pauli, "a Pauli string");
      if (json_object_has_member (json_node_get_object (term), "coefficient") &&
          !read_number (json_object_get_member (json_node_get_object (term), "coefficient"), where, "\"coefficient\"",
                        &coefficient, error))
        return FALSE;
      if (i == 0 ? !qrx_circuit_add_observable (self, json_node_get_string (pauli), coefficient, error)
                 : !qrx_circuit_add_observable_term (self, self->n_observables - 1, json_node_get_string (pauli),
                                                     coefficient, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_reserve (QrxCircuit *self, JsonNode *node, const char *where, GError **error)
{
  static const char *const keys[] = { "inputs", "weights", NULL };
  guint n_inputs, n_weights;

  if (node == NULL)
    return TRUE;
  return check_object (node, where, "\"reserve\"", keys, NULL, error) &&
         read_index (json_object_get_member (json_node_get_object (node), "inputs"), where, "\"inputs\"",
                     QRX_ANGLE_MAX_INDEX + 1u, &n_inputs, error) &&
         read_index (json_object_get_member (json_node_get_object (node), "weights"), where, "\"weights\"",
                     QRX_ANGLE_MAX_INDEX + 1u, &n_weights, error) &&
         qrx_circuit_reserve (self, n_inputs, n_weights, error);
}

static gboolean
read_members (QrxCircuit *self, JsonObject *object, const char *where, JsonNode **culprit, GError **error)
{
  JsonArray *array;

  if (!get_array (object, "ops", where, TRUE, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s: operation %u", where, i);

      if (!read_operation (self, json_array_get_element (array, i), at, error))
        {
          *culprit = json_array_get_element (array, i);
          return FALSE;
        }
    }
  if (!get_array (object, "observables", where, TRUE, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s: observable %u", where, i);

      if (!read_observable (self, json_array_get_element (array, i), at, error))
        {
          *culprit = json_array_get_element (array, i);
          return FALSE;
        }
    }
  return read_reserve (self, json_object_get_member (object, "reserve"), where, error);
}

QrxCircuit *
qrx_circuit_new_from_json_node (JsonNode *node, const char *where, const char *const *other_keys, GError **error)
{
  JsonNode *culprit;

  return qrx_circuit_new_located (node, where, other_keys, &culprit, error);
}

QrxCircuit *
qrx_circuit_new_located (JsonNode *node, const char *where, const char *const *other_keys, JsonNode **culprit, GError **error)
{
  static const char *const keys[] = { "qubits", "ops", "observables", "reserve", NULL };
  g_autoptr (QrxCircuit) self = NULL;
  g_autoptr (GError) local = NULL;
  guint n_qubits;

  *culprit = node;
  if (!check_object (node, where, "the circuit", keys, other_keys, error) ||
      !read_index (json_object_get_member (json_node_get_object (node), "qubits"), where, "\"qubits\"",
                   QRX_CIRCUIT_MAX_QUBITS, &n_qubits, error))
    return NULL;
  if (n_qubits == 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "%s: \"qubits\" is 0; expected 1 to %d", where,
                   QRX_CIRCUIT_MAX_QUBITS);
      return NULL;
    }
  self = qrx_circuit_new (n_qubits);
  if (read_members (self, json_node_get_object (node), where, culprit, &local))
    return g_steal_pointer (&self);
  if (!g_str_has_prefix (local->message, where)) /* what the circuit itself refused */
    g_prefix_error (&local, "%s: ", where);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
