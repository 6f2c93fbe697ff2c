/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linking what arrives to an input of a node: types and sizes, and the messages where they differ. */
#include "graph/qrx-shape-scope-private.h"

#include <string.h>

void
qrx_scope_link_free (QrxScopeLink *link)
{
  qrx_port_unref (link->port);
  g_free ((char *) link->source.node);
  g_free ((char *) link->source.port);
  g_free ((char *) link->source.quantity);
  g_free ((char *) link->source.kind);
  for (guint axis = 0; axis < link->source.rank; axis++)
    g_free ((char *) link->source.symbols[axis]);
  g_free (link);
}

/* " (encode.width = 8)", or "". */
static char *
dup_origin (QrxShapeScope *self, guint size)
{
  const char *origin = qrx_unify_get_origin (self->sizes, size);

  return origin != NULL ? g_strdup_printf (" (%s)", origin) : g_strdup ("");
}

/* Both ends of a link whose sizes differ along an axis, and who said so. */
static char *
contrast (QrxShapeScope *self, const QrxScopeLink *link, guint axis)
{
  QrxSource taken;
  g_autofree char *carried = qrx_source_to_text (&link->source, self->sizes);
  g_autofree char *carried_origin = dup_origin (self, link->source.sizes[axis]);
  g_autofree char *carries = g_strconcat (carried, carried_origin, NULL);
  g_autofree char *taken_text = NULL, *taken_origin = dup_origin (self, link->sizes[axis]), *message = NULL;

  qrx_shape_scope_get_source (self, link->port, &taken);
  memcpy (taken.sizes, link->sizes, sizeof taken.sizes);
  taken_text = qrx_source_to_text (&taken, self->sizes);
  message = qrx_source_contrast (&link->source, carries, self->id, taken.port, taken_text);
  return g_strconcat (message, taken_origin, NULL);
}

static gboolean
is_rows (const QrxPortSpec *spec, guint axis)
{
  return g_strcmp0 (qrx_port_spec_get_symbol (spec, axis), QRX_SCOPE_ROWS) == 0;
}

static QrxScopeLink *
scope_link_new (QrxShapeScope *self, QrxPort *port, const QrxSource *source)
{
  const QrxPortSpec *spec = qrx_port_get_spec (port);
  QrxScopeLink *link = g_new0 (QrxScopeLink, 1);

  link->port = qrx_port_ref (port);
  link->source = *source;
  link->source.node = g_strdup (source->node);
  link->source.port = g_strdup (source->port);
  link->source.kind = g_strdup (source->kind);
  link->source.quantity = g_strdup (source->quantity);
  for (guint axis = 0; axis < source->rank; axis++)
    link->source.symbols[axis] = g_strdup (source->symbols[axis]);
  for (guint axis = 0; axis < qrx_shape_scope_get_rank (spec); axis++)
    link->sizes[axis] = qrx_port_spec_is_list (spec) && !is_rows (spec, axis)
                            ? qrx_shape_scope_new_axis_size (self, spec, axis)
                            : qrx_shape_scope_get_axis_size (self, spec, axis);
  return link;
}

static gboolean
join_sizes (QrxShapeScope *self, const QrxScopeLink *link, GError **error)
{
  guint rank = qrx_shape_scope_get_rank (qrx_port_get_spec (link->port));

  if (rank == 0 || link->source.rank == 0)
    return TRUE;
  if (rank != link->source.rank)
    {
      g_autofree char *message = contrast (self, link, 0);

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, "%s: found %u axes, expected %u", message,
                   link->source.rank, rank);
      return FALSE;
    }
  for (guint axis = 0; axis < rank; axis++)
    if (!qrx_unify_join (self->sizes, link->source.sizes[axis], link->sizes[axis]))
      {
        g_autofree char *message = contrast (self, link, axis);

        g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, message);
        return FALSE;
      }
  return TRUE;
}

QrxFit
qrx_shape_scope_fit (QrxShapeScope *self, QrxPort *port, const QrxSource *source)
{
  return qrx_source_fit (source, qrx_port_spec_get_kind (qrx_port_get_spec (port)),
                         qrx_shape_scope_get_port_quantity (self, port));
}

gboolean
qrx_shape_scope_connect (QrxShapeScope *self, QrxPort *port, const QrxSource *source, QrxFit *fit, GError **error)
{
  QrxFit how = qrx_shape_scope_fit (self, port, source);
  QrxScopeLink *link;

  if (fit != NULL)
    *fit = how;
  if (how != QRX_FIT_OK)
    {
      g_autofree char *carried = qrx_source_to_text (source, self->sizes);
      g_autofree char *taken = qrx_shape_scope_dup_type (self, port);
      g_autofree char *message = qrx_source_contrast (source, carried, self->id, qrx_port_get_name (port), taken);

      g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_LINK, "%s%s", message,
                   qrx_source_get_hint (source, how, qrx_shape_scope_get_port_quantity (self, port)));
      return FALSE;
    }
  link = scope_link_new (self, port, source);
  g_ptr_array_add (self->links, link);
  return join_sizes (self, link, error);
}

char *
qrx_shape_scope_explain (QrxShapeScope *self, const char *symbol, guint size, gint64 wanted, const char *reason)
{
  const char *origin = qrx_unify_get_origin (self->sizes, size);

  for (guint i = 0; i < self->links->len; i++)
    {
      const QrxScopeLink *link = g_ptr_array_index (self->links, i);
      const QrxPortSpec *spec = qrx_port_get_spec (link->port);

      for (guint axis = 0; axis < qrx_shape_scope_get_rank (spec); axis++)
        if (link->source.rank > 0 && g_strcmp0 (qrx_port_spec_get_symbol (spec, axis), symbol) == 0 &&
            link->sizes[axis] == size)
          {
            QrxSource asked;
            g_autofree char *taken = NULL, *carried = NULL, *message = NULL;

            qrx_shape_scope_get_source (self, link->port, &asked);
            taken = qrx_source_to_text_with (&asked, self->sizes, axis, wanted);
            carried = qrx_source_to_text (&link->source, self->sizes);
            message = qrx_source_contrast (&link->source, carried, self->id, qrx_port_get_name (link->port), taken);
            self->blamed = (gint) i;
            return g_strdup_printf ("%s (%s)", message, reason);
          }
    }
  return g_strdup_printf ("\"%s\" is %" G_GINT64_FORMAT "%s%s%s, expected %" G_GINT64_FORMAT " (%s)", symbol,
                          qrx_unify_get_size (self->sizes, size), origin != NULL ? " (" : "",
                          origin != NULL ? origin : "", origin != NULL ? ")" : "", wanted, reason);
}
