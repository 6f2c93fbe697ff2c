/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The learning floor's view of a plan. */
#pragma once

#include "learning/qrx-parameter-private.h"

#include <qrx/qrx-bundle.h>
#include <qrx/qrx-plan.h>

/* A buffer or workspace; rows 0 = as many as the batch has. */
typedef struct {
  char *name;
  gsize rows, columns;
  double value;
} QrxStorage;

struct _QrxPlan {
  GObject parent_instance;
  QrxDtype dtype;
  guint n_inputs;
  gsize *input_widths;
  gsize output_width;
  char **input_names;   /* nullable */
  QrxBundle *captured;  /* nullable */
  GPtrArray *parameters; /* of QrxParameter */
  GArray *buffers;       /* of QrxStorage */
  GArray *workspaces;    /* of QrxStorage */
  gboolean batch_dependent;
  GObject *kept;
};

QrxPlan *qrx_plan_new (QrxDtype dtype, const gsize *input_widths, guint n_inputs, gsize output_width,
                       const char *const *input_names, QrxBundle *captured);
/* −1 where there is none. */
int qrx_plan_find_parameter (QrxPlan *self, const char *name);
int qrx_storage_find (GArray *storages, const char *name);
/* Whether there is memory for what was declared: for the model, with an optimizer's state, and for a step of so many rows. */
gboolean qrx_plan_check_model_memory (QrxPlan *self, GError **error);
gboolean qrx_plan_check_step_memory (QrxPlan *self, gsize n_rows, GError **error);
