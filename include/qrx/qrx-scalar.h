/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number that a fit may learn: how a pipeline file's `"a": 20` or `"a": {"value": 20, "train": "yes"}` arrives. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/**
 * QrxScalarTrain:
 * @QRX_SCALAR_FIXED: "no": stays as it is
 * @QRX_SCALAR_SHARED: "yes": one number, learned
 * @QRX_SCALAR_PER_QUBIT: "per-qubit": one number for each column, learned
 *
 * Whether a scalar is learned.
 */
typedef enum {
  QRX_SCALAR_FIXED,
  QRX_SCALAR_SHARED,
  QRX_SCALAR_PER_QUBIT,
} QrxScalarTrain;

/**
 * QrxParameterization:
 * @QRX_PARAMETERIZATION_DIRECT: "direct": the number itself is learned
 * @QRX_PARAMETERIZATION_SOFTPLUS: "softplus": log(1 + exp(raw)), so that it stays positive
 *
 * What of a scalar the optimizer sees.
 */
typedef enum {
  QRX_PARAMETERIZATION_DIRECT,
  QRX_PARAMETERIZATION_SOFTPLUS,
} QrxParameterization;

typedef struct _QrxScalar QrxScalar;
#define QRX_TYPE_SCALAR (qrx_scalar_get_type ())
QRX_API GType qrx_scalar_get_type (void);

QRX_API QrxScalar *qrx_scalar_new (double value, QrxScalarTrain train, double rate, QrxParameterization parameterization);
QRX_API QrxScalar *qrx_scalar_copy (const QrxScalar *self);
QRX_API void qrx_scalar_free (QrxScalar *self);
QRX_API double qrx_scalar_get_value (const QrxScalar *self);
QRX_API QrxScalarTrain qrx_scalar_get_train (const QrxScalar *self);
QRX_API double qrx_scalar_get_rate (const QrxScalar *self);
QRX_API QrxParameterization qrx_scalar_get_parameterization (const QrxScalar *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxScalar, qrx_scalar_free)

G_END_DECLS
