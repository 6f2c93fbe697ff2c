/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every layout that the providers publish, as small files. */
#include "node-fixture.h"

#define ORIGINAL_HEADER \
  "DATASET,NLME_RESULT_ID,NLME_CURVE_ID,COSMIC_ID,CELL_LINE_NAME,SANGER_MODEL_ID,TCGA_DESC,DRUG_ID,DRUG_NAME," \
  "PUTATIVE_TARGET,PATHWAY_NAME,COMPANY_ID,WEBRELEASE,MIN_CONC,MAX_CONC,LN_IC50,AUC,RMSE,Z_SCORE\n"
#define ORIGINAL_RESPONSE \
  ORIGINAL_HEADER \
  "GDSC2,1,1,906826,CAL-148,SIDM01,BRCA,1080,Paclitaxel,\"A, B\",Mitosis,1,Y,0.0001,0.1,-4.0,0.8,0.1,-1\n" \
  "GDSC2,1,2,687983,EMC-BAC-1,SIDM02,LUAD,1080,Paclitaxel,\"A, B\",Mitosis,1,Y,0.0001,0.1,-2.0,0.9,0.1,1\n" \
  "GDSC2,1,3,1503362,K5,SIDM03,THCA,1080,Paclitaxel,\"A, B\",Mitosis,1,Y,0.0001,0.1,-3.0,0.7,0.1,0\n"
#define MODELS \
  "ModelID,PatientID,CellLineName,StrippedCellLineName,OncotreeLineage,CCLEName,SangerModelID,COSMICID\n" \
  "ACH-000001,PT-a,CAL-148,CAL148,Breast,CAL148_BREAST,SIDM01,906826.0\n" \
  "ACH-000002,PT-b,EMC-BAC-1,EMCBAC1,Lung,EMCBAC1_LUNG,SIDM02,687983.0\n" \
  "ACH-000003,PT-b,K5,K5,Thyroid,K5_THYROID,SIDM03,\n"

static double
get_target (QrxTable *table, gsize row)
{
  return qrx_tensor_get (qrx_table_get_target_values (table, 0), row);
}

/* The expression of one gene in a row. */
static double
get_gene (QrxTable *table, gsize row, const char *gene)
{
  guint at = (guint) row;
  g_autoptr (QrxIndex) rows = qrx_index_new (&at, 1);
  g_autoptr (QrxTensor) out = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, qrx_table_get_n_features (table));
  const char *const *names = qrx_table_get_feature_names (table);

  g_assert_true (qrx_table_read_features (table, rows, out, NULL));
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], gene))
      return qrx_tensor_get (out, i);
  g_error ("the table has no gene %s", gene);
}

