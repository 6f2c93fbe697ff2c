/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx report: what came out of a run or a study, as one page to look at. */
#include "qrx-cli.h"

#include <stdio.h>
#include <string.h>

static char *output;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "Where to write the page; default: report.html in a run's folder, beside a store the store's name", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print what the page shows as JSON, instead", NULL },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

static char *
choose_output (const char *source)
{
  gsize stem = strlen (source) - (g_str_has_suffix (source, ".db") ? strlen (".db") : 0);

  if (output != NULL)
    return g_strdup (output);
  if (g_file_test (source, G_FILE_TEST_IS_DIR))
    return g_build_filename (source, "report.html", NULL);
  return g_strdup_printf ("%.*s.html", (int) stem, source);
}

static gboolean
write_page (const char *summary, const char *source, GError **error)
{
  g_autofree char *page = qrx_summary_to_page (summary, NULL, error);
  g_autofree char *path = choose_output (source);

  if (page == NULL || !qrx_output_write (path, page, -1, error))
    return FALSE;
  printf ("written to %s\n", path);
  return TRUE;
}

static gboolean
find_source (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) || g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  qrx_cli_say (g_file_test (path, G_FILE_TEST_EXISTS)
                   ? "%s: found a device or pipe, expected the folder of a run or the store of a study"
                   : "%s: there is no such file or folder",
               path);
  return FALSE;
}

int
qrx_cli_report (int argc, char **argv)
{
  g_autoptr (QrxRegistry) registry = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "report", 1, 1) || !find_source (argv[1]))
    return QRX_EXIT_INVALID;
  registry = qrx_cli_open_registry ();
  if (registry == NULL)
    return QRX_EXIT_FAILED;
  summary = g_file_test (argv[1], G_FILE_TEST_IS_REGULAR) ? qrx_summary_of_study (registry, argv[1], NULL, &error)
                                                          : qrx_summary_of_run (registry, argv[1], &error);
  if (summary != NULL && as_json)
    puts (summary);
  if (summary == NULL || (!as_json && !write_page (summary, argv[1], &error)))
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  return QRX_EXIT_OK;
}
