/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One trial: what it sets, what it is called, and its key. */
#include "study/qrx-study-plan-private.h"

#include <string.h>

void
qrx_trial_free (QrxTrial *self)
{
  if (self == NULL)
    return;
  g_free (self->key);
  g_free (self->arm);
  g_free (self->settings);
  g_free (self->configuration);
  g_free (self->task);
  g_free (self->resample);
  g_free (self->replicate);
  g_free (self);
}

static char *
print_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return qrx_json_to_compact_string (node);
}

/* Adds what a point sets, and tells it alone. */
static char *
add_point (const QrxSpace *space, const double *point, JsonObject *settings)
{
  g_autoptr (JsonObject) own = json_object_new ();

  qrx_space_add_settings (space, point, own);
  qrx_space_add_settings (space, point, settings);
  return print_object (own);
}

/* "gdsc-hybrid" of pipelines/gdsc-hybrid.json. */
static char *
name_pipeline (const QrxArm *arm)
{
  char *name = g_path_get_basename (arm->path);

  if (g_str_has_suffix (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';
  return name;
}

/* A value as names have it: of a number that arithmetic has smeared, such as 0.8999999999999999, the digits that are meant. */
static char *
show_value (JsonNode *value, gboolean exact)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;
  g_autoptr (JsonNode) meant = NULL;
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == G_TYPE_STRING)
    return json_node_dup_string (value);
  if (exact || type != G_TYPE_DOUBLE)
    return qrx_json_to_compact_string (value);
  g_ascii_formatd (digits, sizeof digits, "%.12g", json_node_get_double (value));
  meant = json_node_init_double (json_node_alloc (), g_ascii_strtod (digits, NULL));
  return qrx_json_to_compact_string (meant);
}

/* "moderated-tanh a=20": types by name, properties without their node. */
static char *
describe_configuration (const QrxArm *arm, const double *point, gboolean exact)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < arm->spaces[QRX_DESIGN_CONFIGURATION]->dimensions->len; i++)
    {
      const QrxDimension *dimension = arm->spaces[QRX_DESIGN_CONFIGURATION]->dimensions->pdata[i];
      g_autoptr (JsonNode) value = NULL;
      g_autofree char *shown = NULL;

      if (!qrx_space_is_active (arm->spaces[QRX_DESIGN_CONFIGURATION], point, i))
        continue;
      value = qrx_dimension_get_value (dimension, point[i]);
      shown = show_value (value, exact);
      g_string_append (text, text->len > 0 ? " " : "");
      if (!g_str_has_suffix (dimension->path, ".type"))
        g_string_append_printf (
            text, "%s=", strchr (dimension->path, '.') != NULL ? strchr (dimension->path, '.') + 1 : dimension->path);
      g_string_append (text, shown);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : name_pipeline (arm);
}

/* What comparisons compare: an arm; without arms a configuration, or, where each fold chooses its own, the choosing. */
static char *
name_arm (const QrxStudy *study, const QrxArm *arm, const double *point, gboolean exact)
{
  if (*arm->name != '\0')
    return g_strdup (arm->name);
  return study->inner_folds > 0 ? name_pipeline (arm) : describe_configuration (arm, point, exact);
}

static char *
make_key (const QrxTrial *self, const char *name)
{
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%s\n%d\n%" G_GINT64_FORMAT, name, self->settings, self->stage,
                                           self->proposal, self->budget);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

typedef struct {
  const double *point;
  const double *resample;
  const double *replicate;
  gint inner_fold; /* −1: none */
} Cell;

static void
fill (QrxTrial *self, QrxStudy *study, const QrxSearch *search, const Cell *cell)
{
  QrxArm *arm = search->arm;
  g_autoptr (JsonObject) settings = json_object_new ();
  g_autofree char *exact = NULL;

  self->search = search->index;
  self->task = add_point (arm->spaces[QRX_DESIGN_TASK], search->task, settings);
  self->configuration = add_point (arm->spaces[QRX_DESIGN_CONFIGURATION], cell->point, settings);
  if (cell->inner_fold >= 0)
    {
      g_autoptr (JsonObject) own = json_object_new ();
      g_autofree char *folds = g_strconcat (study->inner_node, ".inner-folds", NULL);
      g_autofree char *fold = g_strconcat (study->inner_node, ".inner-fold", NULL);

      qrx_space_add_settings (arm->spaces[QRX_DESIGN_RESAMPLE], cell->resample, own);
      json_object_set_int_member (own, fold, cell->inner_fold);
      self->resample = print_object (own);
      json_object_set_int_member (settings, folds, study->inner_folds);
      json_object_set_int_member (settings, fold, cell->inner_fold);
      qrx_space_add_settings (arm->spaces[QRX_DESIGN_RESAMPLE], cell->resample, settings);
    }
  else
    self->resample = add_point (arm->spaces[QRX_DESIGN_RESAMPLE], cell->resample, settings);
  self->replicate = add_point (arm->spaces[QRX_DESIGN_REPLICATE], cell->replicate, settings);
  if (self->budget > 0)
    json_object_set_int_member (settings, study->sampler.resource, self->budget);
  self->settings = print_object (settings);
  self->arm = name_arm (study, arm, cell->point, FALSE);
  exact = name_arm (study, arm, cell->point, TRUE);
  self->key = make_key (self, exact);
}

QrxTrial *
qrx_trial_new (QrxStudy *study, const QrxSearch *search, const QrxProposal *proposal, gint k, guint cell)
{
  QrxTrial *self = g_new0 (QrxTrial, 1);
  GPtrArray *resamples = search->arm->grids[QRX_DESIGN_RESAMPLE],
            *replicates = search->arm->grids[QRX_DESIGN_REPLICATE];
  gboolean nested = search->resample != NULL;
  Cell where = { .point = proposal->point,
                 .resample = nested ? search->resample : resamples->pdata[cell / replicates->len],
                 .replicate = replicates->pdata[nested ? 0 : cell % replicates->len],
                 .inner_fold = nested ? (gint) cell : -1 };

  self->id = search->first + (gint64) k * search->n_cells + cell;
  self->stage = "search";
  self->proposal = k;
  self->budget = proposal->budget;
  self->parent = proposal->parent >= 0 ? search->first + (gint64) proposal->parent * search->n_cells + cell : -1;
  fill (self, study, search, &where);
  return self;
}

QrxTrial *
qrx_trial_new_final (QrxStudy *study, const QrxSearch *search, const QrxProposal *chosen, guint cell)
{
  QrxTrial *self = g_new0 (QrxTrial, 1);
  Cell where = { .point = chosen->point,
                 .resample = search->resample,
                 .replicate = search->arm->grids[QRX_DESIGN_REPLICATE]->pdata[cell],
                 .inner_fold = -1 };

  self->id = search->first + (gint64) search->n_proposals * search->n_cells + cell;
  self->stage = "final";
  self->proposal = -1;
  self->budget = chosen->budget;
  self->parent = -1;
  fill (self, study, search, &where);
  return self;
}
