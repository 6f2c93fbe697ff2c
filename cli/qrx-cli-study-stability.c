/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx study stability: how alike the rankings of genes are that the fits of a study gave. */
#include "qrx-cli-json.h"
#include "qrx-cli-study.h"
#include "qrx-cli-text.h"

#include <qrx/qrx-delimited.h>

#define SHOWN_GENES 5

static char *store_path;
static gboolean as_json, as_csv;
static int top;

static const GOptionEntry entries[] = {
  { "store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The store to read", "FILE" },
  { "top", 0, 0, G_OPTION_ARG_INT, &top, "How many genes count as the first of a ranking (default: 20)", "K" },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &as_csv, "Print comma-separated values", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
  G_OPTION_ENTRY_NULL,
};

typedef void (*RowFunc) (const char *const *cells, gpointer data);

static char *
format_measure (JsonObject *agreement, const char *name, gboolean exact)
{
  JsonNode *node = json_object_get_member (agreement, name);

  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup (exact ? "" : "–");
  if (exact)
    {
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, json_node_get_double (node)));
    }
  return g_strdup_printf ("%.3f", json_node_get_double (node));
}

/* "cohort.drug=Cisplatin" is told by its value. */
static char *
describe_task (JsonObject *place)
{
  g_autoptr (JsonNode) task = qrx_cli_read_json (json_object_get_string_member (place, "task"));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GList) values =
      task != NULL && JSON_NODE_HOLDS_OBJECT (task) ? json_object_get_values (json_node_get_object (task)) : NULL;

  for (GList *l = values; l != NULL; l = l->next)
    {
      g_autofree char *shown =
          JSON_NODE_HOLDS_VALUE ((JsonNode *) l->data) && json_node_get_value_type (l->data) == G_TYPE_STRING
              ? json_node_dup_string (l->data)
              : qrx_cli_write_json (l->data, FALSE);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
list_leaders (JsonObject *place, guint n_shown)
{
  JsonArray *leading = json_object_get_array_member (place, "leading");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_shown, json_array_get_length (leading)); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (leading, i), "gene"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
format_count (JsonObject *object, const char *name)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (object, name));
}

/* One row for what is compared: seeds within folds, folds with one seed; none where there are no two fits to compare. */
static void
tell_agreement (JsonObject *place, const char *across, gboolean exact, RowFunc tell, gpointer data)
{
  JsonNode *node = json_object_get_member (place, across);
  g_autofree char *task = describe_task (place), *genes = format_count (place, "genes"),
                  *count = format_count (place, "top");
  g_autofree char *leaders = list_leaders (place, exact ? G_MAXUINT : SHOWN_GENES);
  JsonObject *agreement;

  if (JSON_NODE_HOLDS_NULL (node))
    return;
  agreement = json_node_get_object (node);
  {
    g_autofree char *groups = format_count (agreement, "groups"), *rankings = format_count (agreement, "rankings");
    g_autofree char *spearman = format_measure (agreement, "spearman", exact);
    g_autofree char *jaccard = format_measure (agreement, "jaccard", exact);
    g_autofree char *stability = format_measure (agreement, "stability", exact);
    const char *cells[] = { json_object_get_string_member (place, "arm"),
                            task,
                            json_object_get_string_member (place, "node"),
                            across,
                            genes,
                            count,
                            groups,
                            rankings,
                            spearman,
                            jaccard,
                            stability,
                            leaders,
                            NULL };

    tell (cells, data);
  }
}

static const char *const titles[] = { "arm",      "task",     "node",    "across",    "genes",   "top", "groups",
                                      "rankings", "spearman", "jaccard", "stability", "leading", NULL };

static void
tell_all (JsonArray *places, gboolean exact, RowFunc tell, gpointer data)
{
  tell (titles, data);
  for (guint i = 0; i < json_array_get_length (places); i++)
    {
      tell_agreement (json_array_get_object_element (places, i), "seeds", exact, tell, data);
      tell_agreement (json_array_get_object_element (places, i), "folds", exact, tell, data);
    }
}

static void
print_csv_row (const char *const *cells, gpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_autofree char *quoted = qrx_delimited_quote (cells[i], ',');

      printf ("%s%s", i > 0 ? "," : "", quoted);
    }
  putchar ('\n');
}

static void
add_grid_row (const char *const *cells, gpointer data)
{
  qrx_cli_grid_add (data, cells);
}

static void
print_places (const char *json)
{
  g_autoptr (JsonNode) root = qrx_cli_read_json (json);
  JsonArray *places = json_object_get_array_member (json_node_get_object (root), "stability");
  g_autoptr (QrxCliGrid) grid = NULL;

  if (as_csv)
    {
      tell_all (places, TRUE, print_csv_row, NULL);
      return;
    }
  if (json_array_get_length (places) == 0)
    {
      puts ("No trial ranked genes: add integrated-gradients or permutation-importance to the study's pipelines.");
      return;
    }
  grid = qrx_cli_grid_new ("llllrrrrrrrl");
  tell_all (places, FALSE, add_grid_row, grid);
  qrx_cli_grid_print (grid, stdout, 0, 0);
}

int
qrx_cli_study_stability (int argc, char **argv)
{
  g_autoptr (QrxStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "study stability", 0, 0))
    return QRX_EXIT_INVALID;
  if (store_path == NULL || top < 0 || (as_json && as_csv))
    {
      if (store_path == NULL)
        qrx_cli_say ("study stability: found no --store, expected the file that `qrx study run` wrote");
      else if (top < 0)
        qrx_cli_say ("study stability: found --top %d, expected a number of genes, at least 1", top);
      else
        qrx_cli_say ("study stability: found both --json and --csv, expected one of them");
      return QRX_EXIT_INVALID;
    }
  store = qrx_store_open (store_path, &error);
  text = store != NULL ? qrx_store_stability_to_json (store, (guint) top, &error) : NULL;
  if (text == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  if (as_json)
    puts (text);
  else
    print_places (text);
  return QRX_EXIT_OK;
}
