/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <math.h>
#include <qrx/qrx-dense-block.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-random.h>

#define N_LINES 8
#define N_FEATURES 40
#define N_ROWS (2 * N_LINES) /* a line has two drugs */

/* Line 7 has line 0's profile under another name, line 6 nearly that of line 1, which is of the same donor as line 5. */
static QrxTable *
make_table (QrxRole (*get_role) (guint line, guint drug), QrxUnseen unseen)
{
  const char *ids[N_ROWS + 1] = { NULL }, *lines[N_ROWS + 1] = { NULL }, *donors[N_ROWS + 1] = { NULL },
                           *drugs[N_ROWS + 1] = { NULL };
  g_autoptr (GStringChunk) texts = g_string_chunk_new (256);
  g_autoptr (QrxTensor) features = qrx_tensor_new_matrix (QRX_DTYPE_F64, N_LINES, N_FEATURES);
  const char *names[N_FEATURES + 1] = { NULL };
  guint block_rows[N_ROWS];
  guint8 roles[N_ROWS];
  g_autoptr (QrxBlock) block = NULL;
  g_autoptr (QrxTable) plain = NULL;
  g_autoptr (QrxIndex) index = NULL;
  g_autoptr (GBytes) bytes = NULL;
  QrxTable *table;

  for (guint line = 0; line < N_LINES; line++)
    for (guint k = 0; k < N_FEATURES; k++)
      {
        guint source = line == 7 ? 0 : line == 6 ? 1 : line;
        QrxRandom random;

        names[k] = g_string_chunk_insert (texts, (char[]){ 'x', (char) ('A' + k / 26), (char) ('a' + k % 26), '\0' });
        qrx_random_init (&random, 1, "leakage", "profile", source * N_FEATURES + k);
        /* All genes have means of their own, which alone would make any two profiles alike. */
        qrx_tensor_set (features, line * N_FEATURES + k,
                        10 * sin (k) + qrx_random_normal (&random) + (line == 6 ? 0.01 * cos (k) : 0));
      }
  for (guint row = 0; row < N_ROWS; row++)
    {
      guint line = row % N_LINES, drug = row / N_LINES;
      g_autofree char *id = g_strdup_printf ("l%u/d%u", line, drug), *name = g_strdup_printf ("l%u", line);
      g_autofree char *donor = g_strdup_printf ("p%u", line == 5 ? 1 : line);

      ids[row] = g_string_chunk_insert (texts, id);
      lines[row] = g_string_chunk_insert (texts, name);
      donors[row] = g_string_chunk_insert (texts, donor);
      drugs[row] = drug == 0 ? "d0" : "d1";
      block_rows[row] = line;
      roles[row] = (guint8) get_role (line, drug);
    }
  block = qrx_dense_block_new ("expression", names, features, NULL);
  plain = qrx_table_new (ids, NULL);
  index = qrx_index_new (block_rows, N_ROWS);
  g_assert_true (qrx_table_add_block (plain, block, index, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "line", lines, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "donor", donors, NULL));
  g_assert_true (qrx_table_add_annotation (plain, "drug", drugs, NULL));
  bytes = g_bytes_new (roles, N_ROWS);
  table = qrx_table_with_roles (plain, bytes, NULL);
  qrx_table_set_unseen (table, unseen);
  return table;
}

static QrxRole
by_line (guint line, guint drug G_GNUC_UNUSED)
{
  return line >= 5 ? QRX_ROLE_TEST : line == 0 ? QRX_ROLE_VALIDATION : QRX_ROLE_TRAIN;
}

static QrxRole
by_drug (guint line G_GNUC_UNUSED, guint drug)
{
  return drug == 1 ? QRX_ROLE_TEST : QRX_ROLE_TRAIN;
}

/* Nothing is amiss among lines 0 to 4. */
static QrxRole
clean (guint line, guint drug G_GNUC_UNUSED)
{
  return line == 2 ? QRX_ROLE_TEST : QRX_ROLE_TRAIN;
}

