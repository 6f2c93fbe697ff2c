/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samplers on functions whose minimum is known: even, in range, the same for the same seed, and better than chance
 * where they claim to be. Quality is judged over 20 seeds by the sign test: 15 wins of 20 have probability 0.021 by
 * chance. */
#include "study/qrx-sampler-private.h"

#include <math.h>

#define N_SEEDS 20
#define MIN_WINS 15

typedef double (*Function) (JsonObject *settings);

static void
fail_fault (gpointer data G_GNUC_UNUSED, QrxPipelineError code G_GNUC_UNUSED, const char *pointer,
            gboolean key G_GNUC_UNUSED, const char *suggestion G_GNUC_UNUSED, const char *message)
{
  g_error ("%s: %s", pointer, message);
}

typedef struct {
  GPtrArray *owned;
  QrxSpace *space;
} Fixture;

/* A space from an object of paths, as a study file's "vary". */
static Fixture
read_space (const char *json)
{
  Fixture fixture = { g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_dimension_free), qrx_space_new () };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = qrx_json_scan (json, strlen (json), NULL, NULL, &error);
  QrxFaults faults = { fail_fault, NULL };
  g_autoptr (GList) names = NULL;

  g_assert_no_error (error);
  names = json_object_get_members (json_node_get_object (root));
  for (GList *l = names; l != NULL; l = l->next)
    qrx_dimension_read (fixture.owned, l->data, json_object_get_member (json_node_get_object (root), l->data), "",
                        &faults);
  for (guint i = 0; i < fixture.owned->len; i++)
    g_ptr_array_add (fixture.space->dimensions, fixture.owned->pdata[i]);
  return fixture;
}

static void
clear_space (Fixture *fixture)
{
  qrx_space_free (fixture->space);
  g_ptr_array_unref (fixture->owned);
}

static double
number (JsonObject *settings, const char *path)
{
  return json_object_get_double_member (settings, path);
}

/* Branin's function; minimum 0.397887. */
static double
branin (JsonObject *settings)
{
  double x = number (settings, "f.x"), y = number (settings, "f.y");

  return pow (y - 5.1 / (4 * G_PI * G_PI) * x * x + 5 / G_PI * x - 6, 2) + 10 * (1 - 1 / (8 * G_PI)) * cos (x) + 10;
}

