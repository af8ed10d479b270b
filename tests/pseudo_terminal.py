"""A command in a pseudo-terminal: what a person would read and type."""

import os
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")
_PATIENCE = 30

CTRL_C = "\x03"
CTRL_D = "\x04"
CLEARED = "\x15"  # before an answer: takes away what is proposed


class Session:
    """`airounds` with some arguments, run in a terminal of its own."""

    def __init__(self, *arguments: str | Path) -> None:
        self._ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (40, 160))
        code = "from app.cli import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # This terminal doesn't answer questions about its cursor.
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        )
        os.close(theirs)
        self._seen = 0
        self.screen = ""

    def read(self, expected: str) -> None:
        """Wait until a text appears that wasn't read before."""
        until = time.monotonic() + _PATIENCE
        while expected not in self.screen[self._seen :]:
            assert time.monotonic() < until, f"{expected!r} isn't in:\n{self.screen}"
            assert self._receive(), f"{expected!r} isn't in:\n{self.screen}"
        self._seen = self.screen.index(expected, self._seen) + len(expected)

    def write(self, text: str) -> None:
        """Press keys."""
        os.write(self._ours, text.encode())

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, and type a line in the place of what is proposed."""
        self.read(question)
        self.write(f"{CLEARED}{text}\r")

    def accept(self, *questions: str) -> None:
        """Press Enter at each of some questions."""
        for question in questions:
            self.read(question)
            self.write("\r")

    def end(self) -> int:
        """Wait until the command ends, and return its exit code."""
        while self._receive():
            pass
        os.close(self._ours)
        return self._process.wait(_PATIENCE)

    def _receive(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], _PATIENCE)
        try:
            received = os.read(self._ours, 65536) if ready else b""
        except OSError:  # how Linux says that the other end is closed
            received = b""
        self.screen = _ESCAPES.sub("", self.screen + received.decode(errors="replace"))
        return bool(received)
