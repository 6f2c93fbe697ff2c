/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of named tensors, as https://github.com/huggingface/safetensors lays them out. For C only. */
#pragma once

#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/**
 * QrxSafetensors: (skip)
 *
 * The tensors of a file. It does not change, so several threads may read it at once.
 */
typedef struct _QrxSafetensors QrxSafetensors;

QRX_API QrxSafetensors *qrx_safetensors_read (const char *path, GError **error);
QRX_API QrxSafetensors *qrx_safetensors_new (GBytes *bytes, const char *name, GError **error);
QRX_API void qrx_safetensors_free (QrxSafetensors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxSafetensors, qrx_safetensors_free)

QRX_API const char *qrx_safetensors_get_name (QrxSafetensors *self);
QRX_API const char *const *qrx_safetensors_get_names (QrxSafetensors *self);
QRX_API gboolean qrx_safetensors_has (QrxSafetensors *self, const char *name);
QRX_API QrxTensor *qrx_safetensors_get (QrxSafetensors *self, const char *name, GError **error);
QRX_API QrxTensor *qrx_safetensors_get_shaped (QrxSafetensors *self, const char *name, const gsize *dims, guint rank,
                                               GError **error);
QRX_API const char *const *qrx_safetensors_get_metadata_keys (QrxSafetensors *self);
QRX_API const char *qrx_safetensors_get_metadata (QrxSafetensors *self, const char *key);

/**
 * QrxSafetensorsWriter: (skip)
 *
 * Collects tensors for a file. The same tensors and metadata give the same bytes.
 */
typedef struct _QrxSafetensorsWriter QrxSafetensorsWriter;

QRX_API QrxSafetensorsWriter *qrx_safetensors_writer_new (void);
QRX_API void qrx_safetensors_writer_free (QrxSafetensorsWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxSafetensorsWriter, qrx_safetensors_writer_free)

QRX_API void qrx_safetensors_writer_add (QrxSafetensorsWriter *self, const char *name, QrxTensor *tensor);
QRX_API void qrx_safetensors_writer_set_metadata (QrxSafetensorsWriter *self, const char *key, const char *value);
QRX_API gboolean qrx_safetensors_writer_write (QrxSafetensorsWriter *self, const char *path, GError **error);
QRX_API GBytes *qrx_safetensors_writer_to_bytes (QrxSafetensorsWriter *self);

G_END_DECLS
