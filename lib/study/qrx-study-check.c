/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds a study against its pipelines: every arm with its first values, then with every other value of every
 * dimension, is read as the pipeline that a trial would run, so that no value is refused hours later. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"
#include "graph/qrx-node-private.h"
#include "graph/qrx-registry-private.h"

#include <math.h>
#include <string.h>

#define OVERRIDE_PREFIX "in the override \""

/* A pipeline as read with one set of values. */
typedef struct {
  QrxStudyLoader *loader;
  QrxArm *arm;
  QrxSpace all;      /* all dimensions that vary */
  GHashTable *known; /* texts of the faults of the arm itself */
  const char *blame; /* where a fault is put that no override is to blame for */
} Check;

/* The dimension that set an override, by its text. */
static const QrxDimension *
find_culprit (Check *check, const char *path)
{
  GPtrArray *lists[] = { check->arm->dimensions, check->arm->fixed->dimensions };

  for (guint k = 0; k < G_N_ELEMENTS (lists); k++)
    for (guint i = 0; i < lists[k]->len; i++)
      if (g_str_equal (((QrxDimension *) lists[k]->pdata[i])->path, path))
        return lists[k]->pdata[i];
  return NULL;
}

/* The value's own place in a list, else that of the dimension. */
static const char *
place_of (const QrxDimension *dimension, const char *value)
{
  for (guint i = 0; i < dimension->values->len; i++)
    {
      g_autofree char *text = qrx_json_to_compact_string (dimension->values->pdata[i]);

      if (g_str_equal (text, value) || g_strcmp0 (json_node_get_string (dimension->values->pdata[i]), value) == 0)
        return dimension->pointers->pdata[i];
    }
  return dimension->pointer;
}

static void
take_fault (Check *check, const QrxDiagnostic *fault)
{
  const char *message = qrx_diagnostic_get_message (fault);
  const char *end = g_str_has_prefix (message, OVERRIDE_PREFIX) ? strstr (message, "\": ") : NULL;
  g_autofree char *path = NULL, *value = NULL;
  const QrxDimension *culprit = NULL;

  if (end != NULL)
    {
      const char *start = message + strlen (OVERRIDE_PREFIX), *equals = strchr (start, '=');

      path = g_strndup (start, equals - start);
      value = g_strndup (equals + 1, end - equals - 1);
      culprit = find_culprit (check, path);
    }
  if (culprit != NULL && *culprit->pointer == '\0') /* from the command line, where the message says enough */
    {
      QrxPlace place = { .file = check->loader->study->name };

      qrx_diagnostics_add (check->loader->faults, qrx_diagnostic_get_code (fault), &place, NULL,
                           qrx_diagnostic_get_suggestion (fault), "%s", message);
    }
  else if (culprit == NULL && path != NULL)
    qrx_study_fail (check->loader, qrx_diagnostic_get_code (fault),
                    g_strcmp0 (path, check->loader->study->sampler.resource) == 0 ? "/sample/resource" : "/nested",
                    FALSE, qrx_diagnostic_get_suggestion (fault), "%s: %s", path, end + strlen ("\": "));
  else if (culprit != NULL)
    {
      /* A name that does not exist is the path's fault, not each value's. */
      gboolean by_path =
          qrx_diagnostic_get_code (fault) == QRX_PIPELINE_ERROR_UNKNOWN && !g_str_has_suffix (path, ".type");

      qrx_study_fail (check->loader, qrx_diagnostic_get_code (fault),
                      by_path ? culprit->pointer : place_of (culprit, value), by_path,
                      qrx_diagnostic_get_suggestion (fault), "%s: %s", path, end + strlen ("\": "));
    }
  else if (check->blame == check->arm->pointer && qrx_diagnostic_get_line (fault) > 0) /* the pipeline file's own */
    g_ptr_array_add (check->loader->faults, qrx_diagnostic_ref ((QrxDiagnostic *) fault));
  else
    {
      g_autofree char *line = qrx_diagnostic_to_string (fault);

      qrx_study_fail (check->loader, qrx_diagnostic_get_code (fault), check->blame, FALSE, NULL, "%s", line);
    }
}

/* What the study itself sets: the budget of a sampler, and the inner folds. */
static void
add_own_settings (Check *check, JsonObject *settings)
{
  const QrxStudy *study = check->loader->study;

  if (study->sampler.resource != NULL && check->arm->spaces[QRX_DESIGN_CONFIGURATION]->dimensions->len > 0)
    json_object_set_int_member (settings, study->sampler.resource, study->sampler.maximum);
  if (study->inner_folds > 0)
    {
      g_autofree char *folds = g_strconcat (study->inner_node, ".inner-folds", NULL);
      g_autofree char *fold = g_strconcat (study->inner_node, ".inner-fold", NULL);

      json_object_set_int_member (settings, folds, study->inner_folds);
      json_object_set_int_member (settings, fold, study->inner_folds - 1);
    }
}

