/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties in words, for error messages, listings and documentation. */
#include "base/qrx-json-private.h"
#include "graph/qrx-property-private.h"

#include <float.h>
#include <math.h>

gboolean
qrx_bound_is_open (double bound, double outward, double *shown)
{
  double neighbour = nextafter (bound, outward);

  if (isinf (bound) || fabs (bound) == G_MAXDOUBLE || fabs (bound) == (double) G_MAXFLOAT)
    {
      *shown = outward;
      return TRUE;
    }
  if (fabs (bound) == DBL_MIN)
    {
      *shown = 0;
      return TRUE;
    }
  *shown = bound;
  if (bound == round (bound) || neighbour != round (neighbour))
    return FALSE;
  *shown = neighbour;
  return TRUE;
}

/* As short as people write it: no ".0". */
static char *
format_number (double number)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  qrx_number_format (number, buffer);
  if (g_str_has_suffix (buffer, ".0"))
    buffer[strlen (buffer) - 2] = '\0';
  return g_strdup (buffer);
}

static char *
describe_number_range (const QrxPropertyInfo *info)
{
  double low, high;
  gboolean low_is_open = qrx_bound_is_open (info->minimum, -INFINITY, &low);
  gboolean high_is_open = qrx_bound_is_open (info->maximum, INFINITY, &high);
  g_autofree char *from = format_number (low);
  g_autofree char *to = format_number (high);

  if (isinf (low) && isinf (high))
    return g_strdup ("");
  return g_strdup_printf (" in %c%s, %s%c", low_is_open ? '(' : '[', from, to, high_is_open ? ')' : ']');
}

static char *
describe_integer_range (const QrxPropertyInfo *info)
{
  g_autofree char *from = g_strdup_printf ("[%" G_GINT64_FORMAT, info->integer_minimum);
  g_autofree char *to = g_strdup_printf ("%" G_GINT64_FORMAT "]", info->integer_maximum);
  gboolean has_minimum = info->integer_minimum > G_MININT32;
  gboolean has_maximum = info->integer_maximum < G_MAXINT32;

  if (!has_minimum && !has_maximum)
    return g_strdup ("");
  return g_strdup_printf (" in %s, %s", has_minimum ? from : "(-inf", has_maximum ? to : "inf)");
}

static char *
describe_choices (const QrxPropertyInfo *info)
{
  g_autofree char *list = g_strjoinv ("\", \"", info->choices);

  return g_strdup_printf ("one of \"%s\"", list);
}

const char *
qrx_property_kind_get_name (QrxPropertyKind kind)
{
  static const char *const names[] = {
    [QRX_PROPERTY_DOUBLE] = "number",      [QRX_PROPERTY_INTEGER] = "integer",   [QRX_PROPERTY_BOOLEAN] = "boolean",
    [QRX_PROPERTY_STRING] = "string",      [QRX_PROPERTY_CHOICE] = "choice",     [QRX_PROPERTY_FILE] = "file",
    [QRX_PROPERTY_DOCUMENT] = "document",  [QRX_PROPERTY_SCALAR] = "scalar",     [QRX_PROPERTY_INTEGERS] = "integers",
    [QRX_PROPERTY_DOUBLES] = "numbers",    [QRX_PROPERTY_STRINGS] = "strings",   [QRX_PROPERTY_UNSUPPORTED] = "unsupported",
  };

  return names[kind];
}

/* Without the article, which is put before it in messages. */
static char *
describe_noun (const QrxPropertyInfo *info, const char **article)
{
  g_autofree char *numbers = describe_number_range (info);
  g_autofree char *integers = describe_integer_range (info);

  *article = "a ";
  switch (info->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return g_strconcat ("number", numbers, NULL);
    case QRX_PROPERTY_SCALAR:
      return g_strconcat ("trainable number", numbers, NULL);
    case QRX_PROPERTY_DOUBLES:
      return g_strconcat ("list of numbers", numbers, NULL);
    case QRX_PROPERTY_INTEGERS:
      return g_strconcat ("list of integers", integers, NULL);
    case QRX_PROPERTY_STRINGS:
      return g_strdup ("list of strings");
    case QRX_PROPERTY_STRING:
      return g_strdup ("string");
    case QRX_PROPERTY_FILE:
      return g_strdup ("file name");
    case QRX_PROPERTY_DOCUMENT:
      return g_strdup ("file name or object");
    case QRX_PROPERTY_BOOLEAN:
      return g_strdup ("boolean");
    case QRX_PROPERTY_INTEGER:
      *article = "an ";
      return g_strconcat ("integer", integers, NULL);
    case QRX_PROPERTY_CHOICE:
      *article = "";
      return describe_choices (info);
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return g_strdup ("type that is not supported");
    }
}

char *
qrx_property_describe_allowed (GParamSpec *pspec)
{
  const char *article;
  g_autofree char *noun = describe_noun (qrx_property_get_info (pspec), &article);

  return g_strconcat (article, noun, NULL);
}

JsonNode *
qrx_property_dup_default_json (GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (JsonNode) node = NULL;

  qrx_property_get_default (pspec, &value);
  node = qrx_property_to_json (pspec, &value);
  return json_node_is_null (node) ? NULL : g_steal_pointer (&node);
}

char *
qrx_property_describe_type (GParamSpec *pspec)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  const char *article;
  g_autofree char *noun = describe_noun (info, &article);
  g_autoptr (JsonNode) standard = qrx_property_dup_default_json (pspec);
  GString *text = g_string_new (noun);

  if (standard != NULL)
    {
      g_autofree char *shown = qrx_json_to_compact_string (standard);

      g_string_append_printf (text, ", default %s", shown);
    }
  if (info->unit != NULL)
    g_string_append_printf (text, ", %s", info->unit);
  return g_string_free (text, FALSE);
}
