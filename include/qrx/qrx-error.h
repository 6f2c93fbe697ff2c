/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error domains, few and by concern. Cancellation is G_IO_ERROR_CANCELLED. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/**
 * QrxPipelineError:
 * @QRX_PIPELINE_ERROR_SYNTAX: the text is not strict JSON, or not UTF-8
 * @QRX_PIPELINE_ERROR_UNKNOWN: an unknown node type, property, port or node id
 * @QRX_PIPELINE_ERROR_VALUE: a property value of the wrong type or out of range
 * @QRX_PIPELINE_ERROR_LINK: ports that do not fit: kind, quantity, shape, a missing or superfluous link
 * @QRX_PIPELINE_ERROR_CYCLE: the graph is not acyclic
 * @QRX_PIPELINE_ERROR_INVALID: several faults; see the diagnostics
 *
 * What is wrong with a pipeline before anything runs. `qrx` exits with status 2.
 */
typedef enum {
  QRX_PIPELINE_ERROR_SYNTAX,
  QRX_PIPELINE_ERROR_UNKNOWN,
  QRX_PIPELINE_ERROR_VALUE,
  QRX_PIPELINE_ERROR_LINK,
  QRX_PIPELINE_ERROR_CYCLE,
  QRX_PIPELINE_ERROR_INVALID,
} QrxPipelineError;

#define QRX_PIPELINE_ERROR (qrx_pipeline_error_quark ())
QRX_API GQuark qrx_pipeline_error_quark (void);

/**
 * QrxDataError:
 * @QRX_DATA_ERROR_NOT_FOUND: a file that does not exist
 * @QRX_DATA_ERROR_FORMAT: a file whose bytes are not what its format demands
 * @QRX_DATA_ERROR_COLUMN: a column or block that is missing, repeated or of the wrong type
 * @QRX_DATA_ERROR_VALUE: a value that cannot be used: not a number, not finite, a constant target
 * @QRX_DATA_ERROR_EMPTY: no rows are left
 * @QRX_DATA_ERROR_SHAPE: shapes that do not agree
 * @QRX_DATA_ERROR_LEAKAGE: a score on rows that fitted or selected part of the model
 *
 * What is wrong with data or a model file. `qrx` exits with status 1.
 */
typedef enum {
  QRX_DATA_ERROR_NOT_FOUND,
  QRX_DATA_ERROR_FORMAT,
  QRX_DATA_ERROR_COLUMN,
  QRX_DATA_ERROR_VALUE,
  QRX_DATA_ERROR_EMPTY,
  QRX_DATA_ERROR_SHAPE,
  QRX_DATA_ERROR_LEAKAGE,
} QrxDataError;

#define QRX_DATA_ERROR (qrx_data_error_quark ())
QRX_API GQuark qrx_data_error_quark (void);

/**
 * QrxRunError:
 * @QRX_RUN_ERROR_FAILED: a node failed; a script's exception arrives as this
 * @QRX_RUN_ERROR_NOT_FINITE: a loss, gradient or prediction became infinite or NaN
 * @QRX_RUN_ERROR_OUTPUT: a node did not set an output, or set one of another kind than it declares
 * @QRX_RUN_ERROR_RESOURCES: memory or a library that the run needs is not there or is unsound
 *
 * What went wrong while a pipeline ran. `qrx` exits with status 1.
 */
typedef enum {
  QRX_RUN_ERROR_FAILED,
  QRX_RUN_ERROR_NOT_FINITE,
  QRX_RUN_ERROR_OUTPUT,
  QRX_RUN_ERROR_RESOURCES,
} QrxRunError;

#define QRX_RUN_ERROR (qrx_run_error_quark ())
QRX_API GQuark qrx_run_error_quark (void);

G_END_DECLS
