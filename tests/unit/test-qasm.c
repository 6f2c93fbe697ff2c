/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What programs of OpenQASM mean, by outcomes that are known, and by other ways of writing the same; and what is refused,
 * where, and in which words. */
#include <math.h>
#include <qrx/qrx-reference-backend.h>
#include <string.h>

/* Rounding of some hundred operations on numbers near 1. */
#define TOLERANCE 1e-12

#define Q3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
#define Q2 "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"

static QrxCircuit *
read_program (const char *text)
{
  g_autoptr (GError) error = NULL;
  QrxCircuit *circuit = qrx_circuit_new_from_text (text, -1, &error);

  if (circuit == NULL)
    g_error ("%s\n%s", error->message, text);
  return circuit;
}

/* Expectations with input i at 0.3 + i and weight i at −0.8 + i. */
static QrxTensor *
evaluate (QrxCircuit *circuit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrxBackend) backend = qrx_reference_backend_new ();
  g_autoptr (QrxProgram) program = qrx_program_compile (circuit, &error);
  gsize n_inputs = qrx_circuit_get_n_inputs (circuit), n_weights = qrx_circuit_get_n_weights (circuit);
  g_autoptr (QrxTensor) inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, n_inputs);
  g_autoptr (QrxTensor) weights = qrx_tensor_new (QRX_DTYPE_F64, &n_weights, 1);
  g_autoptr (QrxWorkspace) workspace = NULL;
  QrxTensor *output = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, qrx_circuit_get_n_observables (circuit));

  g_assert_no_error (error);
  for (gsize i = 0; i < n_inputs; i++)
    qrx_tensor_set (inputs, i, 0.3 + (double) i);
  for (gsize i = 0; i < n_weights; i++)
    qrx_tensor_set (weights, i, -0.8 + (double) i);
  workspace = qrx_backend_create_workspace (backend, program, 1, QRX_DTYPE_F64, &error);
  g_assert_no_error (error);
  qrx_backend_expectations (backend, program, inputs, weights, workspace, output, NULL, &error);
  g_assert_no_error (error);
  return output;
}

/* Every Pauli string: all that can be known of a state. */
static void
measure_all (QrxCircuit *circuit)
{
  guint n = qrx_circuit_get_n_qubits (circuit);

  qrx_circuit_clear_observables (circuit);
  for (guint i = 1; i < 1u << 2 * n; i++)
    {
      char pauli[8] = { 0 };

      for (guint q = 0; q < n; q++)
        pauli[q] = "IXYZ"[i >> 2 * q & 3];
      g_assert_true (qrx_circuit_add_observable (circuit, pauli, 1, NULL));
    }
}

static void
assert_same_state (const char *one, const char *other)
{
  g_autoptr (QrxCircuit) a = read_program (one), b = read_program (other);
  g_autoptr (QrxTensor) x = NULL, y = NULL;

  measure_all (a);
  measure_all (b);
  x = evaluate (a);
  y = evaluate (b);
  g_assert_cmpuint (qrx_tensor_get_n_elements (x), ==, qrx_tensor_get_n_elements (y));
  for (gsize i = 0; i < qrx_tensor_get_n_elements (x); i++)
    if (!(fabs (qrx_tensor_get (x, i) - qrx_tensor_get (y, i)) <= TOLERANCE))
      g_error ("%s\ndiffers from\n%s\nin a Pauli string: %g, %g", one, other, qrx_tensor_get (x, i), qrx_tensor_get (y, i));
}

/* A state without symmetries, so that what follows is seen wholly. */
#define START3 "qubit[3] q; U(0.7, 0.3, -1.2) q[0]; U(1.9, -0.4, 0.6) q[1]; U(2.4, 1.1, 0.2) q[2]; cx q[0], q[2]; ry(0.8) q;\n"

#define START2 "qreg q[3]; u3(0.7,0.3,-1.2) q[0]; u3(1.9,-0.4,0.6) q[1]; u3(2.4,1.1,0.2) q[2]; cx q[0],q[2]; ry(0.8) q;\n"

