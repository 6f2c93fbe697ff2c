/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A dimension's coordinates and values. Knows neither pipelines nor what its path leads to. */
#include "study/qrx-dimension-private.h"

#include <math.h>

void
qrx_dimension_free (QrxDimension *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->pointer);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->pointers);
  g_free (self);
}

guint
qrx_dimension_get_grid_size (const QrxDimension *self)
{
  if (self->kind == QRX_DIMENSION_CHOICES)
    return self->values->len;
  if (self->kind == QRX_DIMENSION_INTEGER && self->points == 0)
    return (guint) (self->high - self->low);
  return self->points;
}

/* Both ends are in the grid of a uniform range, though its upper end is open elsewhere: a grid of [0, 1] in
 * three points is 0, 0.5 and 1. */
double
qrx_dimension_get_grid_point (const QrxDimension *self, guint i)
{
  double fraction = self->points > 1 ? (double) i / (self->points - 1) : 0;

  switch (self->kind)
    {
    case QRX_DIMENSION_CHOICES:
      return i;
    case QRX_DIMENSION_UNIFORM:
      return i + 1 == self->points && i > 0 ? self->high : self->low + fraction * (self->high - self->low);
    case QRX_DIMENSION_LOG_UNIFORM:
      return i + 1 == self->points && i > 0 ? self->high : self->low * pow (self->high / self->low, fraction);
    case QRX_DIMENSION_INTEGER:
    default:
      return self->points == 0 ? self->low + i : round (self->low + fraction * (self->high - 1 - self->low));
    }
}

double
qrx_dimension_at_fraction (const QrxDimension *self, double fraction)
{
  switch (self->kind)
    {
    case QRX_DIMENSION_CHOICES:
      return MIN (floor (fraction * self->values->len), self->values->len - 1.0);
    case QRX_DIMENSION_UNIFORM:
      return self->low + fraction * (self->high - self->low);
    case QRX_DIMENSION_LOG_UNIFORM:
      return self->low * pow (self->high / self->low, fraction);
    case QRX_DIMENSION_INTEGER:
    default:
      return MIN (self->low + floor (fraction * (self->high - self->low)), self->high - 1);
    }
}

JsonNode *
qrx_dimension_get_value (const QrxDimension *self, double coordinate)
{
  JsonNode *node;

  if (self->kind == QRX_DIMENSION_CHOICES)
    return json_node_ref (self->values->pdata[(guint) coordinate]);
  node = json_node_alloc ();
  return self->kind == QRX_DIMENSION_INTEGER ? json_node_init_int (node, (gint64) coordinate)
                                             : json_node_init_double (node, coordinate);
}
