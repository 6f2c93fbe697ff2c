/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bare block function, for tests against its authors' vectors. */
#pragma once

#include <qrx/qrx-random.h>

void qrx_random_block (const guint32 counter[4], const guint32 key[2], guint32 words[4]);
