/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One fault of a pipeline, and how many of them become one error. Knows texts and places only. */
#include "graph/qrx-diagnostic-private.h"

struct _QrxDiagnostic {
  gatomicrefcount references;
  QrxPipelineError code;
  char *file;
  guint line;
  guint column;
  char *pointer;
  char *node;
  char *message;
  char *suggestion;
};

G_DEFINE_BOXED_TYPE (QrxDiagnostic, qrx_diagnostic, qrx_diagnostic_ref, qrx_diagnostic_unref)

QrxPlace
qrx_place_copy (const QrxPlace *self)
{
  return (QrxPlace){ g_strdup (self->file), g_strdup (self->pointer), g_strdup (self->override), self->line, self->column };
}

void
qrx_place_clear (QrxPlace *self)
{
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->pointer, g_free);
  g_clear_pointer (&self->override, g_free);
}

QrxDiagnostic *
qrx_diagnostic_new (QrxPipelineError code, const QrxPlace *place, const char *node, const char *message,
                    const char *suggestion)
{
  QrxDiagnostic *self = g_new0 (QrxDiagnostic, 1);

  g_atomic_ref_count_init (&self->references);
  self->code = code;
  self->file = g_strdup (place->file);
  self->line = place->line;
  self->column = place->column;
  self->pointer = g_strdup (place->pointer);
  self->node = g_strdup (node);
  self->message = place->override != NULL ? g_strdup_printf ("in the override \"%s\": %s", place->override, message)
                                          : g_strdup (message);
  self->suggestion = g_strdup (suggestion);
  return self;
}

/**
 * qrx_diagnostic_ref:
 * @self: a diagnostic
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
QrxDiagnostic *
qrx_diagnostic_ref (QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * qrx_diagnostic_unref:
 * @self: (transfer full): a diagnostic
 *
 * Drops a reference.
 */
void
qrx_diagnostic_unref (QrxDiagnostic *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->file);
  g_free (self->pointer);
  g_free (self->node);
  g_free (self->message);
  g_free (self->suggestion);
  g_free (self);
}

/**
 * qrx_diagnostic_get_code:
 * @self: a diagnostic
 *
 * Gets what sort of fault it is.
 *
 * Returns: the code
 */
QrxPipelineError
qrx_diagnostic_get_code (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, QRX_PIPELINE_ERROR_INVALID);
  return self->code;
}

/**
 * qrx_diagnostic_get_file:
 * @self: a diagnostic
 *
 * Gets the file, as it was named when it was loaded.
 *
 * Returns: (nullable): the file, %NULL for a graph built in code
 */
const char *
qrx_diagnostic_get_file (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->file;
}

/**
 * qrx_diagnostic_get_line:
 * @self: a diagnostic
 *
 * Gets the line of the fault, counted from 1.
 *
 * Returns: the line, 0 where there is none
 */
guint
qrx_diagnostic_get_line (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->line;
}

/**
 * qrx_diagnostic_get_column:
 * @self: a diagnostic
 *
 * Gets the column of the fault in characters, counted from 1.
 *
 * Returns: the column, 0 where there is none
 */
guint
qrx_diagnostic_get_column (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->column;
}

/**
 * qrx_diagnostic_get_pointer:
 * @self: a diagnostic
 *
 * Gets the JSON pointer (RFC 6901) of the fault.
 *
 * Returns: (nullable): the pointer, such as "/nodes/encode/width"
 */
const char *
qrx_diagnostic_get_pointer (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->pointer;
}

/**
 * qrx_diagnostic_get_node:
 * @self: a diagnostic
 *
 * Gets the id of the node at fault.
 *
 * Returns: (nullable): the id
 */
const char *
qrx_diagnostic_get_node (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->node;
}

/**
 * qrx_diagnostic_get_message:
 * @self: a diagnostic
 *
 * Gets what was found and what is allowed, with the suggestion if there is one.
 *
 * Returns: the message
 */
const char *
qrx_diagnostic_get_message (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->message;
}

/**
 * qrx_diagnostic_get_suggestion:
 * @self: a diagnostic
 *
 * Gets the bare name that was probably meant, for programs.
 *
 * Returns: (nullable): the name
 */
const char *
qrx_diagnostic_get_suggestion (const QrxDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->suggestion;
}

/**
 * qrx_diagnostic_to_string:
 * @self: a diagnostic
 *
 * Writes the fault as compilers do: `file:line:column: message`.
 *
 * Returns: (transfer full): the line
 */
char *
qrx_diagnostic_to_string (const QrxDiagnostic *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);
  if (self->file != NULL)
    g_string_append_printf (text, "%s:", self->file);
  if (self->line > 0)
    g_string_append_printf (text, "%u:%u:", self->line, self->column);
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, self->message);
  return g_strdup (text->str);
}

void
qrx_diagnostics_add (GPtrArray *faults, QrxPipelineError code, const QrxPlace *place, const char *node,
                     const char *suggestion, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (faults, qrx_diagnostic_new (code, place, node, message, suggestion));
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const QrxDiagnostic *x = *(QrxDiagnostic *const *) a, *y = *(QrxDiagnostic *const *) b;

  if ((x->line == 0) != (y->line == 0))
    return x->line == 0 ? 1 : -1;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return (x->column > y->column) - (x->column < y->column);
}

void
qrx_diagnostics_sort (GPtrArray *faults)
{
  g_ptr_array_sort (faults, compare_places); /* a stable sort */
}

gboolean
qrx_diagnostics_finish (GPtrArray *faults, GPtrArray *diagnostics, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (faults->len == 0)
    return TRUE;
  qrx_diagnostics_sort (faults);
  for (guint i = 0; i < faults->len; i++)
    {
      QrxDiagnostic *fault = g_ptr_array_index (faults, i);
      g_autofree char *line = qrx_diagnostic_to_string (fault);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
      if (diagnostics != NULL)
        g_ptr_array_add (diagnostics, qrx_diagnostic_ref (fault));
    }
  g_set_error_literal (error, QRX_PIPELINE_ERROR,
                       faults->len == 1 ? (gint) qrx_diagnostic_get_code (g_ptr_array_index (faults, 0))
                                        : QRX_PIPELINE_ERROR_INVALID,
                       text->str);
  return FALSE;
}
