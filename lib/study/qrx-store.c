/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store's file: opening and making. */
#include "study/qrx-store-private.h"

#include "base/qrx-json-private.h"

#include <glib/gstdio.h>

#define APPLICATION 1364351028
#define FORMAT 1
#define BUSY_MILLISECONDS 60000

G_DEFINE_QUARK (qrx - store - error - quark, qrx_store_error)
G_DEFINE_FINAL_TYPE (QrxStore, qrx_store, G_TYPE_OBJECT)

static void
qrx_store_finalize (GObject *object)
{
  QrxStore *self = QRX_STORE (object);

  sqlite3_close_v2 (self->database);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  G_OBJECT_CLASS (qrx_store_parent_class)->finalize (object);
}

static void
qrx_store_class_init (QrxStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_store_finalize;
}

static void
qrx_store_init (QrxStore *self)
{
  g_mutex_init (&self->mutex);
}

static gboolean
read_number (QrxStore *self, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (QrxStatement) statement = qrx_store_prepare (self, error, sql, "");

  if (statement == NULL || qrx_store_step (self, statement, error) <= 0)
    return FALSE;
  *number = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
has_tables (QrxStore *self)
{
  gint64 n = 1;

  return !read_number (self, "SELECT count(*) FROM sqlite_schema", &n, NULL) || n > 0;
}

static gboolean
check_format (QrxStore *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 application = 0, format = 0;

  if ((!read_number (self, "PRAGMA application_id", &application, &failure) ||
       !read_number (self, "PRAGMA user_version", &format, &failure)) &&
      sqlite3_errcode (self->database) != SQLITE_NOTADB)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (application == APPLICATION && format == FORMAT)
    return TRUE;
  g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT,
               application != APPLICATION ? "%s: this is no store of a study"
                                          : "%s: this store has another format than this version of Qrx",
               self->path);
  return FALSE;
}

static gboolean
check_kind (const char *path, int flags, GError **error)
{
  GStatBuf status;

  /* Asked once: another process may be making the store at this moment. */
  if (g_stat (path, &status) == 0)
    {
      if (S_ISREG (status.st_mode))
        return TRUE;
      g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_FORMAT, "%s: found a %s, expected a store", path,
                   S_ISDIR (status.st_mode) ? "folder" : "device or pipe");
      return FALSE;
    }
  /* To SQLite an empty name is a database that nobody finds again. */
  if (*path == '\0')
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, "found an empty name, expected that of a store");
  else if (flags & SQLITE_OPEN_CREATE)
    return TRUE;
  else
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_NOT_FOUND, "%s: there is no such store", path);
  return FALSE;
}

/* In WAL mode a commit survives the death of the process at any moment without waiting for the disk. Of several that
 * turn a new store to it at once SQLite lets one win and refuses the others without waiting, so they ask again. */
static gboolean
set_modes (QrxStore *self, GError **error)
{
  const gint64 end = g_get_monotonic_time () + BUSY_MILLISECONDS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GError) failure = NULL;

  while (!qrx_store_execute (self, "PRAGMA journal_mode = WAL", &failure))
    {
      if (sqlite3_errcode (self->database) != SQLITE_BUSY || g_get_monotonic_time () > end)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      g_clear_error (&failure);
      g_usleep (1000);
    }
  return qrx_store_execute (self, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", error);
}

