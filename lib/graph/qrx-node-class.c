/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of a node type, declared once on its class from any language. What is declared wrongly is kept as a
 * fault, so that a script gets an error when it registers the type, not a dead process. */
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-port-private.h"

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

/**
 * qrx_node_class_set_name:
 * @klass: a node class
 * @name: the type's name as pipeline files write it, in kebab-case
 *
 * Names a node type.
 */
void
qrx_node_class_set_name (QrxNodeClass *klass, const char *name)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  if ((info = qrx_node_class_edit (klass)) != NULL)
    set_text (&info->name, name);
}

/**
 * qrx_node_class_set_category:
 * @klass: a node class
 * @category: what listings sort by, such as "normalizer"
 *
 * States a node type's category; subclasses inherit it.
 */
void
qrx_node_class_set_category (QrxNodeClass *klass, const char *category)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  if ((info = qrx_node_class_edit (klass)) != NULL)
    set_text (&info->category, category);
}

/**
 * qrx_node_class_set_summary:
 * @klass: a node class
 * @summary: one sentence
 *
 * Says what a node type does.
 */
void
qrx_node_class_set_summary (QrxNodeClass *klass, const char *summary)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  if ((info = qrx_node_class_edit (klass)) != NULL)
    set_text (&info->summary, summary);
}

/**
 * qrx_node_class_add_citation:
 * @klass: a node class
 * @citation: the source of the method, with DOI or arXiv number
 *
 * Cites the source of what a node type implements; subclasses inherit it.
 */
void
qrx_node_class_add_citation (QrxNodeClass *klass, const char *citation)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (citation != NULL);
  if ((info = qrx_node_class_edit (klass)) != NULL)
    g_ptr_array_insert (info->citations, (int) info->citations->len - 1, g_strdup (citation));
}

/**
 * qrx_node_class_set_example:
 * @klass: a node class
 * @json: a pipeline fragment with its expected result
 *
 * Gives the example that documentation shows and a generic test runs.
 */
void
qrx_node_class_set_example (QrxNodeClass *klass, const char *json)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  if ((info = qrx_node_class_edit (klass)) != NULL)
    set_text (&info->example, json);
}