/* The pipeline of a point, or NULL after its faults that are not those of the arm. */
static QrxPipeline *
read_point (Check *check, const double *point)
{
  g_autoptr (GPtrArray) diagnostics = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_diagnostic_unref);
  g_autoptr (JsonObject) settings = json_object_new ();
  g_auto (GStrv) overrides = NULL;
  QrxPipeline *pipeline;

  qrx_space_add_settings (&check->all, point, settings);
  add_own_settings (check, settings);
  overrides = qrx_arm_dup_overrides (check->arm, settings);
  pipeline = qrx_pipeline_parse (check->loader->study->registry, check->arm->text, check->arm->path,
                                 check->arm->base_directory, (const char *const *) overrides, diagnostics, NULL);
  for (guint i = 0; i < diagnostics->len; i++)
    if (g_hash_table_add (check->known, qrx_diagnostic_to_string (diagnostics->pdata[i])))
      take_fault (check, diagnostics->pdata[i]);
  return pipeline;
}

/* A coordinate that a dimension takes when another one is looked at. */
static double
first_coordinate (const QrxDimension *dimension)
{
  return dimension->kind == QRX_DIMENSION_CHOICES ? 0 : dimension->low;
}

/* Every dimension at its first value, but for one, and those that it depends on. */
static void
fill_point (const QrxSpace *space, const QrxDimension *chosen, double coordinate, double *point)
{
  for (guint i = 0; i < space->dimensions->len; i++)
    {
      const QrxDimension *dimension = space->dimensions->pdata[i];

      point[i] = dimension == chosen ? coordinate : first_coordinate (dimension);
      for (const QrxDimension *d = chosen; d != NULL; d = d->parent)
        if (d->parent == dimension)
          point[i] = d->choice;
      if (!qrx_space_is_active (space, point, i))
        point[i] = NAN;
    }
}

static void
check_values (Check *check, const QrxDimension *dimension, double *point)
{
  double ends[] = { dimension->low, dimension->kind == QRX_DIMENSION_INTEGER ? dimension->high - 1 : dimension->high };
  guint n = dimension->kind == QRX_DIMENSION_CHOICES ? dimension->values->len : G_N_ELEMENTS (ends);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QrxPipeline) pipeline = NULL;

      check->blame = dimension->kind == QRX_DIMENSION_CHOICES ? dimension->pointers->pdata[i] : dimension->pointer;
      fill_point (&check->all, dimension, dimension->kind == QRX_DIMENSION_CHOICES ? i : ends[i], point);
      pipeline = read_point (check, point);
    }
}

/* The nodes that score, and what they score. */
static void
find_evaluators (QrxArm *arm, QrxPipeline *pipeline)
{
  for (guint i = 0; i < qrx_pipeline_get_n_nodes (pipeline); i++)
    {
      QrxNode *node = qrx_pipeline_get_node (pipeline, i);
      QrxPort *port = qrx_node_class_find_port (QRX_NODE_GET_CLASS (node), NULL, TRUE);

      if (port != NULL && g_str_equal (qrx_port_spec_get_kind (qrx_port_get_spec (port)), "metrics"))
        json_object_set_string_member (arm->evaluators, qrx_node_get_id (node),
                                       qrx_pipeline_get_n_links (pipeline, node) > 0
                                           ? qrx_node_get_id (qrx_pipeline_get_link (pipeline, node, 0)->from)
                                           : "");
    }
}

/* What the evaluator of an objective says of the score: whether it gives it, and which is better. */
static void
check_score (QrxStudyLoader *loader, QrxArm *arm, QrxNode *evaluator, const char *name)
{
  QrxNodeClass *klass = QRX_NODE_GET_CLASS (evaluator);
  const QrxScoreKind *score = qrx_node_class_find_score (klass, name);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) known = NULL;
  int wanted = loader->study->minimize ? -1 : 1;

  for (guint i = 0; i < qrx_node_class_get_n_scores (klass); i++)
    g_strv_builder_add (names, qrx_node_class_get_score (klass, i)->name);
  known = g_strv_builder_end (names);
  if (score == NULL && *known != NULL)
    {
      g_autofree char *hint = qrx_suggest_text (name, (const char *const *) known);

      qrx_study_fail (loader, QRX_PIPELINE_ERROR_UNKNOWN, arm->objective_pointer, FALSE,
                      qrx_suggest (name, (const char *const *) known), "found the score \"%s\", \"%s\" gives no such number%s",
                      name, qrx_node_get_id (evaluator), hint);
    }
  else if (score != NULL && score->better == -wanted)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->objective_pointer, FALSE, NULL,
                    "of \"%s\" %s is better, expected \"direction\": \"%s\"", name, wanted > 0 ? "less" : "more",
                    wanted > 0 ? "minimize" : "maximize");
}

