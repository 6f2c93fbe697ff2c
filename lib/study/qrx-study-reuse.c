/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A study that changed need not begin anew: trials that another store has are taken from there. */
#include "study/qrx-study-runner-private.h"

#include "runner/qrx-resolved-private.h"

gboolean
qrx_study_runner_take_earlier (QrxStudyRunner *self, const QrxTrial *trial, gboolean *taken, GError **error)
{
  const QrxArm *arm = ((QrxSearch *) self->study->searches->pdata[trial->search])->arm;
  g_autoptr (QrxRunner) runner = qrx_study_runner_make_runner (self, trial, NULL);
  g_autofree char *resolved = runner != NULL ? qrx_resolved_to_json (runner, NULL, NULL) : NULL;

  *taken = FALSE;
  /* What is wrong with a trial is told when it runs. */
  return resolved == NULL || qrx_earlier_take (self->earlier, trial->id, arm->objective, resolved, taken, error);
}

/* Of the trials that wait. */
static gboolean
take_waiting (QrxStudyRunner *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!qrx_store_list_waiting (self->store, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (QrxTrial) trial = qrx_study_runner_find_trial (self, g_array_index (ids, gint64, i));
      gboolean taken;

      if (trial != NULL && !qrx_study_runner_take_earlier (self, trial, &taken, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * qrx_study_runner_reuse:
 * @self: a runner
 * @earlier: a store of another study, or of this one as it was before it changed
 * @error: return location for an error
 *
 * Takes results over, now and when searches propose more: those of trials that ran the very same pipeline for the same
 * objective, with every property, seed, file (by checksum), version, kernel and BLAS as here. They keep their times and
 * hosts. May be called for several stores.
 *
 * Returns: whether both stores could be read, and this one be written
 */
gboolean
qrx_study_runner_reuse (QrxStudyRunner *self, QrxStore *earlier, GError **error)
{
  g_return_val_if_fail (QRX_IS_STUDY_RUNNER (self) && QRX_IS_STORE (earlier) && self->cancellable == NULL, FALSE);
  if (!qrx_store_release_dead (self->store, error) || !qrx_study_runner_advance (self, error))
    return FALSE;
  if (self->earlier == NULL)
    self->earlier = qrx_earlier_new (self->store);
  return qrx_earlier_add (self->earlier, earlier, error) && take_waiting (self, error) &&
         qrx_study_runner_advance (self, error);
}
