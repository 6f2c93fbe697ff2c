/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a tensor, for the two files that make and fill it. */
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
