# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python3 -m qrx`: the program, with node types written in Python."""
import sys

from ._command import main

sys.exit(main())
