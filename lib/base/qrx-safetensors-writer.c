/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes files of named tensors: the same tensors give the same bytes, and every tensor lies where its type wants it. */
#include "base/qrx-safetensors-private.h"

#include <qrx/qrx-output.h>
#include <string.h>

#define ALIGNMENT 8

typedef struct {
  char *name;
  QrxTensor *tensor;
} Item;

struct _QrxSafetensorsWriter {
  GArray *items;     /* in the order added */
  GHashTable *names; /* of items */
  GTree *metadata;   /* sorted by key */
};

static void
clear_item (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_object_unref (item->tensor);
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data G_GNUC_UNUSED)
{
  return strcmp (a, b);
}

/**
 * qrx_safetensors_writer_new: (skip)
 *
 * Returns: (transfer full): a writer without tensors
 */
QrxSafetensorsWriter *
qrx_safetensors_writer_new (void)
{
  QrxSafetensorsWriter *self = g_new0 (QrxSafetensorsWriter, 1);

  self->items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_array_set_clear_func (self->items, clear_item);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->metadata = g_tree_new_full (compare_keys, NULL, g_free, g_free);
  return self;
}

/**
 * qrx_safetensors_writer_free: (skip)
 * @self: (nullable): a writer
 *
 * Frees a writer.
 */
void
qrx_safetensors_writer_free (QrxSafetensorsWriter *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->items);
  g_hash_table_unref (self->names);
  g_tree_unref (self->metadata);
  g_free (self);
}

/**
 * qrx_safetensors_writer_add: (skip)
 * @self: a writer
 * @name: a name that no other tensor has
 * @tensor: a tensor, which must not change until it is written
 *
 * Adds a tensor.
 */
void
qrx_safetensors_writer_add (QrxSafetensorsWriter *self, const char *name, QrxTensor *tensor)
{
  Item item;

  g_return_if_fail (self != NULL && name != NULL && QRX_IS_TENSOR (tensor));
  g_return_if_fail (strcmp (name, QRX_SAFETENSORS_METADATA) != 0 && !g_hash_table_contains (self->names, name));

  item.name = g_strdup (name);
  item.tensor = g_object_ref (tensor);
  g_array_append_val (self->items, item);
  g_hash_table_add (self->names, g_strdup (name));
}

/**
 * qrx_safetensors_writer_set_metadata: (skip)
 * @self: a writer
 * @key: a key
 * @value: its text
 *
 * Sets a text of the file's metadata.
 */
void
qrx_safetensors_writer_set_metadata (QrxSafetensorsWriter *self, const char *key, const char *value)
{
  g_return_if_fail (self != NULL && key != NULL && value != NULL);
  g_tree_replace (self->metadata, g_strdup (key), g_strdup (value));
}

static gsize
item_size (const Item *item)
{
  return qrx_tensor_get_n_elements (item->tensor) * qrx_dtype_get_size (qrx_tensor_get_dtype (item->tensor));
}

static gboolean
add_metadatum (gpointer key, gpointer value, gpointer object)
{
  json_object_set_string_member (object, key, value);
  return FALSE;
}

static JsonObject *
describe_item (const Item *item, gsize begin)
{
  JsonObject *object = json_object_new ();
  JsonArray *shape = json_array_new (), *offsets = json_array_new ();

  for (guint i = 0; i < qrx_tensor_get_rank (item->tensor); i++)
    json_array_add_int_element (shape, (gint64) qrx_tensor_get_dim (item->tensor, i));
  json_array_add_int_element (offsets, (gint64) begin);
  json_array_add_int_element (offsets, (gint64) (begin + item_size (item)));
  json_object_set_string_member (object, "dtype", qrx_tensor_get_dtype (item->tensor) == QRX_DTYPE_F64 ? "F64" : "F32");
  json_object_set_array_member (object, "shape", shape);
  json_object_set_array_member (object, "data_offsets", offsets);
  return object;
}

/* The format allows no padding between tensors, so the doubles come first. */
static GPtrArray *
order_items (QrxSafetensorsWriter *self)
{
  GPtrArray *ordered = g_ptr_array_new ();

  for (int wide = 1; wide >= 0; wide--)
    for (guint i = 0; i < self->items->len; i++)
      {
        Item *item = &g_array_index (self->items, Item, i);

        if ((qrx_tensor_get_dtype (item->tensor) == QRX_DTYPE_F64) == wide)
          g_ptr_array_add (ordered, item);
      }
  return ordered;
}

/* The length, and the header padded with blanks so that the data is aligned. */
static GString *
make_header (QrxSafetensorsWriter *self, GPtrArray *ordered)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  g_autoptr (JsonObject) root = json_object_new ();
  g_autoptr (GHashTable) begins = g_hash_table_new (NULL, NULL);
  g_autofree char *text = NULL;
  GString *header = g_string_new (NULL);
  gsize begin = 0;
  guint64 length;

  for (guint i = 0; i < ordered->len; i++)
    {
      g_hash_table_insert (begins, ordered->pdata[i], GSIZE_TO_POINTER (begin));
      begin += item_size (ordered->pdata[i]);
    }
  if (g_tree_nnodes (self->metadata) > 0)
    {
      JsonObject *metadata = json_object_new ();

      g_tree_foreach (self->metadata, add_metadatum, metadata);
      json_object_set_object_member (root, QRX_SAFETENSORS_METADATA, metadata);
    }
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);

      begin = GPOINTER_TO_SIZE (g_hash_table_lookup (begins, item));
      json_object_set_object_member (root, item->name, describe_item (item, begin));
    }
  json_node_set_object (node, root);
  text = qrx_json_to_compact_string (node);
  length = (strlen (text) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  g_string_append_len (header, (const char *) &length, sizeof length); /* little-endian, as the reader asserts */
  g_string_append (header, text);
  while (header->len < length + sizeof length)
    g_string_append_c (header, ' ');
  return header;
}

/**
 * qrx_safetensors_writer_write: (skip)
 * @self: a writer
 * @path: where the file will be
 * @error: return location for an error
 *
 * Writes the file, whole or not at all; fails as qrx_output_commit() does.
 *
 * Returns: whether the file is on the disk
 */
gboolean
qrx_safetensors_writer_write (QrxSafetensorsWriter *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) ordered = order_items (self);
  g_autoptr (QrxOutput) output = qrx_output_open (path, error);
  GString *header;

  if (output == NULL)
    return FALSE;
  header = make_header (self, ordered);
  qrx_output_append (output, header->str, header->len);
  g_string_free (header, TRUE);
  for (guint i = 0; i < ordered->len; i++)
    {
      const Item *item = ordered->pdata[i];

      qrx_output_append (output, qrx_tensor_peek (item->tensor), item_size (item));
    }
  return qrx_output_commit (output, error);
}

/**
 * qrx_safetensors_writer_to_bytes: (skip)
 * @self: a writer
 *
 * Returns: (transfer full): what the file would be
 */
GBytes *
qrx_safetensors_writer_to_bytes (QrxSafetensorsWriter *self)
{
  g_autoptr (GPtrArray) ordered = order_items (self);
  GString *content = make_header (self, ordered);

  for (guint i = 0; i < ordered->len; i++)
    {
      const Item *item = ordered->pdata[i];

      g_string_append_len (content, qrx_tensor_peek (item->tensor), (gssize) item_size (item));
    }
  return g_string_free_to_bytes (content);
}
