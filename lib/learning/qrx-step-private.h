/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The learning floor's view of a step. */
#pragma once

#include "learning/qrx-plan-private.h"

#include <qrx/qrx-step.h>
#include <qrx/qrx-update.h>

struct _QrxStep {
  GObject parent_instance;
  QrxMode mode;
  gsize n_rows;
  QrxPlan *plan;
  guint n_inputs;
  QrxTensor **inputs;
  QrxTensor **input_gradients; /* made when first asked for, or shared with the producer's output gradient */
  gboolean *needs_input_gradient;
  QrxTensor *output;
  QrxTensor *output_gradient; /* made when first asked for */
  GPtrArray *parameters;      /* effective values, in the plan's order; the model's */
  GPtrArray *gradients;       /* of the effective values; made when first asked for */
  QrxGradient *products;      /* of the effective values, where a layer gave factors instead: by parameter */
  GPtrArray *buffers;         /* the model's */
  GPtrArray *workspaces;
  QrxTensor *target;
  QrxRandom random;
  QrxPool *pool;
  GObject *kept;
};

/* @parameters and @buffers are the model's tensors in the plan's order; @inputs the producers' outputs. */
QrxStep *qrx_step_new (QrxPlan *plan, QrxMode mode, gsize n_rows, QrxTensor *const *inputs, GPtrArray *parameters,
                       GPtrArray *buffers, QrxPool *pool);
/* Fresh tensors for what a plan declares: effective starting values, and buffers. */
GPtrArray *qrx_plan_create_raw (QrxPlan *plan, guint64 seed, const char *layer);
GPtrArray *qrx_plan_create_effective (QrxPlan *plan, GPtrArray *raw);
GPtrArray *qrx_plan_create_buffers (QrxPlan *plan);
/* The gradient of a parameter, as its layer gave it. */
QrxGradient qrx_step_peek_gradient (QrxStep *self, guint parameter);
