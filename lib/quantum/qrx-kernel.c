/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which kernels this library was built with, and which of them the processor can run. */
#include <string.h>

#include "quantum/qrx-kernel-private.h"

extern const QrxKernel qrx_kernel_table_baseline_64, qrx_kernel_table_baseline_32;
#ifdef __x86_64__
extern const QrxKernel qrx_kernel_table_avx2_64, qrx_kernel_table_avx2_32;
extern const QrxKernel qrx_kernel_table_avx512_64, qrx_kernel_table_avx512_32;
#endif

static const QrxKernel *const kernels[] = { /* best first */
#ifdef __x86_64__
  &qrx_kernel_table_avx512_64, &qrx_kernel_table_avx512_32,
  &qrx_kernel_table_avx2_64, &qrx_kernel_table_avx2_32,
#endif
  &qrx_kernel_table_baseline_64, &qrx_kernel_table_baseline_32,
};

static gboolean
is_supported (const char *level)
{
#ifdef __x86_64__
  if (strcmp (level, "avx512") == 0)
    return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq") &&
           __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512bw") &&
           __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2");
  if (strcmp (level, "avx2") == 0)
    return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2");
#endif
  return strcmp (level, "baseline") == 0;
}

const char *const *
qrx_kernel_list_levels (void)
{
  static const char *levels[G_N_ELEMENTS (kernels) / 2 + 1];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      guint n = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (kernels); i += 2)
        if (is_supported (kernels[i]->level))
          levels[n++] = kernels[i]->level;
      g_once_init_leave (&ready, 1);
    }
  return levels;
}

const QrxKernel *
qrx_kernel_find (const char *level, QrxDtype dtype)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (kernels[i]->dtype == dtype && (level == NULL || strcmp (kernels[i]->level, level) == 0) &&
        is_supported (kernels[i]->level))
      return kernels[i];
  return NULL;
}
