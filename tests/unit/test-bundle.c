/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-bundle.h>
#include <qrx/qrx-metrics.h>

static QrxValue *
new_value (void)
{
  return QRX_VALUE (qrx_metrics_new ());
}

static void
test_a_list_port_keeps_its_order (void)
{
  g_autoptr (QrxBundle) bundle = qrx_bundle_new ();
  g_autoptr (QrxValue) first = new_value ();
  g_autoptr (QrxValue) second = new_value ();

  qrx_bundle_append (bundle, "in", first);
  qrx_bundle_append (bundle, "in", second);
  qrx_bundle_append (bundle, "in", first);
  g_assert_cmpuint (qrx_bundle_get_length (bundle, "in"), ==, 3);
  g_assert_true (qrx_bundle_get (bundle, "in") == first);
  g_assert_true (qrx_bundle_get_nth (bundle, "in", 1) == second);
  g_assert_true (qrx_bundle_get_nth (bundle, "in", 2) == first);
  g_assert_null (qrx_bundle_get_nth (bundle, "in", 3));
}

static void
test_setting_replaces_all_and_lets_go (void)
{
  g_autoptr (QrxBundle) bundle = qrx_bundle_new ();
  QrxValue *gone = new_value ();
  g_autoptr (QrxValue) kept = new_value ();

  g_object_add_weak_pointer (G_OBJECT (gone), (gpointer *) &gone);
  qrx_bundle_append (bundle, "out", gone);
  qrx_bundle_append (bundle, "out", kept);
  g_object_unref (gone);
  g_assert_nonnull (gone);
  qrx_bundle_set (bundle, "out", kept);
  g_assert_null (gone);
  g_assert_cmpuint (qrx_bundle_get_length (bundle, "out"), ==, 1);
  g_assert_true (qrx_bundle_get (bundle, "out") == kept);
}

static void
test_ports_are_listed_in_the_order_of_setting (void)
{
  g_autoptr (QrxBundle) bundle = qrx_bundle_new ();
  g_autoptr (QrxValue) value = new_value ();
  g_auto (GStrv) ports = NULL;

  qrx_bundle_set (bundle, "predictions", value);
  qrx_bundle_set (bundle, "model", value);
  qrx_bundle_set (bundle, "history", value);
  qrx_bundle_set (bundle, "predictions", value);
  ports = qrx_bundle_dup_ports (bundle);
  g_assert_cmpstrv (ports, ((const char *const[]){ "predictions", "model", "history", NULL }));
}

static void
test_a_port_never_set_is_empty (void)
{
  g_autoptr (QrxBundle) bundle = qrx_bundle_new ();

  g_assert_null (qrx_bundle_get (bundle, "in"));
  g_assert_cmpuint (qrx_bundle_get_length (bundle, "in"), ==, 0);
}

static void
test_no_value_is_a_programmer_error (void)
{
  g_autoptr (QrxBundle) bundle = qrx_bundle_new ();

  g_test_expect_message ("Qrx", G_LOG_LEVEL_CRITICAL, "*QRX_IS_VALUE*");
  qrx_bundle_set (bundle, "in", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (qrx_bundle_get_length (bundle, "in"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/list", test_a_list_port_keeps_its_order);
  g_test_add_func ("/bundle/set-replaces", test_setting_replaces_all_and_lets_go);
  g_test_add_func ("/bundle/ports", test_ports_are_listed_in_the_order_of_setting);
  g_test_add_func ("/bundle/never-set", test_a_port_never_set_is_empty);
  g_test_add_func ("/bundle/no-value", test_no_value_is_a_programmer_error);
  return g_test_run ();
}
