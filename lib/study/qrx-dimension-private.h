/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One thing that varies in a study: a property, a whole node or the seed, and the values that it takes. */
#pragma once

#include "base/qrx-json-private.h"

G_BEGIN_DECLS

typedef enum {
  QRX_DIMENSION_CHOICES,
  QRX_DIMENSION_UNIFORM,     /* [low, high) */
  QRX_DIMENSION_LOG_UNIFORM, /* [low, high), the logarithm uniform */
  QRX_DIMENSION_INTEGER,     /* low, low + 1, … below high */
} QrxDimensionKind;

/* What a dimension means for statistics. */
typedef enum {
  QRX_DESIGN_CONFIGURATION, /* what is searched and compared */
  QRX_DESIGN_TASK,          /* such as a drug */
  QRX_DESIGN_RESAMPLE,      /* such as a fold */
  QRX_DESIGN_REPLICATE,     /* such as a seed */
} QrxDesign;
#define QRX_N_DESIGNS 4

typedef struct _QrxDimension QrxDimension;
struct _QrxDimension {
  char *path;    /* "node.property", "node.type" of a whole node, or "seed" */
  char *pointer; /* where the study file says it */
  QrxDimensionKind kind;
  GPtrArray *values;   /* of JsonNode, for choices */
  GPtrArray *pointers; /* of those */
  double low, high;
  guint points; /* how many values a grid takes of a range of numbers; 0 where the file does not say */
  /* It varies only where the parent, a whole node, has this choice; NULL is always. */
  QrxDimension *parent;
  guint choice;
  QrxDesign design;
  gboolean varies; /* in an arm at least */
};

/* Adds a fault at a pointer of the file, or at its key. */
typedef void (*QrxFaultFunc) (gpointer data, QrxPipelineError code, const char *pointer, gboolean key,
                              const char *suggestion, const char *message);

typedef struct {
  QrxFaultFunc fail;
  gpointer data;
} QrxFaults;

void qrx_faults_add (const QrxFaults *self, QrxPipelineError code, const char *pointer, gboolean key,
                     const char *suggestion, const char *format, ...) G_GNUC_PRINTF (6, 7);

void qrx_dimension_free (QrxDimension *self);
/* Reads `[…]`, {"grid": …}, {"range": …}, {"uniform": …}, {"log-uniform": …} or {"integer": …}, and appends
 * the dimension, and behind it those of the whole nodes that are its choices. */
void qrx_dimension_read (GPtrArray *dimensions, const char *path, JsonNode *node, const char *pointer,
                         const QrxFaults *faults);
/* One fixed value. */
void qrx_dimension_read_fixed (GPtrArray *dimensions, const char *path, JsonNode *node, const char *pointer,
                               const QrxFaults *faults);

/* Coordinates are choices' indices, or numbers. A grid's: */
guint qrx_dimension_get_grid_size (const QrxDimension *self);
double qrx_dimension_get_grid_point (const QrxDimension *self, guint i);
/* The coordinate at a fraction in [0, 1), which uniform fractions make uniform. */
double qrx_dimension_at_fraction (const QrxDimension *self, double fraction);
JsonNode *qrx_dimension_get_value (const QrxDimension *self, double coordinate);

G_END_DECLS
