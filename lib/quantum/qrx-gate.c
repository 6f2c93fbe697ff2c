/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate table: conventions of OpenQASM, R_P(t) = exp(-i t P / 2), p(t) = diag(1, exp(i t)). Knows no circuit. */
#include "quantum/qrx-gate-private.h"

#include <math.h>
#include <string.h>

static void
set_2x2 (double complex *m, double complex a, double complex b, double complex c, double complex d)
{
  m[0] = a;
  m[1] = b;
  m[2] = c;
  m[3] = d;
}

static void
matrix_id (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, 1);
}

static void
matrix_x (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 0, 1, 1, 0);
}

static void
matrix_y (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 0, -I, I, 0);
}

static void
matrix_z (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, -1);
}

static void
matrix_h (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, M_SQRT1_2, M_SQRT1_2, M_SQRT1_2, -M_SQRT1_2);
}

static void
matrix_s (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, I);
}

static void
matrix_sdg (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, -I);
}

static void
matrix_t (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, M_SQRT1_2 + I * M_SQRT1_2);
}

static void
matrix_tdg (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 1, 0, 0, M_SQRT1_2 - I * M_SQRT1_2);
}

static void
matrix_sx (const double *p G_GNUC_UNUSED, double complex *m)
{
  set_2x2 (m, 0.5 + 0.5 * I, 0.5 - 0.5 * I, 0.5 - 0.5 * I, 0.5 + 0.5 * I);
}

static void
matrix_rx (const double *p, double complex *m)
{
  double c = cos (p[0] / 2), s = sin (p[0] / 2);

  set_2x2 (m, c, -I * s, -I * s, c);
}

static void
matrix_ry (const double *p, double complex *m)
{
  double c = cos (p[0] / 2), s = sin (p[0] / 2);

  set_2x2 (m, c, -s, s, c);
}

static void
matrix_rz (const double *p, double complex *m)
{
  double c = cos (p[0] / 2), s = sin (p[0] / 2);

  set_2x2 (m, c - I * s, 0, 0, c + I * s);
}

static void
matrix_p (const double *p, double complex *m)
{
  set_2x2 (m, 1, 0, 0, cos (p[0]) + I * sin (p[0]));
}

static void
matrix_u3 (const double *p, double complex *m)
{
  double c = cos (p[0] / 2), s = sin (p[0] / 2);
  double complex phi = cos (p[1]) + I * sin (p[1]), lambda = cos (p[2]) + I * sin (p[2]);

  set_2x2 (m, c, -lambda * s, phi * s, phi * lambda * c);
}

static void
matrix_swap (const double *p G_GNUC_UNUSED, double complex *m)
{
  memset (m, 0, 16 * sizeof *m);
  m[0] = m[6] = m[9] = m[15] = 1;
}

/* cos(t/2) - i sin(t/2) P, P the antidiagonal of the two given entries. */
static void
set_antidiagonal_rotation (double t, double outer, double inner, double complex *m)
{
  double complex s = -I * sin (t / 2);

  memset (m, 0, 16 * sizeof *m);
  m[0] = m[5] = m[10] = m[15] = cos (t / 2);
  m[3] = m[12] = s * outer;
  m[6] = m[9] = s * inner;
}

static void
matrix_rxx (const double *p, double complex *m)
{
  set_antidiagonal_rotation (p[0], 1, 1, m);
}

static void
matrix_ryy (const double *p, double complex *m)
{
  set_antidiagonal_rotation (p[0], -1, 1, m);
}

static void
matrix_rzz (const double *p, double complex *m)
{
  double complex z = cos (p[0] / 2) - I * sin (p[0] / 2);

  memset (m, 0, 16 * sizeof *m);
  m[0] = m[15] = z;
  m[5] = m[10] = conj (z);
}

#define NONE { { NULL, 0, 0 } }
#define ANGLE(name) { { name, QRX_ENTRY_HALF, QRX_SHIFT_TWO_TERM } }
#define PHASE(name) { { name, QRX_ENTRY_FULL, QRX_SHIFT_TWO_TERM } }
#define CONTROLLED_ANGLE(name) { { name, QRX_ENTRY_HALF, QRX_SHIFT_FOUR_TERM } }
#define QUARTERS(pauli, n) { pauli, -1, n }
#define TURN(pauli, parameter, factor) { pauli, parameter, factor }
/* A controlled Pauli is exp(-i pi/4 (1 - Z)(1 - P)); controlled rotations and phases expand alike. */
#define CONTROLLED_PAULI(p) { QUARTERS ("ZI", -1), QUARTERS ("I" p, -1), QUARTERS ("Z" p, 1) }
#define CONTROLLED_ROTATION(p) { TURN ("I" p, 0, 0.5), TURN ("Z" p, 0, -0.5) }

