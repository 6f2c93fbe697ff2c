/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline as it was run: nothing left to defaults, and what it met. */
#pragma once

#include <json-glib/json-glib.h>
#include <qrx/qrx-runner.h>

G_BEGIN_DECLS

/* The text of pipeline.resolved.json; it runs again from any folder, as long as its data stay where they are. */
/* @warnings, nullable and left as it is: what looked wrong, [{"node", "text"}, …]. */
char *qrx_resolved_to_json (QrxRunner *runner, JsonArray *warnings, GError **error);

G_END_DECLS
