/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The actions of `qrx circuit`. argv[0] is the action. */
#pragma once

#include "qrx-cli.h"

extern const QrxVerb qrx_circuit_actions[];

int qrx_cli_circuit_run (int argc, char **argv);
int qrx_cli_circuit_draw (int argc, char **argv);
int qrx_cli_circuit_stats (int argc, char **argv);
int qrx_cli_circuit_convert (int argc, char **argv);

/* A circuit from a file of any format, or NULL after saying what is wrong; @status becomes the exit status. */
QrxCircuit *qrx_cli_load_circuit (const char *path, int *status);
