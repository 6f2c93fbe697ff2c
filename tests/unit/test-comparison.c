/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <qrx/qrx-comparison.h>
#include <qrx/qrx-statistics.h>

static void
add (QrxComparison *self, const char *arm, const char *task, guint fold, guint seed, double score)
{
  g_autofree char *resample = g_strdup_printf ("fold %u", fold);
  g_autofree char *replicate = g_strdup_printf ("seed %u", seed);

  qrx_comparison_add (self, arm, task, resample, replicate, score, 400, 100);
}

static JsonObject *
judge (QrxComparison *self, const char *reference, JsonNode **root)
{
  const char *references[] = { reference, NULL };
  g_autofree char *text = qrx_comparison_to_json (self, references);
  g_autoptr (GError) error = NULL;

  *root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_get_object (*root);
}

static JsonObject *
find_pair (JsonObject *document, const char *part, const char *arm)
{
  JsonObject *against = json_array_get_object_element (json_object_get_array_member (document, "against"), 0);
  JsonArray *pairs = json_object_get_array_member (against, part);

  for (guint i = 0; i < json_array_get_length (pairs); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (pairs, i), "arm"), arm))
      return json_array_get_object_element (pairs, i);
  g_assert_not_reached ();
}

static JsonObject *
get_estimate (JsonObject *document, guint i)
{
  return json_array_get_object_element (json_object_get_array_member (document, "estimates"), i);
}

static void
assert_reason (JsonObject *object, const char *part)
{
  const char *reason = json_object_get_string_member_with_default (object, "reason", "");

  if (strstr (reason, part) == NULL)
    g_error ("the reason is \"%s\", not \"…%s…\"", reason, part);
}

/* A fold with many seeds weighs no more than one with few. */
static void
test_seeds_are_averaged_within_folds (void)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *estimate;

  add (self, "a", "t", 0, 0, 0.5);
  add (self, "a", "t", 0, 1, 0.7);
  add (self, "a", "t", 0, 2, 0.6);
  add (self, "a", "t", 1, 0, 0.8);
  estimate = get_estimate (judge (self, "a", &root), 0);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (estimate, "mean"), 0.7, 1e-15);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (estimate, "seed-deviation"), 0.1, 1e-15);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (estimate, "fold-deviation"), 0.1 * G_SQRT2, 1e-15);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (estimate, "resamples")), ==, 2);
}

static void
test_differences_are_paired_by_fold_and_tested_with_the_corrected_variance (void)
{
  static const double differences[] = { 0.03, -0.01, 0.05, 0.02, 0.04, 0.01, 0.06, -0.02, 0.03, 0.04 };
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *pair;
  double t, p;

  for (guint fold = 0; fold < 10; fold++)
    {
      add (self, "reference", "t", fold, 0, 0.6 + 0.02 * fold);
      for (guint seed = 0; seed < 2; seed++)
        add (self, "arm", "t", 9 - fold, seed, 0.6 + 0.02 * (9 - fold) + differences[9 - fold] + (seed ? 0.01 : -0.01));
    }
  g_assert_true (qrx_statistics_corrected_t (differences, 10, 0.25, &t, &p, NULL));
  pair = find_pair (judge (self, "reference", &root), "tasks", "arm");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "difference"), 0.025, 1e-12);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "statistic"), t, 1e-9);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "p"), p, 1e-10);
  g_assert_cmpint (json_object_get_int_member (pair, "folds"), ==, 10);
  g_assert_cmpint (json_object_get_int_member (pair, "better"), ==, 8);
  g_assert_cmpstr (json_object_get_string_member (pair, "verdict"), ==, "undecided");
}

static void
fill (QrxComparison *self, guint n_tasks, guint n_folds, double gain)
{
  for (guint task = 0; task < n_tasks; task++)
    {
      g_autofree char *name = g_strdup_printf ("drug %u", task);

      for (guint fold = 0; fold < n_folds; fold++)
        {
          double base = 0.6 + 0.01 * ((task * 7 + fold * 3) % 5);

          add (self, "reference", name, fold, 0, base);
          add (self, "arm", name, fold, 0, base + gain + 0.001 * (((task + fold) * 5) % 7));
        }
    }
}

