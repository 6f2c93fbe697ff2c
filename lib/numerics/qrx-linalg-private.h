/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bare check of LAPACK, without the memory of its answer; and what its test breaks on purpose. */
#pragma once

#include <qrx/qrx-linalg.h>

/* FALSE with a reason where the LAPACK at hand gives wrong results; @damage is added to one element of each
 * result. */
gboolean
qrx_linalg_probe (double damage, GError **error);
