/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nearest known name to an unknown one, for error messages. Knows words only. */
#include <qrx/qrx-suggest.h>

#include <string.h>

#define MAX_WORD 64 /* longer words are not typed by hand */

/* Optimal string alignment distance (Damerau–Levenshtein without editing a transposed pair again), case ignored. */
static guint
distance (const char *a, gsize a_length, const char *b, gsize b_length)
{
  guint rows[3][MAX_WORD + 1];
  guint *before = rows[0], *last = rows[1], *row = rows[2], *swap;

  for (gsize j = 0; j <= b_length; j++)
    last[j] = (guint) j;
  for (gsize i = 1; i <= a_length; i++)
    {
      char x = g_ascii_tolower (a[i - 1]);

      row[0] = (guint) i;
      for (gsize j = 1; j <= b_length; j++)
        {
          char y = g_ascii_tolower (b[j - 1]);

          row[j] = MIN (MIN (last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
          if (i > 1 && j > 1 && x == g_ascii_tolower (b[j - 2]) && g_ascii_tolower (a[i - 2]) == y)
            row[j] = MIN (row[j], before[j - 2] + 1);
        }
      swap = before;
      before = last;
      last = row;
      row = swap;
    }
  return last[b_length];
}

/**
 * qrx_suggest: (skip)
 * @word: what was found
 * @candidates: (array zero-terminated=1): what is known
 *
 * Finds the known name that is nearest to an unknown one: at most one edit for three characters, the first of equals.
 *
 * Returns: (nullable): one of @candidates, or %NULL if none is near
 */
const char *
qrx_suggest (const char *word, const char *const *candidates)
{
  const char *best = NULL;
  guint best_distance = G_MAXUINT;
  gsize length;

  g_return_val_if_fail (word != NULL && candidates != NULL, NULL);

  length = strlen (word);
  if (length == 0 || length > MAX_WORD)
    return NULL;
  for (guint i = 0; candidates[i] != NULL; i++)
    {
      gsize other = strlen (candidates[i]);
      guint limit = (guint) (MAX (length, other) + 2) / 3;
      guint d;

      if (other == 0 || other > MAX_WORD || MAX (length, other) - MIN (length, other) > limit)
        continue;
      d = distance (word, length, candidates[i], other);
      if (d <= limit && d < MAX (length, other) && d < best_distance)
        {
          best = candidates[i];
          best_distance = d;
        }
    }
  return best;
}

/**
 * qrx_suggest_text: (skip)
 * @word: what was found
 * @candidates: (array zero-terminated=1): what is known
 *
 * Makes the end of a message about an unknown name.
 *
 * Returns: (transfer full): such as `; did you mean "seed"?`, or `; known are "a", "b"` where none is near
 * and the list is short, or an empty text
 */
char *
qrx_suggest_text (const char *word, const char *const *candidates)
{
  const char *near = qrx_suggest (word, candidates);
  g_autofree char *known = NULL;

  if (near != NULL)
    return g_strdup_printf ("; did you mean \"%s\"?", near);
  if (candidates[0] == NULL || g_strv_length ((char **) candidates) > 32)
    return g_strdup ("");
  known = g_strjoinv ("\", \"", (char **) candidates);
  return g_strdup_printf ("; known are \"%s\"", known);
}
