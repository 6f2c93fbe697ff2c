/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dense row-major storage, aligned for SIMD. Knows nothing of what the numbers mean. */
#include "base/qrx-tensor-private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define QRX_TENSOR_ALIGNMENT 64
#define QRX_TENSOR_MAPPED (4u << 20) /* bytes from which pages come from the kernel, zero and large where it has such */

G_DEFINE_FINAL_TYPE (QrxTensor, qrx_tensor, G_TYPE_OBJECT)

static void
qrx_tensor_finalize (GObject *object)
{
  QrxTensor *self = QRX_TENSOR (object);

  if (self->owner != NULL)
    g_bytes_unref (self->owner);
  else if (self->keeper != NULL)
    g_object_unref (self->keeper);
  else if (self->mapped > 0)
    munmap (self->data, self->mapped);
  else
    free (self->data);
  G_OBJECT_CLASS (qrx_tensor_parent_class)->finalize (object);
}

static void
qrx_tensor_class_init (QrxTensorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = qrx_tensor_finalize;
}

static void
qrx_tensor_init (QrxTensor *self G_GNUC_UNUSED)
{
}

/**
 * qrx_dtype_get_size:
 * @dtype: an element type
 *
 * Returns: the size of one element in bytes
 */
gsize
qrx_dtype_get_size (QrxDtype dtype)
{
  return dtype == QRX_DTYPE_F64 ? sizeof (double) : sizeof (float);
}

/**
 * qrx_dtype_get_name:
 * @dtype: an element type
 *
 * Returns: "float32" or "float64"
 */
const char *
qrx_dtype_get_name (QrxDtype dtype)
{
  return dtype == QRX_DTYPE_F64 ? "float64" : "float32";
}

/* The number of elements, or FALSE where the product of the dimensions does not fit into memory. */
static gboolean
count_elements (QrxDtype dtype, const gsize *dims, guint rank, gsize *n_elements)
{
  gsize n = 1;

  for (guint i = 0; i < rank; i++)
    if (!g_size_checked_mul (&n, n, dims[i]))
      return FALSE;
  *n_elements = n;
  return n <= (G_MAXSSIZE - QRX_TENSOR_ALIGNMENT) / qrx_dtype_get_size (dtype);
}

static QrxTensor *
new_with_shape (QrxDtype dtype, const gsize *dims, guint rank, gsize n_elements)
{
  QrxTensor *self = g_object_new (QRX_TYPE_TENSOR, NULL);

  self->dtype = dtype;
  self->rank = rank;
  if (rank > 0)
    memcpy (self->dims, dims, rank * sizeof *dims);
  self->n_elements = n_elements;
  return self;
}

/* Zeros that take no memory until they are written; a step that streams through them wants large pages. */
static void
map_pages (QrxTensor *self, gsize size)
{
  gpointer pages = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED)
    return;
  madvise (pages, size, MADV_HUGEPAGE);
  self->data = pages;
  self->mapped = size;
}

/**
 * qrx_tensor_new:
 * @dtype: the element type
 * @dims: (array length=rank): the dimensions, outermost first
 * @rank: how many dimensions, at most four
 *
 * Makes a tensor filled with zeros.
 *
 * Returns: (transfer full): the tensor
 */
QrxTensor *
qrx_tensor_new (QrxDtype dtype, const gsize *dims, guint rank)
{
  QrxTensor *self;
  gsize n_elements, size;

  g_return_val_if_fail (rank <= QRX_TENSOR_MAX_RANK, NULL);
  g_return_val_if_fail (count_elements (dtype, dims, rank, &n_elements), NULL);

  self = new_with_shape (dtype, dims, rank, n_elements);
  size = MAX (n_elements, 1) * qrx_dtype_get_size (dtype);
  size = (size + QRX_TENSOR_ALIGNMENT - 1) / QRX_TENSOR_ALIGNMENT * QRX_TENSOR_ALIGNMENT;
  if (size >= QRX_TENSOR_MAPPED)
    map_pages (self, size);
  else
    self->data = aligned_alloc (QRX_TENSOR_ALIGNMENT, size);
  if (self->data == NULL)
    g_error ("out of memory for a tensor of %" G_GSIZE_FORMAT " bytes", size); /* as g_malloc() does */
  if (self->mapped == 0)
    memset (self->data, 0, size);
  return self;
}

/**
 * qrx_tensor_new_matrix:
 * @dtype: the element type
 * @rows: the number of rows
 * @columns: the number of columns
 *
 * Makes a tensor of shape (@rows, @columns) filled with zeros.
 *
 * Returns: (transfer full): the tensor
 */
QrxTensor *
qrx_tensor_new_matrix (QrxDtype dtype, gsize rows, gsize columns)
{
  return qrx_tensor_new (dtype, (gsize[]){ rows, columns }, 2);
}

/**
 * qrx_tensor_new_from_bytes:
 * @dtype: the element type
 * @dims: (array length=rank): the dimensions, outermost first
 * @rank: how many dimensions, at most four
 * @bytes: the elements, row-major, in the machine's byte order
 * @error: return location for an error
 *
 * Makes a read-only tensor over memory that exists, without a copy where its alignment allows.
 * Fails with %QRX_DATA_ERROR_SHAPE if the size of @bytes is not what the dimensions need.
 *
 * Returns: (transfer full): the tensor
 */
