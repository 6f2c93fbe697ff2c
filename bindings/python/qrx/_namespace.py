# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finds the library's namespace: where it was installed to, else where the environment says."""
import gi

try:
    from ._installed import LIBRARIES, TYPELIBS
except ImportError:  # in the source tree
    pass
else:
    gi.require_version("GIRepository", "2.0")
    from gi.repository import GIRepository

    GIRepository.Repository.prepend_search_path(TYPELIBS)
    GIRepository.Repository.prepend_library_path(LIBRARIES)

gi.require_version("Qrx", "1.0")
from gi.repository import Qrx  # noqa: E402, F401
