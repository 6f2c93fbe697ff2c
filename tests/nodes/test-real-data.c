/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The providers' own files, as they are. */
#include "node-fixture.h"

#include <math.h>

static gboolean
has_data (void)
{
  const char *folder = g_getenv ("QRX_DATA");
  g_autofree char *path =
      g_build_filename (folder != NULL ? folder : g_getenv ("QRX_TEST_DATA"), "gdsc_response.csv.gz", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("the real data is neither in $QRX_DATA nor in ../shared/data");
  return FALSE;
}

static double
get_target (QrxTable *table, gsize row)
{
  return qrx_tensor_get (qrx_table_get_target_values (table, 0), row);
}

/* Lines with both ln IC50 and expression, counted from the files with pandas. */
static void
test_study_drugs_match_the_known_numbers_of_lines (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *drug;
    guint n[2]; /* GDSC1, GDSC2 */
  } cases[] = {
    { "Docetaxel", { 602, 604 } }, { "Paclitaxel", { 253, 577 } }, { "Gemcitabine", { 645, 578 } },
    { "Cisplatin", { 602, 584 } }, { "Erlotinib", { 230, 573 } },
  };

  if (!has_data ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint k = 0; k < 2; k++)
      {
        g_autofree char *properties = g_strdup_printf (
            "{ 'expression': 'gdsc_expression.csv.gz', 'response': 'gdsc_response.csv.gz', 'drug': '%s', "
            "'dataset': 'GDSC%u', 'replicates': 'mean' }",
            cases[i].drug, k + 1);
        g_autoptr (QrxTable) table = node_fixture_make (fixture, "gdsc-loader", properties, NULL);

        g_test_message ("%s, GDSC%u", cases[i].drug, k + 1);
        g_assert_cmpuint (qrx_table_get_n_rows (table), ==, cases[i].n[k]);
        g_assert_cmpuint (qrx_table_get_n_features (table), ==, 586);
        g_assert_true (qrx_table_has_annotation (table, "tissue"));
      }
}

