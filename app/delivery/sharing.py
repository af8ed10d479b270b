"""Pages of other origins that may read answers: Starlette's CORS, where a request comes from a page."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Sharing:
    """Let pages of some origins read; what programs ask for is spared the layer.

    The gate behind it says that an answer differs by origin, where none is named.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Sequence[str],
        *,
        methods: Sequence[str],
        headers: Sequence[str],
        exposed: Sequence[str],
    ) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=methods,
            allow_headers=headers,
            expose_headers=exposed,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        named = scope["type"] == "http" and any(name == b"origin" for name, _ in scope["headers"])
        await (self._shared if named else self._app)(scope, receive, send)
