/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arms of a study: each has the study's pipeline, settings and dimensions but for what it says itself. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"

#include <qrx/qrx-input.h>

static const char *const arm_keys[] = { "pipeline", "set", "vary", "objective", NULL };

/* What an object of paths holds, as dimensions. */
static GPtrArray *
read_paths (QrxStudyLoader *loader, JsonObject *object, const char *parent, const char *key, gboolean fixed)
{
  g_autoptr (GPtrArray) dimensions = g_ptr_array_new ();
  g_autofree char *pointer = qrx_json_pointer_append (parent, key);
  JsonNode *member = json_object_get_member (object, key);
  JsonObject *paths = qrx_json_object_peek_object (object, key);
  g_auto (GStrv) names = paths != NULL ? qrx_json_object_dup_names (paths) : NULL;

  if (member != NULL && paths == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
                    "found %s, expected an object of paths such as \"fit.epochs\"", qrx_json_describe (member));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *below = qrx_json_pointer_append (pointer, names[i]);

      if (fixed)
        qrx_dimension_read_fixed (dimensions, names[i], json_object_get_member (paths, names[i]), below, &loader->sink);
      else
        qrx_dimension_read (dimensions, names[i], json_object_get_member (paths, names[i]), below, &loader->sink);
    }
  for (guint i = 0; i < dimensions->len; i++)
    g_ptr_array_add (loader->study->dimensions, dimensions->pdata[i]);
  return g_steal_pointer (&dimensions);
}

/* A change from the command line, fixed for all arms. */
static GPtrArray *
read_overrides (QrxStudyLoader *loader)
{
  g_autoptr (GPtrArray) dimensions = g_ptr_array_new ();

  for (guint i = 0; loader->overrides != NULL && loader->overrides[i] != NULL; i++)
    {
      const char *equals = strchr (loader->overrides[i], '=');
      g_autofree char *path = g_strndup (loader->overrides[i], equals != NULL ? equals - loader->overrides[i] : 0);
      g_autoptr (JsonNode) value = NULL;
      QrxPlace place = { .file = loader->study->name, .override = (char *) loader->overrides[i] };

      if (equals == NULL || *path == '\0')
        {
          qrx_diagnostics_add (loader->faults, QRX_PIPELINE_ERROR_VALUE, &place, NULL, NULL,
                               "expected \"node.property=value\" or \"seed=number\"");
          continue;
        }
      value = qrx_json_scan (equals + 1, strlen (equals + 1), NULL, NULL, NULL);
      if (value == NULL)
        value = qrx_json_new_string (equals + 1);
      qrx_dimension_read_fixed (dimensions, path, value, "", &loader->sink);
    }
  for (guint i = 0; i < dimensions->len; i++)
    g_ptr_array_add (loader->study->dimensions, dimensions->pdata[i]);
  return g_steal_pointer (&dimensions);
}

static void
read_pipeline (QrxStudyLoader *loader, QrxArm *arm, const char *name, const char *parent)
{
  g_autofree char *folder = g_path_get_dirname (loader->study->name);
  g_autofree char *pointer = qrx_json_pointer_append (parent, "pipeline");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (name == NULL)
    {
      if (!json_object_has_member (loader->root, "pipeline")) /* what is no string is reported */
        qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->pointer, FALSE, NULL,
                        "found no \"pipeline\", expected the path of a pipeline file");
      return;
    }
  arm->path =
      g_path_is_absolute (name) || g_str_equal (folder, ".") ? g_strdup (name) : g_build_filename (folder, name, NULL);
  arm->base_directory = g_path_get_dirname (arm->path);
  if (!g_file_test (arm->path, G_FILE_TEST_IS_REGULAR))
    {
      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
                      "there is no pipeline file \"%s\" (paths start at the folder of the study file)", arm->path);
      return;
    }
  bytes = qrx_input_read (arm->path, &error);
  if (bytes == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "%s", error->message);
  else
    arm->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* An arm with what it says itself. */
static void
new_arm (QrxStudyLoader *loader, const char *name, JsonObject *object, const char *pointer)
{
  QrxArm *arm = g_new0 (QrxArm, 1);
  const char *own = qrx_study_read_string (loader, object, pointer, "pipeline");
  const char *shared = qrx_json_object_peek_string (loader->root, "pipeline");
  const char *objective = qrx_study_read_string (loader, object, pointer, "objective");
  gboolean is_named = *pointer != '\0'; /* else all is the study's */

  g_ptr_array_add (loader->study->arms, arm);
  arm->name = g_strdup (name);
  arm->pointer = g_strdup (pointer);
  arm->fixed = qrx_space_new ();
  for (guint i = 0; i < QRX_N_DESIGNS; i++)
    arm->spaces[i] = qrx_space_new ();
  arm->objective = g_strdup (objective != NULL ? objective : qrx_json_object_peek_string (loader->root, "objective"));
  arm->objective_pointer = qrx_json_pointer_append (objective != NULL ? pointer : "", "objective");
  read_pipeline (loader, arm, own != NULL ? own : shared, own != NULL ? pointer : "");
  if (is_named)
    g_ptr_array_unref (arm->fixed->dimensions);
  if (is_named)
    arm->fixed->dimensions = read_paths (loader, object, pointer, "set", TRUE);
  arm->dimensions = is_named ? read_paths (loader, object, pointer, "vary", FALSE) : g_ptr_array_new ();
}

void
qrx_study_read_arms (QrxStudyLoader *loader)
{
  JsonNode *member = json_object_get_member (loader->root, "arms");
  JsonObject *arms = qrx_json_object_peek_object (loader->root, "arms");
  g_auto (GStrv) names = arms != NULL ? qrx_json_object_dup_names (arms) : NULL;
  g_autoptr (GPtrArray) set = read_paths (loader, loader->root, "", "set", TRUE);
  g_autoptr (GPtrArray) vary = read_paths (loader, loader->root, "", "vary", FALSE);
  g_autoptr (GPtrArray) changes = read_overrides (loader);

  qrx_study_read_string (loader, loader->root, "", "pipeline");
  qrx_study_read_string (loader, loader->root, "", "objective");
  if (member == NULL)
    new_arm (loader, "", loader->root, "");
  else if (names == NULL || names[0] == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/arms", FALSE, NULL,
                    "found %s, expected an object with an arm or more",
                    names != NULL ? "an empty object" : qrx_json_describe (member));
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *pointer = qrx_json_pointer_append ("/arms", names[i]);
      JsonObject *arm = qrx_json_object_peek_object (arms, names[i]);

      if (arm == NULL)
        {
          qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL,
                          "found %s, expected an object with \"pipeline\", \"set\", \"vary\" or \"objective\"",
                          qrx_json_describe (json_object_get_member (arms, names[i])));
          continue;
        }
      if (*names[i] == '\0')
        qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, TRUE, NULL, "found an arm without a name");
      qrx_study_check_keys (loader, arm, pointer, arm_keys);
      new_arm (loader, names[i], arm, pointer);
    }
  qrx_study_lay_settings (loader, set, vary, changes);
}
