/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores and tests, in double precision, for evaluators and studies in C.
 *
 * A function that returns a gboolean returns FALSE where the score is not defined, leaves its results alone and sets
 * *reason, unless that is NULL, to a constant text in English that says why. */
#pragma once

#include <qrx/qrx-macros.h>

G_BEGIN_DECLS

/* Order */
QRX_API void qrx_statistics_rank (const double *values, gsize n, double *ranks);
QRX_API gboolean qrx_statistics_median (const double *values, gsize n, double *median, const char **reason);
QRX_API gboolean qrx_statistics_quantile (const double *values, gsize n, double p, double *quantile,
                                          const char **reason);

/* Scores of a ranking; positives[i] is nonzero where row i belongs to the class that high scores should find */
QRX_API gboolean qrx_statistics_auc (const double *scores, const guint8 *positives, gsize n, double *auc,
                                     const char **reason);
QRX_API gboolean qrx_statistics_auc_within (const double *scores, const guint8 *positives, const guint *groups, gsize n,
                                            double *auc, const char **reason);
QRX_API gboolean qrx_statistics_delong (const double *scores, const guint8 *positives, gsize n, double *auc,
                                        double *variance, const char **reason);
QRX_API gboolean qrx_statistics_auc_influence (const double *scores, const guint8 *positives, gsize n, double *influence,
                                               const char **reason);
QRX_API void qrx_statistics_normal_interval (double estimate, double variance, double level, double interval[2]);
QRX_API gboolean qrx_statistics_delong_paired (const double *scores, const double *others, const guint8 *positives,
                                               gsize n, double *difference, double *z, double *p, const char **reason);
QRX_API gboolean qrx_statistics_average_precision (const double *scores, const guint8 *positives, gsize n,
                                                   double *average_precision, const char **reason);

/* Scores of a regression */
QRX_API gboolean qrx_statistics_rmse (const double *targets, const double *predictions, gsize n, double *rmse,
                                      const char **reason);
QRX_API gboolean qrx_statistics_mae (const double *targets, const double *predictions, gsize n, double *mae,
                                     const char **reason);
QRX_API gboolean qrx_statistics_r2 (const double *targets, const double *predictions, gsize n, double *r2,
                                    const char **reason);
QRX_API gboolean qrx_statistics_pearson (const double *x, const double *y, gsize n, double *r, const char **reason);
QRX_API gboolean qrx_statistics_spearman (const double *x, const double *y, gsize n, double *rho, const char **reason);
QRX_API gboolean qrx_statistics_kendall (const double *x, const double *y, gsize n, double *tau, const char **reason);

/* Sets chosen from the same items: selections[s * n_items + i] is nonzero where set s has item i. The mean over pairs of what
 * two sets have in common of what either has; and how alike they are beyond chance, 1 where they are the same (Nogueira,
 * Sechidis & Brown 2018, JMLR 18(174); where all are of one size, the mean over pairs of Kuncheva's index, 2007) */
QRX_API gboolean qrx_statistics_jaccard (const guint8 *selections, gsize n_sets, gsize n_items, double *mean,
                                         const char **reason);
QRX_API gboolean qrx_statistics_selection_stability (const guint8 *selections, gsize n_sets, gsize n_items,
                                                     double *stability, const char **reason);

/* Tests */
QRX_API gboolean qrx_statistics_corrected_t (const double *differences, gsize n, double test_over_train, double *t,
                                             double *p, const char **reason);
QRX_API gboolean qrx_statistics_corrected_interval (const double *values, gsize n, double test_over_train, double level,
                                                    double interval[2], const char **reason);
QRX_API gboolean qrx_statistics_holm (const double *p, gsize n, double *adjusted, const char **reason);
QRX_API gboolean qrx_statistics_friedman (const double *scores, gsize n_blocks, gsize n_treatments, double *statistic,
                                          double *p, double *mean_ranks, const char **reason);
QRX_API gboolean qrx_statistics_wilcoxon (const double *differences, gsize n, double *statistic, double *p,
                                          gboolean *exact, const char **reason);
QRX_API double qrx_statistics_critical_difference (gsize n_blocks, gsize n_treatments, double level);

G_END_DECLS
