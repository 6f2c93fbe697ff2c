/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is checked around every call of a node: no vfunc's return and no value is trusted. */
#include "graph/qrx-node-info-private.h"

#include <string.h>

static char *
make_prefix (QrxNode *self)
{
  const char *position = qrx_node_get_position (self);

  return g_strdup_printf ("%s%s%s: ", position != NULL ? position : "", position != NULL ? ": " : "",
                          qrx_node_get_id (self));
}

const char *
qrx_node_strip_prefix (QrxNode *self, const char *message)
{
  g_autofree char *prefix = make_prefix (self);
  g_autofree char *id = g_strdup_printf ("%s: ", qrx_node_get_id (self));

  if (g_str_has_prefix (message, prefix))
    return message + strlen (prefix);
  return g_str_has_prefix (message, id) ? message + strlen (id) : message;
}

void
qrx_node_prefix_error (QrxNode *self, GError **error)
{
  g_autofree char *prefix = NULL;
  char *message;

  if (error == NULL || *error == NULL)
    return;
  prefix = make_prefix (self);
  message = g_strconcat (prefix, qrx_node_strip_prefix (self, (*error)->message), NULL);
  g_free ((*error)->message);
  (*error)->message = message;
}

/* Domains of our own and of GLib; any other is a language binding's, for an exception. */
static gboolean
is_known_domain (GQuark domain)
{
  const char *name = g_quark_to_string (domain);

  return g_str_has_prefix (name, "qrx-") || g_str_has_prefix (name, "g-");
}

gboolean
qrx_node_check_call (QrxNode *self, gboolean done, GError *reason, GError **error)
{
  if (done && reason == NULL)
    return TRUE;
  if (reason == NULL)
    g_set_error (&reason, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                 "%s failed without saying why: if it is written in Python, its traceback is above",
                 qrx_node_get_type_name (self));
  else if (!is_known_domain (reason->domain))
    {
      reason->domain = QRX_RUN_ERROR;
      reason->code = QRX_RUN_ERROR_FAILED;
    }
  qrx_node_prefix_error (self, &reason);
  g_propagate_error (error, reason);
  return FALSE;
}

/* "any", or none, takes every quantity. */
static gboolean
is_specific (const char *quantity)
{
  return quantity != NULL && !g_str_equal (quantity, "any");
}

/* A split table may stand where features flow, or one of its annotations. */
static gboolean
fits_input (QrxPortSpec *spec, QrxValue *value)
{
  const char *kind = qrx_value_get_kind (value);
  const char *quantity = qrx_value_get_quantity (value);
  const char *wanted = qrx_port_spec_get_quantity (spec);

  if (g_str_equal (kind, qrx_port_spec_get_kind (spec)))
    return !is_specific (wanted) || g_strcmp0 (quantity, wanted) == 0;
  return g_str_equal (kind, "table") && g_strcmp0 (quantity, "split") == 0 &&
         g_str_equal (qrx_port_spec_get_kind (spec), "flow") &&
         (!is_specific (wanted) || g_str_equal (wanted, "feature") || qrx_port_spec_takes_categories (spec));
}

static gboolean
check_input (QrxNode *self, QrxPort *port, QrxBundle *in, GError **error)
{
  const char *name = qrx_port_get_name (port);
  QrxPortSpec *spec = qrx_port_get_spec (port);
  guint n = qrx_bundle_get_length (in, name);

  if (n == 0 && !qrx_port_spec_is_optional (spec) && !qrx_port_spec_is_list (spec))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, "input \"%s\": found nothing, expected %s", name,
                   qrx_port_spec_get_text (spec));
      return FALSE;
    }
  if (n > 1 && !qrx_port_spec_is_list (spec))
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, "input \"%s\": found %u values, expected one %s",
                   name, n, qrx_port_spec_get_text (spec));
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      QrxValue *value = qrx_bundle_get_nth (in, name, i);
      g_autofree char *found = NULL;

      if (fits_input (spec, value))
        continue;
      found = qrx_value_describe (value);
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, "%s.%s carries %s; %s takes %s",
                   qrx_node_get_id (self), name, found, name, qrx_port_spec_get_text (spec));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_port_names (QrxNode *self, QrxBundle *bundle, gboolean output, GQuark domain, int code, GError **error)
{
  g_auto (GStrv) names = qrx_bundle_dup_ports (bundle);

  for (guint i = 0; names[i] != NULL; i++)
    if (qrx_node_class_find_port (QRX_NODE_GET_CLASS (self), names[i], output) == NULL)
      {
        g_set_error (error, domain, code, "found a value at the %s \"%s\", which %s does not have",
                     output ? "output" : "input", names[i], qrx_node_get_type_name (self));
        return FALSE;
      }
  return TRUE;
}

