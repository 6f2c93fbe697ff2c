/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a property means beyond its GType, kept on the GParamSpec; checked here for values from any language. */
#include "graph/qrx-property-private.h"

#include <math.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-suggest.h>
#include <string.h>

static GQuark
info_quark (void)
{
  return g_quark_from_static_string ("qrx-property-info");
}

static void
info_free (gpointer data)
{
  QrxPropertyInfo *info = data;

  g_clear_pointer (&info->scalar, qrx_scalar_free);
  g_free (info->unit);
  g_strfreev (info->choices);
  g_free (info);
}

QrxPropertyInfo *
qrx_property_set_info (GParamSpec *pspec, const QrxPropertyInfo *info, const char *unit, const char *choices)
{
  QrxPropertyInfo *copy = g_memdup2 (info, sizeof *info);

  copy->scalar = info->scalar != NULL ? qrx_scalar_copy (info->scalar) : NULL;
  copy->unit = g_strdup (unit);
  copy->choices = choices != NULL ? g_strsplit (choices, "|", -1) : NULL;
  g_param_spec_set_qdata_full (pspec, info_quark (), copy, info_free);
  return copy;
}

static void
set_integer_range (QrxPropertyInfo *info, gint64 minimum, guint64 maximum)
{
  info->kind = QRX_PROPERTY_INTEGER;
  info->integer_minimum = minimum;
  info->integer_maximum = maximum > G_MAXINT64 ? G_MAXINT64 : (gint64) maximum;
}

static void
set_double_range (QrxPropertyInfo *info, double minimum, double maximum)
{
  info->kind = QRX_PROPERTY_DOUBLE;
  info->minimum = minimum;
  info->maximum = maximum;
}

/* The range of a number property as a script declares it. */
static gboolean
read_number_pspec (GParamSpec *pspec, QrxPropertyInfo *info)
{
  if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    set_double_range (info, G_PARAM_SPEC_DOUBLE (pspec)->minimum, G_PARAM_SPEC_DOUBLE (pspec)->maximum);
  else if (G_IS_PARAM_SPEC_FLOAT (pspec))
    set_double_range (info, G_PARAM_SPEC_FLOAT (pspec)->minimum, G_PARAM_SPEC_FLOAT (pspec)->maximum);
  else if (G_IS_PARAM_SPEC_INT (pspec))
    set_integer_range (info, G_PARAM_SPEC_INT (pspec)->minimum, (guint64) MAX (G_PARAM_SPEC_INT (pspec)->maximum, 0));
  else if (G_IS_PARAM_SPEC_UINT (pspec))
    set_integer_range (info, G_PARAM_SPEC_UINT (pspec)->minimum, G_PARAM_SPEC_UINT (pspec)->maximum);
  else if (G_IS_PARAM_SPEC_INT64 (pspec))
    set_integer_range (info, G_PARAM_SPEC_INT64 (pspec)->minimum, (guint64) MAX (G_PARAM_SPEC_INT64 (pspec)->maximum, 0));
  else if (G_IS_PARAM_SPEC_UINT64 (pspec) && G_PARAM_SPEC_UINT64 (pspec)->minimum <= G_MAXINT64)
    set_integer_range (info, (gint64) G_PARAM_SPEC_UINT64 (pspec)->minimum, G_PARAM_SPEC_UINT64 (pspec)->maximum);
  else if (G_IS_PARAM_SPEC_LONG (pspec))
    set_integer_range (info, G_PARAM_SPEC_LONG (pspec)->minimum, (guint64) MAX (G_PARAM_SPEC_LONG (pspec)->maximum, 0));
  else
    return FALSE;
  return TRUE;
}

static void
read_pspec (GParamSpec *pspec, QrxPropertyInfo *info)
{
  const GVariantType *type = G_IS_PARAM_SPEC_VARIANT (pspec) ? G_PARAM_SPEC_VARIANT (pspec)->type : NULL;

  info->minimum = -INFINITY;
  info->maximum = INFINITY;
  info->integer_minimum = G_MININT64;
  info->integer_maximum = G_MAXINT64;
  if (read_number_pspec (pspec, info))
    return;
  if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    info->kind = QRX_PROPERTY_BOOLEAN;
  else if (G_IS_PARAM_SPEC_STRING (pspec))
    info->kind = QRX_PROPERTY_STRING;
  else if (pspec->value_type == QRX_TYPE_SCALAR)
    info->kind = QRX_PROPERTY_SCALAR;
  else if (pspec->value_type == G_TYPE_STRV)
    info->kind = QRX_PROPERTY_STRINGS;
  else if (type != NULL && g_variant_type_equal (type, G_VARIANT_TYPE ("ax")))
    info->kind = QRX_PROPERTY_INTEGERS;
  else if (type != NULL && g_variant_type_equal (type, G_VARIANT_TYPE ("ad")))
    info->kind = QRX_PROPERTY_DOUBLES;
  else
    info->kind = QRX_PROPERTY_UNSUPPORTED;
}

