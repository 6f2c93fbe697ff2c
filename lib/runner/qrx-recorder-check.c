/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would keep a recorder from writing, told before anything runs. */
#include <qrx/qrx-recorder.h>

#include "graph/qrx-pipeline-private.h"

#include <errno.h>
#include <glib/gstdio.h>

/* By doing it, for rights to a folder say nothing of what its file system takes: /proc, a full disk. */
static gboolean
can_make_in (const char *folder)
{
  g_autofree char *probe = g_build_filename (folder, ".qrx.XXXXXX", NULL);

  return g_mkdtemp (probe) != NULL && g_rmdir (probe) == 0;
}

/* The folder that is there, or the one in which it will be made. */
static gboolean
check_folder (const char *directory, GError **error)
{
  g_autofree char *folder = g_strdup (directory);

  while (!g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (folder);

      g_free (folder);
      folder = parent;
    }
  if (*directory == '\0')
    g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                         "output folder: found an empty name, expected that of a folder; \".\" is the present one");
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "output folder: found \"%s\", which is no folder",
                 folder);
  else if (!can_make_in (folder))
    g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "output folder: cannot write into \"%s\": %s", folder,
                 g_strerror (errno));
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_name (QrxPipeline *pipeline, const char *stem, const char *ending, GError **error)
{
  g_autofree char *name = g_strconcat (stem, ending, NULL);
  QrxNode *writer = qrx_pipeline_find_writer (pipeline, name);

  if (writer == NULL)
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "%s: writes \"%s\", which the run itself writes into the output folder, expected another name",
               qrx_node_get_id (writer), name);
  return FALSE;
}

/* What is written for a node, by the kinds of its outputs. */
static gboolean
check_node (QrxPipeline *pipeline, QrxNode *node, GError **error)
{
  static const struct {
    const char *kind, *ending;
  } files[] = { { "predictions", ".predictions.csv" },
                { "attributions", ".attributions.csv" },
                { "history", ".history.csv" },
                { "model", ".safetensors" } };
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (node);

  for (guint i = 0; i < qrx_node_class_get_n_ports (klass); i++)
    {
      QrxPort *port = qrx_node_class_get_port (klass, i);
      const char *kind = qrx_port_spec_get_kind (qrx_port_get_spec (port));

      for (gsize k = 0; qrx_port_is_output (port) && k < G_N_ELEMENTS (files); k++)
        if (g_str_equal (kind, files[k].kind) && !check_name (pipeline, qrx_node_get_id (node), files[k].ending, error))
          return FALSE;
    }
  return TRUE;
}

/**
 * qrx_recorder_check:
 * @pipeline: a valid pipeline
 * @directory: the folder that a recorder is to write into
 * @error: return location for an error
 *
 * Checks, before anything runs, that the folder can be made or written into, and that no node of the pipeline writes a file
 * that a recorder writes. Fails with %QRX_PIPELINE_ERROR_VALUE.
 *
 * Returns: whether nothing is known to be in the way
 */
gboolean
qrx_recorder_check (QrxPipeline *pipeline, const char *directory, GError **error)
{
  g_return_val_if_fail (QRX_IS_PIPELINE (pipeline) && directory != NULL, FALSE);
  if (!check_folder (directory, error) || !check_name (pipeline, "metrics", ".json", error) ||
      !check_name (pipeline, "pipeline.resolved", ".json", error))
    return FALSE;
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    if (!check_node (pipeline, qrx_pipeline_get_node (pipeline, i), error))
      return FALSE;
  return TRUE;
}
