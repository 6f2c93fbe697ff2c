/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was recorded while models were fitted, over their folds and seeds. A page draws no more points than it has
 * pixels: epochs are thinned, and columns of single qubits are left out where there is one for all. */
#include "study/qrx-summary-private.h"

#include <math.h>
#include <string.h>

#define MAX_EPOCHS 120     /* of one curve */
#define MAX_NUMBERS 400000 /* of all curves together */
#define MAX_CURVES 6000    /* beyond which only the few that every model has are kept */

/* Whether another column gives over all qubits what this one gives of one: "crowding.slope.3" beside "crowding.slope",
 * "crowding.histogram.3.17" beside "crowding.histogram.17". */
static gboolean
is_covered (QrxSummary *self, const QrxSummaryCurve *curve)
{
  g_auto (GStrv) parts = g_strsplit (curve->name, ".", -1);
  guint n = g_strv_length (parts);
  gboolean is_bin = n == 4 && g_str_equal (parts[1], "histogram");
  g_autofree char *key = NULL;

  if (n < 3 || (!is_bin && strspn (parts[2], "0123456789") != strlen (parts[2])) ||
      (n == 3 && g_str_equal (parts[1], "histogram")))
    return FALSE;
  key = is_bin ? g_strdup_printf ("%u %u %s.histogram.%s", curve->arm, curve->fit, parts[0], parts[3])
               : g_strdup_printf ("%u %u %s.%s", curve->arm, curve->fit, parts[0], parts[1]);
  return g_hash_table_contains (self->by_place, key);
}

/* Losses and norms of the fit itself, how far angles crowd, and how wide their range is for what comes in. */
static gboolean
is_common (const QrxSummaryCurve *curve)
{
  return strchr (curve->name, '.') == NULL || g_str_has_suffix (curve->name, ".near-bounds") ||
         g_str_has_suffix (curve->name, ".scale-ratio");
}

/* The first and last epoch, and evenly spaced ones between. */
static guint
pick_epoch (guint k, guint n_picked, guint n_epochs)
{
  return n_picked < 2 ? 0 : (guint) ((guint64) k * (n_epochs - 1) / (n_picked - 1));
}

static void
write_curve (QrxSummaryCurve *curve, guint n_picked, JsonArray *curves)
{
  JsonObject *object = json_object_new ();
  JsonArray *epochs = json_array_new (), *means = json_array_new (), *deviations = json_array_new ();
  JsonArray *counts = json_array_new ();

  for (guint k = 0; k < n_picked; k++)
    {
      guint i = pick_epoch (k, n_picked, curve->epochs->len);
      const QrxSummaryEpoch *epoch = &g_array_index (curve->epochs, QrxSummaryEpoch, i);

      json_array_add_int_element (epochs, i);
      json_array_add_int_element (counts, epoch->n);
      qrx_summary_add_rounded (means, epoch->n > 0 ? epoch->mean : NAN);
      qrx_summary_add_rounded (deviations, epoch->n > 1 ? sqrt (epoch->squares / (epoch->n - 1)) : NAN);
    }
  json_object_set_int_member (object, "arm", curve->arm);
  json_object_set_int_member (object, "fit", curve->fit);
  json_object_set_string_member (object, "name", curve->name);
  json_object_set_int_member (object, "fits", curve->n_fits);
  json_object_set_array_member (object, "epochs", epochs);
  json_object_set_array_member (object, "means", means);
  if (curve->n_fits > 1)
    {
      json_object_set_array_member (object, "deviations", deviations);
      json_object_set_array_member (object, "counts", counts);
    }
  else
    {
      json_array_unref (deviations);
      json_array_unref (counts);
    }
  json_array_add_object_element (curves, object);
}

static void
tell_what_is_left_out (QrxSummary *self, guint n_covered, guint n_lesser, guint limit, gboolean thinned,
                       JsonArray *omitted)
{
  const char *where = g_str_equal (self->kind, "run") ? "the histories (*.history.csv) have all of them"
                                                      : "the table `curve` of the store has all of them";

  if (n_lesser > 0)
    {
      g_autofree char *text =
          g_strdup_printf ("%u recorded columns but losses, gradient norms, crowding and a/sd(φ); %s.", n_lesser, where);

      json_array_add_string_element (omitted, text);
    }
  if (n_covered > 0)
    {
      g_autofree char *text = g_strdup_printf (
          "%u recorded columns of single qubits, whose mean over qubits is shown; %s.", n_covered, where);

      json_array_add_string_element (omitted, text);
    }
  if (thinned)
    {
      g_autofree char *text =
          g_strdup_printf ("Epochs between %u evenly spaced ones of longer curves; %s.", limit, where);

      json_array_add_string_element (omitted, text);
    }
}

JsonNode *
qrx_summary_write_curves (QrxSummary *self, JsonArray *omitted)
{
  JsonArray *curves = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  guint n_covered = 0, n_lesser = 0, n_kept, limit = MAX_EPOCHS;
  gboolean thinned = FALSE, many;

  for (guint i = 0; i < self->curves->len; i++)
    {
      gboolean covered = is_covered (self, self->curves->pdata[i]);

      n_covered += covered;
      n_lesser += !covered && !is_common (self->curves->pdata[i]);
    }
  many = self->curves->len - n_covered > MAX_CURVES;
  n_lesser = many ? n_lesser : 0;
  n_kept = self->curves->len - n_covered - n_lesser;
  if (n_kept > 0)
    limit = CLAMP (MAX_NUMBERS / 3 / n_kept, 12, MAX_EPOCHS);
  for (guint i = 0; i < self->curves->len; i++)
    {
      QrxSummaryCurve *curve = self->curves->pdata[i];
      guint n_epochs = curve->epochs->len;

      if (is_covered (self, curve) || (many && !is_common (curve)))
        continue;
      thinned = thinned || n_epochs > limit;
      write_curve (curve, MIN (n_epochs, limit), curves);
    }
  tell_what_is_left_out (self, n_covered, n_lesser, limit, thinned, omitted);
  json_node_take_array (node, curves);
  return node;
}
