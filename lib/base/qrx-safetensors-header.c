/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of a file of named tensors, of which nothing is believed before it is checked. */
#include "base/qrx-safetensors-private.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX 8

static const struct {
  const char *name;
  gsize size;
} dtypes[] = {
  { "F64", 8 }, { "F32", 4 }, { "F16", 2 }, { "BF16", 2 }, { "I64", 8 }, { "I32", 4 },  { "I16", 2 },
  { "I8", 1 },  { "U64", 8 }, { "U32", 4 }, { "U16", 2 },  { "U8", 1 },  { "BOOL", 1 }, { "F8_E4M3", 1 },
  { "F8_E5M2", 1 },
};

gboolean
qrx_safetensors_fail (QrxSafetensors *self, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT, "%s: %s", self->file, message);
  return FALSE;
}

/* The size of an element, 0 if the format does not know the type. */
static gsize
element_size (const char *dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtypes[i].name, dtype) == 0)
      return dtypes[i].size;
  return 0;
}

/* A member that is an array of at most max_length sizes. */
static gboolean
read_sizes (JsonObject *object, const char *member, gsize *sizes, guint max_length, guint *length)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  *length = json_array_get_length (array);
  if (*length > max_length)
    return FALSE;
  for (guint i = 0; i < *length; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64 ||
          json_node_get_int (element) < 0)
        return FALSE;
      sizes[i] = (gsize) json_node_get_int (element);
    }
  return TRUE;
}

static gboolean
check_size (QrxSafetensors *self, const QrxSafetensorsEntry *entry, GError **error)
{
  gsize available = g_bytes_get_size (self->bytes) - self->data, size = element_size (entry->dtype);

  if (size == 0)
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found the type \"%s\", which the format does not have", entry->name,
                 entry->dtype);
  for (guint i = 0; i < entry->rank; i++)
    if (!g_size_checked_mul (&size, size, entry->dims[i]))
      return qrx_safetensors_fail (self, error, "tensor \"%s\": found a shape that no memory holds", entry->name);
  if (entry->begin > entry->end || entry->end > available)
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found the offsets %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                 ", expected some within the %" G_GSIZE_FORMAT " bytes of data", entry->name, entry->begin, entry->end,
                 available);
  if (entry->end - entry->begin != size)
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found %" G_GSIZE_FORMAT " bytes, expected %" G_GSIZE_FORMAT
                 " for its type and shape", entry->name, entry->end - entry->begin, size);
  return TRUE;
}

static gboolean
read_entry (QrxSafetensors *self, const char *name, JsonNode *node, GError **error)
{
  static const char *const members[] = { "dtype", "shape", "data_offsets", NULL };
  g_autoptr (GList) found = NULL;
  JsonObject *object;
  JsonNode *dtype;
  QrxSafetensorsEntry entry = { .name = name };
  gsize offsets[2];
  guint n = 0;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found %s, expected an object", name, qrx_json_describe (node));
  object = json_node_get_object (node);
  found = json_object_get_members (object);
  for (GList *l = found; l != NULL; l = l->next)
    if (!g_strv_contains (members, l->data))
      return qrx_safetensors_fail (self, error, "tensor \"%s\": found the unknown key \"%s\"", name, (const char *) l->data);
  dtype = json_object_get_member (object, "dtype");
  if (dtype == NULL || !JSON_NODE_HOLDS_VALUE (dtype) || json_node_get_value_type (dtype) != G_TYPE_STRING)
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found no \"dtype\", expected a name such as \"F32\"", name);
  entry.dtype = json_node_get_string (dtype);
  if (!read_sizes (object, "shape", entry.dims, QRX_TENSOR_MAX_RANK, &entry.rank))
    return qrx_safetensors_fail (self, error, "tensor \"%s\": found no usable \"shape\", expected at most %d sizes", name,
                 QRX_TENSOR_MAX_RANK);
  if (!read_sizes (object, "data_offsets", offsets, 2, &n) || n != 2)
    return qrx_safetensors_fail (self, error,
                                 "tensor \"%s\": found no usable \"data_offsets\", expected where it begins and ends", name);
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (!check_size (self, &entry, error))
    return FALSE;
  g_array_append_val (self->entries, entry);
  g_ptr_array_add (self->names, (gpointer) name);
  g_hash_table_insert (self->by_name, (gpointer) name, GUINT_TO_POINTER (self->entries->len));
  return TRUE;
}

