/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs share: options, registry, and how faults are told. */
#include "qrx-cli.h"

#include "qrx-cli-circuit.h"
#include "qrx-cli-json.h"
#include "qrx-cli-study.h"
#include "qrx-cli-text.h"

#include <stdio.h>
#include <string.h>

char *qrx_cli_plugin_path;

void
qrx_cli_say (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "qrx: %s\n", text);
}

void
qrx_cli_complain (const GError *error)
{
  qrx_cli_say ("%s", error->message);
}

/* "; did you mean "--seed"?" for the first of the arguments that is no option of the verb. */
static char *
suggest_option (int argc, char **argv, const GOptionEntry *entries)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    g_ptr_array_add (names, (gpointer) entry->long_name);
  g_ptr_array_add (names, (gpointer) "help");
  g_ptr_array_add (names, NULL);
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    {
      g_autofree char *name = g_strndup (argv[i], strcspn (argv[i], "="));
      const char *near;

      if (!g_str_has_prefix (name, "--") || g_strv_contains ((const char *const *) names->pdata, name + 2))
        continue;
      near = qrx_suggest (name + 2, (const char *const *) names->pdata);
      return near != NULL ? g_strdup_printf ("; did you mean `--%s`?", near) : g_strdup ("");
    }
  return g_strdup ("");
}

static const QrxVerb *
find_verb (const char *name)
{
  const QrxVerb *tables[] = { qrx_verbs, qrx_circuit_actions, qrx_study_actions };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const QrxVerb *verb = tables[i]; verb->name != NULL; verb++)
      if (g_str_equal (verb->name, name))
        return verb;
  g_assert_not_reached ();
}

/* The table of what a verb can do, NULL if that is one thing. */
static const QrxVerb *
find_actions (const char *verb)
{
  return g_str_equal (verb, "circuit") ? qrx_circuit_actions : g_str_equal (verb, "study") ? qrx_study_actions : NULL;
}

char *
qrx_cli_list_actions (const char *verb)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (const QrxVerb *action = find_actions (verb); action != NULL && action->name != NULL; action++)
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", action->name + strlen (verb) + 1);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
describe_actions (GOptionContext *options, const QrxVerb *verb, const QrxVerb *actions)
{
  g_autoptr (GString) text = g_string_new ("Actions:");

  for (const QrxVerb *action = actions; action->name != NULL; action++)
    g_string_append_printf (text, "\n  %-9s %s%*s%s", action->name + strlen (verb->name) + 1, action->arguments,
                            9 - (int) qrx_cli_text_width (action->arguments), "", action->summary);
  g_string_append_printf (text, "\n\nqrx %s ACTION --help   the options of an action", verb->name);
  g_option_context_set_description (options, text->str);
}

static GOptionContext *
describe_options (const QrxVerb *verb, const GOptionEntry *entries)
{
  GOptionContext *options = g_option_context_new (verb->arguments);
  const QrxVerb *actions = find_actions (verb->name);

  g_option_context_set_summary (options, verb->summary);
  g_option_context_add_main_entries (options, entries, NULL);
  if (actions != NULL)
    describe_actions (options, verb, actions);
  return options;
}

