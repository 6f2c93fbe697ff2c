/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of C node types, declared in one line each and kept at an offset of the instance.
 * The GParamSpecs have no range of their own: GObject would clamp or drop a value that is out of range, where
 * qrx_node_resolve() refuses it by name. The range is in the property's description. */
#include "graph/qrx-node-info-private.h"
#include "graph/qrx-property-private.h"

#include <math.h>
#include <string.h>

#define FLAGS (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_LAX_VALIDATION)

static gboolean
name_is_free (QrxNodeClass *klass, QrxNodeInfo *info, const char *name)
{
  GParamSpec *known;

  if (!g_param_spec_is_valid_name (name))
    {
      qrx_node_info_add_fault (info, "property \"%s\": a property's name is in kebab-case", name);
      return FALSE;
    }
  known = g_object_class_find_property (G_OBJECT_CLASS (klass), name);
  if (known == NULL || (known->owner_type != G_TYPE_FROM_CLASS (klass) && known->owner_type != QRX_TYPE_NODE))
    return TRUE;
  qrx_node_info_add_fault (info, "property \"%s\" is declared twice", name);
  return FALSE;
}

/* Takes the pspec. GObject clears a class' accessors, so they are set by whoever declares a property that needs them. */
static void
install (QrxNodeClass *klass, GParamSpec *pspec, const QrxPropertyInfo *description, const char *unit, const char *choices)
{
  QrxNodeInfo *info = qrx_node_class_edit (klass);

  g_param_spec_ref_sink (pspec);
  if (info != NULL && name_is_free (klass, info, pspec->name))
    {
      qrx_property_set_info (pspec, description, unit, choices);
      G_OBJECT_CLASS (klass)->set_property = qrx_node_set_stored_property;
      G_OBJECT_CLASS (klass)->get_property = qrx_node_get_stored_property;
      g_object_class_install_property (G_OBJECT_CLASS (klass), ++info->n_properties, pspec);
    }
  g_param_spec_unref (pspec);
}

/**
 * qrx_node_class_add_double: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the double
 * @minimum: the least value; %G_MINDOUBLE says "above 0", -INFINITY "no bound"
 * @maximum: the greatest value; nextafter (1, 0) says "below 1", INFINITY "no bound"
 * @value: the default; if it is not finite it means "not set", and only then is it allowed
 * @unit: (nullable): the unit, such as "µM"
 * @blurb: what it is
 *
 * Declares a number.
 */
void
qrx_node_class_add_double (QrxNodeClass *klass, const char *name, gsize offset, double minimum, double maximum,
                           double value, const char *unit, const char *blurb)
{
  QrxPropertyInfo info = { .kind = QRX_PROPERTY_DOUBLE, .offset = offset, .minimum = minimum, .maximum = maximum };
  GParamSpec *pspec;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (!isfinite (value) || (minimum <= value && value <= maximum));
  pspec = g_param_spec_double (name, NULL, blurb, -INFINITY, INFINITY, 0, FLAGS);
  G_PARAM_SPEC_DOUBLE (pspec)->default_value = value; /* GLib's constructor refuses NaN */
  install (klass, pspec, &info, unit, NULL);
}

/**
 * qrx_node_class_add_integer: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the #gint64
 * @minimum: the least value; %G_MININT64 says "no bound"
 * @maximum: the greatest value; %G_MAXINT64 says "no bound"
 * @value: the default
 * @unit: (nullable): the unit
 * @blurb: what it is
 *
 * Declares a whole number.
 */
void
qrx_node_class_add_integer (QrxNodeClass *klass, const char *name, gsize offset, gint64 minimum, gint64 maximum,
                            gint64 value, const char *unit, const char *blurb)
{
  QrxPropertyInfo info = {
    .kind = QRX_PROPERTY_INTEGER, .offset = offset, .integer_minimum = minimum, .integer_maximum = maximum
  };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (minimum <= value && value <= maximum);
  install (klass, g_param_spec_int64 (name, NULL, blurb, G_MININT64, G_MAXINT64, value, FLAGS), &info, unit, NULL);
}

/**
 * qrx_node_class_add_boolean: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the #gboolean
 * @value: the default
 * @blurb: what it is
 *
 * Declares a switch.
 */
void
qrx_node_class_add_boolean (QrxNodeClass *klass, const char *name, gsize offset, gboolean value, const char *blurb)
{
  QrxPropertyInfo info = { .kind = QRX_PROPERTY_BOOLEAN, .offset = offset };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  install (klass, g_param_spec_boolean (name, NULL, blurb, value, FLAGS), &info, NULL, NULL);
}

static void
add_text (QrxNodeClass *klass, QrxPropertyKind kind, const char *name, gsize offset, const char *value,
          const char *choices, const char *blurb)
{
  QrxPropertyInfo info = { .kind = kind, .offset = offset };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  install (klass, g_param_spec_string (name, NULL, blurb, value, FLAGS), &info, NULL, choices);
}

