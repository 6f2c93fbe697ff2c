/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is accepted is finite; what is a number alone is what the C library reads. */
#include "fuzz.h"

#include <math.h>
#include <qrx/qrx-expression.h>
#include <qrx/qrx-number.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (GError) error = NULL;
  double value, number, expected;

  if (qrx_expression_evaluate (text, &value, &error))
    g_assert_true (isfinite (value));
  else
    {
      g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  if (qrx_number_parse ((const char *) data, size, &number))
    {
      expected = g_ascii_strtod (text, NULL);
      g_assert_cmpmem (&number, sizeof number, &expected, sizeof expected);
    }
  return 0;
}
