/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random streams on Philox4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405), by its authors' library.
 *
 * A stream's name (seed, node, purpose, step) is hashed with SHA-256; the hash gives the key and the upper
 * half of the counter, whose lower half counts blocks. Streams thus need no coordination: which thread draws
 * from which stream, and in which order streams are made, changes nothing. */
#include "numerics/qrx-random-private.h"

#include <Random123/philox.h>

#include <math.h>
#include <string.h>

G_DEFINE_BOXED_TYPE (QrxRandom, qrx_random, qrx_random_copy, qrx_random_free)

void
qrx_random_block (const guint32 counter[4], const guint32 key[2], guint32 words[4])
{
  philox4x32_ctr_t input = { { counter[0], counter[1], counter[2], counter[3] } };
  philox4x32_key_t philox_key = { { key[0], key[1] } };
  philox4x32_ctr_t output = philox4x32 (input, philox_key);

  memcpy (words, output.v, sizeof output.v);
}

static void
hash_u64 (GChecksum *checksum, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_checksum_update (checksum, (const guchar *) &little, sizeof little);
}

/* The length goes first, so that no two names share their bytes. */
static void
hash_string (GChecksum *checksum, const char *text)
{
  gsize length = strlen (text);

  hash_u64 (checksum, length);
  g_checksum_update (checksum, (const guchar *) text, (gssize) length);
}

/**
 * qrx_random_init: (skip)
 * @self: a stream to set up; what it held is forgotten
 * @seed: the seed of the run, or of the split
 * @node: whose stream this is: a node's id, or a row's
 * @purpose: what the numbers are for, such as "dropout"
 * @step: which of the stream's repetitions: an epoch, a training step, a fold
 *
 * Sets up a stream at its beginning.
 */
void
qrx_random_init (QrxRandom *self, guint64 seed, const char *node, const char *purpose, guint64 step)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  guint32 words[4];
  gsize size = sizeof digest;

  g_return_if_fail (self != NULL && node != NULL && purpose != NULL);

  hash_u64 (checksum, seed);
  hash_string (checksum, node);
  hash_string (checksum, purpose);
  hash_u64 (checksum, step);
  g_checksum_get_digest (checksum, digest, &size);
  memcpy (words, digest, sizeof words);

  *self = (QrxRandom){ .n_used = 4 };
  self->key[0] = GUINT32_FROM_LE (words[0]);
  self->key[1] = GUINT32_FROM_LE (words[1]);
  self->counter[2] = GUINT32_FROM_LE (words[2]);
  self->counter[3] = GUINT32_FROM_LE (words[3]);
}

/**
 * qrx_random_new:
 * @seed: the seed of the run, or of the split
 * @node: whose stream this is: a node's id, or a row's
 * @purpose: what the numbers are for, such as "dropout"
 * @step: which of the stream's repetitions: an epoch, a training step, a fold
 *
 * Makes a stream at its beginning.
 *
 * Returns: (transfer full): the stream
 */
QrxRandom *
qrx_random_new (guint64 seed, const char *node, const char *purpose, guint64 step)
{
  QrxRandom *self;

  g_return_val_if_fail (node != NULL && purpose != NULL, NULL);
  self = g_new (QrxRandom, 1);
  qrx_random_init (self, seed, node, purpose, step);
  return self;
}

/**
 * qrx_random_copy:
 * @self: a stream
 *
 * Copies a stream with its position; both then give the same numbers.
 *
 * Returns: (transfer full): the copy
 */
QrxRandom *
qrx_random_copy (const QrxRandom *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_memdup2 (self, sizeof *self);
}

/**
 * qrx_random_free:
 * @self: (transfer full): a stream made by qrx_random_new() or qrx_random_copy()
 *
 * Frees a stream.
 */
void
qrx_random_free (QrxRandom *self)
{
  g_free (self);
}

static guint32
next_u32 (QrxRandom *self)
{
  if (self->n_used == 4)
    {
      qrx_random_block (self->counter, self->key, self->words);
      if (++self->counter[0] == 0)
        self->counter[1]++;
      self->n_used = 0;
    }
  return self->words[self->n_used++];
}

/**
 * qrx_random_next_u64:
 * @self: a stream
 *
 * Returns: 64 random bits
 */
guint64
qrx_random_next_u64 (QrxRandom *self)
{
  guint64 low = next_u32 (self);

  return low | (guint64) next_u32 (self) << 32;
}

/**
 * qrx_random_uniform:
 * @self: a stream
 *
 * Returns: a multiple of 2⁻⁵³, uniform in [0, 1)
 */
double
qrx_random_uniform (QrxRandom *self)
{
  return (double) (qrx_random_next_u64 (self) >> 11) * 0x1p-53;
}

