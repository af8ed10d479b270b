"""A limit of requests for each address, where the settings have one; every answer tells what is left.

It stands around the memory of answers, since those count too.
"""

import logging
import math
import time
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, WindowStats, parse, strategies
from limits.aio import strategies as shared_strategies
from limits.aio.storage import RedisStorage
from limits.errors import StorageError
from limits.storage import MemoryStorage
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.refusal import PROBES, Refusals
from app.delivery.store import RawHeaders
from app.problems import TOO_MANY_REQUESTS

# With more addresses at a time they are all forgotten: memory is bounded, and nobody is locked out.
MOST_ADDRESSES = 10_000
# Whoever has one address of IPv6 mostly has all of such a network.
_NETWORK_BITS = 64
_PATIENCE_S = 0.2
# While a storage that was away isn't asked again, nobody waits for it.
_SECONDS_OF_PEACE = 1.0
# A clock that differs more from one request to the next was set.
_MOST_DRIFT_S = 1.0
_logger = logging.getLogger(__name__)


class RateLimit:
    """Let each address ask so often in a time."""

    def __init__(
        self, app: ASGIApp, limit: str, storage: str | None, origins: Sequence[str]
    ) -> None:
        self._app = app
        self._limit = parse(limit)
        self._counter = _Shared(storage) if storage else _Own()
        self._refusals = Refusals(origins)
        self._asked_again_at = float("-inf")
        quota = f'"default";q={self._limit.amount};w={self._limit.get_expiry()}'
        self._policy = (b"ratelimit-policy", quota.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; where the storage can't be asked, each is let in."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, self._closing(send))
            return
        if (
            scope["type"] != "http"
            or scope["path"] in PROBES
            or time.monotonic() < self._asked_again_at
        ):
            await self._app(scope, receive, send)
            return
        try:
            allowed, left = await self._counter.count(self._limit, _address(scope))
        except self._counter.unreachable:
            self._asked_again_at = time.monotonic() + _SECONDS_OF_PEACE
            _logger.warning("the storage of AIROUNDS_RATE_LIMIT can't be asked: nobody is limited")
            await self._app(scope, receive, send)
            return
        until = math.ceil(left.reset_time - time.time())
        seconds = min(max(until, 1), self._limit.get_expiry())
        headers: RawHeaders = [
            (b"ratelimit", b'"default";r=%d;t=%d' % (left.remaining, seconds)),
            self._policy,
        ]

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if allowed:
            await self._app(scope, receive, send_on)
        else:
            detail = (
                f"an address may ask {self._limit.amount} times in {self._limit.get_expiry()} s"
            )
            await self._refusals.send(
                scope, send, TOO_MANY_REQUESTS, detail, retry_seconds=seconds, headers=headers
            )

    def _closing(self, send: Send) -> Send:
        """Close what counts before the end of the application is told."""

        async def send_on(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await self._counter.close()
            await send(message)

        return send_on


class _Own:
    """Counts what this process is asked."""

    unreachable: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = strategies.FixedWindowRateLimiter(self._storage)
        self._ahead = _clock_ahead()

    async def count(self, limit: RateLimitItem, address: str) -> tuple[bool, WindowStats]:
        """Count a request; return whether it may be answered, and what is left."""
        ahead = _clock_ahead()
        # Times end by the clock: one that is set back would lock out for as long whoever has asked enough.
        was_set = abs(ahead - self._ahead) > _MOST_DRIFT_S
        self._ahead = ahead
        if was_set or len(self._storage.storage) > MOST_ADDRESSES:
            self._storage.reset()
        allowed = self._limiter.hit(limit, address)
        return allowed, self._limiter.get_window_stats(limit, address)

    async def close(self) -> None:
        """Close nothing."""


class _Shared:
    """Counts what all processes are asked that share a Redis."""

    def __init__(self, url: str) -> None:
        from redis.asyncio import ConnectionPool  # noqa: PLC0415  # an extra brings it

        self._connections = ConnectionPool.from_url(
            url, socket_timeout=_PATIENCE_S, socket_connect_timeout=_PATIENCE_S
        )
        storage = RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            connection_pool=self._connections,  # type: ignore[arg-type]  # its docstring has it
        )
        self._limiter = shared_strategies.FixedWindowRateLimiter(storage)
        self.unreachable: tuple[type[Exception], ...] = (StorageError,)

    async def count(self, limit: RateLimitItem, address: str) -> tuple[bool, WindowStats]:
        """Count a request; return whether it may be answered, and what is left."""
        allowed = await self._limiter.hit(limit, address)
        return allowed, await self._limiter.get_window_stats(limit, address)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.aclose()


def _clock_ahead() -> float:
    """Return how far the clock is ahead of the time that nobody sets."""
    return time.time() - time.monotonic()


def _address(scope: Scope) -> str:
    """Name who asks: an address of IPv4, a network of IPv6, or nobody in particular."""
    client = scope.get("client")
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
