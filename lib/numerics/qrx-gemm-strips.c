/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products of a large matrix with a narrow one: a minibatch's way through a layer of thousands of inputs. The large
 * matrix is read once and not packed; the narrow one is packed whole, and its part of some depths stays in the
 * second-level cache while rows of the large one pass by. */
#include "numerics/qrx-gemm-private.h"

#include <string.h>

#define ROWS 48                  /* of a block of work: a multiple of every kernel's */
#define CACHED_BYTES (256 << 10) /* of B's panels, which stay while a block's rows pass */
#define MAX_PANEL_ROWS 12
#define DEPTH QRX_GEMM_DEPTH

typedef struct {
  const QrxGemmKernel *kernel;
  QrxGemmMatrix a, b, c;
  gsize m, n, k;
  gsize padded; /* columns of B's panels, those that are not there included */
  double factor;
  gboolean add;
  char *panels; /* of B: those of the first DEPTH terms, then those of the next */
} Strips;

static char *
get_panel (const Strips *self, gsize term, gsize column)
{
  return self->panels + (term * self->padded + column * MIN (DEPTH, self->k - term)) * self->kernel->element_size;
}

/* Packs all of B's columns for one partial sum. */
static void
pack_terms (gsize block, gpointer data)
{
  const Strips *self = data;
  const QrxGemmKernel *kernel = self->kernel;
  gsize term = block * DEPTH;

  for (gsize column = 0; column < self->n; column += kernel->n_columns)
    kernel->pack (get_panel (self, term, column), qrx_gemm_get_element (&self->b, term, column, kernel->element_size),
                  self->b.column_stride, self->b.row_stride, MIN (kernel->n_columns, self->n - column),
                  kernel->n_columns, MIN (DEPTH, self->k - term), self->factor);
}

/* One partial sum of a panel's rows, of which there are @n_rows. */
static void
add_terms (const Strips *self, gsize row, gsize n_rows, gsize term, char *sums, gboolean add)
{
  const QrxGemmKernel *kernel = self->kernel;
  gsize depth = MIN (DEPTH, self->k - term), size = kernel->element_size;
  const char *rows = qrx_gemm_get_element (&self->a, row, term, size);
  char packed[MAX_PANEL_ROWS * DEPTH * sizeof (double)] __attribute__ ((aligned (QRX_GEMM_ALIGNMENT)));

  if (n_rows < kernel->n_rows)
    kernel->pack (packed, rows, self->a.row_stride, 1, n_rows, kernel->n_rows, depth, 1);
  for (gsize column = 0; column < self->padded; column += kernel->n_columns)
    if (n_rows < kernel->n_rows)
      kernel->tile (depth, packed, get_panel (self, term, column), sums + column * size, self->padded, add);
    else
      kernel->strip (depth, rows, self->a.row_stride, get_panel (self, term, column), sums + column * size,
                     self->padded, add);
}

static void
run_block (gsize block, gpointer data)
{
  const Strips *self = data;
  const QrxGemmKernel *kernel = self->kernel;
  gsize size = kernel->element_size, first = block * ROWS, n_rows = MIN (ROWS, self->m - first);
  gsize at_once = MAX (CACHED_BYTES / (self->padded * DEPTH * size), 1) * DEPTH;
  char sums[ROWS * QRX_GEMM_STRIP_COLUMNS * sizeof (double)] __attribute__ ((aligned (QRX_GEMM_ALIGNMENT)));
  QrxGemmMatrix c = self->c;

  c.data = qrx_gemm_get_element (&self->c, first, 0, size);
  for (gsize row = 0; self->add && row < n_rows; row++)
    for (gsize column = 0; column < self->n; column++)
      memcpy (sums + (row * self->padded + column) * size, qrx_gemm_get_element (&c, row, column, size), size);
  for (gsize start = 0; start < self->k; start += at_once)
    for (gsize row = 0; row < n_rows; row += kernel->n_rows)
      for (gsize term = start; term < MIN (start + at_once, self->k); term += DEPTH)
        add_terms (self, first + row, MIN (kernel->n_rows, n_rows - row), term, sums + row * self->padded * size,
                   self->add || term > 0);
  kernel->merge (&c, sums, self->padded, n_rows, self->n, FALSE);
}

void
qrx_gemm_run_strips (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, const QrxGemmMatrix *a,
                     const QrxGemmMatrix *b, double factor, gboolean add, const QrxGemmMatrix *c, QrxPool *pool)
{
  Strips self = { .kernel = kernel, .a = *a, .b = *b, .c = *c, .m = m, .n = n, .k = k, .factor = factor, .add = add };

  self.padded = qrx_gemm_count_panels (n, kernel->n_columns) * kernel->n_columns;
  self.panels = qrx_gemm_get_scratch (self.padded * k * kernel->element_size);
  qrx_pool_run (pool, qrx_gemm_count_panels (k, DEPTH), pack_terms, &self);
  qrx_pool_run (pool, qrx_gemm_count_panels (m, ROWS), run_block, &self);
}
