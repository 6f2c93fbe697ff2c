# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python3 -m qrx`: the program, with node types written in Python."""
import signal
import sys

from ._command import main

# As any program that writes to a pipe whose reader, such as head(1), has enough.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
sys.exit(main())
