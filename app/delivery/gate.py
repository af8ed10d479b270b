"""The ASGI layer around all routes: request ids, allowed methods, HEAD, and errors as problems."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.request_ids import REQUEST_ID, RequestIds
from app.problems import READ_ONLY, READING_METHODS, answer_exception, method_not_allowed

_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_POLICY = b"content-security-policy"
_STRICT = (_POLICY, b"default-src 'none'")
_FOR_ANY = ((b"vary", b"Origin"),)
HEADERS_OF_ALL = (*_HEADERS, _STRICT)
"""The headers of every answer that isn't a page."""


class Gate:
    """Let some methods in, those that only read, and give every answer the headers that all have."""

    def __init__(
        self, app: ASGIApp, methods: Sequence[str] = READING_METHODS, reason: str = READ_ONLY
    ) -> None:
        self._app = app
        self._methods = methods
        self._reason = reason
        self._name_request = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = dict(scope["headers"])
        request_id = self._name_request(sent.get(REQUEST_ID))
        # Where an origin is named, whoever lets it read says that it matters.
        own = [*_HEADERS, (REQUEST_ID, request_id), *(() if b"origin" in sent else _FOR_ANY)]
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        method, started = scope["method"], False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = [*message["headers"], *own]
                if _POLICY not in dict(headers):
                    headers.append(_STRICT)
                message = {**message, "headers": headers}
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        request = Request(scope, receive)
        if method not in self._methods:
            refusal = method_not_allowed(request, self._methods, self._reason)
            await refusal(scope, receive, send_on)
        elif method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": ", ".join(self._methods)})(
                scope, receive, send_on
            )
        else:
            # A HEAD is a GET whose body isn't sent, so it has the same headers.
            try:
                await self._app(as_get(scope) if method == "HEAD" else scope, receive, send_on)
            except Exception as error:
                if started:
                    raise
                await answer_exception(request, error)(scope, receive, send_on)


def as_get(scope: Scope) -> Scope:
    """Return a request as a GET; a part can be asked for by GET alone (RFC 9110, section 14.2)."""
    if scope["method"] == "GET":
        return scope
    headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
    return {**scope, "method": "GET", "headers": headers}