/* Hartmann's function of six variables; minimum −3.32237. */
static double
hartmann (JsonObject *settings)
{
  static const double alpha[4] = { 1, 1.2, 3, 3.2 };
  static const double a[4][6] = {
    { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 }
  };
  static const double p[4][6] = { { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 },
                                  { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
                                  { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 },
                                  { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 } };
  static const char *const paths[6] = { "f.a", "f.b", "f.c", "f.d", "f.e", "f.f" };
  double sum = 0;

  for (guint i = 0; i < 4; i++)
    {
      double inner = 0;

      for (guint k = 0; k < 6; k++)
        inner += a[i][k] * pow (number (settings, paths[k]) - p[i][k], 2);
      sum -= alpha[i] * exp (-inner);
    }
  return sum;
}

/* A learning rate on a scale of logarithms, a type with a property of its own, an integer; minimum 0. */
static double
network (JsonObject *settings)
{
  double rate = log10 (number (settings, "fit.rate")) + 3, layers = number (settings, "net.layers") - 3;
  gboolean tanh = g_str_equal (json_object_get_string_member (settings, "normalize.type"), "tanh");

  return rate * rate + 0.2 * layers * layers + (tanh ? pow (log2 (number (settings, "normalize.a") / 20), 2) / 4 : 0.7);
}

static const struct {
  const char *name;
  const char *space;
  Function function;
  guint n_trials;
} functions[] = {
  { "branin", "{\"f.x\": {\"uniform\": [-5, 10]}, \"f.y\": {\"uniform\": [0, 15]}}", branin, 60 },
  { "hartmann",
    "{\"f.a\": {\"uniform\": [0, 1]}, \"f.b\": {\"uniform\": [0, 1]}, \"f.c\": {\"uniform\": [0, 1]},"
    " \"f.d\": {\"uniform\": [0, 1]}, \"f.e\": {\"uniform\": [0, 1]}, \"f.f\": {\"uniform\": [0, 1]}}",
    hartmann, 100 },
  { "network",
    "{\"fit.rate\": {\"log-uniform\": [1e-6, 1]}, \"net.layers\": {\"integer\": [1, 9]},"
    " \"normalize\": [{\"type\": \"tanh\", \"a\": {\"log-uniform\": [1, 100]}}, \"sigmoid\", \"softmax\"]}",
    network, 60 },
};

static QrxSamplerOptions
make_options (QrxSamplerKind kind, guint n_trials, guint64 seed)
{
  return (QrxSamplerOptions){ .kind = kind,
                              .n_trials = n_trials,
                              .seed = seed,
                              .pending = 4,
                              .minimize = TRUE,
                              .n_startup = 10,
                              .n_candidates = 24,
                              .good = 0.15,
                              .minimum = 1,
                              .maximum = 81,
                              .reduction = 3 };
}

/* Runs a search as a study does, and returns the best value at the largest budget, and the budget spent. */
static double
search (const QrxSamplerOptions *options, const QrxSpace *space, double (*value_of) (JsonObject *, gint64, gpointer),
        gpointer data, gint64 *spent)
{
  g_autoptr (GPtrArray) proposals = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_proposal_free);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  double best = INFINITY;
  gint64 largest = 0;

  *spent = 0;
  for (guint k = 0; k < qrx_sampler_count (options, NULL); k++)
    {
      QrxOutcomes outcomes = { (const QrxProposal *const *) proposals->pdata, (const double *) values->data,
                               k + 1 > options->pending ? k + 1 - options->pending : 0 };
      QrxProposal *proposal = NULL;
      g_autoptr (JsonObject) settings = json_object_new ();
      double value;

      for (; proposal == NULL && outcomes.n <= k; outcomes.n++)
        proposal = qrx_sampler_propose (options, space, NULL, k, &outcomes);
      if (proposal == NULL)
        break;
      g_ptr_array_add (proposals, proposal);
      qrx_space_add_settings (space, proposal->point, settings);
      value = value_of (settings, proposal->budget, data);
      g_array_append_val (values, value);
      *spent += proposal->budget;
      if (proposal->budget > largest)
        best = INFINITY;
      largest = MAX (largest, proposal->budget);
      if (proposal->budget == largest)
        best = MIN (best, value);
    }
  return best;
}

static double
without_budget (JsonObject *settings, gint64 budget G_GNUC_UNUSED, gpointer data)
{
  return ((Function) data) (settings);
}

static void
test_tpe_beats_random (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data), wins = 0;
  Fixture fixture = read_space (functions[which].space);
  double means[2] = { 0, 0 };

  for (guint64 seed = 1; seed <= N_SEEDS; seed++)
    {
      QrxSamplerOptions tpe = make_options (QRX_SAMPLER_TPE, functions[which].n_trials, seed);
      QrxSamplerOptions random = make_options (QRX_SAMPLER_RANDOM, functions[which].n_trials, seed);
      gint64 spent;
      double a = search (&tpe, fixture.space, without_budget, (gpointer) functions[which].function, &spent);
      double b = search (&random, fixture.space, without_budget, (gpointer) functions[which].function, &spent);

      wins += a < b;
      means[0] += a / N_SEEDS;
      means[1] += b / N_SEEDS;
    }
  g_test_message ("%s, %u trials: tpe %g, random %g in the mean of %d seeds; tpe won %u times", functions[which].name,
                  functions[which].n_trials, means[0], means[1], N_SEEDS, wins);
  g_assert_cmpfloat (means[0], <, means[1]);
  g_assert_cmpuint (wins, >=, MIN_WINS);
  clear_space (&fixture);
}

/* A loss that falls to the function's value as training goes on, within 5 to 20 epochs, the better configurations no
 * faster than the others: early ranks mislead. */
static double
learn (JsonObject *settings, gint64 budget, gpointer data)
{
  double final = ((Function) data) (settings);
  double time = 5 + fmod (97 * fabs (final), 15);

  return final + 3 * exp (-(double) (budget > 0 ? budget : 81) / time);
}

