/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libraries of OpenQASM: which of their gates the table has, and the others in terms of those. */
#include "quantum/qrx-qasm-meaning-private.h"

#define HEADER "OPENQASM 3.0;\n"

/* stdgates.inc. cu is exp(i d) u3(a, b, c) under a control, as in the file of that name and in Qiskit. */
static const char stdgates[] = HEADER
  "gate CX a, b { cx a, b; }\n"
  "gate phase(a) q { p(a) q; }\n"
  "gate cphase(a) q, r { cp(a) q, r; }\n"
  "gate u1(a) q { p(a) q; }\n"
  "gate u2(a, b) q { gphase(-(pi/2 + a + b)/2); U(pi/2, a, b) q; }\n"
  "gate u3(a, b, c) q { gphase(-(a + b + c)/2); U(a, b, c) q; }\n"
  "gate cu(a, b, c, d) q, r { p(d - a/2) q; ctrl @ U(a, b, c) q, r; }\n";

/* qelib1.inc, in the larger form that came with Qiskit. Global phases are of no account there. */
static const char qelib1[] = HEADER
  "gate u(a, b, c) q { U(a, b, c) q; }\n"
  "gate u3(a, b, c) q { U(a, b, c) q; }\n"
  "gate u2(a, b) q { U(pi/2, a, b) q; }\n"
  "gate u1(a) q { p(a) q; }\n"
  "gate u0(a) q { id q; }\n"
  "gate sxdg q { inv @ sx q; }\n"
  "gate cu1(a) q, r { cp(a) q, r; }\n"
  "gate cu3(a, b, c) q, r { cp(c) q, r; cry(a) q, r; cp(b) q, r; }\n"
  "gate cu(a, b, c, d) q, r { p(d) q; cp(c) q, r; cry(a) q, r; cp(b) q, r; }\n"
  "gate csx q, r { ctrl @ sx q, r; }\n"
  "gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }\n"
  "gate rc3x a, b, c, d { h d; t d; cx c, d; tdg d; h d; cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;"
  " h d; t d; cx c, d; tdg d; h d; }\n"
  "gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }\n"
  "gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }\n"
  "gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }\n";

/* rxx and rzz are in qelib1.inc alone. */
static const char *const natives3[] = { "id", "p",  "x",  "y",  "z",  "h",  "s",   "sdg", "t",   "tdg",  "sx",  "rx",    "ry",
                                        "rz", "cx", "cy", "cz", "cp", "ch", "crx", "cry", "crz", "swap", "ccx", "cswap", NULL };
static const char *const natives2[] = { "id",  "p",   "x",   "y",   "z",    "h",   "s",     "sdg", "t",  "tdg",
                                        "sx",  "rx",  "ry",  "rz",  "cx",   "cy",  "cz",    "cp",  "ch", "crx",
                                        "cry", "crz", "rxx", "rzz", "swap", "ccx", "cswap", NULL };

/* The text of a library, or NULL where this version has none of this name. */
const char *
qrx_qasm_library_get_text (const char *file, guint version)
{
  if (version == 3 && g_str_equal (file, "stdgates.inc"))
    return stdgates;
  if (version == 2 && g_str_equal (file, "qelib1.inc"))
    return qelib1;
  return NULL;
}

const char *const *
qrx_qasm_library_list_natives (guint version)
{
  return version == 3 ? natives3 : natives2;
}