static void
test_rma_with_lines_as_columns (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  node_fixture_write (fixture, "r.csv", ORIGINAL_RESPONSE);
  node_fixture_write (fixture, "e.txt",
                      "GENE_SYMBOLS\tGENE_title\tDATA.906826\tDATA.687983\tDATA.1503362\tDATA.1503362.1\tDATA.5\n"
                      "TSPAN6\ttetraspanin 6\t7.5\t8.5\t9.5\t1\t2\n"
                      "\tno symbol\t1\t2\t3\t4\t5\n"
                      "TNMD\t\t2.5\t2.25\t2.125\t3\t4\n"
                      "TNMD\t\t0\t0\t0\t0\t0\n");
  table = node_fixture_make (fixture, "gdsc-loader", "{ 'expression': 'e.txt', 'response': 'r.csv' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 3);
  g_assert_cmpuint (qrx_table_get_n_features (table), ==, 2);
  g_assert_cmpstr (qrx_table_get_id (table, 0), ==, "906826");
  g_assert_cmpfloat (get_gene (table, 2, "TSPAN6"), ==, 9.5);
  g_assert_cmpfloat (get_gene (table, 1, "TNMD"), ==, 2.25);
  g_assert_cmpfloat (get_target (table, 2), ==, -3);
  g_assert_cmpstr (qrx_table_get_annotation (table, "tissue", 0), ==, "BRCA");
  node_fixture_assert_said (fixture, "1 genes have no symbol: dropped");
  node_fixture_assert_said (fixture, "1 genes repeat a symbol: the first of each is used");
  node_fixture_assert_said (fixture, "1 profiles repeat a line: the first of each is used");
  node_fixture_assert_said (fixture, "3 lines matched by cosmic id");
  /* ln 0.1 is -2.30: only the value -2 lies above the highest dose. */
  node_fixture_assert_said (fixture,
                            "1 of 3 values of LN_IC50 (33 %) lie above the highest dose tested (extrapolated): kept");
}

static void
test_depmap_with_a_blank_or_made_up_first_header (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const headers[] = { "", "V1" };

  node_fixture_write (fixture, "r.csv", ORIGINAL_RESPONSE);
  node_fixture_write (fixture, "m.csv", MODELS);
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *text = g_strconcat (headers[i], ",TSPAN6 (7105),HLA-A (ENSG00000206503),C1orf112 (55732)\n"
                                           "ACH-000003,1,2,3\nACH-000001,4,5,6\nACH-000009,7,8,9\n", NULL);
      g_autoptr (QrxTable) table = NULL;

      node_fixture_write (fixture, "e.csv", text);
      table = node_fixture_make (fixture, "gdsc-loader",
                                 "{ 'expression': 'e.csv', 'response': 'r.csv', 'models': 'm.csv' }", NULL);
      /* K5 has no COSMIC id in the models file, but Sanger's. */
      g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 2);
      g_assert_cmpstr (qrx_table_get_id (table, 0), ==, "ACH-000001");
      g_assert_cmpstr (qrx_table_get_annotation (table, "line", 1), ==, "ACH-000003");
      g_assert_cmpstr (qrx_table_get_annotation (table, "donor", 1), ==, "PT-b");
      g_assert_cmpstr (qrx_table_get_annotation (table, "tissue", 1), ==, "Thyroid");
      g_assert_cmpfloat (get_gene (table, 0, "HLA-A"), ==, 5);
    }
}

static void
test_newer_depmap_keeps_the_default_profile_of_a_model (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const marks[][2] = { { "Yes", "No" }, { "True", "False" }, { "true", "false" } };

  node_fixture_write (fixture, "r.csv", "DRUG_NAME,cell_line_id,LN_IC50\nTaxol,ACH-000001,1\nTaxol,ACH-000002,2\n");
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autofree char *text = g_strdup_printf (
          ",SequencingID,ModelConditionID,ModelID,IsDefaultEntryForMC,IsDefaultEntryForModel,TP53 (7157)\n"
          "0,CDS-1,MC-1,ACH-000001,%s,%s,1\n1,CDS-2,MC-2,ACH-000001,%s,%s,2\n2,CDS-3,MC-3,ACH-000002,%s,%s,3\n",
          marks[i][0], marks[i][1], marks[i][0], marks[i][0], marks[i][0], marks[i][0]);
      g_autoptr (QrxTable) table = NULL;

      node_fixture_write (fixture, "e.csv", text);
      table = node_fixture_make (fixture, "gdsc-loader", "{ 'expression': 'e.csv', 'response': 'r.csv' }", NULL);
      g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 2);
      g_assert_cmpuint (qrx_table_get_n_features (table), ==, 1);
      g_assert_cmpfloat (get_gene (table, 0, "TP53"), ==, 2);
      node_fixture_assert_said (fixture, "1 of 3 profiles are not their model's default: dropped");
    }
}

#define CCLE_RESPONSE                                                                                                  \
  "CCLE Cell Line Name,Primary Cell Line Name,Compound,Target,Doses (uM),Activity Data (median),EC50 (uM),IC50 "       \
  "(uM),Amax,ActArea\n"                                                                                                \
  "CAL148_BREAST,CAL-148,Paclitaxel,TUBB,\".0025,.8,8\",\"1,2,3\",NA,8,-10,0.5\n"                                      \
  "EMCBAC1_LUNG,EMC-BAC-1,Paclitaxel,TUBB,\".0025,.8,8\",\"1,2,3\",1,0.5,-90,4.5\n"