static const QrxGate gates[] = {
  { "id", 1, 0, 0, 0, NONE, matrix_id, { { NULL, 0, 0 } } },
  { "x", 1, 0, 0, 1, NONE, matrix_x, { QUARTERS ("X", 2) } },
  { "y", 1, 0, 0, 1, NONE, matrix_y, { QUARTERS ("Y", 2) } },
  { "z", 1, 0, 0, 1, NONE, matrix_z, { QUARTERS ("Z", 2) } },
  { "h", 1, 0, 0, 2, NONE, matrix_h, { QUARTERS ("Z", 2), QUARTERS ("Y", 1) } },
  { "s", 1, 0, 0, 1, NONE, matrix_s, { QUARTERS ("Z", 1) } },
  { "sdg", 1, 0, 0, 1, NONE, matrix_sdg, { QUARTERS ("Z", -1) } },
  { "t", 1, 0, 0, 1, NONE, matrix_t, { QUARTERS ("Z", 0.5) } },
  { "tdg", 1, 0, 0, 1, NONE, matrix_tdg, { QUARTERS ("Z", -0.5) } },
  { "sx", 1, 0, 0, 1, NONE, matrix_sx, { QUARTERS ("X", 1) } },
  { "rx", 1, 0, 1, 1, ANGLE ("theta"), matrix_rx, { TURN ("X", 0, 1) } },
  { "ry", 1, 0, 1, 1, ANGLE ("theta"), matrix_ry, { TURN ("Y", 0, 1) } },
  { "rz", 1, 0, 1, 1, ANGLE ("theta"), matrix_rz, { TURN ("Z", 0, 1) } },
  { "p", 1, 0, 1, 1, PHASE ("lambda"), matrix_p, { TURN ("Z", 0, 1) } },
  { "u3", 1, 0, 3, 3,
    { { "theta", QRX_ENTRY_HALF, QRX_SHIFT_TWO_TERM },
      { "phi", QRX_ENTRY_FULL, QRX_SHIFT_TWO_TERM },
      { "lambda", QRX_ENTRY_FULL, QRX_SHIFT_TWO_TERM } },
    matrix_u3, { TURN ("Z", 2, 1), TURN ("Y", 0, 1), TURN ("Z", 1, 1) } },
  { "cx", 2, 1, 0, 3, NONE, matrix_x, CONTROLLED_PAULI ("X") },
  { "cy", 2, 1, 0, 3, NONE, matrix_y, CONTROLLED_PAULI ("Y") },
  { "cz", 2, 1, 0, 3, NONE, matrix_z, CONTROLLED_PAULI ("Z") },
  { "ch", 2, 1, 0, 5, NONE, matrix_h,
    { QUARTERS ("IY", -0.5), QUARTERS ("ZI", -1), QUARTERS ("IZ", -1), QUARTERS ("ZZ", 1), QUARTERS ("IY", 0.5) } },
  { "swap", 2, 0, 0, 3, NONE, matrix_swap, { QUARTERS ("XX", -1), QUARTERS ("YY", -1), QUARTERS ("ZZ", -1) } },
  { "crx", 2, 1, 1, 2, CONTROLLED_ANGLE ("theta"), matrix_rx, CONTROLLED_ROTATION ("X") },
  { "cry", 2, 1, 1, 2, CONTROLLED_ANGLE ("theta"), matrix_ry, CONTROLLED_ROTATION ("Y") },
  { "crz", 2, 1, 1, 2, CONTROLLED_ANGLE ("theta"), matrix_rz, CONTROLLED_ROTATION ("Z") },
  { "cp", 2, 1, 1, 3, PHASE ("lambda"), matrix_p,
    { TURN ("ZI", 0, 0.5), TURN ("IZ", 0, 0.5), TURN ("ZZ", 0, -0.5) } },
  { "rxx", 2, 0, 1, 1, ANGLE ("theta"), matrix_rxx, { TURN ("XX", 0, 1) } },
  { "ryy", 2, 0, 1, 1, ANGLE ("theta"), matrix_ryy, { TURN ("YY", 0, 1) } },
  { "rzz", 2, 0, 1, 1, ANGLE ("theta"), matrix_rzz, { TURN ("ZZ", 0, 1) } },
  /* exp(-i pi/8 (1 - Z)(1 - Z)(1 - X)) */
  { "ccx", 3, 2, 0, 7, NONE, matrix_x,
    { QUARTERS ("ZII", -0.5), QUARTERS ("IZI", -0.5), QUARTERS ("IIX", -0.5), QUARTERS ("ZZI", 0.5),
      QUARTERS ("ZIX", 0.5), QUARTERS ("IZX", 0.5), QUARTERS ("ZZX", -0.5) } },
  /* exp(-i pi/8 (1 - Z)(1 - XX - YY - ZZ)) */
  { "cswap", 3, 1, 0, 7, NONE, matrix_swap,
    { QUARTERS ("ZII", -0.5), QUARTERS ("IXX", -0.5), QUARTERS ("IYY", -0.5), QUARTERS ("IZZ", -0.5),
      QUARTERS ("ZXX", 0.5), QUARTERS ("ZYY", 0.5), QUARTERS ("ZZZ", 0.5) } },
};

/* The gate of this name, or NULL. */
const QrxGate *
qrx_gate_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (gates); i++)
    if (strcmp (gates[i].name, name) == 0)
      return &gates[i];
  return NULL;
}

/* All names, NULL-terminated. */
const char *const *
qrx_gate_list_names (void)
{
  static const char *names[G_N_ELEMENTS (gates) + 1];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (gates); i++)
        names[i] = gates[i].name;
      g_once_init_leave (&ready, 1);
    }
  return names;
}

void
qrx_gate_get_matrix (const QrxGate *gate, const double *parameters, double complex *matrix)
{
  double complex inner[16];
  gsize size = (gsize) 1 << gate->n_wires, inner_size = size >> gate->n_controls, first = size - inner_size;

  gate->matrix (parameters, inner);
  memset (matrix, 0, size * size * sizeof *matrix);
  for (gsize i = 0; i < first; i++)
    matrix[i * size + i] = 1;
  for (gsize i = 0; i < inner_size; i++)
    for (gsize j = 0; j < inner_size; j++)
      matrix[(first + i) * size + first + j] = inner[i * inner_size + j];
}
