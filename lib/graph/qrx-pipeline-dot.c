/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline as a drawing for Graphviz: nodes with their types, links with what they carry. */
#include "graph/qrx-pipeline-private.h"

/* Light fills, by how a category begins; any other is white. */
static const struct {
  const char *category;
  const char *fill;
} fills[] = {
  { "data", "#e8f1d8" },    { "transform", "#f3ecd2" }, { "encoder", "#dce9f5" },   { "normalizer", "#f7dfd3" },
  { "quantum", "#e5dcf3" }, { "baseline", "#e3e3e3" },  { "training", "#d5ede9" },  { "monitor", "#d5ede9" },
  { "evaluator", "#fbe3ec" }, { "diagnostic", "#fbe3ec" }, { "sink", "#efefef" },
};

static const char *
get_fill (QrxNode *node)
{
  const char *category = qrx_node_class_get_category (QRX_NODE_GET_CLASS (node));

  for (guint i = 0; i < G_N_ELEMENTS (fills); i++)
    if (category != NULL && g_str_has_prefix (category, fills[i].category))
      return fills[i].fill;
  return "#ffffff";
}

static void
append_quoted (GString *text, const char *value)
{
  g_string_append_c (text, '"');
  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');
}

/* Two lines; a line break within a quoted string is one in the drawing. */
static void
append_label (GString *text, const char *first, const char *second)
{
  g_autofree char *both = g_strconcat (first, "\n", second, NULL);

  append_quoted (text, both);
}

static void
append_link (GString *text, const QrxEntry *to, const QrxEntryLink *link)
{
  gboolean plain = qrx_node_class_find_port (link->from->klass, NULL, TRUE) == link->from_port &&
                   qrx_node_class_find_port (to->klass, NULL, FALSE) == link->to_port;
  const char *type = link->link.type != NULL ? link->link.type
                                             : qrx_port_spec_get_text (qrx_port_get_spec (link->from_port));
  g_autofree char *ports = g_strdup_printf ("  %s → %s  ", qrx_port_get_name (link->from_port),
                                            qrx_port_get_name (link->to_port));
  g_autofree char *padded = g_strdup_printf ("  %s  ", type); /* or it would touch its line */

  g_string_append (text, "  ");
  append_quoted (text, link->from->id);
  g_string_append (text, " -> ");
  append_quoted (text, to->id);
  g_string_append (text, " [label=");
  if (plain)
    append_quoted (text, padded);
  else
    append_label (text, ports, type);
  g_string_append_printf (text, "%s];\n", g_str_has_prefix (type, "flow") ? "" : ", style=dashed");
}

/**
 * qrx_pipeline_to_dot:
 * @self: a validated pipeline
 *
 * Draws the pipeline in the DOT language: a box for each node with its type, an arrow for each link with what it
 * carries, dashed where that is no flow.
 *
 * Returns: (transfer full): the drawing
 */
char *
qrx_pipeline_to_dot (QrxPipeline *self)
{
  g_autoptr (GString) text = g_string_new ("digraph ");

  g_return_val_if_fail (QRX_IS_PIPELINE (self), NULL);
  append_quoted (text, self->title != NULL ? self->title : self->name != NULL ? self->name : "pipeline");
  g_string_append (text, " {\n"
                         "  rankdir=TB;\n"
                         "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11];\n"
                         "  edge [fontname=\"monospace\", fontsize=9, color=\"#555555\", fontcolor=\"#333333\"];\n");
  for (guint i = 0; i < self->entries->len; i++)
    {
      const QrxEntry *entry = g_ptr_array_index (self->entries, i);
      const char *type = qrx_node_get_type_name (entry->node);

      g_string_append (text, "  ");
      append_quoted (text, entry->id);
      g_string_append (text, " [label=");
      append_label (text, entry->id, type);
      g_string_append_printf (text, ", fillcolor=\"%s\"];\n", get_fill (entry->node));
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const QrxEntry *entry = g_ptr_array_index (self->entries, i);

      for (guint k = 0; k < entry->links->len; k++)
        append_link (text, entry, g_ptr_array_index (entry->links, k));
    }
  g_string_append (text, "}\n");
  return g_strdup (text->str);
}
