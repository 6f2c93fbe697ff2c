/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds lines by one of their keys. */
#pragma once

#include "line-ids.h"

G_BEGIN_DECLS

typedef struct _LineIndex LineIndex;

LineIndex *line_index_new (const LineIds *lines, LineKey key);
void line_index_free (LineIndex *self);
/* The line with exactly this id (nullable), or −1; of several, the first. */
gssize line_index_find (const LineIndex *self, const char *id);
/* The line whose name has the same letters and digits, if it is one line only, or −1; for other keys always −1. */
gssize line_index_find_folded (const LineIndex *self, const char *name);
char *line_index_fold (const char *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LineIndex, line_index_free)

G_END_DECLS