static void
test_modifiers_and_definitions_are_other_words_for_gates (void)
{
  static const struct {
    const char *one, *other;
  } cases[] = {
    /* the specification's own examples */
    { "gate myrz(tau) a { gphase(-tau/2); U(0, 0, tau) a; } ctrl @ myrz(pi/2) q[1], q[0];", "crz(pi/2) q[1], q[0];" },
    { "gate mycx a, b { ctrl @ U(pi, 0, pi) a, b; } gphase(0.3); mycx q[1], q[0];",
      "s q[1]; cx q[1], q[0];" }, /* U(π, 0, π) is iX */
    { "gate mycphase(θ) a, b { U(0, 0, θ/2) a; cx a, b; U(0, 0, -θ/2) b; cx a, b; U(0, 0, θ/2) b; } mycphase(π/2) q[0], q[1];",
      "cp(pi/2) q[0], q[1];" },
    { "gate neg a, b { negctrl @ x a, b; } neg q[0], q[1];", "x q[0]; cx q[0], q[1]; x q[0];" },
    { "negctrl @ ctrl @ x q[0], q[1], q[2];", "x q[0]; ccx q[0], q[1], q[2]; x q[0];" },
    { "ctrl(2) @ x q[2], q[0], q[1];", "ccx q[2], q[0], q[1];" },
    { "gate rzm(θ) a { inv @ rz(θ) a; } rzm(0.4) q[1];", "rz(-0.4) q[1];" },
    { "pow(2) @ sx q[0];", "x q[0];" },
    { "ctrl @ pow(2) @ sx q[0], q[1];", "cx q[0], q[1];" },
    { "pow(-3) @ t q[0]; pow(0) @ x q[1];", "tdg q[0]; sdg q[0];" },
    { "inv @ U(0.3, 0.4, 0.5) q[2];", "U(-0.3, -0.5, -0.4) q[2];" },
    { "ctrl @ inv @ s q[0], q[1];", "cp(-pi/2) q[0], q[1];" },
    { "inv @ ctrl @ sx q[0], q[1];", "p(-pi/4) q[0]; crx(-pi/2) q[0], q[1];" },
    { "ctrl @ gphase(0.7) q[1];", "p(0.7) q[1];" },
    { "ctrl(2) @ gphase(0.7) q[1], q[2];", "cp(0.7) q[1], q[2];" },
    { "gphase(0.7);", "" },
    { "gate a b { gphase(0.7); } ctrl @ a q[0], q[1]; inv @ ctrl @ a q[2], q[1];", "p(0.7) q[0]; p(-0.7) q[2];" },
    /* a definition backwards, with a loop in it */
    { "gate f(a) b, c { h b; for int i in [1:3] { cp(a/2**i) b, c; rx(i) b; } sx c; }"
      " f(0.9) q[0], q[1]; inv @ f(0.9) q[0], q[1];",
      "" },
    { "gate f(a) b, c { h b; t b; cx b, c; u3(a, 2, 1) c; } ctrl @ f(0.4) q[2], q[0], q[1];",
      "ch q[2], q[0]; cp(pi/4) q[2], q[0]; ccx q[2], q[0], q[1]; ctrl @ u3(0.4, 2, 1) q[2], q[1];" },
    /* the library's gates among themselves */
    { "u3(0.4, 0.5, 0.6) q[0]; u2(0.5, 0.6) q[1]; u1(0.6) q[2];",
      "rz(0.6) q[0]; ry(0.4) q[0]; rz(0.5) q[0]; rz(0.6) q[1]; ry(pi/2) q[1]; rz(0.5) q[1]; p(0.6) q[2];" },
    { "ctrl @ u3(0.4, 0.5, 0.6) q[0], q[1];", "crz(0.6) q[0], q[1]; cry(0.4) q[0], q[1]; crz(0.5) q[0], q[1];" },
    { "ctrl @ u2(0.5, 0.6) q[0], q[1];", "ctrl @ u3(pi/2, 0.5, 0.6) q[0], q[1];" },
    { "ctrl @ U(0.4, 0.5, 0.6) q[0], q[1];", "p(0.2) q[0]; cp(0.6) q[0], q[1]; cry(0.4) q[0], q[1]; cp(0.5) q[0], q[1];" },
    { "cu(0.4, 0.5, 0.6, 0.7) q[0], q[1];", "p(0.7) q[0]; cp(0.6) q[0], q[1]; cry(0.4) q[0], q[1]; cp(0.5) q[0], q[1];" },
    { "CX q[0], q[1]; phase(0.2) q[2]; cphase(0.3) q[1], q[2];", "cx q[0], q[1]; p(0.2) q[2]; cp(0.3) q[1], q[2];" },
    { "swap q[0], q[2]; cswap q[1], q[0], q[2];", "cx q[0], q[2]; cx q[2], q[0]; cx q[0], q[2]; ctrl @ swap q[1], q[0], q[2];" },
    /* registers as operands, ranges, loops */
    { "h q;", "h q[0]; h q[1]; h q[2];" },
    { "h q[0:2:2]; x q[{1, -1}]; z q[-3:-2];", "h q[0]; h q[2]; x q[1]; x q[2]; z q[0]; z q[1];" },
    { "cx q[0], q[1:2];", "cx q[0], q[1]; cx q[0], q[2];" },
    { "cp(0.5) q[0:1], q[1:2];", "cp(0.5) q[0], q[1]; cp(0.5) q[1], q[2];" },
    { "for uint i in [0:1] { cx q[i], q[i + 1]; ry(i * 0.5) q[i]; }", "cx q[0], q[1]; cx q[1], q[2]; ry(0.5) q[1];" },
    { "for int i in {2, 0} h q[i]; for int i in [2:-1:1] t q[i]; for int i in [1:0] x q[i];",
      "h q[0]; h q[2]; t q[1]; t q[2];" },
    { "for int i in [0:1] { for int j in [i + 1:2] { const float a = pi/2**(j - i); cp(a) q[i], q[j]; } }",
      "cp(pi/2) q[0], q[1]; cp(pi/4) q[0], q[2]; cp(pi/2) q[1], q[2];" },
    /* expressions */
    { "const int n = 3; const float a = 2*n - 1; rx(a/n) q[n - 1];", "rx(5.0/3) q[2];" },
    { "rx(-2**2) q[0]; ry(2**-1) q[0]; rz(6/3*2) q[1]; rx(7 % 4) q[2]; ry(2**3**0) q[2];",
      "rx(-4.0) q[0]; ry(0.5) q[0]; rz(4) q[1]; rx(3) q[2]; ry(2) q[2];" },
    { "rx(sin(pi/6) + arccos(0)) q[0]; ry(sqrt(2.0)*cos(π/4)) q[1]; rz(log(euler) + exp(0) + pow(2, 3)) q[2];",
      "rx(0.5 + tau/4) q[0]; ry(1) q[1]; rz(10.0) q[2];" },
    { "rx(0x1F + 0b101 + 1_000 + .5 + 1. + 1e-1) q[0];", "rx(31 + 5 + 1000 + 1.6) q[0];" },
    { "barrier q; barrier q[0], q[1]; barrier; /* no\nthing */ h q[0]; // h q[1];", "h q[0];" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *one = g_strconcat (Q3 START3, cases[i].one, NULL);
      g_autofree char *other = g_strconcat (Q3 START3, cases[i].other, NULL);

      assert_same_state (one, other);
    }
}

/* Version 2's library, and what a global phase does not change. */
static void
test_version_2_has_its_own_library (void)
{
  static const struct {
    const char *one, *other;
  } cases[] = {
    { "CX q[0],q[1]; U(0.1,0.2,0.3) q[0];", "cx q[0],q[1]; u3(0.1,0.2,0.3) q[0];" },
    { "u(0.1,0.2,0.3) q[0]; u2(0.2,0.3) q[1]; u1(0.3) q[2]; u0(1) q[0]; id q[1];",
      "rz(0.3) q[0]; ry(0.1) q[0]; rz(0.2) q[0]; rz(0.3) q[1]; ry(pi/2) q[1]; rz(0.2) q[1]; rz(0.3) q[2];" },
    { "cu1(0.4) q[0],q[1]; csx q[1],q[2]; sxdg q[0]; sx q[0];", "cp(0.4) q[0],q[1]; csx q[1],q[2];" },
    { "cu3(0.4,0.5,0.6) q[0],q[1];", /* its body in qelib1.inc */
      "u1((0.6+0.5)/2) q[0]; u1((0.6-0.5)/2) q[1]; cx q[0],q[1]; u3(-0.4/2,0,-(0.5+0.6)/2) q[1]; cx q[0],q[1];"
      " u3(0.4/2,0.5,0) q[1];" },
    { "rzz(0.4) q[0],q[1];", "cx q[0],q[1]; u1(0.4) q[1]; cx q[0],q[1];" },
    { "rxx(0.4) q[0],q[1];", /* its body in qelib1.inc */
      "u3(pi/2,0.4,0) q[0]; h q[1]; cx q[0],q[1]; u1(-0.4) q[1]; cx q[0],q[1]; h q[1]; u2(-pi,pi-0.4) q[0];" },
    { "ccx q[0],q[1],q[2];",
      "h q[2]; cx q[1],q[2]; tdg q[2]; cx q[0],q[2]; t q[2]; cx q[1],q[2]; tdg q[2]; cx q[0],q[2]; t q[1]; t q[2]; h q[2];"
      " cx q[0],q[1]; t q[0]; tdg q[1]; cx q[0],q[1];" },
    { "ch q[0],q[1];",
      "h q[1]; sdg q[1]; cx q[0],q[1]; h q[1]; t q[1]; cx q[0],q[1]; t q[1]; h q[1]; s q[1]; x q[1]; s q[0];" },
    { "rx(1/2) q[0]; ry(2^3) q[0]; rz(-2^2+ln(exp(1))) q[0];", "rx(0.5) q[0]; ry(8) q[0]; rz(-3) q[0];" },
    { "gate sxdg a { z a; } gate rzz(a) b,c { cx b,c; rz(a) c; cx b,c; } sxdg q[0];", "z q[0];" },
    { "qreg r[3]; h q; cx q,r;", "qreg r[3]; h q[0]; h q[1]; h q[2]; cx q[0],r[0]; cx q[1],r[1]; cx q[2],r[2];" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *one = g_strconcat (Q2 START2, cases[i].one, NULL);
      g_autofree char *other = g_strconcat (Q2 START2, cases[i].other, NULL);

      assert_same_state (one, other);
    }
}

static void
assert_expectations (const char *text, const double *expected, gsize n)
{
  g_autoptr (QrxCircuit) circuit = read_program (text);
  g_autoptr (QrxTensor) found = evaluate (circuit);

  g_assert_cmpuint (qrx_tensor_get_n_elements (found), ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (qrx_tensor_get (found, i), expected[i], TOLERANCE);
}

/* Programs whose outcome everybody knows. */
static void
test_known_programs_have_their_known_outcomes (void)
{
  /* Cuccaro's adder of the OpenQASM papers: 1 + 15 on four bits is 0 and a carry. */
  static const char adder[] = Q2
    "gate majority a,b,c { cx c,b; cx c,a; ccx a,b,c; }\n"
    "gate unmaj a,b,c { ccx a,b,c; cx c,a; cx a,b; }\n"
    "qreg cin[1]; qreg a[4]; qreg b[4]; qreg cout[1]; creg ans[5];\n"
    "x a[0]; x b;\n"
    "majority cin[0],b[0],a[0]; majority a[0],b[1],a[1]; majority a[1],b[2],a[2]; majority a[2],b[3],a[3];\n"
    "cx a[3],cout[0];\n"
    "unmaj a[2],b[3],a[3]; unmaj a[1],b[2],a[2]; unmaj a[0],b[1],a[1]; unmaj cin[0],b[0],a[0];\n"
    "measure b[0] -> ans[0]; measure b[1] -> ans[1]; measure b[2] -> ans[2]; measure b[3] -> ans[3];"
    " measure cout[0] -> ans[4];\n";
  /* The quantum Fourier transform of |5⟩, undone by rotations that know it. */
  static const char fourier[] = Q3
    "gate qft a, b, c { h a; cp(pi/2) b, a; cp(pi/4) c, a; h b; cp(pi/2) c, b; h c; swap a, c; }\n"
    "qubit[3] q; x q[0]; x q[2];\n"
    "qft q[0], q[1], q[2];\n"
    "for int i in [0:2] { p(-2*pi*5/2**(i + 1)) q[i]; h q[i]; }\n";
  static const char bell[] = Q3 "qubit[2] q;\nh q[0];\ncx q[0], q[1];\n"
                                "// qrx: observable ZZ\n// qrx: observable XX\n// qrx: observable YY\n// qrx: observable ZI\n"
                                "// qrx: observable 0.5 ZZ + -2 YY + 3 IX\n";
  /* Grover's search for |11⟩ finds it at once. */
  static const char grover[] = Q3 "qubit[2] q; h q; cz q[0], q[1]; h q; x q; ctrl @ z q[0], q[1]; x q; h q;"
                                  " bit[2] c = measure q;";

  assert_expectations (adder, (const double[]){ 1, 1, 1, 1, -1 }, 5);
  assert_expectations (fourier, (const double[]){ 1, 1, 1 }, 3);
  assert_expectations (bell, (const double[]){ 1, 1, -1, 0, 2.5 }, 5);
  assert_expectations (grover, (const double[]){ -1, -1 }, 2);
}

static void
assert_angle (QrxCircuit *circuit, guint operation, QrxAngleSource source, guint index, double scale, double offset)
{
  const QrxAngle *angle = qrx_circuit_get_angle (circuit, operation, 0);

  g_assert_cmpint (qrx_angle_get_source (angle), ==, source);
  g_assert_cmpuint (qrx_angle_get_index (angle), ==, index);
  g_assert_cmpfloat_with_epsilon (qrx_angle_get_scale (angle), scale, 1e-15);
  g_assert_cmpfloat_with_epsilon (qrx_angle_get_offset (angle), offset, 1e-15);
}

static void
test_inputs_are_known_by_name_and_weights_are_the_others (void)
{
  g_autoptr (QrxCircuit) circuit = read_program (
      "// qrx: input phi\n" Q3 "input float[64] theta; input angle x1; input float phi; input array[float[64], 3] w;\n"
      "input array[float, 2] inputs; input float x_0_; input float xi;\n"
      "gate f(a, b) q { rx(a - 2*b) q; }\n"
      "qubit q;\n"
      "rx(theta) q; ry(2*x1 - 1) q; rz(-(phi + pi)/2) q; rx(w[-1]*0.5) q; ry(inputs[1]) q; rz(x_0_) q; rx(xi) q; f(w[0], 3) q;\n"
      "rz(x1 - x1 + 0.5) q;\n");

  g_assert_cmpuint (qrx_circuit_get_n_inputs (circuit), ==, 5);
  g_assert_cmpuint (qrx_circuit_get_n_weights (circuit), ==, 5);
  assert_angle (circuit, 0, QRX_ANGLE_SOURCE_WEIGHT, 0, 1, 0);
  assert_angle (circuit, 1, QRX_ANGLE_SOURCE_INPUT, 0, 2, -1);
  assert_angle (circuit, 2, QRX_ANGLE_SOURCE_INPUT, 1, -0.5, -G_PI_2);
  assert_angle (circuit, 3, QRX_ANGLE_SOURCE_WEIGHT, 3, 0.5, 0);
  assert_angle (circuit, 4, QRX_ANGLE_SOURCE_INPUT, 3, 1, 0);
  assert_angle (circuit, 5, QRX_ANGLE_SOURCE_INPUT, 4, 1, 0);
  assert_angle (circuit, 6, QRX_ANGLE_SOURCE_WEIGHT, 4, 1, 0);
  assert_angle (circuit, 7, QRX_ANGLE_SOURCE_WEIGHT, 1, 1, -6);
  assert_angle (circuit, 8, QRX_ANGLE_SOURCE_INPUT, 0, 0, 0.5);
}

/* A gate has one source for its angle; sums are several gates. */
static void
test_sums_of_inputs_are_gates_in_a_row (void)
{
  assert_same_state (Q3 START3 "input float a; input float b; input float x0; rx(a + 2*b - x0 + 1) q[0];"
                               " ctrl @ ry(a - b) q[0], q[1]; u3(a, b + x0, a + 1) q[2];",
                     Q3 START3 "input float a; input float b; input float x0; rx(a + 1) q[0]; rx(2*b) q[0]; rx(-x0) q[0];"
                               " cry(a) q[0], q[1]; cry(-b) q[0], q[1]; rz(a + 1) q[2]; ry(a) q[2]; rz(b) q[2]; rz(x0) q[2];");
}

/* Gates of the table that a library lacks are read as what they are, however they were written. */
static void
test_definitions_of_known_gates_are_known (void)
{
  g_autoptr (QrxCircuit) circuit = read_program (
      Q3 "gate rzz(a) q, r { ctrl @ x q, r; p(a) r; gphase(-a/2); cx q, r; }\n"
         "gate rxx(a) q, r { cx q, r; rx(a) q; cx q, r; }\n"
         "gate ryy(a) q, r { cx q, r; p(a) r; cx q, r; }\n" /* another gate of this name */
         "qubit[2] q; input float x0; rzz(x0) q[0], q[1]; rxx(2*x0) q[1], q[0]; ryy(0.1) q[0], q[1];");

  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 0), ==, "rzz");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 1), ==, "rxx");
  g_assert_cmpstr (qrx_circuit_get_gate (circuit, 2), ==, "cx");
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 5);
}

