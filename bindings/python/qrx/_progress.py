# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a run gets on, on stderr: messages a line each, and a bar where stderr is a terminal."""
import os
import shutil
import sys
import time

_BAR = 20  # places between the brackets
_PAUSE = 0.05  # seconds between two drawings


class Progress:
    def __init__(self, runner, quiet):
        self.draws = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.drawn = 0.0
        self.whole = 0.0
        if not quiet:
            runner.connect("node-started", lambda _, node: self._draw(node.get_id(), ""))
            runner.connect("message::note", lambda _, node, text: self._say(f"{node}: {text}"))
            runner.connect("message::warning", lambda _, node, text: self._say(f"{node}: warning: {text}"))
            runner.connect("progress", self._on_progress)

    def _clear(self):
        if self.drawn:
            sys.stderr.write("\r\033[K")
        self.drawn = 0.0

    def _draw(self, node, text):
        now = time.monotonic()
        if not self.draws or now - self.drawn < _PAUSE:
            return
        full = round(_BAR * self.whole)
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {100 * self.whole:3.0f} %  {node}{': ' + text if text else ''}"
        # In the last column some terminals break the line.
        sys.stderr.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\033[K")
        sys.stderr.flush()
        self.drawn = now

    def _say(self, line):
        self._clear()
        print(line, file=sys.stderr)

    def _on_progress(self, _runner, node, _fraction, whole, text):
        self.whole = whole
        self._draw(node, text)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._clear()
