/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The quarks of the error domains. */
#include <qrx/qrx-error.h>

G_DEFINE_QUARK (qrx-pipeline-error-quark, qrx_pipeline_error)
G_DEFINE_QUARK (qrx-data-error-quark, qrx_data_error)
G_DEFINE_QUARK (qrx-run-error-quark, qrx_run_error)
