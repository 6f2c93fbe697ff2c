/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A study as an object: what is known of it once it is read and checked. */
#include "study/qrx-study-plan-private.h"
#include "study/qrx-study-private.h"

G_DEFINE_FINAL_TYPE (QrxStudy, qrx_study, G_TYPE_OBJECT)

static void
arm_free (gpointer data)
{
  QrxArm *self = data;

  g_free (self->name);
  g_free (self->pointer);
  g_free (self->path);
  g_free (self->text);
  g_free (self->base_directory);
  g_free (self->objective);
  g_free (self->objective_pointer);
  g_clear_pointer (&self->evaluators, json_object_unref);
  g_clear_pointer (&self->dimensions, g_ptr_array_unref);
  qrx_space_free (self->fixed);
  for (guint i = 0; i < QRX_N_DESIGNS; i++)
    {
      qrx_space_free (self->spaces[i]);
      g_clear_pointer (&self->grids[i], g_ptr_array_unref);
    }
  g_free (self);
}

static void
qrx_study_finalize (GObject *object)
{
  QrxStudy *self = QRX_STUDY (object);

  g_clear_object (&self->registry);
  g_free (self->name);
  g_free (self->text);
  g_free (self->title);
  g_free (self->digest);
  g_free (self->overrides);
  g_free (self->inner_node);
  g_free (self->sampler.resource);
  g_ptr_array_unref (self->arms);
  g_ptr_array_unref (self->dimensions);
  g_ptr_array_unref (self->searches);
  G_OBJECT_CLASS (qrx_study_parent_class)->finalize (object);
}

static void
qrx_study_class_init (QrxStudyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_study_finalize;
}

static void
qrx_study_init (QrxStudy *self)
{
  self->arms = g_ptr_array_new_with_free_func (arm_free);
  self->dimensions = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_dimension_free);
  self->searches = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_search_free);
}

/* A setting as `--set` takes it. A type is a bare name there, everything else JSON. */
static void
add_override (GStrvBuilder *overrides, const char *path, JsonNode *value)
{
  g_autofree char *text =
      g_str_has_suffix (path, ".type") ? json_node_dup_string (value) : qrx_json_to_compact_string (value);
  g_autofree char *override = g_strconcat (path, "=", text, NULL);

  g_strv_builder_add (overrides, override);
}

char **
qrx_arm_dup_overrides (const QrxArm *self, JsonObject *settings)
{
  g_autoptr (GStrvBuilder) overrides = g_strv_builder_new ();
  g_autoptr (GList) names = json_object_get_members (settings);

  for (guint i = 0; i < self->fixed->dimensions->len; i++)
    {
      const QrxDimension *dimension = self->fixed->dimensions->pdata[i];

      add_override (overrides, dimension->path, dimension->values->pdata[0]);
    }
  for (GList *l = names; l != NULL; l = l->next)
    add_override (overrides, l->data, json_object_get_member (settings, l->data));
  return g_strv_builder_end (overrides);
}

/**
 * qrx_study_get_registry:
 * @self: a study
 *
 * Gets the registry that names the node types.
 *
 * Returns: (transfer none): the registry
 */
QrxRegistry *
qrx_study_get_registry (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), NULL);
  return self->registry;
}

/**
 * qrx_study_get_name:
 * @self: a study
 *
 * Gets the file that the study was read from, as it was given.
 *
 * Returns: the name
 */
const char *
qrx_study_get_name (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), NULL);
  return self->name;
}

/**
 * qrx_study_get_title:
 * @self: a study
 *
 * Gets what the file calls the study.
 *
 * Returns: (nullable): the title
 */
const char *
qrx_study_get_title (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), NULL);
  return self->title;
}

/**
 * qrx_study_get_digest:
 * @self: a study
 *
 * Gets the SHA-256 of the study file, its pipeline files and the overrides: stores of one digest can be
 * merged.
 *
 * Returns: the digest in hexadecimal
 */
const char *
qrx_study_get_digest (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), NULL);
  return self->digest;
}

/**
 * qrx_study_is_minimized:
 * @self: a study
 *
 * Returns: whether lower values of the objective are better
 */
gboolean
qrx_study_is_minimized (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), FALSE);
  return self->minimize;
}

/**
 * qrx_study_get_n_arms:
 * @self: a study
 *
 * Returns: how many arms there are, at least one
 */
guint
qrx_study_get_n_arms (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), 0);
  return self->arms->len;
}

/**
 * qrx_study_get_arm_name:
 * @self: a study
 * @arm: which of its arms, in the order of the file
 *
 * Returns: the arm's name; of a study without "arms" an empty text
 */
const char *
qrx_study_get_arm_name (QrxStudy *self, guint arm)
{
  g_return_val_if_fail (QRX_IS_STUDY (self) && arm < self->arms->len, NULL);
  return ((QrxArm *) self->arms->pdata[arm])->name;
}

/**
 * qrx_study_get_arm_objective:
 * @self: a study
 * @arm: which of its arms, in the order of the file
 *
 * Returns: the arm's objective, "evaluator.role.score"
 */
const char *
qrx_study_get_arm_objective (QrxStudy *self, guint arm)
{
  g_return_val_if_fail (QRX_IS_STUDY (self) && arm < self->arms->len, NULL);
  return ((QrxArm *) self->arms->pdata[arm])->objective;
}

/**
 * qrx_study_get_n_trials:
 * @self: a study
 *
 * Counts the trials. Where a sampler stops some of them early, this is the most that there may be.
 *
 * Returns: the number of trials
 */
gint64
qrx_study_get_n_trials (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), 0);
  return self->n_trials;
}

/**
 * qrx_study_is_adaptive:
 * @self: a study
 *
 * Tells whether some trials follow from the results of others, so that not every trial can be run alone.
 *
 * Returns: whether the study is adaptive
 */
gboolean
qrx_study_is_adaptive (QrxStudy *self)
{
  g_return_val_if_fail (QRX_IS_STUDY (self), FALSE);
  for (guint i = 0; i < self->searches->len; i++)
    if (qrx_search_is_adaptive (self, self->searches->pdata[i]))
      return TRUE;
  return FALSE;
}
