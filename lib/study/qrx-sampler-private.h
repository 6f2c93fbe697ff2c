/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decides which configurations are tried. A sampler has no state: what it proposes follows from its
 * options, the number of the proposal and the results so far, so that a study that was interrupted goes on as
 * if it had not been. */
#pragma once

#include "study/qrx-space-private.h"

G_BEGIN_DECLS

typedef enum {
  QRX_SAMPLER_GRID,
} QrxSamplerKind;

typedef struct {
  QrxSamplerKind kind;
  guint n_trials; /* configurations of a search; of a grid, as many as it has */
  guint64 seed;
  guint pending; /* how many proposals may lack a result when the next is made */
  gboolean minimize;
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

/* What came of the first @n proposals. */
typedef struct {
  const QrxProposal *const *proposals;
  const double *values; /* NaN where a trial failed */
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

G_END_DECLS