/**
 * qrx_node_class_add_string: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the string
 * @value: (nullable): the default; %NULL means "not set"
 * @blurb: what it is
 *
 * Declares a text.
 */
void
qrx_node_class_add_string (QrxNodeClass *klass, const char *name, gsize offset, const char *value, const char *blurb)
{
  add_text (klass, QRX_PROPERTY_STRING, name, offset, value, NULL, blurb);
}

/**
 * qrx_node_class_add_choice: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the string
 * @choices: the texts allowed, separated by "|"; the first is the default
 * @blurb: what it is
 *
 * Declares a choice.
 */
void
qrx_node_class_add_choice (QrxNodeClass *klass, const char *name, gsize offset, const char *choices, const char *blurb)
{
  g_autofree char *first = NULL;

  g_return_if_fail (choices != NULL && *choices != '\0');
  first = g_strndup (choices, strcspn (choices, "|"));
  add_text (klass, QRX_PROPERTY_CHOICE, name, offset, first, choices, blurb);
}

/**
 * qrx_node_class_add_file: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the string
 * @blurb: what it is
 *
 * Declares the name of a data file, which run() finds with qrx_context_find_file(). Not set by default.
 */
void
qrx_node_class_add_file (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb)
{
  add_text (klass, QRX_PROPERTY_FILE, name, offset, NULL, NULL, blurb);
}

/**
 * qrx_node_class_add_output_file: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the string
 * @blurb: what it is
 *
 * Declares the name of a file that run() writes, at qrx_context_dup_output_path(). Not set by default. Two nodes of a
 * pipeline that name the same file are refused.
 */
void
qrx_node_class_add_output_file (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb)
{
  QrxPropertyInfo info = { .kind = QRX_PROPERTY_STRING, .offset = offset, .written = TRUE };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  install (klass, g_param_spec_string (name, NULL, blurb, NULL, FLAGS), &info, NULL, NULL);
}

/**
 * qrx_node_class_add_document: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the string
 * @blurb: what it is
 *
 * Declares a small document, such as a circuit. A pipeline file names a file or holds an object; the property holds
 * the text. Not set by default.
 */
void
qrx_node_class_add_document (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb)
{
  add_text (klass, QRX_PROPERTY_DOCUMENT, name, offset, NULL, NULL, blurb);
}

/**
 * qrx_node_class_add_scalar: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the [struct@Scalar] pointer, never %NULL
 * @minimum: the least value, as in qrx_node_class_add_double()
 * @maximum: the greatest value
 * @value: the default, not learned
 * @unit: (nullable): the unit
 * @blurb: what it is
 *
 * Declares a number that a fit may learn.
 */
void
qrx_node_class_add_scalar (QrxNodeClass *klass, const char *name, gsize offset, double minimum, double maximum,
                           double value, const char *unit, const char *blurb)
{
  g_autoptr (QrxScalar) scalar = qrx_scalar_new (value, QRX_SCALAR_FIXED, 1, QRX_PARAMETERIZATION_DIRECT);
  QrxPropertyInfo info = {
    .kind = QRX_PROPERTY_SCALAR, .offset = offset, .minimum = minimum, .maximum = maximum, .scalar = scalar
  };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (minimum <= value && value <= maximum);
  install (klass, g_param_spec_boxed (name, NULL, blurb, QRX_TYPE_SCALAR, FLAGS), &info, unit, NULL);
}

/**
 * qrx_node_class_add_integers: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the #GVariant of type "ax", never %NULL
 * @minimum: the least element
 * @maximum: the greatest element
 * @value: (nullable): the default as text, such as "512, 128"; %NULL is the empty list
 * @unit: (nullable): the unit
 * @blurb: what it is
 *
 * Declares a list of whole numbers.
 */
void
qrx_node_class_add_integers (QrxNodeClass *klass, const char *name, gsize offset, gint64 minimum, gint64 maximum,
                             const char *value, const char *unit, const char *blurb)
{
  QrxPropertyInfo info = {
    .kind = QRX_PROPERTY_INTEGERS, .offset = offset, .integer_minimum = minimum, .integer_maximum = maximum
  };
  g_autofree char *text = g_strdup_printf ("[%s]", value != NULL ? value : "");
  GVariant *list;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  list = g_variant_parse (G_VARIANT_TYPE ("ax"), text, NULL, NULL, NULL);
  g_return_if_fail (list != NULL);
  install (klass, g_param_spec_variant (name, NULL, blurb, G_VARIANT_TYPE ("ax"), list, FLAGS), &info, unit, NULL);
  g_variant_unref (list);
}

/**
 * qrx_node_class_add_doubles: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the #GVariant of type "ad", never %NULL
 * @minimum: the least element, as in qrx_node_class_add_double()
 * @maximum: the greatest element
 * @value: (nullable): the default as text, such as "0.5, 1"; %NULL is the empty list
 * @unit: (nullable): the unit
 * @blurb: what it is
 *
 * Declares a list of numbers.
 */
