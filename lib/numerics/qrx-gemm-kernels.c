/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The innermost loops of the matrix product, for each element type and processor level. Knows nothing of
 * blocking.
 *
 * Every element of a tile is summed in its own lane, term after term in the order of depth. So its bits
 * depend on its row of A and its column of B alone: not on its place in the tile, its neighbours, or the
 * tile's size. */
#include "numerics/qrx-gemm-private.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX 1
#else
#define HAS_AVX 0
#endif

typedef float Floats __attribute__ ((vector_size (16), aligned (4), may_alias));
typedef double Doubles __attribute__ ((vector_size (16), aligned (8), may_alias));

#define TILE tile_f32_baseline
#define STRIP strip_f32_baseline
#define SUM sum_f32_baseline
#define COPY copy_f32_baseline
#define TARGET
#define ELEMENT float
#define VECTOR Floats
#define N_ROWS 6
#define ZERO() ((Floats){ 0 })
#define LOAD(p) (*(const Floats *) (p))
#define STORE(p, v) (*(Floats *) (p) = (v))
#define BROADCAST(x) ((Floats){ (x), (x), (x), (x) })
#define ADD(a, b) ((a) + (b))
#define MULTIPLY_ADD(a, b, sum) ((a) * (b) + (sum))
#include "numerics/qrx-gemm-kernel.h"

#define TILE tile_f64_baseline
#define STRIP strip_f64_baseline
#define SUM sum_f64_baseline
#define COPY copy_f64_baseline
#define TARGET
#define ELEMENT double
#define VECTOR Doubles
#define N_ROWS 6
#define ZERO() ((Doubles){ 0 })
#define LOAD(p) (*(const Doubles *) (p))
#define STORE(p, v) (*(Doubles *) (p) = (v))
#define BROADCAST(x) ((Doubles){ (x), (x) })
#define ADD(a, b) ((a) + (b))
#define MULTIPLY_ADD(a, b, sum) ((a) * (b) + (sum))
#include "numerics/qrx-gemm-kernel.h"

#if HAS_AVX
#define TILE tile_f32_avx2
#define STRIP strip_f32_avx2
#define SUM sum_f32_avx2
#define COPY copy_f32_avx2
#define TARGET __attribute__ ((target ("avx2,fma")))
#define ELEMENT float
#define VECTOR __m256
#define N_ROWS 6
#define ZERO() _mm256_setzero_ps ()
#define LOAD(p) _mm256_loadu_ps (p)
#define STORE(p, v) _mm256_storeu_ps ((p), (v))
#define BROADCAST(x) _mm256_set1_ps (x)
#define ADD(a, b) _mm256_add_ps ((a), (b))
#define MULTIPLY_ADD(a, b, sum) _mm256_fmadd_ps ((a), (b), (sum))
#include "numerics/qrx-gemm-kernel.h"

#define TILE tile_f64_avx2
#define STRIP strip_f64_avx2
#define SUM sum_f64_avx2
#define COPY copy_f64_avx2
#define TARGET __attribute__ ((target ("avx2,fma")))
#define ELEMENT double
#define VECTOR __m256d
#define N_ROWS 6
#define ZERO() _mm256_setzero_pd ()
#define LOAD(p) _mm256_loadu_pd (p)
#define STORE(p, v) _mm256_storeu_pd ((p), (v))
#define BROADCAST(x) _mm256_set1_pd (x)
#define ADD(a, b) _mm256_add_pd ((a), (b))
#define MULTIPLY_ADD(a, b, sum) _mm256_fmadd_pd ((a), (b), (sum))
#include "numerics/qrx-gemm-kernel.h"

#define TILE tile_f32_avx512
#define STRIP strip_f32_avx512
#define SUM sum_f32_avx512
#define COPY copy_f32_avx512
#define TARGET __attribute__ ((target ("avx512f")))
#define ELEMENT float
#define VECTOR __m512
#define N_ROWS 12
#define ZERO() _mm512_setzero_ps ()
#define LOAD(p) _mm512_loadu_ps (p)
#define STORE(p, v) _mm512_storeu_ps ((p), (v))
#define BROADCAST(x) _mm512_set1_ps (x)
#define ADD(a, b) _mm512_add_ps ((a), (b))
#define MULTIPLY_ADD(a, b, sum) _mm512_fmadd_ps ((a), (b), (sum))
#include "numerics/qrx-gemm-kernel.h"

#define TILE tile_f64_avx512
#define STRIP strip_f64_avx512
#define SUM sum_f64_avx512
#define COPY copy_f64_avx512
#define TARGET __attribute__ ((target ("avx512f")))
#define ELEMENT double
#define VECTOR __m512d
#define N_ROWS 12
#define ZERO() _mm512_setzero_pd ()
#define LOAD(p) _mm512_loadu_pd (p)
#define STORE(p, v) _mm512_storeu_pd ((p), (v))
#define BROADCAST(x) _mm512_set1_pd (x)
#define ADD(a, b) _mm512_add_pd ((a), (b))
#define MULTIPLY_ADD(a, b, sum) _mm512_fmadd_pd ((a), (b), (sum))
#include "numerics/qrx-gemm-kernel.h"
#endif

