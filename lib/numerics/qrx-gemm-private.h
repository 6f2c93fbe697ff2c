/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The matrix product beneath qrx_linalg_multiply(): what its driver and its kernels agree on. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

/* What the processor is asked to know. From AVX2 on, multiplications are fused with additions; AVX2 and
 * AVX-512 give the same bits. */
typedef enum {
  QRX_GEMM_BASELINE,
  QRX_GEMM_AVX2,
  QRX_GEMM_AVX512,
} QrxGemmLevel;

/* A matrix as the product sees it: element (i, j) is data[i * row_stride + j * column_stride]. */
typedef struct {
  gpointer data;
  gsize row_stride;
  gsize column_stride;
} QrxGemmMatrix;

/* One element type on one level. A tile of C is the product of a panel of `n_rows` lanes of A, each element
 * of which is broadcast, and a panel of `n_columns` lanes of B, which are vectors. In a panel the lanes of
 * one depth lie side by side. */
typedef struct {
  gsize element_size;
  gsize n_rows;
  gsize n_columns;
  /* Packs `n_lanes` lanes into a panel `width` wide, times `factor`; lanes that are missing become zero. */
  void (*pack) (gpointer panel, gconstpointer from, gsize lane_stride, gsize depth_stride, gsize n_lanes, gsize width,
                gsize depth, double factor);
  /* Copies lanes of a whole panel of B that lie side by side already. */
  void (*copy) (gsize depth, gconstpointer from, gsize from_stride, gpointer to, gsize to_stride);
  /* Writes a whole tile with adjacent columns, or adds to it. */
  void (*tile) (gsize depth, gconstpointer rows, gconstpointer columns, gpointer c, gsize c_stride, gboolean add);
  /* The same with rows of A as they lie in memory, each with its terms side by side. */
  void (*strip) (gsize depth, gconstpointer rows, gsize row_stride, gconstpointer columns, gpointer c, gsize c_stride,
                 gboolean add);
  /* Writes or adds part of a tile that was computed aside. */
  void (*merge) (const QrxGemmMatrix *c, gconstpointer tile, gsize tile_stride, gsize n_rows, gsize n_columns,
                 gboolean add);
  void (*scale) (gpointer elements, gsize n, double factor);
} QrxGemmKernel;

#define QRX_GEMM_MAX_TILE_BYTES (12 * 128)
#define QRX_GEMM_ALIGNMENT 64
#define QRX_GEMM_DEPTH 256         /* terms of a partial sum: part of the results' definition */
#define QRX_GEMM_STRIP_COLUMNS 128 /* the most that qrx_gemm_run_strips() takes */
#define QRX_GEMM_BLOCK_ROWS 12     /* of a block of qrx_gemm_stream() */
#define QRX_GEMM_BLOCK_COLUMNS 512

static inline gsize
qrx_gemm_count_panels (gsize n, gsize width)
{
  return (n + width - 1) / width;
}

static inline char *
qrx_gemm_get_element (const QrxGemmMatrix *matrix, gsize row, gsize column, gsize element_size)
{
  return (char *) matrix->data + (row * matrix->row_stride + column * matrix->column_stride) * element_size;
}

/* Aligned memory that stays with its thread until it asks again. */
gpointer qrx_gemm_get_scratch (gsize size);

gboolean qrx_gemm_has_level (QrxGemmLevel level);
QrxGemmLevel qrx_gemm_get_best_level (void);
const QrxGemmKernel *qrx_gemm_get_kernel (QrxDtype dtype, QrxGemmLevel level);

/* C = alpha A B + beta C, for C of m rows and n columns and a sum over k terms. */
void qrx_gemm_run (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, double alpha, const QrxGemmMatrix *a,
                   const QrxGemmMatrix *b, double beta, const QrxGemmMatrix *c, QrxPool *pool);

/* The same for at most STRIP_COLUMNS columns of C and an A whose rows are adjacent terms, which is read once, as it
 * lies; @factor is that of B, and @add whether to add to C. The bits are those of qrx_gemm_run(). */
void qrx_gemm_run_strips (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, const QrxGemmMatrix *a,
                          const QrxGemmMatrix *b, double factor, gboolean add, const QrxGemmMatrix *c, QrxPool *pool);

/* What takes a block of a product: rows from @row on and columns from @column on, @stride elements from row to row. */
typedef void (*QrxGemmConsumer) (gsize block, gsize row, gsize n_rows, gsize column, gsize n_columns,
                                 gconstpointer elements, gsize stride, gpointer data);

/* Computes A B block by block and hands each, while it is in the cache, to a consumer: the product itself is never
 * stored. Blocks depend on the shape alone; they come in any order and from several threads. */
void qrx_gemm_stream (const QrxGemmKernel *kernel, gsize m, gsize n, gsize k, const QrxGemmMatrix *a,
                      const QrxGemmMatrix *b, QrxGemmConsumer consumer, gpointer data, QrxPool *pool);
gsize qrx_gemm_count_blocks (gsize m, gsize n);
