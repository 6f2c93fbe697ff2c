/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ridge regression in closed form: minimizes ‖y − b − X w‖² + λ s ‖w‖², where s is the mean of the eigenvalues that the
 * scatter matrix of the features may have above zero, so that λ means the same whatever the unit of the features and the
 * number of rows. One eigendecomposition serves all λ: of the scatter matrix, or, with more features than rows, of the
 * rows' inner products, which are computed once for all folds. Knows neither tables nor nodes. */
#include "ridge-problem.h"

#include <qrx/qrx-linalg.h>
#include <string.h>

struct _RidgeProblem {
  QrxTensor *features; /* (n, p), centred */
  double *means;       /* of the features as they came */
  double *targets;
  QrxPool *pool;
  QrxTensor *products; /* (n, n), of the rows; NULL where there are at least as many rows as features */
};

/* What some rows say of all λ at once: in the basis of the eigenvectors the solution is projections / (values + λ s). */
typedef struct {
  QrxTensor *vectors;     /* one in each column */
  QrxTensor *values;      /* not below zero */
  QrxTensor *projections; /* of the targets */
  double target_mean;
  double scale; /* s */
} Spectrum;

static void
spectrum_clear (Spectrum *self)
{
  g_clear_object (&self->vectors);
  g_clear_object (&self->values);
  g_clear_object (&self->projections);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Spectrum, spectrum_clear)

static QrxTensor *
new_matrix (gsize rows, gsize columns)
{
  return qrx_tensor_new_matrix (QRX_DTYPE_F64, rows, columns);
}

static double *
peek_row (QrxTensor *matrix, gsize row)
{
  return qrx_tensor_peek_f64 (matrix) + row * qrx_tensor_get_columns (matrix);
}

/* The means over some rows; all of them if @rows is NULL. */
static double *
average (QrxTensor *matrix, const guint *rows, gsize n)
{
  gsize columns = qrx_tensor_get_columns (matrix);
  double *means = g_new0 (double, columns);

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < columns; j++)
      means[j] += peek_row (matrix, rows != NULL ? rows[i] : i)[j];
  for (gsize j = 0; j < columns && n > 0; j++)
    means[j] /= (double) n;
  return means;
}

RidgeProblem *
ridge_problem_new (QrxTensor *features, const double *targets, QrxPool *pool)
{
  RidgeProblem *self = g_new0 (RidgeProblem, 1);
  gsize n = qrx_tensor_get_rows (features), p = qrx_tensor_get_columns (features);

  self->features = g_object_ref (features);
  self->targets = g_memdup2 (targets, n * sizeof *targets);
  self->pool = qrx_pool_ref (pool);
  self->means = average (features, NULL, n);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < p; j++)
      peek_row (features, i)[j] -= self->means[j];
  if (p > n)
    {
      self->products = new_matrix (n, n);
      qrx_linalg_multiply (features, FALSE, features, TRUE, 1, 0, self->products, pool);
    }
  return self;
}

void
ridge_problem_free (RidgeProblem *self)
{
  g_object_unref (self->features);
  g_clear_object (&self->products);
  qrx_pool_unref (self->pool);
  g_free (self->targets);
  g_free (self->means);
  g_free (self);
}

/* Inner products of @rows with @basis, both around the mean of @basis. */
static QrxTensor *
centre_products (RidgeProblem *self, const guint *rows, gsize n_rows, const guint *basis, gsize n_basis)
{
  QrxTensor *centred = new_matrix (n_rows, n_basis);
  g_autofree double *means = average (self->products, basis, n_basis);
  double grand = 0;

  for (gsize j = 0; j < n_basis; j++)
    grand += means[basis[j]];
  grand /= (double) n_basis;
  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < n_basis; j++)
      peek_row (centred, i)[j] = peek_row (self->products, rows[i])[basis[j]] - means[rows[i]] - means[basis[j]] + grand;
  return centred;
}

