/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* References were computed with mpmath at 40 digits. */
#include <qrx/qrx-distribution.h>

#include <math.h>

static void
assert_close (double value, double reference, double relative)
{
  g_assert_cmpfloat (fabs (value - reference), <=, relative * fabs (reference));
}

/* 1e-13: the leading factor is the exponential of a logarithm of up to some dozens. */
static void
test_student_agrees_with_references (void)
{
  static const struct
  {
    double t, df, p;
  } references[] = {
    { 0.001, 1, 0.99936338043983888211 },     { 0.5, 1, 0.70483276469913345165 },
    { 1.25, 1, 0.42955342504544545116 },      { 3, 1, 0.20483276469913345165 },
    { 8.5, 1, 0.074553742308410368205 },      { 0.001, 2, 0.99929289339559008147 },
    { 0.5, 2, 0.66666666666666666667 },       { 1.25, 2, 0.33773382146747809673 },
    { 3, 2, 0.09546596626670913206 },         { 8.5, 2, 0.013559949584378916995 },
    { 0.001, 3, 0.999264894969460938 },       { 0.5, 3, 0.65144796484815099444 },
    { 1.25, 3, 0.29992946795086261129 },      { 3, 3, 0.057668885622437308578 },
    { 8.5, 3, 3.4196914163444772324e-3 },     { 0.001, 5, 0.99924078677219765061 },
    { 0.5, 5, 0.63829887164092900671 },       { 1.25, 5, 0.26661622295251248679 },
    { 3, 5, 0.030099247897462573847 },        { 8.5, 5, 3.7056979278947954326e-4 },
    { 0.001, 9, 0.9992239303259732669 },      { 0.5, 9, 0.62907129982602647961 },
    { 1.25, 9, 0.24282427454434108266 },      { 3, 9, 0.0149563639104142148 },
    { 8.5, 9, 1.3594073222356518148e-5 },     { 0.001, 29, 0.99920896297836223822 },
    { 0.5, 29, 0.62084808419378136402 },      { 1.25, 29, 0.22129312052610593741 },
    { 3, 29, 5.4991921339034061524e-3 },      { 8.5, 29, 2.2980332862819195392e-9 },
    { 0.001, 99, 0.99920412785713705994 },    { 0.5, 99, 0.61818464402440610899 },
    { 1.25, 99, 0.21424633756838635865 },     { 3, 99, 3.4155079215788676695e-3 },
    { 8.5, 99, 2.0134566533725382323e-13 },   { 0.001, 464, 0.99920254535096743036 },
    { 0.5, 464, 0.61731211122681171833 },     { 1.25, 464, 0.21192962312677249616 },
    { 3, 464, 2.8450877115062972432e-3 },     { 8.5, 464, 2.6114145760496243518e-16 },
    { 0.001, 1000, 0.99920231501845273028 },  { 0.5, 1000, 0.61718508083387481464 },
    { 1.25, 1000, 0.21159199296670314545 },   { 3, 1000, 2.7667090442381924642e-3 },
    { 8.5, 1000, 6.8191148946641609982e-17 }, { 0.001, 1e6, 0.99920211577164908982 },
    { 0.5, 1e6, 0.61707518747237138777 },     { 1.25, 1e6, 0.21129983985755805027 },
    { 3, 1e6, 2.6998625414217970587e-3 },     { 8.5, 1e6, 1.8984507991007160008e-17 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    {
      assert_close (qrx_distribution_student_two_sided (references[i].t, references[i].df), references[i].p,
                    1e-13);
      assert_close (qrx_distribution_student_two_sided (-references[i].t, references[i].df), references[i].p,
                    1e-13);
    }
  g_assert_cmpfloat (qrx_distribution_student_two_sided (0, 4), ==, 1);
  g_assert_cmpfloat (qrx_distribution_student_two_sided (INFINITY, 4), ==, 0);
}

/* The last lies at 1e-66, where the exponent itself is of 150. */
static void
test_chi_squared_agrees_with_references (void)
{
  static const struct
  {
    double x, df, p;
  } references[] = {
    { 0.125, 1, 0.72367360983176306701 },
    { 0.5, 1, 0.47950012218695346232 },
    { 1.0, 1, 0.31731050786291410283 },
    { 1.25, 1, 0.26355247728297273037 },
    { 9.5, 1, 2.0547189761318102667e-3 },
    { 0.125, 2, 0.93941306281347578612 },
    { 1.0, 2, 0.6065306597126334236 },
    { 2.0, 2, 0.3678794411714423216 },
    { 2.5, 2, 0.28650479686019010032 },
    { 12.0, 2, 2.478752176666358423e-3 },
    { 0.125, 3, 0.98867714217579162789 },
    { 1.5, 3, 0.68227033033621257132 },
    { 3.0, 3, 0.39162517627108895548 },
    { 3.75, 3, 0.28975578119338337042 },
    { 14.5, 3, 2.2978496420187964415e-3 },
    { 0.125, 4, 0.99812637923931802275 },
    { 2.0, 4, 0.73575888234288464319 },
    { 4.0, 4, 0.40600584970983807568 },
    { 5.0, 4, 0.28729749518364578309 },
    { 17.0, 4, 1.9329495056011196565e-3 },
    { 0.125, 9, 0.99999993075083317559 },
    { 4.5, 9, 0.87553902529833784325 },
    { 9.0, 9, 0.4372741889138670641 },
    { 11.25, 9, 0.25896125611352751547 },
    { 29.5, 9, 5.3343442256538951728e-4 },
    { 0.125, 30, 1.0 },
    { 15.0, 30, 0.98973957208765738207 },
    { 30.0, 30, 0.46565370894400963158 },
    { 37.5, 30, 0.16301345461145964831 },
    { 82.0, 30, 1.0148995238869189402e-6 },
    { 0.125, 101, 1.0 },
    { 50.5, 101, 0.99999371604597082631 },
    { 101.0, 101, 0.48128504536921944355 },
    { 126.25, 101, 0.045228786144838761317 },
    { 259.5, 101, 6.6383907306364815984e-16 },
    { 0.125, 500, 1.0 },
    { 250.0, 500, 1.0 },
    { 500.0, 500, 0.49158937303100903913 },
    { 625.0, 500, 1.1429308099504565719e-4 },
    { 1257.0, 500, 8.5238674014750991538e-67 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    assert_close (qrx_distribution_chi_squared_survival (references[i].x, references[i].df), references[i].p,
                  1e-13);
  g_assert_cmpfloat (qrx_distribution_chi_squared_survival (0, 4), ==, 1);
  g_assert_cmpfloat (qrx_distribution_chi_squared_survival (INFINITY, 4), ==, 0);
}

static void
test_normal_agrees_with_references (void)
{
  static const struct
  {
    double z, p;
  } references[] = {
    { -8.0, 0.9999999999999993779 },
    { -1.5, 0.933192798731141934 },
    { 0.0, 0.5 },
    { 0.25, 0.40129367431707627576 },
    { 1.96, 0.024997895148220436213 },
    { 5.0, 2.8665157187919391167e-7 },
    { 12.0, 1.7764821120776789977e-33 },
    { 30.0, 4.9067139271481870595e-198 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    assert_close (qrx_distribution_normal_survival (references[i].z), references[i].p, 1e-13);
}

static void
test_normal_quantile_agrees_with_references (void)
{
  static const struct
  {
    double p, z;
  } references[] = {
    { 1e-300, -37.047096299361199237 },      { 1e-10, -6.3613409024040561991 },
    { 0.001953125, -2.8856349124267571474 }, { 0.025, -1.9599639845400542118 },
    { 0.3, -0.52440051270804081597 },        { 0.5, 0 },
    { 0.75, 0.6744897501960817432 },         { 0.975, 1.9599639845400538556 },
    { 0.9999, 3.7190164854557083867 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    g_assert_cmpfloat (fabs (qrx_distribution_normal_quantile (references[i].p) - references[i].z), <=,
                       1e-14 * fmax (1, fabs (references[i].z)));
  g_assert_true (isinf (qrx_distribution_normal_quantile (1)));
  g_assert_true (isnan (qrx_distribution_normal_quantile (1.5)));
}

static void
test_student_quantile_agrees_with_references (void)
{
  static const struct
  {
    double p, df, t;
  } references[] = {
    { 0.975, 1, 12.706204736174705 },
    { 0.975, 4, 2.7764451051977944 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    {
      assert_close (qrx_distribution_student_quantile (references[i].p, references[i].df), references[i].t, 1e-13);
      assert_close (qrx_distribution_student_quantile (1 - references[i].p, references[i].df), -references[i].t, 1e-13);
    }
  for (double t = 0.1; t < 8; t *= 1.7)
    assert_close (qrx_distribution_student_quantile (1 - 0.5 * qrx_distribution_student_two_sided (t, 9), 9), t, 1e-9);
  g_assert_true (isinf (qrx_distribution_student_quantile (1, 3)));
}

/* The integral by mpmath's quadrature; the quantiles over √2 are those of Demšar's table (k = 2: 1.960, k = 10: 3.164). */
static void
test_range_agrees_with_references (void)
{
  static const struct
  {
    guint k;
    double survival_of_3, quantile_of_95;
  } references[] = {
    { 2, 0.033894853524689273, 2.7718076486993559 },  { 3, 0.085542571654958003, 3.314493155398121 },
    { 5, 0.21087650496353781, 3.8576555103786233 },   { 11, 0.56178977883475265, 4.5518635840659716 },
    { 16, 0.75158368082070773, 4.84515418395734 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (references); i++)
    {
      assert_close (qrx_distribution_range_survival (3, references[i].k), references[i].survival_of_3, 1e-12);
      assert_close (qrx_distribution_range_quantile (0.95, references[i].k), references[i].quantile_of_95, 1e-12);
    }
  assert_close (qrx_distribution_range_quantile (0.95, 10) / G_SQRT2, 3.164, 2e-4);
  g_assert_cmpfloat (qrx_distribution_range_survival (0, 3), ==, 1);
}

/* References of scipy.stats.binom.ppf, SciPy 1.10. */
static void
test_binomial_quantile_agrees_with_references (void)
{
  static const struct
  {
    double p;
    guint64 n;
    double chance;
    guint64 k;
  } references[] = {
    { 0.025, 200, 0.95, 184 },
    { 0.975, 200, 0.95, 196 },
    { 0.025, 200, 0.05, 4 },
    { 0.975, 200, 0.05, 16 },
    { 0.5, 7, 0.3, 2 },
    { 0.1, 1, 0.5, 0 },
    { 0.9, 1, 0.5, 1 },
    { 0.999, 100000, 0.001, 132 },
    { 0.025, 1000, 0.5, 469 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (references); i++)
    g_assert_cmpuint (qrx_distribution_binomial_quantile (references[i].p, references[i].n, references[i].chance), ==,
                      references[i].k);
  g_assert_cmpuint (qrx_distribution_binomial_quantile (0.3, 12, 0), ==, 0);
  g_assert_cmpuint (qrx_distribution_binomial_quantile (0.3, 12, 1), ==, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/distribution/student", test_student_agrees_with_references);
  g_test_add_func ("/distribution/chi-squared", test_chi_squared_agrees_with_references);
  g_test_add_func ("/distribution/normal", test_normal_agrees_with_references);
  g_test_add_func ("/distribution/normal-quantile", test_normal_quantile_agrees_with_references);
  g_test_add_func ("/distribution/student-quantile", test_student_quantile_agrees_with_references);
  g_test_add_func ("/distribution/range", test_range_agrees_with_references);
  g_test_add_func ("/distribution/binomial-quantile", test_binomial_quantile_agrees_with_references);
  return g_test_run ();
}
