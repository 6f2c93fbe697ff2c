/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dimensions from a study file. A whole node is a dimension of types, and what its choices say of properties
 * are dimensions that depend on it, so that whoever searches sees dimensions of one kind only. */
#include "study/qrx-dimension-private.h"

#include "graph/qrx-json-edit-private.h"

#include <math.h>
#include <qrx/qrx-expression.h>
#include <string.h>

#define MAX_VALUES 100000

static const char *const specs[] = { "grid", "range", "uniform", "log-uniform", "integer", NULL };
static const char *const keys[] = { "grid", "range", "uniform", "log-uniform", "integer", "points", NULL };

void
qrx_faults_add (const QrxFaults *self, QrxPipelineError code, const char *pointer, gboolean key, const char *suggestion,
                const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  self->fail (self->data, code, pointer, key, suggestion, message);
}

static QrxDimension *
new_dimension (const char *path, const char *pointer)
{
  QrxDimension *self = g_new0 (QrxDimension, 1);

  self->path = g_strdup (path);
  self->pointer = g_strdup (pointer);
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->pointers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
add_value (QrxDimension *self, JsonNode *value, const char *pointer)
{
  g_ptr_array_add (self->values, value);
  g_ptr_array_add (self->pointers, g_strdup (pointer));
}

static gboolean
read_number (JsonNode *node, double *value)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return qrx_expression_evaluate (json_node_get_string (node), value, NULL);
  *value = json_node_get_double (node);
  return json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE;
}

/* Two or three numbers of an array. */
static gboolean
read_numbers (JsonNode *node, guint most, double *values, guint *n)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  *n = array != NULL ? json_array_get_length (array) : 0;
  if (*n < 2 || *n > most)
    return FALSE;
  for (guint i = 0; i < *n; i++)
    if (!read_number (json_array_get_element (array, i), &values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_range (QrxDimension *self, JsonNode *node, const char *pointer, const QrxFaults *faults)
{
  double values[3] = { 0, 0, 1 };
  guint n;
  gboolean whole = read_numbers (node, 3, values, &n);

  for (guint i = 0; whole && i < n; i++)
    whole = values[i] == floor (values[i]) && fabs (values[i]) < 1e15;
  if (!whole || values[2] == 0 || (values[1] - values[0]) / values[2] <= 0)
    {
      g_autofree char *found = qrx_json_to_compact_string (node);

      qrx_faults_add (
          faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
          "found %s, expected [first, end] or [first, end, step] in integers, with end beyond first (end is not taken)", found);
      return FALSE;
    }
  if ((values[1] - values[0]) / values[2] > MAX_VALUES)
    {
      qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "found more than %d values", MAX_VALUES);
      return FALSE;
    }
  for (double value = values[0]; values[2] > 0 ? value < values[1] : value > values[1]; value += values[2])
    add_value (self, json_node_init_int (json_node_alloc (), (gint64) value), pointer);
  return TRUE;
}

/* Why two numbers are no interval of a kind, or NULL. */
static const char *
explain_ends (QrxDimensionKind kind, const double *ends)
{
  if (!(ends[0] < ends[1]))
    return "expected the lower end first, and the higher one beyond it";
  if (kind == QRX_DIMENSION_LOG_UNIFORM && ends[0] <= 0)
    return "expected a lower end above 0";
  if (kind == QRX_DIMENSION_INTEGER &&
      (ends[0] != floor (ends[0]) || ends[1] != floor (ends[1]) || ends[1] - ends[0] > MAX_VALUES))
    return "expected two integers that are not more than " G_STRINGIFY (MAX_VALUES) " apart";
  return NULL;
}

/* Without two good ends it stays a list without values, which is held against no pipeline. */
static gboolean
read_interval (QrxDimension *self, const char *spec, JsonNode *node, const char *pointer, const QrxFaults *faults)
{
  QrxDimensionKind kind = g_str_equal (spec, "uniform")       ? QRX_DIMENSION_UNIFORM
                          : g_str_equal (spec, "log-uniform") ? QRX_DIMENSION_LOG_UNIFORM
                                                              : QRX_DIMENSION_INTEGER;
  double ends[2];
  guint n;
  const char *reason = read_numbers (node, 2, ends, &n) ? explain_ends (kind, ends)
                                                                  : "expected [lowest, highest], two numbers";

  if (reason != NULL)
    {
      g_autofree char *found = qrx_json_to_compact_string (node);

      qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "found %s, %s", found, reason);
      return FALSE;
    }
  self->kind = kind;
  self->low = ends[0];
  self->high = ends[1];
  return TRUE;
}

