/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is no program of our subset of OpenQASM: each refusal names line, column, what was found, and what is allowed. */
#include <qrx/qrx-circuit.h>
#include <string.h>

/* Line 3 is the first of a case. */
#define Q3(text) "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n" text
#define Q2(text) "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n" text

typedef struct {
  const char *text;
  const char *place;   /* the message begins with it */
  const char *message; /* and contains this */
} Fault;

static const Fault faults[] = {
  /* the text */
  { "OPENQASM 4.0;", "circuit:1:10:", "found `4.0`, expected the version 2.0, 3.0 or 3.1" },
  { "OPENQASM", "circuit:1:9:", "found the end of the text" },
  { Q3 ("qubit q; /* h q;\n\n"), "circuit:", "found a comment without end" },
  { Q3 ("qubit q;\nh q §;"), "circuit:4:5:", "found the character U+00A7" },
  { Q3 ("qubit q; rx(0.1ns) q;"), "circuit:3:13:", "without a unit" },
  { Q3 ("qubit q; rx(1.2.3) q;"), "circuit:3:13:", "found a number that cannot be read" },
  { Q3 ("qubit q; rx(1e999) q;"), "circuit:3:13:", "too large" },
  { Q3 ("qubit q; rx(0x) q;"), "circuit:3:13:", "digits of its base" },
  { "OPENQASM 3.0; include \"stdgates.inc", "circuit:1:23:", "found a string without end" },
  { "OPENQASM 3.0; h \xff;", "circuit:", "not UTF-8 at offset 16" },
  { Q3 ("qubit q"), "circuit:3:8:", "found the end of the text, expected `;`" },
  { Q3 ("qubit q; h q"), "circuit:3:13:", "expected `;`" },
  { Q3 ("qubit q; rx(1 q;"), "circuit:3:15:", "found `q`, expected `)`" },
  { Q3 ("qubit q; rx(*) q;"), "circuit:3:13:", "found `*`, expected a number, a name or `(`" },
  { Q3 ("gate f q { h q;"), "circuit:3:16:", "found the end of the text, expected `}`" },
  { Q3 ("// qrx: observables ZZ\nqubit q;"), "circuit:3:1:", "expected `// qrx: observable" },
  /* what the subset lacks */
  { Q3 ("qubit q; if (true) h q;"), "circuit:3:10:", "found `if`, a statement that this subset of OpenQASM does not have" },
  { Q3 ("qubit q;\n  while (true) { h q; }"), "circuit:4:3:", "found `while`" },
  { Q3 ("def f(qubit q) { h q; }"), "circuit:3:1:", "found `def`" },
  { Q3 ("int n = 3;"), "circuit:3:1:", "found `int`" },
  { Q3 ("box { }"), "circuit:3:1:", "found `box`" },
  { Q3 ("qubit q; delay[100] q;"), "circuit:3:10:", "found `delay`" },
  { Q3 ("h $0;"), "circuit:3:3:", "no physical qubits" },
  { Q2 ("opaque f a;"), "circuit:3:1:", "found `opaque`" },
  { Q2 ("qreg q[1]; creg c[1]; if(c==1) x q[0];"), "circuit:3:23:", "found `if`" },
  { Q2 ("qubit q;"), "circuit:3:1:", "there is no gate `qubit`" },
  { Q3 ("include \"other.inc\";"), "circuit:3:9:", "expected \"stdgates.inc\"" },
  { Q2 ("include \"stdgates.inc\";"), "circuit:3:9:", "expected \"qelib1.inc\"" },
  { Q3 ("include \"stdgates.inc\";"), "circuit:3:9:", "included once" },
  { "OPENQASM 3.0; qubit q; h q;", "circuit:1:24:", "is `include \"stdgates.inc\";` missing?" },
  { Q3 ("qubit q; pow(0.5) @ x q;"), "circuit:3:14:", "found a real number, expected a whole number for a power" },
  { Q3 ("qubit q; pow @ x q;"), "circuit:3:14:", "the power" },
  { Q3 ("qubit[2] q; measure q[0]; x q[0];"), "circuit:3:29:", "measurements at the end" },
  { Q3 ("qubit[2] q; measure q[0]; measure q;"), "circuit:3:35:", "measured again" },
  { Q3 ("qubit[2] q; x q[1]; reset q;"), "circuit:3:27:", "resets at the start alone" },
  { Q3 ("qubit q; for int i in [0:1] { qubit r; }"), "circuit:3:31:", "no declaration within a loop" },
  { Q3 ("gate f q { measure q; }"), "circuit:3:12:", "within a gate" },
  /* names and sizes */
  { Q3 (""), "circuit:", "found no qubits" },
  { Q3 ("qubit[31] q;"), "circuit:3:11:", "found the size 31 of `q`, expected 1 to 30" },
  { Q3 ("qubit[30] q; qubit r;"), "circuit:3:20:", "found more qubits" },
  { Q3 ("qubit[0] q;"), "circuit:3:10:", "found the size 0" },
  { Q3 ("qubit[1.5] q;"), "circuit:3:7:", "found a real number" },
  { Q3 ("qubit q; qubit q;"), "circuit:3:16:", "which line 3 declares" },
  { Q3 ("qubit x;"), "circuit:3:7:", "which a gate of the library has" },
  { "OPENQASM 3.0; qubit h; include \"stdgates.inc\";", "circuit:1:24:", "`h` declared before the library" },
  { Q3 ("qubit[2] q; swpa q[0], q[1];"), "circuit:3:13:", "there is no gate `swpa`; did you mean \"swap\"?" },
  { Q3 ("qubit[2] q; rzz(1) q[0], q[1];"), "circuit:3:13:", "the library has none of this name, define it with `gate`" },
  { Q3 ("qubit[2] qubits; h qubit_;"), "circuit:3:20:", "there are no qubits `qubit_` here; did you mean \"qubits\"?" },
  { Q3 ("qubit[2] q; h q[2];"), "circuit:3:17:", "found the index 2, expected 0 to 1" },
  { Q3 ("qubit[2] q; h q[0:2];"), "circuit:3:15:", "found the index 2, expected 0 to 1" },
  { Q3 ("qubit[2] q; h q[-3];"), "circuit:3:17:", "found the index -3" },
  { Q3 ("qubit q; h q[0];"), "circuit:3:12:", "which is one qubit" },
  { Q3 ("qubit[2] q; cx q[0], q[0];"), "circuit:3:22:", "found a qubit of `q` twice" },
  { Q3 ("qubit[2] q; cx q, q;"), "circuit:3:19:", "twice as operands of `cx`" },
  { Q3 ("qubit[2] q; qubit[3] r; cx q, r;"), "circuit:3:31:", "found `r` with 3 qubits beside operands of 2" },
  { Q3 ("qubit[2] q; cx q[0];"), "circuit:3:13:", "found 1 operands of `cx`, expected 2" },
  { Q3 ("qubit[2] q; ctrl @ x q[0];"), "circuit:3:20:", "found 1 operands of `x`, expected 2" },
  { Q3 ("qubit[2] q; ctrl(0) @ x q[0];"), "circuit:3:13:", "found 0 controls" },
  { Q3 ("qubit[2] q; rx q[0];"), "circuit:3:13:", "found 0 parameters of `rx`, expected 1" },
  { Q3 ("qubit[2] q; bit[1] c; c = measure q;"), "circuit:3:23:", "found 1 bits for 2 qubits" },
  { Q3 ("qubit[2] q; c = measure q;"), "circuit:3:13:", "there are no bits `c`" },
  { Q3 ("qubit[2] q; // qrx: observable ZZZ\n"), "circuit:3:13:", "\"ZZZ\" is not a Pauli string of 2 letters" },
  { Q3 ("qubit[2] q; // qrx: observable ZZ XX\n"), "circuit:3:13:", "found `XX` in an observable, expected `+`" },
  { Q3 ("qubit[2] q; // qrx: observable 0.5\n"), "circuit:3:13:", "a coefficient at the end" },
  { Q3 ("qubit[2] q; // qrx: observable \n"), "circuit:3:13:", "found no word in an observable" },
  /* gates */
  { Q3 ("gate f a, a { h a; }"), "circuit:3:11:", "found the name `a` twice" },
  { Q3 ("gate f a { g a; } gate g a { h a; }"), "circuit:3:12:", "there is no gate `g` that was defined before" },
  { Q3 ("gate f a { f a; }"), "circuit:3:12:", "there is no gate `f`" },
  { Q3 ("gate f(t) a { rx(u) a; }"), "circuit:3:18:", "there is no value `u`" },
  { Q3 ("input float w; gate f a { rx(w) a; }"), "circuit:3:30:", "there is no value `w` here" },
  { Q3 ("gate f a { h b; }"), "circuit:3:14:", "there are no qubits `b`" },
  { Q3 ("gate f a { cx a; }"), "circuit:3:12:", "found 1 operands of `cx`, expected 2" },
  { Q3 ("gate f a { h a[0]; }"), "circuit:3:14:", "which is one qubit" },
  { Q3 ("gate f a { for int i in [0:1] { rx(j) a; } }"), "circuit:3:36:", "there is no value `j`" },
  { Q3 ("gate h a { x a; }"), "circuit:3:6:", "which a gate of the library has" },
  { Q3 ("gate f a { h a; } gate f a { h a; }"), "circuit:3:24:", "which line 3 declares" },
  /* values */
  { Q3 ("qubit q; rx(1/2) q;"), "circuit:3:14:", "found 1 / 2, a division of whole numbers with a remainder, expected 1.0 / 2" },
  { Q3 ("qubit q; rx(1/0) q;"), "circuit:3:14:", "division by zero" },
  { Q3 ("qubit q; rx(sqrt(-1)) q;"), "circuit:3:13:", "infinite or no number" },
  { Q3 ("qubit q; rx(2**100) q;"), "circuit:3:14:", "beyond 2^53" },
  { Q3 ("qubit q; rx(ln(2)) q;"), "circuit:3:13:", "there is no function `ln`" },
  { Q3 ("qubit q; input float x0; input float w; rx(x0*w) q;"), "circuit:3:46:", "linear" },
  { Q3 ("qubit q; input float x0; rx(sin(x0)) q;"), "circuit:3:29:", "linear" },
  { Q3 ("qubit q; input float x0; rx(1/x0) q;"), "circuit:3:30:", "linear" },
  { Q3 ("qubit q; input int n; rx(n) q;"), "circuit:3:16:", "an input of type `float` or `angle`" },
  { Q3 ("qubit q; input array[float, 2] w; rx(w) q;"), "circuit:3:38:", "an element such as `[0]`" },
  { Q3 ("qubit q; input array[float, 2] w; rx(w[2]) q;"), "circuit:3:40:", "found the index 2 of `w`, expected 0 to 1" },
  { Q3 ("input float x0; const float a = x0;"), "circuit:3:33:", "depends on inputs" },
  { Q3 ("const int a = 0.5;"), "circuit:3:15:", "expected a whole one for `a`" },
  { Q3 ("qubit q; for int i in [0:0:1] h q;"), "circuit:3:26:", "found a step of 0" },
  { Q3 ("qubit q; for int i in [0:1000000000] { }"), "circuit:3:10:", "found a range of more than" },
  { Q3 ("qubit q; pow(100000000) @ x q;"), "circuit:3:10:", "calls and operations" },
  { Q3 ("qubit q; input float x0; for int i in [0:x0] h q;"), "circuit:3:42:", "depends on inputs" },
};

