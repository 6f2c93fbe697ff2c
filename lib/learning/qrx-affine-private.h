/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last layer of models that are fitted in closed form. */
#pragma once

#include <qrx/qrx-layer.h>

#define QRX_TYPE_AFFINE (qrx_affine_get_type ())
G_DECLARE_FINAL_TYPE (QrxAffine, qrx_affine, QRX, AFFINE, QrxLayer)
