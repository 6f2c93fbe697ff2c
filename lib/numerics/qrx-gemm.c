/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cuts a matrix product into blocks that fit the caches and shares them out over a pool. Knows shapes and
 * strides; the arithmetic is in the kernels.
 *
 * Why not the BLAS: on AVX2 processors OpenBLAS' sgemm gives a row different bits at different places of the
 * batch, and its results change with the core type. Here an element is the sum, in the order of depth, of
 * partial sums over DEPTH terms each, whatever the shape, the place, the tile or the number of threads. */
#include "numerics/qrx-gemm-private.h"

#include <stdlib.h>

#define DEPTH QRX_GEMM_DEPTH
#define MAX_ROWS 1152      /* of a block of A that stays in the second-level cache */
#define MAX_COLUMNS 2048   /* of a block of B */
#define PANELS_PER_BLOCK 8 /* of A, per block of work */
#define COPIED_DEPTH 32    /* of B, per block of packing */
#define SERIAL_WORK 40000  /* products too small to be worth waking a thread */
#define ALIGNMENT QRX_GEMM_ALIGNMENT

typedef struct {
  const QrxGemmKernel *kernel;
  QrxGemmMatrix a, b, c;
  double a_factor, b_factor;
  gsize n_rows, n_columns, depth; /* of the present block */
  gboolean add;
  gboolean has_b; /* its panels are packed already */
  char *a_panels, *b_panels;
  gsize columns_per_block;
} Product;

static void
pack_a (Product *product, gsize panel)
{
  const QrxGemmKernel *kernel = product->kernel;
  gsize row = panel * kernel->n_rows;

  kernel->pack (product->a_panels + row * product->depth * kernel->element_size,
                qrx_gemm_get_element (&product->a, row, 0, kernel->element_size), product->a.row_stride,
                product->a.column_stride, MIN (kernel->n_rows, product->n_rows - row), kernel->n_rows, product->depth,
                product->a_factor);
}

static void
pack_b (Product *product, gsize panel)
{
  const QrxGemmKernel *kernel = product->kernel;
  gsize column = panel * kernel->n_columns;

  kernel->pack (product->b_panels + column * product->depth * kernel->element_size,
                qrx_gemm_get_element (&product->b, 0, column, kernel->element_size), product->b.column_stride,
                product->b.row_stride, MIN (kernel->n_columns, product->n_columns - column), kernel->n_columns,
                product->depth, product->b_factor);
}

/* Whether whole panels of B can be copied by vectors, some depths of all panels at a time, as memory is laid
 * out. */
static gboolean
can_copy_b (const Product *product)
{
  return product->b.column_stride == 1 && product->b_factor == 1;
}

static void
copy_b (Product *product, gsize piece)
{
  const QrxGemmKernel *kernel = product->kernel;
  gsize size = kernel->element_size, width = kernel->n_columns;
  gsize first = piece * COPIED_DEPTH, depth = MIN (COPIED_DEPTH, product->depth - first);

  for (gsize column = 0; column + width <= product->n_columns; column += width)
    kernel->copy (depth, qrx_gemm_get_element (&product->b, first, column, size), product->b.row_stride,
                  product->b_panels + (column * product->depth + first * width) * size, width);
}

static void
pack_block (gsize block, gpointer data)
{
  Product *product = data;
  gsize n_a = qrx_gemm_count_panels (product->n_rows, product->kernel->n_rows);

  if (block < n_a)
    pack_a (product, block);
  else if (!can_copy_b (product))
    pack_b (product, block - n_a);
  else if (block - n_a < qrx_gemm_count_panels (product->depth, COPIED_DEPTH))
    copy_b (product, block - n_a);
  else
    pack_b (product, product->n_columns / product->kernel->n_columns); /* the last, which is not whole */
}

/* How many blocks of packing there are: the panels of A, and those of B unless they are packed already. */
static gsize
count_packing (const Product *product)
{
  gsize n_a = qrx_gemm_count_panels (product->n_rows, product->kernel->n_rows);
  gboolean has_rest = product->n_columns % product->kernel->n_columns != 0;

  if (product->has_b)
    return n_a;
  if (can_copy_b (product))
    return n_a + qrx_gemm_count_panels (product->depth, COPIED_DEPTH) + has_rest;
  return n_a + qrx_gemm_count_panels (product->n_columns, product->kernel->n_columns);
}

