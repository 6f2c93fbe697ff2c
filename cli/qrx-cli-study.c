/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx study: finds the action and hands over. */
#include "qrx-cli-study.h"

#include <string.h>

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON: see `qrx study ACTION --help`", NULL },
  G_OPTION_ENTRY_NULL,
};

const QrxVerb qrx_study_actions[] = {
  { "study run", "STUDY", "run the trials of a study that are not in its store yet", qrx_cli_study_run },
  { "study index", "N STUDY", "run one trial, as an array task of a cluster does", qrx_cli_study_index },
  { "study validate", "STUDY", "check a study without running it, and count its trials", qrx_cli_study_validate },
  { "study list", "", "list the trials of a store", qrx_cli_study_list },
  { "study show", "N", "show one trial: settings, scores, messages", qrx_cli_study_show },
  { "study best", "", "rank what was tried, within each task", qrx_cli_study_best },
  { "study watch", "", "serve the report of a store on loopback while the study runs", qrx_cli_study_watch },
  { "study merge", "STORE…", "join stores of one study into the one of --store", qrx_cli_study_merge },
  { "study stability", "", "tell how alike rankings of genes are over fits", qrx_cli_study_stability },
  { "study export", "csv", "print all scores, a line each", qrx_cli_study_export },
  { NULL, NULL, NULL, NULL },
};

QrxStudy *
qrx_cli_load_study (QrxRegistry *registry, const char *path, char **overrides, gboolean json)
{
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (GError) error = NULL;
  QrxStudy *study;

  if (!qrx_cli_check_overrides (overrides))
    return NULL;
  study = qrx_study_load (registry, path, (const char *const *) overrides, diagnostics, &error);
  if (study == NULL)
    qrx_cli_tell_faults (path, diagnostics, error, json);
  return study;
}

char *
qrx_cli_choose_store (const char *study, const char *chosen)
{
  g_autofree char *name = g_path_get_basename (study);
  g_autofree char *file = NULL;

  if (chosen != NULL)
    return g_strdup (chosen);
  if (g_str_has_suffix (name, ".json") && !g_str_equal (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';
  file = g_strconcat (name, ".db", NULL);
  return g_build_filename ("results", file, NULL);
}

int
qrx_cli_study (int argc, char **argv)
{
  const char *names[G_N_ELEMENTS (qrx_study_actions)] = { NULL };
  g_autofree char *hint = NULL;

  for (guint i = 0; qrx_study_actions[i].name != NULL; i++)
    {
      names[i] = qrx_study_actions[i].name + strlen ("study ");
      if (argc > 1 && strcmp (argv[1], names[i]) == 0)
        {
          g_autofree char *program = g_strconcat ("qrx ", qrx_study_actions[i].name, NULL);

          g_set_prgname (program);
          return qrx_study_actions[i].main (argc - 1, argv + 1);
        }
    }
  if (!qrx_cli_parse (&argc, &argv, entries, "study", 1, G_MAXINT))
    return QRX_EXIT_INVALID;
  hint = qrx_suggest_text (argv[1], names);
  qrx_cli_say ("study: there is no action \"%s\"%s", argv[1], hint);
  return QRX_EXIT_INVALID;
}
