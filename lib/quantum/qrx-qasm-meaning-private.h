/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What statements of OpenQASM mean: values, names, and gates as operations of a circuit. */
#pragma once

#include "quantum/qrx-circuit-private.h"
#include "quantum/qrx-qasm-private.h"

G_BEGIN_DECLS

#define QRX_QASM_MAX_TERMS 8
#define QRX_QASM_MAX_CONTROLS 8
#define QRX_QASM_MAX_WIRES 32
#define QRX_QASM_MAX_PARAMETERS 64
/* Gates within gates, and calls of gates in one program, operations included. */
#define QRX_QASM_MAX_CALL_DEPTH 100
#define QRX_QASM_MAX_CALLS 4000000

/* constant + Σ scale · input or weight. */
typedef struct {
  gboolean is_integer;
  double constant;
  guint n_terms;
  struct {
    QrxAngleSource source;
    guint index;
    double scale;
  } terms[QRX_QASM_MAX_TERMS];
} QrxQasmValue;

typedef enum {
  QRX_QASM_SYMBOL_QUBITS,
  QRX_QASM_SYMBOL_BITS,
  QRX_QASM_SYMBOL_INPUT,
  QRX_QASM_SYMBOL_VALUE, /* a constant, a loop's variable, a gate's parameter */
  QRX_QASM_SYMBOL_GATE,
} QrxQasmSymbolKind;

typedef struct {
  const QrxQasmSource *source;
  const QrxQasmStatement *statement; /* its definition; NULL where it is built in */
  const QrxGate *native;             /* nullable: the gate of the table that it is */
  gboolean turned;                   /* exp(i first parameter / 2) times that gate: OpenQASM 3's U */
} QrxQasmGate;

typedef struct {
  QrxQasmSymbolKind kind;
  const QrxQasmToken *token; /* where it was declared; NULL: built in */
  gboolean single;           /* declared without a size */
  guint first, size;         /* of a register or input */
  QrxAngleSource role;       /* of an input */
  gboolean constant;         /* a value that gates may see */
  QrxQasmValue value;
  QrxQasmGate gate;
} QrxQasmSymbol;

/* Names, the innermost first. */
typedef struct _QrxQasmScope QrxQasmScope;
struct _QrxQasmScope {
  QrxQasmScope *parent;
  gboolean is_gate; /* sees only constants and gates of its parents */
  GHashTable *symbols; /* text → QrxQasmSymbol */
};

QrxQasmScope *qrx_qasm_scope_new (QrxQasmScope *parent, gboolean is_gate);
void qrx_qasm_scope_free (QrxQasmScope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxQasmScope, qrx_qasm_scope_free)
QrxQasmSymbol *qrx_qasm_scope_find (QrxQasmScope *self, const char *name);
QrxQasmSymbol *qrx_qasm_scope_add (QrxQasmScope *self, const char *name, QrxQasmSymbolKind kind);
/* "; did you mean …" for a name that is not there. */
char *qrx_qasm_scope_suggest (QrxQasmScope *self, const char *name, QrxQasmSymbolKind kind);

/* What expressions are evaluated for. */
typedef struct {
  const QrxQasmSource *source;
  guint version;
  QrxQasmScope *scope;
  GError **error;
} QrxQasmContext;

gboolean qrx_qasm_evaluate (const QrxQasmContext *context, const QrxQasmExpression *expression, QrxQasmValue *value);
/* A whole number that depends on no input. */
gboolean qrx_qasm_evaluate_integer (const QrxQasmContext *context, const QrxQasmExpression *expression, const char *what,
                                    gint64 *value);
/* The values of a range; of a register's indices where size is at least 0, which may then count from the end. */
GArray *qrx_qasm_evaluate_range (const QrxQasmContext *context, const QrxQasmToken *token, const QrxQasmRange *range,
                                 gint64 size); /* gint64 */
QrxQasmValue qrx_qasm_value_scale (const QrxQasmValue *value, double factor);

/* Where operations go. Controls stand in the order that they were given; a global phase is kept where there are none. */
typedef struct {
  QrxCircuit *circuit;
  guint64 n_calls;
  double phase; /* the constant part of the global phase */
} QrxQasmEmitter;

typedef struct {
  guint n;
  guint wires[QRX_QASM_MAX_CONTROLS];
} QrxQasmControls;

/* Appends a gate of the table, or its inverse, under controls. FALSE when there are too many operations. */
gboolean qrx_qasm_emit (QrxQasmEmitter *self, const QrxGate *gate, const QrxQasmValue *parameters, const guint *wires,
                        const QrxQasmControls *controls, gboolean inverse);
/* exp(i value), under controls. */
gboolean qrx_qasm_emit_phase (QrxQasmEmitter *self, const QrxQasmValue *value, const QrxQasmControls *controls,
                              gboolean inverse);

/* The gates of a library. */
const char *qrx_qasm_library_get_text (const char *file, guint version);
const char *const *qrx_qasm_library_list_natives (guint version);

typedef struct {
  QrxQasmContext context;
  QrxQasmEmitter emitter;
  QrxQasmScope *library; /* what was included */
  QrxQasmScope *globals; /* what the program declares */
  guint depth;
  guint64 touched, measured; /* qubits */
  GArray *measurements;      /* guint, measured qubits in their order */
} QrxQasmMachine;

/* Applies a gate to the qubits that a statement names; under controls, and inverted, where it stands in a gate that is. */
gboolean qrx_qasm_apply (QrxQasmMachine *self, const QrxQasmStatement *statement, const QrxQasmControls *controls,
                         gboolean inverse);
/* The qubits that an operand names; whether they are one alone, which goes with any number of others. */
GArray *qrx_qasm_find_qubits (QrxQasmMachine *self, const QrxQasmOperand *operand, gboolean *single); /* guint */
/* Calls, loops and barriers, backwards where inverted. */
gboolean qrx_qasm_run_body (QrxQasmMachine *self, GPtrArray *body, const QrxQasmControls *controls, gboolean inverse);
gboolean qrx_qasm_call_gate (QrxQasmMachine *self, const QrxQasmGate *gate, const QrxQasmValue *values,
                             const guint *wires, const QrxQasmControls *controls, gboolean inverse);
guint qrx_qasm_gate_get_n_wires (const QrxQasmGate *gate);
guint qrx_qasm_gate_get_n_parameters (const QrxQasmGate *gate);

/* A constant or a measurement, which may stand in loops too. */
gboolean qrx_qasm_run_statement (QrxQasmMachine *self, const QrxQasmStatement *statement);
/* Complains of a name that is taken. */
gboolean qrx_qasm_check_new (QrxQasmMachine *self, const QrxQasmToken *name);

/* Declares a gate: its body holds no name that is not there, and its name is new. */
gboolean qrx_qasm_define_gate (QrxQasmMachine *self, const QrxQasmStatement *statement);
/* The gate of the table with the name of a definition, if they are the same unitary; up to a global phase in version 2. */
const QrxGate *qrx_qasm_find_native (QrxQasmMachine *self, const QrxQasmGate *gate, const char *name);

/* The observable behind "// qrx: observable". */
gboolean qrx_qasm_add_observable (QrxQasmMachine *self, const QrxQasmStatement *statement);

/* A text that is OpenQASM, with a name for messages. */
QrxCircuit *qrx_qasm_read (const char *text, gsize length, const char *name, GError **error);
/* Whether a text begins as every program does here. */
gboolean qrx_qasm_is_program (const char *text, gsize length);

G_END_DECLS