static void
test_fewer_than_seven_folds_are_not_tested (void)
{
  for (guint n = 5; n <= 7; n++)
    {
      g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
      g_autoptr (JsonNode) root = NULL;
      JsonObject *pair;

      fill (self, 1, n, 0.05);
      pair = find_pair (judge (self, "reference", &root), "tasks", "arm");
      g_assert_cmpstr (json_object_get_string_member (pair, "verdict"), ==, n < 7 ? "untested" : "better");
      g_assert_cmpint (json_object_get_null_member (pair, "p"), ==, n < 7);
      if (n < 7)
        assert_reason (pair, "needs 7 folds");
    }
}

static void
test_wilcoxon_is_taken_over_tasks_and_refused_where_it_can_show_nothing (void)
{
  for (guint n = 5; n <= 6; n++)
    {
      g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
      g_autoptr (JsonNode) root = NULL;
      JsonObject *pair;

      fill (self, n, 10, 0.05);
      pair = find_pair (judge (self, "reference", &root), "overall", "arm");
      g_assert_cmpint (json_object_get_int_member (pair, "tasks"), ==, n);
      if (n == 5)
        assert_reason (pair, "0.0625");
      else
        g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "p"), 0.03125, 1e-15);
    }
}

/* Twenty tasks, but of five drugs: what is independent is too little to test, and a drug's difference is the mean of its four. */
static void
test_tasks_of_one_drug_count_once (void)
{
  g_autoptr (QrxComparison) apart = qrx_comparison_new (TRUE, 0.95), together = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) first = NULL, second = NULL;
  JsonObject *pair, *ranks;

  fill (apart, 20, 10, 0.05);
  fill (together, 20, 10, 0.05);
  for (guint task = 0; task < 20; task++)
    {
      g_autofree char *name = g_strdup_printf ("drug %u", task), *subject = g_strdup_printf ("%c", 'a' + task % 5);

      qrx_comparison_set_subject (together, name, subject);
    }
  pair = find_pair (judge (apart, "reference", &first), "overall", "arm");
  g_assert_cmpint (json_object_get_int_member (pair, "tasks"), ==, 20);
  pair = find_pair (judge (together, "reference", &second), "overall", "arm");
  g_assert_cmpint (json_object_get_int_member (pair, "tasks"), ==, 5);
  assert_reason (pair, "those of one drug being one");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pair, "difference"),
                                  json_object_get_double_member (find_pair (json_node_get_object (first), "overall", "arm"),
                                                                 "difference"),
                                  1e-12);
  ranks = json_object_get_object_member (json_node_get_object (second), "ranks");
  g_assert_cmpint (json_object_get_int_member (ranks, "tasks"), ==, 5);
  assert_reason (ranks, "need 10 tasks");
}

/* Lower is better: what scores higher is worse. */
static void
test_the_direction_decides_what_is_better (void)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (FALSE, 0.95);
  g_autoptr (JsonNode) root = NULL;

  fill (self, 1, 10, 0.05);
  g_assert_cmpstr (
      json_object_get_string_member (find_pair (judge (self, "reference", &root), "tasks", "arm"), "verdict"), ==,
      "worse");
}

static void
test_p_values_of_one_reference_are_adjusted_for_their_number (void)
{
  g_autoptr (QrxComparison) one = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (QrxComparison) many = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) second = NULL;
  JsonObject *pair;
  double p;

  fill (one, 1, 10, 0.0);
  fill (many, 3, 10, 0.0);
  pair = find_pair (judge (one, "reference", &first), "tasks", "arm");
  p = json_object_get_double_member (pair, "p");
  g_assert_cmpfloat (json_object_get_double_member (pair, "p-holm"), ==, p);
  g_assert_cmpfloat (
      json_object_get_double_member (find_pair (judge (many, "reference", &second), "tasks", "arm"), "p-holm"), >, p);
}

