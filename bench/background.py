"""Work that goes on in threads until a block ends."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Self


class Background:
    """Threads that run one function, each with its number, until they see that they are to stop."""

    def __init__(self, run: Callable[[int], None], number: int = 1) -> None:
        self.stopped = Event()
        self._threads = [Thread(target=run, args=[one]) for one in range(number)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self._threads:
            thread.join()
