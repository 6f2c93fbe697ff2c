/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `metrics-writer`: the metrics of any number of evaluators as JSON. */
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-output.h>

#include "sink.h"

typedef QrxSink QrxMetricsWriter;
typedef QrxSinkClass QrxMetricsWriterClass;

GType qrx_metrics_writer_get_type (void);
G_DEFINE_FINAL_TYPE (QrxMetricsWriter, qrx_metrics_writer, qrx_sink_get_type ())

static gboolean
write_file (QrxBundle *in, const char *path, GError **error)
{
  g_autoptr (GPtrArray) metrics = g_ptr_array_new ();
  g_autofree char *json = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < qrx_bundle_get_length (in, "in"); i++)
    g_ptr_array_add (metrics, qrx_bundle_get_nth (in, "in", i));
  json = qrx_metrics_list_to_json (metrics);
  text = g_strconcat (json, "\n", NULL);
  return qrx_output_write (path, text, -1, error);
}

static void
qrx_metrics_writer_class_init (QrxMetricsWriterClass *klass)
{
  qrx_sink_class_declare (klass, "metrics-writer",
                          "Writes metrics as JSON: {\"scores\": {\"<evaluator id>\": {\"<role>\": {\"<score>\": …}}}}.",
                          "metrics*", write_file);
  qrx_node_class_set_example (
    QRX_NODE_CLASS (klass), "{\"properties\": {\"path\": \"m.json\"}, \"input\": {\"metrics\": {\"test\": {\"auc\": 0.75}}},"
                            " \"expect\": {\"files\": {\"m.json\": \"{\\n  \\\"scores\\\": {\\n    \\\"evaluate\\\": {"
                            "\\n      \\\"test\\\": {\\n        \\\"auc\\\": 0.75\\n      }\\n    }\\n  }\\n}\\n\"}}}");
}

static void
qrx_metrics_writer_init (QrxMetricsWriter *self G_GNUC_UNUSED)
{
}
