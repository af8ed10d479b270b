"""Asking a server: one request, and its answer."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and the file of targets to send it to in turn where it isn't one alone."""

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""
    sequence: Path | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(base: str, request: Request) -> Reply:
    """Send a request once."""
    sent = urllib.request.Request(
        base + request.target,
        data=request.body.encode() or None,
        headers=dict(request.headers),
        method=request.method,
    )
    try:
        with urllib.request.urlopen(sent, timeout=120) as answer:
            return Reply(answer.status, _lowered(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, _lowered(error.headers.items()), error.read())


def _lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
