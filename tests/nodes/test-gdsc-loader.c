/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the loader does where the data leaves a choice, and what it refuses. */
#include "node-fixture.h"

#include <math.h>
#include <string.h>

#define EXPRESSION "cell_line_id,depmap_id,TP53,EGFR\n11,ACH-1,1,2\n12,ACH-2,3,4\n13,ACH-3,5,6\n14,ACH-4,7,8\n"
#define RESPONSE                                                                                                       \
  "cell_line_id,depmap_id,cell_line_name,tissue,dataset,drug_id,drug,ln_ic50\n"                                        \
  "11,ACH-1,A,Lung,GDSC1_v17,1007,Docetaxel,-5\n"                                                                      \
  "11,ACH-1,A,Lung,GDSC2_8.2,1007,Docetaxel,-4\n"                                                                      \
  "12,ACH-2,B,Skin,GDSC2_8.2,1007,Docetaxel,-3\n"                                                                      \
  "11,ACH-1,A,Lung,GDSC2_8.2,1819,Docetaxel,-2\n"                                                                      \
  "13,ACH-3,C,Bone,GDSC2_8.2,1819,Docetaxel,NA\n"                                                                      \
  "99,ACH-9,Z,Bone,GDSC2_8.2,1819,Docetaxel,0\n"                                                                       \
  "11,ACH-1,A,Lung,GDSC2_8.2,1168,Erlotinib,3\n"                                                                       \
  "12,ACH-2,B,Skin,GDSC2_8.2,1168,Erlotinib,1\n"                                                                       \
  "14,ACH-4,D,Lung,GDSC2_8.2,1168,Erlotinib,2\n"
#define FILES "'expression': 'e.csv', 'response': 'r.csv'"

static void
write_files (NodeFixture *fixture)
{
  node_fixture_write (fixture, "e.csv", EXPRESSION);
  node_fixture_write (fixture, "r.csv", RESPONSE);
}

static double
get_target (QrxTable *table, gsize row)
{
  return qrx_tensor_get (qrx_table_get_target_values (table, 0), row);
}

static void
test_replicates_need_a_policy (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) mean = NULL, first = NULL, keep = NULL, chosen = NULL;

  write_files (fixture);
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Docetaxel', 'dataset': 'GDSC2' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "Docetaxel has 2 ids|1007 (2 rows)|1819 (1 rows)|3 rows for 2 lines");
  mean = node_fixture_make (fixture, "gdsc-loader",
                            "{ " FILES ", 'drug': 'Docetaxel', 'dataset': 'GDSC2', 'replicates': 'mean' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (mean), ==, 2);
  g_assert_cmpfloat (get_target (mean, 0), ==, -3);
  first = node_fixture_make (fixture, "gdsc-loader",
                             "{ " FILES ", 'drug': 'Docetaxel', 'dataset': 'GDSC2', 'replicates': 'first' }", NULL);
  g_assert_cmpfloat (get_target (first, 0), ==, -4);
  keep = node_fixture_make (fixture, "gdsc-loader",
                            "{ " FILES ", 'drug': 'Docetaxel', 'dataset': 'GDSC2', 'replicates': 'keep' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (keep), ==, 3);
  g_assert_cmpstr (qrx_table_get_id (keep, 0), ==, "11/1007");
  g_assert_cmpstr (qrx_table_get_id (keep, 2), ==, "11/1819");
  g_assert_cmpstr (qrx_table_get_annotation (keep, "line", 0), ==, qrx_table_get_annotation (keep, "line", 2));
  chosen = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'drug': '1007', 'dataset': 'GDSC2' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (chosen), ==, 2);
  node_fixture_assert_said (fixture, "1 matched rows have no ln_ic50: dropped");
}

static void
test_repeated_rows_of_one_id_are_replicates_too (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) keep = NULL;

  node_fixture_write (fixture, "e.csv", EXPRESSION);
  node_fixture_write (fixture, "r.csv", "drug,cell_line_id,ln_ic50\nD,11,1\nD,11,2\nD,12,3\n");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES " }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "D has 3 rows for 2 lines|line \"11\"");
  keep = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'replicates': 'keep' }", NULL);
  g_assert_cmpstr (qrx_table_get_id (keep, 0), ==, "11");
  g_assert_cmpstr (qrx_table_get_id (keep, 1), ==, "11#2");
}

static void
test_drugs_are_found_by_any_of_their_names (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const names[] = { "Erlotinib", "erlotinib", "Tarceva", "OSI-774", "1168" };

  write_files (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *properties = g_strdup_printf ("{ " FILES ", 'drug': '%s' }", names[i]);
      g_autoptr (QrxTable) table = node_fixture_make (fixture, "gdsc-loader", properties, NULL);

      g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 3);
      g_assert_cmpstr (qrx_table_get_annotation (table, "drug", 0), ==, "Erlotinib");
    }
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinob' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "r.csv|\"drug\"|\"Erlotinob\"|did you mean \"Erlotinib\"?");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': '1169' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "drug id \"1169\"|did you mean \"1168\"?");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES " }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE,
                       "2 drugs|\"Docetaxel\" (6 rows)");
}