static void
test_what_is_measured_is_said_or_seen (void)
{
  g_autoptr (QrxCircuit) each = read_program (Q3 "qubit[3] q; h q;");
  g_autoptr (QrxCircuit) some = read_program (Q3 "qubit[3] q; bit[2] c; h q; c[0] = measure q[2]; measure q[0] -> c[1];");
  g_autoptr (QrxCircuit) said = read_program (Q3 "qubit[2] q; // qrx: observable XY\nbit[2] c; h q; c = measure q;");
  g_autoptr (QrxCircuit) none = read_program (Q3 "qubit[2] q; // qrx: observable none\n");
  g_autofree char *first = qrx_circuit_dup_observable (some, 0), *second = qrx_circuit_dup_observable (some, 1);
  g_autofree char *only = qrx_circuit_dup_observable (said, 0);

  g_assert_cmpuint (qrx_circuit_get_n_observables (each), ==, 3);
  g_assert_cmpuint (qrx_circuit_get_n_observables (some), ==, 2);
  g_assert_cmpuint (qrx_circuit_get_n_observables (said), ==, 1);
  g_assert_cmpuint (qrx_circuit_get_n_observables (none), ==, 0);
  g_assert_cmpstr (first, ==, "IIZ");
  g_assert_cmpstr (second, ==, "ZII");
  g_assert_cmpstr (only, ==, "XY");
}

