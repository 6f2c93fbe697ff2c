/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which settings an arm has: those of the command line, its own, and those of the study, the first that speaks of a
 * path. What is said for all arms holds for those whose pipeline has such a property: a study of networks and ridge
 * regression can set the networks' epochs. What no arm has is a fault. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"
#include "graph/qrx-registry-private.h"

#include <string.h>

static gboolean
has_path (GPtrArray *dimensions, const char *path)
{
  for (guint i = 0; i < dimensions->len; i++)
    if (g_str_equal (((QrxDimension *) dimensions->pdata[i])->path, path))
      return TRUE;
  return FALSE;
}

/* Takes out what another says of the same paths, with what depends on it. */
static void
remove_paths (GPtrArray *dimensions, GPtrArray *others)
{
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();

  for (guint i = 0; i < dimensions->len;)
    {
      QrxDimension *dimension = dimensions->pdata[i];

      if (has_path (others, dimension->path) ||
          (dimension->parent != NULL && g_ptr_array_find (removed, dimension->parent, NULL)))
        g_ptr_array_add (removed, g_ptr_array_remove_index (dimensions, i));
      else
        i++;
    }
}

static void
check_disjoint (QrxStudyLoader *loader, GPtrArray *set, GPtrArray *vary)
{
  for (guint i = 0; i < set->len; i++)
    {
      QrxDimension *dimension = set->pdata[i];

      if (has_path (vary, dimension->path))
        qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, dimension->pointer, TRUE, NULL,
                        "\"%s\" varies and is set, too; expected one of them", dimension->path);
    }
}

/* The type of a node: as the arm sets it, or as the pipeline's text has it, for the pipeline may have faults. */
char *
qrx_arm_dup_type (const QrxArm *self, const char *id)
{
  g_autoptr (JsonNode) root =
      self->text != NULL ? qrx_json_scan (self->text, strlen (self->text), NULL, NULL, NULL) : NULL;
  JsonObject *nodes = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                          ? qrx_json_object_peek_object (json_node_get_object (root), "nodes")
                          : NULL;
  JsonObject *members = nodes != NULL ? qrx_json_object_peek_object (nodes, id) : NULL;
  g_autofree char *path = g_strconcat (id, ".type", NULL);

  if (members == NULL)
    return NULL;
  for (guint i = 0; i < self->fixed->dimensions->len; i++)
    {
      const QrxDimension *dimension = self->fixed->dimensions->pdata[i];

      if (g_str_equal (dimension->path, path) && dimension->values->len > 0)
        return json_node_dup_string (dimension->values->pdata[0]);
    }
  return g_strdup (qrx_json_object_peek_string (members, "type"));
}

/* A type that is not known is reported elsewhere. */
static gboolean
has_property (QrxStudyLoader *loader, const QrxArm *arm, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, ".", -1);
  g_autofree char *type = qrx_arm_dup_type (arm, parts[0]);
  QrxNodeClass *klass = type != NULL ? qrx_registry_peek_class (loader->study->registry, type) : NULL;

  if (g_str_equal (path, "seed"))
    return TRUE;
  if (type == NULL || parts[1] == NULL)
    return FALSE;
  return klass == NULL || g_str_equal (parts[1], "type") || g_str_equal (parts[1], "from") ||
         qrx_node_class_find_property (klass, parts[1]) != NULL;
}

/* Those that an arm has, and those that no arm has, so that they are reported. */
static GPtrArray *
pick (QrxStudyLoader *loader, const QrxArm *arm, GPtrArray *dimensions)
{
  GPtrArray *picked = g_ptr_array_new ();

  for (guint i = 0; i < dimensions->len; i++)
    {
      QrxDimension *dimension = dimensions->pdata[i];
      gboolean anywhere = FALSE, here;

      for (guint a = 0; a < loader->study->arms->len && dimension->parent == NULL; a++)
        anywhere |= has_property (loader, loader->study->arms->pdata[a], dimension->path);
      here = dimension->parent != NULL ? g_ptr_array_find (picked, dimension->parent, NULL)
                                       : !anywhere || has_property (loader, arm, dimension->path);
      if (here)
        g_ptr_array_add (picked, dimension);
    }
  return picked;
}

static GPtrArray *
join (GPtrArray *first, GPtrArray *second)
{
  for (guint i = 0; i < second->len; i++)
    g_ptr_array_add (first, second->pdata[i]);
  g_ptr_array_unref (second);
  return first;
}

static void
lay (QrxStudyLoader *loader, QrxArm *arm, GPtrArray *study_set, GPtrArray *study_vary, GPtrArray *study_changes)
{
  GPtrArray *set = pick (loader, arm, study_set), *vary = pick (loader, arm, study_vary);
  GPtrArray *changes = pick (loader, arm, study_changes);
  GPtrArray *own_set = arm->fixed->dimensions, *own_vary = arm->dimensions;

  remove_paths (set, own_set);
  remove_paths (set, own_vary);
  remove_paths (vary, own_set);
  remove_paths (vary, own_vary);
  set = join (set, own_set);
  vary = join (vary, own_vary);
  remove_paths (set, changes);
  remove_paths (vary, changes);
  arm->fixed->dimensions = join (set, changes);
  arm->dimensions = vary;
}

/* A property may be said of several choices of its node, but not besides them. */
static void
check_once (QrxStudyLoader *loader, GPtrArray *dimensions)
{
  for (guint i = 0; i < dimensions->len; i++)
    for (guint k = 0; k < i; k++)
      {
        const QrxDimension *later = dimensions->pdata[i], *earlier = dimensions->pdata[k];

        if (g_str_equal (later->path, earlier->path) &&
            (later->parent == NULL || later->parent != earlier->parent || later->choice == earlier->choice))
          qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, later->pointer, TRUE, NULL, "\"%s\" is said twice",
                          later->path);
      }
}

void
qrx_study_lay_settings (QrxStudyLoader *loader, GPtrArray *set, GPtrArray *vary, GPtrArray *changes)
{
  check_disjoint (loader, set, vary);
  for (guint a = 0; a < loader->study->arms->len; a++)
    {
      QrxArm *arm = loader->study->arms->pdata[a];

      check_disjoint (loader, arm->fixed->dimensions, arm->dimensions);
      lay (loader, arm, set, vary, changes);
      check_once (loader, arm->dimensions);
    }
}
