/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products that are used up block by block: a weight gradient of millions of elements, of which an optimizer wants each
 * once. Both factors are packed whole, since they are a minibatch's. */
#include "numerics/qrx-gemm-private.h"

#define DEPTH QRX_GEMM_DEPTH
#define ROWS QRX_GEMM_BLOCK_ROWS
#define COLUMNS QRX_GEMM_BLOCK_COLUMNS

typedef struct {
  const QrxGemmKernel *kernel;
  QrxGemmMatrix a, b;
  gsize m, n, k;
  gsize padded_m, padded_n;
  char *a_panels, *b_panels; /* those of the first DEPTH terms, then those of the next */
  QrxGemmConsumer consumer;
  gpointer data;
} Stream;

static gsize
get_depth (const Stream *self, gsize term)
{
  return MIN (DEPTH, self->k - term);
}

static char *
get_a_panel (const Stream *self, gsize term, gsize row)
{
  return self->a_panels + (term * self->padded_m + row * get_depth (self, term)) * self->kernel->element_size;
}

static char *
get_b_panel (const Stream *self, gsize term, gsize column)
{
  return self->b_panels + (term * self->padded_n + column * get_depth (self, term)) * self->kernel->element_size;
}

/* Packs a block's rows of A. */
static void
pack_a (gsize block, gpointer data)
{
  const Stream *self = data;
  const QrxGemmKernel *kernel = self->kernel;
  gsize end = MIN ((block + 1) * ROWS, self->padded_m);

  for (gsize term = 0; term < self->k; term += DEPTH)
    for (gsize row = block * ROWS; row < end; row += kernel->n_rows)
      kernel->pack (get_a_panel (self, term, row), qrx_gemm_get_element (&self->a, row, term, kernel->element_size),
                    self->a.row_stride, self->a.column_stride, MIN (kernel->n_rows, self->m - row), kernel->n_rows,
                    get_depth (self, term), 1);
}

/* Packs a block's columns of B. */
static void
pack_b (gsize block, gpointer data)
{
  const Stream *self = data;
  const QrxGemmKernel *kernel = self->kernel;
  gsize end = MIN ((block + 1) * COLUMNS, self->padded_n);

  for (gsize term = 0; term < self->k; term += DEPTH)
    for (gsize column = block * COLUMNS; column < end; column += kernel->n_columns)
      {
        const char *from = qrx_gemm_get_element (&self->b, term, column, kernel->element_size);
        char *to = get_b_panel (self, term, column);

        if (self->b.column_stride == 1 && column + kernel->n_columns <= self->n)
          kernel->copy (get_depth (self, term), from, self->b.row_stride, to, kernel->n_columns);
        else
          kernel->pack (to, from, self->b.column_stride, self->b.row_stride, MIN (kernel->n_columns, self->n - column),
                        kernel->n_columns, get_depth (self, term), 1);
      }
}

/* Neighbouring blocks share columns, whose panels stay in the cache. */
static void
run_block (gsize block, gpointer data)
{
  const Stream *self = data;
  const QrxGemmKernel *kernel = self->kernel;
  gsize n_row_blocks = qrx_gemm_count_panels (self->m, ROWS);
  gsize first_row = block % n_row_blocks * ROWS, first_column = block / n_row_blocks * COLUMNS;
  gsize n_rows = MIN (ROWS, self->m - first_row), n_columns = MIN (COLUMNS, self->n - first_column);
  char sums[ROWS * COLUMNS * sizeof (double)] __attribute__ ((aligned (QRX_GEMM_ALIGNMENT)));

  for (gsize term = 0; term < self->k; term += DEPTH)
    for (gsize column = 0; column < n_columns; column += kernel->n_columns)
      for (gsize row = 0; row < n_rows; row += kernel->n_rows)
        kernel->tile (get_depth (self, term), get_a_panel (self, term, first_row + row),
                      get_b_panel (self, term, first_column + column),
                      sums + (row * COLUMNS + column) * kernel->element_size, COLUMNS, term > 0);
  self->consumer (block, first_row, n_rows, first_column, n_columns, sums, COLUMNS, self->data);
}

gsize
qrx_gemm_count_blocks (gsize m, gsize n)
{
  return qrx_gemm_count_panels (m, ROWS) * qrx_gemm_count_panels (n, COLUMNS);
}

void
qrx_gemm_stream (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, const QrxGemmMatrix *a, const QrxGemmMatrix *b,
                 QrxGemmConsumer consumer, gpointer data, QrxPool *pool)
{
  Stream self = { .kernel = kernel, .a = *a, .b = *b, .m = m, .n = n, .k = k, .consumer = consumer, .data = data };
  gsize a_size;

  self.padded_m = qrx_gemm_count_panels (m, kernel->n_rows) * kernel->n_rows;
  self.padded_n = qrx_gemm_count_panels (n, kernel->n_columns) * kernel->n_columns;
  a_size =
      (self.padded_m * k * kernel->element_size + QRX_GEMM_ALIGNMENT - 1) / QRX_GEMM_ALIGNMENT * QRX_GEMM_ALIGNMENT;
  self.a_panels = qrx_gemm_get_scratch (a_size + self.padded_n * k * kernel->element_size);
  self.b_panels = self.a_panels + a_size;
  qrx_pool_run (pool, qrx_gemm_count_panels (m, ROWS), pack_a, &self);
  qrx_pool_run (pool, qrx_gemm_count_panels (n, COLUMNS), pack_b, &self);
  qrx_pool_run (pool, qrx_gemm_count_blocks (m, n), run_block, &self);
}
