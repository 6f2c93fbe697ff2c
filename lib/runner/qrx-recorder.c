/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listens to a runner and writes what it hears: predictions, attributions, histories and models by node, then all scores, and the
 * pipeline as it was run. Knows values, not node types. Every file is whole or not there. */
#include <qrx/qrx-recorder.h>

#include "base/qrx-json-private.h"
#include "base/qrx-metrics-private.h"
#include "runner/qrx-resolved-private.h"

#include <glib/gstdio.h>
#include <qrx/qrx-attributions.h>
#include <qrx/qrx-history.h>
#include <qrx/qrx-output.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-predictor.h>

typedef struct {
  char *evaluator;
  QrxMetrics *metrics;
} Entry;

struct _QrxRecorder {
  GObject parent_instance;
  QrxRunner *runner;
  char *directory;
  GPtrArray *entries;  /* of Entry */
  JsonArray *warnings; /* [{"node", "text"}, …] */
  gboolean begun;      /* something was written */
  GError *failure;     /* the first */
};

G_DEFINE_FINAL_TYPE (QrxRecorder, qrx_recorder, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->evaluator);
  g_object_unref (entry->metrics);
  g_free (entry);
}

static void
qrx_recorder_finalize (GObject *object)
{
  QrxRecorder *self = QRX_RECORDER (object);

  g_clear_object (&self->runner);
  g_free (self->directory);
  g_ptr_array_unref (self->entries);
  json_array_unref (self->warnings);
  g_clear_error (&self->failure);
  G_OBJECT_CLASS (qrx_recorder_parent_class)->finalize (object);
}

static void
qrx_recorder_class_init (QrxRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_recorder_finalize;
}

static void
qrx_recorder_init (QrxRecorder *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->warnings = json_array_new ();
}

static char *
file_path (QrxRecorder *self, const char *stem, const char *ending)
{
  g_autofree char *name = g_strconcat (stem, ending, NULL);

  return g_build_filename (self->directory, name, NULL);
}

/* What an earlier run says of itself must not stand beside the files of this one. */
static void
begin (QrxRecorder *self)
{
  g_autofree char *metrics = file_path (self, "metrics", ".json");
  g_autofree char *pipeline = file_path (self, "pipeline.resolved", ".json");

  if (!self->begun)
    {
      g_unlink (metrics);
      g_unlink (pipeline);
    }
  self->begun = TRUE;
}

static gboolean
write_text (QrxRecorder *self, const char *stem, const char *ending, const char *text, GError **error)
{
  g_autofree char *path = file_path (self, stem, ending);

  begin (self);
  return qrx_output_write (path, text, -1, error);
}

static gboolean
record (QrxRecorder *self, const char *id, QrxValue *value, GError **error)
{
  if (QRX_IS_PREDICTIONS (value))
    {
      g_autofree char *text = qrx_predictions_to_csv (QRX_PREDICTIONS (value));

      return write_text (self, id, ".predictions.csv", text, error);
    }
  if (QRX_IS_HISTORY (value))
    {
      g_autofree char *text = qrx_history_to_csv (QRX_HISTORY (value));

      return write_text (self, id, ".history.csv", text, error);
    }
  if (QRX_IS_ATTRIBUTIONS (value))
    {
      g_autofree char *text = qrx_attributions_to_csv (QRX_ATTRIBUTIONS (value));

      return write_text (self, id, ".attributions.csv", text, error);
    }
  if (QRX_IS_PREDICTOR (value) && g_str_equal (qrx_predictor_get_producer (QRX_PREDICTOR (value)), id))
    {
      g_autofree char *path = file_path (self, id, ".safetensors");

      begin (self);
      return qrx_predictor_save (QRX_PREDICTOR (value), path, error);
    }
  if (QRX_IS_METRICS (value))
    {
      Entry *entry = g_new0 (Entry, 1);

      entry->evaluator = g_strdup (id);
      entry->metrics = g_object_ref (QRX_METRICS (value));
      g_ptr_array_add (self->entries, entry);
    }
  return TRUE;
}

static void
on_node_finished (QrxRecorder *self, QrxNode *node, QrxBundle *outputs)
{
  g_auto (GStrv) ports = qrx_bundle_dup_ports (outputs);

  for (guint i = 0; ports[i] != NULL && self->failure == NULL; i++)
    record (self, qrx_node_get_id (node), qrx_bundle_get (outputs, ports[i]), &self->failure);
}

static void
on_warning (QrxRecorder *self, const char *node, const char *text)
{
  JsonObject *warning = json_object_new ();

  json_object_set_string_member (warning, "node", node);
  json_object_set_string_member (warning, "text", text);
  json_array_add_object_element (self->warnings, warning);
}

