/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees on bins against trees that are grown slowly on the values themselves, and boosting against sums done by hand.
 */
#include "baselines/boosting.h"

#include <math.h>
#include <string.h>

#define N 40
#define P 5

static QrxTensor *
make_features (void)
{
  QrxTensor *features = qrx_tensor_new_matrix (QRX_DTYPE_F64, N, P);
  QrxRandom random;

  qrx_random_init (&random, 5, "trees", "features", 0);
  for (guint i = 0; i < N * P; i++)
    qrx_tensor_set (features, i, i % P == 4 ? (double) qrx_random_below (&random, 3) : qrx_random_normal (&random));
  return features;
}

static void
make_targets (QrxTensor *features, double *targets)
{
  const double *x = qrx_tensor_peek_f64 (features);

  for (guint i = 0; i < N; i++)
    targets[i] = (x[i * P] > 0.3 ? 2 : -1) + x[i * P + 4] * x[i * P + 1] + 0.1 * sin (7.0 * i);
}

/* The squared error that is left when rows are parted at a value of a column; infinite where a side is too small. */
static double
error_of_split (const double *x, const double *targets, const guint8 *in, guint column, double threshold,
                guint min_leaf)
{
  double sum[2] = { 0 }, squares[2] = { 0 };
  guint n[2] = { 0 };

  for (guint i = 0; i < N; i++)
    if (in[i])
      {
        guint side = x[i * P + column] > threshold;

        sum[side] += targets[i];
        squares[side] += targets[i] * targets[i];
        n[side]++;
      }
  if (MIN (n[0], n[1]) < MAX (min_leaf, 1))
    return INFINITY;
  return squares[0] - sum[0] * sum[0] / n[0] + squares[1] - sum[1] * sum[1] / n[1];
}

/* Grows on by trying every value of every column; fills the predictions of the rows that are in. */
static void
grow_slowly (const double *x, const double *targets, const guint8 *in, guint depth, guint min_leaf, double *predictions)
{
  guint8 sides[2][N] = { 0 };
  double best = INFINITY, threshold = 0, sum = 0;
  guint column = 0, n = 0;

  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < P && in[i] && depth > 0; j++)
      {
        double error = error_of_split (x, targets, in, j, x[i * P + j], min_leaf);

        if (error < best - 1e-9)
          {
            best = error;
            column = j;
            threshold = x[i * P + j];
          }
      }
  for (guint i = 0; i < N; i++)
    if (in[i])
      {
        sides[x[i * P + column] > threshold][i] = 1;
        sum += targets[i];
        n++;
      }
  if (isfinite (best))
    for (guint side = 0; side < 2; side++)
      grow_slowly (x, targets, sides[side], depth - 1, min_leaf, predictions);
  else
    for (guint i = 0; i < N; i++)
      if (in[i])
        predictions[i] = sum / n;
}

static void
test_a_tree_is_the_one_grown_slowly (void)
{
  g_autoptr (QrxTensor) features = make_features ();
  g_autoptr (TreeBins) bins = tree_bins_new (features, TREE_MAX_BINS, NULL);
  const guint columns[] = { 0, 1, 2, 3, 4 };
  double targets[N];

  make_targets (features, targets);
  for (guint depth = 0; depth < 6; depth++)
    for (guint min_leaf = 1; min_leaf < 8; min_leaf += 3)
      {
        const TreeShape shape = { .max_depth = depth, .min_leaf = min_leaf, .n_tried = P };
        g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (TreeNode));
        guint8 all[N];
        guint rows[N];
        double expected[N];

        memset (all, 1, sizeof all);
        for (guint i = 0; i < N; i++)
          rows[i] = i;
        tree_grow (bins, rows, N, columns, P, targets, &shape, NULL, nodes);
        grow_slowly (qrx_tensor_peek_f64 (features), targets, all, depth, min_leaf, expected);
        for (guint i = 0; i < N; i++)
          g_assert_cmpfloat_with_epsilon (tree_predict (bins, (const TreeNode *) (gpointer) nodes->data, 0, i),
                                          expected[i], 1e-12);
      }
}

/* Thresholds on values do what cuts on bins did. */
static void
test_thresholds_part_rows_as_cuts_do (void)
{
  g_autoptr (QrxTensor) features = make_features ();

  for (guint max_bins = 2; max_bins <= TREE_MAX_BINS; max_bins *= 2)
    {
      g_autoptr (TreeBins) bins = tree_bins_new (features, max_bins, NULL);

      for (guint j = 0; j < P; j++)
        for (guint i = 0; i < N; i++)
          {
            guint code = tree_bins_codes (bins, j)[i];
            double value = qrx_tensor_get (features, i * P + j);

            g_assert_cmpuint (code, <, max_bins);
            if (code > 0)
              g_assert_cmpfloat (value, >, tree_bins_cut (bins, j, code - 1));
            if (code + 1 < max_bins && tree_bins_cut (bins, j, code) != 0)
              g_assert_cmpfloat (value, <=, tree_bins_cut (bins, j, code));
          }
    }
}

