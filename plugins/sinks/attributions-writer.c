/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `attributions-writer`: what genes matter by, as CSV, the text that the program writes for the node that found it. */
#include <qrx/qrx-attributions.h>
#include <qrx/qrx-output.h>

#include "sink.h"

typedef QrxSink QrxAttributionsWriter;
typedef QrxSinkClass QrxAttributionsWriterClass;

GType qrx_attributions_writer_get_type (void);
G_DEFINE_FINAL_TYPE (QrxAttributionsWriter, qrx_attributions_writer, qrx_sink_get_type ())

static gboolean
write_file (QrxBundle *in, const char *path, GError **error)
{
  g_autofree char *csv = qrx_attributions_to_csv (QRX_ATTRIBUTIONS (qrx_bundle_get (in, "in")));

  return qrx_output_write (path, csv, -1, error);
}

static void
qrx_attributions_writer_class_init (QrxAttributionsWriterClass *klass)
{
  qrx_sink_class_declare (klass, "attributions-writer",
                          "Writes attributions as CSV, one row a gene, the one that matters most first.",
                          "attributions", write_file);
  qrx_node_class_set_example (
      QRX_NODE_CLASS (klass),
      "{\"properties\": {\"path\": \"a.csv\"}, \"input\": {\"attributions\": {\"TP53\": [0.25, -0.25], \"EGFR\": [2, "
      "1]}},"
      " \"expect\": {\"files\": {\"a.csv\": \"gene,rank,mean_abs,mean\\nEGFR,1,2.0,1.0\\nTP53,2,0.25,-0.25\\n\"}}}");
}

static void
qrx_attributions_writer_init (QrxAttributionsWriter *self G_GNUC_UNUSED)
{
}