static gboolean
is_whole_node (const char *path)
{
  return strchr (path, '.') == NULL && !g_str_equal (path, "seed");
}

static void read_plain (GPtrArray *dimensions, QrxDimension *self, JsonNode *node, const char *pointer,
                        const QrxFaults *faults);

/* What a choice of a whole node says of the node's properties. */
static void
read_members (GPtrArray *dimensions, QrxDimension *types, const char *id, JsonObject *members, const char *pointer,
              const QrxFaults *faults)
{
  g_auto (GStrv) names = qrx_json_object_dup_names (members);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (id, ".", names[i], NULL);
      g_autofree char *below = qrx_json_pointer_append (pointer, names[i]);
      JsonNode *member = json_object_get_member (members, names[i]);
      guint first = dimensions->len;
      gboolean is_spec = FALSE;

      if (g_str_equal (names[i], "type"))
        continue;
      for (guint k = 0; JSON_NODE_HOLDS_OBJECT (member) && specs[k] != NULL; k++)
        is_spec |= json_object_has_member (json_node_get_object (member), specs[k]);
      if (is_spec)
        qrx_dimension_read (dimensions, path, member, below, faults);
      else
        read_plain (dimensions, new_dimension (path, below), member, below, faults);
      for (guint k = first; k < dimensions->len; k++)
        {
          QrxDimension *child = dimensions->pdata[k];

          child->parent = types;
          child->choice = types->values->len - 1;
        }
    }
}

/* One value; of a whole node a type, or an object with one. The dimension is appended before those that
 * depend on it. */
static void
read_choice (GPtrArray *dimensions, QrxDimension *self, const char *id, JsonNode *node, const char *pointer,
             const QrxFaults *faults)
{
  JsonObject *members = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type = members != NULL ? qrx_json_object_peek_string (members, "type") : NULL;

  if (id == NULL)
    add_value (self, json_node_ref (node), pointer);
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    add_value (self, json_node_ref (node), pointer);
  else if (type != NULL)
    {
      add_value (self, qrx_json_new_string (type), pointer);
      read_members (dimensions, self, id, members, pointer, faults);
    }
  else
    qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
                    "found %s, expected a node type, or an object with \"type\" and properties, for the node \"%s\"",
                    members != NULL ? "an object without a \"type\"" : qrx_json_describe (node), id);
}

static void
read_plain (GPtrArray *dimensions, QrxDimension *self, JsonNode *node, const char *pointer, const QrxFaults *faults)
{
  g_ptr_array_add (dimensions, self);
  read_choice (dimensions, self, NULL, node, pointer, faults);
}

static void
read_list (GPtrArray *dimensions, QrxDimension *self, const char *id, JsonNode *node, const char *pointer,
           const QrxFaults *faults)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  g_ptr_array_add (dimensions, self);
  if (array == NULL || json_array_get_length (array) == 0)
    qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "found %s, expected a list of values",
                    array != NULL ? "an empty list" : qrx_json_describe (node));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *token = g_strdup_printf ("%u", i);
      g_autofree char *below = qrx_json_pointer_append (pointer, token);
      JsonNode *element = json_array_get_element (array, i);

      for (guint k = 0; k < i; k++)
        if (json_node_equal (element, json_array_get_element (array, k)))
          qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, below, FALSE, NULL, "this value is in the list twice");
      read_choice (dimensions, self, id, element, below, faults);
    }
}

