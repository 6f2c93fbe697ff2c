/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Distribution functions that tests and intervals need. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

QRX_API double qrx_distribution_normal_survival (double z);
QRX_API double qrx_distribution_normal_quantile (double p);
QRX_API double qrx_distribution_student_two_sided (double t, double df);
QRX_API double qrx_distribution_student_quantile (double p, double df);
QRX_API double qrx_distribution_chi_squared_survival (double x, double df);
QRX_API double qrx_distribution_range_survival (double q, guint k);
QRX_API double qrx_distribution_range_quantile (double p, guint k);
QRX_API guint64 qrx_distribution_binomial_quantile (double p, guint64 n, double chance);

G_END_DECLS
