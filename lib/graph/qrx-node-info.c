/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The storage of a node type's description: whose it is, what a subclass gets of it, when it is final. */
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-port-private.h"

static void
preset_free (gpointer data)
{
  QrxPreset *preset = data;

  g_free (preset->name);
  g_free (preset->properties);
  g_free (preset->summary);
  g_free (preset);
}

QrxExclusion *
qrx_exclusion_new (char **properties, char **others)
{
  QrxExclusion *self = g_new (QrxExclusion, 1);

  self->properties = properties;
  self->others = others;
  return self;
}

static gpointer
exclusion_copy (gconstpointer source, gpointer data G_GNUC_UNUSED)
{
  const QrxExclusion *exclusion = source;

  return qrx_exclusion_new (g_strdupv (exclusion->properties), g_strdupv (exclusion->others));
}

static void
exclusion_free (gpointer data)
{
  QrxExclusion *exclusion = data;

  g_strfreev (exclusion->properties);
  g_strfreev (exclusion->others);
  g_free (exclusion);
}

static gpointer
copy_port (gconstpointer port, gpointer data G_GNUC_UNUSED)
{
  return qrx_port_ref ((QrxPort *) port);
}

static gpointer
copy_text (gconstpointer text, gpointer data G_GNUC_UNUSED)
{
  return g_strdup (text);
}

static QrxNodeInfo *
info_new (GType owner, const QrxNodeInfo *parent)
{
  QrxNodeInfo *info = g_new0 (QrxNodeInfo, 1);

  info->owner = owner;
  info->presets = g_ptr_array_new_with_free_func (preset_free);
  info->scores = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_score_kind_free);
  info->faults = g_ptr_array_new_with_free_func (g_free);
  info->citations = g_ptr_array_new_with_free_func (g_free);
  info->ports = g_ptr_array_new_with_free_func ((GDestroyNotify) qrx_port_unref);
  info->exclusions = g_ptr_array_new_with_free_func (exclusion_free);
  if (parent == NULL)
    {
      g_ptr_array_add (info->citations, NULL);
      return info;
    }
  info->category = g_strdup (parent->category);
  g_ptr_array_extend (info->citations, parent->citations, copy_text, NULL);
  g_ptr_array_extend (info->ports, parent->ports, copy_port, NULL);
  g_ptr_array_extend (info->exclusions, parent->exclusions, exclusion_copy, NULL);
  info->n_inherited_ports = info->ports->len;
  return info;
}

QrxNodeInfo *
qrx_node_class_edit (QrxNodeClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /* A class lives as long as the process, and its description with it. */
  if (klass->info == NULL || klass->info->owner != type)
    klass->info = info_new (type, klass->info);
  if (klass->info->sealed)
    {
      g_critical ("%s is registered: its class cannot be declared on", g_type_name (type));
      return NULL;
    }
  return klass->info;
}

const QrxNodeInfo *
qrx_node_class_get_own_info (QrxNodeClass *klass)
{
  return klass->info != NULL && klass->info->owner == G_TYPE_FROM_CLASS (klass) ? klass->info : NULL;
}

void
qrx_node_info_add_fault (QrxNodeInfo *info, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (info->faults, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

guint
qrx_node_class_get_n_presets (QrxNodeClass *klass)
{
  const QrxNodeInfo *info = qrx_node_class_get_own_info (klass);

  return info != NULL ? info->presets->len : 0;
}

const QrxPreset *
qrx_node_class_get_preset (QrxNodeClass *klass, guint i)
{
  const QrxNodeInfo *info = qrx_node_class_get_own_info (klass);

  g_return_val_if_fail (info != NULL && i < info->presets->len, NULL);
  return g_ptr_array_index (info->presets, i);
}

guint
qrx_node_class_get_n_exclusions (QrxNodeClass *klass)
{
  return klass->info != NULL ? klass->info->exclusions->len : 0;
}

const QrxExclusion *
qrx_node_class_get_exclusion (QrxNodeClass *klass, guint i)
{
  g_return_val_if_fail (i < qrx_node_class_get_n_exclusions (klass), NULL);
  return g_ptr_array_index (klass->info->exclusions, i);
}

gboolean
qrx_node_class_excludes (QrxNodeClass *klass, const char *a, const char *b)
{
  for (guint i = 0; i < qrx_node_class_get_n_exclusions (klass); i++)
    {
      const QrxExclusion *exclusion = qrx_node_class_get_exclusion (klass, i);
      const char *const *left = (const char *const *) exclusion->properties;
      const char *const *right = (const char *const *) exclusion->others;

      if ((g_strv_contains (left, a) && g_strv_contains (right, b)) ||
          (g_strv_contains (left, b) && g_strv_contains (right, a)))
        return TRUE;
    }
  return FALSE;
}

char *
qrx_node_class_dup_faults (QrxNodeClass *klass)
{
  const QrxNodeInfo *info = qrx_node_class_get_own_info (klass);
  GString *text;

  if (info == NULL || info->faults->len == 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < info->faults->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", (const char *) g_ptr_array_index (info->faults, i));
  return g_string_free (text, FALSE);
}

void
qrx_node_class_seal (QrxNodeClass *klass)
{
  if (qrx_node_class_get_own_info (klass) == NULL)
    qrx_node_class_edit (klass);
  klass->info->sealed = TRUE;
}
