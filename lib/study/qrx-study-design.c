/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the dimensions of a study mean for statistics: seeds are replicates, folds resamples, drugs tasks,
 * everything else is compared, unless the file says otherwise. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"
#include "graph/qrx-registry-private.h"

#include <string.h>

static const char *const design_keys[] = { "configuration", "task", "resample", "replicate", NULL };

static QrxDesign
guess_design (QrxStudyLoader *loader, const QrxArm *arm, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);
  g_autofree char *type = qrx_arm_dup_type (arm, parts[0]);
  QrxNodeClass *klass = type != NULL ? qrx_registry_peek_class (loader->study->registry, type) : NULL;
  const char *category = klass != NULL ? qrx_node_class_get_category (klass) : NULL;

  if (g_str_equal (path, "seed"))
    return QRX_DESIGN_REPLICATE;
  if (category == NULL || g_strv_length (parts) != 2)
    return QRX_DESIGN_CONFIGURATION;
  if (g_str_equal (type, "split") && (g_str_equal (parts[1], "fold") || g_str_equal (parts[1], "repeat")))
    return QRX_DESIGN_RESAMPLE;
  if (g_str_equal (category, "data") && g_str_equal (parts[1], "drug"))
    return QRX_DESIGN_TASK;
  if (g_str_equal (parts[1], "target") &&
      (g_str_equal (category, "data") || g_str_equal (category, "training") || g_str_equal (category, "baseline")))
    return QRX_DESIGN_TASK;
  return QRX_DESIGN_CONFIGURATION;
}

/* The dimensions of a path, as a user writes it: a whole node's is its id. */
static gboolean
is_path (const QrxDimension *dimension, const char *path)
{
  g_autofree char *type_path = g_strconcat (path, ".type", NULL);

  return g_str_equal (dimension->path, path) || g_str_equal (dimension->path, type_path);
}

/* Path → design + 1, as the file says it. */
static GHashTable *
read_table (QrxStudyLoader *loader)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonNode *member = json_object_get_member (loader->root, "design");
  JsonObject *object = qrx_json_object_peek_object (loader->root, "design");

  if (member != NULL && object == NULL)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/design", FALSE, NULL, "found %s, expected an object",
                    qrx_json_describe (member));
  if (object == NULL)
    return table;
  qrx_study_check_keys (loader, object, "/design", design_keys);
  for (guint k = 0; design_keys[k] != NULL; k++)
    {
      JsonNode *list = json_object_get_member (object, design_keys[k]);
      g_autofree char *pointer = qrx_json_pointer_append ("/design", design_keys[k]);

      if (list != NULL && !JSON_NODE_HOLDS_ARRAY (list))
        qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, pointer, FALSE, NULL, "found %s, expected a list of paths",
                        qrx_json_describe (list));
      for (guint i = 0;
           list != NULL && JSON_NODE_HOLDS_ARRAY (list) && i < json_array_get_length (json_node_get_array (list)); i++)
        {
          JsonNode *element = json_array_get_element (json_node_get_array (list), i);
          const char *path = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;
          g_autofree char *token = g_strdup_printf ("%u", i), *below = qrx_json_pointer_append (pointer, token);
          gboolean varies = FALSE;

          for (guint d = 0; path != NULL && d < loader->study->dimensions->len; d++)
            varies |= is_path (loader->study->dimensions->pdata[d], path);
          if (!varies)
            qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, below, FALSE, NULL,
                            "expected a path that the study varies");
          else if (!g_hash_table_insert (table, g_strdup (path), GUINT_TO_POINTER (k + 1)))
            qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, below, FALSE, NULL,
                            "\"%s\" has a place in the design already", path);
        }
    }
  return table;
}

static QrxDesign
find_design (QrxStudyLoader *loader, GHashTable *table, const QrxArm *arm, const QrxDimension *dimension)
{
  GHashTableIter iter;
  gpointer path, design;

  if (dimension->parent != NULL)
    return dimension->parent->design;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &path, &design))
    if (is_path (dimension, path))
      return GPOINTER_TO_UINT (design) - 1;
  return guess_design (loader, arm, dimension->path);
}

/* The split that inner folds are of: the one whose folds are resamples. */
static void
find_inner_node (QrxStudyLoader *loader)
{
  QrxStudy *study = loader->study;

  for (guint i = 0; i < study->dimensions->len && study->inner_folds > 0 && study->inner_node == NULL; i++)
    {
      const QrxDimension *dimension = study->dimensions->pdata[i];

      if (dimension->varies && dimension->design == QRX_DESIGN_RESAMPLE && strchr (dimension->path, '.') != NULL)
        study->inner_node = g_strndup (dimension->path, strcspn (dimension->path, "."));
    }
  if (study->inner_folds > 0 && study->inner_node == NULL)
    {
      study->inner_folds = 0;
      qrx_study_fail (
          loader, QRX_PIPELINE_ERROR_VALUE, "/nested", FALSE, NULL,
          "found no resample such as \"split.fold\" in \"vary\" to nest in, expected one, or \"split\": the id of "
          "the node that splits");
    }
}

void
qrx_study_read_design (QrxStudyLoader *loader)
{
  g_autoptr (GHashTable) table = read_table (loader);

  for (guint a = 0; a < loader->study->arms->len; a++)
    {
      QrxArm *arm = loader->study->arms->pdata[a];

      for (guint i = 0; i < arm->dimensions->len; i++)
        {
          QrxDimension *dimension = arm->dimensions->pdata[i];

          dimension->design = find_design (loader, table, arm, dimension);
          dimension->varies = TRUE;
          g_ptr_array_add (arm->spaces[dimension->design]->dimensions, dimension);
          if (dimension->design != QRX_DESIGN_CONFIGURATION && dimension->kind != QRX_DIMENSION_CHOICES)
            qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, dimension->pointer, FALSE, NULL,
                            "\"%s\" is of the study's design (%s), which takes a list or a \"range\"", dimension->path,
                            design_keys[dimension->design]);
        }
    }
  find_inner_node (loader);
}
