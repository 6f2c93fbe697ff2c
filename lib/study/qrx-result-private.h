/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trial leaves behind, gathered while its pipeline runs. */
#pragma once

#include <qrx/qrx-attributions.h>
#include <qrx/qrx-history.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-predictions.h>
#include <qrx/qrx-runner.h>

G_BEGIN_DECLS

/* Something that a node said, or gave. */
typedef struct {
  char *node;
  char *text;
  const char *kind; /* of a message: "note" or "warning" */
  QrxValue *value;
} QrxResultItem;

typedef struct {
  GPtrArray *metrics; /* of QrxResultItem, in the order in which nodes ran */
  GPtrArray *histories;
  GPtrArray *predictions;
  GPtrArray *attributions;
  GPtrArray *messages;
  double objective;
  char *resolved;
  char *version, *kernel, *blas;
  char *checksum; /* of scores and predictions */
  double seconds;
} QrxResult;

QrxResult *qrx_result_new (void);
void qrx_result_free (QrxResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxResult, qrx_result_free)
/* Gathers what the runner's nodes give and say from now on. */
void qrx_result_follow (QrxResult *self, QrxRunner *runner);
/* Fills in the rest once the runner has run. Fails where there is no such objective. */
gboolean qrx_result_finish (QrxResult *self, QrxRunner *runner, const char *objective, GError **error);

G_END_DECLS
