/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One body of code for both element types: a *-typed.h file says REAL and TYPED (name), and is included between
 * QRX_TYPED's two settings, so that name_f32 and name_f64 come of it. */
#pragma once

#define QRX_TYPED_JOIN(name, suffix) name##_##suffix

/* Columns that are worked on together, so that their sums stay in registers or in the nearest cache. */
#define QRX_COLUMNS_TILE 64
