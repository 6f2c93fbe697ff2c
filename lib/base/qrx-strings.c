/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A column of strings that tables derived from one another share. Each string exists once, however many rows and derived
 * tables point to it: a table of (line, drug) pairs repeats its few tissues and drugs hundreds of thousands of times. */
#include "base/qrx-strings-private.h"

static QrxStrings *
strings_alloc (gsize n)
{
  QrxStrings *self = g_atomic_rc_box_new0 (QrxStrings);

  self->n = n;
  self->items = g_new0 (char *, n + 1);
  return self;
}

/* Copies @n strings, none of them NULL. */
QrxStrings *
qrx_strings_new (const char *const *items, gsize n)
{
  QrxStrings *self = strings_alloc (n);

  for (gsize i = 0; i < n; i++)
    self->items[i] = g_ref_string_new (items[i]);
  return self;
}

/* Copies @n strings that repeat, none of them NULL; "" becomes NULL. GLib's interned strings would do, but in 2.74 one
 * thread can be given a string that another is about to free. */
QrxStrings *
qrx_strings_new_unknown_as_null (const char *const *items, gsize n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  QrxStrings *self = strings_alloc (n);

  for (gsize i = 0; i < n; i++)
    {
      char *string = g_hash_table_lookup (seen, items[i]);

      if (items[i][0] == '\0')
        continue;
      self->items[i] = string != NULL ? g_ref_string_acquire (string) : g_ref_string_new (items[i]);
      if (string == NULL)
        g_hash_table_add (seen, self->items[i]);
    }
  return self;
}

/* result[i] = self[rows[i]]; the strings themselves are shared. */
QrxStrings *
qrx_strings_select (QrxStrings *self, QrxIndex *rows)
{
  gsize n = qrx_index_get_length (rows);
  const guint *numbers = qrx_index_peek (rows);
  QrxStrings *selected = strings_alloc (n);

  for (gsize i = 0; i < n; i++)
    if (self->items[numbers[i]] != NULL)
      selected->items[i] = g_ref_string_acquire (self->items[numbers[i]]);
  return selected;
}

QrxStrings *
qrx_strings_ref (QrxStrings *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
strings_clear (gpointer data)
{
  QrxStrings *self = data;

  for (gsize i = 0; i < self->n; i++)
    if (self->items[i] != NULL)
      g_ref_string_release (self->items[i]);
  g_free (self->items);
}

void
qrx_strings_unref (QrxStrings *self)
{
  g_atomic_rc_box_release_full (self, strings_clear);
}
