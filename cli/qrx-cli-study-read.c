/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx study list, show, best and export: what a store says; and merge, which joins several. */
#include "qrx-cli-json.h"
#include "qrx-cli-study-table.h"
#include "qrx-cli-study.h"
#include "qrx-cli-text.h"

#include <string.h>

static char *store_path;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The store to read", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL },
  G_OPTION_ENTRY_NULL,
};

static QrxStore *
open_store (int *argc, char ***argv, const char *verb, int n_arguments, int *status)
{
  g_autoptr (GError) error = NULL;
  QrxStore *store;

  *status = QRX_EXIT_INVALID;
  if (!qrx_cli_parse (argc, argv, entries, verb, n_arguments, n_arguments))
    return NULL;
  if (store_path == NULL)
    {
      qrx_cli_say ("%s: found no --store, expected the file that `qrx study run` wrote", verb);
      return NULL;
    }
  store = qrx_store_open (store_path, &error);
  if (store == NULL)
    {
      qrx_cli_complain (error);
      *status = QRX_EXIT_FAILED;
    }
  return store;
}

/* "path=value" for each member, or @none. */
static char *
describe (JsonNode *node, const char *none)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (object, l->data);
      g_autofree char *shown = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING
                                   ? json_node_dup_string (value)
                                   : qrx_cli_write_json (value, FALSE);

      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", (const char *) l->data, shown);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup (none);
}

static char *
format_number (JsonObject *object, const char *name, const char *format_text)
{
  JsonNode *node = json_object_get_member (object, name);

  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("–");
  return g_str_equal (format_text, "count") ? g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node))
                                            : g_strdup_printf ("%.3f", json_node_get_double (node));
}

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_null_member (object, name) ? "" : json_object_get_string_member (object, name);
}

/* What the ranking goes by, which is seldom what the report shows. */
static void
print_objective (JsonObject *best, const char *store, FILE *to)
{
  JsonArray *objectives = json_object_get_array_member (best, "objectives");
  gboolean minimize = g_str_equal (json_object_get_string_member (best, "direction"), "minimize");
  gboolean tests = FALSE;

  fprintf (to, "objective: ");
  for (guint i = 0; i < json_array_get_length (objectives); i++)
    {
      const char *objective = json_array_get_string_element (objectives, i);

      fprintf (to, "%s%s", i > 0 ? ", " : "", objective);
      tests = tests || strstr (objective, ".test.") != NULL;
    }
  fprintf (to, ", %s is better\n", minimize ? "lower" : "higher");
  if (json_object_get_int_member (best, "nested") > 0)
    fprintf (to, "each fold has chosen its configuration on its training rows: qrx study list --store %s\n", store);
  if (!tests)
    fprintf (to, "scores of test rows, with intervals, are in the report: qrx report %s\n", store);
}

void
qrx_cli_print_best (const char *json, const char *store, FILE *to)
{
  g_autoptr (JsonNode) root = qrx_cli_read_json (json);
  JsonArray *best = json_object_get_array_member (json_node_get_object (root), "best");
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("lllrr");

  print_objective (json_node_get_object (root), store, to);
  qrx_cli_grid_add (grid, (const char *[]){ "task", "arm", "configuration", "objective", "trials" });
  for (guint i = 0; i < json_array_get_length (best); i++)
    {
      JsonObject *row = json_array_get_object_element (best, i);
      g_autofree char *task = describe (json_object_get_member (row, "task"), "–");
      g_autofree char *configuration = describe (json_object_get_member (row, "configuration"), "–");
      g_autofree char *objective = format_number (row, "objective", "real");
      g_autofree char *trials = format_number (row, "trials", "count");

      qrx_cli_grid_add (grid, (const char *[]){ task, text_of (row, "arm"), configuration, objective, trials });
    }
  qrx_cli_grid_print (grid, to, 0, 0);
}

static void
print_list (const char *json)
{
  g_autoptr (JsonNode) root = qrx_cli_read_json (json);
  JsonArray *list = json_object_get_array_member (json_node_get_object (root), "list");
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("rlllllrrl");

  qrx_cli_grid_add (grid, (const char *[]){ "trial", "state", "arm", "task", "resample", "replicate", "objective",
                                            "seconds", "error" });
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *row = json_array_get_object_element (list, i);
      g_autofree char *id = format_number (row, "id", "count"), *objective = format_number (row, "objective", "real");
      g_autofree char *seconds = format_number (row, "seconds", "real");
      g_autofree char *task = describe (json_object_get_member (row, "task"), "–");
      g_autofree char *resample = describe (json_object_get_member (row, "resample"), "–");
      g_autofree char *replicate = describe (json_object_get_member (row, "replicate"), "–");

      qrx_cli_grid_add (grid, (const char *[]){ id, text_of (row, "state"), text_of (row, "arm"), task, resample,
                                                replicate, objective, seconds, text_of (row, "error") });
    }
  qrx_cli_grid_print (grid, stdout, 0, 0);
}

static void
print_facts (JsonObject *trial)
{
  static const char *const objects[] = { "configuration", "task", "resample", "replicate" };
  static const char *const texts[] = { "arm", "stage", "state", "error", "version", "kernel", "blas", "checksum" };
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("ll");
  g_autofree char *objective = format_number (trial, "objective", "real");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (*text_of (trial, texts[i]) != '\0')
      qrx_cli_grid_add (grid, (const char *[]){ texts[i], text_of (trial, texts[i]) });
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autofree char *text = describe (json_object_get_member (trial, objects[i]), "–");

      qrx_cli_grid_add (grid, (const char *[]){ objects[i], text });
    }
  qrx_cli_grid_add (grid, (const char *[]){ "objective", objective });
  qrx_cli_grid_print (grid, stdout, 0, 0);
}

