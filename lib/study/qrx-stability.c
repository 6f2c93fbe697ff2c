/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares rankings of the same genes: across seeds within a fold, and across folds with one seed. Knows no store. */
#include "study/qrx-stability-private.h"

#include <math.h>
#include <qrx/qrx-statistics.h>
#include <string.h>

typedef struct {
  char *resample;
  char *replicate;
  double *ranks;  /* 1 is the first; equal genes share the mean of theirs */
  guint8 *chosen; /* whether a gene is among the first; one that matters nothing never is */
} Ranking;

struct _QrxStability {
  gsize n_genes;
  guint top;
  GPtrArray *rankings; /* of Ranking */
};

static void
ranking_free (gpointer data)
{
  Ranking *ranking = data;

  g_free (ranking->resample);
  g_free (ranking->replicate);
  g_free (ranking->ranks);
  g_free (ranking->chosen);
  g_free (ranking);
}

QrxStability *
qrx_stability_new (gsize n_genes, guint top)
{
  QrxStability *self = g_new0 (QrxStability, 1);

  self->n_genes = n_genes;
  self->top = top;
  self->rankings = g_ptr_array_new_with_free_func (ranking_free);
  return self;
}

void
qrx_stability_free (QrxStability *self)
{
  g_ptr_array_unref (self->rankings);
  g_free (self);
}

static int
compare_importance (gconstpointer a, gconstpointer b, gpointer data)
{
  guint i = *(const guint *) a, j = *(const guint *) b;
  const float *importance = data;

  if (importance[i] != importance[j])
    return importance[i] > importance[j] ? -1 : 1;
  return i < j ? -1 : i > j;
}

void
qrx_stability_add (QrxStability *self, const char *resample, const char *replicate, const float *importance)
{
  Ranking *ranking = g_new0 (Ranking, 1);
  g_autofree double *negative = g_new (double, MAX (self->n_genes, 1));
  g_autofree guint *order = g_new (guint, MAX (self->n_genes, 1));

  ranking->resample = g_strdup (resample);
  ranking->replicate = g_strdup (replicate);
  ranking->ranks = g_new (double, MAX (self->n_genes, 1));
  ranking->chosen = g_new0 (guint8, MAX (self->n_genes, 1));
  for (gsize i = 0; i < self->n_genes; i++)
    {
      negative[i] = -(double) importance[i];
      order[i] = (guint) i;
    }
  qrx_statistics_rank (negative, self->n_genes, ranking->ranks);
  g_qsort_with_data (order, (gint) self->n_genes, sizeof *order, compare_importance, (gpointer) importance);
  for (gsize i = 0; i < MIN (self->top, self->n_genes); i++)
    ranking->chosen[order[i]] = importance[order[i]] > 0;
  g_ptr_array_add (self->rankings, ranking);
}

/* Mean of what is defined. */
typedef struct {
  double sum;
  guint n;
} Mean;

static void
add_to_mean (Mean *mean, double value)
{
  mean->sum += value;
  mean->n++;
}

typedef struct {
  Mean spearman, jaccard, stability;
  guint n_groups, n_rankings;
} Agreement;

/* The mean over pairs; pairs of which one knows no order are left out. */
static Mean
correlate (QrxStability *self, GPtrArray *group)
{
  Mean spearman = { 0 };
  double value;

  for (guint a = 0; a < group->len; a++)
    for (guint b = 0; b < a; b++)
      if (qrx_statistics_pearson (((Ranking *) group->pdata[a])->ranks, ((Ranking *) group->pdata[b])->ranks,
                                  self->n_genes, &value, NULL))
        add_to_mean (&spearman, value);
  return spearman;
}

