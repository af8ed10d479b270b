"""The way in over HTTP: /mcp takes POST, from the hosts and origins of the settings, and answers problems.

Whoever doesn't ask for it pays nothing: the SDK is imported when the first message comes.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.gate import Gate
from app.delivery.sharing import Sharing
from app.problems import BadMessage, NotInstalled, answer_exception

PATH = "/mcp"
_METHODS = ("POST", "OPTIONS")
_MOST_BYTES = 100_000  # of a message; a call with every filter takes a tenth
_SECONDS_OF_SENDING = 10
_REASON = "MCP clients send each message by POST, and no session is kept"


class Door:
    """Hand the messages of MCP clients to the server of the SDK, and all else on."""

    def __init__(
        self, app: ASGIApp, api: ASGIApp, hosts: Sequence[str], origins: Sequence[str]
    ) -> None:
        self._app = app
        self._api = api
        self._hosts = hosts
        self._origins = origins
        self._answer: ASGIApp | None = None
        self._mcp = Sharing(
            Gate(self._take, _METHODS, _REASON),
            allow_origins=origins,
            allow_methods=["POST"],
            allow_headers=["*"],  # the protocol's own begin with Mcp-, and an argument may be one
            expose_headers=["X-Request-ID"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        ours = scope["type"] == "http" and scope["path"] == PATH
        await (self._mcp if ours else self._app)(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._refuse_strangers(Headers(scope=scope))
        request = Request(scope, receive)
        try:
            async with asyncio.timeout(_SECONDS_OF_SENDING):
                body = await _read(request)
        except ClientDisconnect:
            return
        except TimeoutError:
            raise BadMessage(408, f"it wasn't sent within {_SECONDS_OF_SENDING} seconds") from None
        if self._answer is None:
            server = await run_in_threadpool(_sdk)
            self._answer = partial(server.answer_http, await server.answers_of(self._api))
        await self._answer(scope, _Again(body, receive), _Answering(request, send))

    def _refuse_strangers(self, headers: Headers) -> None:
        """Refuse what a page that isn't of here sends by a name that leads here.

        Raises BadMessage.
        """
        host, origin = headers.get("host", ""), headers.get("origin")
        if "*" not in self._hosts and _name(host) not in self._hosts:
            raise BadMessage(
                421,
                f"the host isn't one of {', '.join(self._hosts)}: AIROUNDS_MCP_HOSTS has others",
            )
        if origin is not None and "*" not in self._origins and origin not in self._origins:
            raise BadMessage(
                403, f"the origin isn't one of {', '.join(self._origins)} of AIROUNDS_CORS_ORIGINS"
            )


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise BadMessage(413, f"it has more than {_MOST_BYTES} bytes")
    return bytes(body)


class _Again:
    """Gives what was read of a request once more."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Give the next message."""
        body, self._body = self._body, None
        return await self._receive() if body is None else {"type": "http.request", "body": body}


class _Answering:
    """Sends answers on; what the SDK refuses in plain words becomes a problem."""

    def __init__(self, request: Request, send: Send) -> None:
        self._request = request
        self._send = send
        self._refused: int | None = None

    async def __call__(self, message: Message) -> None:
        """Take a message."""
        if message["type"] == "http.response.start":
            media_type = Headers(raw=message["headers"]).get("content-type", "")
            if message["status"] >= 400 and not media_type.startswith("application/json"):
                self._refused = message["status"]
                return
        elif self._refused is not None:
            said = message.get("body", b"").decode() or "the headers aren't those of an MCP message"
            problem = answer_exception(self._request, BadMessage(self._refused, said))
            await problem(self._request.scope, self._request.receive, self._send)
            return
        await self._send(message)


def _sdk() -> Any:
    """Import the server, which takes a second.

    Raises NotInstalled where the extra isn't there.
    """
    try:
        return import_module("app.mcp.server")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("app."):
            raise
        raise NotInstalled("this service runs without MCP, which airounds[mcp] brings") from None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
