/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of JSON: blanks, strings, numbers, and messages with positions. Only the JSON reader includes this. */
#pragma once

#include "base/qrx-json-private.h"

G_BEGIN_DECLS

typedef struct {
  const char *start;
  const char *p;
  const char *end;
  /* position is that of marked, which only moves on, so that finding all positions is linear. */
  const char *marked;
  QrxPosition position;
  GArray *marks;
  guint depth;
  const char *name;
  GError **error;
} QrxJsonLexer;

/* Calls with ever later places are linear in all. */
QrxPosition qrx_json_lexer_locate (QrxJsonLexer *lexer, const char *at);
void qrx_json_lexer_fail (QrxJsonLexer *lexer, const char *at, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Fails with what stands at the cursor and what should. */
void qrx_json_lexer_fail_expected (QrxJsonLexer *lexer, const char *expected);
void qrx_json_lexer_skip_blanks (QrxJsonLexer *lexer);
gboolean qrx_json_lexer_at (QrxJsonLexer *lexer, char c);
gboolean qrx_json_lexer_read_word (QrxJsonLexer *lexer, const char *word);
/* The text between the quotes, or NULL. */
char *qrx_json_lexer_read_string (QrxJsonLexer *lexer);
JsonNode *qrx_json_lexer_read_number (QrxJsonLexer *lexer);

G_END_DECLS
