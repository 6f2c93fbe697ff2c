/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The export macro and nothing else: every symbol without QRX_API is hidden. */
#pragma once

#include <glib-object.h>
#include <gio/gio.h>

#define QRX_API __attribute__ ((visibility ("default"))) extern
