/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Topological order, ties as the nodes stand in the file; and the cycles where there is none. */
#include "graph/qrx-pipeline-private.h"

static gboolean
waits_for (const QrxEntryLink *link)
{
  return link->from != NULL && !link->from->sorted;
}

static gboolean
is_ready (const QrxEntry *entry)
{
  for (guint i = 0; i < entry->links->len; i++)
    if (waits_for (g_ptr_array_index (entry->links, i)))
      return FALSE;
  return TRUE;
}

static const QrxEntryLink *
first_waiting_link (const QrxEntry *entry)
{
  for (guint i = 0; i < entry->links->len; i++)
    if (waits_for (g_ptr_array_index (entry->links, i)))
      return g_ptr_array_index (entry->links, i);
  return NULL;
}

static gint
index_of (GPtrArray *array, gconstpointer item)
{
  guint i;

  return g_ptr_array_find (array, item, &i) ? (gint) i : -1;
}

/* Walks against the links from an entry that waits until one comes again; the nodes of that loop in the order of data,
 * beginning with the one that stands first in the file. */
static GPtrArray *
find_cycle (GPtrArray *entries, QrxEntry *start)
{
  g_autoptr (GPtrArray) walk = g_ptr_array_new ();
  GPtrArray *cycle = g_ptr_array_new ();
  QrxEntry *at = start;
  guint loop, first = 0;

  while (index_of (walk, at) < 0)
    {
      const QrxEntryLink *link = first_waiting_link (at);

      g_ptr_array_add (walk, at);
      if (link != NULL) /* as it is with every entry that waits */
        at = link->from;
    }
  loop = (guint) index_of (walk, at);
  for (guint i = walk->len; i > loop; i--)
    g_ptr_array_add (cycle, g_ptr_array_index (walk, i - 1));
  for (guint i = 1; i < cycle->len; i++)
    if (index_of (entries, g_ptr_array_index (cycle, i)) < index_of (entries, g_ptr_array_index (cycle, first)))
      first = i;
  for (guint i = 0; i < first; i++)
    g_ptr_array_add (cycle, g_ptr_array_steal_index (cycle, 0));
  return cycle;
}

static void
report_cycle (GPtrArray *cycle, GPtrArray *faults)
{
  QrxEntry *first = g_ptr_array_index (cycle, 0);
  const QrxEntryLink *link = first_waiting_link (first);
  const QrxPlace *place = link != NULL ? &link->place : &first->place;
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < cycle->len; i++)
    g_string_append_printf (path, "%s → ", ((QrxEntry *) g_ptr_array_index (cycle, i))->id);
  qrx_diagnostics_add (faults, QRX_PIPELINE_ERROR_CYCLE, place, first->id, NULL,
                       "%s: found a cycle, %s%s; data flow one way", first->id, path->str, first->id);
}

void
qrx_pipeline_sort (QrxPipeline *self, GPtrArray *faults)
{
  GPtrArray *entries = self->entries;
  g_autoptr (GPtrArray) order = g_ptr_array_sized_new (entries->len);

  for (guint i = 0; i < entries->len; i++)
    ((QrxEntry *) g_ptr_array_index (entries, i))->sorted = FALSE;
  while (order->len < entries->len)
    {
      QrxEntry *next = NULL, *stuck = NULL;

      for (guint i = 0; i < entries->len && next == NULL; i++)
        {
          QrxEntry *entry = g_ptr_array_index (entries, i);

          if (entry->sorted)
            continue;
          if (is_ready (entry))
            next = entry;
          else if (stuck == NULL)
            stuck = entry;
        }
      if (next == NULL)
        {
          g_autoptr (GPtrArray) cycle = find_cycle (entries, stuck);

          report_cycle (cycle, faults);
          next = g_ptr_array_index (cycle, 0); /* cut here, to go on */
        }
      next->sorted = TRUE;
      g_ptr_array_add (order, next);
    }
  for (guint i = 0; i < order->len; i++)
    g_ptr_array_index (entries, i) = g_ptr_array_index (order, i);
}
