/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The things that qrx inspect tells of: a node type, and a file. */
#pragma once

#include <qrx/qrx.h>

/* Prints a type or preset; an exit status. */
int qrx_cli_inspect_type (QrxRegistry *registry, const char *name, gboolean json);
/* Prints the nodes, links and properties of a pipeline. */
void qrx_cli_inspect_file (QrxPipeline *pipeline, gboolean json);
