/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A study from its file. Whatever is wrong is collected, so that one reading finds all of it. */
#include "study/qrx-study-plan-private.h"
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"

#include <qrx/qrx-input.h>
#include <stdio.h>

static const char *const top_level_keys[] = { "qrx-study", "title",  "description", "pipeline", "vary",
                                              "set",       "arms",   "sample",      "nested",   "objective",
                                              "direction", "design", NULL };

void
qrx_study_fail (QrxStudyLoader *loader, QrxPipelineError code, const char *pointer, gboolean key,
                const char *suggestion, const char *format, ...)
{
  QrxPosition position = { 0, 0 };
  g_autofree char *message = NULL;
  QrxPlace place;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  qrx_json_document_locate (loader->document, pointer, key, &position);
  place = (QrxPlace){ loader->study->name, (char *) pointer, NULL, position.line, position.column };
  qrx_diagnostics_add (loader->faults, code, &place, NULL, suggestion, "%s", message);
}

static void
take_fault (gpointer data, QrxPipelineError code, const char *pointer, gboolean key, const char *suggestion,
            const char *message)
{
  qrx_study_fail (data, code, pointer, key, suggestion, "%s", message);
}

const char *
qrx_study_read_string (QrxStudyLoader *loader, JsonObject *object, const char *parent, const char *key)
{
  JsonNode *member = json_object_get_member (object, key);
  const char *text = qrx_json_object_peek_string (object, key);
  g_autofree char *pointer = qrx_json_pointer_append (parent, key);

  if (member != NULL && text == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "found %s, expected a string",
                    qrx_json_describe (member));
  return text;
}

void
qrx_study_check_keys (QrxStudyLoader *loader, JsonObject *object, const char *pointer, const char *const *known)
{
  g_auto (GStrv) names = qrx_json_object_dup_names (object);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *below = qrx_json_pointer_append (pointer, names[i]);
      g_autofree char *hint = NULL;

      if (g_strv_contains (known, names[i]))
        continue;
      hint = qrx_suggest_text (names[i], known);
      qrx_study_fail (loader, QRX_PIPELINE_ERROR_UNKNOWN, below, TRUE, qrx_suggest (names[i], known),
                      "found the unknown key \"%s\"%s", names[i], hint);
    }
}

static void
read_version (QrxStudyLoader *loader)
{
  JsonNode *version = json_object_get_member (loader->root, "qrx-study");

  if (version == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "", FALSE, NULL,
                    "found no key \"qrx-study\", expected \"qrx-study\": \"1\"");
  else if (g_strcmp0 (qrx_json_object_peek_string (loader->root, "qrx-study"), "1") != 0)
    {
      g_autofree char *found = qrx_json_to_compact_string (version);

      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/qrx-study", FALSE, NULL,
                      "found %s, expected the format version \"1\"", found);
    }
}

static void
read_direction (QrxStudyLoader *loader)
{
  const char *direction = qrx_study_read_string (loader, loader->root, "", "direction");

  loader->study->minimize = g_strcmp0 (direction, "minimize") == 0;
  if (direction != NULL && !loader->study->minimize && !g_str_equal (direction, "maximize"))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/direction", FALSE, NULL,
                    "found \"%s\", expected \"maximize\" or \"minimize\"", direction);
}

/* Of everything that decides what the trials are. */
static char *
make_digest (QrxStudy *study)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) study->text, (gssize) strlen (study->text) + 1);
  g_checksum_update (checksum, (const guchar *) study->overrides, (gssize) strlen (study->overrides) + 1);
  for (guint i = 0; i < study->arms->len; i++)
    {
      const char *text = ((QrxArm *) study->arms->pdata[i])->text;

      g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static void
load_root (QrxStudyLoader *loader, JsonNode *root)
{
  QrxStudy *study = loader->study;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "", FALSE, NULL,
                      "found %s, expected an object with \"qrx-study\" and \"pipeline\"", qrx_json_describe (root));
      return;
    }
  loader->root = json_node_get_object (root);
  qrx_study_check_keys (loader, loader->root, "", top_level_keys);
  read_version (loader);
  study->title = g_strdup (qrx_study_read_string (loader, loader->root, "", "title"));
  qrx_study_read_string (loader, loader->root, "", "description");
  read_direction (loader);
  qrx_study_read_sampler (loader);
  qrx_study_read_arms (loader);
  qrx_study_check (loader);
  if (loader->faults->len == 0)
    qrx_study_plan (loader);
  if (loader->faults->len == 0)
    study->digest = make_digest (study);
}

