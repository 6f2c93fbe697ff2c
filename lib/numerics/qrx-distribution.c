/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tails of the normal, Student's, chi-squared and binomial distributions. Knows nothing of what is tested.
 *
 * Incomplete beta and gamma functions are the continued fractions and the series of the NIST Digital Library
 * of Mathematical Functions (DLMF, https://dlmf.nist.gov, cited by number), evaluated by Lentz' method (doi
 * 10.1364/AO.15.000668, with Thompson and Barnett's change for zeros). Their leading factors are computed
 * without the difference of large logarithms of gamma functions, which would cost three digits at some
 * hundred degrees of freedom. */
#include <qrx/qrx-distribution.h>

#include <float.h>
#include <math.h>

#define MAX_TERMS 100000
#define TINY 1e-300
#define LARGE 10 /* from here on Stirling's series has all digits */

static double
log_gamma (double x)
{
  int sign;

  return lgamma_r (x, &sign);
}

/* ln Γ(x) - (x - 1/2) ln x + x - ln(2π)/2 for x ≥ 10: DLMF 5.11.1. */
static double
stirling_rest (double x)
{
  static const double coefficients[] = { 1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                         1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400 };
  double inverse = 1 / (x * x), sum = 0;

  for (gsize i = G_N_ELEMENTS (coefficients); i-- > 0;)
    sum = sum * inverse + coefficients[i];
  return sum / x;
}

static double
log_beta (double a, double b)
{
  double p = fmin (a, b), q = fmax (a, b);

  if (p >= LARGE)
    return (p - 0.5) * log (p / (p + q)) + q * log1p (-p / (p + q)) - 0.5 * log (q) + 0.5 * log (2 * G_PI) +
           stirling_rest (p) + stirling_rest (q) - stirling_rest (p + q);
  if (q >= LARGE)
    return log_gamma (p) + p - p * log (p + q) + (q - 0.5) * log1p (-p / (p + q)) + stirling_rest (q) -
           stirling_rest (p + q);
  return log_gamma (p) + log_gamma (q) - log_gamma (p + q);
}

/* One step of Lentz' method for b0 + a1/(b1 + a2/(b2 + …)). */
static gboolean
lentz_step (double numerator, double denominator, double *c, double *d, double *value)
{
  double change;

  *d = denominator + numerator * *d;
  *c = denominator + numerator / *c;
  if (fabs (*d) < TINY)
    *d = TINY;
  if (fabs (*c) < TINY)
    *c = TINY;
  *d = 1 / *d;
  change = *c * *d;
  *value *= change;
  return fabs (change - 1) <= DBL_EPSILON;
}

/* I_x(a, b) for x ≤ (a + 1)/(a + b + 2), by the fraction of Didonato and Morris (doi 10.1145/131766.131776),
 * the even part of DLMF 8.17.22: it has no difference of nearly equal numbers where a is large and x close
 * to 1. */
static double
beta_fraction (double a, double b, double x, double y)
{
  double factor =
      exp (a * (x > 0.5 ? log1p (-y) : log (x)) + b * (y > 0.5 ? log1p (-x) : log (y)) - log_beta (a, b));
  double start = a * (a * y - b * x + 1) / (a + 1), c = start, d = 0, value = start;

  for (int m = 1; m < MAX_TERMS; m++)
    {
      double root = x / (a + 2 * m - 1);
      double numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * root * root;
      double denominator =
          m + m * (b - m) * root + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (a + 2 * m + 1);

      if (lentz_step (numerator, denominator, &c, &d, &value))
        break;
    }
  return factor / value;
}

/* The regularized incomplete beta function I_x(a, b); y is 1 - x, given for its digits. */
static double
incomplete_beta (double a, double b, double x, double y)
{
  if (x <= 0)
    return 0;
  if (y <= 0)
    return 1;
  if (x < (a + 1) / (a + b + 2))
    return beta_fraction (a, b, x, y);
  return 1 - beta_fraction (b, a, y, x);
}

/* x^a e^-x / Γ(a) */
static double
gamma_factor (double a, double x)
{
  double u = (x - a) / a;

  if (a < LARGE)
    return exp (a * log (x) - x - log_gamma (a));
  return exp (a * (log1p (u) - u) - stirling_rest (a)) * sqrt (a / (2 * G_PI));
}

/* P(a, x) for x < a + 1: DLMF 8.11.4. */
static double
gamma_series (double a, double x)
{
  double term = 1 / a, sum = term;

  for (int n = 1; n < MAX_TERMS && term > sum * DBL_EPSILON / 4; n++)
    {
      term *= x / (a + n);
      sum += term;
    }
  return sum * gamma_factor (a, x);
}

/* Q(a, x) for x ≥ a + 1: DLMF 8.9.2, contracted. */
static double
gamma_fraction (double a, double x)
{
  double start = x + 1 - a, c = start, d = 0, value = start;

  for (int n = 1; n < MAX_TERMS; n++)
    if (lentz_step (-n * (n - a), start + 2 * n, &c, &d, &value))
      break;
  return gamma_factor (a, x) / value;
}

/**
 * qrx_distribution_normal_survival:
 * @z: a number
 *
 * Returns: the probability that a standard normal variable exceeds @z
 */
double
qrx_distribution_normal_survival (double z)
{
  return 0.5 * erfc (z * G_SQRT2 / 2);
}

/**
 * qrx_distribution_normal_quantile:
 * @p: a probability, between 0 and 1
 *
 * Finds the number that a standard normal variable does not exceed with probability @p.
 *
 * Starts from Hastings' approximation (Abramowitz and Stegun 26.2.23) and refines it by Halley's method.
 *
 * Returns: the quantile; infinite at 0 and 1
 */
double
qrx_distribution_normal_quantile (double p)
{
  double tail = fmin (p, 1 - p), t, z;

  if (!(p > 0 && p < 1))
    return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
  t = sqrt (-2 * log (tail));
  z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int i = 0; i < 3; i++)
    {
      double density = exp (-0.5 * z * z) / sqrt (2 * G_PI);
      double step = density > 0 ? (qrx_distribution_normal_survival (z) - tail) / density : 0;

      z += step / (1 - 0.5 * z * step);
    }
  return p < 0.5 ? -z : z;
}

