/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which line of the expression each row of the response belongs to. */
#pragma once

#include "line-ids.h"

G_BEGIN_DECLS

typedef struct {
  LineKey key;       /* what the two files were joined on */
  gssize *line_of;   /* by row of the response; −1: none */
  gsize n_rows;
  gsize n_matched;   /* rows that have a line */
  gsize n_lines;     /* lines that have rows */
  gsize n_unknown;   /* lines of the response that the expression lacks */
  gsize n_ambiguous; /* rows whose name is written like another line's but for punctuation */
} LineMatching;

/* @key: −1 for the key by which most rows find a line, the first of equals. */
LineMatching *line_matching_new (const LineIds *expression, const LineIds *response, int key, GError **error);
void line_matching_free (LineMatching *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LineMatching, line_matching_free)

G_END_DECLS
