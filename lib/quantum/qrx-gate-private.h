/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one description of every gate, which the circuit, the compiler, the reference backend and gradients read. */
#pragma once

#include <complex.h>

#include <glib.h>

G_BEGIN_DECLS

#define QRX_GATE_MAX_WIRES 3
#define QRX_GATE_MAX_PARAMETERS 3
#define QRX_GATE_MAX_ROTATIONS 8

/* How an expectation depends on a parameter, and so which shifts give its exact derivative. */
typedef enum {
  QRX_SHIFT_TWO_TERM,  /* one frequency: [f(t + pi/2) - f(t - pi/2)] / 2 */
  QRX_SHIFT_FOUR_TERM, /* frequencies 1/2 and 1: shifts pi/2 and 3 pi/2 (Anselmetti 2021) */
} QrxShiftRule;

/* How the entries of the matrix depend on a parameter t. */
typedef enum {
  QRX_ENTRY_HALF, /* a + b cos(t/2) + c sin(t/2) */
  QRX_ENTRY_FULL, /* a + b exp(i t) */
} QrxEntryRule;

typedef struct {
  const char *name;
  QrxEntryRule entries;
  QrxShiftRule shift;
} QrxGateParameter;

/* exp(-i angle P / 2) with P a Pauli string over the gate's own wires. */
typedef struct {
  const char *pauli;
  int parameter; /* angle = factor * parameter; or -1: angle = factor quarter turns */
  double factor;
} QrxGateRotation;

typedef struct {
  const char *name;
  guint n_wires;
  guint n_controls; /* leading wires; the matrix acts on the others where all of them are 1 */
  guint n_parameters;
  guint n_rotations;
  QrxGateParameter parameters[QRX_GATE_MAX_PARAMETERS];
  void (*matrix) (const double *parameters, double complex *matrix); /* row-major, first wire most significant */
  QrxGateRotation rotations[QRX_GATE_MAX_ROTATIONS]; /* in the order of time; equal to the gate up to a phase */
} QrxGate;

const QrxGate *qrx_gate_find (const char *name);
const char *const *qrx_gate_list_names (void);
/* The whole gate, controls included: 2^n_wires rows. */
void qrx_gate_get_matrix (const QrxGate *gate, const double *parameters, double complex *matrix);

G_END_DECLS
