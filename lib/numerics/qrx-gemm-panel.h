/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What surrounds the tiles of the matrix product, included once for each element type. No include guard on
 * purpose.
 *
 * Expects ELEMENT and NAME (x), which completes a function's name; undefines them. */

static void
NAME (pack) (gpointer panel, gconstpointer from, gsize lane_stride, gsize depth_stride, gsize n_lanes, gsize width,
             gsize depth, double factor)
{
  ELEMENT *to = panel;
  const ELEMENT *source = from;

  if (n_lanes < width)
    memset (to, 0, depth * width * sizeof *to);
  if (lane_stride == 1)
    for (gsize p = 0; p < depth; p++)
      memcpy (to + p * width, source + p * depth_stride, n_lanes * sizeof *to);
  else
    NAME (interleave) (to, source, lane_stride, depth_stride, n_lanes, width, depth);
  if (factor != 1)
    for (gsize i = 0; i < depth * width; i++)
      to[i] *= (ELEMENT) factor;
}

static void
NAME (merge) (const QrxGemmMatrix *c, gconstpointer tile, gsize tile_stride, gsize n_rows, gsize n_columns,
              gboolean add)
{
  const ELEMENT *from = tile;
  ELEMENT *to = c->data;

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < n_columns; j++)
      {
        ELEMENT *element = to + i * c->row_stride + j * c->column_stride;

        *element = add ? *element + from[i * tile_stride + j] : from[i * tile_stride + j];
      }
}

static void
NAME (scale) (gpointer elements, gsize n, double factor)
{
  ELEMENT *element = elements;

  for (gsize i = 0; i < n; i++)
    element[i] = factor == 0 ? 0 : element[i] * (ELEMENT) factor;
}

#undef ELEMENT
#undef NAME
