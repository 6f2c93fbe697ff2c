/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "node-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

void
node_fixture_set_up (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  fixture->registry = qrx_registry_new ();
  qrx_registry_load_plugins (fixture->registry, NULL, &error);
  g_assert_no_error (error);
  fixture->directory = g_dir_make_tmp ("qrx-nodes-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->messages = g_string_new (NULL);
  fixture->n_threads = 1;
  fixture->seed = 7;
}

void
node_fixture_tear_down (NodeFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_string_free (fixture->messages, TRUE);
  g_object_unref (fixture->registry);
}

void
node_fixture_write (NodeFixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
on_message (QrxContext *context G_GNUC_UNUSED, const char *node G_GNUC_UNUSED, const char *text, gpointer data)
{
  NodeFixture *fixture = data;

  g_string_append_printf (fixture->messages, "%s\n", text);
  g_test_message ("%s", text);
}

QrxBundle *
node_fixture_run_bundle (NodeFixture *fixture, const char *type, const char *properties, QrxBundle *in, GError **error)
{
  g_autofree char *json = g_strdelimit (g_strdup (properties), "'", '"');
  g_autoptr (QrxContext) context =
    g_object_new (QRX_TYPE_CONTEXT, "seed", fixture->seed, "n-threads", fixture->n_threads,
                  "base-directory", fixture->directory, "data-directory", g_getenv ("QRX_TEST_DATA"),
                  "output-directory", fixture->directory, NULL);
  g_autoptr (QrxNode) node = qrx_registry_create (fixture->registry, type, "node", json, error);
  g_autoptr (QrxBundle) outputs = qrx_bundle_new ();
  g_autoptr (QrxShapeScope) scope = NULL;

  if (node == NULL)
    return NULL;
  g_signal_connect (context, "message", G_CALLBACK (on_message), fixture);
  scope = qrx_node_infer (node, in, error);
  if (scope == NULL || !qrx_node_run (node, in, outputs, context, NULL, error))
    return NULL;
  return g_steal_pointer (&outputs);
}

QrxTable *
node_fixture_run (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in, GError **error)
{
  g_autoptr (QrxBundle) inputs = qrx_bundle_new ();
  g_autoptr (QrxBundle) outputs = NULL;

  if (in != NULL)
    qrx_bundle_set (inputs, "in", QRX_VALUE (in));
  outputs = node_fixture_run_bundle (fixture, type, properties, inputs, error);
  return outputs != NULL ? g_object_ref (QRX_TABLE (qrx_bundle_get (outputs, "out"))) : NULL;
}

QrxTable *
node_fixture_make (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in)
{
  g_autoptr (GError) error = NULL;
  QrxTable *table = node_fixture_run (fixture, type, properties, in, &error);

  g_assert_no_error (error);
  g_assert_nonnull (table);
  return table;
}

void
node_fixture_refuse (NodeFixture *fixture, const char *type, const char *properties, QrxTable *in, GQuark domain,
                     int code, const char *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxTable) table = node_fixture_run (fixture, type, properties, in, &error);
  g_auto (GStrv) list = g_strsplit (parts, "|", -1);

  g_assert_null (table);
  g_assert_nonnull (error);
  g_test_message ("refused: %s", error->message);
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (error->message, list[i]) == NULL)
      g_error ("the message \"%s\" lacks \"%s\"", error->message, list[i]);
  g_assert_error (error, domain, code);
}

void
node_fixture_assert_said (NodeFixture *fixture, const char *text)
{
  if (strstr (fixture->messages->str, text) == NULL)
    g_error ("found the messages\n%sexpected one with \"%s\"", fixture->messages->str, text);
}