static void
print_trial (const char *json)
{
  g_autoptr (JsonNode) root = qrx_cli_read_json (json);
  JsonObject *trial = json_node_get_object (root);
  JsonArray *scores = json_object_get_array_member (trial, "scores"),
            *messages = json_object_get_array_member (trial, "messages");
  g_autoptr (QrxCliGrid) grid = qrx_cli_grid_new ("lllrl");

  print_facts (trial);
  qrx_cli_grid_add (grid, (const char *[]){ "evaluator", "role", "score", "value", "" });
  for (guint i = 0; i < json_array_get_length (scores); i++)
    {
      JsonObject *row = json_array_get_object_element (scores, i);
      g_autofree char *value = json_object_get_null_member (row, "low")
                                   ? format_number (row, "value", "real")
                                   : g_strdup_printf ("[%.3f, %.3f]", json_object_get_double_member (row, "low"),
                                                      json_object_get_double_member (row, "high"));

      qrx_cli_grid_add (grid,
                        (const char *[]){ text_of (row, "evaluator"), text_of (row, "role"), text_of (row, "name"),
                                          *text_of (row, "text") == '\0'                   ? value
                                          : g_str_has_prefix (text_of (row, "text"), "[{") ? "(records)"
                                                                                           : text_of (row, "text"),
                                          text_of (row, "reason") });
    }
  if (json_array_get_length (scores) > 0)
    {
      putchar ('\n');
      qrx_cli_grid_print (grid, stdout, 0, 0);
      putchar ('\n');
    }
  for (guint i = 0; i < json_array_get_length (messages); i++)
    printf ("%s: %s\n", text_of (json_array_get_object_element (messages, i), "node"),
            text_of (json_array_get_object_element (messages, i), "text"));
}

/* Prints what the store said, or why it said nothing. */
static int
finish (char *text, GError *error, void (*print) (const char *))
{
  g_autofree char *owned = text;
  g_autoptr (GError) reason = error;

  if (text == NULL)
    {
      qrx_cli_complain (reason);
      return QRX_EXIT_FAILED;
    }
  if (as_json || print == NULL)
    puts (text);
  else
    print (text);
  return QRX_EXIT_OK;
}

static void
print_best (const char *json)
{
  qrx_cli_print_best (json, store_path, stdout);
}

int
qrx_cli_study_list (int argc, char **argv)
{
  int status;
  g_autoptr (QrxStore) store = open_store (&argc, &argv, "study list", 0, &status);
  GError *error = NULL;
  char *text = store != NULL ? qrx_store_list_to_json (store, &error) : NULL;

  return store != NULL ? finish (text, error, print_list) : status;
}

int
qrx_cli_study_show (int argc, char **argv)
{
  int status;
  g_autoptr (QrxStore) store = open_store (&argc, &argv, "study show", 1, &status);
  GError *error = NULL;
  guint64 trial;

  if (store == NULL)
    return status;
  if (!g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXINT32, &trial, NULL))
    {
      qrx_cli_say ("study show: found \"%s\", expected the number of a trial, from 0", argv[1]);
      return QRX_EXIT_INVALID;
    }
  {
    char *text = qrx_store_show_to_json (store, (gint64) trial, &error);

    return finish (text, error, print_trial);
  }
}

int
qrx_cli_study_best (int argc, char **argv)
{
  int status;
  g_autoptr (QrxStore) store = open_store (&argc, &argv, "study best", 0, &status);
  GError *error = NULL;
  char *text = store != NULL ? qrx_store_best_to_json (store, &error) : NULL;

  return store != NULL ? finish (text, error, print_best) : status;
}

int
qrx_cli_study_export (int argc, char **argv)
{
  int status;
  g_autoptr (QrxStore) store = open_store (&argc, &argv, "study export", 1, &status);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (store == NULL)
    return status;
  if (!g_str_equal (argv[1], "csv"))
    {
      qrx_cli_say ("study export: found the format \"%s\", expected csv", argv[1]);
      return QRX_EXIT_INVALID;
    }
  text = qrx_store_to_csv (store, &error);
  if (text == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  fputs (text, stdout);
  return QRX_EXIT_OK;
}

static gboolean
merge_one (QrxStore *store, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxStore) other = qrx_store_open (path, &error);
  gint64 n = other != NULL ? qrx_store_merge (store, other, &error) : -1;

  if (n < 0)
    qrx_cli_complain (error);
  else
    printf ("%s: %" G_GINT64_FORMAT " ended trial%s taken\n", path, n, n == 1 ? "" : "s");
  return n >= 0;
}

int
qrx_cli_study_merge (int argc, char **argv)
{
  g_autoptr (QrxStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "study merge", 1, G_MAXINT - 1))
    return QRX_EXIT_INVALID;
  if (store_path == NULL)
    {
      qrx_cli_say ("study merge: found no --store, expected the file to merge into");
      return QRX_EXIT_INVALID;
    }
  store = qrx_store_open_or_create (store_path, &error);
  if (store == NULL)
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  for (int i = 1; i < argc; i++)
    if (!merge_one (store, argv[i]))
      return QRX_EXIT_FAILED;
  printf ("%s: %" G_GINT64_FORMAT " done, %" G_GINT64_FORMAT " failed, %" G_GINT64_FORMAT " waiting\n", store_path,
          qrx_store_count (store, "done"), qrx_store_count (store, "failed"), qrx_store_count (store, "waiting"));
  return QRX_EXIT_OK;
}