static void
test_ccle_by_name_and_activity_area (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) area = NULL, dose = NULL;

  node_fixture_write (fixture, "r.csv", CCLE_RESPONSE);
  node_fixture_write (fixture, "m.csv", MODELS);
  node_fixture_write (fixture, "e.csv", "cell_line_id,TP53\nACH-000002,2\nACH-000001,1\n");
  area = node_fixture_make (fixture, "gdsc-loader", "{ 'expression': 'e.csv', 'response': 'r.csv', 'models': 'm.csv' }",
                            NULL);
  g_assert_cmpstr (qrx_table_get_target_name (area, 0), ==, "act_area");
  g_assert_cmpint (qrx_table_get_target_orientation (area, 0), ==, QRX_ORIENTATION_HIGH_IS_SENSITIVE);
  g_assert_cmpfloat (get_target (area, 0), ==, 0.5);
  g_assert_cmpstr (qrx_table_get_annotation (area, "name", 0), ==, "CAL-148");
  dose = node_fixture_make (fixture, "gdsc-loader",
                            "{ 'expression': 'e.csv', 'response': 'r.csv', 'models': 'm.csv', 'target': 'IC50 (uM)' }",
                            NULL);
  g_assert_cmpstr (qrx_table_get_target_unit (dose, 0), ==, "µM");
  node_fixture_assert_said (fixture, "1 of 2 values of IC50 (uM) (50 %) lie at the highest dose tested (capped): kept");
}

static void
test_names_match_but_for_punctuation_unless_two_lines_do (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  node_fixture_write (fixture, "e.csv", "CELL_LINE_NAME,TP53\nNCIH23,1\nTT,2\nHT-29,3\n");
  node_fixture_write (fixture, "r.csv", "DRUG_NAME,CELL_LINE_NAME,LN_IC50\nD,NCI-H23,1\nD,TT,2\nD,T-T,3\nD,HT-29,4\n");
  table = node_fixture_make (fixture, "gdsc-loader", "{ 'expression': 'e.csv', 'response': 'r.csv' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 3);
  g_assert_cmpstr (qrx_table_get_id (table, 0), ==, "NCIH23");
  g_assert_cmpfloat (get_target (table, 1), ==, 2);
  node_fixture_assert_said (fixture, "1 rows name a line that only punctuation tells from another: dropped");
}

static void
test_a_gzipped_file_is_read_as_it_is (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autofree char *path = g_build_filename (fixture->directory, "e.csv.gz", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GOutputStream) raw = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL));
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (raw, converter);
  g_autoptr (QrxTable) table = NULL;

  g_assert_true (g_output_stream_printf (stream, NULL, NULL, NULL, "cell_line_id,TP53\n906826,1\n687983,2\n"));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  node_fixture_write (fixture, "r.csv", ORIGINAL_RESPONSE);
  table = node_fixture_make (fixture, "gdsc-loader", "{ 'expression': 'e.csv.gz', 'response': 'r.csv' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 2);
  g_assert_nonnull (qrx_table_get_note (table, "expression.file.sha256"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/gdsc-layouts/rma-with-lines-as-columns", test_rma_with_lines_as_columns);
  NODE_TEST ("/gdsc-layouts/depmap-with-a-blank-or-made-up-first-header",
             test_depmap_with_a_blank_or_made_up_first_header);
  NODE_TEST ("/gdsc-layouts/newer-depmap-keeps-the-default-profile",
             test_newer_depmap_keeps_the_default_profile_of_a_model);
  NODE_TEST ("/gdsc-layouts/ccle-by-name-and-activity-area", test_ccle_by_name_and_activity_area);
  NODE_TEST ("/gdsc-layouts/names-match-but-for-punctuation", test_names_match_but_for_punctuation_unless_two_lines_do);
  NODE_TEST ("/gdsc-layouts/a-gzipped-file-is-read-as-it-is", test_a_gzipped_file_is_read_as_it_is);
  return g_test_run ();
}
