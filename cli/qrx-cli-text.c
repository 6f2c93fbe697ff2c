/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in columns. Knows Unicode's widths, nothing of what is printed. */
#include "qrx-cli-text.h"

#include <string.h>

struct _QrxCliGrid {
  char *alignment;
  gsize n_columns;
  GPtrArray *cells; /* row after row */
};

static gsize
character_width (gunichar c)
{
  if (g_unichar_iszerowidth (c) || g_unichar_iscntrl (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

gsize
qrx_cli_text_width (const char *text)
{
  gsize width = 0;

  if (!g_utf8_validate (text, -1, NULL))
    return strlen (text);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += character_width (g_utf8_get_char (text));
  return width;
}

char *
qrx_cli_text_shorten (const char *text, gsize width)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char *end = valid;
  gsize places = 0;

  if (qrx_cli_text_width (valid) <= width)
    return g_steal_pointer (&valid);
  for (; *end != '\0'; end = g_utf8_next_char (end))
    {
      places += character_width (g_utf8_get_char (end));
      if (places + 1 > width)
        break;
    }
  while (end > valid && end[-1] == ' ')
    end--;
  return g_strdup_printf ("%.*s%s", (int) (end - valid), valid, width > 0 ? "…" : "");
}

void
qrx_cli_text_print_paragraph (FILE *to, const char *text, gsize used, gsize indent, gsize width)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n\t", -1);
  gboolean begun = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize size = qrx_cli_text_width (words[i]);

      if (size == 0)
        continue;
      if (used > indent && used + begun + size > width)
        {
          fputc ('\n', to);
          used = 0;
          begun = FALSE;
        }
      fprintf (to, "%*s%s", begun ? 1 : (int) (indent - MIN (used, indent)), "", words[i]);
      used = MAX (used, begun ? used : indent) + begun + size;
      begun = TRUE;
    }
  fputc ('\n', to);
}

QrxCliGrid *
qrx_cli_grid_new (const char *alignment)
{
  QrxCliGrid *self = g_new0 (QrxCliGrid, 1);

  self->alignment = g_strdup (alignment);
  self->n_columns = strlen (alignment);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
qrx_cli_grid_free (QrxCliGrid *self)
{
  g_free (self->alignment);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
qrx_cli_grid_add (QrxCliGrid *self, const char *const *cells)
{
  for (gsize column = 0; column < self->n_columns; column++)
    g_ptr_array_add (self->cells, g_strdup (cells[column] != NULL ? cells[column] : ""));
}

static gsize
column_width (QrxCliGrid *self, gsize column)
{
  gsize width = 0;

  for (gsize i = column; i < self->cells->len; i += self->n_columns)
    width = MAX (width, qrx_cli_text_width (self->cells->pdata[i]));
  return width;
}

static void
append_cell (GString *line, const char *cell, gsize width, char side)
{
  gsize missing = width - MIN (qrx_cli_text_width (cell), width);

  if (side == 'r')
    g_string_append_printf (line, "%*s%s", (int) missing, "", cell);
  else
    g_string_append_printf (line, "%s%*s", cell, (int) missing, "");
}

static void
print_line (GString *line, FILE *to, gsize width)
{
  g_autofree char *shown = NULL;

  g_strchomp (line->str);
  shown = width > 0 ? qrx_cli_text_shorten (line->str, width) : g_strdup (line->str);
  fprintf (to, "%s\n", shown);
}

void
qrx_cli_grid_print (QrxCliGrid *self, FILE *to, gsize indent, gsize width)
{
  g_autofree gsize *widths = g_new (gsize, self->n_columns);

  for (gsize column = 0; column < self->n_columns; column++)
    widths[column] = column_width (self, column);
  for (gsize i = 0; i < self->cells->len; i += self->n_columns)
    {
      g_autoptr (GString) line = g_string_new (NULL);

      g_string_append_printf (line, "%*s", (int) indent, "");
      for (gsize column = 0; column < self->n_columns; column++)
        {
          if (column > 0)
            g_string_append (line, "  ");
          append_cell (line, self->cells->pdata[i + column], widths[column], self->alignment[column]);
        }
      print_line (line, to, width);
    }
}