/* Features of @rows around the mean of @basis. */
static QrxTensor *
centre_features (RidgeProblem *self, const guint *rows, gsize n_rows, const guint *basis, gsize n_basis)
{
  gsize p = qrx_tensor_get_columns (self->features);
  QrxTensor *centred = new_matrix (n_rows, p);
  g_autofree double *means = average (self->features, basis, n_basis);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < p; j++)
      peek_row (centred, i)[j] = peek_row (self->features, rows[i])[j] - means[j];
  return centred;
}

/* What stands beside the basis' eigenvectors in a prediction: products in the dual form, features in the primal one. */
static QrxTensor *
centre (RidgeProblem *self, const guint *rows, gsize n_rows, const guint *basis, gsize n_basis)
{
  return self->products != NULL ? centre_products (self, rows, n_rows, basis, n_basis)
                                : centre_features (self, rows, n_rows, basis, n_basis);
}

static QrxTensor *
centre_targets (RidgeProblem *self, const guint *rows, gsize n, double *mean)
{
  QrxTensor *centred = new_matrix (n, 1);

  *mean = 0;
  for (gsize i = 0; i < n; i++)
    *mean += self->targets[rows[i]];
  *mean /= (double) n;
  for (gsize i = 0; i < n; i++)
    qrx_tensor_set (centred, i, self->targets[rows[i]] - *mean);
  return centred;
}

static gboolean
decompose (RidgeProblem *self, const guint *rows, gsize n, Spectrum *spectrum, GError **error)
{
  g_autoptr (QrxTensor) targets = centre_targets (self, rows, n, &spectrum->target_mean);
  g_autoptr (QrxTensor) square = centre (self, rows, n, rows, n);
  gsize p = qrx_tensor_get_columns (self->features), rank = MIN (n - 1, p), size;
  double trace = 0;

  if (self->products == NULL)
    {
      g_autoptr (QrxTensor) features = g_steal_pointer (&square);
      g_autoptr (QrxTensor) moments = new_matrix (p, 1);

      square = new_matrix (p, p);
      qrx_linalg_multiply (features, TRUE, features, FALSE, 1, 0, square, self->pool);
      qrx_linalg_multiply (features, TRUE, targets, FALSE, 1, 0, moments, self->pool);
      g_set_object (&targets, moments);
    }
  size = qrx_tensor_get_rows (square);
  for (gsize i = 0; i < size; i++)
    trace += peek_row (square, i)[i];
  spectrum->scale = rank > 0 ? trace / (double) rank : 0;
  spectrum->values = new_matrix (size, 1);
  spectrum->vectors = new_matrix (size, size);
  if (!qrx_linalg_eigen_symmetric (square, spectrum->values, spectrum->vectors, error))
    return FALSE;
  for (gsize i = 0; i < size; i++)
    qrx_tensor_set (spectrum->values, i, MAX (qrx_tensor_get (spectrum->values, i), 0));
  spectrum->projections = new_matrix (size, 1);
  qrx_linalg_multiply (spectrum->vectors, TRUE, targets, FALSE, 1, 0, spectrum->projections, self->pool);
  return TRUE;
}

/* The solutions in the basis of the eigenvectors, one λ a column; features that do not vary have none but zero. */
static QrxTensor *
shrink (const Spectrum *spectrum, const double *lambdas, guint n_lambdas)
{
  gsize size = qrx_tensor_get_rows (spectrum->values);
  QrxTensor *solutions = new_matrix (size, n_lambdas);

  for (gsize i = 0; i < size && spectrum->scale > 0; i++)
    for (guint l = 0; l < n_lambdas; l++)
      peek_row (solutions, i)[l] = qrx_tensor_get (spectrum->projections, i) /
                                   (qrx_tensor_get (spectrum->values, i) + lambdas[l] * spectrum->scale);
  return solutions;
}