QrxTensor *
qrx_tensor_new_from_bytes (QrxDtype dtype, const gsize *dims, guint rank, GBytes *bytes, GError **error)
{
  QrxTensor *self;
  gsize n_elements, size;
  gconstpointer data;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  if (rank > QRX_TENSOR_MAX_RANK || !count_elements (dtype, dims, rank, &n_elements) ||
      n_elements * qrx_dtype_get_size (dtype) != size)
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "%" G_GSIZE_FORMAT " bytes do not make a tensor of the given shape and type", size);
      return NULL;
    }
  if ((gsize) data % qrx_dtype_get_size (dtype) != 0)
    {
      self = qrx_tensor_new (dtype, dims, rank);
      memcpy (self->data, data, size);
    }
  else
    {
      self = new_with_shape (dtype, dims, rank, n_elements);
      self->owner = g_bytes_ref (bytes);
      self->data = (gpointer) data;
    }
  self->read_only = TRUE;
  return self;
}

/**
 * qrx_tensor_new_over:
 * @dtype: the element type
 * @dims: (array length=rank): the dimensions, outermost first
 * @rank: how many dimensions, at most four
 * @address: of the first element; the elements are row-major
 * @read_only: whether the elements must not be written
 * @owner: what keeps the memory alive; the tensor holds a reference
 * @error: return location for an error
 *
 * Makes a tensor over memory that belongs to somebody else, without a copy.
 * Fails with %QRX_DATA_ERROR_SHAPE if the dimensions are too many or too large, or the address is not aligned to the
 * element size. What lies at the address cannot be checked: it is for array libraries, not for users.
 *
 * Returns: (transfer full): the tensor
 */
QrxTensor *
qrx_tensor_new_over (QrxDtype dtype, const gsize *dims, guint rank, guint64 address, gboolean read_only, GObject *owner,
                     GError **error)
{
  QrxTensor *self;
  gsize n_elements;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);

  if (rank > QRX_TENSOR_MAX_RANK || !count_elements (dtype, dims, rank, &n_elements) ||
      address % qrx_dtype_get_size (dtype) != 0 || (address == 0 && n_elements > 0))
    {
      g_set_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_SHAPE,
                   "the memory at %#" G_GINT64_MODIFIER "x does not make a tensor of %u dimensions and type %s: expected at "
                   "most %d dimensions and an address that is a multiple of %" G_GSIZE_FORMAT,
                   address, rank, qrx_dtype_get_name (dtype), QRX_TENSOR_MAX_RANK, qrx_dtype_get_size (dtype));
      return NULL;
    }
  self = new_with_shape (dtype, dims, rank, n_elements);
  self->keeper = g_object_ref (owner);
  self->data = (gpointer) (gsize) address;
  self->read_only = read_only;
  return self;
}

/**
 * qrx_tensor_get_dtype:
 * @self: a tensor
 *
 * Returns: the element type
 */
QrxDtype
qrx_tensor_get_dtype (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), QRX_DTYPE_F64);
  return self->dtype;
}

/**
 * qrx_tensor_get_rank:
 * @self: a tensor
 *
 * Returns: the number of dimensions
 */
guint
qrx_tensor_get_rank (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  return self->rank;
}

/**
 * qrx_tensor_get_dim:
 * @self: a tensor
 * @axis: an axis, 0 the outermost
 *
 * Returns: the size along @axis
 */
gsize
qrx_tensor_get_dim (QrxTensor *self, guint axis)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  g_return_val_if_fail (axis < self->rank, 0);
  return self->dims[axis];
}

/**
 * qrx_tensor_get_rows:
 * @self: a tensor
 *
 * Returns: the size along the outermost axis, 1 for a scalar
 */
gsize
qrx_tensor_get_rows (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  return self->rank > 0 ? self->dims[0] : 1;
}

/**
 * qrx_tensor_get_columns:
 * @self: a tensor
 *
 * Returns: the product of all dimensions but the outermost
 */
gsize
qrx_tensor_get_columns (QrxTensor *self)
{
  gsize n = 1;

  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  for (guint i = 1; i < self->rank; i++)
    n *= self->dims[i];
  return n;
}

/**
 * qrx_tensor_get_n_elements:
 * @self: a tensor
 *
 * Returns: the number of elements
 */
gsize
qrx_tensor_get_n_elements (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  return self->n_elements;
}

/**
 * qrx_tensor_is_read_only:
 * @self: a tensor
 *
 * Returns: whether the elements must not be written
 */
gboolean
qrx_tensor_is_read_only (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), TRUE);
  return self->read_only;
}

/**
 * qrx_tensor_set_read_only:
 * @self: a tensor
 *
 * Makes a tensor read-only for good.
 */
void
qrx_tensor_set_read_only (QrxTensor *self)
{
  g_return_if_fail (QRX_IS_TENSOR (self));
  self->read_only = TRUE;
}

/**
 * qrx_tensor_get_address:
 * @self: a tensor
 *
 * Gets the address of the first element, for array libraries that view foreign memory.
 *
 * Returns: the address; valid while @self lives
 */
guint64
qrx_tensor_get_address (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), 0);
  return (guint64) (gsize) self->data;
}

/**
 * qrx_tensor_ref_bytes:
 * @self: a tensor
 *
 * Gets the elements as bytes without copying; they keep the tensor alive.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
qrx_tensor_ref_bytes (QrxTensor *self)
{
  g_return_val_if_fail (QRX_IS_TENSOR (self), NULL);
  return g_bytes_new_with_free_func (self->data, self->n_elements * qrx_dtype_get_size (self->dtype),
                                     g_object_unref, g_object_ref (self));
}
