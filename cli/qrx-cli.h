/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs of the program share. Data goes to stdout, everything else to stderr. */
#pragma once

#include <qrx/qrx.h>

#define QRX_EXIT_OK 0
#define QRX_EXIT_FAILED 1  /* the run failed */
#define QRX_EXIT_INVALID 2 /* usage, or an invalid pipeline: what is wrong before anything runs */

#define QRX_CLI_MAX_THREADS 1024

typedef struct {
  const char *name;
  const char *arguments;
  const char *summary;
  int (*main) (int argc, char **argv); /* argv[0] is the verb */
} QrxVerb;

extern const QrxVerb qrx_verbs[];

int qrx_cli_run (int argc, char **argv);
int qrx_cli_validate (int argc, char **argv);
int qrx_cli_inspect (int argc, char **argv);
int qrx_cli_graph (int argc, char **argv);
int qrx_cli_schema (int argc, char **argv);
int qrx_cli_predict (int argc, char **argv);
int qrx_cli_circuit (int argc, char **argv);
int qrx_cli_report (int argc, char **argv);
int qrx_cli_bench (int argc, char **argv);
int qrx_cli_study (int argc, char **argv);

/* Texts are taken as bytes: they need no conversion, and so no locale. */
#define QRX_CLI_PLUGIN_OPTION \
  { "plugin-path", 0, 0, G_OPTION_ARG_FILENAME, &qrx_cli_plugin_path, "Look for plugins in these folders first", "DIRS" }
#define QRX_CLI_SET_OPTION(variable) \
  { "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &variable, "Set a property first; may be repeated", "NODE.PROPERTY=VALUE" }
/* The option that every verb which knows node types has. */
extern char *qrx_cli_plugin_path;

/* "run, draw, …" of a verb that has actions, else "". */
char *qrx_cli_list_actions (const char *verb);
/* Parses options; prints usage errors. @minimum and @maximum are how many arguments may stay. */
gboolean qrx_cli_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *verb, int minimum, int maximum);
/* Whether what the command line names is there, each a file; else says what is wrong: QRX_EXIT_INVALID. */
gboolean qrx_cli_find_files (char **paths);
/* The plugins' types, or NULL after printing what is wrong. */
QrxRegistry *qrx_cli_open_registry (void);
/* "qrx: " and the message, on stderr. */
void qrx_cli_complain (const GError *error);
void qrx_cli_say (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Reads a pipeline, or prints every fault (on stdout as JSON too, if asked for) and returns NULL: QRX_EXIT_INVALID. */
QrxPipeline *qrx_cli_load_pipeline (QrxRegistry *registry, const char *path, char **overrides, gboolean json);
/* Whether changes from the command line are UTF-8; else says which is not. */
gboolean qrx_cli_check_overrides (char **overrides);
/* Prints what is wrong with a file; as JSON on stdout, too, if asked for. */
void qrx_cli_tell_faults (const char *path, GPtrArray *diagnostics, const GError *error, gboolean json);
/* 2 for what is wrong with a description, such as a circuit's; 1 for the rest. */
int qrx_cli_status_of (const GError *error);
