/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sums over amplitudes and fidelities. States are rows of real and imaginary parts, as backends give them; where they
 * come from is not known here. */
#include <qrx/qrx-ensemble.h>

#include <math.h>

/* The least fidelity that has a bin of its own, as a multiple of the mean of Haar-random states, 1/N: below it lies a
 * thousandth of their mass. */
#define LEAST_FIDELITY 1e-3

static gboolean
check_states (QrxTensor *states, QrxTensor *values, GError **error)
{
  gsize columns = qrx_tensor_get_rank (states) == 2 ? qrx_tensor_get_columns (states) : 0;

  if (columns < 4 || (columns & (columns - 1)) != 0 || qrx_tensor_get_dtype (states) != QRX_DTYPE_F64)
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                 "states have %" G_GSIZE_FORMAT
                 " columns of %s; expected float64, real and imaginary parts of a power of "
                 "two of amplitudes",
                 columns, qrx_dtype_get_name (qrx_tensor_get_dtype (states)));
  else if (qrx_tensor_get_n_elements (values) != qrx_tensor_get_rows (states))
    g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                 "there are %" G_GSIZE_FORMAT " places for the values of %" G_GSIZE_FORMAT " states",
                 qrx_tensor_get_n_elements (values), qrx_tensor_get_rows (states));
  else
    return TRUE;
  return FALSE;
}

/* Tr ρ² of the qubit whose bit this is, after all others are traced out. */
static double
take_purity (const double *state, gsize size, gsize bit)
{
  double zero = 0, one = 0, re = 0, im = 0;

  for (gsize i = 0; i < size; i++)
    if ((i & bit) == 0)
      {
        const double *a = state + 2 * i, *b = state + 2 * (i | bit);

        zero += a[0] * a[0] + a[1] * a[1];
        one += b[0] * b[0] + b[1] * b[1];
        re += a[0] * b[0] + a[1] * b[1];
        im += a[1] * b[0] - a[0] * b[1];
      }
  return zero * zero + one * one + 2 * (re * re + im * im);
}

/**
 * qrx_ensemble_meyer_wallach:
 * @states: of shape (states, 2 · 2^qubits) and float64: real and imaginary part of each amplitude in turn,
 * normalized
 * @values: receives one number for each state
 * @error: return location for an error
 *
 * Takes the Meyer–Wallach measure of each state, Q = 2 (1 − mean over qubits of Tr ρ²): 0 for product states,
 * 1 where every qubit is mixed completely, as in a GHZ state. The mean over Haar-random states of N
 * amplitudes is (N − 2)/(N + 1). Meyer & Wallach 2002, doi:10.1063/1.1497700; Brennen 2003,
 * arXiv:quant-ph/0305094. Fails with %QRX_DATA_ERROR_SHAPE.
 *
 * Returns: whether @values were filled
 */
gboolean
qrx_ensemble_meyer_wallach (QrxTensor *states, QrxTensor *values, GError **error)
{
  gsize size;

  g_return_val_if_fail (QRX_IS_TENSOR (states) && QRX_IS_TENSOR (values), FALSE);
  if (!check_states (states, values, error))
    return FALSE;
  size = qrx_tensor_get_columns (states) / 2;
  for (gsize row = 0; row < qrx_tensor_get_rows (states); row++)
    {
      double sum = 0;
      guint n_qubits = 0;

      for (gsize bit = 1; bit < size; bit *= 2, n_qubits++)
        sum += take_purity (qrx_tensor_peek_f64 (states) + 2 * row * size, size, bit);
      qrx_tensor_set (values, row, fmax (2 * (1 - sum / n_qubits), 0)); /* a purity of 1 may be rounded up */
    }
  return TRUE;
}

/**
 * qrx_ensemble_fidelities:
 * @first: of shape (states, 2 · 2^qubits) and float64: real and imaginary part of each amplitude in turn,
 * normalized
 * @second: as many states of the same size
 * @fidelities: receives one number for each pair
 * @error: return location for an error
 *
 * Takes the fidelity |⟨first|second⟩|² of each pair of states. Fails with %QRX_DATA_ERROR_SHAPE.
 *
 * Returns: whether @fidelities were filled
 */
