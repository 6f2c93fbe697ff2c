/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node that maps features: run() only composes a flow; the work is done when a model is fitted or predicts. */
#pragma once

#include <qrx/qrx-node.h>
#include <qrx/qrx-step.h>

G_BEGIN_DECLS

#define QRX_TYPE_LAYER (qrx_layer_get_type ())
QRX_API G_DECLARE_DERIVABLE_TYPE (QrxLayer, qrx_layer, QRX, LAYER, QrxNode)

/**
 * QrxLayerClass:
 * @prepare: declares parameters, buffers and workspace for the shapes it is shown
 * @start: optional: makes what one step needs (qrx_step_keep())
 * @fit: optional: learns buffers once from the training rows, given no others
 * @forward: inputs to output
 * @backward: output gradient to input and parameter gradients; the tensors of forward() are as it left them
 * @get_range: optional: fills @low and @high, (1, width), with the bounds of the output and returns %TRUE
 * @name_outputs: optional: names of the output columns from those of the input, where columns keep a meaning;
 *   %NULL where they do not, or where only fit() can tell and the step is %NULL, as it is while a model is built
 *
 * The class of layers. Ports: any number of flow inputs and one output "out"; other inputs are captured.
 * A layer object is immutable and may serve many models and threads at once.
 */
struct _QrxLayerClass {
  QrxNodeClass parent_class;
  gboolean (*prepare) (QrxLayer *self, QrxPlan *plan, GError **error);
  gboolean (*start) (QrxLayer *self, QrxStep *step, GError **error);
  gboolean (*fit) (QrxLayer *self, QrxStep *step, GError **error);
  gboolean (*forward) (QrxLayer *self, QrxStep *step, GError **error);
  gboolean (*backward) (QrxLayer *self, QrxStep *step, GError **error);
  gboolean (*get_range) (QrxLayer *self, QrxStep *step, QrxTensor *low, QrxTensor *high);
  char **(*name_outputs) (QrxLayer *self, QrxStep *step, const char *const *input_names);
  gpointer padding[6];
};

/* Checked calls: a failure carries the layer's id; FALSE without an error becomes one. */
QRX_API gboolean qrx_layer_prepare (QrxLayer *self, QrxPlan *plan, GError **error);
QRX_API gboolean qrx_layer_start (QrxLayer *self, QrxStep *step, GError **error);
QRX_API gboolean qrx_layer_fit (QrxLayer *self, QrxStep *step, GError **error);
QRX_API gboolean qrx_layer_forward (QrxLayer *self, QrxStep *step, GError **error);
QRX_API gboolean qrx_layer_backward (QrxLayer *self, QrxStep *step, GError **error);
QRX_API gboolean qrx_layer_get_range (QrxLayer *self, QrxStep *step, QrxTensor *low, QrxTensor *high);
QRX_API gboolean qrx_layer_has_fit (QrxLayer *self);

/* A layer on its own, outside any model, for tests and for those who write layers. */
QRX_API QrxStep *qrx_step_new_for_layer (QrxLayer *layer, QrxBundle *captured, gsize n_rows, QrxMode mode,
                                         const gsize *input_widths, guint n_inputs, gsize output_width, QrxDtype dtype,
                                         guint64 seed, GError **error);

G_END_DECLS
