/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the store share. No other file knows SQL. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-store.h>
#include <sqlite3.h>

#include "study/qrx-study-plan-private.h"
#include "study/qrx-result-private.h"

G_BEGIN_DECLS

struct _QrxStore {
  GObject parent_instance;
  char *path;
  sqlite3 *database;
  GMutex mutex; /* one transaction at a time, whatever the thread */
};

extern const char qrx_store_schema[];
/* Tables that stores of earlier versions lack; makes those that are not there. */
extern const char qrx_store_additions[];

/* Trials that comparisons compare: of a nested study the final ones; where budgets grow, those with the largest. */
#define QRX_STORE_COMPARED                                                                                             \
  "FROM trial LEFT JOIN arm ON arm.position = coalesce ((SELECT position FROM arm WHERE name = trial.arm), 0) "        \
  "WHERE state = 'done' AND (stage = 'final' OR NOT (SELECT nested FROM study)) "                                      \
  "AND (budget IS NULL OR budget = (SELECT max (budget) FROM trial))"


typedef sqlite3_stmt QrxStatement;
void qrx_statement_free (QrxStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxStatement, qrx_statement_free)

/* What the database says is wrong, after the store's path. */
void qrx_store_set_error (QrxStore *self, GError **error);
gboolean qrx_store_execute (QrxStore *self, const char *sql, GError **error);
/* Binds by letter: i gint64, r double (NaN is NULL), s text (NULL is NULL), b GBytes. */
QrxStatement *qrx_store_prepare (QrxStore *self, GError **error, const char *sql, const char *types, ...);
/* 1 where there is a row, 0 where there is none (any more), −1 after an error. */
int qrx_store_step (QrxStore *self, QrxStatement *statement, GError **error);
gboolean qrx_store_run (QrxStore *self, GError **error, const char *sql, const char *types, ...);
/* The mutex is held from here to the end. */
gboolean qrx_store_begin (QrxStore *self, GError **error);
/* Commits, or takes back where @success is FALSE; returns whether all went well. */
gboolean qrx_store_end (QrxStore *self, gboolean success, GError **error);

const char *qrx_statement_text (QrxStatement *self, int column); /* never NULL */

/* The trials that are in the store already stay as they are. */
gboolean qrx_store_add_trials (QrxStore *self, GPtrArray *trials, GError **error);
/* Takes the first waiting trial, or trial @wanted if it is not −1, for this process. @id becomes −1 where
 * there is none. */
gboolean qrx_store_claim (QrxStore *self, gint64 wanted, gint64 *id, GError **error);
/* Trials of processes that are gone wait again. */
gboolean qrx_store_release_dead (QrxStore *self, GError **error);
/* Those that this process still holds wait again. */
gboolean qrx_store_release_own (QrxStore *self, GError **error);
/* A sign of life for what this process runs. */
gboolean qrx_store_heartbeat (QrxStore *self, GError **error);
/* Failed ones wait again. */
gboolean qrx_store_retry (QrxStore *self, GError **error);
gboolean qrx_store_finish (QrxStore *self, gint64 id, const QrxResult *result, GError **error);
gboolean qrx_store_fail (QrxStore *self, gint64 id, const char *reason, GError **error);
/* The objectives of the trials that ended, by id; NaN where a trial failed. */
typedef void (*QrxOutcomeFunc) (gint64 id, double objective, gpointer data);
gboolean qrx_store_foreach_ended (QrxStore *self, QrxOutcomeFunc each, gpointer data, GError **error);
/* Ids of the trials that nobody has begun. */
gboolean qrx_store_list_waiting (QrxStore *self, GArray *ids, GError **error);
/* This process's name in claims: host, process id and its start. */
char *qrx_claim_dup_own (void);
gboolean qrx_claim_is_dead (const char *claim, gint64 heartbeat);

G_END_DECLS
