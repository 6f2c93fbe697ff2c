/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program: finds the verb and hands over. */
#include "qrx-cli.h"

#include "qrx-cli-text.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

const QrxVerb qrx_verbs[] = {
  { "run", "FILE", "run a pipeline file", qrx_cli_run },
  { "validate", "FILE", "check a pipeline file without running it", qrx_cli_validate },
  { "inspect", "[TYPE|FILE]", "list the node types, or describe one, or the nodes of a file", qrx_cli_inspect },
  { "graph", "FILE", "draw a pipeline with the types on its links", qrx_cli_graph },
  { "schema", "", "print the JSON Schema of pipeline files", qrx_cli_schema },
  { "predict", "MODEL TABLE", "predict the rows of a table with a saved model", qrx_cli_predict },
  { "report", "FOLDER|STORE", "put the results of a run or a study into one page", qrx_cli_report },
  { "circuit", "ACTION …", "evaluate, draw, measure or translate circuits", qrx_cli_circuit },
  { "study", "ACTION …", "many runs, compared", qrx_cli_study },
  { "bench", "quantum|train", "time a fixed workload", qrx_cli_bench },
  { NULL, NULL, NULL, NULL },
};

static void
print_usage (FILE *to)
{
  fprintf (to, "usage: qrx VERB [OPTION…] [ARGUMENT…]\n\n");
  for (const QrxVerb *verb = qrx_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *actions = qrx_cli_list_actions (verb->name);

      fprintf (to, "  %-9s %s%*s%s%s%s\n", verb->name, verb->arguments,
               14 - (int) qrx_cli_text_width (verb->arguments), "", verb->summary, *actions != '\0' ? ": " : "", actions);
    }
  fprintf (to, "\n  qrx VERB --help   the options of a verb\n  qrx --version     the version\n");
}

static int
complain_of_verb (const char *name)
{
  const char *names[G_N_ELEMENTS (qrx_verbs) + 2] = { "--version", "--help" };
  const char *what = g_str_has_prefix (name, "-") ? "option" : "verb";
  const char *near;

  for (guint i = 0; qrx_verbs[i].name != NULL; i++)
    names[i + 2] = qrx_verbs[i].name;
  near = qrx_suggest (name, names);
  if (near != NULL)
    qrx_cli_say ("unknown %s `%s`; did you mean `%s`?", what, name, near);
  else if (*name == '\0')
    qrx_cli_say ("found an empty argument, expected a verb; `qrx --help` lists all");
  else
    qrx_cli_say ("unknown %s `%s`; `qrx --help` lists all", what, name);
  return QRX_EXIT_INVALID;
}

/* What was printed may still be on its way to a full disk. */
static int
finish_output (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  qrx_cli_say ("the output cannot be written: %s", g_strerror (errno));
  return status == QRX_EXIT_OK ? QRX_EXIT_FAILED : status;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, ""); /* file names; numbers have points everywhere */
  if (argc < 2)
    {
      print_usage (stderr);
      return QRX_EXIT_INVALID;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      puts (QRX_VERSION);
      return QRX_EXIT_OK;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_usage (stdout);
      return QRX_EXIT_OK;
    }
  for (const QrxVerb *verb = qrx_verbs; verb->name != NULL; verb++)
    if (strcmp (argv[1], verb->name) == 0)
      {
        g_autofree char *name = g_strdup_printf ("qrx %s", verb->name);

        g_set_prgname (name);
        return finish_output (verb->main (argc - 1, argv + 1));
      }
  return complain_of_verb (argv[1]);
}