const QrxPropertyInfo *
qrx_property_get_info (GParamSpec *pspec)
{
  const QrxPropertyInfo *info = g_param_spec_get_qdata (pspec, info_quark ());
  QrxPropertyInfo description = { 0 };

  if (info != NULL)
    return info;
  read_pspec (pspec, &description);
  return qrx_property_set_info (pspec, &description, NULL, NULL);
}

void
qrx_property_get_default (GParamSpec *pspec, GValue *value)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  const char *const none[] = { NULL };

  g_value_init (value, pspec->value_type);
  if (info->kind == QRX_PROPERTY_SCALAR && info->scalar != NULL)
    g_value_set_boxed (value, info->scalar);
  else if (info->kind == QRX_PROPERTY_STRINGS)
    g_value_set_boxed (value, none);
  else
    g_param_value_set_default (pspec, value);
}

static gboolean
scalars_are_equal (const QrxScalar *a, const QrxScalar *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return qrx_scalar_get_value (a) == qrx_scalar_get_value (b) && qrx_scalar_get_train (a) == qrx_scalar_get_train (b) &&
         qrx_scalar_get_rate (a) == qrx_scalar_get_rate (b) &&
         qrx_scalar_get_parameterization (a) == qrx_scalar_get_parameterization (b);
}

static gboolean
variants_are_equal (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

static gboolean
lists_are_equal (const char *const *a, const char *const *b)
{
  const char *const none[] = { NULL };

  return g_strv_equal (a != NULL ? a : none, b != NULL ? b : none);
}

static double
get_double (const GValue *value)
{
  return G_VALUE_HOLDS_FLOAT (value) ? (double) g_value_get_float (value) : g_value_get_double (value);
}

static gboolean
doubles_are_equal (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

gboolean
qrx_property_is_default (GParamSpec *pspec, const GValue *value)
{
  g_auto (GValue) standard = G_VALUE_INIT;

  qrx_property_get_default (pspec, &standard);
  switch (qrx_property_get_info (pspec)->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return doubles_are_equal (get_double (value), get_double (&standard));
    case QRX_PROPERTY_SCALAR:
      return scalars_are_equal (g_value_get_boxed (value), g_value_get_boxed (&standard));
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      return variants_are_equal (g_value_get_variant (value), g_value_get_variant (&standard));
    case QRX_PROPERTY_STRINGS:
      return lists_are_equal (g_value_get_boxed (value), g_value_get_boxed (&standard));
    case QRX_PROPERTY_INTEGER:
    case QRX_PROPERTY_BOOLEAN:
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_DOCUMENT:
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return g_param_values_cmp (pspec, value, &standard) == 0;
    }
}

static gboolean G_GNUC_PRINTF (3, 4)
refuse (GParamSpec *pspec, GError **error, const char *format, ...)
{
  g_autofree char *allowed = qrx_property_describe_allowed (pspec);
  g_autofree char *found = NULL;
  va_list arguments;

  va_start (arguments, format);
  found = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": found %s, expected %s", pspec->name,
               found, allowed);
  return FALSE;
}

static gboolean
is_in_range (const QrxPropertyInfo *info, double number)
{
  return isfinite (number) && info->minimum <= number && number <= info->maximum;
}

static gboolean
check_double (GParamSpec *pspec, double number, GError **error)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];

  return is_in_range (qrx_property_get_info (pspec), number) ||
         refuse (pspec, error, "%s", qrx_number_format (number, buffer));
}

static gboolean
check_integer (GParamSpec *pspec, gint64 number, GError **error)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);

  return (info->integer_minimum <= number && number <= info->integer_maximum) ||
         refuse (pspec, error, "%" G_GINT64_FORMAT, number);
}

