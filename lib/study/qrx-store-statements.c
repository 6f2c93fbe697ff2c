/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said to a store's database: statements and transactions. */
#include "study/qrx-store-private.h"

void
qrx_store_set_error (QrxStore *self, GError **error)
{
  g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_FAILED, "%s: %s", self->path, sqlite3_errmsg (self->database));
}

void
qrx_statement_free (QrxStatement *self)
{
  sqlite3_finalize (self);
}

const char *
qrx_statement_text (QrxStatement *self, int column)
{
  const char *text = (const char *) sqlite3_column_text (self, column);

  return text != NULL ? text : "";
}

gboolean
qrx_store_execute (QrxStore *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->database, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  qrx_store_set_error (self, error);
  return FALSE;
}

static int
bind (QrxStatement *statement, const char *types, va_list args)
{
  int code = SQLITE_OK;

  for (int i = 1; *types != '\0' && code == SQLITE_OK; i++, types++)
    switch (*types)
      {
      case 'i':
        code = sqlite3_bind_int64 (statement, i, va_arg (args, gint64));
        break;
      case 'r':
        code = sqlite3_bind_double (statement, i, va_arg (args, double)); /* NaN becomes NULL */
        break;
      case 's':
        code = sqlite3_bind_text (statement, i, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
        break;
        default: {
          GBytes *bytes = va_arg (args, GBytes *);

          code = sqlite3_bind_blob64 (statement, i, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                      SQLITE_TRANSIENT);
        }
      }
  return code;
}

static QrxStatement *
prepare (QrxStore *self, GError **error, const char *sql, const char *types, va_list args)
{
  g_autoptr (QrxStatement) statement = NULL;

  if (sqlite3_prepare_v2 (self->database, sql, -1, &statement, NULL) == SQLITE_OK &&
      bind (statement, types, args) == SQLITE_OK)
    return g_steal_pointer (&statement);
  qrx_store_set_error (self, error);
  return NULL;
}

QrxStatement *
qrx_store_prepare (QrxStore *self, GError **error, const char *sql, const char *types, ...)
{
  QrxStatement *statement;
  va_list args;

  va_start (args, types);
  statement = prepare (self, error, sql, types, args);
  va_end (args);
  return statement;
}

int
qrx_store_step (QrxStore *self, QrxStatement *statement, GError **error)
{
  switch (sqlite3_step (statement))
    {
    case SQLITE_ROW:
      return 1;
    case SQLITE_DONE:
      return 0;
    default:
      qrx_store_set_error (self, error);
      return -1;
    }
}

gboolean
qrx_store_run (QrxStore *self, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (QrxStatement) statement = NULL;
  va_list args;

  va_start (args, types);
  statement = prepare (self, error, sql, types, args);
  va_end (args);
  return statement != NULL && qrx_store_step (self, statement, error) >= 0;
}

gboolean
qrx_store_begin (QrxStore *self, GError **error)
{
  g_mutex_lock (&self->mutex);
  if (qrx_store_execute (self, "BEGIN IMMEDIATE", error))
    return TRUE;
  g_mutex_unlock (&self->mutex);
  return FALSE;
}

gboolean
qrx_store_end (QrxStore *self, gboolean success, GError **error)
{
  if (success)
    success = qrx_store_execute (self, "COMMIT", error);
  if (!success)
    qrx_store_execute (self, "ROLLBACK", NULL);
  g_mutex_unlock (&self->mutex);
  return success;
}
