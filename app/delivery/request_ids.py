"""Ids of requests: the client's own where it sends one that can be logged, else one that nobody has."""

import re
import secrets
from itertools import count

REQUEST_ID = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Names requests: by a random word of this maker and a number, which costs least."""

    def __init__(self) -> None:
        self._named = secrets.token_hex(8).encode() + b"-%x"
        self._numbers = count(1)

    def __call__(self, given: bytes | None) -> bytes:
        """Return the id of a request that came with X-Request-ID, or without."""
        if given is not None and _GIVEN.fullmatch(given):
            return given
        return self._named % next(self._numbers)