static gboolean
check_integer_value (GParamSpec *pspec, const GValue *value, GError **error)
{
  g_auto (GValue) number = G_VALUE_INIT;

  if (G_VALUE_HOLDS_UINT64 (value) && g_value_get_uint64 (value) > G_MAXINT64)
    return refuse (pspec, error, "%" G_GUINT64_FORMAT, g_value_get_uint64 (value));
  g_value_init (&number, G_TYPE_INT64);
  g_value_transform (value, &number);
  return check_integer (pspec, g_value_get_int64 (&number), error);
}

static gboolean
refuse_choice (GParamSpec *pspec, const char *text, GError **error)
{
  g_autofree char *allowed = qrx_property_describe_allowed (pspec);
  const char *near = qrx_suggest (text, (const char *const *) qrx_property_get_info (pspec)->choices);

  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "property \"%s\": found \"%s\", expected %s%s%s%s",
               pspec->name, text, allowed, near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
               near != NULL ? "\"?" : "");
  return FALSE;
}

static gboolean
check_text (GParamSpec *pspec, const char *text, GError **error)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);

  if (text == NULL)
    return refuse (pspec, error, "nothing");
  if (!g_utf8_validate (text, -1, NULL))
    return refuse (pspec, error, "text that is not UTF-8");
  return info->kind != QRX_PROPERTY_CHOICE || g_strv_contains ((const char *const *) info->choices, text) ||
         refuse_choice (pspec, text, error);
}

static gboolean
check_scalar (GParamSpec *pspec, const QrxScalar *scalar, GError **error)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];
  double rate;

  if (scalar == NULL)
    return refuse (pspec, error, "nothing");
  rate = qrx_scalar_get_rate (scalar);
  if (!check_double (pspec, qrx_scalar_get_value (scalar), error))
    return FALSE;
  if (!isfinite (rate) || rate <= 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"%s\": found the rate %s, expected a number in (0, inf)", pspec->name,
                   qrx_number_format (rate, buffer));
      return FALSE;
    }
  if ((guint) qrx_scalar_get_train (scalar) > QRX_SCALAR_PER_QUBIT ||
      (guint) qrx_scalar_get_parameterization (scalar) > QRX_PARAMETERIZATION_SOFTPLUS)
    return refuse (pspec, error, "an enumeration out of range");
  if (qrx_scalar_get_parameterization (scalar) == QRX_PARAMETERIZATION_SOFTPLUS && qrx_scalar_get_value (scalar) <= 0)
    {
      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                   "property \"%s\": found %s, expected a number above 0, as its parameterization is \"softplus\"",
                   pspec->name, qrx_number_format (qrx_scalar_get_value (scalar), buffer));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_list (GParamSpec *pspec, GVariant *list, GError **error)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  gsize n = 0;
  gconstpointer items;

  if (list == NULL)
    return refuse (pspec, error, "nothing");
  items = g_variant_get_fixed_array (list, &n, sizeof (gint64));
  for (gsize i = 0; i < n; i++)
    if (info->kind == QRX_PROPERTY_INTEGERS ? !check_integer (pspec, ((const gint64 *) items)[i], error)
                                            : !check_double (pspec, ((const double *) items)[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check_strings (GParamSpec *pspec, const char *const *texts, GError **error)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (!check_text (pspec, texts[i], error))
      return FALSE;
  return TRUE;
}

gboolean
qrx_property_validate (GParamSpec *pspec, const GValue *value, GError **error)
{
  g_return_val_if_fail (G_VALUE_HOLDS (value, pspec->value_type), FALSE);

  switch (qrx_property_get_info (pspec)->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      return (!isfinite (get_double (value)) && qrx_property_is_default (pspec, value)) ||
             check_double (pspec, get_double (value), error);
    case QRX_PROPERTY_INTEGER:
      return check_integer_value (pspec, value, error);
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_DOCUMENT:
      return (g_value_get_string (value) == NULL && qrx_property_is_default (pspec, value)) ||
             check_text (pspec, g_value_get_string (value), error);
    case QRX_PROPERTY_SCALAR:
      return (g_value_get_boxed (value) == NULL && qrx_property_is_default (pspec, value)) ||
             check_scalar (pspec, g_value_get_boxed (value), error);
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      return (g_value_get_variant (value) == NULL && qrx_property_is_default (pspec, value)) ||
             check_list (pspec, g_value_get_variant (value), error);
    case QRX_PROPERTY_STRINGS:
      return check_strings (pspec, g_value_get_boxed (value), error);
    case QRX_PROPERTY_BOOLEAN:
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      return TRUE;
    }
}
