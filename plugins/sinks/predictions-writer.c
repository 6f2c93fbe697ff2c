/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `predictions-writer`: predictions as CSV, the text that the program writes for a trainer. */
#include <qrx/qrx-output.h>
#include <qrx/qrx-predictions.h>

#include "sink.h"

typedef QrxSink QrxPredictionsWriter;
typedef QrxSinkClass QrxPredictionsWriterClass;

GType qrx_predictions_writer_get_type (void);
G_DEFINE_FINAL_TYPE (QrxPredictionsWriter, qrx_predictions_writer, qrx_sink_get_type ())

static gboolean
write_file (QrxBundle *in, const char *path, GError **error)
{
  g_autofree char *csv = qrx_predictions_to_csv (QRX_PREDICTIONS (qrx_bundle_get (in, "in")));

  return qrx_output_write (path, csv, -1, error);
}

static void
qrx_predictions_writer_class_init (QrxPredictionsWriterClass *klass)
{
  qrx_sink_class_declare (klass, "predictions-writer",
                          "Writes predictions as CSV: id, role, tissue and drug where known, target (empty where missing), "
                          "prediction.",
                          "predictions", write_file);
  qrx_node_class_set_example (
    QRX_NODE_CLASS (klass), "{\"properties\": {\"path\": \"p.csv\"},"
                            " \"input\": {\"table\": {\"ids\": [\"a\", \"b,c\"], \"roles\": [\"train\", \"test\"],"
                            "   \"target\": [1, null]},"
                            "   \"predictions\": [0.5, 2]},"
                            " \"expect\": {\"files\": {\"p.csv\":"
                            "   \"id,role,target,prediction\\na,train,1.0,0.5\\n\\\"b,c\\\",test,,2.0\\n\"}}}");
}

static void
qrx_predictions_writer_init (QrxPredictionsWriter *self G_GNUC_UNUSED)
{
}
