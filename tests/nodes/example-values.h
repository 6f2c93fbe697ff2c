/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the examples of nodes are written in; docs/writing-nodes.md says how. */
#pragma once

#include "node-fixture.h"

#include <json-glib/json-glib.h>

/* The object belongs to the parser. */
JsonObject *example_parse (const char *text, JsonParser *parser);
char **example_read_strings (JsonArray *array);
/* NaN for null */
double example_get_number (JsonArray *array, guint i);
QrxTable *example_read_table (JsonObject *object);
void example_write_files (NodeFixture *fixture, JsonObject *files);
/* The example's "properties" as JSON text. */
char *example_dup_properties (JsonObject *example);
