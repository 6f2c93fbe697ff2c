/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data: rows with ids, blocks of features, annotations, targets with units, and roles once it is split. */
#pragma once

#include <qrx/qrx-block.h>
#include <qrx/qrx-value.h>

G_BEGIN_DECLS

/**
 * QrxRole:
 * @QRX_ROLE_NONE: the table has not been split
 * @QRX_ROLE_TRAIN: fits parameters, buffers and scalings
 * @QRX_ROLE_VALIDATION: selects, for instance the epoch to stop at
 * @QRX_ROLE_TEST: scores, and takes part in nothing else
 * @QRX_ROLE_EXTERNAL: scores, from another cohort
 * @QRX_ROLE_CALIBRATION: tells how far off predictions are, and takes part in nothing else
 *
 * What a row is for.
 */
typedef enum {
  QRX_ROLE_NONE,
  QRX_ROLE_TRAIN,
  QRX_ROLE_VALIDATION,
  QRX_ROLE_TEST,
  QRX_ROLE_EXTERNAL,
  QRX_ROLE_CALIBRATION,
} QrxRole;

#define QRX_N_ROLES 6
QRX_API const char *qrx_role_get_name (QrxRole role);

/**
 * QrxOrientation:
 * @QRX_ORIENTATION_NONE: neither end means sensitive
 * @QRX_ORIENTATION_LOW_IS_SENSITIVE: such as ln IC50, or GDSC's dose-response AUC
 * @QRX_ORIENTATION_HIGH_IS_SENSITIVE: such as CCLE's activity area
 *
 * Which end of a target means that the cells respond to the drug.
 */
typedef enum {
  QRX_ORIENTATION_NONE,
  QRX_ORIENTATION_LOW_IS_SENSITIVE,
  QRX_ORIENTATION_HIGH_IS_SENSITIVE,
} QrxOrientation;

QRX_API const char *qrx_orientation_get_name (QrxOrientation orientation);

/**
 * QrxUnseen:
 * @QRX_UNSEEN_LINES: lines and donors: no row of a line or a donor is scored by what another of its rows taught
 * @QRX_UNSEEN_DRUGS: drugs; the lines may be known from other drugs
 * @QRX_UNSEEN_PAIRS: pairs of line (or donor) and drug; both may be known, from other pairs
 *
 * What is new in the rows that a split holds back.
 */
typedef enum {
  QRX_UNSEEN_LINES,
  QRX_UNSEEN_DRUGS,
  QRX_UNSEEN_PAIRS,
} QrxUnseen;

#define QRX_TYPE_TABLE (qrx_table_get_type ())
QRX_API G_DECLARE_FINAL_TYPE (QrxTable, qrx_table, QRX, TABLE, QrxValue)

/* Building, until the table is published. Each takes what it needs whole; lengths must be the number of rows. */
QRX_API QrxTable *qrx_table_new (const char *const *ids, GError **error); /* unique, non-empty */
QRX_API gboolean qrx_table_add_block (QrxTable *self, QrxBlock *block, QrxIndex *rows /* nullable: row i is row i */,
                                      GError **error);
/* NULL-terminated, "" = unknown (so that a wrong length is seen, not read beyond). */
QRX_API gboolean qrx_table_add_annotation (QrxTable *self, const char *name, const char *const *values, GError **error);
QRX_API gboolean qrx_table_add_target (QrxTable *self, const char *name, const char *unit, QrxOrientation orientation,
                                       QrxTensor *values /* float64, NaN = missing */, GError **error);
/* Provenance: one key and text each, such as "expression.sha256"; carried into resolved files, models and reports. */
QRX_API void qrx_table_set_note (QrxTable *self, const char *key, const char *text);

/* Deriving: blocks are shared, never copied. Rows are selected at most once each, for ids are unique. */
QRX_API QrxTable *qrx_table_select_rows (QrxTable *self, QrxIndex *rows);
QRX_API QrxTable *qrx_table_with_targets_of (QrxTable *self, QrxIndex *rows);
QRX_API QrxTable *qrx_table_with_roles (QrxTable *self, GBytes *roles /* one QrxRole a row, guint8, none of them NONE */,
                                        GError **error);

/* What the roles keep apart; lines, unless a split says so. Set while building; derived tables keep it. */
QRX_API void qrx_table_set_unseen (QrxTable *self, QrxUnseen unseen);
QRX_API QrxUnseen qrx_table_get_unseen (QrxTable *self);

QRX_API gsize qrx_table_get_n_rows (QrxTable *self);
QRX_API const char *qrx_table_get_id (QrxTable *self, gsize row);
QRX_API const char *const *qrx_table_get_ids (QrxTable *self);
QRX_API gboolean qrx_table_is_split (QrxTable *self);
QRX_API QrxRole qrx_table_get_role (QrxTable *self, gsize row);
QRX_API QrxIndex *qrx_table_rows_of_role (QrxTable *self, QrxRole role);

QRX_API gsize qrx_table_get_n_blocks (QrxTable *self);
QRX_API QrxBlock *qrx_table_get_block (QrxTable *self, gsize i);
QRX_API QrxIndex *qrx_table_get_block_rows (QrxTable *self, gsize i); /* table row → block row */
/* Columns of all blocks, in order. */
QRX_API gsize qrx_table_get_n_features (QrxTable *self);
QRX_API const char *const *qrx_table_get_feature_names (QrxTable *self);
/* Fills out [length of rows, n_features] with the features of those table rows, all blocks side by side. */
QRX_API gboolean qrx_table_read_features (QrxTable *self, QrxIndex *rows, QrxTensor *out, GError **error);

QRX_API const char *const *qrx_table_get_annotation_names (QrxTable *self);
QRX_API gboolean qrx_table_has_annotation (QrxTable *self, const char *name);
QRX_API const char *qrx_table_get_annotation (QrxTable *self, const char *name, gsize row); /* nullable */
QRX_API gboolean qrx_table_require_annotation (QrxTable *self, const char *annotation, GError **error);
/* Its values in training rows, each once, in the order of their bytes. */
QRX_API char **qrx_table_dup_categories (QrxTable *self, const char *annotation, GError **error);

QRX_API gsize qrx_table_get_n_targets (QrxTable *self);
QRX_API const char *qrx_table_get_target_name (QrxTable *self, gsize target);
QRX_API const char *qrx_table_get_target_unit (QrxTable *self, gsize target);
QRX_API QrxOrientation qrx_table_get_target_orientation (QrxTable *self, gsize target);
QRX_API QrxTensor *qrx_table_get_target_values (QrxTable *self, gsize target);
QRX_API int qrx_table_find_target (QrxTable *self, const char *name); /* −1 where there is none */
/* The target of a name, or, where it is NULL or empty, the only one. */
QRX_API gboolean qrx_table_choose_target (QrxTable *self, const char *name, gsize *target, GError **error);

QRX_API const char *const *qrx_table_get_note_keys (QrxTable *self);
QRX_API const char *qrx_table_get_note (QrxTable *self, const char *key);

/* The annotations that the system itself understands. */
#define QRX_ANNOTATION_TISSUE "tissue"
#define QRX_ANNOTATION_DONOR "donor" /* lines of one patient */
#define QRX_ANNOTATION_LINE "line"   /* replicates of one cell line */
#define QRX_ANNOTATION_DRUG "drug"

G_END_DECLS
