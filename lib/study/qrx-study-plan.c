/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The searches of a study, numbered so that every trial has an id that does not depend on how the study goes.
 */
#include "study/qrx-study-plan-private.h"

#define MAX_TRIALS 1000000

void
qrx_search_free (QrxSearch *self)
{
  g_free (self);
}

gboolean
qrx_search_is_adaptive (QrxStudy *study, const QrxSearch *self)
{
  return self->n_proposals > 1 && (study->inner_folds > 0 || qrx_sampler_is_adaptive (&study->sampler));
}

/* A grid takes a range of numbers in a stated number of points. */
static gboolean
check_points (QrxStudyLoader *loader, const QrxSpace *space)
{
  gboolean good = TRUE;

  for (guint i = 0; i < space->dimensions->len; i++)
    {
      const QrxDimension *dimension = space->dimensions->pdata[i];

      if (qrx_dimension_get_grid_size (dimension) > 0)
        continue;
      qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, dimension->pointer, FALSE, NULL,
                      "a grid needs \"points\", how many values it takes of a range of numbers");
      good = FALSE;
    }
  return good;
}

static gboolean
list_grids (QrxStudyLoader *loader, QrxArm *arm)
{
  for (guint i = 0; i < QRX_N_DESIGNS; i++)
    {
      gboolean has_grid = i != QRX_DESIGN_CONFIGURATION || loader->study->sampler.kind == QRX_SAMPLER_GRID ||
                          arm->spaces[i]->dimensions->len == 0;

      if (!has_grid && loader->study->sampler.kind == QRX_SAMPLER_SOBOL &&
          arm->spaces[i]->dimensions->len > QRX_SOBOL_MAX)
        {
          qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->pointer, FALSE, NULL,
                          "found %u dimensions, more than the %d that sobol has numbers for; take another sampler",
                          arm->spaces[i]->dimensions->len, QRX_SOBOL_MAX);
          return FALSE;
        }
      if (!has_grid)
        continue;
      if (!check_points (loader, arm->spaces[i]))
        return FALSE;
      arm->grids[i] = qrx_space_list_grid (arm->spaces[i], MAX_TRIALS);
      if (arm->grids[i] == NULL)
        {
          qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->pointer, FALSE, NULL,
                          "found a grid of more than %d points; take another sampler", MAX_TRIALS);
          return FALSE;
        }
    }
  return TRUE;
}

static void
add_search (QrxStudy *study, QrxArm *arm, const double *task, const double *resample)
{
  QrxSearch *search = g_new0 (QrxSearch, 1);
  guint n_resamples = arm->grids[QRX_DESIGN_RESAMPLE]->len, n_replicates = arm->grids[QRX_DESIGN_REPLICATE]->len;
  gboolean nested = resample != NULL;

  search->index = study->searches->len;
  search->arm = arm;
  search->task = task;
  search->resample = resample;
  search->first = study->n_trials;
  search->n_proposals = qrx_sampler_count (&study->sampler, arm->grids[QRX_DESIGN_CONFIGURATION]);
  search->n_cells = nested ? study->inner_folds : n_resamples * n_replicates;
  search->n_finals = nested ? n_replicates : 0;
  if (nested && search->n_proposals == 1)
    search->n_proposals = 0; /* nothing to choose from */
  g_ptr_array_add (study->searches, search);
  study->n_trials += (gint64) search->n_proposals * search->n_cells + search->n_finals;
}

/* The tasks of arms are matched by what they set, the first arm's order first. */
static void
add_searches (QrxStudy *study, guint task)
{
  for (guint a = 0; a < study->arms->len; a++)
    {
      QrxArm *arm = study->arms->pdata[a];
      GPtrArray *tasks = arm->grids[QRX_DESIGN_TASK], *resamples = arm->grids[QRX_DESIGN_RESAMPLE];

      if (task >= tasks->len)
        continue;
      for (guint r = 0; r < (study->inner_folds > 0 ? resamples->len : 1); r++)
        add_search (study, arm, tasks->pdata[task], study->inner_folds > 0 ? resamples->pdata[r] : NULL);
    }
}

void
qrx_study_plan (QrxStudyLoader *loader)
{
  QrxStudy *study = loader->study;
  guint n_tasks = 0;

  for (guint a = 0; a < study->arms->len; a++)
    {
      QrxArm *arm = study->arms->pdata[a];

      if (!list_grids (loader, arm))
        return;
      n_tasks = MAX (n_tasks, arm->grids[QRX_DESIGN_TASK]->len);
    }
  for (guint task = 0; task < n_tasks && study->n_trials <= MAX_TRIALS; task++)
    add_searches (study, task);
  if (study->n_trials > MAX_TRIALS)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "", FALSE, NULL, "found more than %d trials", MAX_TRIALS);
}
