/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides which configurations are tried. A sampler has no state: what it proposes follows from its
 * options, the number of the proposal and the results so far, so that a study that was interrupted goes on as
 * if it had not been. */
#pragma once

#include "study/qrx-space-private.h"

G_BEGIN_DECLS

typedef enum {
  QRX_SAMPLER_GRID,
  QRX_SAMPLER_RANDOM,
  QRX_SAMPLER_SOBOL,
  QRX_SAMPLER_TPE,
  QRX_SAMPLER_ASHA,
} QrxSamplerKind;

typedef struct {
  QrxSamplerKind kind;
  guint n_trials; /* configurations of a search; of a grid, as many as it has */
  guint64 seed;
  guint pending; /* how many proposals may lack a result when the next is made */
  gboolean minimize;
  /* tpe */
  guint n_startup;    /* random configurations first */
  guint n_candidates; /* drawn for each proposal */
  double good;        /* fraction of the results that are called good */
  /* asha */
  char *resource;          /* the path that takes the budget, such as "fit.epochs" */
  gint64 minimum, maximum; /* of the budget */
  guint reduction;         /* one of so many is promoted, to so many times the budget */
} QrxSamplerOptions;

/* A configuration to try. */
typedef struct {
  double *point;
  gint64 budget; /* epochs; 0 is what the pipeline says */
  gint parent;   /* the proposal that this one goes on with, or −1 */
} QrxProposal;

QrxProposal *qrx_proposal_new (const double *point, guint n, gint64 budget, gint parent);
void qrx_proposal_free (QrxProposal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxProposal, qrx_proposal_free)

/* What was proposed, and what came of it so far. */
typedef struct {
  const QrxProposal *const *proposals; /* all so far */
  const double *values;                /* of the first n; NaN where a trial failed */
  guint n;
} QrxOutcomes;

const char *qrx_sampler_get_name (const QrxSamplerOptions *options);
/* How many proposals a search makes at most. */
guint qrx_sampler_count (const QrxSamplerOptions *options, GPtrArray *grid);
/* Whether proposals depend on results. */
gboolean qrx_sampler_is_adaptive (const QrxSamplerOptions *options);
/* Proposal number @k, or NULL where these results lead to none. */
QrxProposal *qrx_sampler_propose (const QrxSamplerOptions *options, const QrxSpace *space, GPtrArray *grid, guint k,
                                  const QrxOutcomes *outcomes);

/* Uniform fractions of all dimensions make a point. */
void qrx_sampler_fill (const QrxSpace *space, const double *fractions, double *point);
/* @point has a coordinate for each dimension. */
void qrx_sampler_random (const QrxSamplerOptions *options, const QrxSpace *space, guint k, double *point);
/* Point @k of a Sobol sequence with a random digital shift, as fractions. @n is at most QRX_SOBOL_MAX. */
#define QRX_SOBOL_MAX 21
void qrx_sobol_point (guint64 seed, guint k, guint n, double *fractions);
void qrx_sampler_tpe (const QrxSamplerOptions *options, const QrxSpace *space, guint k, const QrxOutcomes *outcomes,
                      double *point);
/* NULL where the results promote none and all configurations are tried. */
QrxProposal *qrx_sampler_asha (const QrxSamplerOptions *options, const QrxSpace *space, guint k,
                               const QrxOutcomes *outcomes);
guint qrx_sampler_asha_count (const QrxSamplerOptions *options);

G_END_DECLS
