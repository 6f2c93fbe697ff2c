/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Observables as text, the range of their expectations, and which of them one measurement gives. */
#include <math.h>
#include <qrx/qrx-number.h>
#include <string.h>

#include "quantum/qrx-observable-private.h"

/* The terms of one observable: from *first on, *end the one behind them. */
static void
find_terms (QrxCircuit *self, guint observable, guint *first, guint *end)
{
  const QrxObservableTerm *terms = (const QrxObservableTerm *) (gpointer) self->terms->data;
  guint low = 0, high = self->terms->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (terms[middle].observable < observable)
        low = middle + 1;
      else
        high = middle;
    }
  *first = *end = low;
  while (*end < self->terms->len && terms[*end].observable == observable)
    (*end)++;
}

/**
 * qrx_circuit_dup_observable:
 * @self: a circuit
 * @observable: the index of an observable
 *
 * Writes an observable as text, such as "ZIII" or "0.5 ZZ + -1 XI".
 *
 * Returns: (transfer full): the text, as [method@Circuit.add_observable_text] reads it
 */
char *
qrx_circuit_dup_observable (QrxCircuit *self, guint observable)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint first, end;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && observable < self->n_observables, NULL);
  find_terms (self, observable, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const QrxObservableTerm *term = &g_array_index (self->terms, QrxObservableTerm, i);
      g_autofree char *pauli = qrx_pauli_to_string (term->x, term->z, self->n_qubits);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (text->len > 0)
        g_string_append (text, " + ");
      if (term->coefficient != 1)
        g_string_append_printf (text, "%s ", g_ascii_dtostr (number, sizeof number, term->coefficient));
      g_string_append (text, pauli);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
refuse (GError **error, const char *found, const char *expected)
{
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "found %s, expected %s", found, expected);
  return FALSE;
}

/* The words of a text, without those that are empty. */
static char **
split_words (const char *text)
{
  g_auto (GStrv) all = g_strsplit_set (text, " \t\n", -1);
  GPtrArray *words = g_ptr_array_new ();

  for (char **word = all; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (words, g_strdup (*word));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

/* A sign, if there is one or there must be; a coefficient, if there is one; a Pauli string. *words moves on. */
static gboolean
read_term (QrxCircuit *self, const char *const **words, gboolean first, GError **error)
{
  guint observable = self->n_observables - (first ? 0 : 1);
  double coefficient = 1, sign = 1;

  if (g_str_equal ((*words)[0], "+") || g_str_equal ((*words)[0], "-"))
    sign = *(*words)++[0] == '-' ? -1 : 1;
  else if (!first)
    {
      g_autofree char *found = g_strdup_printf ("`%s` in an observable", (*words)[0]);

      return refuse (error, found, "`+` or `-` between weighted Pauli strings");
    }
  if ((*words)[0] == NULL)
    return refuse (error, "the end of an observable", "a Pauli string such as ZZI or 0.5 XXI");
  if (qrx_number_parse ((*words)[0], strlen ((*words)[0]), &coefficient))
    ++*words;
  if ((*words)[0] == NULL)
    return refuse (error, "a coefficient at the end of an observable", "a Pauli string behind it");
  coefficient *= sign;
  return first ? qrx_circuit_add_observable (self, *(*words)++, coefficient, error)
               : qrx_circuit_add_observable_term (self, observable, *(*words)++, coefficient, error);
}

/**
 * qrx_circuit_add_observable_text:
 * @self: a circuit that is not frozen
 * @text: a Pauli string, wire 0 first, one letter for each qubit, or a weighted sum of them such as "0.5 XX - IZ"
 * @error: return location for an error
 *
 * Adds an observable. Words are parted by blanks. Fails with %QRX_PIPELINE_ERROR_VALUE, and then adds nothing.
 *
 * Returns: whether it was added
 */
gboolean
qrx_circuit_add_observable_text (QrxCircuit *self, const char *text, GError **error)
{
  g_auto (GStrv) all = NULL;
  const char *const *words;
  guint n_observables, n_terms;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self) && !qrx_value_is_frozen (QRX_VALUE (self)), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  n_observables = self->n_observables;
  n_terms = self->terms->len;
  all = split_words (text);
  words = (const char *const *) all;
  if (words[0] == NULL)
    return refuse (error, "no word in an observable", "a Pauli string such as ZZI or 0.5 XXI");
  do
    if (!read_term (self, &words, self->n_observables == n_observables, error))
      {
        g_array_set_size (self->terms, n_terms);
        self->n_observables = n_observables;
        return FALSE;
      }
  while (words[0] != NULL);
  return TRUE;
}

/**
 * qrx_circuit_get_observable_range:
 * @self: a circuit
 * @observable: the index of an observable
 * @low: (out): a bound that its expectation never falls below
 * @high: (out): a bound that its expectation never exceeds
 *
 * Bounds an observable's expectation: a Pauli string's is between -1 and 1, that of a sum within the sum of the
 * coefficients' magnitudes, an identity being constant.
 */
void
qrx_circuit_get_observable_range (QrxCircuit *self, guint observable, double *low, double *high)
{
  guint first, end;

  g_return_if_fail (QRX_IS_CIRCUIT (self) && observable < self->n_observables && low != NULL && high != NULL);
  *low = *high = 0;
  find_terms (self, observable, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const QrxObservableTerm *term = &g_array_index (self->terms, QrxObservableTerm, i);
      gboolean constant = (term->x | term->z) == 0;

      *low += constant ? term->coefficient : -fabs (term->coefficient);
      *high += constant ? term->coefficient : fabs (term->coefficient);
    }
}

/* A distinct string among the terms. */
typedef struct {
  guint32 x;
  guint32 z;
  double weight; /* the magnitudes of its coefficients */
  guint basis;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b, gpointer data)
{
  const Candidate *candidates = data;
  guint i = *(const guint *) a, j = *(const guint *) b;

  if (candidates[i].weight != candidates[j].weight)
    return candidates[i].weight > candidates[j].weight ? -1 : 1;
  return i < j ? -1 : 1;
}

/* Puts a string into the first basis that has its letters, or none, wherever it has letters. */
static void
insert (Candidate *candidate, GArray *bases)
{
  guint32 letters = candidate->x | candidate->z;
  QrxString fresh = { candidate->x, candidate->z };

  for (candidate->basis = 0; candidate->basis < bases->len; candidate->basis++)
    {
      QrxString *basis = &g_array_index (bases, QrxString, candidate->basis);
      guint32 both = letters & (basis->x | basis->z);

      if ((((basis->x ^ candidate->x) | (basis->z ^ candidate->z)) & both) != 0)
        continue;
      basis->x |= candidate->x;
      basis->z |= candidate->z;
      return;
    }
  g_array_append_val (bases, fresh);
}

/* The distinct strings of all terms; which[t] is that of term t. */
static GArray *
find_candidates (QrxCircuit *self, guint *which)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (qrx_pauli_hash, g_int64_equal, g_free, NULL);
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < self->terms->len; i++)
    {
      const QrxObservableTerm *term = &g_array_index (self->terms, QrxObservableTerm, i);
      Candidate fresh = { term->x, term->z, 0, QRX_NO_BASIS };
      gint64 key = (gint64) ((guint64) term->x << 32 | term->z);
      gpointer found;

      which[i] = candidates->len;
      if (g_hash_table_lookup_extended (seen, &key, NULL, &found))
        which[i] = GPOINTER_TO_UINT (found);
      else
        {
          g_hash_table_insert (seen, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (candidates->len));
          g_array_append_val (candidates, fresh);
        }
      g_array_index (candidates, Candidate, which[i]).weight += fabs (term->coefficient);
    }
  return candidates;
}

