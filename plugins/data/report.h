/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a loader says: to whoever listens to the run, and into the notes of the table. */
#pragma once

#include <qrx/qrx-node.h>
#include <qrx/qrx-table.h>

G_BEGIN_DECLS

typedef struct _Report Report;

Report *report_new (void);
void report_free (Report *self);
/* A fact: the note `key` of the table, and a line that people read. */
void report_say (Report *self, const char *key, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A fact for the notes only. */
void report_note (Report *self, const char *key, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The name of a file as the pipeline has it, and its SHA-256, as notes. */
void report_file (Report *self, QrxContext *context, const char *key, const char *name, const char *path);
void report_publish (Report *self, QrxNode *node, QrxContext *context, QrxTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Report, report_free)

G_END_DECLS
