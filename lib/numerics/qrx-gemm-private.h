/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The matrix product beneath qrx_linalg_multiply(): what its driver and its kernels agree on. */
#pragma once

#include <qrx/qrx-pool.h>
#include <qrx/qrx-tensor.h>

/* What the processor is asked to know. From AVX2 on, multiplications are fused with additions; AVX2 and
 * AVX-512 give the same bits. */
typedef enum
{
  QRX_GEMM_BASELINE,
  QRX_GEMM_AVX2,
  QRX_GEMM_AVX512,
} QrxGemmLevel;

/* A matrix as the product sees it: element (i, j) is data[i * row_stride + j * column_stride]. */
typedef struct
{
  gpointer data;
  gsize row_stride;
  gsize column_stride;
} QrxGemmMatrix;

/* One element type on one level. A tile of C is the product of a panel of `n_rows` lanes of A, each element
 * of which is broadcast, and a panel of `n_columns` lanes of B, which are vectors. In a panel the lanes of
 * one depth lie side by side. */
typedef struct
{
  gsize element_size;
  gsize n_rows;
  gsize n_columns;
  /* Packs `n_lanes` lanes into a panel `width` wide, times `factor`; lanes that are missing become zero. */
  void (*pack) (gpointer panel,
                gconstpointer from,
                gsize lane_stride,
                gsize depth_stride,
                gsize n_lanes,
                gsize width,
                gsize depth,
                double factor);
  /* Copies lanes of a whole panel of B that lie side by side already. */
  void (*copy) (gsize depth, gconstpointer from, gsize from_stride, gpointer to, gsize to_stride);
  /* Writes a whole tile with adjacent columns, or adds to it. */
  void (*tile) (
      gsize depth, gconstpointer rows, gconstpointer columns, gpointer c, gsize c_stride, gboolean add);
  /* Writes or adds part of a tile that was computed aside. */
  void (*merge) (const QrxGemmMatrix *c,
                 gconstpointer tile,
                 gsize tile_stride,
                 gsize n_rows,
                 gsize n_columns,
                 gboolean add);
  void (*scale) (gpointer elements, gsize n, double factor);
} QrxGemmKernel;

#define QRX_GEMM_MAX_TILE_BYTES (12 * 128)

gboolean
qrx_gemm_has_level (QrxGemmLevel level);
QrxGemmLevel
qrx_gemm_get_best_level (void);
const QrxGemmKernel *
qrx_gemm_get_kernel (QrxDtype dtype, QrxGemmLevel level);

/* C = alpha A B + beta C, for C of m rows and n columns and a sum over k terms. */
void
qrx_gemm_run (const QrxGemmKernel *kernel,
              gsize m,
              gsize n,
              gsize k,
              double alpha,
              const QrxGemmMatrix *a,
              const QrxGemmMatrix *b,
              double beta,
              const QrxGemmMatrix *c,
              QrxPool *pool);
