"""Opens the files of a dataset, and reads CSV of which no row is larger than a reader of ours would bear."""

import csv
import errno
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

LARGEST_CELL = 100_000
# A row of every column at its largest; a file without an end of a row is read no further.
LONGEST_ROW = 2_000_000
MOST_COLUMNS = 1_000


class Rows:
    """The rows of a CSV file; raises csv.Error where it isn't well-formed."""

    def __init__(self, stream: TextIO) -> None:
        csv.field_size_limit(LARGEST_CELL)
        self._stream = stream
        self._left = LONGEST_ROW
        self._reader = csv.reader(self._lines(), strict=True)

    @property
    def line_num(self) -> int:
        """The line on which the last row ended."""
        return self._reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._left = LONGEST_ROW
        return next(self._reader)

    def _lines(self) -> Iterator[str]:
        while line := self._stream.readline(self._left + 1):
            self._left -= len(line)
            if self._left < 0:
                raise csv.Error(f"a row has more than {LONGEST_ROW} characters")
            yield line


def open_file(path: Path) -> TextIO:
    """Open a file as text, in which bytes that aren't UTF-8 become halves of surrogate pairs.

    Raises OSError where it can't be read, and what `require_own` raises.
    """
    require_own(path)
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def require_own(path: Path) -> None:
    """Raise OSError for what isn't a file, or is a link that leads out of its folder.

    A dataset may come from anybody, and its errors say what was read.
    """
    try:
        inside = path.resolve().is_relative_to(path.parent.resolve())
    except RuntimeError:
        raise OSError(errno.ELOOP, "a link that leads to itself") from None
    if not inside:
        raise OSError(errno.EINVAL, "a link that leads out of the dataset")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a file")