static void
test_bins_hold_about_equally_many_rows (void)
{
  const guint n = 1000, max_bins = 16;
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, n, 1);
  g_autoptr (TreeBins) bins = NULL;
  guint counts[16] = { 0 };
  QrxRandom random;

  qrx_random_init (&random, 1, "trees", "bins", 0);
  qrx_random_fill_normal (&random, features, 0, 1);
  bins = tree_bins_new (features, max_bins, NULL);
  for (guint i = 0; i < n; i++)
    counts[tree_bins_codes (bins, 0)[i]]++;
  for (guint b = 0; b < max_bins; b++)
    {
      g_assert_cmpuint (counts[b], >=, n / max_bins - 1);
      g_assert_cmpuint (counts[b], <=, n / max_bins + 2);
    }
}

static void
test_draws_are_distinct_and_even (void)
{
  guint8 marks[10] = { 0 };
  guint counts[10] = { 0 }, drawn[4];

  for (guint t = 0; t < 10000; t++)
    {
      QrxRandom random;

      qrx_random_init (&random, 3, "trees", "draw", t);
      tree_draw (&random, 10, 4, marks, drawn);
      for (guint i = 0; i < 4; i++)
        {
          g_assert_cmpuint (drawn[i], <, 10);
          g_assert_true (i == 0 || drawn[i] > drawn[i - 1]);
          counts[drawn[i]]++;
        }
    }
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon (counts[i], 4000, 5 * sqrt (10000 * 0.4 * 0.6));
}

/* With nothing drawn and no penalty each tree is grown on what is left, and a share of it is added. */
static void
test_boosting_adds_a_share_of_each_tree (void)
{
  g_autoptr (QrxTensor) features = make_features ();
  g_autoptr (TreeBins) bins = tree_bins_new (features, TREE_MAX_BINS, NULL);
  const BoostingPlan plan = { .n_trees = 7,
                              .rate = 0.3,
                              .row_fraction = 1,
                              .shape = { .max_depth = 2, .min_leaf = 2, .n_tried = P },
                              .seed = 1,
                              .id = "fit" };
  double targets[N], left[N], expected[N] = { 0 };
  g_auto (Boosted) boosted = { 0 };
  g_autoptr (GError) error = NULL;
  guint8 all[N];

  make_targets (features, targets);
  memset (all, 1, sizeof all);
  g_assert_true (boosting_run (&plan, bins, targets, NULL, 0, NULL, &boosted, NULL, NULL, &error));
  for (guint t = 0; t < plan.n_trees; t++)
    {
      double tree[N];

      for (guint i = 0; i < N; i++)
        left[i] = targets[i] - expected[i];
      grow_slowly (qrx_tensor_peek_f64 (features), left, all, 2, 2, tree);
      for (guint i = 0; i < N; i++)
        expected[i] += 0.3 * tree[i];
    }
  g_assert_cmpuint (boosted.roots->len, ==, plan.n_trees);
  for (guint i = 0; i < N; i++)
    {
      double sum = 0;

      for (guint t = 0; t < plan.n_trees; t++)
        sum += tree_predict (bins, (const TreeNode *) (gpointer) boosted.nodes->data,
                             g_array_index (boosted.roots, guint, t), i);
      g_assert_cmpfloat_with_epsilon (sum, expected[i], 1e-12);
    }
}

/* Where the targets of a fold move up or down, predictions of it stay where they are: the two errors differ from twice
 * the first by twice the square of the move. */
static void
test_rows_of_a_fold_teach_it_nothing (void)
{
  g_autoptr (QrxTensor) features = make_features ();
  g_autoptr (TreeBins) bins = tree_bins_new (features, 8, NULL);
  const BoostingPlan plan = { .n_trees = 5,
                              .rate = 0.5,
                              .row_fraction = 0.6,
                              .shape = { .max_depth = 2, .min_leaf = 1, .l2 = 1, .n_tried = 3 },
                              .seed = 1,
                              .id = "fit" };
  double targets[N], errors[3][5];
  guint folds[N];

  make_targets (features, targets);
  for (guint i = 0; i < N; i++)
    folds[i] = i % 4 == 0 ? 0 : 1; /* fold 1 is never left out */
  for (int move = -1; move <= 1; move++)
    {
      double moved[N];
      g_auto (Boosted) boosted = { 0 };

      for (guint i = 0; i < N; i++)
        moved[i] = targets[i] + (folds[i] == 0 ? 10 * move : 0);
      g_assert_true (boosting_run (&plan, bins, moved, folds, 1, errors[move + 1], &boosted, NULL, NULL, NULL));
    }
  for (guint t = 0; t < plan.n_trees; t++)
    g_assert_cmpfloat_with_epsilon (errors[0][t] + errors[2][t] - 2 * errors[1][t], 2 * 100 / 4.0, 1e-10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trees/grown-slowly", test_a_tree_is_the_one_grown_slowly);
  g_test_add_func ("/trees/thresholds", test_thresholds_part_rows_as_cuts_do);
  g_test_add_func ("/trees/bins", test_bins_hold_about_equally_many_rows);
  g_test_add_func ("/trees/draws", test_draws_are_distinct_and_even);
  g_test_add_func ("/trees/boosting", test_boosting_adds_a_share_of_each_tree);
  g_test_add_func ("/trees/folds", test_rows_of_a_fold_teach_it_nothing);
  return g_test_run ();
}
