/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counter-based streams of random numbers, each keyed by what it is for; there is no global generator. */
#pragma once

#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/**
 * QrxRandom:
 *
 * A stream of random numbers that depends on its key alone: seed, node, purpose and step.
 *
 * In C it may live on the stack: qrx_random_init() sets it up and nothing needs to be freed.
 */
typedef struct {
  /*< private >*/
  guint32 key[2];
  guint32 counter[4];
  guint32 words[4];
  guint32 n_used;
  gboolean has_spare;
  double spare;
} QrxRandom;

#define QRX_TYPE_RANDOM (qrx_random_get_type ())
QRX_API GType qrx_random_get_type (void) G_GNUC_CONST;

QRX_API QrxRandom *qrx_random_new (guint64 seed, const char *node, const char *purpose, guint64 step);
QRX_API void qrx_random_init (QrxRandom *self, guint64 seed, const char *node, const char *purpose, guint64 step);
QRX_API QrxRandom *qrx_random_copy (const QrxRandom *self);
QRX_API void qrx_random_free (QrxRandom *self);

QRX_API guint64 qrx_random_next_u64 (QrxRandom *self);
QRX_API double qrx_random_uniform (QrxRandom *self);
QRX_API double qrx_random_normal (QrxRandom *self);
QRX_API guint64 qrx_random_below (QrxRandom *self, guint64 n);
QRX_API void qrx_random_shuffle (QrxRandom *self, gsize *items, gsize n);
QRX_API void qrx_random_permutation (QrxRandom *self, gsize *items, gsize n);
QRX_API void qrx_random_fill_uniform (QrxRandom *self, QrxTensor *tensor, double low, double high);
QRX_API void qrx_random_fill_normal (QrxRandom *self, QrxTensor *tensor, double mean, double sd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxRandom, qrx_random_free)

G_END_DECLS
