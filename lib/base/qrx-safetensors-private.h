/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of QrxSafetensors share. */
#pragma once

#include "base/qrx-json-private.h"

#include <qrx/qrx-safetensors.h>

G_BEGIN_DECLS

#define QRX_SAFETENSORS_METADATA "__metadata__"

/* Tensors are little-endian in the file and used where they lie. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

typedef struct {
  const char *name;  /* owned by the header */
  const char *dtype; /* owned by the header */
  gsize dims[QRX_TENSOR_MAX_RANK];
  guint rank;
  gsize begin, end;
} QrxSafetensorsEntry;

struct _QrxSafetensors {
  char *file;
  GBytes *bytes;
  gsize data;        /* where tensors begin */
  JsonNode *header;
  JsonObject *metadata; /* nullable; owned by the header */
  GArray *entries;
  GPtrArray *names;
  GPtrArray *metadata_keys;
  GHashTable *by_name; /* name → index + 1 */
};

/* Fills everything behind bytes; every tensor's bytes are there, and nobody else's. */
gboolean qrx_safetensors_read_header (QrxSafetensors *self, GError **error);
/* Sets QRX_DATA_ERROR_FORMAT, beginning with the file; returns FALSE. */
gboolean qrx_safetensors_fail (QrxSafetensors *self, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
