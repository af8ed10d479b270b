"""What a process that serves does once, before its first request."""

import gc

from starlette.types import ASGIApp


def create_app() -> ASGIApp:
    """Build the application, and have the collector of garbage pass over all that is there from now on.

    Modules, models and routes stay as long as the process. To look through them again and again takes
    a fifth of the time of an answer that is computed, and a third of one from memory.
    """
    from app.main import create_app as create  # noqa: PLC0415  # by when bench.serve has put another there

    app = create()
    gc.collect()
    gc.freeze()
    return app