static void
test_asha_beats_random (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data), wins = 0;
  Fixture fixture = read_space (functions[which].space);
  double means[2] = { 0, 0 };

  for (guint64 seed = 1; seed <= N_SEEDS; seed++)
    {
      QrxSamplerOptions asha = make_options (QRX_SAMPLER_ASHA, 243, seed), random;
      gint64 epochs, none;
      double a = search (&asha, fixture.space, learn, (gpointer) functions[which].function, &epochs), b;

      random = make_options (QRX_SAMPLER_RANDOM, (guint) ((epochs + 80) / 81), seed + 1000);
      b = search (&random, fixture.space, learn, (gpointer) functions[which].function, &none);
      wins += a < b;
      means[0] += a / N_SEEDS;
      means[1] += b / N_SEEDS;
    }
  g_test_message ("%s, equal epochs: asha %g, random %g in the mean of %d seeds; asha won %u times",
                  functions[which].name, means[0], means[1], N_SEEDS, wins);
  g_assert_cmpfloat (means[0], <, means[1]);
  g_assert_cmpuint (wins, >=, MIN_WINS);
  clear_space (&fixture);
}

static void
test_asha_spends_what_it_says (void)
{
  Fixture fixture = read_space (functions[0].space);
  QrxSamplerOptions options = make_options (QRX_SAMPLER_ASHA, 81, 3);
  gint64 spent;

  g_assert_cmpuint (qrx_sampler_count (&options, NULL), ==, 81 + 27 + 9 + 3 + 1);
  search (&options, fixture.space, learn, (gpointer) branin, &spent);
  g_assert_cmpint (spent, ==, 5 * 81); /* each rung costs as much as the one below it */
  clear_space (&fixture);
}

static void
test_proposals_stay_in_range (void)
{
  Fixture fixture = read_space (functions[2].space);

  for (guint kind = QRX_SAMPLER_RANDOM; kind <= QRX_SAMPLER_ASHA; kind++)
    {
      QrxSamplerOptions options = make_options ((QrxSamplerKind) kind, 40, 5);
      g_autoptr (GPtrArray) proposals = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_proposal_free);
      g_autofree double *values = g_new0 (double, 200);

      for (guint k = 0; k < 40; k++)
        {
          QrxOutcomes outcomes = { (const QrxProposal *const *) proposals->pdata, values, k };
          QrxProposal *proposal = qrx_sampler_propose (&options, fixture.space, NULL, k, &outcomes);
          const double *point = proposal->point;

          g_ptr_array_add (proposals, proposal);
          values[k] = point[0];
          g_assert_true (point[0] >= 1e-6 && point[0] < 1);
          g_assert_true (point[1] == floor (point[1]) && point[1] >= 1 && point[1] < 9);
          g_assert_true (point[2] == 0 || point[2] == 1 || point[2] == 2);
          g_assert_true ((point[2] == 0) == !isnan (point[3])); /* only tanh has an a */
        }
    }
  clear_space (&fixture);
}

static void
test_proposals_depend_on_seed_number_and_results_alone (void)
{
  Fixture fixture = read_space (functions[2].space);
  QrxSamplerOptions options = make_options (QRX_SAMPLER_TPE, 60, 7);
  gint64 spent;
  double first = search (&options, fixture.space, without_budget, (gpointer) network, &spent);

  g_assert_cmpfloat (first, ==, search (&options, fixture.space, without_budget, (gpointer) network, &spent));
  options.seed = 8;
  g_assert_cmpfloat (first, !=, search (&options, fixture.space, without_budget, (gpointer) network, &spent));
  clear_space (&fixture);
}

/* Every power of two of points has one in each of as many equal intervals, in every dimension. */
static void
test_sobol_is_even (void)
{
  for (guint d = 0; d < QRX_SOBOL_MAX; d++)
    {
      gboolean taken[256] = { FALSE };

      for (guint k = 0; k < 256; k++)
        {
          double fractions[QRX_SOBOL_MAX];

          qrx_sobol_point (11, k, QRX_SOBOL_MAX, fractions);
          g_assert_true (fractions[d] >= 0 && fractions[d] < 1);
          g_assert_false (taken[(guint) (fractions[d] * 256)]);
          taken[(guint) (fractions[d] * 256)] = TRUE;
        }
    }
}

