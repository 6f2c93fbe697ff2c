/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `model-writer`: a fitted model with all that prediction needs. */
#include <qrx/qrx-predictor.h>

#include "sink.h"

typedef QrxSink QrxModelWriter;
typedef QrxSinkClass QrxModelWriterClass;

GType qrx_model_writer_get_type (void);
G_DEFINE_FINAL_TYPE (QrxModelWriter, qrx_model_writer, qrx_sink_get_type ())

static gboolean
write_file (QrxBundle *in, const char *path, GError **error)
{
  return qrx_predictor_save (QRX_PREDICTOR (qrx_bundle_get (in, "in")), path, error);
}

static void
qrx_model_writer_class_init (QrxModelWriterClass *klass)
{
  qrx_sink_class_declare (klass, "model-writer",
                          "Writes a fitted model as safetensors, with all that prediction needs; `model-reader` reads it back.",
                          "model", write_file);
  qrx_node_class_set_example (
    QRX_NODE_CLASS (klass), "{\"properties\": {\"path\": \"m.safetensors\"},"
                            " \"input\": {\"table\": {\"ids\": [\"a\"], \"roles\": [\"train\"], \"target\": [1]},"
                            "   \"model\": {\"type\": \"mean-baseline\"}},"
                            " \"expect\": {\"files\": {\"m.safetensors\": null}}}");
}

static void
qrx_model_writer_init (QrxModelWriter *self G_GNUC_UNUSED)
{
}
