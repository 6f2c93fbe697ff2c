/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of OpenQASM and what they stand for, and ranges of indices. Applies nothing. */
#include "quantum/qrx-qasm-meaning-private.h"

#include <qrx/qrx-suggest.h>

QrxQasmScope *
qrx_qasm_scope_new (QrxQasmScope *parent, gboolean is_gate)
{
  QrxQasmScope *self = g_new0 (QrxQasmScope, 1);

  self->parent = parent;
  self->is_gate = is_gate;
  self->symbols = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

void
qrx_qasm_scope_free (QrxQasmScope *self)
{
  g_hash_table_unref (self->symbols);
  g_free (self);
}

QrxQasmSymbol *
qrx_qasm_scope_find (QrxQasmScope *self, const char *name)
{
  gboolean in_gate = FALSE;

  for (QrxQasmScope *scope = self; scope != NULL; scope = scope->parent)
    {
      QrxQasmSymbol *found = g_hash_table_lookup (scope->symbols, name);

      if (found != NULL)
        return !in_gate || found->kind == QRX_QASM_SYMBOL_GATE || found->constant ? found : NULL;
      in_gate |= scope->is_gate;
    }
  return NULL;
}

QrxQasmSymbol *
qrx_qasm_scope_add (QrxQasmScope *self, const char *name, QrxQasmSymbolKind kind)
{
  QrxQasmSymbol *symbol = g_new0 (QrxQasmSymbol, 1);

  symbol->kind = kind;
  g_hash_table_replace (self->symbols, (gpointer) name, symbol);
  return symbol;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

char *
qrx_qasm_scope_suggest (QrxQasmScope *self, const char *name, QrxQasmSymbolKind kind)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (QrxQasmScope *scope = self; scope != NULL; scope = scope->parent)
    {
      GHashTableIter iter;
      gpointer key;

      g_hash_table_iter_init (&iter, scope->symbols);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        {
          const QrxQasmSymbol *symbol = qrx_qasm_scope_find (self, key);

          if (symbol != NULL && symbol->kind == kind)
            g_ptr_array_add (names, key);
        }
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return qrx_suggest_text (name, (const char *const *) names->pdata);
}

/* One number of a range, in the bounds of a register where there are any. */
static gboolean
add_index (const QrxQasmContext *context, const QrxQasmToken *token, gint64 index, gint64 size, GArray *indices)
{
  if (size >= 0 && (index < -size || index >= size))
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found the index %" G_GINT64_FORMAT ", expected 0 to %" G_GINT64_FORMAT, index, size - 1);
  if (indices->len >= QRX_QASM_MAX_CALLS)
    return qrx_qasm_fail (context->source, token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a range of more than %d numbers, expected fewer", QRX_QASM_MAX_CALLS);
  if (size >= 0 && index < 0)
    index += size;
  g_array_append_val (indices, index);
  return TRUE;
}

static gboolean
add_list (const QrxQasmContext *context, const QrxQasmRange *range, gint64 size, GArray *indices)
{
  for (guint i = 0; i < range->list->len; i++)
    {
      const QrxQasmExpression *element = range->list->pdata[i];
      gint64 index;

      if (!qrx_qasm_evaluate_integer (context, element, "an index", &index) ||
          !add_index (context, element->token, index, size, indices))
        return FALSE;
    }
  return TRUE;
}

/* Both ends belong to a range. */
static gboolean
add_span (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmRange *range, gint64 size,
          GArray *indices)
{
  gint64 first, last, step = 1;

  if (!qrx_qasm_evaluate_integer (context, range->first, "the first number of a range", &first) ||
      !qrx_qasm_evaluate_integer (context, range->last, "the last number of a range", &last) ||
      (range->step != NULL && !qrx_qasm_evaluate_integer (context, range->step, "the step of a range", &step)))
    return FALSE;
  if (step == 0)
    return qrx_qasm_fail (context->source, range->step->token, QRX_PIPELINE_ERROR_VALUE, context->error,
                          "found a step of 0, expected another number");
  first += size >= 0 && first < 0 ? size : 0;
  last += size >= 0 && last < 0 ? size : 0;
  for (gint64 i = first; step > 0 ? i <= last : i >= last; i += step)
    if (!add_index (context, token, size >= 0 && i < 0 ? i - size : i, size, indices))
      return FALSE;
  return TRUE;
}

GArray *
qrx_qasm_evaluate_range (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmRange *range, gint64 size)
{
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean done;
  gint64 index;

  if (range->list != NULL)
    done = add_list (context, range, size, indices);
  else if (range->last != NULL)
    done = add_span (context, token, range, size, indices);
  else
    done = qrx_qasm_evaluate_integer (context, range->first, "an index", &index) &&
           add_index (context, range->first->token, index, size, indices);
  return done ? g_steal_pointer (&indices) : NULL;
}
