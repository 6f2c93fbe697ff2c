/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tensors of a file, where they lie in it. */
#include "base/qrx-safetensors-private.h"

#include <qrx/qrx-input.h>
#include <string.h>

/**
 * qrx_safetensors_new: (skip)
 * @bytes: the content of a file
 * @name: the file's name, for messages
 * @error: return location for an error
 *
 * Reads a file of tensors. Fails with %QRX_DATA_ERROR_FORMAT where the header is no strict JSON, lies about lengths, or
 * leaves bytes to no tensor or to two.
 *
 * Returns: (transfer full): the tensors, or %NULL
 */
QrxSafetensors *
qrx_safetensors_new (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (QrxSafetensors) self = g_new0 (QrxSafetensors, 1);

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);

  self->file = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->entries = g_array_new (FALSE, FALSE, sizeof (QrxSafetensorsEntry));
  self->names = g_ptr_array_new ();
  self->metadata_keys = g_ptr_array_new ();
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return qrx_safetensors_read_header (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * qrx_safetensors_read: (skip)
 * @path: a file
 * @error: return location for an error
 *
 * Reads a file of tensors; fails as qrx_input_read_stored() and qrx_safetensors_new() do.
 *
 * Returns: (transfer full): the tensors, or %NULL
 */
QrxSafetensors *
qrx_safetensors_read (const char *path, GError **error)
{
  /* Never inflated: the first bytes are a length, which may look like gzip. */
  g_autoptr (GBytes) bytes = qrx_input_read_stored (path, error);

  return bytes != NULL ? qrx_safetensors_new (bytes, path, error) : NULL;
}

/**
 * qrx_safetensors_free: (skip)
 * @self: (nullable): tensors of a file
 *
 * Frees it; tensors that were got from it stay.
 */
void
qrx_safetensors_free (QrxSafetensors *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->metadata_keys);
  g_array_unref (self->entries);
  g_clear_pointer (&self->header, json_node_unref);
  g_bytes_unref (self->bytes);
  g_free (self->file);
  g_free (self);
}

/**
 * qrx_safetensors_get_name: (skip)
 * @self: tensors of a file
 *
 * Returns: the file's name
 */
const char *
qrx_safetensors_get_name (QrxSafetensors *self)
{
  return self->file;
}

/**
 * qrx_safetensors_get_names: (skip)
 * @self: tensors of a file
 *
 * Returns: (array zero-terminated=1): the tensors' names, in the header's order
 */
const char *const *
qrx_safetensors_get_names (QrxSafetensors *self)
{
  return (const char *const *) self->names->pdata;
}

/**
 * qrx_safetensors_has: (skip)
 * @self: tensors of a file
 * @name: a name
 *
 * Returns: whether there is a tensor of that name
 */
gboolean
qrx_safetensors_has (QrxSafetensors *self, const char *name)
{
  return g_hash_table_contains (self->by_name, name);
}

/**
 * qrx_safetensors_get: (skip)
 * @self: tensors of a file
 * @name: a name
 * @error: return location for an error
 *
 * Gets a tensor, without a copy where its alignment allows.
 * Fails with %QRX_DATA_ERROR_COLUMN where there is none, and with %QRX_DATA_ERROR_FORMAT for element types other than F32
 * and F64.
 *
 * Returns: (transfer full): the tensor, read-only, or %NULL
 */
QrxTensor *
qrx_safetensors_get (QrxSafetensors *self, const char *name, GError **error)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));
  g_autofree char *hint = index == 0 ? qrx_suggest_text (name, qrx_safetensors_get_names (self)) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  const QrxSafetensorsEntry *entry;
  QrxDtype dtype;

  if (index == 0)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "%s: found no tensor \"%s\"%s", self->file, name, hint);
      return NULL;
    }
  entry = &g_array_index (self->entries, QrxSafetensorsEntry, index - 1);
  if (strcmp (entry->dtype, "F64") == 0)
    dtype = QRX_DTYPE_F64;
  else if (strcmp (entry->dtype, "F32") == 0)
    dtype = QRX_DTYPE_F32;
  else
    {
      qrx_safetensors_fail (self, error, "tensor \"%s\": found the type %s, expected F32 or F64", name, entry->dtype);
      return NULL;
    }
  bytes = g_bytes_new_from_bytes (self->bytes, self->data + entry->begin, entry->end - entry->begin);
  return qrx_tensor_new_from_bytes (dtype, entry->dims, entry->rank, bytes, error);
}

static char *
describe_shape (const gsize *dims, guint rank)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < rank; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", dims[i]);
  g_string_append_c (text, ']');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * qrx_safetensors_get_shaped: (skip)
 * @self: tensors of a file
 * @name: a name
 * @dims: (array length=rank): the dimensions expected
 * @rank: how many
 * @error: return location for an error
 *
 * Gets a tensor of a shape; fails as qrx_safetensors_get() does, and with %QRX_DATA_ERROR_SHAPE where it has another.
 *
 * Returns: (transfer full): the tensor, read-only, or %NULL
 */
QrxTensor *
qrx_safetensors_get_shaped (QrxSafetensors *self, const char *name, const gsize *dims, guint rank, GError **error)
{
  g_autoptr (QrxTensor) tensor = qrx_safetensors_get (self, name, error);
  g_autofree char *found = NULL, *expected = NULL;
  const QrxSafetensorsEntry *entry;

  if (tensor == NULL)
    return NULL;
  entry = &g_array_index (self->entries, QrxSafetensorsEntry, GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name)) - 1);
  if (entry->rank == rank && (rank == 0 || memcmp (entry->dims, dims, rank * sizeof *dims) == 0))
    return g_steal_pointer (&tensor);
  found = describe_shape (entry->dims, entry->rank);
  expected = describe_shape (dims, rank);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE, "%s: tensor \"%s\": found the shape %s, expected %s",
               self->file, name, found, expected);
  return NULL;
}

/**
 * qrx_safetensors_get_metadata_keys: (skip)
 * @self: tensors of a file
 *
 * Returns: (array zero-terminated=1): the metadata's keys, in the header's order
 */
const char *const *
qrx_safetensors_get_metadata_keys (QrxSafetensors *self)
{
  return (const char *const *) self->metadata_keys->pdata;
}

/**
 * qrx_safetensors_get_metadata: (skip)
 * @self: tensors of a file
 * @key: a key
 *
 * Returns: (nullable): the text, or %NULL if there is none
 */
const char *
qrx_safetensors_get_metadata (QrxSafetensors *self, const char *key)
{
  if (self->metadata == NULL || !json_object_has_member (self->metadata, key))
    return NULL;
  return json_object_get_string_member (self->metadata, key);
}
