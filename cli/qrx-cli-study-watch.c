/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qrx study watch: serves a study's report on loopback while the study runs. The page asks for its document again. */
#include "qrx-cli-study.h"

#include "qrx-cli-interrupt.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#define DOCUMENT "/report.json"
#define N_MEASURES 256 /* more than the circuits of a study that is growing ask for */
/* What the page holds, and its document from here; nothing from anywhere else. */
#define POLICY                                                                                                         \
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"

static char *store_path;
static int port;

static const GOptionEntry entries[] = {
  { "store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The store to watch", "FILE" },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "The port to serve on; default: any that is free", "N" },
  QRX_CLI_PLUGIN_OPTION,
  G_OPTION_ENTRY_NULL,
};

typedef struct {
  QrxRegistry *registry;
  QrxRunCache *cache;   /* what circuits can express, measured once */
  char *authorities[2]; /* what a Host header may say */
  char *stamp;          /* of the files that the document was made of */
  char *document;
} Watch;

/* When the store was written last, its log included. */
static char *
stamp_store (void)
{
  static const char *const endings[] = { "", "-wal" };
  g_autoptr (GString) stamp = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (store_path, endings[i], NULL);
      GStatBuf status;

      if (g_stat (path, &status) == 0)
        g_string_append_printf (stamp, "%" G_GINT64_FORMAT ".%ld %" G_GINT64_FORMAT ";", (gint64) status.st_mtim.tv_sec,
                                status.st_mtim.tv_nsec, (gint64) status.st_size);
    }
  return g_string_free (g_steal_pointer (&stamp), FALSE);
}

/* The document as of now; the last one if the store has not been written since. */
static const char *
refresh (Watch *watch, GError **error)
{
  g_autofree char *stamp = stamp_store ();
  char *document;

  if (watch->document != NULL && g_str_equal (stamp, watch->stamp))
    return watch->document;
  document = qrx_summary_of_study (watch->registry, store_path, watch->cache, error);
  if (document == NULL)
    return NULL;
  g_free (watch->document);
  g_free (watch->stamp);
  watch->document = document;
  watch->stamp = g_steal_pointer (&stamp);
  return watch->document;
}

static void
answer (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy", POLICY);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

/* A page elsewhere can give a name of its own this address, and then read what is served here, unless the name is checked. */
static gboolean
is_for_us (Watch *watch, SoupServerMessage *message)
{
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  return host != NULL && (g_str_equal (host, watch->authorities[0]) || g_str_equal (host, watch->authorities[1]));
}

static void
handle (SoupServer *server G_GNUC_UNUSED, SoupServerMessage *message, const char *path, GHashTable *query G_GNUC_UNUSED,
        gpointer data)
{
  Watch *watch = data;
  const char *method = soup_server_message_get_method (message);
  g_autoptr (GError) error = NULL;
  g_autofree char *page = NULL;
  const char *document;

  if (!is_for_us (watch, message))
    answer (message, SOUP_STATUS_FORBIDDEN, "text/plain", "This server answers to its own address only.\n");
  else if (!g_str_equal (method, SOUP_METHOD_GET) && !g_str_equal (method, SOUP_METHOD_HEAD))
    answer (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain", "There is nothing to change here.\n");
  else if (!g_str_equal (path, "/") && !g_str_equal (path, DOCUMENT))
    answer (message, SOUP_STATUS_NOT_FOUND, "text/plain", "There are / and " DOCUMENT ".\n");
  else if ((document = refresh (watch, &error)) == NULL)
    answer (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", error->message);
  else if (g_str_equal (path, DOCUMENT))
    answer (message, SOUP_STATUS_OK, "application/json", document);
  else if ((page = qrx_summary_to_page (document, DOCUMENT, &error)) != NULL)
    answer (message, SOUP_STATUS_OK, "text/html; charset=utf-8", page);
  else
    answer (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", error->message);
}

static gboolean
on_stop (GCancellable *cancellable G_GNUC_UNUSED, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gboolean
serve (Watch *watch, GError **error)
{
  g_autoptr (SoupServer) server = soup_server_new ("server-header", "qrx", NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSource) stop = NULL;
  GCancellable *cancellable;
  GSList *uris;
  int number;

  soup_server_add_handler (server, NULL, handle, watch, NULL);
  if (!soup_server_listen_local (server, (guint) port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  uris = soup_server_get_uris (server);
  number = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  watch->authorities[0] = g_strdup_printf ("127.0.0.1:%d", number);
  watch->authorities[1] = g_strdup_printf ("localhost:%d", number);
  printf ("http://%s/\n", watch->authorities[0]);
  fflush (stdout);
  cancellable = qrx_cli_interrupt_watch ();
  stop = g_cancellable_source_new (cancellable);
  g_source_set_callback (stop, G_SOURCE_FUNC (on_stop), loop, NULL);
  g_source_attach (stop, NULL);
  g_main_loop_run (loop);
  soup_server_disconnect (server);
  return TRUE;
}

static void
watch_clear (Watch *watch)
{
  g_clear_object (&watch->registry);
  g_clear_object (&watch->cache);
  g_free (watch->authorities[0]);
  g_free (watch->authorities[1]);
  g_free (watch->stamp);
  g_free (watch->document);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

int
qrx_cli_study_watch (int argc, char **argv)
{
  g_auto (Watch) watch = { NULL };
  g_autoptr (GError) error = NULL;

  if (!qrx_cli_parse (&argc, &argv, entries, "study watch", 0, 0))
    return QRX_EXIT_INVALID;
  if (store_path == NULL)
    qrx_cli_say ("study watch: found no --store, expected the file that `qrx study run` writes");
  else if (port < 0 || port > G_MAXUINT16)
    qrx_cli_say ("--port: found %d, expected an integer from 0 to %d", port, G_MAXUINT16);
  if (store_path == NULL || port < 0 || port > G_MAXUINT16)
    return QRX_EXIT_INVALID;
  watch.registry = qrx_cli_open_registry ();
  if (watch.registry == NULL)
    return QRX_EXIT_FAILED;
  watch.cache = qrx_run_cache_new (N_MEASURES);
  if (refresh (&watch, &error) == NULL || !serve (&watch, &error))
    {
      qrx_cli_complain (error);
      return QRX_EXIT_FAILED;
    }
  return QRX_EXIT_OK;
}