/* Rows of several drugs share their lines' profiles, follow the policies drug by drug, and are called by line and drug. */
static void
test_several_drugs_make_a_row_for_each_pair (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const ids[] = { "11/Docetaxel", "12/Docetaxel", "11/Erlotinib", "12/Erlotinib", "14/Erlotinib" };
  static const double targets[] = { -3, -3, 3, 1, 2 };
  g_autoptr (QrxTable) named = NULL, all = NULL;
  g_autoptr (QrxIndex) rows = qrx_index_new_range (0, 5);
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, 5, 2);

  write_files (fixture);
  named = node_fixture_make (fixture, "gdsc-loader",
                             "{ " FILES ", 'drugs': ['Taxotere', '1168'], 'dataset': 'GDSC2', 'replicates': 'mean' }",
                             NULL);
  all = node_fixture_make (fixture, "gdsc-loader",
                           "{ " FILES ", 'drugs': ['*'], 'dataset': 'GDSC2', 'replicates': 'mean' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (named), ==, 5);
  g_assert_cmpuint (qrx_table_get_n_rows (all), ==, 5);
  g_assert_cmpuint (qrx_block_get_n_rows (qrx_table_get_block (named, 0)), ==, 4); /* the file's lines once each */
  g_assert_true (qrx_table_read_features (named, rows, features, NULL));
  for (gsize i = 0; i < 5; i++)
    {
      g_assert_cmpstr (qrx_table_get_id (named, i), ==, ids[i]);
      g_assert_cmpstr (qrx_table_get_id (all, i), ==, ids[i]);
      g_assert_cmpstr (qrx_table_get_annotation (named, "drug", i), ==, i < 2 ? "Docetaxel" : "Erlotinib");
      g_assert_cmpfloat (get_target (named, i), ==, targets[i]);
    }
  g_assert_cmpfloat (qrx_tensor_get (features, 0), ==, qrx_tensor_get (features, 4)); /* TP53 of line 11, twice */
  node_fixture_assert_said (fixture, "2 drugs");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drugs': ['*'], 'dataset': 'GDSC2' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "Docetaxel has 2 ids|replicates");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drugs': ['Erlotinib', 'Tarceva'], 'dataset': 'GDSC2' }",
                       NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "Erlotinib|twice");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'drugs': ['Docetaxel'] }", NULL,
                       QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE, "drug|drugs");
}

static void
test_data_sets_are_told_apart (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  write_files (fixture);
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': '1007' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "\"dataset\"|\"GDSC1_v17\" (1 rows)|\"GDSC2_8.2\" (2 rows)");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': '1007', 'dataset': 'GDSC' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "\"dataset\" is \"GDSC\"|GDSC1_v17");
  table = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'drug': '1007', 'dataset': 'gdsc1' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (table), ==, 1);
  g_assert_cmpfloat (get_target (table, 0), ==, -5);
}

static void
test_rows_can_be_called_by_one_kind_of_id (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) depmap = NULL, name = NULL;

  write_files (fixture);
  depmap = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'row-id': 'depmap' }", NULL);
  g_assert_cmpstr (qrx_table_get_id (depmap, 0), ==, "ACH-1");
  name = node_fixture_make (fixture, "gdsc-loader",
                            "{ " FILES ", 'drug': 'Erlotinib', 'row-id': 'name', 'join': 'depmap' }", NULL);
  g_assert_cmpstr (qrx_table_get_id (name, 2), ==, "D");
  node_fixture_assert_said (fixture,
                            "3 lines matched by depmap id; dropped: 0 lines of the response without expression, 1 of");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'row-id': 'sanger' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "\"row-id\"|\"sanger\"|line \"11\"");
}

static void
test_missing_expression_follows_the_policy (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) gene = NULL, line = NULL;

  node_fixture_write (fixture, "e.csv", "cell_line_id,TP53,EGFR\n11,1,2\n12,3,\n13,NA,6\n14,7,8\n");
  node_fixture_write (fixture, "r.csv", RESPONSE);
  /* Line 13, which lacks TP53, has no Erlotinib response: only EGFR matters. */
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "1 genes|\"EGFR\"|line \"12\"|\"drop-gene\"");
  gene = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'missing': 'drop-gene' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_features (gene), ==, 1);
  g_assert_cmpuint (qrx_table_get_n_rows (gene), ==, 3);
  line = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'missing': 'drop-line' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_features (line), ==, 2);
  g_assert_cmpuint (qrx_table_get_n_rows (line), ==, 2);
  node_fixture_assert_said (fixture, "1 rows belong to lines that lack a gene: dropped");
}

static void
test_doses_beyond_the_highest_follow_the_policy (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) clip = NULL, drop = NULL;

  node_fixture_write (fixture, "e.csv", EXPRESSION);
  node_fixture_write (fixture, "r.csv", "DRUG_NAME,COSMIC_ID,MAX_CONC,LN_IC50\nD,11,2,0.5\nD,12,2,1.5\nD,13,2,-1\n");
  clip = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'capped': 'clip' }", NULL);
  g_assert_cmpfloat (get_target (clip, 1), ==, log (2));
  g_assert_cmpfloat (get_target (clip, 0), ==, 0.5);
  drop = node_fixture_make (fixture, "gdsc-loader", "{ " FILES ", 'capped': 'drop' }", NULL);
  g_assert_cmpuint (qrx_table_get_n_rows (drop), ==, 2);
  node_fixture_write (fixture, "r.csv", RESPONSE);
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'capped': 'clip' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "\"capped\"|MAX_CONC");
}

