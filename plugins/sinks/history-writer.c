/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `history-writer`: the history of a fit as CSV. */
#include <qrx/qrx-history.h>
#include <qrx/qrx-output.h>

#include "sink.h"

typedef QrxSink QrxHistoryWriter;
typedef QrxSinkClass QrxHistoryWriterClass;

GType qrx_history_writer_get_type (void);
G_DEFINE_FINAL_TYPE (QrxHistoryWriter, qrx_history_writer, qrx_sink_get_type ())

static gboolean
write_file (QrxBundle *in, const char *path, GError **error)
{
  g_autofree char *csv = qrx_history_to_csv (QRX_HISTORY (qrx_bundle_get (in, "in")));

  return qrx_output_write (path, csv, -1, error);
}

static void
qrx_history_writer_class_init (QrxHistoryWriterClass *klass)
{
  qrx_sink_class_declare (klass, "history-writer",
                          "Writes the history of a fit as CSV, one row an epoch.",
                          "history", write_file);
  qrx_node_class_set_example (
    QRX_NODE_CLASS (klass), "{\"properties\": {\"path\": \"h.csv\"}, \"input\": {\"history\": {\"train-loss\": [0.5, 0.25]}},"
                            " \"expect\": {\"files\": {\"h.csv\": \"epoch,train-loss\\n0,0.5\\n1,0.25\\n\"}}}");
}

static void
qrx_history_writer_init (QrxHistoryWriter *self G_GNUC_UNUSED)
{
}