/* Four lanes by four depths at a time through registers, where depths are adjacent; single elements else. */
static void
interleave_f32 (float *to, const float *from, gsize lane_stride, gsize depth_stride, gsize n_lanes, gsize width,
                gsize depth)
{
  typedef int Indices __attribute__ ((vector_size (16)));
  const Indices low = { 0, 4, 1, 5 }, high = { 2, 6, 3, 7 }, first = { 0, 1, 4, 5 }, last = { 2, 3, 6, 7 };
  gsize whole_lanes = depth_stride == 1 ? n_lanes / 4 * 4 : 0, whole_depth = depth / 4 * 4;

  for (gsize i = 0; i < whole_lanes; i += 4)
    for (gsize p = 0; p < whole_depth; p += 4)
      {
        const float *source = from + i * lane_stride + p;
        float *target = to + p * width + i;
        Floats a = *(const Floats *) source, b = *(const Floats *) (source + lane_stride);
        Floats c = *(const Floats *) (source + 2 * lane_stride), d = *(const Floats *) (source + 3 * lane_stride);
        Floats ab = __builtin_shuffle (a, b, low), cd = __builtin_shuffle (c, d, low);
        Floats ab2 = __builtin_shuffle (a, b, high), cd2 = __builtin_shuffle (c, d, high);

        *(Floats *) target = __builtin_shuffle (ab, cd, first);
        *(Floats *) (target + width) = __builtin_shuffle (ab, cd, last);
        *(Floats *) (target + 2 * width) = __builtin_shuffle (ab2, cd2, first);
        *(Floats *) (target + 3 * width) = __builtin_shuffle (ab2, cd2, last);
      }
  for (gsize i = 0; i < n_lanes; i++)
    for (gsize p = i < whole_lanes ? whole_depth : 0; p < depth; p++)
      to[p * width + i] = from[i * lane_stride + p * depth_stride];
}

static void
interleave_f64 (double *to, const double *from, gsize lane_stride, gsize depth_stride, gsize n_lanes, gsize width,
                gsize depth)
{
  typedef long Indices __attribute__ ((vector_size (16)));
  const Indices low = { 0, 2 }, high = { 1, 3 };
  gsize whole_lanes = depth_stride == 1 ? n_lanes / 2 * 2 : 0, whole_depth = depth / 2 * 2;

  for (gsize i = 0; i < whole_lanes; i += 2)
    for (gsize p = 0; p < whole_depth; p += 2)
      {
        const double *source = from + i * lane_stride + p;
        double *target = to + p * width + i;
        Doubles a = *(const Doubles *) source, b = *(const Doubles *) (source + lane_stride);

        *(Doubles *) target = __builtin_shuffle (a, b, low);
        *(Doubles *) (target + width) = __builtin_shuffle (a, b, high);
      }
  for (gsize i = 0; i < n_lanes; i++)
    for (gsize p = i < whole_lanes ? whole_depth : 0; p < depth; p++)
      to[p * width + i] = from[i * lane_stride + p * depth_stride];
}

#define ELEMENT float
#define NAME(x) x##_f32
#include "numerics/qrx-gemm-panel.h"
#define ELEMENT double
#define NAME(x) x##_f64
#include "numerics/qrx-gemm-panel.h"

static const QrxGemmKernel kernels[][2] = {
  [QRX_GEMM_BASELINE] = {
    [QRX_DTYPE_F32] = { 4, 6, 8, pack_f32, copy_f32_baseline, tile_f32_baseline, strip_f32_baseline,
                        merge_f32, scale_f32 },
    [QRX_DTYPE_F64] = { 8, 6, 4, pack_f64, copy_f64_baseline, tile_f64_baseline, strip_f64_baseline,
                        merge_f64, scale_f64 },
  },
#if HAS_AVX
  [QRX_GEMM_AVX2] = {
    [QRX_DTYPE_F32] = { 4, 6, 16, pack_f32, copy_f32_avx2, tile_f32_avx2, strip_f32_avx2,
                        merge_f32, scale_f32 },
    [QRX_DTYPE_F64] = { 8, 6, 8, pack_f64, copy_f64_avx2, tile_f64_avx2, strip_f64_avx2,
                        merge_f64, scale_f64 },
  },
  [QRX_GEMM_AVX512] = {
    [QRX_DTYPE_F32] = { 4, 12, 32, pack_f32, copy_f32_avx512, tile_f32_avx512, strip_f32_avx512,
                        merge_f32, scale_f32 },
    [QRX_DTYPE_F64] = { 8, 12, 16, pack_f64, copy_f64_avx512, tile_f64_avx512, strip_f64_avx512,
                        merge_f64, scale_f64 },
  },
#endif
};

gboolean
qrx_gemm_has_level (QrxGemmLevel level)
{
  switch (level)
    {
    case QRX_GEMM_BASELINE:
      return TRUE;
#if HAS_AVX
    case QRX_GEMM_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case QRX_GEMM_AVX512:
      return __builtin_cpu_supports ("avx512f") && qrx_gemm_has_level (QRX_GEMM_AVX2);
#else
    case QRX_GEMM_AVX2:
    case QRX_GEMM_AVX512:
#endif
    default:
      return FALSE;
    }
}

QrxGemmLevel
qrx_gemm_get_best_level (void)
{
  QrxGemmLevel level = QRX_GEMM_AVX512;

  while (!qrx_gemm_has_level (level))
    level--;
  return level;
}

const QrxGemmKernel *
qrx_gemm_get_kernel (QrxDtype dtype, QrxGemmLevel level)
{
  return &kernels[level][dtype];
}
