/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scores that a node type gives, so that whoever names one, such as a study's objective, is told before anything runs. */
#include "graph/qrx-node-info-private.h"

void
qrx_score_kind_free (QrxScoreKind *self)
{
  g_free (self->name);
  g_free (self->blurb);
  g_free (self);
}

/**
 * qrx_node_class_add_score:
 * @klass: a node class
 * @name: the score's name in the metrics
 * @better: 1 where more is better, -1 where less is, 0 where neither is
 * @blurb: what it is, for people
 *
 * Declares a number that the type gives of every role. What it gives beside those that are declared is no objective of a
 * study; a type that declares none is not asked.
 */
void
qrx_node_class_add_score (QrxNodeClass *klass, const char *name, int better, const char *blurb)
{
  QrxNodeInfo *info;
  QrxScoreKind *score;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (name != NULL && blurb != NULL);
  if ((info = qrx_node_class_edit (klass)) == NULL)
    return;
  score = g_new (QrxScoreKind, 1);
  score->name = g_strdup (name);
  score->better = CLAMP (better, -1, 1);
  score->blurb = g_strdup (blurb);
  g_ptr_array_add (info->scores, score);
}

guint
qrx_node_class_get_n_scores (QrxNodeClass *klass)
{
  const QrxNodeInfo *info = qrx_node_class_get_own_info (klass);

  return info != NULL ? info->scores->len : 0;
}

const QrxScoreKind *
qrx_node_class_get_score (QrxNodeClass *klass, guint i)
{
  g_return_val_if_fail (i < qrx_node_class_get_n_scores (klass), NULL);
  return g_ptr_array_index (klass->info->scores, i);
}

const QrxScoreKind *
qrx_node_class_find_score (QrxNodeClass *klass, const char *name)
{
  for (guint i = 0; i < qrx_node_class_get_n_scores (klass); i++)
    {
      const QrxScoreKind *score = g_ptr_array_index (klass->info->scores, i);

      if (g_str_equal (score->name, name))
        return score;
    }
  return NULL;
}
