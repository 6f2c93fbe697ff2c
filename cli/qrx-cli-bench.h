/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the workloads of `qrx bench` share: how long they run, and the clock. */
#pragma once

#include <qrx/qrx.h>

#define QRX_BENCH_SECONDS 3.0
#define QRX_BENCH_MOST_RUNS 5000

/* Microseconds of a clock that only runs forward. */
double qrx_bench_now (void);
/* Ascending. */
void qrx_bench_sort (double *times, guint n);

/* How the workload `train` is laid out. */
typedef struct {
  guint n_genes, n_qubits, batch, n_layers, n_threads;
  QrxDtype dtype;
  gboolean as_json;
} QrxBenchTrain;

gboolean qrx_cli_bench_train (const QrxBenchTrain *settings, GError **error);
