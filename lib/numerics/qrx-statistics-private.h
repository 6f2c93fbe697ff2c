/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the statistics share. */
#pragma once

#include <qrx/qrx-statistics.h>

/* Says why a score is not defined. Returns FALSE. */
gboolean qrx_statistics_refuse (const char **reason, const char *why);

/* Gives a score that is finite; says so if it is not. */
gboolean qrx_statistics_accept (double score, double *out, const char **reason);

/* Whether all of @values are finite; says so if not. */
gboolean qrx_statistics_check_finite (const double *values, gsize n, const char **reason);

/* Whether all values are the same. */
gboolean qrx_statistics_is_constant (const double *values, gsize n);

/* The indices of @values in ascending order, equal ones in that of their indices. */
gsize *qrx_statistics_sort (const double *values, gsize n);

double qrx_statistics_mean (const double *values, gsize n);
