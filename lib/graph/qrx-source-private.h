/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What arrives at a port: its type, whether that fits the port, and how both are written for people. */
#pragma once

#include <qrx/qrx-port.h>

#include "graph/qrx-unify-private.h"

G_BEGIN_DECLS

#define QRX_SOURCE_MAX_RANK 8

/* A kind with a quantity (NULL: none, or not known yet) and sizes. Symbols may be NULL where an axis has no name.
 * All texts are borrowed. */
typedef struct {
  const char *node; /* NULL: a value of unknown origin */
  const char *port;
  const char *kind;
  const char *quantity;
  guint rank;
  const char *symbols[QRX_SOURCE_MAX_RANK];
  guint sizes[QRX_SOURCE_MAX_RANK];
} QrxSource;

typedef enum {
  QRX_FIT_OK,
  QRX_FIT_KIND,
  QRX_FIT_QUANTITY,
  QRX_FIT_SPLIT, /* the table has no roles yet */
} QrxFit;

/* Whether what arrives suits a port of this kind and quantity; sizes apart. */
QrxFit qrx_source_fit (const QrxSource *source, const char *kind, const char *quantity);
/* What a port that wants a quantity sees: a split table is features to a port that takes flows, or one of its annotations. */
const char *qrx_source_get_quantity_for (const QrxSource *source, const char *kind, const char *wanted);
/* "flow:angle[B, 8]" */
char *qrx_source_to_text (const QrxSource *source, QrxUnify *sizes);
/* The same, with another size for one axis. */
char *qrx_source_to_text_with (const QrxSource *source, QrxUnify *sizes, guint axis, gint64 size);
/* "encode.out carries flow:activation[B, 8]; quantum.in takes flow:angle[B, Q]" */
char *qrx_source_contrast (const QrxSource *source, const char *source_text, const char *node, const char *port,
                           const char *taken);
/* ": put a … between", or "" */
const char *qrx_source_get_hint (const QrxSource *source, QrxFit fit, const char *quantity);

G_END_DECLS
