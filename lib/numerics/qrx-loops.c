/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elementwise loops, compiled for more than one processor level. Knows plain arrays.
 *
 * Nothing here is fused or reassociated, and the wide level is AVX2 without FMA: so every level, and the
 * vectors and the rest of every loop, give the same bits. The exponential is our own because the C library's
 * is a call for each number, and chooses its code, and with it the last bit, by the processor. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("O3", "fp-contract=off")
#endif

#include "numerics/qrx-loops-private.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define HAS_WIDE 1
#else
#define HAS_WIDE 0
#endif

/* 2ᵏ (1 + q) = eˣ for x ≤ 0. */
typedef struct
{
  double power; /* 2ᵏ */
  double q;     /* eʳ - 1, for what is left of x, at most ln(2)/2 in magnitude */
} Exponential;

static inline __attribute__ ((always_inline)) Exponential
compute_exponential (double x)
{
  /* Adding and subtracting 1.5 2⁵² rounds to a whole number, which is then in the low bits. */
  const double shift = 0x1.8p52, log2_e = 0x1.71547652b82fep+0;
  const double ln2_high = 0x1.62e42fefa38p-1, ln2_low = 0x1.ef35793c7673p-45; /* k ln2_high is exact */
  double bounded = x < -708 ? -708 : x; /* e⁻⁷⁰⁸ is normal still */
  double shifted = bounded * log2_e + shift;
  double k = shifted - shift;
  double r = (bounded - k * ln2_high) - k * ln2_low;
  double p = 0x1.1f66df7fca49fp-29;
  Exponential result;
  guint64 bits;

  /* A Chebyshev fit of (eʳ - 1 - r - r²/2)/r³, computed at fifty digits: eʳ - 1 to 2.5e-18 relatively. */
  p = p * r + 0x1.af38a9b0ec855p-26;
  p = p * r + 0x1.27e4e1f48534fp-22;
  p = p * r + 0x1.71de0dae63bb3p-19;
  p = p * r + 0x1.a01a01a47b054p-16;
  p = p * r + 0x1.a01a01a7c41d5p-13;
  p = p * r + 0x1.6c16c16c167e1p-10;
  p = p * r + 0x1.11111111109b3p-7;
  p = p * r + 0x1.5555555555555p-5;
  p = p * r + 0x1.5555555555556p-3;
  result.q = r + r * r * (0.5 + r * p);

  memcpy (&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  memcpy (&result.power, &bits, sizeof bits);
  return result;
}

static inline __attribute__ ((always_inline)) double
compute_sigmoid (double x)
{
  Exponential e = compute_exponential (x < 0 ? x : -x);
  double small = e.power + e.power * e.q; /* e^-|x| */

  return (x < 0 ? small : 1) / (1 + small);
}

/* s + s x (1 - s), where 1 - s is not taken from the rounded s. */
static inline __attribute__ ((always_inline)) double
compute_silu_slope (double x)
{
  Exponential e = compute_exponential (x < 0 ? x : -x);
  double small = e.power + e.power * e.q;
  double s = (x < 0 ? small : 1) / (1 + small), rest = (x < 0 ? 1 : small) / (1 + small);

  return s * (1 + x * rest);
}

static inline __attribute__ ((always_inline)) double
compute_tanh (double x)
{
  Exponential e = compute_exponential (x < 0 ? 2 * x : -2 * x);
  double less_one = e.power * e.q + (e.power - 1); /* e^-2|x| - 1, with all its digits near zero */

  return copysign (less_one / (less_one + 2), x);
}

#define ELEMENT float
#define NAME(x) x##_f32
#define TARGET
#define ROOT(x) sqrtf (x)
#include "numerics/qrx-loops-body.h"

#define ELEMENT double
#define NAME(x) x##_f64
#define TARGET
#define ROOT(x) sqrt (x)
#include "numerics/qrx-loops-body.h"

#if HAS_WIDE
#define ELEMENT float
#define NAME(x) x##_f32_wide
#define TARGET __attribute__ ((target ("avx2")))
#define ROOT(x) sqrtf (x)
#include "numerics/qrx-loops-body.h"

#define ELEMENT double
#define NAME(x) x##_f64_wide
#define TARGET __attribute__ ((target ("avx2")))
#define ROOT(x) sqrt (x)
#include "numerics/qrx-loops-body.h"
#endif

gboolean
qrx_loops_has_wide (void)
{
#if HAS_WIDE
  return __builtin_cpu_supports ("avx2") != 0;
#else
  return FALSE;
#endif
}

const QrxLoops *
qrx_loops_get (QrxDtype dtype, gboolean wide)
{
#if HAS_WIDE
  if (wide)
    return dtype == QRX_DTYPE_F32 ? &loops_f32_wide : &loops_f64_wide;
#endif
  return dtype == QRX_DTYPE_F32 ? &loops_f32 : &loops_f64;
}
