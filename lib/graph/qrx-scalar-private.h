/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the enumerations of scalars are written in files; indexed by them, with a NULL at the end. */
#pragma once

#include <qrx/qrx-scalar.h>

G_BEGIN_DECLS

extern const char *const qrx_scalar_train_names[];
extern const char *const qrx_scalar_parameterization_names[];

G_END_DECLS