static void
compare_group (QrxStability *self, GPtrArray *group, Agreement *agreement)
{
  g_autofree guint8 *chosen = g_malloc (MAX (group->len * self->n_genes, 1));
  Mean spearman = correlate (self, group);
  double value;

  for (guint a = 0; a < group->len; a++)
    memcpy (chosen + a * self->n_genes, ((Ranking *) group->pdata[a])->chosen, self->n_genes);
  agreement->n_groups++;
  agreement->n_rankings += group->len;
  if (spearman.n > 0)
    add_to_mean (&agreement->spearman, spearman.sum / spearman.n);
  if (qrx_statistics_jaccard (chosen, group->len, self->n_genes, &value, NULL))
    add_to_mean (&agreement->jaccard, value);
  if (qrx_statistics_selection_stability (chosen, group->len, self->n_genes, &value, NULL))
    add_to_mean (&agreement->stability, value);
}

/* Rankings that have one thing in common are a group, in the order in which they came. */
static GPtrArray *
make_groups (QrxStability *self, gboolean by_resample)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < self->rankings->len; i++)
    {
      Ranking *ranking = self->rankings->pdata[i];
      char *name = by_resample ? ranking->resample : ranking->replicate;
      GPtrArray *group = g_hash_table_lookup (by_name, name);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (by_name, name, group);
          g_ptr_array_add (groups, group);
        }
      g_ptr_array_add (group, ranking);
    }
  return groups;
}

static void
put_mean (JsonObject *object, const char *name, const Mean *mean)
{
  if (mean->n > 0)
    json_object_set_double_member (object, name, mean->sum / mean->n);
  else
    json_object_set_null_member (object, name);
}

static JsonNode *
write_agreement (QrxStability *self, gboolean by_resample)
{
  g_autoptr (GPtrArray) groups = make_groups (self, by_resample);
  Agreement agreement = { 0 };
  JsonNode *node = json_node_new (JSON_NODE_NULL);
  JsonObject *object;

  for (guint i = 0; i < groups->len; i++)
    if (((GPtrArray *) groups->pdata[i])->len > 1)
      compare_group (self, groups->pdata[i], &agreement);
  if (agreement.n_groups == 0)
    return node;
  object = json_object_new ();
  json_object_set_int_member (object, "groups", agreement.n_groups);
  json_object_set_int_member (object, "rankings", agreement.n_rankings);
  put_mean (object, "spearman", &agreement.spearman);
  put_mean (object, "jaccard", &agreement.jaccard);
  put_mean (object, "stability", &agreement.stability);
  json_node_init_object (node, object);
  json_object_unref (object);
  return node;
}

typedef struct {
  guint gene;
  double frequency; /* of being among the first */
  double rank;      /* mean */
} Leader;

static int
compare_leaders (gconstpointer a, gconstpointer b)
{
  const Leader *x = a, *y = b;

  if (x->frequency != y->frequency)
    return x->frequency > y->frequency ? -1 : 1;
  if (x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  return x->gene < y->gene ? -1 : x->gene > y->gene;
}

static JsonArray *
write_leaders (QrxStability *self, const char *const *genes)
{
  g_autofree Leader *leaders = g_new0 (Leader, MAX (self->n_genes, 1));
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->n_genes; i++)
    {
      leaders[i].gene = i;
      for (guint r = 0; r < self->rankings->len; r++)
        {
          const Ranking *ranking = self->rankings->pdata[r];

          leaders[i].frequency += (double) ranking->chosen[i] / self->rankings->len;
          leaders[i].rank += ranking->ranks[i] / self->rankings->len;
        }
    }
  qsort (leaders, self->n_genes, sizeof *leaders, compare_leaders);
  for (gsize i = 0; i < MIN (self->top, self->n_genes) && leaders[i].frequency > 0; i++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "gene", genes[leaders[i].gene]);
      json_object_set_double_member (object, "frequency", leaders[i].frequency);
      json_object_set_double_member (object, "mean-rank", leaders[i].rank);
      json_array_add_object_element (array, object);
    }
  return array;
}

JsonObject *
qrx_stability_write (QrxStability *self, const char *const *genes)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "genes", (gint64) self->n_genes);
  json_object_set_int_member (object, "top", self->top);
  json_object_set_int_member (object, "rankings", self->rankings->len);
  json_object_set_member (object, "seeds", write_agreement (self, TRUE));
  json_object_set_member (object, "folds", write_agreement (self, FALSE));
  json_object_set_array_member (object, "leading", write_leaders (self, genes));
  return object;
}
