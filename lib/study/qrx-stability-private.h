/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How alike the rankings of genes are that several fits of one model give. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define QRX_STABILITY_TOP 20 /* genes, unless another number is asked for */

typedef struct _QrxStability QrxStability;

QrxStability *qrx_stability_new (gsize n_genes, guint top);
void qrx_stability_free (QrxStability *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxStability, qrx_stability_free)
/* One fit: what it was tested on, its start, and what each gene ranks by. */
void qrx_stability_add (QrxStability *self, const char *resample, const char *replicate, const float *importance);
/* {"genes", "top", "rankings", "seeds", "folds", "leading"}; docs/explaining.md says what is in it. */
JsonObject *qrx_stability_write (QrxStability *self, const char *const *genes);

G_END_DECLS