gboolean
qrx_ensemble_fidelities (QrxTensor *first, QrxTensor *second, QrxTensor *fidelities, GError **error)
{
  gsize columns;

  g_return_val_if_fail (QRX_IS_TENSOR (first) && QRX_IS_TENSOR (second) && QRX_IS_TENSOR (fidelities), FALSE);
  if (!check_states (first, fidelities, error) || !check_states (second, fidelities, error))
    return FALSE;
  columns = qrx_tensor_get_columns (first);
  if (columns != qrx_tensor_get_columns (second))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the states have %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT " columns; expected as many in both",
                   columns, qrx_tensor_get_columns (second));
      return FALSE;
    }
  for (gsize row = 0; row < qrx_tensor_get_rows (first); row++)
    {
      const double *a = qrx_tensor_peek_f64 (first) + row * columns, *b = qrx_tensor_peek_f64 (second) + row * columns;
      double re = 0, im = 0;

      for (gsize i = 0; i < columns; i += 2)
        {
          re += a[i] * b[i] + a[i + 1] * b[i + 1];
          im += a[i] * b[i + 1] - a[i + 1] * b[i];
        }
      qrx_tensor_set (fidelities, row, re * re + im * im);
    }
  return TRUE;
}

/* Where bin begins: 0, then evenly on a logarithmic scale up to 1. */
static double
get_edge (double least, guint bin, guint n_bins)
{
  if (bin == 0 || n_bins == 1)
    return bin == 0 ? 0 : 1;
  return exp (log (least) * (double) (n_bins - bin) / (double) (n_bins - 1));
}

static guint
find_bin (double least, double fidelity, guint n_bins)
{
  double place;

  if (!(fidelity >= least) || n_bins == 1)
    return 0;
  place = n_bins - (n_bins - 1) * log (fidelity) / log (least);
  return (guint) CLAMP (place, 1, n_bins - 1);
}

/* The logarithm of the mass of (N − 1)(1 − F)^(N − 2) between two edges, which underflows itself for many qubits. */
static double
log_haar_mass (double low, double high, double dimension)
{
  double before = (dimension - 1) * log1p (-low), beyond = (dimension - 1) * log1p (-high);

  return before + log (-expm1 (beyond - before));
}

/**
 * qrx_ensemble_haar_divergence:
 * @fidelities: fidelities of independent pairs of states, at least one
 * @n_qubits: the number of qubits of the states
 * @n_bins: the number of bins, at least 1
 * @n_occupied: (out) (optional): how many bins fidelities lie in
 *
 * Takes the Kullback–Leibler divergence, in nats, of fidelities from those of Haar-random states, whose
 * density is (N − 1)(1 − F)^(N − 2) for N amplitudes: the expressibility of Sim, Johnson & Aspuru-Guzik 2019,
 * arXiv:1905.10876; 0 is as expressive as can be. The first bin reaches from 0 to 10⁻³/N, the others are of
 * even width in log F up to 1, and each bin's mass under the Haar measure is integrated. So few pairs as
 * there are make it too large by about
 * (@n_occupied − 1)/(2 · pairs).
 *
 * Returns: the divergence
 */
double
qrx_ensemble_haar_divergence (QrxTensor *fidelities, guint n_qubits, guint n_bins, guint *n_occupied)
{
  double dimension, least, divergence = 0;
  g_autofree guint *counts = NULL;
  gsize n;
  guint occupied = 0;

  g_return_val_if_fail (QRX_IS_TENSOR (fidelities) && n_bins >= 1 && n_qubits >= 1, NAN);
  n = qrx_tensor_get_n_elements (fidelities);
  dimension = ldexp (1, (int) n_qubits);
  least = LEAST_FIDELITY / dimension;
  counts = g_new0 (guint, n_bins);
  for (gsize i = 0; i < n; i++)
    counts[find_bin (least, qrx_tensor_get (fidelities, i), n_bins)]++;
  for (guint bin = 0; bin < n_bins; bin++)
    if (counts[bin] > 0)
      {
        double share = (double) counts[bin] / (double) n;

        divergence += share * (log (share) - log_haar_mass (get_edge (least, bin, n_bins),
                                                            get_edge (least, bin + 1, n_bins), dimension));
        occupied++;
      }
  if (n_occupied != NULL)
    *n_occupied = occupied;
  return divergence;
}
