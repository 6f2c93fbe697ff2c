/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The little language of port specs. Knows text only, no node and no value. */
#include "graph/qrx-port-private.h"

#define MAX_RANK 4 /* as a tensor's */

typedef struct {
  char *symbol; /* NULL: the size is a number */
  char *property;
  gint64 size; /* −1: a symbol */
} Dim;

struct _QrxPortSpec {
  gatomicrefcount references;
  char *text;
  char *kind;
  char *quantity;
  char *quantity_property;
  guint rank;
  Dim dims[MAX_RANK];
  gboolean optional;
  gboolean list;
};

G_DEFINE_BOXED_TYPE (QrxPortSpec, qrx_port_spec, qrx_port_spec_ref, qrx_port_spec_unref)

gboolean
qrx_quantity_is_category (const char *quantity)
{
  return g_strcmp0 (quantity, "category") == 0 || g_strcmp0 (quantity, "known-category") == 0;
}

typedef struct {
  const char *text;
  const char *p;
} Scanner;

static void
skip_blanks (Scanner *scanner)
{
  while (*scanner->p == ' ')
    scanner->p++;
}

static gboolean
accept (Scanner *scanner, char c)
{
  skip_blanks (scanner);
  if (*scanner->p != c)
    return FALSE;
  scanner->p++;
  return TRUE;
}

static gboolean
fail (Scanner *scanner, const char *expected, GError **error)
{
  g_autofree char *found = NULL;

  skip_blanks (scanner);
  found = *scanner->p == '\0' ? g_strdup ("the end") : g_strdup_printf ("\"%s\"", scanner->p);
  g_set_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_SYNTAX,
               "port spec \"%s\", character %ld: found %s, expected %s", scanner->text,
               g_utf8_pointer_to_offset (scanner->text, scanner->p) + 1, found, expected);
  return FALSE;
}

/* Kinds, quantities and properties are kebab-case; a symbol may have capitals. */
static char *
scan_name (Scanner *scanner, gboolean symbol)
{
  const char *start;

  skip_blanks (scanner);
  start = scanner->p;
  if (!(symbol ? g_ascii_isalpha (*start) : g_ascii_islower (*start)))
    return NULL;
  while (g_ascii_islower (*scanner->p) || g_ascii_isdigit (*scanner->p) ||
         (symbol ? g_ascii_isupper (*scanner->p) : *scanner->p == '-'))
    scanner->p++;
  return g_strndup (start, (gsize) (scanner->p - start));
}

static gboolean
scan_property (Scanner *scanner, char **property, GError **error)
{
  if (!accept (scanner, '='))
    return TRUE;
  *property = scan_name (scanner, FALSE);
  return *property != NULL || fail (scanner, "the name of a property", error);
}

static gboolean
scan_dim (Scanner *scanner, Dim *dim, GError **error)
{
  const char *start;
  char *end;

  skip_blanks (scanner);
  start = scanner->p;
  if (g_ascii_isdigit (*start))
    {
      guint64 size = g_ascii_strtoull (start, &end, 10);

      if (size == 0 || size > G_MAXINT32)
        return fail (scanner, "a size from 1 to 2147483647", error);
      scanner->p = end;
      dim->size = (gint64) size;
      return TRUE;
    }
  dim->size = -1;
  dim->symbol = scan_name (scanner, TRUE);
  if (dim->symbol == NULL)
    return fail (scanner, "a symbol or a size", error);
  return scan_property (scanner, &dim->property, error);
}

static gboolean
scan_dims (Scanner *scanner, QrxPortSpec *spec, GError **error)
{
  if (!accept (scanner, '['))
    return TRUE;
  do
    {
      if (spec->rank == MAX_RANK)
        return fail (scanner, "at most four dimensions", error);
      if (!scan_dim (scanner, &spec->dims[spec->rank++], error))
        return FALSE;
    }
  while (accept (scanner, ','));
  return accept (scanner, ']') || fail (scanner, "\",\" or \"]\"", error);
}

static gboolean
scan_spec (Scanner *scanner, QrxPortSpec *spec, GError **error)
{
  spec->kind = scan_name (scanner, FALSE);
  if (spec->kind == NULL)
    return fail (scanner, "a kind, such as \"table\"", error);
  if (accept (scanner, ':'))
    {
      spec->quantity = scan_name (scanner, FALSE);
      if (spec->quantity == NULL)
        return fail (scanner, "a quantity, such as \"angle\"", error);
      if (!scan_property (scanner, &spec->quantity_property, error))
        return FALSE;
    }
  if (!scan_dims (scanner, spec, error))
    return FALSE;
  if (accept (scanner, '?'))
    spec->optional = TRUE;
  else if (accept (scanner, '*'))
    spec->list = TRUE;
  skip_blanks (scanner);
  return *scanner->p == '\0' || fail (scanner, "the end", error);
}

