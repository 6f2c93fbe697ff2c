/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From gradients to moved parameters. */
#pragma once

#include "learning/qrx-execution-private.h"

#include <qrx/qrx-fit.h>

typedef struct _QrxOptimizer QrxOptimizer;

/* NULL with an error where an option is unknown. */
QrxOptimizer *qrx_optimizer_new (QrxModel *model, const QrxFitOptions *options, QrxPool *pool, GError **error);
void qrx_optimizer_free (QrxOptimizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxOptimizer, qrx_optimizer_free)
/* Takes the gradients of a training execution after its backward pass; returns their norm over all learned numbers, before
 * clipping. Parameters then move, and effective values follow. */
double qrx_optimizer_step (QrxOptimizer *self, QrxExecution *execution, double learning_rate);

/* The learning rate of an epoch; plateau also looks at the validation losses so far. */
double qrx_schedule_get_rate (const QrxFitOptions *options, guint epoch, guint n_reductions);
gboolean qrx_schedule_is_known (const char *name);
