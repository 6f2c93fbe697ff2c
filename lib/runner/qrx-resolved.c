/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes down a run so that it can be repeated: the resolved pipeline with its files where they were found, their
 * checksums, versions. */
#include "runner/qrx-resolved-private.h"

#include "base/qrx-json-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-property-private.h"

#include <qrx/qrx-linalg.h>
#include <qrx/qrx-statevector-backend.h>

/* Facts of this run that the pipeline itself does not hold. */
static JsonObject *
run_facts (QrxRunner *runner)
{
  QrxContext *context = qrx_runner_get_context (runner);
  g_auto (GStrv) paths = qrx_context_dup_input_paths (context);
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();
  JsonObject *facts = json_object_new (), *inputs = json_object_new ();

  json_object_set_string_member (facts, "qrx-version", QRX_VERSION);
  json_object_set_string_member (facts, "kernel-level",
                                 qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (backend)));
  json_object_set_string_member (facts, "blas", qrx_linalg_get_core ());
  for (guint i = 0; paths[i] != NULL; i++)
    json_object_set_string_member (inputs, paths[i], qrx_context_get_input_digest (context, paths[i]));
  json_object_set_object_member (facts, "inputs", inputs);
  return facts;
}

/* Relative paths start at the folder of a pipeline file, and this one lies elsewhere. What was not found stays as it is. */
static void
settle_files (QrxNode *node, JsonObject *members, QrxContext *context)
{
  guint n;
  g_autofree GParamSpec **pspecs = qrx_node_class_list_properties (QRX_NODE_GET_CLASS (node), &n);

  for (guint i = 0; i < n; i++)
    {
      const char *name = qrx_property_get_info (pspecs[i])->kind == QRX_PROPERTY_FILE
                             ? json_object_get_string_member_with_default (members, pspecs[i]->name, "")
                             : "";
      g_autofree char *path = *name != '\0' ? qrx_context_find_file (context, name, NULL) : NULL;

      if (path != NULL)
        json_object_set_string_member (members, pspecs[i]->name, path);
    }
}

char *
qrx_resolved_to_json (QrxRunner *runner, JsonArray *warnings, GError **error)
{
  QrxPipeline *pipeline = qrx_runner_get_pipeline (runner);
  g_autofree char *text = qrx_pipeline_to_json (pipeline);
  g_autoptr (QrxJsonDocument) document = qrx_json_document_parse (text, strlen (text), "pipeline", error);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *nodes, *facts;

  if (document == NULL)
    return NULL;
  root = json_node_copy (qrx_json_document_get_root (document));
  nodes = json_object_get_object_member (json_node_get_object (root), "nodes");
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    {
      QrxNode *node = qrx_pipeline_get_node (pipeline, i);

      settle_files (node, json_object_get_object_member (nodes, qrx_node_get_id (node)),
                    qrx_runner_get_context (runner));
    }
  facts = run_facts (runner);
  if (warnings != NULL && json_array_get_length (warnings) > 0)
    json_object_set_array_member (facts, "warnings", json_array_ref (warnings));
  json_object_set_object_member (json_node_get_object (root), "resolved", facts);
  return qrx_json_to_string (root);
}
