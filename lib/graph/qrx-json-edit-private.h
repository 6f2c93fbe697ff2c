/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing JSON without touching the tree that was read: a change makes a new value that shares the rest. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char **qrx_json_object_dup_names (JsonObject *object);
/* Another object with the same members. */
JsonObject *qrx_json_object_copy (JsonObject *object);
/* The member if it is an object, else NULL; borrowed. */
JsonObject *qrx_json_object_peek_object (JsonObject *object, const char *name);
/* The member if it is a string, else NULL; borrowed. */
const char *qrx_json_object_peek_string (JsonObject *object, const char *name);
/* The value with another one at a path of keys and indices below it, NULL where the path leads nowhere; the last key of
 * an object may be new. @node is nullable. (transfer full) */
JsonNode *qrx_json_replace (JsonNode *node, char *const *path, JsonNode *value);
JsonNode *qrx_json_new_string (const char *text);
JsonNode *qrx_json_new_object (JsonObject *object); /* takes a reference */

G_END_DECLS
