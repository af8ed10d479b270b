"""The ceiling: an ASGI application that does nothing but send recorded bytes.

It looks an address up in a dictionary and sends what was recorded there, headers and body. No
application on this server that answers by messages of ASGI can send the same bytes faster.
"""

import json
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bench.asking import Reply

_OF_SERVER = frozenset({"connection", "date", "server", "server-timing"})


def record(answers: dict[str, Reply], path: Path) -> None:
    """Keep answers, by path and query, for the application to send."""
    lines = (
        json.dumps([target, reply.status, _of_application(reply), reply.body.decode()])
        for target, reply in answers.items()
    )
    path.write_text("\n".join(lines), encoding="utf-8")


def create_app(data: Path) -> ASGIApp:
    """Make the application that sends what was recorded."""
    answers: dict[tuple[str, str], tuple[Message, Message]] = {}
    for line in data.read_text(encoding="utf-8").split("\n"):
        target, status, headers, body = json.loads(line)
        path, _, query = target.partition("?")
        answers[path, query] = _messages(status, headers, body.encode())
    missing = _messages(404, {"content-length": "0"}, b"")

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


def _of_application(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name not in _OF_SERVER}


def _messages(status: int, headers: dict[str, str], body: bytes) -> tuple[Message, Message]:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    start = {"type": "http.response.start", "status": status, "headers": encoded}
    return start, {"type": "http.response.body", "body": body}


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's question whether the application is up."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
