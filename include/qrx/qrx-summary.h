/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report shows, as one JSON document, and the page that shows it. */
#pragma once

#include <qrx/qrx-registry.h>
#include <qrx/qrx-run-cache.h>

G_BEGIN_DECLS

QRX_API char *qrx_summary_of_run (QrxRegistry *registry, const char *folder, GError **error);
QRX_API char *qrx_summary_of_study (QrxRegistry *registry, const char *path, QrxRunCache *cache, GError **error);
QRX_API char *qrx_summary_to_page (const char *summary, const char *live, GError **error);

G_END_DECLS
