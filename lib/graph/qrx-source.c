/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule of which kinds and quantities may be linked, and its words. Knows no node type and no graph. */
#include "graph/qrx-port-private.h"
#include "graph/qrx-source-private.h"

static gboolean
is_any (const char *quantity)
{
  return quantity == NULL || g_str_equal (quantity, "any");
}

static gboolean
is_split_table (const QrxSource *source)
{
  return g_str_equal (source->kind, "table") && g_strcmp0 (source->quantity, "split") == 0;
}

const char *
qrx_source_get_quantity_for (const QrxSource *source, const char *kind, const char *wanted)
{
  if (g_str_equal (kind, "flow") && is_split_table (source))
    return qrx_quantity_is_category (wanted) ? g_intern_string (wanted) : "feature";
  return source->quantity;
}

QrxFit
qrx_source_fit (const QrxSource *source, const char *kind, const char *quantity)
{
  const char *carried = qrx_source_get_quantity_for (source, kind, quantity);

  if (!g_str_equal (source->kind, kind) && !(g_str_equal (kind, "flow") && is_split_table (source)))
    return g_str_equal (kind, "flow") && g_str_equal (source->kind, "table") ? QRX_FIT_SPLIT : QRX_FIT_KIND;
  if (is_any (quantity) || g_strcmp0 (carried, quantity) == 0)
    return QRX_FIT_OK;
  if (g_str_equal (kind, "table"))
    return QRX_FIT_SPLIT;
  /* A flow whose quantity hangs on a fault further up is not blamed for it. */
  return is_any (carried) && g_str_equal (kind, "flow") ? QRX_FIT_OK : QRX_FIT_QUANTITY;
}

char *
qrx_source_to_text (const QrxSource *source, QrxUnify *sizes)
{
  return qrx_source_to_text_with (source, sizes, G_MAXUINT, -1);
}

char *
qrx_source_to_text_with (const QrxSource *source, QrxUnify *sizes, guint wanted_axis, gint64 wanted)
{
  GString *text = g_string_new (source->kind);

  if (source->quantity != NULL)
    g_string_append_printf (text, ":%s", source->quantity);
  for (guint axis = 0; axis < source->rank; axis++)
    {
      gint64 size = axis == wanted_axis ? wanted : qrx_unify_get_size (sizes, source->sizes[axis]);

      g_string_append (text, axis == 0 ? "[" : ", ");
      if (size >= 0)
        g_string_append_printf (text, "%" G_GINT64_FORMAT, size);
      else
        g_string_append (text, source->symbols[axis] != NULL ? source->symbols[axis] : "?");
    }
  if (source->rank > 0)
    g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

char *
qrx_source_contrast (const QrxSource *source,
                     const char *source_text,
                     const char *node,
                     const char *port,
                     const char *taken)
{
  if (source->node == NULL)
    return g_strdup_printf ("%s.%s is given %s; it takes %s", node, port, source_text, taken);
  return g_strdup_printf ("%s.%s carries %s; %s.%s takes %s", source->node, source->port, source_text, node, port,
                          taken);
}

const char *
qrx_source_get_hint (const QrxSource *source, QrxFit fit, const char *quantity)
{
  if (fit == QRX_FIT_SPLIT)
    return ": put a `split` between, which says what each row is for";
  if (fit != QRX_FIT_QUANTITY || quantity == NULL ||
      (!g_str_equal (source->kind, "flow") && !is_split_table (source)))
    return "";
  if (qrx_quantity_is_category (quantity))
    return ": link the split table itself, of which an annotation flows in here";
  if (g_str_equal (quantity, "angle"))
    return ": put a normalizer between, or `identity-angle` to do it on purpose";
  if (g_str_equal (quantity, "prediction"))
    return ": put a head between, such as `linear` with \"quantity\": \"prediction\"";
  if (g_str_equal (quantity, "expectation"))
    return ": only a quantum layer gives expectations";
  return "";
}