gboolean
qrx_node_check_inputs (QrxNode *self, QrxBundle *in, GError **error)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (self);

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);

      if (!qrx_port_is_output (port) && !check_input (self, port, in, error))
        return FALSE;
    }
  return check_port_names (self, in, FALSE, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, error);
}

/* The quantity of the first flow that came in. */
static char *
get_input_quantity (QrxNodeClass *klass, QrxBundle *in)
{
  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      QrxValue *value;

      if (qrx_port_is_output (port) || !g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "flow"))
        continue;
      value = qrx_bundle_get (in, qrx_port_get_name (port));
      if (value == NULL)
        continue;
      if (!g_str_equal (qrx_value_get_kind (value), "table"))
        return g_strdup (qrx_value_get_quantity (value));
      return g_strdup (qrx_port_spec_takes_categories (qrx_port_get_spec (port))
                         ? qrx_port_spec_get_quantity (qrx_port_get_spec (port)) : "feature");
    }
  return NULL;
}

/* What quantity an output must have; NULL: any. */
static char *
get_output_quantity (QrxNode *self, QrxPortSpec *spec, QrxBundle *in)
{
  const char *property = qrx_port_spec_get_quantity_property (spec);
  const char *quantity = qrx_port_spec_get_quantity (spec);
  g_autofree char *value = NULL;

  if (property != NULL)
    {
      g_object_get (self, property, &value, NULL);
      quantity = value;
    }
  if (g_strcmp0 (quantity, "any") == 0)
    return get_input_quantity (QRX_NODE_GET_CLASS (self), in);
  return g_strdup (quantity);
}

static gboolean
check_output (QrxNode *self, QrxPort *port, QrxBundle *in, QrxBundle *out, GError **error)
{
  const char *name = qrx_port_get_name (port);
  QrxPortSpec *spec = qrx_port_get_spec (port);
  QrxValue *value = qrx_bundle_get (out, name);
  g_autofree char *quantity = get_output_quantity (self, spec, in);
  g_autofree char *found = value != NULL ? qrx_value_describe (value) : g_strdup ("nothing");

  if (value != NULL && qrx_bundle_get_length (out, name) == 1 &&
      g_str_equal (qrx_value_get_kind (value), qrx_port_spec_get_kind (spec)) &&
      (quantity == NULL || g_strcmp0 (qrx_value_get_quantity (value), quantity) == 0))
    {
      qrx_value_freeze (value);
      return TRUE;
    }
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT, "output \"%s\": found %s%s, expected %s%s%s%s", name, found,
               qrx_bundle_get_length (out, name) > 1 ? " and more" : "", qrx_port_spec_get_text (spec),
               quantity != NULL ? " of quantity \"" : "", quantity != NULL ? quantity : "", quantity != NULL ? "\"" : "");
  return FALSE;
}

gboolean
qrx_node_check_outputs (QrxNode *self, QrxBundle *in, QrxBundle *out, GError **error)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (self);

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);

      if (qrx_port_is_output (port) && !check_output (self, port, in, out, error))
        return FALSE;
    }
  return check_port_names (self, out, TRUE, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT, error);
}