static void
test_version_2_takes_numbers_alone (void)
{
  g_autoptr (QrxCircuit) free_circuit = read_program (Q3 "qubit q; input float x0; input float a; rx(2*x0 + 1) q; ry(a) q;");
  g_autoptr (QrxTensor) inputs = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  g_autoptr (QrxTensor) weights = qrx_tensor_new_matrix (QRX_DTYPE_F64, 1, 1);
  g_autoptr (QrxCircuit) half = NULL, bound = NULL;
  g_autoptr (GError) error = NULL, wrong = NULL;
  g_autofree char *text = qrx_circuit_to_qasm (free_circuit, 2, &error);

  g_assert_null (text);
  g_assert_error (error, QRX_PIPELINE_ERROR, QRX_PIPELINE_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, "operation 0 (rx): parameter theta depends on input 0"));
  qrx_tensor_set (inputs, 0, 0.25);
  qrx_tensor_set (weights, 0, -3);
  half = qrx_circuit_bind (free_circuit, inputs, NULL, NULL);
  g_assert_cmpuint (qrx_circuit_get_n_inputs (half), ==, 0);
  g_assert_cmpuint (qrx_circuit_get_n_weights (half), ==, 1);
  g_assert_null (qrx_circuit_bind (half, inputs, NULL, &wrong));
  g_assert_nonnull (strstr (wrong->message, "found 1 inputs, expected 0"));
  bound = qrx_circuit_bind (free_circuit, inputs, weights, NULL);
  text = qrx_circuit_to_qasm (bound, 2, NULL);
  g_assert_cmpstr (text, ==, Q2 "qreg q[1];\nrx(1.5) q[0];\nry(-3.0) q[0];\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qasm/modifiers", test_modifiers_and_definitions_are_other_words_for_gates);
  g_test_add_func ("/qasm/version-2", test_version_2_has_its_own_library);
  g_test_add_func ("/qasm/known-programs", test_known_programs_have_their_known_outcomes);
  g_test_add_func ("/qasm/inputs", test_inputs_are_known_by_name_and_weights_are_the_others);
  g_test_add_func ("/qasm/sums", test_sums_of_inputs_are_gates_in_a_row);
  g_test_add_func ("/qasm/native", test_definitions_of_known_gates_are_known);
  g_test_add_func ("/qasm/observables", test_what_is_measured_is_said_or_seen);
  g_test_add_func ("/qasm/bind", test_version_2_takes_numbers_alone);
  return g_test_run ();
}
