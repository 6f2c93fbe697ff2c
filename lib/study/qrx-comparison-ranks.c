/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is independent among tasks; mean ranks of arms over it, and which of them it can tell apart. */
#include "study/qrx-comparison-private.h"

#include <math.h>
#include <qrx/qrx-statistics.h>

GArray *
qrx_comparison_average_subjects (QrxComparison *self, GArray *rows, GArray *tasks, guint n)
{
  GArray *means = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint subject = 0; subject < self->subjects->len; subject++)
    {
      guint begin = means->len, n_rows = 0;

      g_array_set_size (means, begin + n);
      for (guint i = 0; i < n; i++)
        g_array_index (means, double, begin + i) = 0;
      for (guint row = 0; row < tasks->len; row++)
        if (g_array_index (self->subject_of, guint, g_array_index (tasks, guint, row)) == subject)
          {
            n_rows++;
            for (guint i = 0; i < n; i++)
              g_array_index (means, double, begin + i) += g_array_index (rows, double, row * n + i);
          }
      for (guint i = 0; i < n; i++)
        g_array_index (means, double, begin + i) /= n_rows;
      if (n_rows == 0)
        g_array_set_size (means, begin);
    }
  return means;
}

/* The arms' mean scores on the tasks where every arm has one, for each subject in turn; signed so that higher is better. */
static GArray *
collect_blocks (QrxComparison *self, gsize *n_blocks)
{
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *blocks;

  for (guint task = 0; task < self->tasks->len; task++)
    {
      guint arm;

      for (arm = 0; arm < self->arms->len; arm++)
        {
          g_autoptr (GArray) resamples = qrx_comparison_collect (self, arm, task);
          const char *reason;
          double mean;

          if (!qrx_comparison_average (resamples, &mean, &reason))
            break;
          mean = self->higher_is_better ? mean : -mean;
          g_array_append_val (scores, mean);
        }
      if (arm == self->arms->len)
        g_array_append_val (tasks, task);
      else
        g_array_set_size (scores, tasks->len * self->arms->len);
    }
  blocks = qrx_comparison_average_subjects (self, scores, tasks, self->arms->len);
  *n_blocks = self->arms->len > 0 ? blocks->len / self->arms->len : 0;
  return blocks;
}

/* The longest runs of neighbouring ranks that are closer together than the critical difference, as arrays of arms. */
static JsonArray *
find_cliques (QrxComparison *self, const double *mean_ranks, double critical)
{
  JsonArray *cliques = json_array_new ();
  guint n = self->arms->len, covered = 0;
  g_autofree guint *order = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    {
      guint place = i;

      for (; place > 0 && mean_ranks[order[place - 1]] > mean_ranks[i]; place--)
        order[place] = order[place - 1];
      order[place] = i;
    }
  for (guint first = 0; first < n; first++)
    {
      JsonArray *clique;
      guint end = first + 1;

      while (end < n && mean_ranks[order[end]] - mean_ranks[order[first]] < critical)
        end++;
      if (end <= covered || end - first < 2)
        continue;
      covered = end;
      clique = json_array_new ();
      for (guint i = first; i < end; i++)
        json_array_add_string_element (clique, self->arms->pdata[order[i]]);
      json_array_add_array_element (cliques, clique);
    }
  return cliques;
}

static void
write_ranks (QrxComparison *self, JsonObject *object, const double *scores, gsize n_blocks)
{
  g_autofree double *mean_ranks = g_new (double, self->arms->len);
  JsonObject *ranks = json_object_new ();
  const char *reason = NULL;
  double statistic, p, critical;

  if (!qrx_statistics_friedman (scores, n_blocks, self->arms->len, &statistic, &p, mean_ranks, &reason))
    {
      json_object_unref (ranks);
      json_object_set_string_member (object, "reason", reason);
      return;
    }
  for (guint arm = 0; arm < self->arms->len; arm++)
    json_object_set_double_member (ranks, self->arms->pdata[arm], mean_ranks[arm]);
  json_object_set_object_member (object, "mean-ranks", ranks);
  if (n_blocks < QRX_COMPARISON_MIN_FRIEDMAN_TASKS)
    {
      g_autofree char *text =
          g_strdup_printf ("Friedman's test and the critical difference need %d tasks on which every arm has a "
                           "score; there are %" G_GSIZE_FORMAT,
                           QRX_COMPARISON_MIN_FRIEDMAN_TASKS, n_blocks);

      json_object_set_string_member (object, "reason", text);
      return;
    }
  critical = qrx_statistics_critical_difference (n_blocks, self->arms->len, self->level);
  json_object_set_double_member (object, "friedman", statistic);
  json_object_set_double_member (object, "p", p);
  json_object_set_double_member (object, "critical-difference", critical);
  json_object_set_array_member (object, "cliques", find_cliques (self, mean_ranks, critical));
}

/* {"tasks": n, "mean-ranks": {arm: rank}, "friedman", "p", "critical-difference", "cliques": [[arm, …], …]}, rank 1
 * being the best; "reason" where there are no ranks or no test. */
JsonNode *
qrx_comparison_rank (QrxComparison *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  gsize n_blocks;
  g_autoptr (GArray) scores = collect_blocks (self, &n_blocks);

  json_object_set_int_member (object, "tasks", (gint64) n_blocks);
  if (n_blocks < 2 || self->arms->len < 2)
    json_object_set_string_member (object, "reason", "ranks need two arms that both have scores on two tasks");
  else
    write_ranks (self, object, (const double *) (gpointer) scores->data, n_blocks);
  json_node_take_object (node, object);
  return node;
}