static gboolean
find_port_index (const QrxNodeInfo *info, const char *name, gboolean output, guint *index)
{
  for (guint i = 0; info != NULL && i < info->ports->len; i++)
    {
      const QrxPort *port = g_ptr_array_index (info->ports, i);

      if (qrx_port_is_output (port) == output && (name == NULL || g_str_equal (name, qrx_port_get_name (port))))
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* A port of a parent's name takes its place; one of the class' own is a fault. */
static void
add_port (QrxNodeClass *klass, gboolean output, const char *name, const char *text, const char *blurb)
{
  QrxNodeInfo *info = qrx_node_class_edit (klass);
  g_autoptr (QrxPortSpec) spec = NULL;
  g_autoptr (GError) error = NULL;
  const char *what = output ? "output" : "input";
  guint i;

  if (info == NULL)
    return;
  spec = qrx_port_spec_parse (text, &error);
  if (spec == NULL)
    qrx_node_info_add_fault (info, "%s \"%s\": %s", what, name, error->message);
  else if (!g_param_spec_is_valid_name (name))
    qrx_node_info_add_fault (info, "%s \"%s\": a port's name is in kebab-case", what, name);
  else if (output && (qrx_port_spec_is_optional (spec) || qrx_port_spec_is_list (spec)))
    qrx_node_info_add_fault (info, "output \"%s\": \"%s\" is optional or a list, which only inputs are", name, text);
  else if (!find_port_index (info, name, output, &i))
    g_ptr_array_add (info->ports, qrx_port_new (name, output, spec, blurb));
  else if (i >= info->n_inherited_ports)
    qrx_node_info_add_fault (info, "%s \"%s\" is declared twice", what, name);
  else
    {
      qrx_port_unref (g_ptr_array_index (info->ports, i));
      g_ptr_array_index (info->ports, i) = qrx_port_new (name, output, spec, blurb);
    }
}

/**
 * qrx_node_class_add_input:
 * @klass: a node class
 * @port: the port's name, in kebab-case
 * @spec: what may be linked, see [struct@PortSpec]
 * @blurb: (nullable): what it is, for people
 *
 * Declares an input; the first is the default one. A subclass that declares it again replaces it.
 */
void
qrx_node_class_add_input (QrxNodeClass *klass, const char *port, const char *spec, const char *blurb)
{
  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (port != NULL && spec != NULL);
  add_port (klass, FALSE, port, spec, blurb);
}

/**
 * qrx_node_class_add_output:
 * @klass: a node class
 * @port: the port's name, in kebab-case
 * @spec: what leaves here, see [struct@PortSpec]
 * @blurb: (nullable): what it is, for people
 *
 * Declares an output; the first is the default one. A subclass that declares it again replaces it.
 */
void
qrx_node_class_add_output (QrxNodeClass *klass, const char *port, const char *spec, const char *blurb)
{
  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (port != NULL && spec != NULL);
  add_port (klass, TRUE, port, spec, blurb);
}

/**
 * qrx_node_class_add_preset:
 * @klass: a node class
 * @name: the preset's name, usable wherever a type is
 * @properties: what it sets, as a JSON object
 * @summary: one sentence
 *
 * Gives a name to property values of this type.
 */
void
qrx_node_class_add_preset (QrxNodeClass *klass, const char *name, const char *properties, const char *summary)
{
  QrxNodeInfo *info;
  QrxPreset *preset;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (name != NULL && properties != NULL);
  if ((info = qrx_node_class_edit (klass)) == NULL)
    return;
  preset = g_new (QrxPreset, 1);
  preset->name = g_strdup (name);
  preset->properties = g_strdup (properties);
  preset->summary = g_strdup (summary);
  g_ptr_array_add (info->presets, preset);
}

static char **
split_names (const char *names)
{
  char **list = g_strsplit (names, ",", -1);

  for (guint i = 0; list[i] != NULL; i++)
    g_strstrip (list[i]);
  return list;
}

/**
 * qrx_node_class_add_exclusion:
 * @klass: a node class
 * @properties: names of properties, separated by commas
 * @others: names of properties, separated by commas
 *
 * States that none of @others may be given beside any of @properties.
 */
void
qrx_node_class_add_exclusion (QrxNodeClass *klass, const char *properties, const char *others)
{
  QrxNodeInfo *info;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (properties != NULL && others != NULL);
  if ((info = qrx_node_class_edit (klass)) != NULL)
    g_ptr_array_add (info->exclusions, qrx_exclusion_new (split_names (properties), split_names (others)));
}

/**
 * qrx_node_class_get_name:
 * @klass: a node class
 *
 * Returns: (nullable): the type's name as pipeline files write it; a subclass does not inherit it
 */
const char *
qrx_node_class_get_name (QrxNodeClass *klass)
{
  const QrxNodeInfo *info;

  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  info = qrx_node_class_get_own_info (klass);
  return info != NULL ? info->name : NULL;
}

/**
 * qrx_node_class_get_category:
 * @klass: a node class
 *
 * Returns: (nullable): what listings sort by
 */
const char *
qrx_node_class_get_category (QrxNodeClass *klass)
{
  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  return klass->info != NULL ? klass->info->category : NULL;
}

/**
 * qrx_node_class_get_summary:
 * @klass: a node class
 *
 * Returns: (nullable): what the type does; a subclass does not inherit it
 */
const char *
qrx_node_class_get_summary (QrxNodeClass *klass)
{
  const QrxNodeInfo *info;

  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  info = qrx_node_class_get_own_info (klass);
  return info != NULL ? info->summary : NULL;
}

/**
 * qrx_node_class_get_example:
 * @klass: a node class
 *
 * Returns: (nullable): the example as JSON; a subclass does not inherit it
 */
const char *
qrx_node_class_get_example (QrxNodeClass *klass)
{
  const QrxNodeInfo *info;

  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  info = qrx_node_class_get_own_info (klass);
  return info != NULL ? info->example : NULL;
}

/**
 * qrx_node_class_get_citations:
 * @klass: a node class
 *
 * Returns: (transfer none) (array zero-terminated=1): the sources of the method
 */
const char *const *
qrx_node_class_get_citations (QrxNodeClass *klass)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), none);
  return klass->info != NULL ? (const char *const *) klass->info->citations->pdata : none;
}

/**
 * qrx_node_class_get_n_ports:
 * @klass: a node class
 *
 * Returns: how many ports the type has
 */
guint
qrx_node_class_get_n_ports (QrxNodeClass *klass)
{
  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), 0);
  return klass->info != NULL ? klass->info->ports->len : 0;
}

/**
 * qrx_node_class_get_port:
 * @klass: a node class
 * @i: which port, in the order of declaration
 *
 * Returns: (transfer none): the port
 */
QrxPort *
qrx_node_class_get_port (QrxNodeClass *klass, guint i)
{
  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  g_return_val_if_fail (i < qrx_node_class_get_n_ports (klass), NULL);
  return g_ptr_array_index (klass->info->ports, i);
}

/**
 * qrx_node_class_find_port:
 * @klass: a node class
 * @name: (nullable): a port's name, or %NULL for the default one
 * @output: whether an output is wanted
 *
 * Returns: (transfer none) (nullable): the port
 */
QrxPort *
qrx_node_class_find_port (QrxNodeClass *klass, const char *name, gboolean output)
{
  guint i;

  g_return_val_if_fail (QRX_IS_NODE_CLASS (klass), NULL);
  return find_port_index (klass->info, name, output, &i) ? g_ptr_array_index (klass->info->ports, i) : NULL;
}
