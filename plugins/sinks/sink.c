/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node that writes one file. A relative path starts at the output folder of the run. */
#include "sink.h"

#include <qrx/qrx-error.h>

G_DEFINE_ABSTRACT_TYPE (QrxSink, qrx_sink, QRX_TYPE_NODE)

static gboolean
qrx_sink_resolve (QrxNode *node, QrxShapeScope *scope G_GNUC_UNUSED, GError **error)
{
  const char *path = ((QrxSink *) node)->path;

  if (path != NULL && path[0] != '\0' && !g_str_has_suffix (path, "/"))
    return TRUE;
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE,
               "property \"path\": found %s%s%s, expected the name of a file, relative to the output folder",
               path != NULL ? "\"" : "", path != NULL ? path : "nothing", path != NULL ? "\"" : "");
  return FALSE;
}

static gboolean
qrx_sink_run (QrxNode *node, QrxBundle *in, QrxBundle *out G_GNUC_UNUSED, QrxContext *context,
              GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  QrxSinkClass *klass = G_TYPE_INSTANCE_GET_CLASS (node, qrx_sink_get_type (), QrxSinkClass);
  g_autofree char *path = qrx_context_dup_output_path (context, ((QrxSink *) node)->path);
  g_autofree char *text = g_strconcat ("writes ", path, NULL);

  qrx_context_message (context, qrx_node_get_id (node), text);
  return klass->write (in, path, error);
}

static void
qrx_sink_class_init (QrxSinkClass *class)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  klass->resolve = qrx_sink_resolve;
  klass->run = qrx_sink_run;
  qrx_node_class_set_category (klass, "sink");
  qrx_node_class_add_output_file (klass, "path", G_STRUCT_OFFSET (QrxSink, path),
                                  "the file to write, relative to the output folder; it replaces one that is there");
}

static void
qrx_sink_init (QrxSink *self G_GNUC_UNUSED)
{
}

void
qrx_sink_class_declare (QrxSinkClass *class, const char *name, const char *summary, const char *spec, QrxSinkWrite write)
{
  QrxNodeClass *klass = QRX_NODE_CLASS (class);

  class->write = write;
  qrx_node_class_set_name (klass, name);
  qrx_node_class_set_summary (klass, summary);
  qrx_node_class_add_input (klass, "in", spec, "what to write");
}