static void
test_faults_are_refused_at_their_place (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrxCircuit) circuit = qrx_circuit_new_from_qasm (faults[i].text, -1, &error);

      if (circuit != NULL)
        g_error ("accepted: %s", faults[i].text);
      g_assert_true (error->domain == QRX_PIPELINE_ERROR);
      if (!g_str_has_prefix (error->message, faults[i].place) || strstr (error->message, faults[i].message) == NULL)
        g_error ("%s\nfound \"%s\", expected \"%s … %s\"", faults[i].text, error->message, faults[i].place,
                 faults[i].message);
    }
}

/* What grows with every level must end in an error, not in memory or time. */
static void
test_programs_without_measure_are_refused (void)
{
  g_autoptr (GString) doubling = g_string_new (Q3 ("gate g0 q { h q; }\n"));
  g_autoptr (GString) nested = g_string_new (Q3 ("qubit q; rx("));
  g_autoptr (GString) sum = g_string_new (Q3 ("qubit q; rx(1"));
  g_autoptr (GString) blocks = g_string_new (Q3 ("qubit q; "));
  g_autoptr (GString) powers = g_string_new (Q3 ("qubit q; rx(1"));
  GString *texts[] = { doubling, nested, sum, blocks, powers };
  const char *messages[] = { "calls and operations", "more than 200 deep", "operators in a row", "more than 200 deep",
                             "more than 200 deep" };

  for (guint i = 1; i <= 60; i++)
    g_string_append_printf (doubling, "gate g%u q { g%u q; g%u q; }\n", i, i - 1, i - 1);
  g_string_append (doubling, "qubit q; g60 q;");
  for (guint i = 0; i < 100000; i++)
    {
      g_string_append (nested, i % 2 == 0 ? "(" : "-");
      g_string_append (sum, "+1");
      g_string_append (blocks, "for int i in [0:0] ");
      g_string_append (powers, "**1");
    }
  g_string_append (sum, ") q;");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qrx_circuit_new_from_qasm (texts[i]->str, -1, &error));
      g_assert_nonnull (strstr (error->message, messages[i]));
    }
}

/* A hundred thousand gates on as many lines, and on one. How the cost grows is counted by tests/growth. */
static void
test_long_programs_are_read_whole (void)
{
  g_autoptr (GString) text = g_string_new (Q3 ("qubit[8] q; input float x0;"));
  g_autoptr (QrxCircuit) circuit = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "rx(%u*x0/8) q[%u];%scx q[%u], q[%u];", i, i % 8, i < 25000 ? "\n" : "", i % 8, (i + 3) % 8);
  circuit = qrx_circuit_new_from_qasm (text->str, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (qrx_circuit_get_n_operations (circuit), ==, 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qasm-faults/places", test_faults_are_refused_at_their_place);
  g_test_add_func ("/qasm-faults/growth", test_programs_without_measure_are_refused);
  g_test_add_func ("/qasm-faults/length", test_long_programs_are_read_whole);
  return g_test_run ();
}