static void
check_objective (QrxStudyLoader *loader, QrxArm *arm, QrxPipeline *pipeline)
{
  static const char *const roles[] = { "train", "validation", "test", "external", "calibration", NULL };
  g_auto (GStrv) evaluators = qrx_json_object_dup_names (arm->evaluators);
  g_auto (GStrv) parts = g_strsplit (arm->objective != NULL ? arm->objective : "validation.auc", ".", -1);
  guint n = g_strv_length (parts), n_evaluators = g_strv_length (evaluators);
  const char *role = n >= 2 ? parts[n - 2] : "";

  if (n < 2 || n > 3 || !g_strv_contains (roles, role))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->objective_pointer, FALSE, qrx_suggest (role, roles),
                    "found \"%s\", expected \"evaluator.role.score\", or \"role.score\" where there is one "
                    "evaluator, with a "
                    "role of train, validation, test, external and calibration",
                    arm->objective);
  else if (loader->study->inner_folds > 0 && !g_str_equal (role, "validation"))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->objective_pointer, FALSE, NULL,
                    "found \"%s\" in a nested study, expected a score of the validation role, which inner folds have: what "
                    "is tuned on %s rows says nothing of unseen ones",
                    arm->objective, role);
  else if (n_evaluators == 0)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->objective_pointer, FALSE, NULL,
                    "%s has no evaluator, whose scores a study compares", arm->path);
  else if (n == 3 && !json_object_has_member (arm->evaluators, parts[0]))
    {
      g_autofree char *hint = qrx_suggest_text (parts[0], (const char *const *) evaluators);

      qrx_study_fail (loader, QRX_PIPELINE_ERROR_UNKNOWN, arm->objective_pointer, FALSE,
                      qrx_suggest (parts[0], (const char *const *) evaluators), "%s has no evaluator \"%s\"%s",
                      arm->path, parts[0], hint);
    }
  else if (n == 2 && n_evaluators > 1)
    {
      g_autofree char *known = g_strjoinv (", ", evaluators);

      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->objective_pointer, FALSE, NULL,
                      "%s has %u evaluators (%s), expected \"evaluator.role.score\"", arm->path, n_evaluators, known);
    }
  else
    {
      g_autofree char *whole =
          n == 3 ? g_strjoinv (".", parts) : g_strdup_printf ("%s.%s.%s", evaluators[0], parts[0], parts[1]);

      g_free (arm->objective);
      arm->objective = g_steal_pointer (&whole);
      check_score (loader, arm, qrx_pipeline_find_node (pipeline, n == 3 ? parts[0] : evaluators[0]), parts[n - 1]);
    }
}

static void
check_arm (QrxStudyLoader *loader, QrxArm *arm)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree double *point = g_new0 (double, arm->dimensions->len + 1);
  g_autoptr (QrxPipeline) pipeline = NULL;
  Check check = { .loader = loader, .arm = arm, .all = { arm->dimensions }, .known = known, .blame = arm->pointer };

  arm->evaluators = json_object_new ();
  if (arm->text == NULL)
    return;
  fill_point (&check.all, NULL, 0, point);
  pipeline = read_point (&check, point);
  if (pipeline != NULL)
    {
      find_evaluators (arm, pipeline);
      check_objective (loader, arm, pipeline);
    }
  for (guint i = 0; i < arm->dimensions->len; i++)
    check_values (&check, arm->dimensions->pdata[i], point);
}

/* What has no value is reported, and cannot be held against a pipeline. */
static void
drop_empty (GPtrArray *dimensions)
{
  g_autoptr (GPtrArray) dropped = g_ptr_array_new ();

  for (guint i = 0; i < dimensions->len;)
    {
      const QrxDimension *dimension = dimensions->pdata[i];
      gboolean empty = dimension->kind == QRX_DIMENSION_CHOICES && dimension->values->len == 0;

      if (empty || (dimension->parent != NULL && g_ptr_array_find (dropped, dimension->parent, NULL)))
        g_ptr_array_add (dropped, g_ptr_array_remove_index (dimensions, i));
      else
        i++;
    }
}

void
qrx_study_check (QrxStudyLoader *loader)
{
  for (guint i = 0; i < loader->study->arms->len; i++)
    {
      QrxArm *arm = loader->study->arms->pdata[i];

      drop_empty (arm->dimensions);
      drop_empty (arm->fixed->dimensions);
    }
  qrx_study_read_design (loader);
  for (guint i = 0; i < loader->study->arms->len; i++)
    check_arm (loader, loader->study->arms->pdata[i]);
  qrx_study_check_arms (loader);
}