void
qrx_node_class_add_doubles (QrxNodeClass *klass, const char *name, gsize offset, double minimum, double maximum,
                            const char *value, const char *unit, const char *blurb)
{
  QrxPropertyInfo info = { .kind = QRX_PROPERTY_DOUBLES, .offset = offset, .minimum = minimum, .maximum = maximum };
  g_autofree char *text = g_strdup_printf ("[%s]", value != NULL ? value : "");
  GVariant *list;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  list = g_variant_parse (G_VARIANT_TYPE ("ad"), text, NULL, NULL, NULL);
  g_return_if_fail (list != NULL);
  install (klass, g_param_spec_variant (name, NULL, blurb, G_VARIANT_TYPE ("ad"), list, FLAGS), &info, unit, NULL);
  g_variant_unref (list);
}

/**
 * qrx_node_class_add_strings: (skip)
 * @klass: a node class
 * @name: the property's name
 * @offset: where the instance keeps the #GStrv, never %NULL
 * @blurb: what it is
 *
 * Declares a list of texts, empty by default.
 */
void
qrx_node_class_add_strings (QrxNodeClass *klass, const char *name, gsize offset, const char *blurb)
{
  QrxPropertyInfo info = { .kind = QRX_PROPERTY_STRINGS, .offset = offset };

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  install (klass, g_param_spec_boxed (name, NULL, blurb, G_TYPE_STRV, FLAGS), &info, NULL, NULL);
}

/* A script's own property that is yet to be described; NULL, with a fault on record, for any other. */
static GParamSpec *
find_own_property (QrxNodeClass *klass, QrxNodeInfo *info, const char *name)
{
  GParamSpec *pspec = qrx_node_class_find_property (klass, name);

  if (pspec == NULL)
    qrx_node_info_add_fault (info, "property \"%s\" is described but not declared", name);
  else if (pspec->owner_type != G_TYPE_FROM_CLASS (klass))
    qrx_node_info_add_fault (info, "property \"%s\" is described here but declared by %s", name,
                             g_type_name (pspec->owner_type));
  else
    return pspec;
  return NULL;
}

/**
 * qrx_node_class_describe_property:
 * @klass: a node class
 * @name: a property that a script declared
 * @unit: (nullable): its unit
 * @choices: (nullable): the texts allowed, separated by "|"
 *
 * Says of a GObject property of the script's own what its GParamSpec cannot.
 */
void
qrx_node_class_describe_property (QrxNodeClass *klass, const char *name, const char *unit, const char *choices)
{
  QrxNodeInfo *info;
  QrxPropertyInfo description;
  GParamSpec *pspec;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (name != NULL);
  if ((info = qrx_node_class_edit (klass)) == NULL || (pspec = find_own_property (klass, info, name)) == NULL)
    return;
  description = *qrx_property_get_info (pspec);
  if (choices != NULL && description.kind != QRX_PROPERTY_STRING)
    qrx_node_info_add_fault (info, "property \"%s\" has choices but is not a string", name);
  else if (choices != NULL)
    description.kind = QRX_PROPERTY_CHOICE;
  qrx_property_set_info (pspec, &description, unit, choices);
}

/**
 * qrx_node_class_describe_scalar:
 * @klass: a node class
 * @name: a boxed property of type [struct@Scalar] that a script declared
 * @minimum: the least value
 * @maximum: the greatest value
 * @value: the default, not learned
 * @unit: (nullable): its unit
 *
 * Says of a trainable number of the script's own what its GParamSpec cannot. A registry sets the default on nodes that
 * it makes.
 */
void
qrx_node_class_describe_scalar (QrxNodeClass *klass, const char *name, double minimum, double maximum, double value,
                                const char *unit)
{
  g_autoptr (QrxScalar) scalar = qrx_scalar_new (value, QRX_SCALAR_FIXED, 1, QRX_PARAMETERIZATION_DIRECT);
  QrxNodeInfo *info;
  QrxPropertyInfo description;
  GParamSpec *pspec;

  g_return_if_fail (QRX_IS_NODE_CLASS (klass));
  g_return_if_fail (name != NULL);
  if ((info = qrx_node_class_edit (klass)) == NULL || (pspec = find_own_property (klass, info, name)) == NULL)
    return;
  description = *qrx_property_get_info (pspec);
  if (description.kind != QRX_PROPERTY_SCALAR)
    {
      qrx_node_info_add_fault (info, "property \"%s\" is described as a trainable number but is of type %s", name,
                               g_type_name (pspec->value_type));
      return;
    }
  description.minimum = minimum;
  description.maximum = maximum;
  description.scalar = scalar;
  qrx_property_set_info (pspec, &description, unit, NULL);
}
