/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recognizes the ids of cell lines by header and by form. Knows how providers write them. */
#include "line-ids.h"

#include <string.h>

static const struct {
  const char *header;
  LineKey key;
} headers[] = {
  { "COSMIC_ID", LINE_KEY_COSMIC },
  { "COSMICID", LINE_KEY_COSMIC },
  { "ModelID", LINE_KEY_DEPMAP },
  { "DepMap_ID", LINE_KEY_DEPMAP },
  { "SANGER_MODEL_ID", LINE_KEY_SANGER },
  { "SangerModelID", LINE_KEY_SANGER },
  { "CELL_LINE_NAME", LINE_KEY_NAME },
  { "CellLineName", LINE_KEY_NAME },
  { "Primary Cell Line Name", LINE_KEY_NAME },
  { "CCLE Cell Line Name", LINE_KEY_NAME },
  { "CCLEName", LINE_KEY_NAME },
};

static const char *const key_names[N_LINE_KEYS] = { "cosmic", "depmap", "sanger", "name" };

const char *
line_key_get_name (LineKey key)
{
  return key_names[key];
}

int
line_key_from_name (const char *name)
{
  for (guint i = 0; i < N_LINE_KEYS; i++)
    if (g_str_equal (name, key_names[i]))
      return (int) i;
  return -1;
}

int
line_key_from_header (const char *header)
{
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    if (g_ascii_strcasecmp (header, headers[i].header) == 0)
      return (int) headers[i].key;
  return -1;
}

static gboolean
is_digits (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return length > 0;
}

/* The digits of a COSMIC id; what follows a point is an index of repeats or the mark of a floating point number. */
static gsize
cosmic_length (const char *text)
{
  gsize length = strcspn (text, ".");

  if (!is_digits (text, length) || (text[length] == '.' && !is_digits (text + length + 1, strlen (text + length + 1))))
    return 0;
  return length;
}

char *
line_key_normalize (LineKey key, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  gsize length;

  if (stripped[0] == '\0' || g_ascii_strcasecmp (stripped, "NA") == 0 || g_ascii_strcasecmp (stripped, "nan") == 0)
    return NULL;
  if (key == LINE_KEY_COSMIC)
    {
      length = cosmic_length (stripped);
      return length > 0 ? g_strndup (stripped, length) : NULL;
    }
  return g_steal_pointer (&stripped);
}

static gboolean
is_key (LineKey key, const char *text)
{
  switch (key)
    {
    case LINE_KEY_COSMIC:
      return cosmic_length (text) > 0;
    case LINE_KEY_DEPMAP:
      return g_str_has_prefix (text, "ACH-") && is_digits (text + 4, strlen (text + 4));
    case LINE_KEY_SANGER:
      return g_str_has_prefix (text, "SIDM") && is_digits (text + 4, strlen (text + 4));
    case LINE_KEY_NAME:
    case N_LINE_KEYS:
      break;
    }
  return TRUE;
}

LineKey
line_key_guess (QrxDelimited *file, gsize column)
{
  gsize n = qrx_delimited_get_n_rows (file);
  LineKey key = LINE_KEY_COSMIC;

  for (gsize row = 0; row < n && key != LINE_KEY_NAME;)
    {
      g_autofree char *text = g_strstrip (qrx_delimited_dup (file, row, column));

      if (text[0] == '\0' || is_key (key, text))
        row++;
      else
        {
          key++;
          row = 0;
        }
    }
  return key;
}

LineIds *
line_ids_new (gsize n)
{
  LineIds *self = g_new0 (LineIds, 1);

  self->n = n;
  return self;
}

void
line_ids_free (LineIds *self)
{
  for (guint k = 0; k < N_LINE_KEYS; k++)
    g_clear_pointer (&self->ids[k], g_ptr_array_unref);
  g_free (self);
}

const char *
line_ids_get (const LineIds *self, LineKey key, gsize line)
{
  return self->ids[key] != NULL ? self->ids[key]->pdata[line] : NULL;
}

void
line_ids_set (LineIds *self, LineKey key, gsize line, char *id)
{
  if (self->ids[key] == NULL)
    {
      self->ids[key] = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_set_size (self->ids[key], (gint) self->n);
    }
  g_free (self->ids[key]->pdata[line]);
  self->ids[key]->pdata[line] = id;
}

gboolean
line_ids_has (const LineIds *self, LineKey key)
{
  for (gsize i = 0; self->ids[key] != NULL && i < self->n; i++)
    if (self->ids[key]->pdata[i] != NULL)
      return TRUE;
  return FALSE;
}

/* CCLE writes the tissue behind the name: 22RV1_PROSTATE. */
static void
cut_tissue (const char *header, char *text)
{
  if (g_str_has_prefix (header, "CCLE"))
    text[strcspn (text, "_")] = '\0';
}

static void
read_column (LineIds *self, QrxDelimited *file, const GArray *rows, gsize column, LineKey key)
{
  const char *header = qrx_delimited_get_column_name (file, column);

  for (gsize i = 0; i < self->n; i++)
    if (line_ids_get (self, key, i) == NULL)
      {
        g_autofree char *text = qrx_delimited_dup (file, g_array_index (rows, gsize, i), column);

        cut_tissue (header, text);
        line_ids_set (self, key, i, line_key_normalize (key, text));
      }
}

LineIds *
line_ids_read (QrxDelimited *file, const GArray *rows, gssize id_column)
{
  LineIds *self = line_ids_new (rows->len);

  /* In the order of the list, so that a primary name goes before CCLE's long one. */
  for (gsize h = 0; h < G_N_ELEMENTS (headers); h++)
    for (gsize column = 0; column < qrx_delimited_get_n_columns (file); column++)
      if (g_ascii_strcasecmp (qrx_delimited_get_column_name (file, column), headers[h].header) == 0)
        read_column (self, file, rows, column, headers[h].key);
  if (id_column >= 0 && line_key_from_header (qrx_delimited_get_column_name (file, (gsize) id_column)) < 0)
    read_column (self, file, rows, (gsize) id_column, line_key_guess (file, (gsize) id_column));
  return self;
}