static JsonObject *
rank (guint n_tasks, const double *quality, guint n_arms, JsonNode **root)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);

  for (guint task = 0; task < n_tasks; task++)
    for (guint arm = 0; arm < n_arms; arm++)
      {
        g_autofree char *name = g_strdup_printf ("%c", 'a' + arm);
        g_autofree char *on = g_strdup_printf ("%u", task);

        qrx_comparison_add (self, name, on, "0", "0", quality[arm] + (task % 2 == 0 && arm == 1 ? 0.15 : 0), 80, 20);
      }
  return json_object_get_object_member (judge (self, "a", root), "ranks");
}

/* Demšar 2006: q of four models is 2.569 at 0.05. Arms b and c change places from task to task; a and d never do. */
static void
test_mean_ranks_have_a_critical_difference_from_ten_tasks (void)
{
  static const double quality[] = { 0.9, 0.5, 0.6, 0.1 };
  g_autoptr (JsonNode) few = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *ranks = rank (9, quality, 4, &few);
  JsonArray *cliques;

  assert_reason (ranks, "need 10 tasks");
  g_assert_false (json_object_has_member (ranks, "critical-difference"));
  ranks = rank (14, quality, 4, &root);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (ranks, "critical-difference"),
                                  2.569 * sqrt (4 * 5 / (6 * 14.0)), 5e-4);
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (ranks, "mean-ranks"), "a"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (ranks, "mean-ranks"), "b"), ==, 2.5);
  cliques = json_object_get_array_member (ranks, "cliques");
  g_assert_cmpuint (json_array_get_length (cliques), ==, 1);
  cliques = json_array_get_array_element (cliques, 0);
  g_assert_cmpuint (json_array_get_length (cliques), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (cliques, 0), ==, "b");
  g_assert_cmpstr (json_array_get_string_element (cliques, 1), ==, "c");
}

#define N_ROWS 40

static void
draw_rows (guint fold, double signal, double *scores, guint8 *positives, char **units)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      positives[i] = (i * 7 + fold) % 3 == 0;
      scores[i] = signal * positives[i] + sin (12.9898 * (i + 1) * (fold + 2)) + 0.3 * cos (signal * 78.233 * i);
      units[i] = g_strdup_printf ("line %u", fold * N_ROWS + i);
    }
}

static void
add_ranking (QrxComparison *self, const char *arm, guint fold, double signal, double *variance)
{
  double scores[N_ROWS], auc;
  guint8 positives[N_ROWS];
  g_auto (GStrv) units = g_new0 (char *, N_ROWS + 1);
  g_autofree char *resample = g_strdup_printf ("fold %u", fold);

  draw_rows (fold, signal, scores, positives, units);
  g_assert_true (qrx_statistics_delong (scores, positives, N_ROWS, &auc, variance, NULL));
  add (self, arm, "t", fold, 0, auc);
  qrx_comparison_add_ranking (self, arm, "t", resample, "seed 0", (const char *const *) units, scores, positives,
                              N_ROWS);
}

/* Independent folds: the mean's variance is the sum of the folds' variances over the square of their number. DeLong's
 * are larger than the influence curve's by n/(n - 1) of the smaller class, 14 rows. */
static void
test_an_area_with_predictions_has_an_interval_by_influence (void)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) root = NULL;
  double sum = 0, half;
  JsonObject *estimate;
  JsonArray *interval;

  for (guint fold = 0; fold < 3; fold++)
    {
      double variance;

      add_ranking (self, "a", fold, 1, &variance);
      sum += variance / 9;
    }
  estimate = get_estimate (judge (self, "a", &root), 0);
  g_assert_cmpstr (json_object_get_string_member (estimate, "method"), ==, "influence");
  interval = json_object_get_array_member (estimate, "interval");
  half = 0.5 * (json_array_get_double_element (interval, 1) - json_array_get_double_element (interval, 0));
  g_assert_cmpfloat (half, <, 1.96 * sqrt (sum));
  g_assert_cmpfloat (half, >, 1.96 * sqrt (sum * 12 / 13));
}

