/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was computed from files' contents, kept on disk by name. Names hold the checksum of the content and all else
 * that the result depends on, so an entry is right or missing, never stale. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files smaller than this are not worth an entry. */
#define QRX_CACHE_MIN_FILE (512u << 10)

typedef struct _QrxCacheEntry QrxCacheEntry;

/* Whether entries are kept: $QRX_CACHE is not "off", and the folder can be made. */
gboolean qrx_cache_is_on (void);
/* The path of something that is kept, in $QRX_CACHE, or else in qrx below $XDG_CACHE_HOME; NULL where nothing is. */
char *qrx_cache_dup_path (const char *name);

/* An entry's content, mapped; NULL where there is none. One that is damaged is removed. */
GBytes *qrx_cache_find (const char *name);

/* Begins an entry; NULL where none can be kept. Without a name, it is memory that only the disk limits: nobody finds it
 * again. With a size, the content is written where qrx_cache_entry_peek() says; without, it is appended. */
QrxCacheEntry *qrx_cache_begin (const char *name, gsize size);
gpointer qrx_cache_entry_peek (QrxCacheEntry *self);
gboolean qrx_cache_append (QrxCacheEntry *self, gconstpointer data, gsize length);
/* Ends an entry, and lets others find it: its content, mapped; NULL where that fails. Frees the entry. */
GBytes *qrx_cache_commit (QrxCacheEntry *self);
/* Removes what was not used for longest, until the rest is below $QRX_CACHE_SIZE MiB. */
void qrx_cache_shrink (void);
/* Gives an entry up; frees it. */
void qrx_cache_abandon (QrxCacheEntry *self);

G_END_DECLS
