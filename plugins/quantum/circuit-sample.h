/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random settings of a circuit as the rows of a batch: what all diagnostics of circuits begin with. */
#pragma once

#include <qrx/qrx-backend.h>
#include <qrx/qrx-context.h>
#include <qrx/qrx-metrics.h>
#include <qrx/qrx-random.h>

#include "quantum/circuit-description.h"

G_BEGIN_DECLS

/* A part of a diagnostic node's instance; QrxNode frees what it points to. */
typedef struct {
  char *angles;
  char *backend;
} QrxSampling;

/* Declares angles and backend; @offset is the sampling's in the instance. */
void qrx_sampling_add_properties (QrxNodeClass *node_class, gsize offset);
/* Declares the number of qubits; @offset is a gint64's. */
void qrx_sampling_add_qubits (QrxNodeClass *node_class, gsize offset);
/* Declares category and output of a diagnostic. */
void qrx_sampling_describe (QrxNodeClass *node_class, const char *name, const char *summary, const char *output);
/* For resolve(): whether the properties make a circuit. */
gboolean qrx_sampling_check (const QrxCircuitDescription *described, gint64 n_qubits, GError **error);

/* A circuit whose inputs and weights differ from row to row, and what runs it. */
typedef struct {
  QrxCircuit *circuit; /* as described */
  QrxProgram *program; /* its weights are inputs, after those that it has */
  QrxBackend *backend;
  QrxTensor *no_weights;
  QrxPool *pool;
  gboolean turns_inputs; /* inputs are drawn, too, else 0 */
  guint n_inputs, n_weights;
} QrxSample;

QrxSample *qrx_sample_new (const QrxSampling *self, QrxCircuit *circuit, QrxContext *context, GError **error);
void qrx_sample_free (QrxSample *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxSample, qrx_sample_free)

/* Rows of inputs and weights, (n, n_inputs + n_weights) and float64: weights even in 0..2π, inputs too or 0. */
QrxTensor *qrx_sample_draw (const QrxSample *self, QrxRandom *random, gsize n);
/* How many rows of states to have in memory at once, at most @n. */
gsize qrx_sample_fit_states (const QrxSample *self, gsize n);
/* The states of rows, (n, 2 · 2^qubits) and float64. */
QrxTensor *qrx_sample_make_states (const QrxSample *self, QrxTensor *rows, GError **error);

G_END_DECLS
