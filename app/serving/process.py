"""What a process that serves does once, before its first request."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@contextmanager
def without_collecting() -> Iterator[None]:
    """Have the collector of garbage rest while modules are imported.

    Nothing of these becomes garbage, and to look through them takes a tenth of the time of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def create_app() -> "ASGIApp":
    """Build the application, and have the collector of garbage pass over all that is there from now on.

    Modules, models and routes stay as long as the process. To look through them again and again takes
    a fifth of the time of an answer that is computed, and a third of one from memory.
    """
    with without_collecting():
        from app.main import create_app as create  # noqa: PLC0415  # by when bench.serve has put another there

        app = create()
    gc.collect()
    gc.freeze()
    return app
