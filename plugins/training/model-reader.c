/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `model-reader`: a fitted model from its file, to predict with or to graft. */
#include <qrx/qrx-predictor.h>
#include <qrx/qrx-registry.h>

#define QRX_TYPE_MODEL_READER (qrx_model_reader_get_type ())
G_DECLARE_FINAL_TYPE (QrxModelReader, qrx_model_reader, QRX, MODEL_READER, QrxNode)

struct _QrxModelReader {
  QrxNode parent_instance;
  char *file;
};

G_DEFINE_FINAL_TYPE (QrxModelReader, qrx_model_reader, QRX_TYPE_NODE)

static gboolean
qrx_model_reader_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  QrxModelReader *self = QRX_MODEL_READER (node);

  if (self->file != NULL && self->file[0] != '\0')
    return TRUE;
  g_set_error_literal (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
                       "property \"file\": found nothing, expected the name of a model file");
  return FALSE;
}

static void
report (QrxNode *node, QrxPredictor *model, QrxContext *context)
{
  const char *unit = qrx_predictor_get_target_unit (model);
  g_autofree char *text =
    g_strdup_printf ("the model of \"%s\", which predicts %s%s%s from %u columns", qrx_predictor_get_producer (model),
                     qrx_predictor_get_target_name (model), unit[0] != '\0' ? " in " : "", unit,
                     g_strv_length ((char **) qrx_predictor_get_columns (model)));

  qrx_context_message (context, qrx_node_get_id (node), text);
}

static gboolean
qrx_model_reader_run (QrxNode *node, QrxBundle *in G_GNUC_UNUSED, QrxBundle *out, QrxContext *context,
                      GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxRegistry *registry = qrx_node_get_registry (node);
  g_autofree char *path = NULL;
  g_autoptr (QrxPredictor) model = NULL;

  if (registry == NULL)
    {
      g_set_error_literal (error, QRX_RUN_ERROR, QRX_RUN_ERROR_FAILED,
                           "a model is read with the node types of the registry that made the node, but none made this one: "
                           "make it with qrx_registry_create() or in a pipeline");
      return FALSE;
    }
  path = qrx_context_find_file (context, QRX_MODEL_READER (node)->file, error);
  if (path == NULL)
    return FALSE;
  model = qrx_predictor_load (registry, path, error);
  if (model == NULL)
    return FALSE;
  report (node, model, context);
  qrx_bundle_set (out, "out", QRX_VALUE (model));
  return TRUE;
}

static void
qrx_model_reader_class_init (QrxModelReaderClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_model_reader_resolve;
  klass->run = qrx_model_reader_run;
  qrx_node_class_set_name (klass, "model-reader");
  qrx_node_class_set_category (klass, "training");
  qrx_node_class_set_summary (klass, "Reads a fitted model from its file, to predict with or to continue on.");
  qrx_node_class_add_output (klass, "out", "model", "the model");
  qrx_node_class_add_file (klass, "file", G_STRUCT_OFFSET (QrxModelReader, file),
                           "a .safetensors file of a model, as `model-writer` and `qrx run` write it");
  qrx_node_class_set_example (
    klass, "{\"properties\": {\"file\": \"m.safetensors\"},"
           " \"input\": {\"table\": {\"ids\": [\"a\"], \"roles\": [\"train\"], \"target\": [1]},"
           "   \"models\": {\"m.safetensors\": {\"type\": \"mean-baseline\"}}},"
           " \"expect\": {\"model\": \"model\"}}");
}

static void
qrx_model_reader_init (QrxModelReader *self G_GNUC_UNUSED)
{
}
