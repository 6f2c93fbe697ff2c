/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "sample" and "nested" of a study file. */
#include "study/qrx-study-private.h"

#include "graph/qrx-json-edit-private.h"

static const char *const types[] = { "grid", NULL };

void
qrx_study_read_sampler (QrxStudyLoader *loader)
{
  JsonNode *member = json_object_get_member (loader->root, "sample");
  const char *type = qrx_json_object_peek_string (loader->root, "sample");

  loader->study->sampler =
      (QrxSamplerOptions){ .kind = QRX_SAMPLER_GRID, .pending = 1, .minimize = loader->study->minimize };
  if (member != NULL && (type == NULL || !g_strv_contains (types, type)))
    qrx_study_fail (loader, QRX_PIPELINE_ERROR_VALUE, "/sample", FALSE, NULL, "found %s, expected \"grid\"",
                    type != NULL ? type : qrx_json_describe (member));
}
