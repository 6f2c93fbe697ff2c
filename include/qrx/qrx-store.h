/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of a study in an SQLite file, which several processes may write at once. */
#pragma once

#include <qrx/qrx-study.h>

G_BEGIN_DECLS

/**
 * QrxStoreError:
 * @QRX_STORE_ERROR_FAILED: SQLite could not do what was asked for
 * @QRX_STORE_ERROR_FORMAT: the file is no store, or one of another version
 * @QRX_STORE_ERROR_MISMATCH: the store is of another study
 * @QRX_STORE_ERROR_UNKNOWN: there is no such trial
 *
 * What is wrong with a store. `qrx` exits with status 1.
 */
typedef enum {
  QRX_STORE_ERROR_FAILED,
  QRX_STORE_ERROR_FORMAT,
  QRX_STORE_ERROR_MISMATCH,
  QRX_STORE_ERROR_UNKNOWN,
} QrxStoreError;

#define QRX_STORE_ERROR (qrx_store_error_quark ())
QRX_API GQuark qrx_store_error_quark (void);

#define QRX_TYPE_STORE (qrx_store_get_type ())
QRX_API
G_DECLARE_FINAL_TYPE (QrxStore, qrx_store, QRX, STORE, GObject)

QRX_API QrxStore *qrx_store_open (const char *path, GError **error);
/* Opens the store of a study, or makes it. */
QRX_API QrxStore *qrx_store_open_for_study (const char *path, QrxStudy *study, GError **error);
/* An empty one to merge others into, or the one that is there. */
QRX_API QrxStore *qrx_store_open_or_create (const char *path, GError **error);
/* Takes over the trials that another store of the same study knows more of; how many, or −1. */
QRX_API gint64 qrx_store_merge (QrxStore *self, QrxStore *other, GError **error);
QRX_API const char *qrx_store_get_path (QrxStore *self);

/* How many trials are in a state: "waiting", "running", "done", "failed". */
QRX_API gint64 qrx_store_count (QrxStore *self, const char *state);
/* For scripts and the program, as JSON: see docs/studies.md. */
QRX_API char *qrx_store_list_to_json (QrxStore *self, GError **error);
QRX_API char *qrx_store_show_to_json (QrxStore *self, gint64 trial, GError **error);
QRX_API char *qrx_store_best_to_json (QrxStore *self, GError **error);
/* Scores of all trials that are done, a line each, settings in columns. */
QRX_API char *qrx_store_to_csv (QrxStore *self, GError **error);
/* How alike the rankings of genes are over fits, those of the first @top genes (0: 20) among them. */
QRX_API char *qrx_store_stability_to_json (QrxStore *self, guint top, GError **error);

G_END_DECLS
