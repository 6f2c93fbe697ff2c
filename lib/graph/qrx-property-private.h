/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a node's property means beyond its GType (unit, range, choices, what kind of text it is), and its way from
 * and to JSON. Knows GParamSpecs and values, neither nodes nor files of pipelines. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-scalar.h>

G_BEGIN_DECLS

typedef enum {
  QRX_PROPERTY_DOUBLE,
  QRX_PROPERTY_INTEGER,
  QRX_PROPERTY_BOOLEAN,
  QRX_PROPERTY_STRING,
  QRX_PROPERTY_CHOICE,   /* a string */
  QRX_PROPERTY_FILE,     /* a string: the name of a data file, relative to the pipeline file */
  QRX_PROPERTY_DOCUMENT, /* a string: the text of a document */
  QRX_PROPERTY_SCALAR,   /* a boxed QrxScalar */
  QRX_PROPERTY_INTEGERS, /* a GVariant "ax" */
  QRX_PROPERTY_DOUBLES,  /* a GVariant "ad" */
  QRX_PROPERTY_STRINGS,  /* a boxed GStrv */
  QRX_PROPERTY_UNSUPPORTED,
} QrxPropertyKind;

typedef struct {
  QrxPropertyKind kind;
  gsize offset; /* in the instance; 0 where QrxNode does not store the property */
  /* The range of a number, a scalar's value, or a list's elements. */
  double minimum;
  double maximum;
  gint64 integer_minimum;
  gint64 integer_maximum;
  QrxScalar *scalar; /* the default of a scalar */
  gboolean written;  /* a string: the name of a file that the node writes, relative to the output folder */
  char *unit;
  char **choices;
} QrxPropertyInfo;

/* "number", "integer", … as descriptions write it. */
const char *qrx_property_kind_get_name (QrxPropertyKind kind);
/* Describes a pspec that has no description yet from its GType. */
const QrxPropertyInfo *qrx_property_get_info (GParamSpec *pspec);
/* Takes over a copy of a description that holds kind, offset and range. */
QrxPropertyInfo *qrx_property_set_info (GParamSpec *pspec, const QrxPropertyInfo *info, const char *unit, const char *choices);

/* The value of a property that nobody set. */
void qrx_property_get_default (GParamSpec *pspec, GValue *value);
gboolean qrx_property_is_default (GParamSpec *pspec, const GValue *value);
/* Range, choices, finiteness, UTF-8. Messages are `property "a": found 3, expected a number in [0, 1]`. */
gboolean qrx_property_validate (GParamSpec *pspec, const GValue *value, GError **error);
/* NULL where nothing is set by default. */
JsonNode *qrx_property_dup_default_json (GParamSpec *pspec);
/* A bound is open where the declared number is the neighbour of a rounder one, which is shown: above 0, below 1.
 * outward is the infinity on its side. */
gboolean qrx_bound_is_open (double bound, double outward, double *shown);
/* "a number in (0, inf)" */
char *qrx_property_describe_allowed (GParamSpec *pspec);
/* "number in (0, inf), default 0.001, µM" */
char *qrx_property_describe_type (GParamSpec *pspec);

/* From the value of a pipeline file; types are strict, numbers may be expressions in strings. A document that is a
 * string is the name of a file, loaded here; {"text": "…"} is its text, any other object or array is the document.
 * null is what is written for a property that is not set, and is taken where the default is not set.
 * @value is uninitialized and stays so on failure, QRX_PIPELINE_ERROR_VALUE. */
gboolean qrx_property_from_json (GParamSpec *pspec, JsonNode *node, const char *base_directory, GValue *value, GError **error);
/* The reverse, so that it reads back the same; never NULL, null for what is not set. */
JsonNode *qrx_property_to_json (GParamSpec *pspec, const GValue *value);
/* Whether a node is {"text": "…"}, and nothing else in it. */
gboolean qrx_property_is_text_object (JsonNode *node);
JsonNode *qrx_property_to_schema (GParamSpec *pspec);

G_END_DECLS