/**
 * qrx_recorder_new:
 * @runner: a runner that has not run yet
 * @directory: the folder to write into; it is made when the first file is written
 *
 * Makes a recorder that follows a runner.
 *
 * Returns: (transfer full): the recorder
 */
QrxRecorder *
qrx_recorder_new (QrxRunner *runner, const char *directory)
{
  QrxRecorder *self;

  g_return_val_if_fail (QRX_IS_RUNNER (runner) && directory != NULL, NULL);
  self = g_object_new (QRX_TYPE_RECORDER, NULL);
  self->runner = g_object_ref (runner);
  self->directory = g_strdup (directory);
  g_signal_connect_object (runner, "node-finished", G_CALLBACK (on_node_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runner, "message::warning", G_CALLBACK (on_warning), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * qrx_recorder_get_directory:
 * @self: a recorder
 *
 * Returns: the folder that it writes into
 */
const char *
qrx_recorder_get_directory (QrxRecorder *self)
{
  g_return_val_if_fail (QRX_IS_RECORDER (self), NULL);
  return self->directory;
}

/**
 * qrx_recorder_get_n_metrics:
 * @self: a recorder
 *
 * Returns: how many nodes gave metrics so far
 */
guint
qrx_recorder_get_n_metrics (QrxRecorder *self)
{
  g_return_val_if_fail (QRX_IS_RECORDER (self), 0);
  return self->entries->len;
}

/**
 * qrx_recorder_get_metrics:
 * @self: a recorder
 * @i: which, in the order in which the nodes finished
 *
 * Returns: (transfer none): the metrics
 */
QrxMetrics *
qrx_recorder_get_metrics (QrxRecorder *self, guint i)
{
  g_return_val_if_fail (QRX_IS_RECORDER (self) && i < self->entries->len, NULL);
  return ((Entry *) self->entries->pdata[i])->metrics;
}

/**
 * qrx_recorder_get_evaluator:
 * @self: a recorder
 * @i: which, in the order in which the nodes finished
 *
 * Returns: the id of the node that gave the metrics
 */
const char *
qrx_recorder_get_evaluator (QrxRecorder *self, guint i)
{
  g_return_val_if_fail (QRX_IS_RECORDER (self) && i < self->entries->len, NULL);
  return ((Entry *) self->entries->pdata[i])->evaluator;
}

/**
 * qrx_recorder_dup_metrics:
 * @self: a recorder
 *
 * Writes the metrics seen so far as JSON, as metrics.json has them.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_recorder_dup_metrics (QrxRecorder *self)
{
  QrxPipeline *pipeline;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new (), *scores = json_object_new ();
  const char *name;

  g_return_val_if_fail (QRX_IS_RECORDER (self), NULL);
  pipeline = qrx_runner_get_pipeline (self->runner);
  name = qrx_pipeline_get_name (pipeline);
  json_node_take_object (root, object);
  if (name != NULL)
    {
      g_autofree char *base =
          g_path_get_basename (name); /* so that the same run gives the same bytes from any folder */

      json_object_set_string_member (object, "pipeline", base);
    }
  else
    json_object_set_null_member (object, "pipeline");
  json_object_set_int_member (object, "seed", (gint64) qrx_pipeline_get_seed (pipeline));
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      json_object_set_member (scores, entry->evaluator, qrx_metrics_to_json_node (entry->metrics));
    }
  json_object_set_object_member (object, "scores", scores);
  return qrx_json_to_string (root);
}

/**
 * qrx_recorder_finish:
 * @self: a recorder whose runner has run
 * @error: return location for an error
 *
 * Writes pipeline.resolved.json and, last of all files, metrics.json. Fails too if a file of a single node could not be written.
 *
 * Returns: whether everything is written
 */
gboolean
qrx_recorder_finish (QrxRecorder *self, GError **error)
{
  g_autofree char *metrics = NULL;
  g_autofree char *pipeline = NULL;
  g_autofree char *metrics_line = NULL;
  g_autofree char *pipeline_line = NULL;

  g_return_val_if_fail (QRX_IS_RECORDER (self), FALSE);
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  pipeline = qrx_resolved_to_json (self->runner, self->warnings, error);
  if (pipeline == NULL)
    return FALSE;
  metrics = qrx_recorder_dup_metrics (self);
  metrics_line = g_strconcat (metrics, "\n", NULL);
  pipeline_line = g_strconcat (pipeline, "\n", NULL);
  /* The scores come last: where they are, all else is. */
  return write_text (self, "pipeline.resolved", ".json", pipeline_line, error) &&
         write_text (self, "metrics", ".json", metrics_line, error);
}
