"""Terminals for tests of what commands show on one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import threading
import time

_STYLES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """A terminal of 100 columns and 40 lines, and what is on it so far.

    `setsid --ctty` makes it that of a program, so that Ctrl-C in it is a signal.
    """

    def __enter__(self):
        self._own, self.end = pty.openpty()
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self._read = b""
        self._is_closed = False
        self._thread = threading.Thread(target=self._read_all, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.close(self.end)
        self.hang_up()

    def hang_up(self):
        """Close the terminal, as when its window is closed."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.join(10)
            os.close(self._own)

    def _read_all(self):
        while not self._is_closed:
            if not select.select([self._own], [], [], 0.05)[0]:
                continue
            try:
                content = os.read(self._own, 4096)
            except OSError:  # all programs have closed their end
                return
            if not content:
                return
            self._read += content

    @property
    def text(self):
        """What has been shown, without styles and movements."""
        return _STYLES.sub("", self._read.decode(errors="replace")).replace("\r", "")

    def write(self, text):
        """Type."""
        os.write(self._own, text.encode())

    def await_text(self, text, seconds=60):
        """Wait until something is shown."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, self.text
            time.sleep(0.05)
