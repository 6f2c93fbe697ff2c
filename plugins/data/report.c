/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collects what a loader found and did while there is no table yet, and hands it over when there is one. */
#include "report.h"

typedef struct {
  char *key;
  char *text;
  gboolean is_spoken;
} Fact;

struct _Report {
  GArray *facts;
};

static void
clear_fact (gpointer data)
{
  Fact *fact = data;

  g_free (fact->key);
  g_free (fact->text);
}

Report *
report_new (void)
{
  Report *self = g_new (Report, 1);

  self->facts = g_array_new (FALSE, FALSE, sizeof (Fact));
  g_array_set_clear_func (self->facts, clear_fact);
  return self;
}

void
report_free (Report *self)
{
  g_array_unref (self->facts);
  g_free (self);
}

static void
add (Report *self, const char *key, char *text, gboolean is_spoken)
{
  Fact fact = { g_strdup (key), text, is_spoken };

  g_array_append_val (self->facts, fact);
}

void
report_say (Report *self, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add (self, key, g_strdup_vprintf (format, arguments), TRUE);
  va_end (arguments);
}

void
report_note (Report *self, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add (self, key, g_strdup_vprintf (format, arguments), FALSE);
  va_end (arguments);
}

void
report_file (Report *self, QrxContext *context, const char *key, const char *name, const char *path)
{
  g_autofree char *digest_key = g_strconcat (key, ".sha256", NULL);
  const char *digest = qrx_context_get_input_digest (context, path);

  report_note (self, key, "%s", name);
  if (digest != NULL)
    report_note (self, digest_key, "%s", digest);
}

void
report_publish (Report *self, QrxNode *node, QrxContext *context, QrxTable *table)
{
  for (guint i = 0; i < self->facts->len; i++)
    {
      const Fact *fact = &g_array_index (self->facts, Fact, i);

      qrx_table_set_note (table, fact->key, fact->text);
      if (fact->is_spoken)
        qrx_context_message (context, qrx_node_get_id (node), fact->text);
    }
}
