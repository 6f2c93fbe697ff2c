# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts style and program into the page: assemble.py PAGE STYLE PROGRAM… OUTPUT

The mark of the summary stays for the library to fill."""
import sys
from pathlib import Path


def read(path):
    return Path(path).read_text(encoding="utf-8")


def main(page, style, *rest):
    *programs, output = rest
    text = read(page)
    for mark, content in (("@STYLE@", read(style)), ("@PROGRAM@", "\n".join(read(path) for path in programs))):
        if "</script" in content or "</style" in content:
            sys.exit(f"{mark} would end its own element")
        before, found, after = text.partition(mark)
        if not found:
            sys.exit(f"{page} has no {mark}")
        text = before + content.rstrip("\n") + after
    Path(output).write_text(text, encoding="utf-8")


main(*sys.argv[1:])
