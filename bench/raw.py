"""The ceiling: an ASGI application that does nothing but send recorded bytes.

It looks an address up in a dictionary and sends what was recorded there, with the two headers that a
body needs. No application on this server can answer the same bytes faster.
"""

import json
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MISSING = (404, b"")


def record(answers: dict[str, tuple[int, bytes]], path: Path) -> None:
    """Keep statuses and bodies, by path and query, for the application to send."""
    lines = (
        json.dumps([target, status, body.decode()]) for target, (status, body) in answers.items()
    )
    path.write_text("\n".join(lines), encoding="utf-8")


def create_app(data: Path) -> ASGIApp:
    """Make the application that sends what was recorded."""
    answers: dict[tuple[str, str], tuple[Message, Message]] = {}
    for line in data.read_text(encoding="utf-8").split("\n"):
        target, status, body = json.loads(line)
        path, _, query = target.partition("?")
        answers[path, query] = _messages(status, body.encode())
    missing = _messages(*_MISSING)

    async def send_recorded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _live(receive, send)
            return
        # The query comes as bytes, and a text is as quickly looked up.
        key = scope["path"], scope["query_string"].decode("ascii")
        start, body = answers.get(key, missing)
        await send(start)
        await send(body)

    return send_recorded


def _messages(status: int, body: bytes) -> tuple[Message, Message]:
    headers: list[Any] = [(b"content-type", b"application/json")]
    if status == 304:
        headers = [(b"etag", b'"recorded"')]
    else:
        headers.append((b"content-length", str(len(body)).encode()))
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's question whether the application is up."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