/**
 * qrx_port_spec_parse:
 * @text: a spec, such as "flow:angle[B, Q]"
 * @error: return location for an error
 *
 * Reads a port spec.
 *
 * Fails with %QRX_PIPELINE_ERROR_SYNTAX, naming the character at which @text stops being a spec.
 *
 * Returns: (transfer full): the spec
 */
QrxPortSpec *
qrx_port_spec_parse (const char *text, GError **error)
{
  g_autoptr (QrxPortSpec) self = NULL;
  Scanner scanner = { text, text };

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (QrxPortSpec, 1);
  g_atomic_ref_count_init (&self->references);
  self->text = g_strdup (text);
  if (!scan_spec (&scanner, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * qrx_port_spec_ref:
 * @self: a port spec
 *
 * Returns: (transfer full): @self
 */
QrxPortSpec *
qrx_port_spec_ref (QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * qrx_port_spec_unref:
 * @self: (transfer full): a port spec
 *
 * Releases a reference.
 */
void
qrx_port_spec_unref (QrxPortSpec *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < self->rank; i++)
    {
      g_free (self->dims[i].symbol);
      g_free (self->dims[i].property);
    }
  g_free (self->text);
  g_free (self->kind);
  g_free (self->quantity);
  g_free (self->quantity_property);
  g_free (self);
}

/**
 * qrx_port_spec_get_text:
 * @self: a port spec
 *
 * Returns: the text that was parsed
 */
const char *
qrx_port_spec_get_text (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->text;
}

/**
 * qrx_port_spec_get_kind:
 * @self: a port spec
 *
 * Returns: the kind of value, such as "flow"
 */
const char *
qrx_port_spec_get_kind (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->kind;
}

/**
 * qrx_port_spec_get_quantity:
 * @self: a port spec
 *
 * Returns: (nullable): what refines the kind, such as "angle", or "any"
 */
const char *
qrx_port_spec_get_quantity (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->quantity;
}

/**
 * qrx_port_spec_get_quantity_property:
 * @self: a port spec
 *
 * Returns: (nullable): the name of the node's property that holds the quantity
 */
const char *
qrx_port_spec_get_quantity_property (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->quantity_property;
}

/**
 * qrx_port_spec_get_rank:
 * @self: a port spec
 *
 * Returns: how many dimensions it states
 */
guint
qrx_port_spec_get_rank (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->rank;
}

/**
 * qrx_port_spec_get_symbol:
 * @self: a port spec
 * @axis: an axis, below the rank
 *
 * Returns: (nullable): the symbol along @axis, or %NULL where there is a number
 */
const char *
qrx_port_spec_get_symbol (const QrxPortSpec *self, guint axis)
{
  g_return_val_if_fail (self != NULL && axis < self->rank, NULL);
  return self->dims[axis].symbol;
}

/**
 * qrx_port_spec_get_symbol_property:
 * @self: a port spec
 * @axis: an axis, below the rank
 *
 * Returns: (nullable): the name of the node's property that holds the size along @axis
 */
const char *
qrx_port_spec_get_symbol_property (const QrxPortSpec *self, guint axis)
{
  g_return_val_if_fail (self != NULL && axis < self->rank, NULL);
  return self->dims[axis].property;
}

/**
 * qrx_port_spec_get_size:
 * @self: a port spec
 * @axis: an axis, below the rank
 *
 * Returns: the size along @axis, or −1 where there is a symbol
 */
gint64
qrx_port_spec_get_size (const QrxPortSpec *self, guint axis)
{
  g_return_val_if_fail (self != NULL && axis < self->rank, -1);
  return self->dims[axis].size;
}

/**
 * qrx_port_spec_is_optional:
 * @self: a port spec
 *
 * Returns: whether nothing need be linked
 */
gboolean
qrx_port_spec_is_optional (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->optional;
}

/**
 * qrx_port_spec_is_list:
 * @self: a port spec
 *
 * Returns: whether any number of links may end here, none included
 */
gboolean
qrx_port_spec_is_list (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->list;
}

/**
 * qrx_port_spec_takes_categories:
 * @self: a port spec
 *
 * Returns: whether a split table that is linked here stands for one of its annotations, as columns of zeros and ones
 */
gboolean
qrx_port_spec_takes_categories (const QrxPortSpec *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return g_str_equal (self->kind, "flow") && qrx_quantity_is_category (self->quantity);
}
