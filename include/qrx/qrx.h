/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything public, in the order of the floors. */
#pragma once

#include <qrx/qrx-macros.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-suggest.h>
#include <qrx/qrx-input.h>
#include <qrx/qrx-output.h>
#include <qrx/qrx-expression.h>
#include <qrx/qrx-value.h>
#include <qrx/qrx-tensor.h>
#include <qrx/qrx-safetensors.h>
#include <qrx/qrx-delimited.h>
#include <qrx/qrx-index.h>
#include <qrx/qrx-block.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-table.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-bundle.h>
#include <qrx/qrx-pool.h>
#include <qrx/qrx-context.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-linalg.h>
#include <qrx/qrx-distribution.h>
#include <qrx/qrx-statistics.h>
#include <qrx/qrx-kernels.h>
#include <qrx/qrx-angle.h>
#include <qrx/qrx-circuit.h>
#include <qrx/qrx-layout.h>
#include <qrx/qrx-program.h>
#include <qrx/qrx-backend.h>
#include <qrx/qrx-reference-backend.h>
#include <qrx/qrx-port.h>
#include <qrx/qrx-scalar.h>