GArray *
qrx_circuit_find_bases (QrxCircuit *self, guint *basis_of_term)
{
  GArray *bases = g_array_new (FALSE, FALSE, sizeof (QrxString));
  g_autoptr (GArray) candidates = find_candidates (self, basis_of_term);
  g_autofree guint *order = g_new (guint, candidates->len);

  for (guint i = 0; i < candidates->len; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) candidates->len, sizeof *order, compare_candidates, candidates->data);
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, order[i]);

      if ((candidate->x | candidate->z) != 0)
        insert (candidate, bases);
    }
  for (guint i = 0; i < self->terms->len; i++)
    basis_of_term[i] = g_array_index (candidates, Candidate, basis_of_term[i]).basis;
  return bases;
}

/**
 * qrx_circuit_list_bases:
 * @self: a circuit
 *
 * Lists bases in which all observables can be measured, each by letting every qubit be measured along X, Y or Z:
 * strings that have no different letters on any qubit share one. The strings with the largest coefficients are placed
 * first, each in the first basis that takes it (Crawford et al. 2021, arXiv:1908.06942), so there are few bases, if not
 * always the fewest.
 *
 * Returns: (transfer full) (array zero-terminated=1): the bases as Pauli strings, wire 0 first; I where any axis will
 * do
 */
char **
qrx_circuit_list_bases (QrxCircuit *self)
{
  g_autofree guint *basis_of_term = NULL;
  g_autoptr (GArray) bases = NULL;
  GPtrArray *texts;

  g_return_val_if_fail (QRX_IS_CIRCUIT (self), NULL);
  basis_of_term = g_new (guint, self->terms->len);
  bases = qrx_circuit_find_bases (self, basis_of_term);
  texts = g_ptr_array_new ();
  for (guint i = 0; i < bases->len; i++)
    g_ptr_array_add (texts, qrx_pauli_to_string (g_array_index (bases, QrxString, i).x,
                                                 g_array_index (bases, QrxString, i).z, self->n_qubits));
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}