static void
test_an_unknown_target_needs_its_orientation (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = NULL;

  node_fixture_write (fixture, "e.csv", EXPRESSION);
  node_fixture_write (fixture, "r.csv", "drug,cell_line_id,viability\nD,11,0.5\nD,12,0.25\n");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES " }", NULL, QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN,
                       "r.csv|known as a response|\"target\"");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'target': 'viabilty' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_COLUMN, "\"viabilty\"|did you mean \"viability\"?");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'target': 'viability' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_VALUE, "\"viability\"|\"orientation\"");
  table = node_fixture_make (fixture, "gdsc-loader",
                             "{ " FILES ", 'target': 'viability', 'orientation': 'low', 'unit': 'fraction' }", NULL);
  g_assert_cmpstr (qrx_table_get_target_unit (table, 0), ==, "fraction");
  g_assert_cmpint (qrx_table_get_target_orientation (table, 0), ==, QRX_ORIENTATION_LOW_IS_SENSITIVE);
}

static void
test_files_that_do_not_fit_are_refused (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  write_files (fixture);
  node_fixture_write (fixture, "other.csv", "cell_line_id,TP53\n801,1\n802,2\n");
  node_fixture_write (fixture, "names.csv", "CELL_LINE_NAME,TP53\nQ,1\n");
  node_fixture_write (fixture, "cosmic.csv", "drug,COSMIC_ID,ln_ic50\nD,11,1\n");
  node_fixture_write (fixture, "text.csv", "cell_line_id,TP53\n11,1\n12,high\n");
  node_fixture_write (fixture, "rma.txt", "GENE_SYMBOLS\tGENE_title\tcell\nTP53\t\t1\n");
  node_fixture_write (fixture, "value.csv", "drug,cell_line_id,ln_ic50\nD,11,1\nD,12,low\n");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'response': 'r.csv' }", NULL, QRX_PIPELINE_ERROR,
                       QRX_PIPELINE_ERROR_VALUE, "\"expression\"");
  node_fixture_refuse (fixture, "gdsc-loader",
                       "{ 'expression': 'other.csv', 'response': 'r.csv', 'drug': 'Erlotinib' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_EMPTY, "No cell line|\"801\"|\"11\"");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'expression': 'names.csv', 'response': 'cosmic.csv' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "expression has name|response has cosmic|\"models\"");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'expression': 'text.csv', 'response': 'r.csv' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "text.csv:3|\"TP53\"|\"high\"");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'expression': 'rma.txt', 'response': 'r.csv' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_COLUMN, "rma.txt:1|\"cell\"|DATA.906826");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'expression': 'e.csv', 'response': 'value.csv' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_VALUE, "value.csv:3|\"ln_ic50\"|\"low\"");
  node_fixture_refuse (fixture, "gdsc-loader", "{ 'expression': 'e.csv', 'response': 'e.csv' }", NULL, QRX_DATA_ERROR,
                       QRX_DATA_ERROR_COLUMN, "e.csv:1|no column of drugs|DRUG_NAME");
  node_fixture_refuse (fixture, "gdsc-loader", "{ " FILES ", 'drug': 'Erlotinib', 'models': 'e.csv' }", NULL,
                       QRX_DATA_ERROR, QRX_DATA_ERROR_COLUMN, "e.csv:1|\"ModelID\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/gdsc-loader/replicates-need-a-policy", test_replicates_need_a_policy);
  NODE_TEST ("/gdsc-loader/repeated-rows-of-one-id-are-replicates-too",
             test_repeated_rows_of_one_id_are_replicates_too);
  NODE_TEST ("/gdsc-loader/drugs-are-found-by-any-of-their-names", test_drugs_are_found_by_any_of_their_names);
  NODE_TEST ("/gdsc-loader/several-drugs-make-a-row-for-each-pair", test_several_drugs_make_a_row_for_each_pair);
  NODE_TEST ("/gdsc-loader/data-sets-are-told-apart", test_data_sets_are_told_apart);
  NODE_TEST ("/gdsc-loader/rows-can-be-called-by-one-kind-of-id", test_rows_can_be_called_by_one_kind_of_id);
  NODE_TEST ("/gdsc-loader/missing-expression-follows-the-policy", test_missing_expression_follows_the_policy);
  NODE_TEST ("/gdsc-loader/doses-beyond-the-highest-follow-the-policy",
             test_doses_beyond_the_highest_follow_the_policy);
  NODE_TEST ("/gdsc-loader/an-unknown-target-needs-its-orientation", test_an_unknown_target_needs_its_orientation);
  NODE_TEST ("/gdsc-loader/files-that-do-not-fit-are-refused", test_files_that_do_not_fit_are_refused);
  return g_test_run ();
}