/**
 * qrx_distribution_student_two_sided:
 * @t: a value of Student's t
 * @df: degrees of freedom, above 0
 *
 * Returns: the probability that |T| exceeds |@t|
 */
double
qrx_distribution_student_two_sided (double t, double df)
{
  double square = t * t;

  g_return_val_if_fail (df > 0, NAN);
  if (isinf (square))
    return 0;
  return incomplete_beta (0.5 * df, 0.5, df / (df + square), square / (df + square));
}

/**
 * qrx_distribution_student_quantile:
 * @p: a probability, between 0 and 1
 * @df: degrees of freedom, above 0
 *
 * Finds the number that a variable of Student's t does not exceed with probability @p.
 *
 * Brackets it by doubling and halves the bracket until no double lies inside.
 *
 * Returns: the quantile; infinite at 0 and 1
 */
double
qrx_distribution_student_quantile (double p, double df)
{
  double both = 2 * fmin (p, 1 - p), low = 0, high = 1, t;

  g_return_val_if_fail (df > 0, NAN);
  if (!(p > 0 && p < 1))
    return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
  while (qrx_distribution_student_two_sided (high, df) > both)
    high *= 2;
  for (t = 0.5 * high; t > low && t < high; t = 0.5 * (low + high))
    {
      if (qrx_distribution_student_two_sided (t, df) > both)
        low = t;
      else
        high = t;
    }
  return p < 0.5 ? -t : t;
}

/**
 * qrx_distribution_chi_squared_survival:
 * @x: a number
 * @df: degrees of freedom, above 0
 *
 * Returns: the probability that a chi-squared variable exceeds @x
 */
double
qrx_distribution_chi_squared_survival (double x, double df)
{
  double a = 0.5 * df;

  g_return_val_if_fail (df > 0, NAN);
  if (!(x > 0))
    return isnan (x) ? NAN : 1;
  if (isinf (x))
    return 0;
  return 0.5 * x < a + 1 ? 1 - gamma_series (a, 0.5 * x) : gamma_fraction (a, 0.5 * x);
}

/* The integrand's bell ends at eight deviations; it is analytic, so the trapezoidal rule has all digits. */
#define RANGE_REACH 8.5
#define RANGE_STEPS 400

/**
 * qrx_distribution_range_survival:
 * @q: a number
 * @k: how many variables, at least 2
 *
 * Computes the studentized range's tail for a known variance: the probability that @k independent standard normal
 * variables lie further apart than @q. Good to about 1e-14 absolutely.
 *
 * Returns: the probability
 */
double
qrx_distribution_range_survival (double q, guint k)
{
  double sum = 0, step = 2 * RANGE_REACH / RANGE_STEPS;

  g_return_val_if_fail (k >= 2, NAN);
  if (!(q > 0))
    return isnan (q) ? NAN : 1;
  for (int i = 0; i <= RANGE_STEPS; i++)
    {
      double z = -RANGE_REACH + i * step; /* the least of the variables */
      double within = qrx_distribution_normal_survival (z) - qrx_distribution_normal_survival (z + q);

      sum += exp (-0.5 * z * z) * pow (within, k - 1);
    }
  return fmax (0, 1 - k * sum * step / sqrt (2 * G_PI));
}

/**
 * qrx_distribution_range_quantile:
 * @p: a probability, between 0 and 1
 * @k: how many variables, at least 2
 *
 * Finds the range that @k independent standard normal variables do not exceed with probability @p; at 0.95 divided by
 * √2, it is the q of Nemenyi's test.
 *
 * Returns: the quantile
 */
double
qrx_distribution_range_quantile (double p, guint k)
{
  double low = 0, high = 1;

  g_return_val_if_fail (p >= 0 && p < 1 && k >= 2, NAN);
  while (qrx_distribution_range_survival (high, k) > 1 - p)
    high *= 2;
  for (int i = 0; i < 60; i++)
    {
      double q = 0.5 * (low + high);

      if (qrx_distribution_range_survival (q, k) > 1 - p)
        low = q;
      else
        high = q;
    }
  return 0.5 * (low + high);
}

/**
 * qrx_distribution_binomial_quantile:
 * @p: a probability, between 0 and 1
 * @n: how many trials
 * @chance: the chance of each, between 0 and 1
 *
 * Finds the smallest number of successes in @n trials that is not exceeded with probability @p (DLMF 8.17.5).
 *
 * Returns: the number
 */
guint64
qrx_distribution_binomial_quantile (double p, guint64 n, double chance)
{
  guint64 low = 0, high = n;

  g_return_val_if_fail (p >= 0 && p <= 1 && chance >= 0 && chance <= 1, 0);
  while (low < high)
    {
      guint64 k = low + (high - low) / 2;

      if (incomplete_beta ((double) (n - k), (double) k + 1, 1 - chance, chance) < p)
        low = k + 1;
      else
        high = k;
    }
  return low;
}
