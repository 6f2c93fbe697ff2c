/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tile of the matrix product, included once for each element type and level. No include guard on purpose.
 *
 * Expects TILE, STRIP, SUM and COPY (the functions' names), TARGET (its attributes), ELEMENT, VECTOR, N_ROWS, and
 * ZERO (), LOAD (p), STORE (p, v), BROADCAST (x), ADD (a, b), MULTIPLY_ADD (a, b, sum); undefines them all. */

TARGET static inline __attribute__ ((always_inline)) void
SUM (gsize depth, gconstpointer rows, gsize row_stride, gsize depth_stride, gconstpointer columns, gpointer c,
     gsize c_stride, gboolean add)
{
  enum { WIDTH = sizeof (VECTOR) / sizeof (ELEMENT) };
  const ELEMENT *x = rows, *y = columns;
  ELEMENT *out = c;
  VECTOR sums[N_ROWS][2];

#pragma GCC unroll 16
  for (gsize i = 0; i < N_ROWS; i++)
    sums[i][0] = sums[i][1] = ZERO ();
  for (gsize p = 0; p < depth; p++, x += depth_stride, y += 2 * WIDTH)
    {
      VECTOR y0 = LOAD (y), y1 = LOAD (y + WIDTH);

#pragma GCC unroll 16
      for (gsize i = 0; i < N_ROWS; i++)
        {
          VECTOR factor = BROADCAST (x[i * row_stride]);

          sums[i][0] = MULTIPLY_ADD (factor, y0, sums[i][0]);
          sums[i][1] = MULTIPLY_ADD (factor, y1, sums[i][1]);
        }
    }
#pragma GCC unroll 16
  for (gsize i = 0; i < N_ROWS; i++)
    {
      ELEMENT *row = out + i * c_stride;

      if (add)
        {
          sums[i][0] = ADD (LOAD (row), sums[i][0]);
          sums[i][1] = ADD (LOAD (row + WIDTH), sums[i][1]);
        }
      STORE (row, sums[i][0]);
      STORE (row + WIDTH, sums[i][1]);
    }
}

TARGET static void
TILE (gsize depth, gconstpointer rows, gconstpointer columns, gpointer c, gsize c_stride, gboolean add)
{
  SUM (depth, rows, 1, N_ROWS, columns, c, c_stride, add);
}

TARGET static void
STRIP (gsize depth, gconstpointer rows, gsize row_stride, gconstpointer columns, gpointer c, gsize c_stride,
       gboolean add)
{
  SUM (depth, rows, row_stride, 1, columns, c, c_stride, add);
}

TARGET static void
COPY (gsize depth, gconstpointer from, gsize from_stride, gpointer to, gsize to_stride)
{
  enum { WIDTH = sizeof (VECTOR) / sizeof (ELEMENT) };
  const ELEMENT *source = from;
  ELEMENT *target = to;

  for (gsize p = 0; p < depth; p++)
    {
      STORE (target + p * to_stride, LOAD (source + p * from_stride));
      STORE (target + p * to_stride + WIDTH, LOAD (source + p * from_stride + WIDTH));
    }
}

#undef TILE
#undef STRIP
#undef SUM
#undef COPY
#undef TARGET
#undef ELEMENT
#undef VECTOR
#undef N_ROWS
#undef ZERO
#undef LOAD
#undef STORE
#undef BROADCAST
#undef ADD
#undef MULTIPLY_ADD
