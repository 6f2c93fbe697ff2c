/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Columns of numbers over epochs. */
#include <qrx/qrx-history.h>
#include <qrx/qrx-number.h>

#include <math.h>

typedef struct {
  char *name;
  GArray *values; /* of double; shorter than the history where the later epochs recorded nothing */
} Column;

struct _QrxHistory {
  QrxValue parent_instance;
  GPtrArray *columns;
  GHashTable *by_name;
  guint n_epochs;
};

G_DEFINE_FINAL_TYPE (QrxHistory, qrx_history, QRX_TYPE_VALUE)

static void
column_free (gpointer data)
{
  Column *column = data;

  g_free (column->name);
  g_array_unref (column->values);
  g_free (column);
}

static void
qrx_history_finalize (GObject *object)
{
  QrxHistory *self = QRX_HISTORY (object);

  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->columns);
  G_OBJECT_CLASS (qrx_history_parent_class)->finalize (object);
}

static char *
qrx_history_describe (QrxValue *value)
{
  QrxHistory *self = QRX_HISTORY (value);

  return g_strdup_printf ("history[%u epochs, %u columns]", self->n_epochs, self->columns->len);
}

static void
qrx_history_class_init (QrxHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_history_finalize;
  QRX_VALUE_CLASS (klass)->kind = "history";
  QRX_VALUE_CLASS (klass)->describe = qrx_history_describe;
}

static void
qrx_history_init (QrxHistory *self)
{
  self->columns = g_ptr_array_new_with_free_func (column_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * qrx_history_new:
 *
 * Makes an empty history.
 *
 * Returns: (transfer full): the history
 */
QrxHistory *
qrx_history_new (void)
{
  return g_object_new (QRX_TYPE_HISTORY, NULL);
}

/**
 * qrx_history_set:
 * @self: a history that is not published
 * @epoch: the epoch, from 0
 * @name: the column
 * @value: the number
 *
 * Records a number.
 */
void
qrx_history_set (QrxHistory *self, guint epoch, const char *name, double value)
{
  Column *column;

  g_return_if_fail (QRX_IS_HISTORY (self) && name != NULL);
  g_return_if_fail (!qrx_value_is_frozen (QRX_VALUE (self)));

  column = g_hash_table_lookup (self->by_name, name);
  if (column == NULL)
    {
      column = g_new0 (Column, 1);
      column->name = g_strdup (name);
      column->values = g_array_new (FALSE, FALSE, sizeof (double));
      g_ptr_array_add (self->columns, column);
      g_hash_table_insert (self->by_name, column->name, column);
    }
  while (column->values->len <= epoch)
    g_array_append_val (column->values, (double){ NAN });
  g_array_index (column->values, double, epoch) = value;
  self->n_epochs = MAX (self->n_epochs, epoch + 1);
}

/**
 * qrx_history_get_n_epochs:
 * @self: a history
 *
 * Returns: the number of epochs recorded
 */
guint
qrx_history_get_n_epochs (QrxHistory *self)
{
  g_return_val_if_fail (QRX_IS_HISTORY (self), 0);
  return self->n_epochs;
}

/**
 * qrx_history_get:
 * @self: a history
 * @epoch: the epoch, from 0
 * @name: the column
 *
 * Returns: the number; NaN where nothing was recorded
 */
double
qrx_history_get (QrxHistory *self, guint epoch, const char *name)
{
  Column *column;

  g_return_val_if_fail (QRX_IS_HISTORY (self), NAN);
  column = g_hash_table_lookup (self->by_name, name);
  return column != NULL && epoch < column->values->len ? g_array_index (column->values, double, epoch) : NAN;
}

/**
 * qrx_history_dup_names:
 * @self: a history
 *
 * Returns: (transfer full) (array zero-terminated=1): the columns, in the order in which they first came
 */
char **
qrx_history_dup_names (QrxHistory *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (QRX_IS_HISTORY (self), NULL);
  for (guint i = 0; i < self->columns->len; i++)
    g_strv_builder_add (names, ((Column *) self->columns->pdata[i])->name);
  return g_strv_builder_end (names);
}

/**
 * qrx_history_to_csv:
 * @self: a history
 *
 * Writes a history as CSV: the column `epoch` first, an empty field where nothing was recorded, and numbers in the shortest
 * form that reads back the same.
 *
 * Returns: (transfer full): the text
 */
char *
qrx_history_to_csv (QrxHistory *self)
{
  char buffer[QRX_NUMBER_BUFFER_SIZE];
  GString *text;

  g_return_val_if_fail (QRX_IS_HISTORY (self), NULL);
  text = g_string_new ("epoch");
  for (guint i = 0; i < self->columns->len; i++)
    g_string_append_printf (text, ",%s", ((Column *) self->columns->pdata[i])->name);
  g_string_append_c (text, '\n');
  for (guint epoch = 0; epoch < self->n_epochs; epoch++)
    {
      g_string_append_printf (text, "%u", epoch);
      for (guint i = 0; i < self->columns->len; i++)
        {
          double value = qrx_history_get (self, epoch, ((Column *) self->columns->pdata[i])->name);

          g_string_append_c (text, ',');
          if (!isnan (value))
            g_string_append (text, qrx_number_format (value, buffer));
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