static gboolean
read_metadata (QrxSafetensors *self, JsonNode *node, GError **error)
{
  g_autoptr (GList) keys = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return qrx_safetensors_fail (self, error, "found %s as \"" QRX_SAFETENSORS_METADATA "\", expected an object of strings",
                                 qrx_json_describe (node));
  self->metadata = json_node_get_object (node);
  keys = json_object_get_members (self->metadata);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (self->metadata, l->data);

      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
        return qrx_safetensors_fail (self, error, "metadata \"%s\": found %s, expected a string", (const char *) l->data,
                     qrx_json_describe (value));
      g_ptr_array_add (self->metadata_keys, l->data);
    }
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const QrxSafetensorsEntry *x = *(const QrxSafetensorsEntry *const *) a, *y = *(const QrxSafetensorsEntry *const *) b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* Every byte of data belongs to exactly one tensor. */
static gboolean
check_layout (QrxSafetensors *self, GError **error)
{
  g_autofree const QrxSafetensorsEntry **sorted = g_new (const QrxSafetensorsEntry *, self->entries->len + 1);
  gsize n = self->entries->len, reached = 0;

  for (gsize i = 0; i < n; i++)
    sorted[i] = &g_array_index (self->entries, QrxSafetensorsEntry, i);
  qsort (sorted, n, sizeof *sorted, compare_entries);
  for (gsize i = 0; i < n; i++)
    {
      if (sorted[i]->begin != reached)
        return qrx_safetensors_fail (self, error,
                                     "tensor \"%s\": found its data at %" G_GSIZE_FORMAT ", expected it at %" G_GSIZE_FORMAT
                                     " where the one before ends: tensors %s", sorted[i]->name, sorted[i]->begin, reached,
                                     sorted[i]->begin < reached ? "overlap" : "leave a hole");
      reached = sorted[i]->end;
    }
  if (self->data + reached != g_bytes_get_size (self->bytes))
    return qrx_safetensors_fail (self, error,
                                 "found %" G_GSIZE_FORMAT " bytes of data, expected %" G_GSIZE_FORMAT " as the header says",
                                 g_bytes_get_size (self->bytes) - self->data, reached);
  return TRUE;
}

gboolean
qrx_safetensors_read_header (QrxSafetensors *self, GError **error)
{
  g_autoptr (GError) syntax = NULL;
  g_autoptr (GList) names = NULL;
  gsize size;
  const char *bytes = g_bytes_get_data (self->bytes, &size);
  guint64 length;

  if (size < PREFIX)
    return qrx_safetensors_fail (self, error, "found %" G_GSIZE_FORMAT " bytes, expected a safetensors file of at least %d",
                                 size, PREFIX);
  memcpy (&length, bytes, PREFIX);
  if (length > size - PREFIX)
    return qrx_safetensors_fail (self, error,
                                 "found a header of %" G_GUINT64_FORMAT " bytes announced in a file of %" G_GSIZE_FORMAT
                                 ", expected a safetensors file", length, size);
  self->data = PREFIX + (gsize) length;
  self->header = qrx_json_scan (bytes + PREFIX, (gsize) length, NULL, NULL, &syntax);
  if (self->header == NULL)
    return qrx_safetensors_fail (self, error, "header:%s", syntax->message);
  if (!JSON_NODE_HOLDS_OBJECT (self->header))
    return qrx_safetensors_fail (self, error, "header: found %s, expected an object", qrx_json_describe (self->header));
  names = json_object_get_members (json_node_get_object (self->header));
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (json_node_get_object (self->header), l->data);

      if (strcmp (l->data, QRX_SAFETENSORS_METADATA) == 0
            ? !read_metadata (self, node, error)
            : !read_entry (self, l->data, node, error))
        return FALSE;
    }
  g_ptr_array_add (self->names, NULL);
  g_ptr_array_add (self->metadata_keys, NULL);
  return check_layout (self, error);
}
