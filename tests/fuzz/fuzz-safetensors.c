/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is accepted has its tensors within the bytes; written out and read back they are the same. */
#include "fuzz.h"

#include <qrx/qrx-safetensors.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) bytes = g_bytes_new_static (copy, size), written = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxSafetensors) file = qrx_safetensors_new (bytes, "input", &error), again = NULL;
  g_autoptr (QrxSafetensorsWriter) writer = qrx_safetensors_writer_new ();

  if (file == NULL)
    {
      g_assert_error (error, QRX_DATA_ERROR, QRX_DATA_ERROR_FORMAT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (const char *const *name = qrx_safetensors_get_names (file); *name != NULL; name++)
    {
      g_autoptr (QrxTensor) tensor = qrx_safetensors_get (file, *name, NULL);

      if (tensor != NULL)
        qrx_safetensors_writer_add (writer, *name, tensor);
    }
  written = qrx_safetensors_writer_to_bytes (writer);
  again = qrx_safetensors_new (written, "again", &error);
  g_assert_no_error (error);
  for (const char *const *name = qrx_safetensors_get_names (again); *name != NULL; name++)
    {
      g_autoptr (QrxTensor) one = qrx_safetensors_get (file, *name, NULL), two = qrx_safetensors_get (again, *name, NULL);
      gsize length = qrx_tensor_get_n_elements (one) * qrx_dtype_get_size (qrx_tensor_get_dtype (one));

      g_assert_cmpmem (qrx_tensor_peek (one), length, qrx_tensor_peek (two), length);
    }
  return 0;
}
