/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The actions of `qrx study`. argv[0] is the action. */
#pragma once

#include "qrx-cli.h"

extern const QrxVerb qrx_study_actions[];

int qrx_cli_study_run (int argc, char **argv);
int qrx_cli_study_index (int argc, char **argv);
int qrx_cli_study_validate (int argc, char **argv);
int qrx_cli_study_list (int argc, char **argv);
int qrx_cli_study_show (int argc, char **argv);
int qrx_cli_study_best (int argc, char **argv);
int qrx_cli_study_merge (int argc, char **argv);
int qrx_cli_study_stability (int argc, char **argv);
int qrx_cli_study_export (int argc, char **argv);
int qrx_cli_study_watch (int argc, char **argv);

/* Reads a study, or prints every fault (on stdout as JSON too, if asked for) and returns NULL:
 * QRX_EXIT_INVALID. */
QrxStudy *qrx_cli_load_study (QrxRegistry *registry, const char *path, char **overrides, gboolean json);
/* results/NAME.db of a study file, unless the user chose one. */
char *qrx_cli_choose_store (const char *study, const char *chosen);