/* "line:column: message" as a fault. */
static void
report_syntax (QrxStudyLoader *loader, const GError *error)
{
  QrxPlace place = { .file = loader->study->name };
  int length = 0;

  if (sscanf (error->message, "%u:%u: %n", &place.line, &place.column, &length) < 2)
    length = 0;
  qrx_diagnostics_add (loader->faults, QRX_PIPELINE_ERROR_SYNTAX, &place, NULL, NULL, "%s", error->message + length);
}

static gboolean
is_told_better (GPtrArray *faults, const QrxDiagnostic *fault)
{
  for (guint i = 0; i < faults->len; i++)
    {
      const QrxDiagnostic *other = faults->pdata[i];

      if (qrx_diagnostic_get_code (other) == QRX_PIPELINE_ERROR_UNKNOWN && qrx_diagnostic_get_suggestion (other) != NULL &&
          qrx_diagnostic_get_line (other) == qrx_diagnostic_get_line (fault) &&
          qrx_diagnostic_get_column (other) == qrx_diagnostic_get_column (fault))
        return TRUE;
    }
  return FALSE;
}

/* Several arms and values meet the same fault; and a name that no arm has is a fault of each, of which one that is near to
 * what some arm has says the most. */
static void
drop_repeated (GPtrArray *faults)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < faults->len;)
    {
      const QrxDiagnostic *fault = faults->pdata[i];
      gboolean lesser = qrx_diagnostic_get_code (fault) == QRX_PIPELINE_ERROR_UNKNOWN && qrx_diagnostic_get_line (fault) > 0 &&
                        qrx_diagnostic_get_suggestion (fault) == NULL && is_told_better (faults, fault);

      if (!lesser && g_hash_table_add (seen, qrx_diagnostic_to_string (fault)))
        i++;
      else
        g_ptr_array_remove_index (faults, i);
    }
}

static char *
read_file (const char *path, gsize *length, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "%s: found a folder, expected a study file", path);
      return NULL;
    }
  bytes = qrx_input_read (path, error);
  if (bytes == NULL)
    return NULL;
  *length = g_bytes_get_size (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), *length);
}

/**
 * qrx_study_load:
 * @registry: the node types that there are
 * @path: a study file
 * @overrides: (nullable) (array zero-terminated=1): changes to all arms' pipelines, as for
 * qrx_pipeline_load()
 * @diagnostics: (nullable) (element-type QrxDiagnostic): gets a diagnostic for each fault
 * @error: return location for an error
 *
 * Reads a study file and checks it whole: its keys, every value that varies against the node's property,
 * every arm and every choice of a whole node as a pipeline. All faults are reported in one go, as by
 * qrx_pipeline_load(). A file that cannot be read fails as qrx_input_read() does.
 *
 * Returns: (transfer full): the study
 */
QrxStudy *
qrx_study_load (QrxRegistry *registry, const char *path, const char *const *overrides, GPtrArray *diagnostics,
                GError **error)
{
  g_autoptr (QrxStudy) study = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (GError) failure = NULL;
  QrxStudyLoader loader = { .overrides = overrides, .faults = faults, .sink = { take_fault, NULL } };
  gsize length;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL, NULL);
  study = g_object_new (QRX_TYPE_STUDY, NULL);
  study->registry = g_object_ref (registry);
  study->name = g_strdup (path);
  study->overrides = overrides != NULL ? g_strjoinv ("\n", (char **) overrides) : g_strdup ("");
  study->text = read_file (path, &length, error);
  if (study->text == NULL)
    return NULL;
  loader.study = study;
  loader.sink.data = &loader;
  document = qrx_json_document_parse (study->text, length, NULL, &failure);
  loader.document = document;
  if (document != NULL)
    load_root (&loader, qrx_json_document_get_root (document));
  else
    report_syntax (&loader, failure);
  drop_repeated (faults);
  return qrx_diagnostics_finish (faults, diagnostics, error) ? g_steal_pointer (&study) : NULL;
}

/**
 * qrx_study_diagnose_file:
 * @registry: the node types that there are
 * @path: a study file
 * @overrides: (nullable) (array zero-terminated=1): changes, as for qrx_study_load()
 * @error: return location for an error
 *
 * Reads a study file, as qrx_study_load() does, and tells its faults as JSON. Fails if it cannot be read.
 *
 * Returns: (transfer full): what qrx_diagnostics_to_json() writes
 */
char *
qrx_study_diagnose_file (QrxRegistry *registry, const char *path, const char *const *overrides, GError **error)
{
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (QrxStudy) study = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL, NULL);
  study = qrx_study_load (registry, path, overrides, diagnostics, &reason);
  if (study == NULL && diagnostics->len == 0)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  g_clear_error (&reason);
  return qrx_diagnostics_to_json (diagnostics);
}
