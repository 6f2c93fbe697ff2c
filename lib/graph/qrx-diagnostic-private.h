/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults as they are collected, and made into one error. */
#pragma once

#include <qrx/qrx-diagnostic.h>

G_BEGIN_DECLS

/* A place in a file; line 0 where there is none. What an override put there has its text instead. */
typedef struct {
  char *file;
  char *pointer;
  char *override;
  guint line;
  guint column;
} QrxPlace;

QrxPlace qrx_place_copy (const QrxPlace *self);
void qrx_place_clear (QrxPlace *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrxPlace, qrx_place_clear)

/* @node and @suggestion are nullable. */
QrxDiagnostic *qrx_diagnostic_new (QrxPipelineError code, const QrxPlace *place, const char *node, const char *message,
                                   const char *suggestion);
void qrx_diagnostics_add (GPtrArray *faults, QrxPipelineError code, const QrxPlace *place, const char *node,
                          const char *suggestion, const char *format, ...) G_GNUC_PRINTF (6, 7);
/* In the order of the file; those without a place stay behind as they came. */
void qrx_diagnostics_sort (GPtrArray *faults);
/* All faults in one text, a line each. Returns whether there are none. Appends each to @diagnostics (nullable). */
gboolean qrx_diagnostics_finish (GPtrArray *faults, GPtrArray *diagnostics, GError **error);

G_END_DECLS
