/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds the arms of a study against each other, and its sampler against what they search. */
#include "study/qrx-study-private.h"

static gboolean
are_same (const QrxArm *a, const QrxArm *b)
{
  g_autoptr (JsonObject) none = json_object_new ();
  g_auto (GStrv) mine = qrx_arm_dup_overrides (a, none), theirs = qrx_arm_dup_overrides (b, none);
  gboolean same = g_strcmp0 (a->text, b->text) == 0 && g_strcmp0 (a->path, b->path) == 0 &&
                  g_strcmp0 (a->objective, b->objective) == 0 && a->dimensions->len == b->dimensions->len &&
                  g_strv_equal ((const char *const *) mine, (const char *const *) theirs);

  for (guint i = 0; same && i < a->dimensions->len; i++)
    same = a->dimensions->pdata[i] == b->dimensions->pdata[i];
  return same;
}

/* Arms that differ by their names alone would be compared with themselves. */
static void
check_arms_differ (QrxStudyLoader *loader)
{
  GPtrArray *arms = loader->study->arms;

  for (guint i = 0; i < arms->len; i++)
    for (guint k = 0; k < i; k++)
      {
        const QrxArm *arm = arms->pdata[i], *earlier = arms->pdata[k];

        if (!are_same (arm, earlier))
          continue;
        qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, arm->pointer, TRUE, NULL,
                        "the arm is the same as \"%s\", expected another \"pipeline\", \"set\" or \"vary\"",
                        earlier->name);
        break;
      }
}

/* A sampler, and folds to tune on, want something to search. */
static void
check_search (QrxStudyLoader *loader)
{
  const QrxStudy *study = loader->study;

  for (guint i = 0; i < study->arms->len; i++)
    if (((QrxArm *) study->arms->pdata[i])->spaces[QRX_DESIGN_CONFIGURATION]->dimensions->len > 0)
      return;
  if (study->sampler.kind != QRX_SAMPLER_GRID)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/sample", FALSE, NULL,
                    "there is nothing to search: \"vary\" has tasks, folds and seeds alone, which all are run");
  if (study->inner_folds > 0)
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/nested", FALSE, NULL,
                    "there is nothing to tune: \"vary\" has tasks, folds and seeds alone");
}

void
qrx_study_check_arms (QrxStudyLoader *loader)
{
  if (loader->faults->len > 0)
    return;
  check_arms_differ (loader);
  check_search (loader);
}