static void
test_docetaxels_two_ids_need_a_choice (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
#define DOCETAXEL "'expression': 'gdsc_expression.csv.gz', 'response': 'gdsc_response.csv.gz', 'dataset': 'GDSC2', "
  g_autoptr (QrxTable) early = NULL, late = NULL, all = NULL;

  if (!has_data ())
    return;
  node_fixture_refuse (fixture, "gdsc-loader", "{ " DOCETAXEL "'drug': 'Docetaxel' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE,
                       "Docetaxel|1007 (583 rows)|1819 (507 rows)|1090 rows for 604 lines|\"mean\"");
  early = node_fixture_make (fixture, "gdsc-loader", "{ " DOCETAXEL "'drug': '1007' }", NULL);
  late = node_fixture_make (fixture, "gdsc-loader", "{ " DOCETAXEL "'drug': '1819' }", NULL);
  all = node_fixture_make (fixture, "gdsc-loader", "{ " DOCETAXEL "'drug': 'Docetaxel', 'replicates': 'keep' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (early), ==, 583);
  g_assert_cmpuint (qrx_table_get_n_rows (late), ==, 507);
  g_assert_cmpuint (qrx_table_get_n_rows (all), ==, 1090);
  /* A line's expression is kept once: the block is the file's 712 lines, which all tables of the file share. */
  g_assert_cmpuint (qrx_block_get_n_rows (qrx_table_get_block (all, 0)), ==, 712);
}

static void
test_donors_come_from_the_models_file (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  if (!has_data ())
    return;
  table = node_fixture_make (fixture, "gdsc-loader",
                             "{ 'expression': 'gdsc_expression.csv.gz', 'response': 'gdsc_response.csv.gz', 'models': "
                             "'Model.csv.gz', 'drug': 'Cisplatin', 'dataset': 'GDSC2' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 584);
  g_assert_true (g_str_has_prefix (qrx_table_get_annotation (table, "donor", 0), "PT-"));
  g_assert_true (g_str_has_prefix (qrx_table_get_annotation (table, "line", 0), "ACH-"));
}

static void
test_original_gdsc_files_load_unmodified (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
#define ORIGINAL "'response': 'GDSC2_fitted_dose_response_10drugs.tsv.gz', "
  g_autoptr (QrxTable) rma = NULL, depmap = NULL, auc = NULL;

  if (!has_data ())
    return;
  rma = node_fixture_make (fixture, "gdsc-loader",
                           "{ 'expression': 'Cell_line_RMA_proc_basalExp_200x500.txt.gz', " ORIGINAL
                           "'drug': 'Erlotinib' }",
                           NULL);
  g_assert_cmpuint (qrx_table_get_n_features (rma), ==, 500);
  g_assert_cmpuint (qrx_table_get_n_rows (rma), >, 150);
  g_assert_cmpuint (qrx_table_get_n_rows (rma), <=, 200);
  node_fixture_assert_said (fixture, "above the highest dose tested (extrapolated): kept");
  depmap = node_fixture_make (fixture, "gdsc-loader",
                              "{ 'expression': 'OmicsExpressionProteinCodingGenesTPMLogp1_150genes.csv.gz', " ORIGINAL
                              "'models': 'Model.csv.gz', 'drug': 'Taxol' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_features (depmap), ==, 150);
  g_assert_cmpuint (qrx_table_get_n_rows (depmap), >, 500);
  g_assert_cmpstr (qrx_table_get_feature_names (depmap)[0], ==, "SYT13");
  g_assert_cmpstr (qrx_table_get_annotation (depmap, "drug", 0), ==, "Paclitaxel");
  auc = node_fixture_make (fixture, "gdsc-loader",
                           "{ 'expression': 'Cell_line_RMA_proc_basalExp_200x500.txt.gz', " ORIGINAL
                           "'drug': 'Erlotinib', 'target': 'AUC' }", NULL);
  g_assert_cmpstr (qrx_table_get_target_name (auc, 0), ==, "auc");
  g_assert_cmpint (qrx_table_get_target_orientation (auc, 0), ==, QRX_ORIENTATION_LOW_IS_SENSITIVE);
  for (gsize i = 0; i < qrx_table_get_n_rows (auc); i++)
    g_assert_cmpfloat (get_target (auc, i), <=, 1.01);
}

static void
test_ccle_loads_in_both_layouts_alike (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) tidy = NULL, original = NULL;
  g_autoptr (GHashTable) areas = g_hash_table_new (g_str_hash, g_str_equal);

  if (!has_data ())
    return;
  tidy = node_fixture_make (
      fixture, "gdsc-loader",
      "{ 'expression': 'ccle_expression.csv.gz', 'response': 'ccle_response.csv.gz', 'drug': 'Paclitaxel', "
      "'target': 'act_area' }",
      NULL);
  original = node_fixture_make (
      fixture, "gdsc-loader",
      "{ 'expression': 'ccle_expression.csv.gz', 'response': "
      "'CCLE_NP24.2009_Drug_data_2015.02.24.csv.gz', 'models': 'Model.csv.gz', 'drug': 'Paclitaxel' }",
      NULL);
  g_assert_cmpint (qrx_table_get_target_orientation (tidy, 0), ==, QRX_ORIENTATION_HIGH_IS_SENSITIVE);
  g_assert_cmpint (qrx_table_get_target_orientation (original, 0), ==, QRX_ORIENTATION_HIGH_IS_SENSITIVE);
  g_assert_cmpuint (qrx_table_get_n_rows (tidy), ==, qrx_table_get_n_rows (original));
  for (gsize i = 0; i < qrx_table_get_n_rows (tidy); i++)
    g_hash_table_insert (areas, (gpointer) qrx_table_get_id (tidy, i), GSIZE_TO_POINTER (i + 1));
  for (gsize i = 0; i < qrx_table_get_n_rows (original); i++)
    {
      gsize other = GPOINTER_TO_SIZE (g_hash_table_lookup (areas, qrx_table_get_id (original, i)));

      g_assert_cmpuint (other, >, 0);
      /* The tidy file has four decimals. */
      g_assert_cmpfloat_with_epsilon (get_target (tidy, other - 1), get_target (original, i), 6e-5);
    }
}

static void
test_ccle_counts_values_at_its_cap (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  if (!has_data ())
    return;
  table = node_fixture_make (
      fixture, "gdsc-loader",
      "{ 'expression': 'ccle_expression.csv.gz', 'response': 'ccle_response.csv.gz', 'drug': 'Tarceva', "
      "'capped': 'drop' }",
      NULL);
  node_fixture_assert_said (fixture, "at the highest dose tested (capped): dropped");
  for (gsize i = 0; i < qrx_table_get_n_rows (table); i++)
    g_assert_cmpfloat (get_target (table, i), <, log (8) - 1e-3);
}

static void
test_breast_cancer_loads_as_classes (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;
  double n_malignant = 0;

  if (!has_data ())
    return;
  table = node_fixture_make (fixture, "csv-loader",
                             "{ 'file': 'breast_cancer.csv', 'targets': ['diagnosis'], 'positive': 'malignant', "
                             "'orientation': 'high' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 569);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 30);
  for (gsize i = 0; i < 569; i++)
    n_malignant += get_target (table, i);
  g_assert_cmpfloat (n_malignant, ==, 212); /* as UCI describes the set */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/real-data/study-drugs-match-the-known-numbers-of-lines",
             test_study_drugs_match_the_known_numbers_of_lines);
  NODE_TEST ("/real-data/docetaxels-two-ids-need-a-choice", test_docetaxels_two_ids_need_a_choice);
  NODE_TEST ("/real-data/donors-come-from-the-models-file", test_donors_come_from_the_models_file);
  NODE_TEST ("/real-data/original-gdsc-files-load-unmodified", test_original_gdsc_files_load_unmodified);
  NODE_TEST ("/real-data/ccle-loads-in-both-layouts-alike", test_ccle_loads_in_both_layouts_alike);
  NODE_TEST ("/real-data/ccle-counts-values-at-its-cap", test_ccle_counts_values_at_its_cap);
  NODE_TEST ("/real-data/breast-cancer-loads-as-classes", test_breast_cancer_loads_as_classes);
  return g_test_run ();
}
