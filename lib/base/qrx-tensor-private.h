/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a tensor, for the two files that make and fill it, and for checks that must cost nothing. */
#pragma once

#include <qrx/qrx-tensor.h>

struct _QrxTensor {
  GObject parent_instance;
  QrxDtype dtype;
  guint rank;
  gsize dims[QRX_TENSOR_MAX_RANK];
  gsize n_elements;
  gpointer data;
  gsize mapped; /* bytes, where the memory is pages of its own */
  GBytes *owner; /* set when the memory belongs to somebody else */
  GObject *keeper; /* likewise */
  gboolean read_only;
};

/* Whether it is what a call expects: a vector of so many rows, or a matrix of so many columns, too. */
static inline gboolean
qrx_tensor_is_as_expected (const QrxTensor *self, QrxDtype dtype, guint rank, guint64 rows, guint64 columns, gboolean writable)
{
  return self->dtype == dtype && self->rank == rank && self->dims[0] == rows && (rank < 2 || self->dims[1] == columns) &&
         !(writable && self->read_only);
}