/* Two points differ by what they differ in the sequence without a shift, which SciPy's qmc.Sobol gives, too. */
static void
test_sobol_is_joe_and_kuos (void)
{
  static const guint32 golden[QRX_SOBOL_MAX] = { 109, 219, 209, 255, 217, 55, 79,  97, 109, 247, 167,
                                                 191, 39,  255, 1,   121, 43, 129, 55, 229, 37 };
  double first[QRX_SOBOL_MAX], other[QRX_SOBOL_MAX];

  qrx_sobol_point (3, 0, QRX_SOBOL_MAX, first);
  qrx_sobol_point (3, 219, QRX_SOBOL_MAX, other);
  for (guint d = 0; d < QRX_SOBOL_MAX; d++)
    g_assert_cmpuint ((guint32) (first[d] * 4294967296.0) ^ (guint32) (other[d] * 4294967296.0), ==, golden[d] << 24);
}

static void
test_grid_lists_conditional_points (void)
{
  Fixture fixture =
      read_space ("{\"normalize\": [{\"type\": \"tanh\", \"a\": {\"grid\": [1, 20]}, \"r\": 3}, \"sigmoid\"],"
                  " \"net.layers\": {\"range\": [1, 4]}}");
  g_autoptr (GPtrArray) grid = qrx_space_list_grid (fixture.space, 100);
  g_autoptr (JsonObject) first = json_object_new (), last = json_object_new ();

  g_assert_cmpuint (grid->len, ==, (2 + 1) * 3);
  qrx_space_add_settings (fixture.space, grid->pdata[0], first);
  qrx_space_add_settings (fixture.space, grid->pdata[8], last);
  g_assert_cmpuint (json_object_get_size (first), ==, 4);
  g_assert_cmpfloat (number (first, "normalize.r"), ==, 3);
  g_assert_cmpuint (json_object_get_size (last), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (last, "normalize.type"), ==, "sigmoid");
  g_assert_cmpfloat (number (last, "net.layers"), ==, 3);
  g_assert_null (qrx_space_list_grid (fixture.space, 8));
  clear_space (&fixture);
}

static void
test_grid_of_ranges_has_both_ends (void)
{
  Fixture fixture = read_space ("{\"f.x\": {\"log-uniform\": [0.01, 100], \"points\": 5}}");
  g_autoptr (GPtrArray) grid = qrx_space_list_grid (fixture.space, 100);
  const double expected[] = { 0.01, 0.1, 1, 10, 100 };

  g_assert_cmpuint (grid->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon (((double *) grid->pdata[i])[0], expected[i], 1e-12 * expected[i]);
  clear_space (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autofree char *tpe = g_strconcat ("/sampler/tpe-beats-random/", functions[i].name, NULL);
      g_autofree char *asha = g_strconcat ("/sampler/asha-beats-random-at-equal-epochs/", functions[i].name, NULL);

      g_test_add_data_func (tpe, GUINT_TO_POINTER (i), test_tpe_beats_random);
      g_test_add_data_func (asha, GUINT_TO_POINTER (i), test_asha_beats_random);
    }
  g_test_add_func ("/sampler/asha-spends-what-it-says", test_asha_spends_what_it_says);
  g_test_add_func ("/sampler/proposals-stay-in-range", test_proposals_stay_in_range);
  g_test_add_func ("/sampler/proposals-depend-on-seed-number-and-results-alone",
                   test_proposals_depend_on_seed_number_and_results_alone);
  g_test_add_func ("/sampler/sobol-is-even", test_sobol_is_even);
  g_test_add_func ("/sampler/sobol-is-joe-and-kuos", test_sobol_is_joe_and_kuos);
  g_test_add_func ("/sampler/grid-lists-conditional-points", test_grid_lists_conditional_points);
  g_test_add_func ("/sampler/grid-of-ranges-has-both-ends", test_grid_of_ranges_has_both_ends);
  return g_test_run ();
}
