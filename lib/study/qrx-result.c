/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listens to a runner and keeps what a store is to have. Knows values, not node types. */
#include "study/qrx-result-private.h"

#include "runner/qrx-resolved-private.h"

#include <math.h>
#include <qrx/qrx-error.h>
#include <qrx/qrx-linalg.h>
#include <qrx/qrx-number.h>
#include <qrx/qrx-statevector-backend.h>
#include <string.h>

static void
item_free (gpointer data)
{
  QrxResultItem *item = data;

  g_free (item->node);
  g_free (item->text);
  g_clear_object (&item->value);
  g_free (item);
}

QrxResult *
qrx_result_new (void)
{
  QrxResult *self = g_new0 (QrxResult, 1);

  self->metrics = g_ptr_array_new_with_free_func (item_free);
  self->histories = g_ptr_array_new_with_free_func (item_free);
  self->predictions = g_ptr_array_new_with_free_func (item_free);
  self->attributions = g_ptr_array_new_with_free_func (item_free);
  self->messages = g_ptr_array_new_with_free_func (item_free);
  return self;
}

void
qrx_result_free (QrxResult *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->metrics);
  g_ptr_array_unref (self->histories);
  g_ptr_array_unref (self->predictions);
  g_ptr_array_unref (self->attributions);
  g_ptr_array_unref (self->messages);
  g_free (self->resolved);
  g_free (self->version);
  g_free (self->kernel);
  g_free (self->blas);
  g_free (self->checksum);
  g_free (self);
}

static void
add_item (GPtrArray *items, const char *node, const char *text, QrxValue *value)
{
  QrxResultItem *item = g_new0 (QrxResultItem, 1);

  item->node = g_strdup (node);
  item->text = g_strdup (text);
  item->value = value != NULL ? g_object_ref (value) : NULL;
  g_ptr_array_add (items, item);
}

static void
on_node_finished (QrxResult *self, QrxNode *node, QrxBundle *outputs)
{
  g_auto (GStrv) ports = qrx_bundle_dup_ports (outputs);

  for (guint i = 0; ports[i] != NULL; i++)
    {
      QrxValue *value = qrx_bundle_get (outputs, ports[i]);
      GPtrArray *items = QRX_IS_METRICS (value)        ? self->metrics
                         : QRX_IS_HISTORY (value)      ? self->histories
                         : QRX_IS_PREDICTIONS (value)  ? self->predictions
                         : QRX_IS_ATTRIBUTIONS (value) ? self->attributions
                                                       : NULL;

      if (items != NULL)
        add_item (items, qrx_node_get_id (node), NULL, value);
    }
}

static void
on_message (QrxResult *self, const char *node, const char *text, QrxRunner *runner)
{
  QrxResultItem *item;

  add_item (self->messages, node, text, NULL);
  item = self->messages->pdata[self->messages->len - 1];
  item->kind = g_quark_to_string (g_signal_get_invocation_hint (runner)->detail);
}

void
qrx_result_follow (QrxResult *self, QrxRunner *runner)
{
  g_signal_connect_swapped (runner, "node-finished", G_CALLBACK (on_node_finished), self);
  g_signal_connect_swapped (runner, "message", G_CALLBACK (on_message), self);
}

/* Bits, not digits: two results are equal only if nothing differs. */
static char *
make_checksum (QrxResult *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < self->metrics->len; i++)
    {
      QrxResultItem *item = self->metrics->pdata[i];
      g_autofree char *text = qrx_metrics_to_json (QRX_METRICS (item->value));

      g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
    }
  for (guint i = 0; i < self->predictions->len; i++)
    {
      QrxResultItem *item = self->predictions->pdata[i];
      QrxTensor *values = qrx_predictions_get_values (QRX_PREDICTIONS (item->value));

      for (gsize k = 0; k < qrx_tensor_get_n_elements (values); k++)
        {
          double value = qrx_tensor_get (values, k);

          g_checksum_update (checksum, (const guchar *) &value, sizeof value);
        }
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
find_objective (QrxResult *self, const char *objective, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (objective, ".", 3);

  for (guint i = 0; i < self->metrics->len; i++)
    {
      QrxResultItem *item = self->metrics->pdata[i];
      g_auto (GStrv) names =
          g_str_equal (item->node, parts[0]) ? qrx_metrics_dup_names (QRX_METRICS (item->value), parts[1]) : NULL;

      if (names == NULL)
        continue;
      if (!qrx_metrics_get_number (QRX_METRICS (item->value), parts[1], parts[2], &self->objective))
        self->objective = NAN;
      if (g_strv_contains ((const char *const *) names, parts[2]))
        return TRUE;
      {
        g_autofree char *known = g_strjoinv (", ", names);

        g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT,
                     "the objective \"%s\" is not among the scores of \"%s\": %s", objective, parts[1],
                     *known != '\0' ? known : "no row has this role");
      }
      return FALSE;
    }
  g_set_error (error, QRX_RUN_ERROR, QRX_RUN_ERROR_OUTPUT, "no node \"%s\" gave scores for the objective \"%s\"",
               parts[0], objective);
  return FALSE;
}

gboolean
qrx_result_finish (QrxResult *self, QrxRunner *runner, const char *objective, GError **error)
{
  g_autoptr (QrxBackend) backend = qrx_statevector_backend_new ();

  if (!find_objective (self, objective, error))
    return FALSE;
  self->resolved = qrx_resolved_to_json (runner, NULL, error);
  self->version = g_strdup (QRX_VERSION);
  self->kernel = g_strdup (qrx_statevector_backend_get_kernel_level (QRX_STATEVECTOR_BACKEND (backend)));
  self->blas = g_strdup (qrx_linalg_get_core ());
  self->checksum = make_checksum (self);
  return self->resolved != NULL;
}
