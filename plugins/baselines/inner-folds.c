/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deals training rows into folds by the same rules as the split that made them: by group, keyed by the groups' ids. */
#include "inner-folds.h"

#include "../transforms/split-deal.h"

/* Apart from any repetition that a split may have. */
#define REPEAT G_MAXUINT32

guint *
inner_folds_deal (QrxTable *table, QrxIndex *rows, gsize target, guint64 seed, guint *n_folds, const char *remedy,
                  GError **error)
{
  g_autoptr (QrxTable) training = qrx_table_select_rows (table, rows);
  g_autoptr (SplitGroups) groups =
      split_groups_new (training, split_by_from_unseen (qrx_table_get_unseen (table)), (int) target, error);
  gsize n = qrx_index_get_length (rows);
  g_autofree guint *folds = g_new0 (guint, n);

  if (groups == NULL)
    return NULL;
  if (groups->groups->len < 2)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_EMPTY,
                   "%" G_GSIZE_FORMAT " training rows of one donor or line cannot be parted for cross-validation; %s",
                   n, remedy);
      return NULL;
    }
  *n_folds = MIN (*n_folds, groups->groups->len);
  for (guint fold = 0; fold < *n_folds; fold++)
    {
      const SplitPlan plan = { .seed = seed, .repeat = REPEAT, .n_folds = *n_folds, .fold = fold, .n_bins = 1 };
      g_autofree guint8 *roles = split_deal (groups->groups, &plan, error);

      if (roles == NULL)
        return NULL;
      for (gsize i = 0; i < n; i++)
        if (roles[groups->group_of[i]] == QRX_ROLE_TEST)
          folds[i] = fold;
    }
  return g_steal_pointer (&folds);
}
