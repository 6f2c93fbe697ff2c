/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qrx/qrx-registry.h>

#include <glib/gstdio.h>
#include <string.h>

/* A folder with one file, gone when it is freed. */
typedef struct {
  char *folder;
  char *file;
} Folder;

static Folder
make_folder (const char *name, const char *module_variable)
{
  Folder self = { g_dir_make_tmp ("qrx-plugins-XXXXXX", NULL), NULL };
  g_autofree char *bytes = NULL;
  gsize length = 0;

  self.file = g_build_filename (self.folder, name, NULL);
  if (module_variable != NULL)
    g_assert_true (g_file_get_contents (g_getenv (module_variable), &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (self.file, bytes != NULL ? bytes : "not a module",
                                      bytes != NULL ? (gssize) length : -1, NULL));
  return self;
}

static void
remove_folder (Folder *self)
{
  g_remove (self->file);
  g_rmdir (self->folder);
  g_free (self->file);
  g_free (self->folder);
}

static void
test_a_module_is_loaded_from_the_path_and_from_the_environment (void)
{
  Folder folder = make_folder ("toy-plugin.so", "QRX_TEST_TOY_PLUGIN");
  g_autoptr (QrxRegistry) first = qrx_registry_new (), second = qrx_registry_new ();
  g_autoptr (QrxNode) node = NULL;
  g_autoptr (GError) error = NULL;
  double factor;

  g_unsetenv ("QRX_PLUGIN_PATH");
  g_assert_true (qrx_registry_load_plugins (first, folder.folder, &error));
  g_assert_no_error (error);
  node = qrx_registry_create (first, "from-plugin", "p", "{\"factor\": 1}", &error);
  g_assert_no_error (error);
  g_object_get (node, "factor", &factor, NULL);
  g_assert_cmpfloat (factor, ==, 1);

  g_setenv ("QRX_PLUGIN_PATH", folder.folder, TRUE);
  g_assert_true (qrx_registry_load_plugins (second, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (qrx_registry_lookup (second, "from-plugin", NULL), ==, G_OBJECT_TYPE (node));
  g_unsetenv ("QRX_PLUGIN_PATH");
  remove_folder (&folder);
}

/* Another build of the same plugin would declare the same types, which GObject does not survive. */
static void
test_a_module_hides_its_namesake_in_a_later_folder (void)
{
  Folder folder = make_folder ("toy-plugin.so", "QRX_TEST_TOY_PLUGIN");
  Folder later = make_folder ("toy-plugin.so", "QRX_TEST_REFUSES");
  g_autofree char *path = g_strjoin (":", folder.folder, later.folder, NULL);
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
    }
  else
    {
      g_assert_true (qrx_registry_load_plugins (registry, path, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (qrx_registry_lookup (registry, "from-plugin", NULL), !=, G_TYPE_INVALID);
    }
  remove_folder (&folder);
  remove_folder (&later);
}

static void
check_refused (const char *name, const char *module_variable, const char *message)
{
  Folder folder = make_folder (name, module_variable);
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (qrx_registry_load_plugins (registry, folder.folder, &error));
  g_assert_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_RESOURCES);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, folder.file));
  g_assert_nonnull (strstr (error->message, message));
  remove_folder (&folder);
}

static void
test_a_module_that_does_not_work_is_named (void)
{
  check_refused ("text.so", NULL, "cannot load the plugin");
  check_refused ("no-entry.so", "QRX_TEST_NO_ENTRY", "does not have the function qrx_plugin_register");
  check_refused ("refuses.so", "QRX_TEST_REFUSES", "failed: it did not say why");
}

static void
test_other_files_are_left_alone (void)
{
  Folder folder = make_folder ("README", NULL);
  g_autoptr (QrxRegistry) registry = qrx_registry_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (qrx_registry_load_plugins (registry, folder.folder, &error));
  g_assert_no_error (error);
  remove_folder (&folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugins/path", test_a_module_is_loaded_from_the_path_and_from_the_environment);
  g_test_add_func ("/plugins/hides", test_a_module_hides_its_namesake_in_a_later_folder);
  g_test_add_func ("/plugins/refused", test_a_module_that_does_not_work_is_named);
  g_test_add_func ("/plugins/other-files", test_other_files_are_left_alone);
  return g_test_run ();
}