/**
 * qrx_random_normal:
 * @self: a stream
 *
 * Draws from the standard normal distribution by Box and Muller's transform (doi 10.1214/aoms/1177706645);
 * the second number of each pair is kept for the next call.
 *
 * Returns: the number
 */
double
qrx_random_normal (QrxRandom *self)
{
  double radius, angle;

  if (self->has_spare)
    {
      self->has_spare = FALSE;
      return self->spare;
    }
  radius = sqrt (-2 * log (1 - qrx_random_uniform (self))); /* of (0, 1], so never of 0 */
  angle = 2 * G_PI * qrx_random_uniform (self);
  self->spare = radius * sin (angle);
  self->has_spare = TRUE;
  return radius * cos (angle);
}

/**
 * qrx_random_below:
 * @self: a stream
 * @n: how many numbers there are to choose from, at least 1
 *
 * Chooses a whole number below @n without bias, by Lemire's multiplication (doi 10.1145/3230636).
 *
 * Returns: the number
 */
guint64
qrx_random_below (QrxRandom *self, guint64 n)
{
  unsigned __int128 product;

  g_return_val_if_fail (n > 0, 0);

  product = (unsigned __int128) qrx_random_next_u64 (self) * n;
  if ((guint64) product < n)
    for (guint64 threshold = -n % n; (guint64) product < threshold;)
      product = (unsigned __int128) qrx_random_next_u64 (self) * n;
  return (guint64) (product >> 64);
}

/**
 * qrx_random_shuffle: (skip)
 * @self: a stream
 * @items: (array length=n): what to shuffle
 * @n: how many items
 *
 * Puts items into random order, every order equally likely (Fisher and Yates).
 */
void
qrx_random_shuffle (QrxRandom *self, gsize *items, gsize n)
{
  g_return_if_fail (self != NULL && (items != NULL || n == 0));

  for (gsize i = n; i > 1; i--)
    {
      gsize j = qrx_random_below (self, i);
      gsize item = items[i - 1];

      items[i - 1] = items[j];
      items[j] = item;
    }
}

/**
 * qrx_random_permutation: (skip)
 * @self: a stream
 * @items: (array length=n): room for the numbers from 0 to @n - 1
 * @n: how many
 *
 * Writes the numbers below @n in random order.
 */
void
qrx_random_permutation (QrxRandom *self, gsize *items, gsize n)
{
  g_return_if_fail (self != NULL && (items != NULL || n == 0));

  for (gsize i = 0; i < n; i++)
    items[i] = i;
  qrx_random_shuffle (self, items, n);
}

/**
 * qrx_random_fill_uniform:
 * @self: a stream
 * @tensor: a tensor that may be written
 * @low: the least value
 * @high: the upper bound, finite and above @low
 *
 * Fills a tensor with numbers uniform in [@low, @high), rounded to its element type.
 */
void
qrx_random_fill_uniform (QrxRandom *self, QrxTensor *tensor, double low, double high)
{
  gboolean is_single;
  gsize n;

  g_return_if_fail (self != NULL && QRX_IS_TENSOR (tensor) && !qrx_tensor_is_read_only (tensor));
  g_return_if_fail (low < high && isfinite (high - low));

  is_single = qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F32;
  n = qrx_tensor_get_n_elements (tensor);
  for (gsize i = 0; i < n; i++)
    {
      double value = low + (high - low) * qrx_random_uniform (self);

      /* Rounding may reach the bound, which is excluded. */
      if (is_single)
        qrx_tensor_peek_f32 (tensor)[i] =
            (double) (float) value < high ? (float) value : nextafterf ((float) value, -INFINITY);
      else
        qrx_tensor_peek_f64 (tensor)[i] = value < high ? value : nextafter (value, low);
    }
}

/**
 * qrx_random_fill_normal:
 * @self: a stream
 * @tensor: a tensor that may be written
 * @mean: the mean
 * @sd: the standard deviation, not negative
 *
 * Fills a tensor with normally distributed numbers, rounded to its element type.
 */
void
qrx_random_fill_normal (QrxRandom *self, QrxTensor *tensor, double mean, double sd)
{
  gboolean is_single;
  gsize n;

  g_return_if_fail (self != NULL && QRX_IS_TENSOR (tensor) && !qrx_tensor_is_read_only (tensor));
  g_return_if_fail (sd >= 0);

  is_single = qrx_tensor_get_dtype (tensor) == QRX_DTYPE_F32;
  n = qrx_tensor_get_n_elements (tensor);
  for (gsize i = 0; i < n; i++)
    {
      double value = mean + sd * qrx_random_normal (self);

      if (is_single)
        qrx_tensor_peek_f32 (tensor)[i] = (float) value;
      else
        qrx_tensor_peek_f64 (tensor)[i] = value;
    }
}
