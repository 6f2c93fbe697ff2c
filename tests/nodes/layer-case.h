/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer on its own for a test: made by name, its step filled from JSON. Links the shared library, as plugins do. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-layer.h>
#include <qrx/qrx-registry.h>

G_BEGIN_DECLS

typedef struct {
  QrxLayer *layer;
  QrxStep *step;
} LayerCase;

/* All plugins of the build. Aborts the test if there are none. */
QrxRegistry *layer_case_load_registry (void);
/* The class of a type, NULL if it is no layer. Unref'ing is the caller's. */
QrxNodeClass *layer_case_ref_class (QrxRegistry *registry, const char *name);

/* A layer of a type or preset; @properties is a JSON object's text. */
QrxLayer *layer_case_create (QrxRegistry *registry, const char *type, const char *properties);
/* A step for it; takes over @layer. @inputs is a list of matrices of the same number of rows. */
LayerCase *layer_case_new (QrxLayer *layer, GPtrArray *inputs, gsize output_width, QrxMode mode, QrxDtype dtype);
void layer_case_free (LayerCase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayerCase, layer_case_free)

void layer_case_forward (LayerCase *self);
void layer_case_backward (LayerCase *self);

/* A JSON array of arrays (or of numbers: one column) as a float64 matrix. */
QrxTensor *layer_case_read_matrix (JsonNode *node);
/* The inputs of an example: member "inputs", or "input". */
GPtrArray *layer_case_read_inputs (JsonObject *example);
JsonObject *layer_case_parse (const char *text);

G_END_DECLS
