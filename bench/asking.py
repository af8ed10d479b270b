"""Asking a server: one request, and its answer."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and the other targets that it is sent to in turn after its first."""

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""
    also: Sequence[str] = ()

    @property
    def targets(self) -> list[str]:
        """All targets in their order."""
        return [self.target, *self.also]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def in_turn(targets: Sequence[str]) -> Request:
    """Return a GET of several targets in turn."""
    return Request(targets[0], also=targets[1:])


def ask(base: str, request: Request) -> Reply:
    """Send a request to its first target once."""
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
