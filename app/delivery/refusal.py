"""Refusals that go through no other layer: problems as others are, at the price of their bytes."""

from collections.abc import Sequence

from starlette.types import Scope, Send

from app.delivery.gate import HEADERS_OF_ALL
from app.delivery.request_ids import REQUEST_ID, RequestIds
from app.delivery.store import RawHeaders
from app.problems import PROBLEM_JSON, ProblemType, problem

# Whoever asks whether the service lives is told so under any load.
PROBES = frozenset({"/healthz", "/readyz"})
_EXPOSED = (
    b"access-control-expose-headers",
    b"RateLimit, RateLimit-Policy, Retry-After, X-Request-ID",
)


class Refusals:
    """Answers what isn't let in; pages of other origins may read it as they may read other answers."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = {origin.encode() for origin in origins}
        self._name_request = RequestIds()

    async def send(
        self,
        scope: Scope,
        send: Send,
        kind: ProblemType,
        detail: str,
        *,
        retry_seconds: int,
        headers: RawHeaders | None = None,
    ) -> None:
        """Tell a client to come again."""
        asked = dict(scope["headers"])
        own = [
            (b"retry-after", b"%d" % retry_seconds),
            *(headers or ()),
            *self._shared_with(asked.get(b"origin")),
        ]
        request_id = self._name_request(asked.get(REQUEST_ID))
        await send_problem(scope, send, kind, detail, request_id=request_id, own=own)

    def _shared_with(self, origin: bytes | None) -> RawHeaders:
        if origin is None:
            return []
        if b"*" in self._origins:
            return [(b"access-control-allow-origin", b"*"), _EXPOSED]
        allowed = [(b"access-control-allow-origin", origin)] if origin in self._origins else []
        return [*allowed, _EXPOSED, (b"vary", b"Origin")]


async def send_problem(
    scope: Scope,
    send: Send,
    kind: ProblemType,
    detail: str,
    *,
    request_id: bytes,
    own: RawHeaders,
) -> None:
    """Send a problem that nobody keeps, with headers of its own beside those that all have."""
    body = problem(kind, detail, scope["path"], request_id.decode()).model_dump_json().encode()
    headers = [
        *HEADERS_OF_ALL,
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (REQUEST_ID, request_id),
        *own,
    ]
    await send({"type": "http.response.start", "status": kind.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
