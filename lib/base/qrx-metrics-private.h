/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How metrics hold their scores, for the qrx-metrics*.c files; and metrics as JSON nodes, for what embeds them. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-metrics.h>

G_BEGIN_DECLS

#define QRX_SCORE_REASONS "reasons" /* so no score is called that */

typedef enum {
  QRX_SCORE_UNDEFINED,
  QRX_SCORE_NUMBER,
  QRX_SCORE_COUNT,
  QRX_SCORE_INTERVAL,
  QRX_SCORE_TEXT,
  QRX_SCORE_TABLE,
} QrxScoreType;

typedef struct {
  char *name;
  QrxScoreType type;
  double value; /* of an interval, its low end */
  double high;
  gint64 count;
  char *text; /* of an undefined score, the reason; of a table, its JSON */
} QrxScore;

typedef struct {
  char *name;
  GPtrArray *scores;
} QrxRoleScores;

struct _QrxMetrics {
  QrxValue parent_instance;
  GPtrArray *roles;
  char *producer; /* nullable */
};

/* NULL where there is none. */
QrxRoleScores *qrx_metrics_find_role (QrxMetrics *self, const char *name);
QrxScore *qrx_metrics_find_score (QrxMetrics *self, const char *role, const char *name);
JsonNode *qrx_metrics_to_json_node (QrxMetrics *self);
/* The text of a table. */
char *qrx_metrics_print_table (const char *const *columns, QrxTensor *values, const char *label,
                               const char *const *labels);

G_END_DECLS