static QrxMetrics *
check (NodeFixture *fixture, const char *properties, QrxTable *table, GError **error)
{
  g_autoptr (QrxBundle) in = qrx_bundle_new ();
  g_autoptr (QrxBundle) out = NULL;

  qrx_bundle_set (in, "in", QRX_VALUE (table));
  out = node_fixture_run_bundle (fixture, "leakage-check", properties, in, error);
  return out != NULL ? QRX_METRICS (g_object_ref (qrx_bundle_get (out, "out"))) : NULL;
}

static void
assert_found (QrxMetrics *metrics, const char *kind, double shared, double rows, gboolean by_design)
{
  double value = NAN;

  g_test_message ("%s: %s", kind, qrx_metrics_get_text (metrics, kind, "examples"));
  g_assert_true (qrx_metrics_get_number (metrics, kind, "shared", &value));
  g_assert_cmpfloat (value, ==, shared);
  g_assert_true (qrx_metrics_get_number (metrics, kind, "test_rows", &value));
  g_assert_cmpfloat (value, ==, rows);
  g_assert_true (qrx_metrics_get_number (metrics, kind, "by_design", &value));
  g_assert_cmpfloat (value, ==, by_design);
}

static void
test_what_lines_share_is_found (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = make_table (by_line, QRX_UNSEEN_LINES);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxMetrics) metrics = check (fixture, "{}", table, &error);

  g_assert_no_error (error);
  assert_found (metrics, "lines", 0, 0, FALSE);
  assert_found (metrics, "donors", 1, 2, FALSE);
  assert_found (metrics, "drugs", 2, 6, TRUE);
  assert_found (metrics, "pairs", 0, 0, FALSE);
  assert_found (metrics, "profiles", 1, 2, FALSE);
  assert_found (metrics, "alike-profiles", 1, 2, FALSE);
  g_assert_cmpstr (qrx_metrics_get_text (metrics, "donors", "examples"), ==, "p1");
  g_assert_cmpstr (qrx_metrics_get_text (metrics, "profiles", "examples"), ==, "l7/d0");
  g_assert_true (
      g_str_has_prefix (qrx_metrics_get_text (metrics, "alike-profiles", "examples"), "l6/d0 and l1/d0 (r = 1.000"));
  node_fixture_assert_said (fixture, "drugs: 2 shared between training and test, by design of the split");
}

static void
test_what_is_shared_by_design_is_told_apart (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) table = make_table (by_drug, QRX_UNSEEN_DRUGS);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxMetrics) metrics = check (fixture, "{'refuse': true}", table, &error);

  g_assert_no_error (error);
  assert_found (metrics, "lines", N_LINES, N_LINES, TRUE);
  assert_found (metrics, "drugs", 0, 0, FALSE);
  assert_found (metrics, "pairs", 0, 0, FALSE);
  assert_found (metrics, "profiles", N_LINES - 1, N_LINES, TRUE);
}

static void
test_leaks_are_refused_where_wanted (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (QrxTable) leaking = make_table (by_line, QRX_UNSEEN_LINES), honest = make_table (clean, QRX_UNSEEN_LINES);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxMetrics) metrics = check (fixture, "{'refuse': true}", honest, &error);

  g_assert_no_error (error);
  assert_found (metrics, "alike-profiles", 0, 0, FALSE);
  g_assert_null (check (fixture, "{'refuse': true}", leaking, &error));
  g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_LEAKAGE);
  g_assert_nonnull (strstr (error->message, "donors: 1 shared"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  NODE_TEST ("/leakage-check/lines", test_what_lines_share_is_found);
  NODE_TEST ("/leakage-check/by-design", test_what_is_shared_by_design_is_told_apart);
  NODE_TEST ("/leakage-check/refuse", test_leaks_are_refused_where_wanted);
  return g_test_run ();
}
