/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the properties of C node types are kept: read, written and freed at their offsets of the instance. */
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-property-private.h"

static gpointer
get_place (GObject *object, const QrxPropertyInfo *info)
{
  return G_STRUCT_MEMBER_P (object, info->offset);
}

static void
store_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

void
qrx_node_set_stored_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  gpointer place = get_place (object, info);

  if (info->offset == 0)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  switch (info->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      *(double *) place = g_value_get_double (value);
      break;
    case QRX_PROPERTY_INTEGER:
      *(gint64 *) place = g_value_get_int64 (value);
      break;
    case QRX_PROPERTY_BOOLEAN:
      *(gboolean *) place = g_value_get_boolean (value);
      break;
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_DOCUMENT:
      store_text (place, g_value_get_string (value));
      break;
    case QRX_PROPERTY_SCALAR:
      g_clear_pointer ((QrxScalar **) place, qrx_scalar_free);
      *(QrxScalar **) place = qrx_scalar_copy (g_value_get_boxed (value) != NULL ? g_value_get_boxed (value) : info->scalar);
      break;
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      g_clear_pointer ((GVariant **) place, g_variant_unref);
      *(GVariant **) place = g_value_dup_variant (value);
      break;
    case QRX_PROPERTY_STRINGS:
      g_strfreev (*(char ***) place);
      *(char ***) place = g_value_get_boxed (value) != NULL ? g_value_dup_boxed (value) : g_new0 (char *, 1);
      break;
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

void
qrx_node_get_stored_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const QrxPropertyInfo *info = qrx_property_get_info (pspec);
  gpointer place = get_place (object, info);

  if (info->offset == 0)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  switch (info->kind)
    {
    case QRX_PROPERTY_DOUBLE:
      g_value_set_double (value, *(double *) place);
      break;
    case QRX_PROPERTY_INTEGER:
      g_value_set_int64 (value, *(gint64 *) place);
      break;
    case QRX_PROPERTY_BOOLEAN:
      g_value_set_boolean (value, *(gboolean *) place);
      break;
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_DOCUMENT:
      g_value_set_string (value, *(char **) place);
      break;
    case QRX_PROPERTY_SCALAR:
    case QRX_PROPERTY_STRINGS:
      g_value_set_boxed (value, *(gpointer *) place);
      break;
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      g_value_set_variant (value, *(GVariant **) place);
      break;
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
free_stored (gpointer place, QrxPropertyKind kind)
{
  switch (kind)
    {
    case QRX_PROPERTY_STRING:
    case QRX_PROPERTY_CHOICE:
    case QRX_PROPERTY_FILE:
    case QRX_PROPERTY_DOCUMENT:
      g_clear_pointer ((char **) place, g_free);
      break;
    case QRX_PROPERTY_SCALAR:
      g_clear_pointer ((QrxScalar **) place, qrx_scalar_free);
      break;
    case QRX_PROPERTY_INTEGERS:
    case QRX_PROPERTY_DOUBLES:
      g_clear_pointer ((GVariant **) place, g_variant_unref);
      break;
    case QRX_PROPERTY_STRINGS:
      g_clear_pointer ((char ***) place, g_strfreev);
      break;
    case QRX_PROPERTY_DOUBLE:
    case QRX_PROPERTY_INTEGER:
    case QRX_PROPERTY_BOOLEAN:
    case QRX_PROPERTY_UNSUPPORTED:
    default:
      break;
    }
}

void
qrx_node_free_stored_properties (GObject *object)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n;

  pspecs = qrx_node_class_list_properties (QRX_NODE_GET_CLASS (object), &n);
  for (guint i = 0; i < n; i++)
    {
      const QrxPropertyInfo *info = qrx_property_get_info (pspecs[i]);

      if (info->offset != 0)
        free_stored (get_place (object, info), info->kind);
    }
}
