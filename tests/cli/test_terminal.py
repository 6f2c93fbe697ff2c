# SPDX-License-Identifier: LGPL-2.1-or-later
"""The progress line: only on a terminal, never longer than it, and gone at the end."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import unittest

from harness import SMALL, Case

WIDTH = 40


class Terminal(Case):
    def run_on_terminal(self, *options, term="xterm"):
        """What a terminal of WIDTH columns gets on stderr; stdout is a pipe."""
        self.write("small.json", SMALL)
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
        chunks = []

        def collect():
            while True:
                try:
                    chunk = os.read(controller, 65536)
                except OSError:
                    return
                if not chunk:
                    return
                chunks.append(chunk)

        process = self.start("run", "small.json", *options, stdout=subprocess.PIPE, stderr=terminal,
                             env={**os.environ, "TERM": term})
        os.close(terminal)
        reader = threading.Thread(target=collect)
        reader.start()
        out, _ = process.communicate(timeout=60)
        reader.join()
        os.close(controller)
        self.assertEqual(process.returncode, 0)
        return out, b"".join(chunks).decode()

    def test_line_moves_fits_and_vanishes(self):
        out, err = self.run_on_terminal("--set", "fit.epochs=2000")
        self.assertNotIn("\033", out)
        lines = re.findall(r"\r(\[[^\r\n]*)\033\[K", err)
        self.assertTrue(any("fit: " in line for line in lines), err)
        for line in lines:
            self.assertRegex(line, r"^\[#*\.*\] +\d+ %  ")
            self.assertLess(len(line), WIDTH)
        self.assertTrue(err.endswith("\r\033[K"), err[-80:])

    def test_messages_stand_on_lines_of_their_own(self):
        _, err = self.run_on_terminal()
        self.assertRegex(err, r"(^|\033\[K|\n)split: 60 rows[^\r\n]*\r\n")

    def test_quiet_and_dumb_terminals_get_no_line(self):
        self.assertEqual(self.run_on_terminal("--quiet")[1], "")
        self.assertNotIn("\033", self.run_on_terminal(term="dumb")[1])

    def test_pipe_gets_no_line(self):
        _, err = self.run_program("run", self.write("small.json", SMALL))
        self.assertNotIn("\r", err)
        self.assertNotIn("\033", err)


if __name__ == "__main__":
    unittest.main()
