/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "sample" and "nested" of a study file. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"

#define MAX_CONFIGURATIONS 100000

static const char *const types[] = { "grid", "random", "sobol", "tpe", "asha", NULL };
/* What each type takes. */
static const char *const keys[][9] = {
  { "type", NULL },
  { "type", "trials", "seed", NULL },
  { "type", "trials", "seed", NULL },
  { "type", "trials", "seed", "pending", "startup", "candidates", "good", NULL },
  { "type", "trials", "seed", "pending", "resource", "minimum", "maximum", "reduction", NULL },
};

static const QrxSamplerOptions defaults = {
  .n_trials = 20,
  .seed = 1,
  .pending = 4,
  .n_startup = 10,
  .n_candidates = 24,
  .good = 0.15,
  .reduction = 3,
};

/* A number between bounds, or @value where there is none; integers only. */
static gint64
read_integer (QrxStudyLoader *loader, JsonObject *object, const char *parent, const char *key, gint64 least,
              gint64 most, gint64 value)
{
  JsonNode *member = object != NULL ? json_object_get_member (object, key) : NULL;
  g_autofree char *pointer = qrx_json_pointer_append (parent, key);

  if (member == NULL)
    return value;
  if (JSON_NODE_HOLDS_VALUE (member) && json_node_get_value_type (member) == G_TYPE_INT64 &&
      json_node_get_int (member) >= least && json_node_get_int (member) <= most)
    return json_node_get_int (member);
  {
    g_autofree char *found = qrx_json_to_compact_string (member);

    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
                    "found %s, expected an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, found, least, most);
  }
  return value;
}

static void
read_tpe (QrxStudyLoader *loader, JsonObject *object, QrxSamplerOptions *options)
{
  JsonNode *good = object != NULL ? json_object_get_member (object, "good") : NULL;

  options->n_startup =
      (guint) read_integer (loader, object, "/sample", "startup", 2, MAX_CONFIGURATIONS, options->n_startup);
  options->n_candidates =
      (guint) read_integer (loader, object, "/sample", "candidates", 1, MAX_CONFIGURATIONS, options->n_candidates);
  if (good == NULL)
    return;
  options->good = JSON_NODE_HOLDS_VALUE (good) ? json_node_get_double (good) : 0;
  if (!(options->good > 0 && options->good < 1))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/sample/good", FALSE, NULL,
                    "expected a fraction between 0 and 1");
}

static void
read_asha (QrxStudyLoader *loader, JsonObject *object, QrxSamplerOptions *options)
{
  const char *resource = object != NULL ? qrx_study_read_string (loader, object, "/sample", "resource") : NULL;

  options->resource = g_strdup (resource);
  options->minimum = read_integer (loader, object, "/sample", "minimum", 1, G_MAXINT32, 0);
  options->maximum = read_integer (loader, object, "/sample", "maximum", 1, G_MAXINT32, 0);
  options->reduction = (guint) read_integer (loader, object, "/sample", "reduction", 2, 100, options->reduction);
  if (resource == NULL || options->minimum == 0 || options->maximum < options->minimum)
    qrx_study_fail (
        loader, QRX_PIPELINE_ERROR_VALUE, "/sample", FALSE, NULL,
        "asha needs what it gives more or less of: \"resource\", a path such as \"fit.epochs\", and \"minimum\" and "
        "\"maximum\" of it, the larger last");
}

static void
read_sample (QrxStudyLoader *loader)
{
  QrxSamplerOptions *options = &loader->study->sampler;
  JsonNode *member = json_object_get_member (loader->root, "sample");
  JsonObject *object = qrx_json_object_peek_object (loader->root, "sample");
  const char *type = object != NULL ? qrx_study_read_string (loader, object, "/sample", "type")
                                    : qrx_json_object_peek_string (loader->root, "sample");
  guint kind = 0;

  while (type != NULL && types[kind] != NULL && !g_str_equal (types[kind], type))
    kind++;
  if (member != NULL && (type == NULL || types[kind] == NULL))
    {
      g_autofree char *hint = type != NULL ? qrx_suggest_text (type, types) : g_strdup ("");

      qrx_study_fail (
          loader, QRX_PIPELINE_ERROR_VALUE, object != NULL && type != NULL ? "/sample/type" : "/sample", FALSE,
          type != NULL ? qrx_suggest (type, types) : NULL,
          "found %s%s%s, expected one of \"grid\", \"random\", \"sobol\", \"tpe\" and \"asha\", or an object with "
          "one as its \"type\"%s",
          type != NULL ? "\"" : "", type != NULL ? type : qrx_json_describe (member), type != NULL ? "\"" : "", hint);
      return;
    }
  options->kind = (QrxSamplerKind) kind;
  if (object != NULL)
    qrx_study_check_keys (loader, object, "/sample", keys[kind]);
  options->n_trials =
      (guint) read_integer (loader, object, "/sample", "trials", 1, MAX_CONFIGURATIONS, options->n_trials);
  options->seed = (guint64) read_integer (loader, object, "/sample", "seed", 0, G_MAXINT64, (gint64) options->seed);
  options->pending = (guint) read_integer (loader, object, "/sample", "pending", 1, 1000, options->pending);
  if (options->kind == QRX_SAMPLER_TPE)
    read_tpe (loader, object, options);
  else if (options->kind == QRX_SAMPLER_ASHA)
    read_asha (loader, object, options);
}

static void
read_nested (QrxStudyLoader *loader)
{
  static const char *const nested_keys[] = { "folds", "split", NULL };
  JsonNode *member = json_object_get_member (loader->root, "nested");
  JsonObject *object = qrx_json_object_peek_object (loader->root, "nested");

  if (member == NULL)
    return;
  if (object == NULL)
    {
      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/nested", FALSE, NULL,
                      "found %s, expected {\"folds\": number}", qrx_json_describe (member));
      return;
    }
  qrx_study_check_keys (loader, object, "/nested", nested_keys);
  loader->study->inner_folds = (guint) read_integer (loader, object, "/nested", "folds", 2, 1000, 0);
  loader->study->inner_node = g_strdup (qrx_study_read_string (loader, object, "/nested", "split"));
  if (!json_object_has_member (object, "folds"))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/nested", FALSE, NULL,
                    "found no \"folds\", expected how many there are");
}

void
qrx_study_read_sampler (QrxStudyLoader *loader)
{
  loader->study->sampler = defaults;
  loader->study->sampler.minimize = loader->study->minimize;
  read_sample (loader);
  read_nested (loader);
}
