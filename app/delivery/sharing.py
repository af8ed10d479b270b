"""What pages of other origins may ask and read (CORS); one that may not is told so by a problem."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.delivery.refusal import send_problem
from app.delivery.request_ids import REQUEST_ID, RequestIds
from app.problems import NOT_SHARED

_name_request = RequestIds()


class Sharing(CORSMiddleware):
    """Starlette's layer, but for what it says when a browser asks beforehand in vain.

    What names no origin, as programs ask, is spared it: the gate behind says that an origin would matter.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and all(name != b"origin" for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Tell a browser what a page may ask for."""
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code == 200 else _Refusal(answer)


class _Refusal(Response):
    """A problem with the headers of an answer, by which the browser decides."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self._reasons = bytes(answer.body).decode().rpartition("CORS ")[2]
        self._decisive = [
            pair for pair in answer.raw_headers if not pair[0].startswith(b"content-")
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # it has no body
        """Send it."""
        request_id = _name_request(dict(scope["headers"]).get(REQUEST_ID))
        detail = f"pages of other origins may not ask so: not allowed here is their {self._reasons}"
        await send_problem(
            scope, send, NOT_SHARED, detail, request_id=request_id, own=self._decisive
        )
