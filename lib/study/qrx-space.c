/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A search space: which dimensions vary at a point, and what a point sets. */
#include "study/qrx-space-private.h"

#include <math.h>

QrxSpace *
qrx_space_new (void)
{
  QrxSpace *self = g_new0 (QrxSpace, 1);

  self->dimensions = g_ptr_array_new ();
  return self;
}

void
qrx_space_free (QrxSpace *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->dimensions);
  g_free (self);
}

gboolean
qrx_space_is_active (const QrxSpace *self, const double *point, guint dimension)
{
  const QrxDimension *child = self->dimensions->pdata[dimension];
  guint parent;

  if (child->parent == NULL || !g_ptr_array_find (self->dimensions, child->parent, &parent))
    return TRUE;
  return point[parent] == child->choice;
}

/* The points that continue one whose first @depth coordinates are set. */
static gboolean
extend (const QrxSpace *self, double *point, guint depth, gsize limit, GPtrArray *points)
{
  const QrxDimension *dimension;
  guint n;

  if (depth == self->dimensions->len)
    {
      g_ptr_array_add (points, g_memdup2 (point, MAX (depth, 1) * sizeof (double)));
      return points->len <= limit;
    }
  dimension = self->dimensions->pdata[depth];
  point[depth] = NAN;
  if (!qrx_space_is_active (self, point, depth))
    return extend (self, point, depth + 1, limit, points);
  n = qrx_dimension_get_grid_size (dimension);
  for (guint i = 0; i < n; i++)
    {
      point[depth] = qrx_dimension_get_grid_point (dimension, i);
      if (!extend (self, point, depth + 1, limit, points))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
qrx_space_list_grid (const QrxSpace *self, gsize limit)
{
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *point = g_new0 (double, self->dimensions->len + 1);

  return extend (self, point, 0, limit, points) ? g_steal_pointer (&points) : NULL;
}

void
qrx_space_add_settings (const QrxSpace *self, const double *point, JsonObject *settings)
{
  for (guint i = 0; i < self->dimensions->len; i++)
    {
      const QrxDimension *dimension = self->dimensions->pdata[i];

      if (!isnan (point[i]))
        json_object_set_member (settings, dimension->path, qrx_dimension_get_value (dimension, point[i]));
    }
}
