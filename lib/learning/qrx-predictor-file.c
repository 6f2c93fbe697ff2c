/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predictors as files: the parts that all kinds share, and which kind reads the rest. */
#include "learning/qrx-model-private.h"

#include "base/qrx-json-private.h"

#include <string.h>

#define FORMAT "1"
#define KEY_FORMAT "qrx.format"
#define KEY_KIND "qrx.kind"
#define KEY_PREDICTOR "qrx.predictor"
#define KEY_VERSION "qrx.version"

/**
 * qrx_predictor_save:
 * @self: a predictor
 * @path: a file
 * @error: return location for an error
 *
 * Writes a predictor as a safetensors file with all that prediction needs. The same predictor gives the same bytes.
 *
 * Returns: whether it could
 */
gboolean
qrx_predictor_save (QrxPredictor *self, const char *path, GError **error)
{
  QrxPredictorClass *klass = QRX_PREDICTOR_GET_CLASS (self);
  const QrxPredictorFile *file = klass->file;
  g_autoptr (QrxSafetensorsWriter) writer = qrx_safetensors_writer_new ();
  g_autoptr (JsonNode) description = qrx_predictor_to_json_node (self);
  g_autofree char *text = qrx_json_to_compact_string (description);

  g_return_val_if_fail (QRX_IS_PREDICTOR (self) && path != NULL, FALSE);
  if (klass->name == NULL || file == NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                   "the model of `%s` cannot be written: its type %s does not say how",
                   qrx_predictor_get_producer (self), G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }
  qrx_safetensors_writer_set_metadata (writer, KEY_FORMAT, FORMAT);
  qrx_safetensors_writer_set_metadata (writer, KEY_KIND, klass->name);
  qrx_safetensors_writer_set_metadata (writer, KEY_PREDICTOR, text);
  qrx_safetensors_writer_set_metadata (writer, KEY_VERSION, QRX_VERSION);
  return file->write (self, writer, error) && qrx_safetensors_writer_write (writer, path, error);
}

/* The type of predictor of a name: every kind is a subclass that is known by now. */
static GType
find_kind (GType parent, const char *name)
{
  guint n;
  g_autofree GType *children = g_type_children (parent, &n);

  for (guint i = 0; i < n; i++)
    {
      GType found;

      if (!G_TYPE_IS_ABSTRACT (children[i]))
        {
          g_autoptr (GTypeClass) klass = g_type_class_ref (children[i]);

          if (g_strcmp0 (((QrxPredictorClass *) klass)->name, name) == 0 && ((QrxPredictorClass *) klass)->file != NULL)
            return children[i];
        }
      found = find_kind (children[i], name);
      if (found != G_TYPE_INVALID)
        return found;
    }
  return G_TYPE_INVALID;
}

static QrxPredictor *
read_predictor (QrxSafetensors *file, QrxRegistry *registry, GError **error)
{
  const char *format = qrx_safetensors_get_metadata (file, KEY_FORMAT);
  const char *kind = qrx_safetensors_get_metadata (file, KEY_KIND);
  const char *text = qrx_safetensors_get_metadata (file, KEY_PREDICTOR);
  g_autoptr (QrxJsonDocument) document = NULL;
  g_autoptr (QrxPredictor) self = NULL;
  const QrxPredictorFile *how;
  GType type;

  g_type_ensure (QRX_TYPE_MODEL);
  if (format == NULL || kind == NULL || text == NULL)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                   "not a model file: its header has no `%s`; perhaps these are bare tensors, for a trainer's `initial`",
                   format == NULL ? KEY_FORMAT : kind == NULL ? KEY_KIND : KEY_PREDICTOR);
      return NULL;
    }
  if (!g_str_equal (format, FORMAT))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT,
                   "the file has format %s; this version reads format " FORMAT, format);
      return NULL;
    }
  type = find_kind (QRX_TYPE_PREDICTOR, kind);
  if (type == G_TYPE_INVALID)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "unknown kind of model `%s`; is its plugin loaded?", kind);
      return NULL;
    }
  document = qrx_json_document_parse (text, strlen (text), KEY_PREDICTOR, error);
  if (document == NULL)
    return NULL;
  self = g_object_new (type, NULL);
  how = QRX_PREDICTOR_GET_CLASS (self)->file;
  if (!qrx_predictor_read_json_node (self, qrx_json_document_get_root (document), error) ||
      !how->read (self, file, registry, error))
    return NULL;
  qrx_value_freeze (QRX_VALUE (self));
  return g_steal_pointer (&self);
}

/**
 * qrx_predictor_load:
 * @registry: the node types that the model may be made of
 * @path: a file that qrx_predictor_save() wrote
 * @error: return location for an error
 *
 * Reads a predictor back.
 * Fails with %QRX_DATA_ERROR_NOT_FOUND or %QRX_DATA_ERROR_FORMAT.
 *
 * Returns: (transfer full): the predictor
 */
QrxPredictor *
qrx_predictor_load (QrxRegistry *registry, const char *path, GError **error)
{
  g_autoptr (QrxSafetensors) file = NULL;
  GError *failure = NULL;
  QrxPredictor *self;

  g_return_val_if_fail (QRX_IS_REGISTRY (registry) && path != NULL, NULL);
  file = qrx_safetensors_read (path, error);
  if (file == NULL)
    return NULL;
  self = read_predictor (file, registry, &failure);
  if (self == NULL)
    {
      if (!g_str_has_prefix (failure->message, path)) /* as messages about its tensors do */
        g_prefix_error (&failure, "%s: ", path);
      g_propagate_error (error, failure);
    }
  return self;
}
