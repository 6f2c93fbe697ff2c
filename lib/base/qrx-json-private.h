/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strict JSON with positions; its printer is public. The tree is json-glib's; its parser is not used, because it accepts
 * repeated keys and infinite numbers, wraps large integers, and dies of deep nesting. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-json.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-suggest.h>

G_BEGIN_DECLS

#define QRX_JSON_MAX_DEPTH 64

/* Both count from 1; columns count characters. */
typedef struct {
  guint line;
  guint column;
} QrxPosition;

/* Where a value begins, and its key if it is an object's member (else the value again). */
typedef struct {
  JsonNode *node;
  QrxPosition value;
  QrxPosition key;
} QrxJsonMark;

/* Strict RFC 8259. name stands in messages and may be NULL; marks, if given, receives a QrxJsonMark for every value.
 * Fails with QRX_PIPELINE_ERROR_SYNTAX, "name:line:column: what was found, what was expected". */
JsonNode *qrx_json_scan (const char *text, gsize length, const char *name, GArray *marks, GError **error);

/* A parsed text. The tree must not be changed. Locating sorts the marks once, so it is not for several threads. */
typedef struct _QrxJsonDocument QrxJsonDocument;

QrxJsonDocument *qrx_json_document_parse (const char *text, gsize length, const char *name, GError **error);
/* Fails also as qrx_input_read() does: with QRX_DATA_ERROR_NOT_FOUND, … */
QrxJsonDocument *qrx_json_document_load (const char *path, GError **error);
void qrx_json_document_free (QrxJsonDocument *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxJsonDocument, qrx_json_document_free)

JsonNode *qrx_json_document_get_root (QrxJsonDocument *self);
const char *qrx_json_document_get_name (QrxJsonDocument *self); /* nullable */
/* The value that an RFC 6901 pointer names ("" is the root), or NULL. */
JsonNode *qrx_json_document_find (QrxJsonDocument *self, const char *pointer);
/* FALSE where the pointer names nothing; out is then the nearest enclosing value's position. */
gboolean qrx_json_document_locate (QrxJsonDocument *self, const char *pointer, gboolean key, QrxPosition *out);
/* FALSE where the node is not of this document. */
gboolean qrx_json_document_locate_node (QrxJsonDocument *self, JsonNode *node, gboolean key, QrxPosition *out);
/* Sets error to "name:line:column: message", at the value or the key of pointer. */
void qrx_json_document_set_error (QrxJsonDocument *self, const char *pointer, gboolean key, GQuark domain, int code,
                                  GError **error, const char *format, ...) G_GNUC_PRINTF (7, 8);
/* Fails with QRX_PIPELINE_ERROR_UNKNOWN at the first member of the object at pointer that is not in allowed, and with
 * QRX_PIPELINE_ERROR_VALUE where there is no object. */
gboolean qrx_json_check_members (QrxJsonDocument *self, const char *pointer, const char *const *allowed, GError **error);

char *qrx_json_pointer_append (const char *pointer, const char *token);

/* What a value is, for messages: "a number", "an object", … */
const char *qrx_json_describe (JsonNode *node);

G_END_DECLS
