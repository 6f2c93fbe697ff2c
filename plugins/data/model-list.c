/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads DepMap's Model.csv (columns by name, in any order; all but ModelID may be missing). */
#include "model-list.h"

#include "line-index.h"

struct _ModelList {
  LineIds *ids;
  LineIndex *index[N_LINE_KEYS];
  GPtrArray *donors;  /* nullable texts, or NULL without the column */
  GPtrArray *tissues;
};

static GPtrArray *
read_texts (QrxDelimited *file, const char *name)
{
  gssize column = qrx_delimited_find_column (file, name);
  GPtrArray *texts;

  if (column < 0)
    return NULL;
  texts = g_ptr_array_new_with_free_func (g_free);
  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    g_ptr_array_add (texts, qrx_delimited_is_missing (file, row, (gsize) column)
                              ? NULL : qrx_delimited_dup (file, row, (gsize) column));
  return texts;
}

ModelList *
model_list_read (const char *path, GError **error)
{
  g_autoptr (QrxDelimited) file = qrx_delimited_read (path, QRX_DELIMITED_DEFAULT, error);
  g_autoptr (GArray) rows = NULL;
  ModelList *self;

  if (file == NULL || qrx_delimited_require_column (file, "ModelID", error) < 0)
    return NULL;
  rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize row = 0; row < qrx_delimited_get_n_rows (file); row++)
    g_array_append_val (rows, row);
  self = g_new0 (ModelList, 1);
  self->ids = line_ids_read (file, rows, -1);
  for (guint k = 0; k < N_LINE_KEYS; k++)
    self->index[k] = line_index_new (self->ids, (LineKey) k);
  self->donors = read_texts (file, "PatientID");
  self->tissues = read_texts (file, "OncotreeLineage");
  return self;
}

void
model_list_free (ModelList *self)
{
  for (guint k = 0; k < N_LINE_KEYS; k++)
    line_index_free (self->index[k]);
  line_ids_free (self->ids);
  g_clear_pointer (&self->donors, g_ptr_array_unref);
  g_clear_pointer (&self->tissues, g_ptr_array_unref);
  g_free (self);
}

gsize
model_list_get_length (const ModelList *self)
{
  return self->ids->n;
}

gssize
model_list_find (const ModelList *self, const LineIds *lines, gsize line)
{
  static const LineKey order[] = { LINE_KEY_DEPMAP, LINE_KEY_COSMIC, LINE_KEY_SANGER, LINE_KEY_NAME };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      gssize model = line_index_find (self->index[order[i]], line_ids_get (lines, order[i], line));

      if (model >= 0)
        return model;
    }
  return line_index_find_folded (self->index[LINE_KEY_NAME], line_ids_get (lines, LINE_KEY_NAME, line));
}

gsize
model_list_complete (const ModelList *self, LineIds *lines)
{
  gsize n_known = 0;

  for (gsize i = 0; i < lines->n; i++)
    {
      gssize model = model_list_find (self, lines, i);

      if (model < 0)
        continue;
      n_known++;
      for (guint k = 0; k < N_LINE_KEYS; k++)
        if (line_ids_get (lines, (LineKey) k, i) == NULL)
          line_ids_set (lines, (LineKey) k, i, g_strdup (line_ids_get (self->ids, (LineKey) k, (gsize) model)));
    }
  return n_known;
}

const char *
model_list_get_donor (const ModelList *self, gsize model)
{
  return self->donors != NULL ? self->donors->pdata[model] : NULL;
}

const char *
model_list_get_tissue (const ModelList *self, gsize model)
{
  return self->tissues != NULL ? self->tissues->pdata[model] : NULL;
}