static void
read_points (QrxDimension *self, JsonObject *object, const char *pointer, const QrxFaults *faults)
{
  JsonNode *node = json_object_get_member (object, "points");
  g_autofree char *below = qrx_json_pointer_append (pointer, "points");
  double points = 0;

  if (node == NULL)
    return;
  if (self->kind == QRX_DIMENSION_CHOICES)
    qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, below, TRUE, NULL,
                    "\"points\" goes with \"uniform\", \"log-uniform\" and \"integer\"");
  else if (!read_number (node, &points) || points != floor (points) || points < 1 || points > MAX_VALUES ||
           (self->kind == QRX_DIMENSION_INTEGER && points > self->high - self->low))
    qrx_faults_add (faults, QRX_PIPELINE_ERROR_VALUE, below, FALSE, NULL,
                    "expected how many values a grid takes, an integer from 1 to %g",
                    self->kind == QRX_DIMENSION_INTEGER ? self->high - self->low : MAX_VALUES);
  else
    self->points = (guint) points;
}

static void
check_keys (JsonObject *object, const char *pointer, const QrxFaults *faults)
{
  g_auto (GStrv) names = qrx_json_object_dup_names (object);

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_strv_contains (keys, names[i]))
      {
        g_autofree char *below = qrx_json_pointer_append (pointer, names[i]);
        g_autofree char *hint = qrx_suggest_text (names[i], keys);

        qrx_faults_add (faults, QRX_PIPELINE_ERROR_UNKNOWN, below, TRUE, qrx_suggest (names[i], keys),
                        "found the unknown key \"%s\"%s", names[i], hint);
      }
}

static void
read_spec (GPtrArray *dimensions, QrxDimension *self, const char *id, JsonNode *node, const char *pointer,
           const QrxFaults *faults)
{
  JsonObject *object = json_node_get_object (node);
  const char *spec = NULL;
  g_autofree char *below = NULL;
  gboolean one = FALSE;

  check_keys (object, pointer, faults);
  for (guint i = 0; specs[i] != NULL; i++)
    if (json_object_has_member (object, specs[i]))
      {
        one = spec == NULL;
        spec = specs[i];
      }
  if (!one || (id != NULL && !g_str_equal (spec, "grid")))
    {
      qrx_faults_add (
          faults, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
          one ? "a whole node takes a list of types"
              : "expected a list, or one of \"grid\", \"range\", \"uniform\", \"log-uniform\" and \"integer\"");
      qrx_dimension_free (self);
      return;
    }
  below = qrx_json_pointer_append (pointer, spec);
  node = json_object_get_member (object, spec);
  if (g_str_equal (spec, "grid"))
    read_list (dimensions, self, id, node, below, faults);
  else
    {
      g_ptr_array_add (dimensions, self);
      if (g_str_equal (spec, "range") ? read_range (self, node, below, faults)
                                      : read_interval (self, spec, node, below, faults))
        read_points (self, object, pointer, faults);
    }
}

void
qrx_dimension_read (GPtrArray *dimensions, const char *path, JsonNode *node, const char *pointer,
                    const QrxFaults *faults)
{
  const char *id = is_whole_node (path) ? path : NULL;
  g_autofree char *type_path = id != NULL ? g_strconcat (path, ".type", NULL) : g_strdup (path);
  QrxDimension *self = new_dimension (type_path, pointer);

  if (JSON_NODE_HOLDS_OBJECT (node))
    read_spec (dimensions, self, id, node, pointer, faults);
  else
    read_list (dimensions, self, id, node, pointer, faults);
}

void
qrx_dimension_read_fixed (GPtrArray *dimensions, const char *path, JsonNode *node, const char *pointer,
                          const QrxFaults *faults)
{
  const char *id = is_whole_node (path) ? path : NULL;
  g_autofree char *type_path = id != NULL ? g_strconcat (path, ".type", NULL) : g_strdup (path);
  QrxDimension *self = new_dimension (type_path, pointer);

  g_ptr_array_add (dimensions, self);
  read_choice (dimensions, self, id, node, pointer, faults);
}
