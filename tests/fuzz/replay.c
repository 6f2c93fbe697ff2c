/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target without a fuzzing engine: on every file of its corpus, on beginnings of it, and on some mutations
 * that are the same each time. A crash, a failed assertion or a sanitizer's report fails the test. */
#include "fuzz.h"

#include <glib.h>
#include <string.h>

#define N_PREFIXES 256
#ifndef N_MUTATIONS
#define N_MUTATIONS 256
#endif

/* In a block of exactly its size, so that a sanitizer sees every byte read behind it. */
static void
run (const char *content, gsize length)
{
  g_autofree char *copy = g_memdup2 (content, length);

  LLVMFuzzerTestOneInput ((const uint8_t *) copy, length);
}

static void
mutate (GRand *rand, GByteArray *bytes)
{
  static const char interesting[] = "\0\xff\"\\{}[]:,;\t\n\r.-+eE019 \x7f\x80\xef";

  for (int n = g_rand_int_range (rand, 1, 5); n > 0 && bytes->len > 0; n--)
    {
      guint at = (guint) g_rand_int_range (rand, 0, (gint32) bytes->len);
      guint wanted = (guint) g_rand_int_range (rand, 1, 9), length = MIN (wanted, bytes->len - at);
      guint8 piece[8];

      switch (g_rand_int_range (rand, 0, 4))
        {
        case 0:
          bytes->data[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
          break;
        case 1:
          bytes->data[at] = (guint8) interesting[g_rand_int_range (rand, 0, sizeof interesting - 1)];
          break;
        case 2:
          g_byte_array_remove_range (bytes, at, length);
          break;
        default:
          memcpy (piece, bytes->data + at, length);
          g_byte_array_append (bytes, piece, length);
        }
    }
}

static void
replay (gconstpointer path)
{
  g_autofree char *content = NULL;
  g_autoptr (GRand) rand = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  run (content, length);
  for (gsize i = 0; i < MIN (length, N_PREFIXES); i++)
    run (content, length <= N_PREFIXES ? i : length * i / N_PREFIXES);
  rand = g_rand_new_with_seed ((guint32) length);
  for (guint i = 0; i < N_MUTATIONS && length < 65536; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *) content, (guint) length);
      mutate (rand, bytes);
      run ((const char *) bytes->data, bytes->len);
    }
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  GDir *folder;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (paths, g_build_filename (argv[1], name, NULL));
  g_dir_close (folder);
  g_assert_cmpuint (paths->len, >, 0);
  g_ptr_array_sort (paths, compare_names);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *base = g_path_get_basename (paths->pdata[i]);
      g_autofree char *test = g_strconcat ("/fuzz/", base, NULL);

      g_test_add_data_func (test, paths->pdata[i], replay);
    }
  return g_test_run ();
}
