/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numerics/qrx-random-private.h"

#include <math.h>
#include <string.h>

/* Known answers that Random123 publishes for philox4x32 with 10 rounds. */
static void
test_the_block_gives_the_published_vectors (void)
{
  static const struct
  {
    guint32 counter[4], key[2], words[4];
  } vectors[] = {
    { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint32 words[4];

      qrx_random_block (vectors[i].counter, vectors[i].key, words);
      g_assert_cmpmem (words, sizeof words, vectors[i].words, sizeof words);
    }
}

/* Computed by an independent implementation of the key and the block; a change would silently change every
 * result that was ever reported with a seed. */
static void
test_a_named_stream_never_changes (void)
{
  QrxRandom random;

  qrx_random_init (&random, 7, "encode", "weights", 3);
  g_assert_cmphex (qrx_random_next_u64 (&random), ==, G_GUINT64_CONSTANT (0xfcfaec2f22233fa5));
  g_assert_cmphex (qrx_random_next_u64 (&random), ==, G_GUINT64_CONSTANT (0x4a9b265e863b99f4));
}

static void
test_every_part_of_the_name_matters (void)
{
  static const struct
  {
    guint64 seed;
    const char *node, *purpose;
    guint64 step;
  } names[] = {
    { 1, "a", "b", 0 }, { 2, "a", "b", 0 }, { 1, "c", "b", 0 },
    { 1, "a", "c", 0 }, { 1, "a", "b", 1 }, { 1, "ab", "", 0 },
    { 1, "", "ab", 0 }, { 0, "a", "b", 1 }, { 1, "a", "b", G_GUINT64_CONSTANT (1) << 32 },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint64 firsts[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      QrxRandom random;

      qrx_random_init (&random, names[i].seed, names[i].node, names[i].purpose, names[i].step);
      firsts[i] = qrx_random_next_u64 (&random);
      g_assert_true (g_hash_table_add (seen, &firsts[i]));
    }
}

static void
test_a_copy_continues_alike (void)
{
  g_autoptr (QrxRandom) random = qrx_random_new (5, "n", "p", 0);
  g_autoptr (QrxRandom) copy = NULL;

  qrx_random_normal (random); /* leaves a spare and a half-used block */
  copy = qrx_random_copy (random);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpfloat (qrx_random_normal (random), ==, qrx_random_normal (copy));
}

/* Chi-squared of 64 equal bins: below 118 with probability 1 - 3e-5, and the stream is fixed. */
static void
test_uniform_is_uniform (void)
{
  QrxRandom random;
  guint counts[64] = { 0 };
  double chi2 = 0;

  qrx_random_init (&random, 11, "test", "uniform", 0);
  for (guint i = 0; i < 64000; i++)
    {
      double u = qrx_random_uniform (&random);

      g_assert_true (u >= 0 && u < 1);
      counts[(guint) (u * 64)]++;
    }
  for (guint i = 0; i < 64; i++)
    chi2 += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000.0;
  g_assert_cmpfloat (chi2, <, 118);
  g_assert_cmpfloat (chi2, >, 25); /* and not more even than chance */
}

/* Pearson's r of independent samples of 20,000 has standard deviation 0.0071; six of them are allowed. */
static void
test_neighbouring_streams_are_uncorrelated (void)
{
  for (guint64 step = 0; step < 20; step++)
    {
      QrxRandom a, b;
      double sum = 0;

      qrx_random_init (&a, 3, "node", "purpose", step);
      qrx_random_init (&b, 3, "node", "purpose", step + 1);
      for (guint i = 0; i < 20000; i++)
        sum += (qrx_random_uniform (&a) - 0.5) * (qrx_random_uniform (&b) - 0.5) * 12;
      g_assert_cmpfloat (fabs (sum / 20000), <, 6 * 0.0071);
    }
}

/* Standard errors at n = 200,000: mean 0.0022, variance 0.0032, skewness 0.0055, kurtosis 0.011, correlation
 * of successive numbers 0.0022; five of each are allowed. */
static void
test_normal_has_its_moments_and_pairs_are_independent (void)
{
  QrxRandom random;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0, lag = 0, last = 0;
  const guint n = 200000;

  qrx_random_init (&random, 13, "test", "normal", 0);
  for (guint i = 0; i < n; i++)
    {
      double z = qrx_random_normal (&random);

      m1 += z / n;
      m2 += z * z / n;
      m3 += z * z * z / n;
      m4 += z * z * z * z / n;
      lag += z * last / n;
      last = z;
    }
  g_assert_cmpfloat (fabs (m1), <, 5 * 0.0022);
  g_assert_cmpfloat (fabs (m2 - 1), <, 5 * 0.0032);
  g_assert_cmpfloat (fabs (m3), <, 5 * 0.0087);    /* raw third moment: sqrt (15 / n) */
  g_assert_cmpfloat (fabs (m4 - 3), <, 5 * 0.022); /* raw fourth: sqrt (96 / n) */
  g_assert_cmpfloat (fabs (lag), <, 5 * 0.0022);
}

static void
test_below_is_in_range_and_unbiased (void)
{
  QrxRandom random;
  guint counts[7] = { 0 };
  guint64 huge = G_GUINT64_CONSTANT (3)
                 << 62; /* half of the draws of a biased method would fall below 2^62 */
  guint n_low = 0;

  qrx_random_init (&random, 17, "test", "below", 0);
  for (guint i = 0; i < 70000; i++)
    counts[qrx_random_below (&random, 7)]++;
  for (guint i = 0; i < 7; i++)
    g_assert_cmpfloat (fabs (counts[i] - 10000.0), <, 5 * 92.6);
  for (guint i = 0; i < 30000; i++)
    n_low += qrx_random_below (&random, huge) < G_GUINT64_CONSTANT (1) << 62;
  g_assert_cmpfloat (fabs (n_low - 10000.0), <, 5 * 81.6);
  g_assert_cmpuint (qrx_random_below (&random, 1), ==, 0);
}

/* Each of the 24 orders of four items: 24,000 draws give 1,000 ± 31 each. */
static void
test_every_permutation_is_equally_likely (void)
{
  QrxRandom random;
  guint counts[256] = { 0 }, n_orders = 0;

  qrx_random_init (&random, 19, "test", "permutation", 0);
  for (guint i = 0; i < 24000; i++)
    {
      gsize p[4];

      qrx_random_permutation (&random, p, 4);
      g_assert_cmpuint ((1u << p[0] | 1u << p[1] | 1u << p[2] | 1u << p[3]), ==, 15);
      counts[p[0] << 6 | p[1] << 4 | p[2] << 2 | p[3]]++;
    }
  for (guint i = 0; i < 256; i++)
    if (counts[i] > 0)
      {
        n_orders++;
        g_assert_cmpfloat (fabs (counts[i] - 1000.0), <, 5 * 31);
      }
  g_assert_cmpuint (n_orders, ==, 24);
}

static void
test_filled_tensors_keep_their_bounds (gconstpointer dtype)
{
  g_autoptr (QrxTensor) tensor = qrx_tensor_new_matrix ((QrxDtype) GPOINTER_TO_INT (dtype), 100, 100);
  QrxRandom random;
  double mean = 0;

  /* In single precision a range of one part in 2^23 has two values; rounding would often reach the upper one.
   */
  qrx_random_init (&random, 23, "test", "fill", 0);
  qrx_random_fill_uniform (&random, tensor, 1, 1 + 0x1p-23);
  for (gsize i = 0; i < 10000; i++)
    g_assert_true (qrx_tensor_get (tensor, i) >= 1 && qrx_tensor_get (tensor, i) < 1 + 0x1p-23);
  qrx_random_fill_normal (&random, tensor, 10, 2);
  for (gsize i = 0; i < 10000; i++)
    mean += qrx_tensor_get (tensor, i) / 10000;
  g_assert_cmpfloat (fabs (mean - 10), <, 5 * 0.02);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/published-vectors", test_the_block_gives_the_published_vectors);
  g_test_add_func ("/random/recorded-stream", test_a_named_stream_never_changes);
  g_test_add_func ("/random/names", test_every_part_of_the_name_matters);
  g_test_add_func ("/random/copy", test_a_copy_continues_alike);
  g_test_add_func ("/random/uniform", test_uniform_is_uniform);
  g_test_add_func ("/random/neighbours", test_neighbouring_streams_are_uncorrelated);
  g_test_add_func ("/random/normal", test_normal_has_its_moments_and_pairs_are_independent);
  g_test_add_func ("/random/below", test_below_is_in_range_and_unbiased);
  g_test_add_func ("/random/permutation", test_every_permutation_is_equally_likely);
  g_test_add_data_func ("/random/fill/float32", GINT_TO_POINTER (QRX_DTYPE_F32),
                        test_filled_tensors_keep_their_bounds);
  g_test_add_data_func ("/random/fill/float64", GINT_TO_POINTER (QRX_DTYPE_F64),
                        test_filled_tensors_keep_their_bounds);
  return g_test_run ();
}