/* Adds the squared errors of the rows in @held, predicted from those in @fitted. */
static gboolean
score_fold (RidgeProblem *self, GArray *fitted, GArray *held, const double *lambdas, guint n_lambdas, double *errors,
            GError **error)
{
  const guint *rows = (const guint *) held->data, *basis = (const guint *) fitted->data;
  g_auto (Spectrum) spectrum = { 0 };
  g_autoptr (QrxTensor) sides = NULL;
  g_autoptr (QrxTensor) coordinates = NULL;
  g_autoptr (QrxTensor) solutions = NULL;
  g_autoptr (QrxTensor) predictions = new_matrix (held->len, n_lambdas);

  if (!decompose (self, basis, fitted->len, &spectrum, error))
    return FALSE;
  sides = centre (self, rows, held->len, basis, fitted->len);
  coordinates = new_matrix (held->len, qrx_tensor_get_rows (spectrum.values));
  qrx_linalg_multiply (sides, FALSE, spectrum.vectors, FALSE, 1, 0, coordinates, self->pool);
  solutions = shrink (&spectrum, lambdas, n_lambdas);
  qrx_linalg_multiply (coordinates, FALSE, solutions, FALSE, 1, 0, predictions, self->pool);
  for (guint i = 0; i < held->len; i++)
    for (guint l = 0; l < n_lambdas; l++)
      {
        double residual = self->targets[rows[i]] - spectrum.target_mean - peek_row (predictions, i)[l];

        errors[l] += residual * residual;
      }
  return TRUE;
}

gboolean
ridge_problem_validate (RidgeProblem *self, const guint *folds, guint n_folds, const double *lambdas, guint n_lambdas,
                        double *errors, GCancellable *cancellable, GError **error)
{
  guint n = (guint) qrx_tensor_get_rows (self->features);

  memset (errors, 0, n_lambdas * sizeof *errors);
  for (guint fold = 0; fold < n_folds; fold++)
    {
      g_autoptr (GArray) fitted = g_array_new (FALSE, FALSE, sizeof (guint));
      g_autoptr (GArray) held = g_array_new (FALSE, FALSE, sizeof (guint));

      for (guint row = 0; row < n; row++)
        g_array_append_val (folds[row] == fold ? held : fitted, row);
      if (held->len == 0)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !score_fold (self, fitted, held, lambdas, n_lambdas, errors, error))
        return FALSE;
    }
  for (guint l = 0; l < n_lambdas; l++)
    errors[l] /= n;
  return TRUE;
}

gboolean
ridge_problem_solve (RidgeProblem *self, double lambda, QrxTensor *weights, double *intercept, GError **error)
{
  gsize n = qrx_tensor_get_rows (self->features), p = qrx_tensor_get_columns (self->features);
  g_autofree guint *rows = g_new (guint, n);
  g_auto (Spectrum) spectrum = { 0 };
  g_autoptr (QrxTensor) solution = NULL;
  g_autoptr (QrxTensor) coefficients = NULL;

  for (gsize i = 0; i < n; i++)
    rows[i] = (guint) i;
  if (!decompose (self, rows, n, &spectrum, error))
    return FALSE;
  solution = shrink (&spectrum, &lambda, 1);
  coefficients = new_matrix (qrx_tensor_get_rows (spectrum.values), 1);
  qrx_linalg_multiply (spectrum.vectors, FALSE, solution, FALSE, 1, 0, coefficients, self->pool);
  if (self->products != NULL)
    qrx_linalg_multiply (coefficients, TRUE, self->features, FALSE, 1, 0, weights, self->pool);
  else
    memcpy (qrx_tensor_peek_f64 (weights), qrx_tensor_peek_f64 (coefficients), p * sizeof (double));
  *intercept = spectrum.target_mean;
  for (gsize j = 0; j < p; j++)
    *intercept -= self->means[j] * qrx_tensor_get (weights, j);
  return TRUE;
}