static void
compute_tile (Product *product, gsize row, gsize column)
{
  const QrxGemmKernel *kernel = product->kernel;
  gsize size = kernel->element_size;
  gsize n_rows = MIN (kernel->n_rows, product->n_rows - row);
  gsize n_columns = MIN (kernel->n_columns, product->n_columns - column);
  const char *rows = product->a_panels + row * product->depth * size;
  const char *columns = product->b_panels + column * product->depth * size;
  QrxGemmMatrix c = product->c;

  c.data = (char *) c.data + (row * c.row_stride + column * c.column_stride) * size;
  if (c.column_stride == 1 && n_rows == kernel->n_rows && n_columns == kernel->n_columns)
    kernel->tile (product->depth, rows, columns, c.data, c.row_stride, product->add);
  else
    {
      char tile[QRX_GEMM_MAX_TILE_BYTES] __attribute__ ((aligned (ALIGNMENT)));

      kernel->tile (product->depth, rows, columns, tile, kernel->n_columns, FALSE);
      kernel->merge (&c, tile, kernel->n_columns, n_rows, n_columns, product->add);
    }
}

static void
compute_block (gsize block, gpointer data)
{
  Product *product = data;
  const QrxGemmKernel *kernel = product->kernel;
  gsize rows_per_block = PANELS_PER_BLOCK * kernel->n_rows;
  gsize n_column_blocks = qrx_gemm_count_panels (product->n_columns, product->columns_per_block);
  gsize first_row = block / n_column_blocks * rows_per_block;
  gsize first_column = block % n_column_blocks * product->columns_per_block;
  gsize end_row = MIN (first_row + rows_per_block, product->n_rows);
  gsize end_column = MIN (first_column + product->columns_per_block, product->n_columns);

  for (gsize column = first_column; column < end_column; column += kernel->n_columns)
    for (gsize row = first_row; row < end_row; row += kernel->n_rows)
      compute_tile (product, row, column);
}

static void
compute (Product *product, QrxPool *pool)
{
  const QrxGemmKernel *kernel = product->kernel;
  gsize n_a = qrx_gemm_count_panels (product->n_rows, kernel->n_rows);

  qrx_pool_run (pool, count_packing (product), pack_block, product);
  qrx_pool_run (pool,
                qrx_gemm_count_panels (n_a, PANELS_PER_BLOCK) *
                    qrx_gemm_count_panels (product->n_columns, product->columns_per_block),
                compute_block, product);
}

static void
scale (const QrxGemmKernel *kernel, gsize m, gsize n, double beta, const QrxGemmMatrix *c)
{
  for (gsize i = 0; i < m; i++)
    kernel->scale ((char *) c->data + i * c->row_stride * kernel->element_size, n, beta);
}

/* The memory for panels stays with its thread: training calls with the same shapes again and again, and fresh
 * pages cost more than the panels' packing. */
typedef struct {
  gsize size;
  gpointer memory;
} Scratch;

static void
free_scratch (gpointer data)
{
  Scratch *scratch = data;

  free (scratch->memory);
  g_free (scratch);
}

gpointer
qrx_gemm_get_scratch (gsize size)
{
  static GPrivate private = G_PRIVATE_INIT (free_scratch);
  Scratch *scratch = g_private_get (&private);

  if (scratch == NULL)
    {
      scratch = g_new0 (Scratch, 1);
      g_private_set (&private, scratch);
    }
  if (scratch->size < size)
    {
      size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      free (scratch->memory);
      scratch->memory = aligned_alloc (ALIGNMENT, size);
      if (scratch->memory == NULL)
        g_error ("out of memory for %" G_GSIZE_FORMAT " bytes of panels", size); /* as g_malloc() does */
      scratch->size = size;
    }
  return scratch->memory;
}

