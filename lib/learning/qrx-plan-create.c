/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the tensors that a plan declares, with the values that they begin with. Knows nothing of steps that will hold them. */
#include "learning/qrx-step-private.h"

GPtrArray *
qrx_plan_create_raw (QrxPlan *plan, guint64 seed, const char *layer)
{
  GPtrArray *raw = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < plan->parameters->len; i++)
    g_ptr_array_add (raw, qrx_parameter_create_raw (plan->parameters->pdata[i], plan->dtype, seed, layer));
  return raw;
}

GPtrArray *
qrx_plan_create_effective (QrxPlan *plan, GPtrArray *raw)
{
  GPtrArray *effective = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < plan->parameters->len; i++)
    {
      QrxParameter *parameter = plan->parameters->pdata[i];

      if (qrx_parameter_is_direct (parameter))
        g_ptr_array_add (effective, g_object_ref (raw->pdata[i]));
      else
        {
          QrxTensor *tensor = qrx_tensor_new_matrix (plan->dtype, parameter->rows, parameter->columns);

          qrx_parameter_expand (parameter, raw->pdata[i], tensor);
          g_ptr_array_add (effective, tensor);
        }
    }
  return effective;
}

GPtrArray *
qrx_plan_create_buffers (QrxPlan *plan)
{
  GPtrArray *buffers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < plan->buffers->len; i++)
    {
      QrxStorage *storage = &g_array_index (plan->buffers, QrxStorage, i);
      QrxTensor *tensor = qrx_tensor_new_matrix (QRX_DTYPE_F64, storage->rows, storage->columns);

      qrx_tensor_fill (tensor, storage->value);
      g_ptr_array_add (buffers, tensor);
    }
  return buffers;
}