static QrxStore *
open_file (const char *path, int flags, GError **error)
{
  g_autoptr (QrxStore) self = g_object_new (QRX_TYPE_STORE, NULL);

  if (!check_kind (path, flags, error))
    return NULL;
  self->path = g_strdup (path);
  if (sqlite3_open_v2 (path, &self->database, flags | SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    {
      qrx_store_set_error (self, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->database, BUSY_MILLISECONDS);
  /* Nothing is written into what is neither a store nor an empty file that is to become one. */
  if ((((flags & SQLITE_OPEN_CREATE) && !has_tables (self)) || check_format (self, error)) && set_modes (self, error))
    return g_steal_pointer (&self);
  return NULL;
}

/**
 * qrx_store_open:
 * @path: (type filename): a store
 * @error: return location for an error
 *
 * Opens the results of a study. Fails with %QRX_DATA_ERROR_NOT_FOUND if there is no such file, and with a
 * #QrxStoreError if it is no store.
 *
 * Returns: (transfer full): the store
 */
QrxStore *
qrx_store_open (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  return open_file (path, 0, error);
}

/**
 * qrx_store_open_or_create:
 * @path: (type filename): a store, made if it is not there
 * @error: return location for an error
 *
 * Opens a store to merge others into; one that is made is of no study until then. Fails as qrx_store_open() does.
 *
 * Returns: (transfer full): the store
 */
QrxStore *
qrx_store_open_or_create (const char *path, GError **error)
{
  g_autoptr (QrxStore) self = NULL;
  gboolean success;

  g_return_val_if_fail (path != NULL, NULL);
  self = open_file (path, SQLITE_OPEN_CREATE, error);
  if (self == NULL || !qrx_store_begin (self, error))
    return NULL;
  if (!has_tables (self))
    success = qrx_store_execute (self, qrx_store_schema, error);
  else
    success = check_format (self, error);
  success = success && qrx_store_execute (self, qrx_store_additions, error);
  return qrx_store_end (self, success, error) ? g_steal_pointer (&self) : NULL;
}

static char *
print_strings (const QrxSpace *space)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree double *point = g_new0 (double, space->dimensions->len + 1);
  g_autoptr (JsonNode) node = NULL;

  for (guint i = 0; i < space->dimensions->len; i++)
    json_object_set_member (object, ((QrxDimension *) space->dimensions->pdata[i])->path,
                            qrx_dimension_get_value (space->dimensions->pdata[i], 0));
  node = json_node_init_object (json_node_alloc (), object);
  return qrx_json_to_compact_string (node);
}

static char *
print_node (JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;

  return qrx_json_to_compact_string (owned);
}

static char *
print_design (QrxStudy *study)
{
  static const char *const names[] = { "configuration", "task", "resample", "replicate" };
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  for (guint k = 0; k < QRX_N_DESIGNS; k++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
      JsonArray *paths = json_array_new ();

      for (guint i = 0; i < study->dimensions->len; i++)
        {
          const QrxDimension *dimension = study->dimensions->pdata[i];

          if (dimension->design == k && dimension->varies && g_hash_table_add (seen, dimension->path))
            json_array_add_string_element (paths, dimension->path);
        }
      json_object_set_array_member (object, names[k], paths);
    }
  json_object_unref (object);
  return print_node (node);
}

static gboolean
write_study (QrxStore *self, QrxStudy *study, GError **error)
{
  g_autofree char *design = print_design (study);

  if (!qrx_store_run (self, error, "INSERT INTO study VALUES ('1', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "ssssssssiiirs", study->title, study->name, study->text, study->digest, study->overrides,
                      study->minimize ? "minimize" : "maximize", design, qrx_sampler_get_name (&study->sampler),
                      (gint64) study->inner_folds, study->n_trials, (gint64) qrx_study_is_adaptive (study),
                      (double) g_get_real_time () / G_USEC_PER_SEC, g_get_host_name ()))
    return FALSE;
  for (guint i = 0; i < study->arms->len; i++)
    {
      const QrxArm *arm = study->arms->pdata[i];
      g_autofree char *fixed = print_strings (arm->fixed);
      g_autofree char *evaluators = print_node (json_node_init_object (json_node_alloc (), arm->evaluators));

      if (!qrx_store_run (self, error, "INSERT INTO arm VALUES (?, ?, ?, ?, ?, ?, ?)", "issssss", (gint64) i, arm->name,
                          arm->path, arm->text, arm->objective, fixed, evaluators))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_study (QrxStore *self, QrxStudy *study, GError **error)
{
  g_autoptr (QrxStatement) statement = qrx_store_prepare (self, error, "SELECT digest, file FROM study", "");

  if (statement == NULL || qrx_store_step (self, statement, error) < 0)
    return FALSE;
  if (g_str_equal (qrx_statement_text (statement, 0), study->digest))
    return TRUE;
  g_set_error (error, QRX_STORE_ERROR, QRX_STORE_ERROR_MISMATCH,
               "%s: this store is of another study, or of another state of it: %s. The study file, its "
               "pipelines and what --set "
               "changes must be the same to go on; take another store with --store, or remove this one",
               self->path, qrx_statement_text (statement, 1));
  return FALSE;
}

/**
 * qrx_store_open_for_study:
 * @path: (type filename): a store, made if it is not there
 * @study: whose results it holds
 * @error: return location for an error
 *
 * Opens the store of a study to go on with it, or makes it. Fails with a #QrxStoreError,
 * %QRX_STORE_ERROR_MISMATCH among them if the store is of another study.
 *
 * Returns: (transfer full): the store
 */
QrxStore *
qrx_store_open_for_study (const char *path, QrxStudy *study, GError **error)
{
  g_autoptr (QrxStore) self = NULL;
  gboolean success;

  g_return_val_if_fail (path != NULL && QRX_IS_STUDY (study), NULL);
  self = open_file (path, SQLITE_OPEN_CREATE, error);
  if (self == NULL || !qrx_store_begin (self, error))
    return NULL;
  if (!has_tables (self))
    success = qrx_store_execute (self, qrx_store_schema, error) && write_study (self, study, error);
  else
    success = check_format (self, error) && check_study (self, study, error);
  success = success && qrx_store_execute (self, qrx_store_additions, error);
  return qrx_store_end (self, success, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * qrx_store_get_path:
 * @self: a store
 *
 * Returns: (type filename): its file
 */
const char *
qrx_store_get_path (QrxStore *self)
{
  g_return_val_if_fail (QRX_IS_STORE (self), NULL);
  return self->path;
}
