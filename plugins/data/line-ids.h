/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names under which a file knows its cell lines: COSMIC, DepMap, Sanger, or plain. */
#pragma once

#include <qrx/qrx-delimited.h>

G_BEGIN_DECLS

typedef enum {
  LINE_KEY_COSMIC,
  LINE_KEY_DEPMAP,
  LINE_KEY_SANGER,
  LINE_KEY_NAME,
  N_LINE_KEYS,
} LineKey;

typedef struct {
  gsize n;
  GPtrArray *ids[N_LINE_KEYS]; /* of n nullable texts each; NULL where nothing is known */
} LineIds;

const char *line_key_get_name (LineKey key); /* as the property "join" writes it */
int line_key_from_name (const char *name);   /* −1: automatic */

/* An id in the form in which ids are compared: COSMIC "905933.0" is "905933", a name is its letters and digits in
 * capitals. NULL where there is none. */
char *line_key_normalize (LineKey key, const char *text);
/* What kind of id all texts of a column are. */
LineKey line_key_guess (QrxDelimited *file, gsize column);
/* The key that a header announces, or −1. */
int line_key_from_header (const char *header);

LineIds *line_ids_new (gsize n);
void line_ids_free (LineIds *self);
const char *line_ids_get (const LineIds *self, LineKey key, gsize line);
void line_ids_set (LineIds *self, LineKey key, gsize line, char *id /* transfer full, nullable */);
gboolean line_ids_has (const LineIds *self, LineKey key);
/* The ids of some rows of a file, from every column whose header says what it is and from @id_column (−1: none), whose
 * texts say it. */
LineIds *line_ids_read (QrxDelimited *file, const GArray *rows, gssize id_column);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LineIds, line_ids_free)

G_END_DECLS
