/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where nothing can be learned, intervals hold chance as often as they say, and tests find differences no more often.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx-comparison.h>
#include <qrx/qrx-random.h>
#include <qrx/qrx-statistics.h>

#define N_STUDIES 500
#define N_ROWS 120
#define N_FOLDS 5
#define N_REPEATS 2

/* One cohort whose classes mean nothing, and what a model predicts of it: a part that every fold's model shares, for
 * they are fitted to much the same rows, and a part of its own. */
typedef struct {
  guint8 positives[N_ROWS];
  double shared[2][N_ROWS];
  char *units[N_ROWS + 1];
} Cohort;

static void
draw_cohort (Cohort *cohort, QrxRandom *random)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      cohort->positives[i] = qrx_random_uniform (random) < 0.4;
      for (guint arm = 0; arm < 2; arm++)
        cohort->shared[arm][i] = qrx_random_normal (random);
    }
}

static void
score_fold (QrxComparison *self, const Cohort *cohort, guint arm, guint repeat, guint fold, const gsize *order,
            QrxRandom *random)
{
  enum { N = N_ROWS / N_FOLDS };
  const char *const arms[] = { "a", "b" };
  g_autofree char *resample = g_strdup_printf ("%u %u", repeat, fold);
  const char *units[N];
  double scores[N], auc;
  guint8 positives[N];

  for (guint i = 0; i < N; i++)
    {
      gsize row = order[fold * N + i];

      units[i] = cohort->units[row];
      positives[i] = cohort->positives[row];
      scores[i] = cohort->shared[arm][row] + qrx_random_normal (random);
    }
  if (!qrx_statistics_auc (scores, positives, N, &auc, NULL))
    auc = NAN;
  qrx_comparison_add (self, arms[arm], "task", resample, "0", auc, N_ROWS - N, N);
  qrx_comparison_add_ranking (self, arms[arm], "task", resample, "0", units, scores, positives, N);
}

static void
fill (QrxComparison *self, const Cohort *cohort, QrxRandom *random)
{
  for (guint repeat = 0; repeat < N_REPEATS; repeat++)
    {
      gsize order[N_ROWS];

      qrx_random_permutation (random, order, N_ROWS);
      for (guint fold = 0; fold < N_FOLDS; fold++)
        for (guint arm = 0; arm < 2; arm++)
          score_fold (self, cohort, arm, repeat, fold, order, random);
    }
}

/* Four standard errors of a share of 500 are allowed: 0.039 where 0.95 or 0.05 is nominal. The corrected t test may reject less
 * often: it takes training rows to overlap as much as can be. */
static void
test_chance_is_covered_and_rejected_at_the_nominal_rate (void)
{
  static const char *const references[] = { "a", NULL };
  guint n_covered = 0, n_rejected = 0;
  Cohort cohort = { 0 };

  for (guint i = 0; i < N_ROWS; i++)
    cohort.units[i] = g_strdup_printf ("%u", i);
  for (guint study = 0; study < N_STUDIES; study++)
    {
      g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
      g_autofree char *text = NULL;
      g_autoptr (JsonNode) root = NULL;
      JsonObject *document, *estimate, *pair;
      JsonArray *interval;
      QrxRandom random;

      qrx_random_init (&random, 1, "null", "study", study);
      draw_cohort (&cohort, &random);
      fill (self, &cohort, &random);
      text = qrx_comparison_to_json (self, references);
      root = json_from_string (text, NULL);
      document = json_node_get_object (root);
      estimate = json_array_get_object_element (json_object_get_array_member (document, "estimates"), 0);
      interval = json_object_get_array_member (estimate, "interval");
      n_covered +=
          json_array_get_double_element (interval, 0) <= 0.5 && json_array_get_double_element (interval, 1) >= 0.5;
      pair = json_array_get_object_element (json_object_get_array_member (document, "against"), 0);
      pair = json_array_get_object_element (json_object_get_array_member (pair, "tasks"), 0);
      n_rejected += json_object_get_double_member (pair, "p") < 0.05;
    }
  for (guint i = 0; i < N_ROWS; i++)
    g_free (cohort.units[i]);
  g_test_message ("covered %u, rejected %u of %u", n_covered, n_rejected, N_STUDIES);
  g_assert_cmpfloat (n_covered / (double) N_STUDIES, >=, 0.95 - 0.039);
  g_assert_cmpfloat (n_covered / (double) N_STUDIES, <=, 0.95 + 0.039);
  g_assert_cmpfloat (n_rejected / (double) N_STUDIES, <=, 0.05 + 0.039);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/property/comparison/null", test_chance_is_covered_and_rejected_at_the_nominal_rate);
  return g_test_run ();
}
