/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The version, as the build was told it. */
#include <qrx/qrx-version.h>

/**
 * qrx_get_version:
 *
 * Gets the version of the library, which may be newer than the one that a program was built with.
 *
 * Returns: the version, such as "0.1.0"
 */
const char *
qrx_get_version (void)
{
  return QRX_VERSION;
}
