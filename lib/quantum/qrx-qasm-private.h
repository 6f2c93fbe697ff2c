/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenQASM as text, tokens and statements. What a program means is in qrx-qasm-meaning-private.h. */
#pragma once

#include <qrx/qrx-circuit.h>

G_BEGIN_DECLS

/* Of expressions, blocks and modifiers within each other. */
#define QRX_QASM_MAX_DEPTH 200

typedef enum {
  QRX_QASM_END,
  QRX_QASM_IDENTIFIER, /* keywords too */
  QRX_QASM_INTEGER,
  QRX_QASM_REAL,
  QRX_QASM_STRING,
  QRX_QASM_PRAGMA, /* the rest of a line after "// qrx:" */
  QRX_QASM_SIGN,   /* an operator or bracket, one or two characters */
} QrxQasmTokenKind;

typedef struct {
  QrxQasmTokenKind kind;
  guint line, column; /* from 1; columns count characters */
  const char *text;   /* of identifiers, strings (without quotes), pragmas and signs; owned by the source */
  double number;
} QrxQasmToken;

/* A text and all that is read from it. */
typedef struct {
  const char *name; /* for messages: of a file */
  gboolean internal; /* one of the libraries that are built in */
  GArray *tokens;    /* QrxQasmToken, the last one of kind END */
  GStringChunk *strings;
  GPtrArray *nodes; /* whatever the parser allocated */
  GPtrArray *lists, *arrays;
} QrxQasmSource;

QrxQasmSource *qrx_qasm_source_new (const char *text, gsize length, const char *name, GError **error);
void qrx_qasm_source_free (QrxQasmSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrxQasmSource, qrx_qasm_source_free)

/* "name:line:column: …", as %QRX_PIPELINE_ERROR of a code. Returns FALSE. */
gboolean qrx_qasm_fail (const QrxQasmSource *source, const QrxQasmToken *token, int code, GError **error,
                        const char *format, ...) G_GNUC_PRINTF (5, 6);
/* A token in quotes, for messages. */
char *qrx_qasm_token_describe (const QrxQasmToken *token);
gboolean qrx_qasm_token_is (const QrxQasmToken *token, const char *text);

typedef enum {
  QRX_QASM_NUMBER,
  QRX_QASM_NAME,
  QRX_QASM_ELEMENT, /* name[first] */
  QRX_QASM_NEGATE,
  QRX_QASM_OPERATE, /* first (operator) second */
  QRX_QASM_CALL,    /* name(first) or name(first, second) */
} QrxQasmExpressionKind;

typedef struct _QrxQasmExpression QrxQasmExpression;
struct _QrxQasmExpression {
  QrxQasmExpressionKind kind;
  const QrxQasmToken *token;
  guint depth;
  QrxQasmExpression *first, *second;
};

/* first alone is one element; with a colon there are up to three; in braces a list. */
typedef struct {
  QrxQasmExpression *first, *step, *last;
  GPtrArray *list;
} QrxQasmRange;

typedef struct {
  const QrxQasmToken *token;
  QrxQasmRange *range; /* NULL: all of it */
} QrxQasmOperand;

typedef struct {
  const QrxQasmToken *token; /* ctrl, negctrl, inv, pow */
  QrxQasmExpression *argument;
} QrxQasmModifier;

typedef enum {
  QRX_QASM_INCLUDE,
  QRX_QASM_QUBITS,
  QRX_QASM_BITS,
  QRX_QASM_INPUT,
  QRX_QASM_CONST,
  QRX_QASM_GATE,
  QRX_QASM_APPLY,
  QRX_QASM_FOR,
  QRX_QASM_MEASURE,
  QRX_QASM_BARRIER,
  QRX_QASM_RESET,
  QRX_QASM_OBSERVABLE,
  QRX_QASM_ROLE,
} QrxQasmStatementKind;

typedef struct {
  QrxQasmStatementKind kind;
  const QrxQasmToken *token;       /* where it begins */
  const QrxQasmToken *name;        /* what it declares or applies; the file of an include; the text of a pragma */
  QrxQasmExpression *value;        /* of a constant; the size of what is declared, NULL for one */
  gboolean is_integer;             /* the type of a constant or loop variable */
  GArray *modifiers;               /* QrxQasmModifier */
  GPtrArray *arguments;            /* QrxQasmExpression */
  GArray *operands;                /* QrxQasmOperand */
  GPtrArray *parameters, *qubits;  /* const QrxQasmToken, of a gate's definition */
  QrxQasmRange *range;             /* of a loop */
  GPtrArray *body;                 /* of a gate or a loop; QrxQasmStatement */
} QrxQasmStatement;

/* Expressions, for the parser of statements. Each takes the tokens from *at on. */
typedef struct {
  QrxQasmSource *source;
  const QrxQasmToken *at;
  guint version; /* 2 or 3 */
  guint depth;
  GError **error;
} QrxQasmParser;

gpointer qrx_qasm_parser_alloc (QrxQasmParser *self, gsize size);
GPtrArray *qrx_qasm_parser_list (QrxQasmParser *self);
/* "found X, expected …" at the current token. Returns FALSE. */
gboolean qrx_qasm_parser_expect_other (QrxQasmParser *self, const char *expected);
/* Takes a sign or keyword if it is there. */
gboolean qrx_qasm_parser_accept (QrxQasmParser *self, const char *text);
gboolean qrx_qasm_parser_take (QrxQasmParser *self, const char *text);
const QrxQasmToken *qrx_qasm_parser_take_name (QrxQasmParser *self, const char *what);
gboolean qrx_qasm_parser_enter (QrxQasmParser *self);
QrxQasmExpression *qrx_qasm_parse_expression (QrxQasmParser *self);
QrxQasmRange *qrx_qasm_parse_range (QrxQasmParser *self, gboolean single);

/* A whole program: its version, and its statements; NULL on a fault. The list is the source's. */
GPtrArray *qrx_qasm_parse (QrxQasmSource *source, guint *version, GError **error);
/* Parts of the parser. */
QrxQasmStatement *qrx_qasm_parser_new_statement (QrxQasmParser *self, QrxQasmStatementKind kind);
/* What stands outside of gates: a declaration, an include, a measurement. *known is FALSE where it is none of these, and
 * nothing was taken. */
QrxQasmStatement *qrx_qasm_parse_declaration (QrxQasmParser *self, gboolean *known);
QrxQasmStatement *qrx_qasm_parse_pragma (QrxQasmParser *self);
gboolean qrx_qasm_parse_operand (QrxQasmParser *self, QrxQasmStatement *statement);

G_END_DECLS