static gsize
measure_panels (gsize n, gsize width, gsize depth, gsize element_size)
{
  return (qrx_gemm_count_panels (n, width) * width * depth * element_size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static QrxGemmMatrix
transpose (const QrxGemmMatrix *matrix)
{
  return (QrxGemmMatrix){ matrix->data, matrix->column_stride, matrix->row_stride };
}

/* The tiles that a product of this shape needs, wasted lanes included. */
static gsize
count_tiles (const QrxGemmKernel *kernel, gsize m, gsize n)
{
  return qrx_gemm_count_panels (m, kernel->n_rows) * qrx_gemm_count_panels (n, kernel->n_columns);
}

/* Few rows against a matrix with adjacent terms, as in a dense layer's forward pass: packing that would cost more than
 * the product. */
static gboolean
run_as_strips (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, double alpha, const QrxGemmMatrix *a,
               const QrxGemmMatrix *b, gboolean add, const QrxGemmMatrix *c, QrxPool *pool)
{
  if (m <= QRX_GEMM_STRIP_COLUMNS && n >= 2 * m && b->row_stride == 1)
    {
      QrxGemmMatrix left = transpose (b), right = transpose (a), result = transpose (c);

      qrx_gemm_run_strips (kernel, n, m, k, &left, &right, alpha, add, &result, pool);
      return TRUE;
    }
  if (n <= QRX_GEMM_STRIP_COLUMNS && m >= 2 * n && a->column_stride == 1 && alpha == 1)
    {
      qrx_gemm_run_strips (kernel, m, n, k, a, b, 1, add, c, pool);
      return TRUE;
    }
  return FALSE;
}

void
qrx_gemm_run (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, double alpha, const QrxGemmMatrix *a,
              const QrxGemmMatrix *b, double beta, const QrxGemmMatrix *c, QrxPool *pool)
{
  Product product = { .kernel = kernel, .a_factor = alpha, .b_factor = 1 };
  QrxGemmMatrix whole_a = *a, whole_b = *b, whole_c = *c;
  gsize size = kernel->element_size, rows = m, columns = n, a_size, b_size;

  if (m == 0 || n == 0)
    return;
  if (k == 0 || alpha == 0 || (beta != 0 && beta != 1))
    scale (kernel, m, n, beta, c);
  if (k == 0 || alpha == 0)
    return;
  if (m * n * k <= SERIAL_WORK)
    pool = NULL;
  if (run_as_strips (kernel, m, n, k, alpha, a, b, beta != 0, c, pool))
    return;

  /* Narrow products waste fewer lanes as the transpose of Bᵀ Aᵀ; the bits are the same. A quarter must be
   * saved, since transposed tiles are slow to write. */
  if (4 * count_tiles (kernel, n, m) < 3 * count_tiles (kernel, m, n))
    {
      whole_a = transpose (b);
      whole_b = transpose (a);
      whole_c = transpose (c);
      product.a_factor = 1;
      product.b_factor = alpha;
      rows = n;
      columns = m;
    }
  a_size = measure_panels (MIN (rows, MAX_ROWS), kernel->n_rows, MIN (k, DEPTH), size);
  b_size = measure_panels (MIN (columns, MAX_COLUMNS), kernel->n_columns, MIN (k, DEPTH), size);
  product.a_panels = qrx_gemm_get_scratch (a_size + b_size);
  product.b_panels = product.a_panels + a_size;
  product.columns_per_block = 4 * kernel->n_columns;

  for (gsize column = 0; column < columns; column += MAX_COLUMNS)
    for (gsize term = 0; term < k; term += DEPTH)
      for (gsize row = 0; row < rows; row += MAX_ROWS)
        {
          product.n_rows = MIN (MAX_ROWS, rows - row);
          product.n_columns = MIN (MAX_COLUMNS, columns - column);
          product.depth = MIN (DEPTH, k - term);
          product.a = (QrxGemmMatrix){ qrx_gemm_get_element (&whole_a, row, term, size), whole_a.row_stride,
                                       whole_a.column_stride };
          product.b = (QrxGemmMatrix){ qrx_gemm_get_element (&whole_b, term, column, size), whole_b.row_stride,
                                       whole_b.column_stride };
          product.c = (QrxGemmMatrix){ qrx_gemm_get_element (&whole_c, row, column, size), whole_c.row_stride,
                                       whole_c.column_stride };
          product.add = term > 0 || beta != 0;
          product.has_b = row > 0;
          compute (&product, pool);
        }
}