/* The same rows tested twice are no more rows than once. */
static void
test_repeats_do_not_shrink_the_interval_by_influence (void)
{
  double widths[2];

  for (guint n = 1; n <= 2; n++)
    {
      g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
      g_autoptr (JsonNode) root = NULL;
      double scores[N_ROWS], auc, variance;
      guint8 positives[N_ROWS];
      g_auto (GStrv) units = g_new0 (char *, N_ROWS + 1);
      JsonArray *interval;

      draw_rows (0, 1, scores, positives, units);
      g_assert_true (qrx_statistics_delong (scores, positives, N_ROWS, &auc, &variance, NULL));
      for (guint repeat = 0; repeat < n; repeat++)
        {
          g_autofree char *resample = g_strdup_printf ("fold %u", repeat);

          add (self, "a", "t", repeat, 0, auc);
          qrx_comparison_add_ranking (self, "a", "t", resample, "seed 0", (const char *const *) units, scores,
                                      positives, N_ROWS);
        }
      interval = json_object_get_array_member (get_estimate (judge (self, "a", &root), 0), "interval");
      widths[n - 1] = json_array_get_double_element (interval, 1) - json_array_get_double_element (interval, 0);
    }
  g_assert_cmpfloat_with_epsilon (widths[0], widths[1], 1e-12);
}

static void
test_models_on_one_test_set_are_compared_by_delong (void)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) root = NULL;
  double scores[N_ROWS], others[N_ROWS], variance, difference, z, p;
  guint8 positives[N_ROWS];
  JsonObject *pair;

  add_ranking (self, "reference", 0, 0.2, &variance);
  add_ranking (self, "arm", 0, 1.5, &variance);
  for (guint arm = 0; arm < 2; arm++)
    {
      g_auto (GStrv) units = g_new0 (char *, N_ROWS + 1);

      draw_rows (0, arm ? 0.2 : 1.5, arm ? others : scores, positives, units);
    }
  g_assert_true (qrx_statistics_delong_paired (scores, others, positives, N_ROWS, &difference, &z, &p, NULL));
  pair = find_pair (judge (self, "reference", &root), "tasks", "arm");
  g_assert_cmpstr (json_object_get_string_member (pair, "test"), ==, "delong");
  g_assert_cmpfloat (json_object_get_double_member (pair, "p"), ==, p);
}

static void
test_a_fold_without_a_score_leaves_no_mean (void)
{
  g_autoptr (QrxComparison) self = qrx_comparison_new (TRUE, 0.95);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *document;

  fill (self, 1, 8, 0.01);
  add (self, "arm", "drug 0", 3, 0, NAN);
  document = judge (self, "reference", &root);
  assert_reason (get_estimate (document, 1), "not defined");
  g_assert_true (json_object_get_null_member (get_estimate (document, 1), "mean"));
  assert_reason (find_pair (document, "tasks", "arm"), "not defined");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/comparison/seeds", test_seeds_are_averaged_within_folds);
  g_test_add_func ("/comparison/corrected-t",
                   test_differences_are_paired_by_fold_and_tested_with_the_corrected_variance);
  g_test_add_func ("/comparison/few-folds", test_fewer_than_seven_folds_are_not_tested);
  g_test_add_func ("/comparison/tasks", test_wilcoxon_is_taken_over_tasks_and_refused_where_it_can_show_nothing);
  g_test_add_func ("/comparison/direction", test_the_direction_decides_what_is_better);
  g_test_add_func ("/comparison/holm", test_p_values_of_one_reference_are_adjusted_for_their_number);
  g_test_add_func ("/comparison/tasks-of-one-drug-count-once", test_tasks_of_one_drug_count_once);
  g_test_add_func ("/comparison/ranks", test_mean_ranks_have_a_critical_difference_from_ten_tasks);
  g_test_add_func ("/comparison/influence", test_an_area_with_predictions_has_an_interval_by_influence);
  g_test_add_func ("/comparison/repeats", test_repeats_do_not_shrink_the_interval_by_influence);
  g_test_add_func ("/comparison/delong", test_models_on_one_test_set_are_compared_by_delong);
  g_test_add_func ("/comparison/undefined", test_a_fold_without_a_score_leaves_no_mean);
  return g_test_run ();
}
