/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that nodes write. Two nodes that write the same one would silently replace each other's. */
#include "graph/qrx-pipeline-private.h"
#include "graph/qrx-property-private.h"

/* Relative names are compared before it is known which folder they will be in. */
#define OUTPUT_FOLDER "/the/output/folder/of/a/run"

/* The file that a property names, without detours; NULL if it names none. */
static char *
dup_output (const QrxEntry *entry, GParamSpec *pspec)
{
  g_autofree char *name = NULL;

  if (!qrx_property_get_info (pspec)->written)
    return NULL;
  g_object_get (entry->node, pspec->name, &name, NULL);
  return name != NULL && *name != '\0' ? g_canonicalize_filename (name, OUTPUT_FOLDER) : NULL;
}

static void
refuse (const QrxEntry *entry, const char *property, const char *first, QrxLocateProperty locate, gpointer data,
        GPtrArray *faults)
{
  g_autofree char *document = NULL, *name = NULL;
  g_auto (QrxPlace) place = { 0 };

  if (locate != NULL)
    place = locate (entry->id, property, &document, data);
  if (place.pointer == NULL)
    place = qrx_place_copy (&entry->place);
  g_object_get (entry->node, property, &name, NULL);
  qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_VALUE, &place, entry->id, NULL,
                       "%s: property \"%s\": found \"%s\", which %s writes too, expected a file of its own", entry->id,
                       property, name, first);
}

void
qrx_pipeline_check_outputs (QrxPipeline *self, QrxLocateProperty locate, gpointer data, GPtrArray *faults)
{
  g_autoptr (GHashTable) writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL); /* file → id */

  for (guint i = 0; i < self->entries->len; i++)
    {
      const QrxEntry *entry = g_ptr_array_index (self->entries, i);
      g_autofree GParamSpec **pspecs = NULL;
      guint n = 0;

      if (entry->node != NULL)
        pspecs = qrx_node_class_list_properties (entry->klass, &n);
      for (guint k = 0; k < n; k++)
        {
          g_autofree char *file = dup_output (entry, pspecs[k]);
          const char *first = file != NULL ? g_hash_table_lookup (writers, file) : NULL;

          if (first != NULL)
            refuse (entry, pspecs[k]->name, first, locate, data, faults);
          else if (file != NULL)
            g_hash_table_insert (writers, g_steal_pointer (&file), entry->id);
        }
    }
}

QrxNode *
qrx_pipeline_find_writer (QrxPipeline *self, const char *name)
{
  g_autofree char *wanted = g_canonicalize_filename (name, OUTPUT_FOLDER);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const QrxEntry *entry = g_ptr_array_index (self->entries, i);
      guint n;
      g_autofree GParamSpec **pspecs = qrx_node_class_list_properties (entry->klass, &n);

      for (guint k = 0; k < n; k++)
        {
          g_autofree char *file = dup_output (entry, pspecs[k]);

          if (g_strcmp0 (file, wanted) == 0)
            return entry->node;
        }
    }
  return NULL;
}