/* An empty name is most often a shell's variable that was not set: the file it would name is never meant. */
static gboolean
check_names (const QrxVerb *verb, const GOptionEntry *entries, char **arguments)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      gboolean folder = g_strcmp0 (entry->arg_description, "DIR") == 0;

      if ((!folder && g_strcmp0 (entry->arg_description, "FILE") != 0) || g_strcmp0 (*(char **) entry->arg_data, "") != 0)
        continue;
      qrx_cli_say ("%s: --%s: found an empty name, expected that of a %s%s", verb->name, entry->long_name,
                   folder ? "folder" : "file", folder ? "; \".\" is the present one" : "");
      return FALSE;
    }
  for (; *arguments != NULL; arguments++)
    if (**arguments == '\0')
      {
        qrx_cli_say ("%s: found an empty argument, expected %s; see `qrx %s --help`", verb->name, verb->arguments,
                     verb->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
find_plugin_folders (void)
{
  g_auto (GStrv) folders =
      g_strsplit (qrx_cli_plugin_path != NULL ? qrx_cli_plugin_path : "", G_SEARCHPATH_SEPARATOR_S, -1);

  for (guint i = 0; folders[i] != NULL; i++)
    if (*folders[i] != '\0' && !g_file_test (folders[i], G_FILE_TEST_IS_DIR))
      {
        qrx_cli_say ("--plugin-path: found \"%s\", which is no folder", folders[i]);
        return FALSE;
      }
  return TRUE;
}

gboolean
qrx_cli_find_files (char **paths)
{
  for (; *paths != NULL; paths++)
    if (!g_file_test (*paths, G_FILE_TEST_EXISTS))
      {
        qrx_cli_say ("%s: there is no such file", *paths);
        return FALSE;
      }
    else if (g_file_test (*paths, G_FILE_TEST_IS_DIR))
      {
        qrx_cli_say ("%s: found a folder, expected a file", *paths);
        return FALSE;
      }
    else if (!g_file_test (*paths, G_FILE_TEST_IS_REGULAR))
      {
        qrx_cli_say ("%s: found a device or pipe, expected a file", *paths);
        return FALSE;
      }
  return TRUE;
}

gboolean
qrx_cli_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *name, int minimum, int maximum)
{
  const QrxVerb *verb = find_verb (name);
  g_autoptr (GOptionContext) options = describe_options (verb, entries);
  g_autoptr (GError) error = NULL;
  int n;

  if (!g_option_context_parse (options, argc, argv, &error))
    {
      gboolean unknown = g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION);
      g_autofree char *hint = unknown ? suggest_option (*argc, *argv, entries) : g_strdup ("");

      qrx_cli_say ("%s: %s%s", name, error->message, hint);
      return FALSE;
    }
  if (*argc > 1 && g_str_equal ((*argv)[1], "--"))
    {
      (*argv)++;
      (*argc)--;
    }
  n = *argc - 1;
  if (n >= minimum && n <= maximum)
    return check_names (verb, entries, *argv + 1) && find_plugin_folders ();
  if (n < minimum)
    qrx_cli_say ("%s: an argument is missing; see `qrx %s --help`", name, name);
  else
    qrx_cli_say ("%s: found the argument \"%s\" too many; see `qrx %s --help`", name, (*argv)[maximum + 1], name);
  return FALSE;
}

QrxRegistry *
qrx_cli_open_registry (void)
{
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  if (qrx_registry_load_plugins (registry, qrx_cli_plugin_path, &error))
    return g_steal_pointer (&registry);
  qrx_cli_complain (error);
  return NULL;
}

int
qrx_cli_status_of (const GError *error)
{
  return error->domain == QRX_PIPELINE_ERROR ? QRX_EXIT_INVALID : QRX_EXIT_FAILED;
}

gboolean
qrx_cli_check_overrides (char **overrides)
{
  for (char **override = overrides; override != NULL && *override != NULL; override++)
    if (!g_utf8_validate (*override, -1, NULL))
      {
        g_autofree char *shown = g_utf8_make_valid (*override, -1);

        qrx_cli_say ("--set: found \"%s\", which is not UTF-8", shown);
        return FALSE;
      }
  return TRUE;
}

void
qrx_cli_tell_faults (const char *path, GPtrArray *diagnostics, const GError *error, gboolean json)
{
  if (json)
    qrx_cli_print_json (qrx_cli_faults_to_json (path, diagnostics, error));
  if (diagnostics->len == 0)
    qrx_cli_complain (error);
  for (guint i = 0; i < diagnostics->len; i++)
    {
      g_autofree char *text = qrx_diagnostic_to_string (diagnostics->pdata[i]);

      qrx_cli_say ("%s", text);
    }
  if (diagnostics->len > 1)
    qrx_cli_say ("%u faults in %s", diagnostics->len, path);
}

QrxPipeline *
qrx_cli_load_pipeline (QrxRegistry *registry, const char *path, char **overrides, gboolean json)
{
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (GError) error = NULL;
  QrxPipeline *pipeline;

  if (!qrx_cli_check_overrides (overrides))
    return NULL;
  pipeline = qrx_pipeline_load (registry, path, (const char *const *) overrides, diagnostics, &error);
  if (pipeline == NULL)
    qrx_cli_tell_faults (path, diagnostics, error, json);
  return pipeline;
}
