/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An annotation of rows as layers see it: a column of zeros and ones for each category that training had. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-table.h>
#include <qrx/qrx-tensor.h>

G_BEGIN_DECLS

/* Immutable, and shared by the flows and models that go by it. */
typedef struct {
  gatomicrefcount references;
  char *name;
  char **categories;
  guint n;
  gboolean known; /* every row must be of one of them */
} QrxAnnotation;

QrxAnnotation *qrx_annotation_new (const char *name, const char *const *categories, gboolean known);
QrxAnnotation *qrx_annotation_ref (QrxAnnotation *self);
void qrx_annotation_unref (QrxAnnotation *self);
gboolean qrx_annotation_equal (const QrxAnnotation *self, const QrxAnnotation *other);
/* The category of each row of a table, −1 for none; NULL with an error if the table lacks the annotation, or if a row is of none
 * where every row must be of one. */
int *qrx_annotation_encode (const QrxAnnotation *self, QrxTable *table, GError **error);
/* Fills (n_padded, categories) for rows that were encoded; the last is repeated. */
void qrx_annotation_expand (const QrxAnnotation *self, const int *codes, const guint *rows, gsize n, gsize n_padded,
                            QrxTensor *out);
/* What to warn of: rows of no category, and what becomes of them; NULL where there are none. */
char *qrx_annotation_describe_unseen (const QrxAnnotation *self, const int *codes, QrxTable *table, const char *consequence);

/* As model files have it; NULL where the JSON is no annotation. */
JsonNode *qrx_annotation_to_json (const QrxAnnotation *self);
QrxAnnotation *qrx_annotation_new_from_json (JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxAnnotation, qrx_annotation_unref)

G_END_DECLS
