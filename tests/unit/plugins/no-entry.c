/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shared module that is no plugin. */
int qrx_test_nothing (void);

int
qrx_test_nothing (void)
{
  return 0;
}
